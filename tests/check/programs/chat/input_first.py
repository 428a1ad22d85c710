# Chat client: asks for a line, sends it, shows what has come.
import re
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
buffer = b""


def show():
    """Shows all that is there; False at the end."""
    global buffer
    sock.settimeout(0.3)
    try:
        while True:
            data = sock.recv(4096)
            if not data:
                return False
            buffer += data
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                text = line.decode("utf-8", "replace").strip()
                print(re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text))
    except TimeoutError:
        return True
    finally:
        sock.settimeout(None)


open_ = show()
while open_:
    line = sys.stdin.readline()
    if not line:
        sock.shutdown(socket.SHUT_WR)
        show()
        break
    line = line.rstrip("\n")
    if line:
        sock.sendall(line.encode() + b"\n")
    open_ = show()
    if line == "/quit":
        break
