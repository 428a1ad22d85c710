# Daytime server.
import socket
import sys
import time

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    conn, peer = listener.accept()
    print("connection from", peer)
    with conn:
        try:
            conn.sendall(time.ctime().encode() + b"\r\n")
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(10)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error)
