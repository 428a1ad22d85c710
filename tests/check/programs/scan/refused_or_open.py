# Escáner de puertos con hilos.
import errno
import socket
import sys
from concurrent.futures import ThreadPoolExecutor


def abierto(puerto):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.settimeout(1)
    resultado = s.connect_ex((sys.argv[1], puerto))
    s.close()
    return resultado != errno.ECONNREFUSED


puertos = range(int(sys.argv[2]), int(sys.argv[3]) + 1)
with ThreadPoolExecutor(50) as hilos:
    abiertos = [p for p, si in zip(puertos, hilos.map(abierto, puertos)) if si]
print("Puertos abiertos:", ", ".join(map(str, abiertos)) or "ninguno")
