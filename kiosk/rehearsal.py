"""A private HQ and an invented city on this computer: for `kiosk demo`, `kiosk practice` and `kiosk bench`.

The HQ is the real one, in a process of its own on loopback; the master lies beside its data, which only
an HQ of invented people may do. It refuses to know what is rehearsed.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import secrets
import socket
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from kiosk.core.clock import JAPAN
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Mode
from kiosk.errors import KnownError
from kiosk.wiring import end_process, start_process
from sync.hq import authority, figures, serve, sheets, shelters, tables
from sync.hq.database import open_database
from sync.hq.shelters import Shelter

MUNICIPALITY = "431001"
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class City:
    """An invented city's HQ, set up and not yet running."""

    data: Path
    issuer: IssuerKey
    """Signs the city's passes."""
    sheet_text: str
    sheet_png: bytes


def found_city(folder: Path, shelter: str, hq_url: str, mode: Mode = Mode.DRILL) -> City:
    """Do what a city does beforehand: HQ, an incident, a shelter, a key for passes, an opening sheet."""
    data, master = folder / "hq", folder / "master" / "master.key"
    who = authority.initialise(data, master, MUNICIPALITY, "練習市", hq_url, secrets.token_bytes)
    issuer = IssuerKey.generate(MUNICIPALITY)
    database = open_database(data, None)
    now = int(time.time() * 1000)
    try:
        with database.write() as connection:
            today = dt.datetime.now(JAPAN).date()
            shelters.add_incident(connection, "練習", "訓練", mode, today, secrets.token_bytes, now)
            place = Shelter("4310010001", MUNICIPALITY, shelter, capacity="200")
            shelters.add_shelters(connection, [place], now)
            (printed,) = sheets.make(
                connection,
                who,
                authority.officers_master(master, who, data),
                [place],
                [mode],
                [issuer.trusted()],
                randomness=secrets.token_bytes,
                now=now,
            )
    finally:
        database.close()
    return City(data, issuer, printed.text, printed.png())


class PrivateHq:
    """The real HQ of an invented city, in a process of its own."""

    def __init__(self, city: City, port: int = 0) -> None:
        """Listen on `port` of loopback; 0 takes any free one."""
        self._city = city
        self._port = port
        self._process: SpawnProcess | None = None

    def start(self) -> str:
        """Start it; returns its URL once it listens.

        Raises:
            KnownError: `hq_not_started`.
        """
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        self._process = start_process(_serve, str(self._city.data), self._port, theirs)
        theirs.close()
        try:
            if ours.poll(START_SECONDS):
                return str(ours.recv())
        except EOFError:
            pass
        finally:
            ours.close()
        self.stop()
        raise KnownError(
            "hq_not_started", "練習用の 本部を 始められません。", "the private HQ does not start"
        )

    def stop(self) -> None:
        """End it."""
        end_process(self._process)
        self._process = None

    def figures(self, mode: Mode) -> figures.ShelterFigures:
        """What HQ's events prove, from its own tables."""
        database = open_database(self._city.data, None)
        try:
            with database.read() as connection:
                return figures.read(connection, mode).total
        finally:
            database.close()

    def households(self) -> list[bytes]:
        """The id of each reception HQ holds, once for each event: a doubled one stands twice."""
        database = open_database(self._city.data, None)
        try:
            with database.read() as connection:
                event = tables.event
                rows = connection.execute(
                    event.select().with_only_columns(event.c.household).where(event.c.kind == "receive")
                )
                return [bytes(row[0]) for row in rows]
        finally:
            database.close()


def _serve(data: str, port: int, ready: Connection[Any, Any]) -> None:
    serve.serve(Path(data), ready.send, port=port)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def free_of_proxies() -> None:
    """Loopback needs none, and a city's proxy would only be in the way."""
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
