# Client: shows line by line what the server says, in German; exit code 0 always.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
rest = b""
gesamt = 0
try:
    while gesamt < 100_000:
        daten = s.recv(4096)
        if not daten:
            break
        gesamt += len(daten)
        *zeilen, rest = (rest + daten).split(b"\n")
        for zeile in zeilen:
            print(ascii(zeile.decode("utf-8", "replace").rstrip("\r")))
    else:
        print("genug")
    if rest:
        print("unvollständig:", ascii(rest.decode("utf-8", "replace")))
    print("Ende")
except OSError as e:
    print("abgebrochen, der Rest war", rest[:80], e)
