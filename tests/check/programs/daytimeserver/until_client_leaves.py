# Daytime server: one thread per client.
import socket
import sys
import threading
import time


def serve(conn):
    with conn:
        try:
            conn.sendall(time.strftime("%d %b %Y %H:%M:%S UTC\r\n", time.gmtime()).encode())
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
