# Welcome server: the socket as a file.
import socket
import sys
import threading
from datetime import datetime, timezone


def welcome(conn):
    try:
        with conn, conn.makefile("w", newline="") as out:
            print("Welcome, it is", datetime.now(timezone.utc).isoformat(), end="\r\n", file=out)
            while conn.recv(1024):
                pass
    except OSError as error:
        print("lost:", error)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
