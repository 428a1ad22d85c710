# Echo client with one loop: the keyboard and the socket are both watched.
import os
import selectors
import socket
import sys
import time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(0, selectors.EVENT_READ)
selector.register(sock, selectors.EVENT_READ)
to_send, expected = bytearray(), bytearray()
typing, bad, last = True, 0, time.monotonic()

while True:
    events = selector.select(0.25)
    if events:
        last = time.monotonic()
    elif time.monotonic() - last > 2 and (expected or not typing):
        print("no answer for 2 seconds, giving up")
        sys.exit(2)
    for key, mask in events:
        if key.fd == 0:
            data = os.read(0, 16384)
            to_send += data
            expected += data
            if not data:
                typing = False
            if not typing or len(to_send) > 100000:
                selector.unregister(0)
        elif mask & selectors.EVENT_READ:
            try:
                data = sock.recv(16384)
            except ConnectionError as error:
                sys.exit(f"error: {error}")
            if not data:
                if expected or typing:
                    sys.exit("error: the server ended before everything was back")
                sys.exit(0 if bad == 0 else "some answers were different")
            os.write(1, data)
            if not data == expected[: len(data)]:
                bad += 1
                print("\n*** the answer is different from what was sent ***")
            del expected[: len(data)]
    if to_send:
        try:
            sent = sock.send(to_send)
            del to_send[:sent]
        except BlockingIOError:
            pass
        except ConnectionError as error:
            sys.exit(f"error: {error}")
    if typing and 0 not in selector.get_map() and len(to_send) < 100000:
        selector.register(0, selectors.EVENT_READ)
    if not typing and not to_send:
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if to_send else 0)
    selector.modify(sock, wanted)
