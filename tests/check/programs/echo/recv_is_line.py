# Echo client: a thread takes the answers and checks them against the queue.
import os
import queue
import select
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
lines = queue.Queue()


def check():
    count = bad = 0
    while True:
        if not select.select([sock], [], [], 2.5)[0]:
            if lines.empty():
                continue
            print("timeout, no answer")
            os._exit(1)
        try:
            answer = sock.recv(1 << 16)
        except OSError as error:
            print("error:", error)
            os._exit(1)
        if not answer:
            break
        count += 1
        sys.stdout.buffer.write(b"%d: " % count + answer.strip() + b"\n")
        sys.stdout.buffer.flush()
        if lines.empty() or lines.get() != answer:
            print("   different!")
            bad += 1
    os._exit(0 if lines.empty() and not bad else 1)


threading.Thread(target=check).start()
for line in sys.stdin.buffer:
    lines.put(line)
    sock.sendall(line)
sock.shutdown(socket.SHUT_WR)
