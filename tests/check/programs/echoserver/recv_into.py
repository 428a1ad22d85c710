# Echo server with one buffer per client that is used again and again.
import socket
import sys
from threading import Thread


def serve(conn):
    buffer = bytearray(16384)
    view = memoryview(buffer)
    try:
        while True:
            n = conn.recv_into(buffer)
            if n == 0:
                break
            conn.sendall(view[:n])
    except OSError:
        pass
    conn.close()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
server.bind(("localhost", int(sys.argv[1])))
server.listen()
while True:
    client, _ = server.accept()
    Thread(target=serve, args=(client,), daemon=True).start()
