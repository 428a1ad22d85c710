# Cliente de eco: una línea, su respuesta, la siguiente.
import socket
import sys

try:
    s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)
except OSError as fallo:
    sys.exit(f"No puedo conectar: {fallo}")
distintas = 0
for linea in sys.stdin.buffer:
    mitad = 32000
    respuesta = b""
    try:
        for i in range(0, len(linea), mitad):
            trozo = linea[i : i + mitad]
            s.sendall(trozo)
            falta = len(trozo)
            while falta:
                datos = s.recv(falta)
                if not datos:
                    sys.exit("El servidor ha colgado antes de tiempo")
                respuesta += datos
                falta -= len(datos)
    except OSError as fallo:
        sys.exit(f"Conexión perdida: {fallo}")
    sys.stdout.write("Eco: " + respuesta.decode("utf-8", "replace"))
    sys.stdout.flush()
    if respuesta != linea:
        distintas += 1
s.shutdown(socket.SHUT_WR)
sobra = s.recv(1)
if sobra or distintas:
    print(f"Las respuestas no son iguales ({distintas})")
    sys.exit(1)
print("Todo es igual: 0 diferencias")
