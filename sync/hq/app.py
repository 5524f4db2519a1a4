"""HQ's web application: the devices' endpoints and the pages, with one way to answer errors.

No documentation is served and no body is ever echoed. What fails unexpectedly is logged by the name of
its error alone, because messages of errors may carry what was sent. It knows no tables.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.errors import Malformed
from sync.hq import api, pages
from sync.hq.bodies import BadBody
from sync.hq.database import Database
from sync.hq.giving_back import giving_back
from sync.hq.intake import Intake
from sync.hq.lists import Handed
from sync.hq.refusals import Refused

log = logging.getLogger("hq")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Adds the headers every answer carries, and keeps what was sent out of the log of our bugs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        # The framework answers our bugs (`_bug`), then raises them again for a log that would quote them.
        with contextlib.suppress(Exception):
            await self._app(scope, receive, guarded)


def _place(error: BaseException) -> str:
    """File and line of an error's innermost frame, which name nobody."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def build(
    database: Database,
    intake: Intake | None = None,
    hosts: Sequence[str] = ("*",),
    newest: Callable[[], Handed | None] = lambda: None,
) -> ASGIApp:
    """The application over one database; `hosts` are the Host headers it answers to.

    `newest` tells the list of issuers that is handed on to desks.
    """
    intake = intake or Intake(database)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(api.router(intake, giving_back(database), newest))
    app.include_router(pages.router(database, intake.now))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(BadBody, api.refuse_body)
    app.add_exception_handler(Malformed, api.refuse_malformed)
    app.add_exception_handler(Refused, api.refuse)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(SQLAlchemyError, _unavailable)
    app.add_exception_handler(Exception, _bug)
    # A page elsewhere that gives its own name our address must not read ours through the browser.
    return Guard(TrustedHostMiddleware(app, allowed_hosts=list(hosts), www_redirect=False))


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    codes = {404: "not_found", 405: "method_not_allowed"}
    return api.error_answer(status, codes.get(status, "refused"), "there is nothing here for this request")


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    log.error("database: %s", type(error).__name__)
    answer = api.error_answer(503, "unavailable", "HQ can not write now; nothing was taken")
    answer.headers["Retry-After"] = "5"
    return answer


async def _bug(_request: Request, error: Exception) -> JSONResponse:
    log.error("bug: %s at %s", type(error).__name__, _place(error))
    return api.error_answer(500, "bug", "HQ made a mistake; nothing was taken")
