# Escáner de puertos: prueba cada puerto y enseña los diez primeros abiertos.
import socket
import sys

servidor, inicio, fin = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
abiertos = []
for puerto in range(inicio, fin + 1):
    s = socket.socket()
    s.settimeout(0.3)
    if s.connect_ex((servidor, puerto)) == 0:
        abiertos.append(puerto)
    s.close()
print("Los puertos abiertos son:", *abiertos[:10])
