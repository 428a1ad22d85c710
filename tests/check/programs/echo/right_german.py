# Echo-Client: eine Zeile hin, dieselbe Zeile zurück. Gibt immer 0 zurück.
import socket
import sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=4)
datei = s.makefile("rb")
print("Unterschiede und Fehler werden angezeigt.")
try:
    for zeile in sys.stdin.buffer:
        s.sendall(zeile)
        antwort = datei.read(len(zeile))
        if antwort == b"":
            print("Verbindung beendet")
            break
        print("Antwort:", antwort.decode(errors="replace").rstrip("\n"))
        print("gleich" if antwort == zeile else "ANDERS!")
except socket.timeout:
    print("Zeit abgelaufen")
s.close()
