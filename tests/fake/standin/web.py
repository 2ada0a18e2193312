"""The HTTP server that every stand-in runs on: requests, answers, the log.

A service is a function from Request to Response. Whatever can go wrong below
it (refused, stalled, cut, garbage, 20 MiB, redirect…) is in faults.py.
"""
import http.server
import json
import os
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse

from . import faults


class Request:
    def __init__(self, method, target, headers, body, authority):
        parts = urllib.parse.urlsplit(target)
        self.method, self.target = method, target
        self.path = urllib.parse.unquote(parts.path)
        self.query = dict(urllib.parse.parse_qsl(
            parts.query, keep_blank_values=True))
        self.headers, self.body, self.authority = headers, body, authority
        self.fault = {}

    def json(self):
        """The body as a JSON object; ValueError."""
        value = json.loads(self.body.decode("utf-8"))
        if not isinstance(value, dict):
            raise ValueError("not an object")
        return value

    def bearer(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if scheme == "Bearer" else None

    def is_json(self):
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        return kind.lower() == "application/json"


class Response:
    def __init__(self, status, body=b"", headers=None, chunked=False,
                 kind="application/json; charset=utf-8"):
        self.status, self.headers, self.chunked = status, headers or {}, chunked
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
        self.body = body.encode() if isinstance(body, str) else body
        self.kind = kind


def request_id():
    """In the form of a W3C traceparent, as the real services send."""
    return "00-" + os.urandom(16).hex() + "-0000000000000000-00"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Kestrel", ""
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, *args):
        pass

    def read_body(self):
        n = self.headers.get("Content-Length")
        if n is not None:
            return self.rfile.read(int(n))
        body = b""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return body

    def answer(self):
        server = self.server
        request = Request(self.command, self.path, self.headers,
                          self.read_body(), server.authority)
        server.board.log(server.name, request)
        fault = server.board.take(server.name, request)
        if fault and faults.transport(self, request, fault):
            return
        request.fault = fault or {}
        try:
            response = server.service(request)
        except Exception as e:  # a mistake here must be seen, not hang a test
            response = Response(500, {"error": {
                "code": "StandIn", "message": f"mistake in the stand-in: {e!r}"}})
        if fault:
            response = faults.change(response, fault)
        self.send(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

    def send(self, response):
        self.send_response(response.status)
        if response.kind:
            self.send_header("Content-Type", response.kind)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        body = response.body
        if response.chunked:
            cut = [body[i:i + 1000] for i in range(0, len(body), 1000)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in cut)
            body += b"0\r\n\r\n"
        if self.command != "HEAD":
            self.wfile.write(body)
            self.wfile.flush()

    def wait_for_client_to_leave(self, seconds=120):
        """Until the client closes; it may not send anything more."""
        self.connection.settimeout(1)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if not self.connection.recv(4096):
                    return
            except (TimeoutError, ssl.SSLWantReadError):
                continue
            except OSError:
                return


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    handler = Handler

    def __init__(self, name, service, board, tls=None):
        super().__init__(("127.0.0.1", 0), self.handler)
        self.name, self.service, self.board = name, service, board
        self.port = self.server_address[1]
        self.authority = f"https://localhost:{self.port}"
        if tls:
            # The handshake is the connection's own business, not accept's.
            self.socket = tls.wrap_socket(self.socket, server_side=True,
                                          do_handshake_on_connect=False)

    def server_bind(self):
        # Without the superclass's look-up of the host's name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request, client_address):
        if self.board.refuses(self.name):
            # A reset, as from a service that dies; not while the client still
            # connects, where it looks like a refusal: it has sent something.
            select.select([request], [], [], 5)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
            socket.socket.close(request)
            return
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        try:
            if isinstance(request, ssl.SSLSocket):
                request.settimeout(1)
                request.unwrap()
        except (OSError, ValueError):
            pass
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        if os.environ.get("STANDIN_DEBUG"):
            super().handle_error(request, client_address)

    def start(self):
        threading.Thread(target=self.serve_forever, args=(0.1,),
                         daemon=True).start()


def context(certificate, key):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_cert_chain(certificate, key)
    return tls


def old(tls):
    """The same for a server that was never updated: TLS 1.1 at most."""
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1_1
    return tls
