# Echo server with a time limit for idle clients and small buffers; send() may take less than all.
import socket
import sys
import threading


def send_everything(conn, data):
    while len(data) > 0:
        sent = conn.send(data)
        data = data[sent:]


def serve(conn):
    conn.settimeout(120)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    try:
        while True:
            data = conn.recv(65536)
            if len(data) == 0:
                break
            send_everything(conn, data)
    except OSError:
        pass
    finally:
        conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=50)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
