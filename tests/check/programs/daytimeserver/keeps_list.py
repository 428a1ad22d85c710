# Daytime server.
import socket
import sys
import time

clients = []
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, peer = listener.accept()
    clients.append((conn, peer))
    try:
        conn.sendall(time.strftime("%A, %B %d, %Y %H:%M:%S-UTC\r\n", time.gmtime()).encode())
        conn.shutdown(socket.SHUT_WR)
    except OSError as error:
        print(peer, error)
    print(len(clients), "clients served")
