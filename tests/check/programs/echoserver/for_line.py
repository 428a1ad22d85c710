# Echo server: the socket as a file.
import socket
import sys
import threading


def serve(conn):
    try:
        with conn, conn.makefile("rb") as lines:
            for line in lines:
                conn.sendall(line)
    except OSError as error:
        print("lost", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
