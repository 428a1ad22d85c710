# Echo server: the socket as a file.
import socket
import sys
import threading


def serve(conn):
    try:
        with conn, conn.makefile("wb") as out:
            while data := conn.recv(4096):
                out.write(data)
    except OSError as error:
        print("connection lost:", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
