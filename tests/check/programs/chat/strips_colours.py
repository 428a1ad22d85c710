# Chat client: removes colours from what the others write.
import os
import re
import socket
import sys
import threading

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def receive():
    pending = b""
    while True:
        chunk = sock.recv(1000)
        if not chunk:
            print("bye")
            os._exit(0)
        pending += chunk
        *lines, pending = pending.split(b"\n")
        for line in lines:
            print(ANSI.sub("", line.decode(errors="replace").strip("\r")))


threading.Thread(target=receive, daemon=True).start()
for line in sys.stdin:
    sock.sendall(line.encode())
sock.shutdown(socket.SHUT_WR)
threading.Event().wait()
