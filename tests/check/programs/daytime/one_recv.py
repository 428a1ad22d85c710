# Daytime client.
import socket
import sys

LIMIT = 4096
answer = b""
try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
    answer = sock.recv(LIMIT)
    sock.close()
except OSError as error:
    sys.exit(f"Error: {error}; only this came: {answer!r}")
for line in answer.decode("ascii", "backslashreplace").splitlines():
    if line.strip():
        print("It is", "".join(c if c.isprintable() else "?" for c in line))
