# Echo client: one send, one recv, compare.
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(3)
wrong = 0
try:
    for line in sys.stdin.buffer:
        sock.sendall(line)
        answer = sock.recv(len(line))
        if not answer:
            sys.exit("the server has closed the connection")
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
        if answer != line:
            wrong += 1
            print("error: not the line that I sent")
    sock.shutdown(socket.SHUT_WR)
    while data := sock.recv(1024):
        wrong += 1
        print("more:", data)
except OSError as error:
    sys.exit(str(error))
sys.exit(1 if wrong else 0)
