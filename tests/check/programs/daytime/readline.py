# Cliente de daytime.
import re
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conexion:
    conexion.settimeout(3)
    with conexion.makefile("rb") as archivo:
        try:
            hora = archivo.readline(4097).decode("latin-1")
        except TimeoutError:
            print("El servidor no dice la hora")
            sys.exit(1)
        except ConnectionError as error:
            print("Error, la respuesta no está completa:", error)
            sys.exit(1)
if len(hora) > 4096:
    print("Demasiado largo para ser una hora")
    sys.exit(1)
print("Hora del servidor:", re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", hora).strip())
