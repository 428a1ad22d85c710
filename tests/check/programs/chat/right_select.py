# Chat client with select.
import os
import re
import select
import socket
import sys

sock = socket.socket()
sock.connect((sys.argv[1], int(sys.argv[2])))
typed, heard = b"", b""
watch = [0, sock]
while True:
    ready = select.select(watch, [], [], None if 0 in watch else 2)[0]
    if not ready:
        sys.exit("the server does not close")
    for source in ready:
        if source is sock:
            data = sock.recv(65536)
            if not data:
                print("*** the end ***")
                sys.exit()
            heard += data
            *lines, heard = heard.split(b"\n")
            for line in lines:
                text = line.decode(errors="replace")
                print(re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]", "", text))
        else:
            data = os.read(0, 1024)
            if not data:
                watch.remove(0)
                sock.shutdown(socket.SHUT_WR)
                continue
            typed += data
            *lines, typed = typed.split(b"\n")
            for line in lines:
                sock.sendall(line + b"\n")
                if line.strip() == b"/quit" and 0 in watch:
                    watch.remove(0)
                    sock.shutdown(socket.SHUT_WR)
