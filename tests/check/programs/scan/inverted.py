# Port scanner: says of each port what it is.
import socket
import sys

for port in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
    s = socket.socket()
    s.settimeout(0.5)
    if s.connect_ex((sys.argv[1], port)):
        print("port", port, "is open")
    s.close()
