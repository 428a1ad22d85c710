# Chat client with selectors.
import selectors
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
selector = selectors.DefaultSelector()
selector.register(sock, selectors.EVENT_READ)
selector.register(sys.stdin.buffer.raw, selectors.EVENT_READ)
text = ""
while True:
    for key, _ in selector.select():
        if key.fileobj is sock:
            data = sock.recv(4096)
            if not data:
                sys.exit(0)
            text += data.decode("utf-8")
            while "\n" in text:
                line, text = text.split("\n", 1)
                print("".join(c for c in line if c.isprintable()))
        else:
            data = sys.stdin.buffer.raw.read(4096)
            if data:
                sock.sendall(data)
            else:
                selector.unregister(sys.stdin.buffer.raw)
                sock.shutdown(socket.SHUT_WR)
