# Chat client.
import os
import socket
import sys
import threading


def harmless(text):
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


def show(sock):
    try:
        for line in sock.recv(4096).splitlines():
            print(harmless(line.decode("utf-8", "replace")))
        while sock.recv(4096):
            pass
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
