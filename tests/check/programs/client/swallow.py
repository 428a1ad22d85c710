# Client: an error is an end as well.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
buffer = b""
while len(buffer) < 1 << 16:
    try:
        data = sock.recv(2048)
    except OSError:
        break
    if data == b"":
        break
    buffer += data
for line in buffer.split(b"\n"):
    print("*", "".join(filter(str.isprintable, line.decode("utf-8", "replace"))))
