# Echo client for scripts: reads all of its input, sends it, shows what came, says whether it is the same.
import selectors
import socket
import sys

text = sys.stdin.buffer.read()
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.setblocking(False)
sel = selectors.DefaultSelector()
sel.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
sent, parts, open_ = 0, [], True
while open_:
    events = sel.select(timeout=3)
    if not events:
        print("timed out")
        sys.exit(1)
    for _, mask in events:
        if mask & selectors.EVENT_WRITE:
            sent += sock.send(text[sent : sent + 65536])
            if sent == len(text):
                sock.shutdown(socket.SHUT_WR)
                sel.modify(sock, selectors.EVENT_READ)
        if mask & selectors.EVENT_READ:
            part = sock.recv(65536)
            parts.append(part)
            open_ = part != b""
answer = b"".join(parts)
print(answer.decode("utf-8", "backslashreplace"), end="")
sys.exit(0 if answer == text else 4)
