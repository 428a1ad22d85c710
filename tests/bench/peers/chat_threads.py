"""The peer of msgserver: a thread per client, a lock for the list of them."""
import socket
import threading

clients = {}
lock = threading.Lock()


def broadcast(line, sender):
    with lock:
        for name, conn in clients.items():
            if name != sender:
                try:
                    conn.sendall(line)
                except OSError:
                    pass  # It is gone: its own thread takes it out.


def serve(conn, name):
    with conn:
        conn.sendall(b"* Welcome, %s\r\n" % name)
        with lock:
            clients[name] = conn
        broadcast(b"* %s joined\r\n" % name, name)
        try:
            for line in conn.makefile("rb"):
                broadcast(b"<%s> %s" % (name, line), name)
        except OSError:
            pass
        with lock:
            del clients[name]
        broadcast(b"* %s left\r\n" % name, name)


listener = socket.create_server(("127.0.0.1", 0), backlog=512)
print("Listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
for number in range(1, 1_000_000):
    conn, _ = listener.accept()
    name = b"guest-%d" % number
    threading.Thread(target=serve, args=(conn, name), daemon=True).start()
