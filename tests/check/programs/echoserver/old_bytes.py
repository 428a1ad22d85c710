# Echo server with one buffer per client that is used again and again.
import socket
import sys
import threading


def serve(conn):
    buffer = bytearray(b" " * 1024)
    try:
        while True:
            n = conn.recv_into(buffer)
            if n == 0:
                break
            conn.sendall(buffer)
    except OSError:
        pass
    conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
