# Echo server that shows what it echoes.
import socket
import sys
import threading


def serve(conn):
    with conn:
        try:
            while True:
                data = conn.recv(4096)
                if not data:
                    break
                text = data.decode("utf-8", errors="replace")
                print("received:", text)
                conn.sendall(text.encode("utf-8"))
        except OSError as error:
            print("connection lost:", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
