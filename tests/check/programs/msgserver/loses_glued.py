# Collects until a line is whole.
import queue, re, socket, sys, threading

clients, lock, guests = [], threading.Lock(), 0


class Client:
    def __init__(self, conn, name):
        self.conn, self.name, self.out = conn, name, queue.Queue()
        self.writer = threading.Thread(target=self.write, daemon=True)
        self.writer.start()

    def say(self, line):
        self.out.put(line.encode() + b"\r\n")

    def write(self):
        try:
            while (data := self.out.get()) is not None:
                self.conn.sendall(data)
            self.conn.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def others(me, line):
    with lock:
        for c in clients:
            if c is not me:
                c.say(line)


def nick(me, name):
    with lock:
        taken = [c.name.casefold() for c in clients if c is not me]
    if not re.fullmatch(r"[\w-]{1,20}", name):
        me.say("! A nickname has 1 to 20 letters, digits, _ or -")
    elif name.lower().startswith("guest-"):
        me.say(f'! Nickname "{name}" is reserved for guests')
    elif name.casefold() in taken:
        me.say(f'! Nickname "{name}" is taken')
    else:
        old, me.name = me.name, name
        others(None, f"* {old} is now {name}")


def handle(me, line):
    word, _, rest = line.partition(" ")
    if word == "/list":
        with lock:
            names = [c.name for c in clients]
        me.say(f"* {len(names)} connected: {', '.join(names)}")
    elif word == "/nick":
        nick(me, rest.strip())
    elif word.startswith("/"):
        me.say(f'! Unknown command "{line}"')
    elif line.strip():
        others(me, f"<{me.name}> {line}")


def talk(me):
    buf = b""
    while data := me.conn.recv(4096):
        buf += data
        if b"\n" not in buf:
            continue
        line = buf.split(b"\n")[0].removesuffix(b"\r").decode(errors="replace")
        buf = b""
        if line.split(" ")[0] == "/quit":
            return me.say("* Goodbye")
        handle(me, line)


def serve(me):
    me.say(f"* Welcome, {me.name}. Commands: /list, /nick <name>, /quit")
    with lock:
        clients.append(me)
    others(me, f"* {me.name} joined")
    try:
        talk(me)
    except ConnectionError:
        pass
    with lock:
        clients.remove(me)
    others(me, f"* {me.name} left")
    me.out.put(None)
    me.writer.join()
    try:
        me.conn.settimeout(5)
        while me.conn.recv(4096):
            pass
    except OSError:
        pass
    me.conn.close()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(64)
while True:
    conn, _ = server.accept()
    guests += 1
    threading.Thread(target=serve, args=(Client(conn, f"guest-{guests}"),), daemon=True).start()
