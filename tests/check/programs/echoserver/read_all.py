# Echo server.
import socket
import sys
import threading


def recv_all(conn):
    parts = []
    while True:
        part = conn.recv(4096)
        if not part:
            return b"".join(parts)
        parts.append(part)


def serve(conn):
    with conn:
        try:
            message = recv_all(conn)
            conn.sendall(message)
        except OSError as error:
            print("client lost", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
