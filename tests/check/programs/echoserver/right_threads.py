# Echo server: one thread per client.
import socket
import sys
import threading


def serve(conn, peer):
    with conn:
        try:
            while True:
                data = conn.recv(4096)
                if not data:
                    break
                conn.sendall(data)
        except OSError as error:
            print("lost", peer, error)


def main():
    port = int(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", port))
    print("listening on", port)
    while True:
        conn, peer = listener.accept()
        threading.Thread(target=serve, args=(conn, peer), daemon=True).start()


main()
