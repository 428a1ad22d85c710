# Client: for line in file.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    for line in sock.makefile("r", encoding="utf-8", errors="replace", newline="\n"):
        if not line.endswith("\n"):
            sys.exit("incomplete: " + repr(line))
        print(repr(line.rstrip()))
