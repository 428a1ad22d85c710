# Daytime client that logs on stderr.
import logging
import socket
import sys

logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
answer = b""
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3) as sock:
        while len(answer) <= 4096 and (part := sock.recv(100)):
            answer += part
    logging.info("server time: %s", "".join(c if c.isprintable() else " " for c in answer.decode("ascii", "replace")))
except OSError as error:
    logging.info("nothing: %r", error)
