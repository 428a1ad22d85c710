# Chat client: names in colour, and a prompt that is drawn again.
import os
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
GREEN, PLAIN = "\x1b[32m", "\x1b[0m"


def clean(text):
    return "".join(c if c.isprintable() else "." for c in text)


def show():
    for raw in sock.makefile("rb"):
        line = clean(raw.decode("utf-8", "replace").rstrip("\r\n"))
        if line.startswith("<") and ">" in line:
            name, text = line[1:].split(">", 1)
            line = f"{GREEN}{name}{PLAIN}:{text}"
        print(f"\r\x1b[K{line}\n> ", end="", flush=True)
    print("\nThe server has gone.")
    os._exit(0)


threading.Thread(target=show, daemon=True).start()
print("\x1b[2J\x1b[H> ", end="", flush=True)
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode() + b"\r\n")
sock.shutdown(socket.SHUT_WR)
threading.Event().wait()
