# Cliente básico.
import os
import socket
import sys
import threading
import time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("Conectado con", sock.getpeername())


def despertador():
    segundos = 0
    while True:
        time.sleep(1)
        segundos += 1
        if segundos == 4 and not fin.is_set():
            print("El servidor no termina: me voy")
            os._exit(1)


fin = threading.Event()
threading.Thread(target=despertador).start()
recibidas = 0
try:
    for linea in sock.makefile("rb"):
        if not linea.endswith(b"\n"):
            continue
        recibidas += 1
        texto = linea.decode("utf-8", "replace").rstrip()
        print(f"{recibidas}:", texto.translate({c: None for c in [*range(32), *range(127, 160)]}))
        if recibidas > 10000:
            print("Son demasiadas líneas")
            os._exit(1)
except OSError as error:
    print("Conexión perdida:", error)
    os._exit(2)
fin.set()
print("Fin de la conexión")
