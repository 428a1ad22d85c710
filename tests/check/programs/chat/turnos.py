# Cliente de chat por turnos: escribe y después lee.
import re
import select
import socket
import sys

conexion = socket.create_connection((sys.argv[1], int(sys.argv[2])))
pendiente = b""
print("Bienvenido. Escriba un mensaje:")
while True:
    mensaje = sys.stdin.readline()
    if not mensaje:
        break
    conexion.sendall(mensaje.strip().encode())
    while select.select([conexion], [], [], 0.2)[0]:
        datos = conexion.recv(4096)
        if not datos:
            print("Fin")
            sys.exit()
        pendiente += datos
        *lineas, pendiente = pendiente.split(b"\n")
        for linea in lineas:
            print(re.sub(r"[\x00-\x1f]", "", linea.decode("utf-8", "replace")))
conexion.close()
