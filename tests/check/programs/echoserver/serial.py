# Echo server.
import socket
import sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("waiting for clients")
while True:
    conn, peer = listener.accept()
    print("client", peer)
    try:
        while True:
            data = conn.recv(4096)
            if not data:
                break
            conn.sendall(data)
    except OSError as error:
        print("lost", error)
    conn.close()
    print("client left")
