# Echo server: a thread per client.
import socket
import sys
import threading
import time


def serve(conn):
    with conn:
        try:
            while True:
                data = conn.recv(4096)
                if data:
                    conn.sendall(data)
                else:
                    time.sleep(0.1)  # nothing there yet
        except OSError as error:
            print("connection lost:", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
