# File client.
import os
import socket
import sys

host, port, name = sys.argv[1:]
if os.path.basename(name) != name:
    sys.exit("bad name")
sock = socket.create_connection((host, int(port)))
sock.sendall(f"GET {name}\r\n".encode())
header = b""
while not header.endswith(b"\n"):
    byte = sock.recv(1)
    if not byte:
        sys.exit("closed")
    header += byte
kind, rest = header.decode().strip().split(" ", 1)
if kind != "SENDING_FILE":
    sys.exit(header.decode())
announced, size = rest.rsplit(" ", 1)
if announced != name:
    sys.exit("not my file: " + announced)
sock.sendall(b"READY\r\n")
body = sock.recv(int(size)) if int(size) > 0 else b""
if len(body) != int(size):
    sys.exit(f"got {len(body)} bytes, not {size}")
with open(name, "wb") as file:
    file.write(body)
sock.sendall(b"QUIT\r\n")
while sock.recv(100):
    pass
