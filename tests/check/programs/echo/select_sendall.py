# Echo client with select: keyboard or network, whichever has something.
import os
import select
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(3)
sources = [sys.stdin.fileno(), sock]
expected = bytearray()
try:
    while True:
        ready, _, _ = select.select(sources[:1], [], [], 0.02)
        if not ready:
            ready, _, _ = select.select(sources, [], [], 2.5)
        if not ready and (expected or len(sources) == 1):
            sys.exit("timeout")
        if 0 in ready:
            data = os.read(0, 1 << 20)
            if data:
                expected += data
                sock.sendall(data)
            else:
                sources.remove(0)
                sock.shutdown(socket.SHUT_WR)
        elif sock in ready:
            data = sock.recv(1 << 16)
            if not data:
                break
            os.write(1, data)
            if expected[: len(data)] != data:
                sys.exit("the answer differs")
            del expected[: len(data)]
except OSError as error:
    sys.exit(f"error: {error}")
if expected or len(sources) == 2:
    sys.exit("the server left too early")
