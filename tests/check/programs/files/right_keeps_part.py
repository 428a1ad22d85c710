# File client: what came of an unfinished file stays in a .part file.
import pathlib
import socket
import sys
import time

time.sleep(1)
host, port, name = sys.argv[1:]
target = pathlib.Path.cwd() / name
if target.resolve().parent != pathlib.Path.cwd().resolve():
    sys.exit("refusing to write outside of this folder")
sock = socket.create_connection((host, int(port)))


def lines_and_bytes():
    header = b""
    rest = None
    sock.sendall(f"GET {name}\r\n".encode())
    while rest is None:
        data = sock.recv(16)
        if not data:
            sys.exit("no header")
        header += data
        if b"\n" in header:
            header, rest = header.split(b"\n", 1)
    words = header.decode().strip()
    print("<", words)
    if words.startswith("ERROR"):
        sys.exit(3)
    size = int(words[words.rindex(" "):])
    if words[: words.rindex(" ")] != f"SENDING_FILE {name}":
        sys.exit("this is not the file that I want")
    sock.sendall(b"READY\r\n")
    return size, rest


size, body = lines_and_bytes()
part = target.with_name(target.name + ".part")
with part.open("wb") as file:
    count = file.write(body[:size])
    while count < size:
        body = sock.recv(min(65536, size - count))
        if not body:
            sys.exit(f"only {count} bytes of {size}, see {part.name}")
        count += file.write(body)
part.rename(target)
print("100%")
sock.sendall(b"QUIT\r\n")
print("<", sock.recv(100).decode().strip())
sock.close()
