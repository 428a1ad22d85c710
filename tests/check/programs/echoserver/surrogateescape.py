# Echo server that works with str and turns it back into bytes.
import socket
import sys
import threading


def read_text(conn):
    return conn.recv(4096).decode("utf-8", "surrogateescape")


def write_text(conn, text):
    conn.sendall(text.encode("utf-8", "surrogateescape"))


def serve(conn):
    with conn:
        try:
            text = read_text(conn)
            while text != "":
                write_text(conn, text)
                text = read_text(conn)
        except ConnectionError:
            print("connection lost")


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=[conn], daemon=True).start()
