# Daytime client: one recv is enough for 50 bytes.
import socket
import sys

s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
print(ascii(s.recv(1024).decode("ascii", "replace")))
