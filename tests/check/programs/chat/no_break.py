# Chat client: shows lines as they come, for as long as it runs.
import socket
import sys
import threading
import time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
reader = sock.makefile("rb")


def typing():
    for line in sys.stdin:
        sock.sendall(line.encode())


threading.Thread(target=typing).start()
while True:
    line = reader.readline()
    if line:
        sys.stdout.write("| " + line.decode("utf-8", "replace"))
        sys.stdout.flush()
    else:
        time.sleep(0.1)
