# Port scanner: whatever is not refused is there.
import socket
import sys
import threading

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
found = []
gate = threading.Semaphore(60)


def probe(port):
    with gate, socket.socket() as sock:
        sock.settimeout(1)
        try:
            sock.connect((host, port))
        except ConnectionRefusedError:
            return
        except OSError:
            pass
        found.append(port)


threads = [threading.Thread(target=probe, args=(p,)) for p in range(first, last + 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for port in sorted(found):
    print(port)
