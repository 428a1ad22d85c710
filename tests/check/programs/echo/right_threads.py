# Echo client: one thread sends what is typed, one reads what comes back.
import os
import select
import socket
import sys
import threading
import time

CLOCK = 2.5
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
waiting = bytearray()
lock = threading.Lock()
ended = threading.Event()
last = time.monotonic()


def stop(message, code):
    print(message, file=sys.stderr, flush=True)
    os._exit(code)


def send_lines():
    global last
    for line in sys.stdin.buffer:
        with lock:
            waiting.extend(line)
        last = time.monotonic()
        sock.sendall(line)
    ended.set()
    sock.shutdown(socket.SHUT_WR)
    last = time.monotonic()


threading.Thread(target=send_lines, daemon=True).start()
while True:
    if not select.select([sock], [], [], 0.2)[0]:
        if (waiting or ended.is_set()) and time.monotonic() - last > CLOCK:
            stop("timeout: the server does not answer", 1)
        continue
    try:
        data = sock.recv(65536)
    except OSError as error:
        stop(f"connection lost: {error}", 1)
    if not data:
        break
    last = time.monotonic()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    with lock:
        expected = bytes(waiting[: len(data)])
        del waiting[: len(data)]
    if data != expected:
        stop(f"WRONG ANSWER: sent {expected[:60]!r}, received {data[:60]!r}", 1)
if waiting or not ended.is_set():
    stop("the server closed too early", 1)
stop("everything came back as it was sent", 0)
