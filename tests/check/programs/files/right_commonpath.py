# File client: saves under the announced name, if that is in this folder.
import os
import socket
import sys

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with socket.create_connection((host, port)) as sock, sock.makefile("rb") as server:
    sock.sendall(f"GET {name}\n".encode())
    header = server.readline().decode().split()
    if not header or header[0] != "SENDING_FILE":
        print("No file:", " ".join(header))
        sys.exit(1)
    size = int(header[-1])
    path = os.path.abspath(" ".join(header[1:-1]))
    if os.path.dirname(path) != os.getcwd() or os.path.islink(path):
        print("That does not belong here:", path)
        sys.exit(1)
    sock.sendall(b"READY\nQUIT\n")
    body = server.read(size)
    if len(body) < size:
        print(f"Only {len(body)} of {size} bytes came, nothing is kept")
        sys.exit(1)
    with open(path, "wb") as file:
        file.write(body)
    print("Saved", name, "and the server says", server.readline().decode().strip())
