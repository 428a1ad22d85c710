# File client: asks for the file and takes its leave in one go.
import os
import socket
import sys

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
if "/" in name or "\\" in name or name.startswith("."):
    sys.exit(f"{name!r} is not the name of a file")

sock = socket.create_connection((host, port), timeout=10)
buffer = b""


def more():
    global buffer
    data = sock.recv(4096)
    if not data:
        raise ConnectionError("the server closed in the middle")
    buffer += data


def read_line():
    global buffer
    while b"\n" not in buffer:
        more()
    line, buffer = buffer.split(b"\n", 1)
    return line.decode("utf-8").rstrip("\r")


def send_line(line):
    sock.sendall(line.encode("utf-8") + b"\r\n")


try:
    send_line("GET " + name)
    header = read_line()
    command, rest = header.split(" ", 1)
    if command != "SENDING_FILE":
        sys.exit("The server says: " + header)
    announced, size = rest.rsplit(" ", 1)
    if announced != name:
        send_line("NO")
        sys.exit(f"I asked for {name}, but the server sends {announced!r}")
    missing = int(size)
    sock.sendall(b"READY\r\nQUIT\r\n")
    with open(name + ".part", "wb") as file:
        while missing > 0:
            if not buffer:
                more()
            piece, buffer = buffer, b""
            file.write(piece)
            missing -= len(piece)
    os.replace(name + ".part", name)
    print(f"{name}: {size} bytes")
except (OSError, ValueError) as error:
    if os.path.exists(name + ".part"):
        os.remove(name + ".part")
    sys.exit(f"{name}: {error}")
sock.close()
