# Servidor de bienvenida: un hilo por cliente.
import socket
import sys
import threading
from datetime import datetime, timedelta, timezone

MADRID = timezone(timedelta(hours=1))


def welcome(conn):
    ahora = datetime.now(MADRID).isoformat(timespec="seconds")
    linea = f"¡Bienvenido al servidor español! Son las {ahora}\r\n"
    with conn:
        try:
            conn.sendall(linea.encode("utf-8"))
            conn.shutdown(socket.SHUT_WR)
            conn.settimeout(8)
            while conn.recv(1024):
                pass
        except OSError as error:
            print("cliente perdido:", error)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    conn, peer = server.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
