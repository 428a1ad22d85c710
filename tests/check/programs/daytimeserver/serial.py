# Daytime server.
import socket
import sys
import time

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, peer = listener.accept()
    print("serving", peer)
    with conn:
        try:
            conn.sendall(time.ctime().encode() + b"\r\n")
            conn.shutdown(socket.SHUT_WR)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error)
