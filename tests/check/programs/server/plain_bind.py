# Welcome server: one thread per client.
import socket
import sys
import threading
from datetime import datetime, timezone


def welcome(conn):
    with conn:
        try:
            conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(8)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error)


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(64)
while True:
    conn, _ = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
