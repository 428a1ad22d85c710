# Echo server: receive, send back, close.
import socket
import sys
import threading


def serve(conn):
    try:
        data = conn.recv(1024)
        conn.sendall(data)
    except OSError as error:
        print(error)
    conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
