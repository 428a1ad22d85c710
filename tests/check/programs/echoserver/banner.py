# Echo server: a thread per client.
import socket
import sys
import threading


def serve(conn):
    with conn:
        try:
            conn.sendall(b"Welcome to the echo server!\r\n")
            while data := conn.recv(4096):
                conn.sendall(data)
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
