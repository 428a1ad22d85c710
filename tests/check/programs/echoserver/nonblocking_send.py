# Echo server, one loop with selectors.
import selectors
import socket
import sys

sel = selectors.DefaultSelector()


def accept(listener):
    conn, _ = listener.accept()
    conn.setblocking(False)
    sel.register(conn, selectors.EVENT_READ, echo)


def echo(conn):
    try:
        data = conn.recv(16384)
    except OSError:
        data = b""
    if not data:
        sel.unregister(conn)
        conn.close()
        return
    try:
        conn.send(data)
    except OSError as error:
        print("send:", error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
listener.setblocking(False)
sel.register(listener, selectors.EVENT_READ, accept)
while True:
    for key, _ in sel.select():
        key.data(key.fileobj)
