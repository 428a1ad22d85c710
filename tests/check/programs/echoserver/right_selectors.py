# Echo server, one loop with selectors; what cannot be sent yet waits in a buffer.
import os
import selectors
import socket

sel = selectors.DefaultSelector()
LIMIT = 256 * 1024


class Client:
    def __init__(self, conn):
        self.conn = conn
        self.out = bytearray()
        self.ended = False

    def wanted(self):
        events = 0
        if not self.ended and len(self.out) < LIMIT:
            events |= selectors.EVENT_READ
        if self.out:
            events |= selectors.EVENT_WRITE
        return events

    def ready(self, mask):
        if mask & selectors.EVENT_READ:
            data = self.conn.recv(65536)
            if not data:
                self.ended = True
            self.out += data
        if self.out:
            try:
                sent = self.conn.send(self.out)
                del self.out[:sent]
            except BlockingIOError:
                pass
        return not (self.ended and not self.out)


listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
listener.setblocking(False)
sel.register(listener, selectors.EVENT_READ, None)
while True:
    for key, mask in sel.select():
        client = key.data
        if client is None:
            conn, _ = listener.accept()
            conn.setblocking(False)
            sel.register(conn, selectors.EVENT_READ, Client(conn))
            continue
        try:
            alive = client.ready(mask)
        except OSError:
            alive = False
        if alive:
            sel.modify(client.conn, client.wanted(), client)
        else:
            sel.unregister(client.conn)
            client.conn.close()
