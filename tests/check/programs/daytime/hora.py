# Cliente de Daytime: lee hasta el final, con un límite y un reloj.
import socket
import sys

MAXIMO = 4096
fin = b""
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3) as s:
        while True:
            datos = s.recv(256)
            if not datos:
                break
            fin += datos
            if len(fin) > MAXIMO:
                sys.exit("Respuesta demasiado larga")
except OSError as motivo:
    sys.exit(f"No hay respuesta: {motivo}")
texto = "".join(c for c in fin.decode("ascii", "replace") if c.isprintable())
print("En el servidor son las", texto)
