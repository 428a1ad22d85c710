# Cliente que lee hasta el final y comprueba la última línea.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
recibido = bytearray()
try:
    while trozo := s.recv(512):
        recibido += trozo
except ConnectionError:
    print("se perdió la conexión")
    sys.exit(1)
print("Respuesta del servidor:", repr(recibido.decode("utf-8", "replace")))
if not recibido.endswith(b"\n"):
    print("La respuesta está cortada")
