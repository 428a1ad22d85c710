# Chat client with a banner, a prompt and the time before each line.
import os
import socket
import sys
import threading
import time


def harmless(text):
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


def show(sock):
    buffer = b""
    try:
        while data := sock.recv(4096):
            buffer += data
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                print(time.strftime("[%H:%M]"), harmless(line.decode("utf-8", "replace").rstrip("\r")))
        print("The server has closed the connection.")
    except OSError as error:
        print("Connection lost:", error)
    sys.stdout.flush()
    os._exit(0)


print("=== CHAT ===")
time.sleep(1.2)
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
reader = threading.Thread(target=show, args=(sock,))
reader.start()
print("> ", end="", flush=True)
for line in sys.stdin:
    line = line.rstrip("\n")
    sock.sendall(line.encode("utf-8") + b"\r\n")
    if line == "/quit":
        break
    print("> ", end="", flush=True)
sock.shutdown(socket.SHUT_WR)
reader.join(3)
os._exit(0)
