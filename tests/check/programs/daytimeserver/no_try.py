# Daytime server, one loop with selectors for all clients.
import selectors
import socket
import sys
import time

sel = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
sel.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in sel.select():
        if key.fileobj is listener:
            conn, _ = listener.accept()
            conn.sendall(time.strftime("%d %b %Y %H:%M:%S UTC\r\n", time.gmtime()).encode())
            conn.shutdown(socket.SHUT_WR)
            sel.register(conn, selectors.EVENT_READ)
        else:
            conn = key.fileobj
            if not conn.recv(4096):
                sel.unregister(conn)
                conn.close()
