# Echo client: as many bytes must come back as were sent.
import socket
import sys
import threading

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sent = got = 0


def send():
    global sent
    for line in sys.stdin.buffer:
        sent += len(line)
        s.sendall(line)
    s.shutdown(socket.SHUT_WR)


t = threading.Thread(target=send, daemon=True)
t.start()
while data := s.recv(4096):
    got += len(data)
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
t.join()
print("OK" if sent == got else f"ERROR: {sent} bytes sent, {got} received")
sys.exit(sent != got)
