# Welcome server, one loop with select.
import select
import socket
import sys
from datetime import datetime, timezone

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
clients = set()
while True:
    ready, _, _ = select.select([server, *clients], [], [])
    for sock in ready:
        if sock is server:
            conn, peer = server.accept()
            print("hello", peer)
            conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
            conn.shutdown(socket.SHUT_WR)
            clients.add(conn)
        elif sock.recv(1024) == b"":
            clients.remove(sock)
            sock.close()
