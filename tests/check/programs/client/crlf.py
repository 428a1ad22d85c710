# Client: reads lines until the server ends.
import socket
import sys

LIMIT = 4096
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5) as sock:
    rest, total = b"", 0
    try:
        while data := sock.recv(1024):
            total += len(data)
            rest += data
            *lines, rest = rest.split(b"\n")
            for line in lines:
                print("".join(c for c in line.decode("utf-8", "replace") if c.isprintable()))
            if total > 100_000 or len(rest) > LIMIT:
                sys.exit("Too much text, I hang up")
    except TimeoutError:
        sys.exit("No answer in 5 seconds")
    except OSError as error:
        sys.exit(f"Connection broken: {error.strerror}")
if rest:
    print("(the last line is unfinished:", ascii(rest) + ")")
