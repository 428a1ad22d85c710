# Port scanner without threads.
import socket
import sys

for port in range(int(sys.argv[2]), int(sys.argv[3])):
    try:
        socket.create_connection((sys.argv[1], port)).close()
        print(port)
    except OSError:
        pass
