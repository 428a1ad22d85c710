# Echo server: each message as a string.
import socket
import sys
import threading


def receive(conn):
    return conn.recv(1024).decode()


def serve(conn):
    try:
        while True:
            message = receive(conn)
            if not message:
                break
            conn.sendall(message.encode())
    except ConnectionError:
        print("client disconnected")
    finally:
        conn.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
