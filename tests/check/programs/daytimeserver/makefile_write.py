# Daytime server: the socket as a file.
import socket
import sys
import threading
import time


def serve(conn):
    try:
        with conn, conn.makefile("rwb") as client:
            client.write(time.ctime().encode() + b"\r\n")
            for line in client:
                print("thrown away:", line)
    except OSError as error:
        print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
