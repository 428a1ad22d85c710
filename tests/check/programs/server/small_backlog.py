# Welcome server: one loop, with the backlog of the tutorials.
import select
import socket
import sys
from datetime import datetime, timezone

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(5)
clients = []
while True:
    ready, _, _ = select.select([s] + clients, [], [])
    for sock in ready:
        try:
            if sock is s:
                conn, _ = s.accept()
                clients.append(conn)
                now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+0000")
                conn.sendall(f"Welcome, client number {len(clients)}, it is {now}\r\n".encode())
                conn.shutdown(socket.SHUT_WR)
            elif not sock.recv(1024):
                clients.remove(sock)
                sock.close()
        except OSError:
            if sock in clients:
                clients.remove(sock)
                sock.close()
