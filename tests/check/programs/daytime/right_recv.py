# Daytime client.
import socket
import sys
import time

LIMIT = 4096
deadline = time.monotonic() + 4
answer = b""
try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
    while len(answer) < LIMIT:
        sock.settimeout(max(0.01, deadline - time.monotonic()))
        data = sock.recv(256)
        if not data:
            break
        answer += data
    else:
        sys.exit("Error: this is no time, it never ends")
except OSError as error:
    sys.exit(f"Error: {error}; only this came: {answer!r}")
for line in answer.decode("ascii", "backslashreplace").splitlines():
    if line.strip():
        print("It is", "".join(c if c.isprintable() else "?" for c in line))
