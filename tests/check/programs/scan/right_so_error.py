# Port scanner with non-blocking sockets: all knock first, then it looks who answered.
import select
import socket
import sys
import time

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for start in range(first, last + 1, 100):
    waiting = {}
    for port in range(start, min(start + 100, last + 1)):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex((host, port))
        waiting[sock] = port
    end = time.monotonic() + 0.7
    while waiting and time.monotonic() < end:
        _, writable, _ = select.select([], waiting, [], 0.1)
        for sock in writable:
            port = waiting.pop(sock)
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                print(port, "is open")
            sock.close()
    for sock in waiting:
        sock.close()
