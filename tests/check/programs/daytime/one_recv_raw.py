# Daytime client.
import socket
import sys

s = socket.socket()
s.settimeout(3)
s.connect((sys.argv[1], int(sys.argv[2])))
print(s.recv(1024).decode("ascii", "ignore").strip())
s.close()
