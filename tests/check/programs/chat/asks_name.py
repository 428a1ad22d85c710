# Chat client: asks for a name first, and takes it with /nick.
import os
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def listen():
    with sock.makefile("r", encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            print("".join(c for c in line.strip() if c.isprintable()))
    print("(closed)")
    os._exit(0)


threading.Thread(target=listen, daemon=True).start()
print("Your name? ", end="")
name = sys.stdin.readline().strip()
if name:
    sock.sendall(f"/nick {name}\r\n".encode())
while line := sys.stdin.readline():
    sock.sendall(line.encode())
sock.sendall(b"/quit\r\n")
sock.shutdown(socket.SHUT_WR)
threading.Event().wait()
