# Daytime server that sends each character for itself.
import socket
import sys
import threading
import time


def serve(conn):
    line = time.strftime("%A, %B %d, %Y %H:%M:%S", time.gmtime()) + "-UTC\r\n"
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        for character in line:
            conn.sendall(character.encode())
            time.sleep(0.002)
        conn.shutdown(socket.SHUT_WR)
        conn.settimeout(5)
        while conn.recv(100) != b"":
            pass
    except OSError as error:
        print(error)
    finally:
        conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
