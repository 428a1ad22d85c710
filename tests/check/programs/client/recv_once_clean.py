# Client: one recv, whole lines only.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(4)
try:
    text = sock.recv(4096).decode("utf-8", "replace")
except OSError as error:
    sys.exit(f"error: {error}")
for line in text.splitlines(keepends=True):
    if line.endswith("\n"):
        print("".join(c if c.isprintable() else "?" for c in line.rstrip()))
    else:
        print("unfinished line")
        sys.exit(1)
