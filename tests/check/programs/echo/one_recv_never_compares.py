# Echo client: sends a line, receives, prints.
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(5)
for line in sys.stdin:
    s.sendall(line.encode())
    print("Server says:", s.recv(65536).decode(errors="replace"))
s.close()
