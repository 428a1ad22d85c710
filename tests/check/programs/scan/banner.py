# Port scanner that also shows what the server says.
import socket
import sys

host, first, last = sys.argv[1:]
ports = list(range(int(first), int(last) + 1))
ports.reverse()
for port in ports:
    sock = socket.socket()
    error = sock.connect_ex((host, port))
    if not error:
        try:
            banner = sock.recv(60)
        except OSError:
            banner = b""
        print(f"open: {port}", ascii(banner.decode("latin-1")) if banner else "")
    sock.close()
