# File client: lines with makefile, the file with recv.
import os
import socket
import sys

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if os.sep in name or name.startswith("."):
    sys.exit("that is a path, not a name")
sock = socket.create_connection((host, port))
lines = sock.makefile("r", encoding="utf-8", newline="\n")
print(f"> GET {name}")
sock.sendall(f"GET {name}\r\n".encode("utf-8"))
answer = lines.readline().strip()
print("<", answer)
if not answer.startswith("SENDING_FILE " + name + " "):
    sys.exit(1)
size = int(answer.split()[-1])
sock.sendall(b"READY\r\n")
data = bytearray()
while len(data) < size:
    piece = sock.recv(size - len(data))
    if not piece:
        sys.exit(f"error: {len(data)} of {size} bytes")
    data += piece
with open(name, "wb") as file:
    file.write(data)
sock.sendall(b"QUIT\r\n")
print("<", lines.readline().strip())
