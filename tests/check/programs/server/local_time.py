# Welcome server: one thread per client; the time of this machine.
import socket
import sys
import threading
from datetime import datetime


def welcome(conn):
    with conn:
        try:
            conn.sendall(("Hello! " + datetime.now().isoformat() + "\r\n").encode())
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(8)
            while len(conn.recv(2048)) > 0:
                pass
        except OSError as error:
            print(error)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
