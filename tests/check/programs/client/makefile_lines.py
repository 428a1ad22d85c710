# Client: the lines of a file object, unfinished ones as well.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
size = 0
with sock.makefile("rb") as lines:
    while line := lines.readline(4000):
        size += len(line)
        if size > 20000:
            print("enough!")
            sys.exit(1)
        print(ascii(line.decode(errors="replace").strip())[1:-1])
