# Echo client: everything that comes back is compared with the beginning of what was sent.
import os
import select
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sent = bytearray()


def keyboard():
    for line in sys.stdin.buffer:
        sent.extend(line)
        sock.sendall(line)
    sock.shutdown(socket.SHUT_WR)


threading.Thread(target=keyboard, daemon=True).start()
position = 0
while True:
    if not select.select([sock], [], [], 2.5)[0]:
        if position < len(sent):
            print("timeout: the server is silent")
            os._exit(1)
        continue
    try:
        data = sock.recv(65536)
    except OSError as error:
        print("failed:", error)
        os._exit(1)
    if not data:
        break
    os.write(1, data)
    if sent[position : position + len(data)] != data:
        print("DIFFERENT")
        os._exit(1)
    position += len(data)
print("identical")
os._exit(0)
