# Daytime server, one loop with selectors for all clients.
import selectors
import socket
import sys
import time

sel = selectors.DefaultSelector()


def accept(listener):
    conn, peer = listener.accept()
    conn.setblocking(False)
    print("client", peer)
    try:
        conn.send(time.strftime("%d %b %Y %H:%M:%S UTC\r\n", time.gmtime()).encode())
        conn.shutdown(socket.SHUT_WR)
        sel.register(conn, selectors.EVENT_READ, discard)
    except OSError:
        conn.close()


def discard(conn):
    try:
        more = conn.recv(4096)
    except OSError:
        more = b""
    if not more:
        sel.unregister(conn)
        conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
sel.register(listener, selectors.EVENT_READ, accept)
while True:
    for key, _ in sel.select():
        key.data(key.fileobj)
