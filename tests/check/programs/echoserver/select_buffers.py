# Echo server, one loop with select; what cannot be sent yet waits in a buffer.
import select
import socket
import sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
listener.setblocking(False)
pending = {}  # socket -> bytes to send


def close(conn):
    del pending[conn]
    conn.close()


while True:
    writers = [c for c in pending if pending[c]]
    readable, writable, _ = select.select([listener, *pending], writers, [])
    for conn in writable:
        try:
            sent = conn.send(pending[conn])
            del pending[conn][:sent]
        except BlockingIOError:
            pass
        except OSError:
            close(conn)
    for conn in readable:
        if conn is listener:
            new, _ = listener.accept()
            new.setblocking(False)
            new.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
            pending[new] = bytearray()
        elif conn in pending:
            try:
                data = conn.recv(65536)
            except OSError:
                data = b""
            if data:
                pending[conn] += data
            else:
                close(conn)
