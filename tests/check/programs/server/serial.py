# Welcome server.
import socket
import sys
from datetime import datetime, timezone

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    try:
        conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(1024):
            pass
    except OSError as error:
        print(peer, error)
    conn.close()
