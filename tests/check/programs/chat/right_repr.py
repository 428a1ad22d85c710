# Chat client: what is not printable is shown as Python writes it.
import os
import socket
import sys
import threading


def harmless(text):
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def show(sock):
    buffer = b""
    try:
        while data := sock.recv(4096):
            buffer += data
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                print(harmless(line.decode("utf-8", "replace").rstrip("\r")))
        print("The server has closed the connection.")
    except OSError as error:
        print("Connection lost:", error)
    sys.stdout.flush()
    os._exit(0)


sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
reader = threading.Thread(target=show, args=(sock,))
reader.start()
for line in sys.stdin:
    line = line.rstrip("\n")
    sock.sendall(line.encode("utf-8") + b"\r\n")
    if line == "/quit":
        break
sock.shutdown(socket.SHUT_WR)
reader.join(3)
os._exit(0)
