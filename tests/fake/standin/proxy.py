"""A proxy for CONNECT: whatever the host is called, it is on this machine.

A fault of the kind `status` (service proxy) is its answer instead of a tunnel.
"""
import select
import socket

from . import web


class Handler(web.Handler):
    def do_CONNECT(self):
        board = self.server.board
        board.log("proxy", web.Request("CONNECT", self.path, self.headers, b"", ""))
        fault = board.use(lambda f: f["service"] == "proxy")
        self.close_connection = True
        if fault:
            self.send_response(fault["status"])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        port = int(self.path.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 10) as far:
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            self.relay(far)

    def relay(self, far):
        near = self.connection
        pair = {near: far, far: near}
        while True:
            for ready in select.select(list(pair), [], [], 60)[0]:
                data = ready.recv(65536)
                if not data:
                    return
                pair[ready].sendall(data)


class Server(web.Server):
    handler = Handler
