# Echo server with the module socketserver.
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            data = self.request.recv(8192)
            while data:
                self.request.sendall(data)
                data = self.request.recv(8192)
        except ConnectionError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100


with Server(("127.0.0.1", int(sys.argv[1])), Echo) as server:
    server.serve_forever()
