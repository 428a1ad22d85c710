# Welcome server: one thread per client.
import socket
import sys
import threading
import time
from datetime import datetime, timezone


def welcome(conn):
    with conn:
        try:
            time.sleep(0.1)  # let the client get ready
            conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
            conn.shutdown(socket.SHUT_WR)
        except OSError as error:
            print(error)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
