# File client: saves what the server sends under the name that it announces.
import os
import socket
import sys

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]

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
    name, size = rest.rsplit(" ", 1)
    missing = int(size)
    send_line("READY")
    with open(name + ".part", "wb") as file:
        while missing > 0:
            if not buffer:
                more()
            piece, buffer = buffer[:missing], buffer[missing:]
            file.write(piece)
            missing -= len(piece)
    os.replace(name + ".part", name)
    print(f"{name}: {size} bytes")
    send_line("QUIT")
    print(read_line())
except (OSError, ValueError) as error:
    if os.path.exists(name + ".part"):
        os.remove(name + ".part")
    sys.exit(f"{name}: {error}")
sock.close()
