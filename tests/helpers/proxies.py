"""A line to HQ that fails by script: each request meets the next fault, then none."""

from __future__ import annotations

import contextlib
import http.client
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Through:
    """Nothing happens to the request."""


@dataclass
class CutAfter:
    """The connection is cut after so many bytes of the body; HQ never sees the request."""

    size: int


@dataclass
class LoseAnswer:
    """HQ takes the request; its answer is lost."""


@dataclass
class CutAnswer:
    """HQ takes the request; its answer is cut half-way."""


@dataclass
class Answer:
    """Something else answers in HQ's place."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


PORTAL = Answer(200, b"<html>Free Wi-Fi: please log in</html>", {"Content-Type": "text/html"})
REDIRECT = Answer(302, b"", {"Location": "http://127.0.0.1:9/login"})
NONSENSE = Answer(200, b'{"heads": [1, 2]}', {"Content-Type": "application/json"})
BROKEN = Answer(500, b"Internal Server Error")
BAD_GATEWAY = Answer(502, b"<html>502</html>", {"Content-Type": "text/html"})


class Proxy:
    """The line. `script` holds the faults to come; `limit` cuts every body longer than it."""

    def __init__(self, target):
        self.target = urlsplit(target)
        self.script = []
        self.limit = None
        self.seen = []
        self.largest = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                proxy.handle(self)

            do_GET = do_POST = do_PUT = do  # noqa: N815 - http.server's names

            def log_message(self, *_arguments):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def lead_to(self, target):
        """From now on the line ends at another HQ."""
        self.target = urlsplit(target)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def handle(self, request):
        fault = self.script.pop(0) if self.script else Through()
        self.seen.append((request.command, request.path))
        request.close_connection = True
        size = int(request.headers.get("Content-Length", 0))
        if self.limit is not None and size > self.limit:
            fault = CutAfter(self.limit)
        if isinstance(fault, CutAfter):
            request.rfile.read(min(fault.size, size))
            return
        body = request.rfile.read(size)
        if isinstance(fault, Answer):
            self.answer(request, fault.status, fault.headers, fault.body)
            return
        self.largest = max(self.largest, size)
        with contextlib.closing(http.client.HTTPConnection(self.target.hostname, self.target.port)) as line:
            headers = {"Content-Type": request.headers.get("Content-Type", "")} if body else {}
            line.request(request.command, request.path, body or None, headers)
            answer = line.getresponse()
            text = answer.read()
        if isinstance(fault, LoseAnswer):
            return
        if isinstance(fault, CutAnswer):
            request.send_response_only(answer.status)
            request.send_header("Content-Length", str(len(text)))
            request.end_headers()
            request.wfile.write(text[: len(text) // 2])
            return
        self.answer(request, answer.status, {"Content-Type": answer.headers["content-type"]}, text)

    def answer(self, request, status, headers, body):
        request.send_response_only(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(body)
