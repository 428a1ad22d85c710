# Echo server with the module socketserver.
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(8192):
                self.request.sendall(data)
        except ConnectionError:
            pass


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    request_queue_size = 100


Server(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
