# Daytime client.
import socket
import sys

LIMIT = 4096
answer = b""
try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
    sock.settimeout(4)
    while len(answer) < LIMIT:
        data = sock.recv(256)
        print("".join(c for c in data.decode("latin-1") if " " <= c <= "~"), end="")
        answer += data
    print(" ... too long")
except OSError as error:
    sys.exit(f"Error: {error}")
