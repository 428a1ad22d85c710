# Echo server with a time limit for idle clients and small buffers.
import socket
import sys
import threading


def serve(conn):
    conn.settimeout(120)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    try:
        while True:
            data = conn.recv(65536)
            if len(data) == 0:
                break
            conn.send(data)
    except OSError:
        pass
    finally:
        conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
