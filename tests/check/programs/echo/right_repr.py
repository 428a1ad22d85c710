# Echo client that shows bytes as Python does.
import socket
import sys
import threading

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
lost = 0
wrong = 0
for line in sys.stdin:
    data = line.encode()
    sender = threading.Thread(target=sock.sendall, args=(data,), daemon=True)
    sender.start()
    sock.settimeout(3)
    received = b""
    try:
        while len(received) < len(data):
            part = sock.recv(65536)
            if not part:
                break
            received += part
    except (TimeoutError, ConnectionError) as e:
        print("no more:", e)
    sender.join(1)
    print("sent", data[:80], "got", received[:80])
    lost += len(data) - len(received)
    if len(received) == len(data) and received != data:
        wrong += 1
    if lost:
        break
print(f"{lost} bytes lost, {wrong} lines wrong")
