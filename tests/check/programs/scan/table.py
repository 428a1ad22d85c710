# Port scanner: a table of all ports and their states, like nmap's long one.
import errno
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

host, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def state(port):
    with socket.socket() as sock:
        sock.settimeout(0.8)
        code = sock.connect_ex((host, port))
    if code == 0:
        return "OPEN"
    return "CLOSED" if code == errno.ECONNREFUSED else "FILTERED"


print(f"Scan of {host}, ports {first} to {last}, started")
with ThreadPoolExecutor(50) as pool:
    ports = range(first, last + 1)
    states = list(pool.map(state, ports))
print("PORT      STATE")
for port, what in zip(ports, states):
    print(f"{port}/tcp {what}")
print(f"{states.count('OPEN')} open of {len(states)}, last port {last}")
