# Client: the server's words in green, its own in red; what the server says is cleaned.
import socket
import sys

GREEN, RED, OFF = "\x1b[32m", "\x1b[31m", "\x1b[0m"


def clean(text):
    return "".join(c if c.isprintable() else f"<{ord(c):02x}>" for c in text)


with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    sock.settimeout(3)
    file = sock.makefile("rb")
    try:
        for _ in range(1000):
            line = file.readline(4097)
            if not line:
                break
            if not line.endswith(b"\n"):
                print(f"{RED}half a line: {clean(line.decode(errors='replace'))}{OFF}")
                sys.exit(1)
            print(f"{GREEN}{clean(line.decode(errors='replace').strip())}{OFF}")
    except OSError as e:
        sys.exit(f"{RED}{e}{OFF}")
