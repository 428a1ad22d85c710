# Daytime server.
import socket
import sys
import time

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, peer = listener.accept()
    try:
        conn.sendall(time.strftime("%A, %B %d, %Y %H:%M:%S-UTC\r\n", time.gmtime()).encode())
    except OSError as error:
        print(peer, error)
    conn.close()
