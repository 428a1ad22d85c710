# Echo server: a thread per client.
import socket
import sys
import threading

connections = []


def serve(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
        conn.shutdown(socket.SHUT_WR)
    except OSError as error:
        print(error)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, peer = listener.accept()
    connections.append(conn)
    print(len(connections), "connections so far")
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
