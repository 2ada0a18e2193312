"""Everything a service or the way to it does wrong, on demand.

The control port queues faults; each is used up by `times` requests of its
service (and `path`, if given). Faults not known here are the service's own
(wrong-nonce, evil-chain…) and reach it as Request.fault.
"""
import email.utils
import json
import threading
import time

BIG = 20 * 1024 * 1024
HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>" \
       b"<body><h1>502 Bad Gateway</h1></body></html>\n"
SAMPLE = b'{"token":"' + b"A" * 4000 + b'"}'


class Board:
    """What was asked, and what shall go wrong next; for all services."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests, self.queue = [], []

    def log(self, service, request):
        headers = {}
        for name, value in request.headers.items():
            if name.lower() in ("authorization", "secret", "x-identity-header"):
                value = value.split(" ")[0] + " …" if " " in value else "…"
            headers[name] = value
        self.add({"service": service, "method": request.method,
                  "path": request.target, "headers": headers,
                  "body_length": len(request.body)})

    def add(self, entry):
        with self.lock:
            self.requests.append(dict(entry, time=time.time()))

    def put(self, fault):
        with self.lock:
            self.queue.append(dict({"times": 1, "service": "*"}, **fault))

    def reset(self):
        with self.lock:
            self.requests, self.queue = [], []

    def use(self, wanted):
        """The first fault that is wanted, used up by one."""
        with self.lock:
            for fault in self.queue:
                if wanted(fault):
                    fault["times"] -= 1
                    if fault["times"] <= 0:
                        self.queue.remove(fault)
                    return fault
        return None

    def take(self, service, request):
        return self.use(lambda f: f["service"] in (service, "*") and
                        f["kind"] != "refuse" and
                        f.get("path", "") in request.target and
                        f.get("method", request.method) == request.method)

    def refuses(self, service):
        if not self.use(lambda f: f["service"] in (service, "*") and
                        f["kind"] == "refuse"):
            return False
        self.add({"service": service, "method": "refused"})
        return True


# --- faults of the way: the service is not asked -------------------------------

def raw(handler, data):
    handler.wfile.write(data)
    handler.wfile.flush()
    handler.close_connection = True


def head(status=b"200 OK", kind=b"application/json", length=len(SAMPLE)):
    return b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
        status, kind, length)


def hang(handler, fault):
    handler.close_connection = True
    handler.wait_for_client_to_leave(fault.get("seconds", 120))


def stall(handler, fault):
    raw(handler, head() + SAMPLE[:2000])
    hang(handler, fault)


def drip(handler, fault):
    """A byte at a time: never idle, never done."""
    raw(handler, head())
    try:
        for i in range(int(fault.get("seconds", 120) * 10)):
            raw(handler, SAMPLE[i:i + 1])
            time.sleep(0.1)
    except OSError:
        pass


def early_close(handler, fault):
    raw(handler, head() + SAMPLE[:2000])


def close(handler, fault):
    handler.close_connection = True


def garbage(handler, fault):
    raw(handler, bytes(range(256)) * 4 + b"\r\n\r\n")


def bad_chunk(handler, fault):
    raw(handler, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\n{\"tok\r\nzz\r\n")


def big(handler, fault):
    size = fault.get("size", BIG)
    raw(handler, head(length=size) + b'{"token":"')
    block = b"A" * 65536
    size -= 10
    try:
        while size > 0:
            handler.wfile.write(block[:size])
            size -= len(block)
    except OSError:
        pass


def big_headers(handler, fault):
    raw(handler, b"HTTP/1.1 200 OK\r\n")
    try:
        for i in range(20000):
            raw(handler, b"X-Filler-%d: %s\r\n" % (i, b"A" * 1000))
    except OSError:
        pass


def slow_headers(handler, fault):
    """A header ten times a second: never idle, never done."""
    raw(handler, b"HTTP/1.1 200 OK\r\n")
    try:
        for i in range(int(fault.get("seconds", 120) * 10)):
            raw(handler, b"X-Filler-%d: a\r\n" % i)
            time.sleep(0.1)
    except OSError:
        pass


def long_header(handler, fault):
    raw(handler, b"HTTP/1.1 200 OK\r\nX-Filler: " + b"A" * 200000 + b"\r\n" +
        head()[len(b"HTTP/1.1 200 OK\r\n"):] + SAMPLE)


def unasked_gzip(handler, fault):
    raw(handler, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        b"5\r\n{\"a\":\r\n0\r\n\r\n")


def nul_header(handler, fault):
    raw(handler, b"HTTP/1.1 200 OK\r\nX-Filler: a\0b\r\n" +
        head()[len(b"HTTP/1.1 200 OK\r\n"):] + SAMPLE)


WAY = {"hang": hang, "stall": stall, "drip": drip, "early-close": early_close,
       "close": close, "garbage": garbage, "bad-chunk": bad_chunk, "big": big,
       "big-headers": big_headers, "slow-headers": slow_headers,
       "nul-header": nul_header, "long-header": long_header,
       "unasked-gzip": unasked_gzip}


# --- answers that need no service ----------------------------------------------

def canned(handler, request, fault):
    """(status, body, headers, content type) or None"""
    kind = fault["kind"]
    if kind == "html":
        return fault.get("status", 502), HTML, {}, "text/html"
    if kind == "empty":
        return fault.get("status", 200), b"", {}, None
    if kind == "ok401":
        return 401, b"OK", {"WWW-Authenticate": (
            'Bearer authorization="https://login.microsoftonline.com/'
            '00000000-0000-4000-8000-000000000001", '
            'resource="https://managedhsm.azure.net"')}, "text/plain"
    if kind == "redirect":
        where = fault.get("to", handler.server.authority + "/elsewhere")
        return fault.get("status", 307), b"", {"Location": where}, None
    if kind == "429":
        return 429, error("TooManyRequests", "Request rate is too high."), \
            retry_after(fault), "application/json"
    if kind == "500":
        return fault.get("status", 500), json.dumps({"Error": {
            "Code": "InternalServerError",
            "Message": "An internal error has occurred."}}).encode(), \
            retry_after(fault), "application/json"
    if kind == "status":
        return fault["status"], text(fault.get("body", "")), \
            fault.get("headers", {}), fault.get("type", "application/json")
    return None


def error(code, message):
    return json.dumps({"error": {"code": code, "message": message}}).encode()


def text(body):
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def retry_after(fault):
    """retry_after: seconds, "date:SECONDS" for the other form, or any text"""
    value = fault.get("retry_after")
    if value is None:
        return {}
    value = str(value)
    if value.startswith("date:"):
        value = email.utils.formatdate(time.time() + int(value[5:]), usegmt=True)
    return {"Retry-After": value}


def transport(handler, request, fault):
    """Acts the fault out; False if it is the service's business."""
    from .web import Response, request_id
    if fault["kind"] in WAY:
        WAY[fault["kind"]](handler, fault)
        return True
    made = canned(handler, request, fault)
    if made is None:
        return False
    status, body, headers, kind = made
    headers = dict({"x-ms-request-id": request_id()}, **headers)
    handler.send(Response(status, body, headers, fault.get("chunked", False),
                          kind))
    return True


def change(response, fault):
    """Faults that only touch a finished answer."""
    if fault["kind"] == "two-json":
        response.body += b'{"token":""}'
    elif fault["kind"] == "chunked":
        response.chunked = True
    elif fault["kind"] == "bom":
        response.body = b"\xef\xbb\xbf" + response.body
    elif fault["kind"] == "truncated":
        response.body = response.body[:len(response.body) // 2]
    elif fault["kind"] == "delay":
        time.sleep(fault.get("seconds", 1))
    elif fault["kind"] == "headers":
        response.headers.update(fault.get("headers", {}))
    return response
