# Port scanner that also shows what the server says, if it says something soon.
import socket
import sys
import time

time.sleep(0.7)
host, first, last = sys.argv[1:]
ports = list(range(int(first), int(last) + 1))
ports.reverse()
for port in ports:
    sock = socket.socket()
    sock.settimeout(0.4)
    error = sock.connect_ex((host, port))
    if not error:
        try:
            banner = sock.recv(60)
        except OSError:
            banner = b""
        print(f"open: {port}", ascii(banner.decode("latin-1")) if banner else "")
    sock.close()
