# Echo client: text comes back, and is compared line by line.
import os
import select
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
expected = []


def type_lines():
    for line in sys.stdin:
        expected.append(line)
        sock.sendall(line.encode("utf-8"))
    sock.shutdown(socket.SHUT_WR)


threading.Thread(target=type_lines, daemon=True).start()
text = ""
status = 0
while True:
    if not select.select([sock], [], [], 2.5)[0]:
        if expected:
            print("The server says nothing.")
            os._exit(1)
        continue
    try:
        data = sock.recv(4096)
    except OSError as error:
        print("Error:", error)
        os._exit(1)
    if not data:
        break
    text += data.decode("utf-8", errors="replace")
    while "\n" in text:
        line, text = text.split("\n", 1)
        print(line)
        if not expected or line + "\n" != expected.pop(0):
            print("This line is different from what was sent!")
            status = 1
if expected or text:
    print("The server closed, and lines are missing.")
    status = 1
os._exit(status)
