"""Request bodies, read by hand: raw, capped in size and time, and never echoed.

A framework that reads and validates bodies for us would read 20 MB whole, answer 422 with the personal
data it was sent, and 500 to text that is not UTF-8. It knows HTTP only as far as a body needs.
"""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

SECONDS = 120.0
"""A full batch at 64 kbit/s takes 131 s, but a client on such a link sends smaller ones."""


class BadBody(Exception):
    """A body we do not read. `status` is the HTTP status; `code` and `message` go into the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


async def read_body(request: Request, limit: int, seconds: float = SECONDS) -> bytes:
    """The body, of at most `limit` bytes, within `seconds`.

    Raises:
        BadBody: 408, 413 or 415; 400 when the client goes away half-way.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise BadBody(415, "unsupported_encoding", "bodies are sent as they are")
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit() or int(declared) > limit:
        raise BadBody(413, "too_large", f"a body has at most {limit} bytes")
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise BadBody(413, "too_large", f"a body has at most {limit} bytes")
                parts.append(part)
    except TimeoutError as error:
        raise BadBody(408, "too_slow", f"a body arrives within {seconds:.0f} seconds") from error
    except ClientDisconnect as error:
        raise BadBody(400, "cut_short", "the body was cut short") from error
    return b"".join(parts)
