# A reader for the answer.
import os
import socket
import sys
import threading

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]


def path_of(name):
    if not name or name.startswith(".") or "/" in name or "\\" in name or "\0" in name:
        return None
    return os.path.join(FOLDER, name)


def listing():
    names = [n for n in sorted(os.listdir(FOLDER)) if is_file(path_of(n))]
    lines = [f"FILES {len(names)}"]
    for name in names:
        lines.append(f"{name} {os.path.getsize(path_of(name))}")
    return lines


def is_file(path):
    return path is not None and os.path.isfile(path) and not os.path.islink(path)


class Session(threading.Thread):
    def __init__(self, conn):
        super().__init__(daemon=True)
        self.conn = conn
        self.buffer = b""

    def line(self):
        while b"\n" not in self.buffer:
            data = self.conn.recv(4096)
            if not data:
                return None
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.removesuffix(b"\r").decode(errors="replace")

    def say(self, line):
        self.conn.sendall((line + "\r\n").encode())

    def get(self, name):
        path = path_of(name)
        if path is None:
            return self.say(f'ERROR BAD_NAME "{name}" is no file name')
        if not is_file(path):
            return self.say(f'ERROR NOT_FOUND No such file "{name}"')
        size = os.path.getsize(path)
        self.say(f"SENDING_FILE {name} {size}")
        answer = self.buffer
        self.buffer = b""
        with self.conn.makefile("rb") as reader:
            if not answer.endswith(b"\n"):
                answer += reader.readline()
        if answer.split(b"\n")[0].strip() != b"READY":
            return self.say("CANCELLED")
        with open(path, "rb") as file:
            while chunk := file.read(65536):
                self.conn.sendall(chunk)

    def commands(self):
        while (line := self.line()) is not None:
            word, _, name = line.partition(" ")
            if line == "LIST":
                for reply in listing():
                    self.say(reply)
            elif word == "GET":
                self.get(name)
            elif line == "QUIT":
                return self.say("BYE")
            else:
                self.say(f"ERROR UNKNOWN_COMMAND {word}")

    def run(self):
        try:
            self.commands()
            self.conn.shutdown(socket.SHUT_WR)
            self.conn.settimeout(5)
            while self.conn.recv(4096):
                pass
        except OSError as error:
            print("client:", error)
        self.conn.close()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", PORT))
server.listen(50)
while True:
    conn, address = server.accept()
    Session(conn).start()
