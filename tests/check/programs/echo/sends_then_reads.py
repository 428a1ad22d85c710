# Echo client: sends the whole input, then reads until the end.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(3)
sent = bytearray()
received = bytearray()
try:
    for line in sys.stdin.buffer:
        sock.sendall(line)
        sent += line
    sock.shutdown(socket.SHUT_WR)
    while data := sock.recv(65536):
        received += data
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
except OSError as error:
    sys.exit(f"error: {error}")
if sent == received:
    print("identical", file=sys.stderr)
else:
    sys.exit("NOT identical")
