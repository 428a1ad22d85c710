# Echo server: per client one thread that reads and one that writes, a queue between them.
import queue
import socket
import sys
import threading


def read(conn, waiting):
    try:
        while data := conn.recv(8192):
            waiting.put(data)
    except OSError:
        pass
    waiting.put(None)


def write(conn, waiting):
    broken = False
    while (data := waiting.get()) is not None:
        if broken:
            continue
        try:
            conn.sendall(data)
        except OSError:
            broken = True
    conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    waiting = queue.Queue(maxsize=50)
    threading.Thread(target=read, args=(conn, waiting), daemon=True).start()
    threading.Thread(target=write, args=(conn, waiting), daemon=True).start()
