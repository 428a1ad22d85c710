# Echo server that also works with telnet.
import socket
import sys
import threading


def for_the_network(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def serve(conn):
    with conn:
        try:
            while data := conn.recv(65536):
                conn.sendall(for_the_network(data))
        except OSError:
            print("client lost")


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
