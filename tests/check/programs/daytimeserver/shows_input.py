# Daytime server that shows what its clients say.
import socket
import sys
import threading
from datetime import datetime


def serve(conn):
    with conn:
        try:
            with conn.makefile("w", encoding="ascii", newline="") as out:
                out.write(datetime.now().strftime("%A, %B %d, %Y %H:%M:%S"))
                out.write("\r\n")
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(10)
            while text := conn.recv(1024):
                print("client says:", text)
        except OSError as error:
            print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
