# Echo server.
import socket
import sys


def main():
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
        conn, peer = listener.accept()
        print("connected:", peer)
        with conn:
            try:
                while True:
                    data = conn.recv(4096)
                    if not data:
                        break
                    conn.sendall(data)
            except ConnectionError:
                print("connection lost")


main()
