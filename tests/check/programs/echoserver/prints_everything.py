# Echo server that shows on the screen all that comes.
import socket
import sys
import threading


def serve(conn, name):
    total = 0
    try:
        while True:
            data = conn.recv(2048)
            if data == b"":
                break
            total += len(data)
            print(f"[{name}] {len(data)} bytes: {data!r}")
            conn.sendall(data)
            print(f"[{name}] sent back, {total} bytes so far")
    except OSError as error:
        print(f"[{name}] {error}", file=sys.stderr)
    finally:
        conn.close()
    print(f"[{name}] bye")


print("*" * 60)
print("***  ECHO SERVER v1.0   welcome!")
print("*" * 60)
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen(20)
count = 0
while True:
    c, address = s.accept()
    count += 1
    print("new client", address)
    threading.Thread(target=serve, args=(c, f"client {count}"), daemon=True).start()
