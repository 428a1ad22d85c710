# Port scanner: one port after the other.
import socket
import sys

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
found = 0
for port in range(first, last + 1):
    try:
        with socket.create_connection((host, port), timeout=0.5):
            print(f"{host}:{port} is open")
            found += 1
    except OSError:
        pass
print("No open ports" if found == 0 else f"Found: {found}")
