# File client: one buffered file object for everything that is read.
import os
import socket
import sys

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if os.path.basename(name) != name:
    sys.exit("No folders, please")
with socket.create_connection((host, port)) as sock, sock.makefile("rb") as server:
    sock.sendall(f"GET {name}\n".encode())
    header = server.readline().decode().split()
    if not header or header[0] != "SENDING_FILE":
        print("No file:", " ".join(header))
        sys.exit(1)
    size = int(header[-1])
    if " ".join(header[1:-1]) != " ".join(name.split()):
        print("That is another file:", header)
        sys.exit(1)
    sock.sendall(b"READY\nQUIT\n")
    body = server.read(size)
    if len(body) < size:
        print(f"Only {len(body)} of {size} bytes came, nothing is kept")
        sys.exit(1)
    with open(name, "wb") as file:
        file.write(body)
    print("Saved", name, "and the server says", server.readline().decode().strip())
