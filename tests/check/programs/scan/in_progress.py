# Port scanner with non-blocking sockets: all knock first, then it looks who answered.
import select
import socket
import sys

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for start in range(first, last + 1, 100):
    sockets = {}
    for port in range(start, min(start + 100, last + 1)):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex((host, port))
        sockets[sock] = port
    _, writable, _ = select.select([], sockets, [], 0.5)
    for sock, port in sockets.items():
        if sock in writable:
            print(port, "is open")
        sock.close()
