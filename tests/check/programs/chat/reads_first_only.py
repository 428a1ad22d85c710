# Chat client: shows what the server says, then sends what is typed.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(ascii(sock.recv(4096).decode(errors="replace")))
for line in sys.stdin:
    sock.sendall(line.encode())
sock.close()
