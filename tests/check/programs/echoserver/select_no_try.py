# Echo server, one loop with selectors; what cannot be sent yet waits in a buffer.
import selectors
import socket
import sys

sel = selectors.DefaultSelector()
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
sel.register(listener, READ)
while True:
    for key, mask in sel.select():
        conn, state = key.fileobj, key.data
        if conn is listener:
            conn, _ = listener.accept()
            conn.setblocking(False)
            sel.register(conn, READ, {"out": bytearray(), "end": False})
            continue
        if mask & READ:
            data = conn.recv(32768)
            state["out"] += data
            state["end"] = not data
        if mask & WRITE:
            sent = conn.send(state["out"])
            del state["out"][:sent]
        if state["out"]:
            sel.modify(conn, WRITE if state["end"] or len(state["out"]) > 100000 else READ | WRITE, state)
        elif state["end"]:
            sel.unregister(conn)
            conn.close()
        else:
            sel.modify(conn, READ, state)
