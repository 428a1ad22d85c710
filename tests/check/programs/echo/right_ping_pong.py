# Echo client: sends a line, waits for the same number of bytes, compares.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(3)
count = 0
try:
    for line in sys.stdin.buffer:
        sock.sendall(line)
        answer = b""
        while len(answer) < len(line):
            piece = sock.recv(len(line) - len(answer))
            if not piece:
                sys.exit(f"the server closed after {answer!r}")
            answer += piece
        print(answer.decode("utf-8", "replace").rstrip("\r\n"))
        if answer != line:
            sys.exit(f"not the same! sent {line!r} but got {answer!r}")
        count += 1
    sock.shutdown(socket.SHUT_WR)
    rest = sock.recv(1024)
    if rest:
        sys.exit(f"too much came back: {rest!r}")
except OSError as error:
    sys.exit(f"problem with the connection: {error}")
print(f"{count} lines, 0 errors")
