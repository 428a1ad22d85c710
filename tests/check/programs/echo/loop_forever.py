# Echo client: reads for as long as the server is there.
import select
import socket
import sys
import threading
import os

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
pending = bytearray()
lock = threading.Lock()


def listen():
    while True:
        if not select.select([sock], [], [], 2.5)[0]:
            if pending:
                print("no answer, timeout")
                os._exit(1)
            continue
        try:
            data = sock.recv(8192)
        except OSError as error:
            print("error", error)
            os._exit(1)
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        with lock:
            if bytes(pending[: len(data)]) != data:
                print("error: sent and received are different")
                os._exit(1)
            del pending[: len(data)]


threading.Thread(target=listen).start()
for line in sys.stdin.buffer:
    with lock:
        pending += line
    sock.sendall(line)
sock.shutdown(socket.SHUT_WR)
