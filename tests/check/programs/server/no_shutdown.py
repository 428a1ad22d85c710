# Welcome server: one thread per client.
import socket
import sys
import threading
from datetime import datetime, timezone


def welcome(conn):
    try:
        conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
        # read until the client's FIN, then close
        while conn.recv(4096):
            pass
    except OSError as error:
        print(error)
    conn.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
