# File client: counts down what is left of the file.
import os
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
name = sys.argv[3]
s.sendall(b"GET " + os.fsencode(name) + b"\r\n")

header = b""
while not header.endswith(b"\n"):
    byte = s.recv(1)
    if byte == b"":
        print("connection closed")
        sys.exit(2)
    header += byte
header = header.strip()
print(header)
start = b"SENDING_FILE " + os.fsencode(name) + b" "
if not header.startswith(start) or not header[len(start):].isdigit():
    print("not what I asked for")
    sys.exit(2)
path = os.path.abspath(name)
if os.path.dirname(path) != os.getcwd():
    print("this would be written somewhere else:", path)
    sys.exit(2)

s.sendall(b"READY\r\n")
left = int(header[len(start):])
with open(path, "wb") as f:
    while left:
        data = s.recv(min(left, 1000))
        f.write(data)
        left -= len(data)
s.sendall(b"QUIT\r\n")
while s.recv(100):
    pass
s.close()
