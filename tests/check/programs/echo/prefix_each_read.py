# Echo client: a thread prints each read as the answer to the next line.
import os
import queue
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(5)
sent = queue.Queue()


def receive():
    try:
        while data := sock.recv(4096):
            print(f"Received {len(data)} bytes: {data.decode(errors='replace').rstrip()}")
            if not sent.empty() and sent.get() != data:
                print("  this is not the line that was sent")
        os._exit(0 if sent.empty() else 1)
    except OSError as error:
        print("error:", error)
        os._exit(1)


reader = threading.Thread(target=receive)
reader.start()
for line in sys.stdin:
    sent.put(line.encode())
    sock.sendall(line.encode())
sock.shutdown(socket.SHUT_WR)
reader.join()
