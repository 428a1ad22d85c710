# Echo client: prints only what comes back, the verdict is the exit code.
import os
import select
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sent = []


def send():
    try:
        for line in sys.stdin.buffer:
            sent.append(line)
            for i in range(0, len(line), 4):
                sock.sendall(line[i:i + 4])
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    buffer = b""
    quiet = 0
    while True:
        if not select.select([sock], [], [], 0.5)[0]:
            quiet += 1
            if quiet > 4 and (sent or not thread.is_alive()):
                return 1
            continue
        try:
            data = sock.recv(1000)
        except OSError:
            return 1
        quiet = 0
        if not data:
            return 0 if not sent and not buffer else 1
        buffer += data
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
            if not sent or sent.pop(0) != line + b"\n":
                return 1


code = main()
os._exit(code)
