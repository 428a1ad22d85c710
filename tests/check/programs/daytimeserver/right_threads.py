# Daytime server: one thread per client.
import socket
import sys
import threading
from datetime import datetime, timezone


def serve(conn):
    now = datetime.now(timezone.utc)
    line = now.strftime("%A, %B %d, %Y %H:%M:%S-UTC\r\n")
    with conn:
        try:
            conn.sendall(line.encode("ascii"))
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(10)
            while conn.recv(4096):
                pass
        except OSError as error:
            print("client lost:", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
