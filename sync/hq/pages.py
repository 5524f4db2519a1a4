"""The pages people at HQ look at: counts per shelter, server-rendered, refreshed in place.

Drill and disaster are two pages that never share a number. No page can show a name: there is none here.
There is no login yet, so `hq serve` listens on this computer alone unless told otherwise.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kiosk.core.acts import Fullness, Shelter
from kiosk.core.clock import JAPAN
from kiosk.core.household import Mode
from kiosk.core.words import FULLNESS_WORDS, METHOD_WORDS, OPENING_WORDS
from sync.hq import figures, tables
from sync.hq.database import Database

STALE_MS = 5 * 60_000
"""A kiosk that is linked speaks at least once a minute; after five silent minutes the link is down."""


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": "{:,}".format, "ago": ago, "places": places, "situation": situation}
    return environment


def ago(milliseconds: int) -> str:
    """How long ago, in words: `12秒前`, `3分前`, `2時間前`, `4日前`."""
    seconds = max(0, milliseconds // 1000)
    for size, word in ((86_400, "日前"), (3_600, "時間前"), (60, "分前")):
        if seconds >= size:
            return f"{seconds // size}{word}"
    return f"{seconds}秒前"


def places(capacity: str) -> int | None:
    """The number in a capacity as the open data have it (`約２００人` → 200); None without one."""
    found = re.search(r"\d[\d,]*", unicodedata.normalize("NFKC", capacity))
    return int(found.group().replace(",", "")) or None if found else None


def situation(state: Shelter) -> str:
    """A shelter's own word for its state: `開設・混雑　職員4人 応援2人　10:12 確認`."""
    words = [OPENING_WORDS[state.opening]]
    if state.fullness is not Fullness.UNKNOWN:
        words[0] += f"・{FULLNESS_WORDS[state.fullness]}"
    if state.staff or state.helpers:
        words.append(f"職員{state.staff}人 応援{state.helpers}人")
    if state.checked_at:
        checked = dt.datetime.fromtimestamp(state.checked_at, JAPAN)
        words.append(f"{checked:%H:%M} 確認")
    return "　".join(words)


def router(database: Database, now: Callable[[], int]) -> APIRouter:
    """The pages over one database; `now` gives milliseconds since 1970."""
    routes = APIRouter(include_in_schema=False)

    def render(template: str, request: Request) -> HTMLResponse:
        moment = now()
        with database.read() as connection:
            modes = set(connection.scalars(select(tables.device.c.mode).distinct()))
            mode = _asked(request, drill_only=modes == {int(Mode.DRILL)})
            shown = figures.read(connection, mode)
        text = (
            _environment()
            .get_template(template)
            .render(
                figures=shown,
                total=shown.total,
                drill=mode is Mode.DRILL,
                mode=mode.name.lower(),
                methods={method.word: word for method, word in METHOD_WORDS.items()},
                now=moment,
                clock=dt.datetime.fromtimestamp(moment / 1000, JAPAN).strftime("%Y-%m-%d %H:%M:%S"),
                stale_after=STALE_MS,
            )
        )
        return HTMLResponse(text)

    # Not async: they read the database, and run in a thread of the pool.
    @routes.get("/")
    def page(request: Request) -> HTMLResponse:
        """The counts of one mode: `?mode=drill` or `?mode=disaster`."""
        return render("counts.html", request)

    @routes.get("/counts")
    def table(request: Request) -> HTMLResponse:
        """The part of the page that changes."""
        return render("figures.html", request)

    return routes


def _asked(request: Request, *, drill_only: bool) -> Mode:
    asked = request.query_params.get("mode")
    if asked in ("drill", "disaster"):
        return Mode[asked.upper()]
    return Mode.DRILL if drill_only else Mode.DISASTER
