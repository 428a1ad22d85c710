# Daytime server: one thread per client.
import socket
import sys
import threading
import time


def serve(conn):
    with conn:
        try:
            request = conn.recv(1024)
            print("request:", request)
            conn.sendall(time.ctime().encode() + b"\r\n")
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(10)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
