# Echo server: a thread per client; remembers all that were here.
import socket
import sys
import threading

history = []


def serve(conn, peer):
    history.append((peer, conn))
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError as error:
        print(error)
    conn.close()
    print(len(history), "clients so far")


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, peer = listener.accept()
    threading.Thread(target=serve, args=(conn, peer), daemon=True).start()
