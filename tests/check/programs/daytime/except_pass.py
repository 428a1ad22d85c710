# Cliente de Daytime: pase lo que pase, enseña lo que tiene.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3)
todo = b""
try:
    while len(todo) < 4096:
        parte = s.recv(4096 - len(todo))
        if not parte:
            break
        todo += parte
except OSError:
    pass
print("".join(chr(b) for b in todo if 32 <= b < 127))
