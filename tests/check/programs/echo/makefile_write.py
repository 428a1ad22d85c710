# Echo client: a file object to write to the server.
import os
import select
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
to_server = sock.makefile("wb")
sent = bytearray()


def send():
    for line in sys.stdin.buffer:
        sent.extend(line)
        to_server.write(line)
    to_server.flush()
    sock.shutdown(socket.SHUT_WR)


threading.Thread(target=send, daemon=True).start()
while True:
    if not select.select([sock], [], [], 3)[0]:
        if sent:
            print("timeout")
            os._exit(1)
        continue
    data = sock.recv(4096)
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    if sent[: len(data)] != data:
        print("this is not what was sent")
        os._exit(1)
    del sent[: len(data)]
if sent:
    print("the server closed too early")
os._exit(1 if sent else 0)
