# Welcome server: one thread per client.
import socket
import sys
import threading
from datetime import datetime, timezone


def welcome(conn):
    now = datetime.now(timezone.utc).isoformat()
    try:
        conn.sendall(f"Welcome to my server, it is {now}\r\n".encode())
        conn.shutdown(socket.SHUT_WR)
        conn.settimeout(8)
        while conn.recv(4096):
            pass
    except OSError as error:
        print("lost:", error)
    finally:
        conn.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
