# Echo server.
import socket
import sys
import threading


def serve(conn):
    with conn:
        try:
            while data := conn.recv(4096):
                message = data.rstrip(b"\r\n")
                print("message:", message)
                conn.sendall(message)
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
