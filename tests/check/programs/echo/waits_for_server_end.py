# Echo client: a thread shows what comes until the server ends; nobody tells the server that the input has ended.
import os
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sent = bytearray()
lock = threading.Lock()


def show():
    at = 0
    while data := sock.recv(65536):
        os.write(1, data)
        with lock:
            same = sent[at : at + len(data)] == data
        at += len(data)
        if not same:
            print("not what was sent", file=sys.stderr)
            os._exit(1)
    print("server ended", "in time" if at == len(sent) else "too early")


receiver = threading.Thread(target=show)
receiver.start()
for line in sys.stdin.buffer:
    with lock:
        sent += line
    sock.sendall(line)
receiver.join()
