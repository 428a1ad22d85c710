# Client of the welcome server: shows line after line until the server closes.
import socket
import sys

MAX_LINE = 4096


def harmless(text):
    return "".join(c if c.isprintable() else f"<{ord(c):02x}>" for c in text)


def main():
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)
    *lines, rest = sock.recv(MAX_LINE).split(b"\n")
    for line in lines:
        print(harmless(line.decode("utf-8", "replace").removesuffix("\r")))
    if rest:
        raise ValueError(f"the last line is unfinished: {rest!r}")


try:
    main()
except (OSError, ValueError) as error:
    sys.exit(f"Error: {error}")
