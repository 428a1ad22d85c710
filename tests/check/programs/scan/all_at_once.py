# Port scanner: a socket for each port, then all are asked with select.poll.
import errno
import select
import socket
import sys
import time

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
poll = select.poll()
waiting = {}
for port in range(first, last + 1):
    sock = socket.socket()
    sock.setblocking(False)
    if sock.connect_ex((host, port)) in (0, errno.EINPROGRESS):
        waiting[sock.fileno()] = sock, port
        poll.register(sock, select.POLLOUT)
end = time.monotonic() + 1.5
kept = []
while waiting and time.monotonic() < end:
    for fd, _ in poll.poll(200):
        sock, port = waiting.pop(fd)
        poll.unregister(fd)
        kept.append(sock)
        if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            print("open port", port)
