# Echo server with a C buffer.
import ctypes
import socket
import sys
import threading


def serve(conn):
    buffer = ctypes.create_string_buffer(8192)
    with conn:
        try:
            while conn.recv_into(buffer, 8191) > 0:
                conn.sendall(buffer.value)
                ctypes.memset(buffer, 0, 8192)
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
