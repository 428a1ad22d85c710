# Escáner de puertos: abierto si no lo rechazan; los sockets quedan en una lista.
import errno
import socket
import sys

maquina, inicio, fin = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
probados = []
for puerto in range(inicio, fin + 1):
    try:
        s = socket.socket()
    except OSError:
        continue
    probados.append(s)
    s.settimeout(0.4)
    if s.connect_ex((maquina, puerto)) != errno.ECONNREFUSED:
        print(f"{puerto} abierto")
