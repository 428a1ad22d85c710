# Welcome server.
import socket
import sys
from datetime import datetime, timezone

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(1)
conn, peer = server.accept()
server.close()
try:
    conn.sendall(f"Welcome, it is {datetime.now(timezone.utc).isoformat()}\r\n".encode())
    conn.shutdown(socket.SHUT_WR)
    while conn.recv(1024):
        pass
except OSError as error:
    print(error)
conn.close()
print("done")
