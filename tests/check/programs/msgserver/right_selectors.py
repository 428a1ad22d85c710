# One thread and selectors.
import re
import selectors
import socket
import sys

sel = selectors.DefaultSelector()
people = []
number = 0


class Person:
    def __init__(self, sock, name):
        self.sock, self.name = sock, name
        self.inbox, self.outbox = b"", bytearray()
        self.eof = self.done = self.shut = False


def update(p):
    if p.done and not p.outbox:
        if p.eof:
            return drop(p)
        if not p.shut:
            p.sock.shutdown(socket.SHUT_WR)
            p.shut = True
    read = 0 if p.eof else selectors.EVENT_READ
    sel.modify(p.sock, read | (selectors.EVENT_WRITE if p.outbox else 0), p)


def send(p, text):
    p.outbox += text.encode() + b"\r\n"
    update(p)


def tell(text, but=None):
    for p in people:
        if p is not but:
            send(p, text)


def leave(p):
    if p in people:
        people.remove(p)
        tell(f"* {p.name} has gone")
    p.done = True


def drop(p):
    leave(p)
    sel.unregister(p.sock)
    p.sock.close()


def command(p, line):
    word, *words = line.split()
    if word == "/quit":
        send(p, "* Goodbye")
        leave(p)
        update(p)
    elif word == "/list":
        send(p, f"* {len(people)} connected: " + ", ".join(q.name for q in people))
    elif word == "/nick":
        name = " ".join(words)
        if not re.fullmatch(r"[\w-]{1,20}", name) or name.lower().startswith("guest-"):
            send(p, f"! You cannot be called {name}")
        elif any(q.name.casefold() == name.casefold() for q in people if q is not p):
            send(p, f"! {name} is somebody else")
        else:
            old, p.name = p.name, name
            tell(f"* {old} is now {name}")
    else:
        send(p, f'! Unknown command "{line}"')


def readable(p):
    data = p.sock.recv(65536)
    if not data:
        p.eof = True
        leave(p)
        return update(p)
    p.inbox += data
    *lines, p.inbox = p.inbox.split(b"\n")
    for line in lines:
        text = line.removesuffix(b"\r").decode("utf-8", "replace")
        if p.done or not text.strip():
            continue
        if text.startswith("/"):
            command(p, text)
        else:
            tell(f"<{p.name}> {text}", but=p)


def writable(p):
    sent = p.sock.send(p.outbox)
    del p.outbox[:sent]
    update(p)


def welcome(listener):
    global number
    sock, _ = listener.accept()
    sock.setblocking(False)
    number += 1
    p = Person(sock, f"guest-{number}")
    sel.register(sock, selectors.EVENT_READ, p)
    tell(f"* {p.name} joined")
    people.append(p)
    send(p, f"* Welcome, {p.name}")


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
sel.register(listener, selectors.EVENT_READ)
while True:
    for key, events in sel.select():
        p = key.data
        if p is None:
            welcome(listener)
            continue
        try:
            if events & selectors.EVENT_WRITE:
                writable(p)
            if events & selectors.EVENT_READ and p.sock.fileno() >= 0:
                readable(p)
        except ConnectionError:
            drop(p)
