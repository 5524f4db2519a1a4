"""A whole HQ for tests: its keys, its database, and its service on loopback."""

from __future__ import annotations

import contextlib
import copy
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import select

from devices import Device
from kiosk.core.household import Mode
from kiosk.core.ids import DeviceId
from sync.hq import authority, figures, lists, sheets, shelters, tables
from sync.hq.database import connect, sqlite_url
from sync.hq.intake import Intake
from sync.hq.serve import build_server, listen, url_of

SHELTERS = (
    shelters.Shelter("4310010001", "431001", "城山小学校", capacity="約２００人"),
    shelters.Shelter("4310010002", "431001", "本町小学校", capacity="150"),
)


class Headquarters:
    """HQ in a folder; `devices` are registered laptops, unless told otherwise."""

    def __init__(self, folder, url=None):
        self.folder = Path(folder)
        self.data = self.folder / "hq"
        self.master = self.folder / "master"
        self.authority = authority.initialise(
            self.data, self.master, "431001", "熊本市", "http://127.0.0.1:8440", os.urandom
        )
        self.database = connect(url or sqlite_url(self.data))
        self.now = 1_700_000_000.0
        self.intake = Intake(self.database, lambda: self.now)
        with self.database.write() as connection:
            shelters.add_shelters(connection, SHELTERS, 0)
            printed = sheets.make(
                connection,
                self.authority,
                authority.read_master(self.master),
                SHELTERS,
                list(Mode),
                randomness=os.urandom,
                now=0,
            )
        self.sheets = {(one.sheet.shelter, one.sheet.mode): one for one in printed}

    def close(self):
        self.database.close()

    def copy_to(self, data):
        """A backup of HQ's data, taken while it runs (SQLite)."""
        data.mkdir(parents=True)
        with contextlib.ExitStack() as stack:
            source, target = (
                stack.enter_context(contextlib.closing(sqlite3.connect(folder / "hq.sqlite")))
                for folder in (self.data, data)
            )
            source.backup(target)

    def restored(self, data):
        """The same HQ over a backup of its data folder."""
        other = copy.copy(self)
        other.data, other.database = data, connect(sqlite_url(data))
        other.intake = Intake(other.database, lambda: other.now)
        return other

    def device(self, seed=1, mode=Mode.DRILL, shelter=SHELTERS[0].id, *, registered=False, before=None):
        """An invented laptop opened with a real sheet; `before`: the device that it was."""
        sheet = self.sheets[shelter, mode].sheet
        device = Device(seed, sheet.token, sheet.series, mode, before)
        if registered:
            from sync.wire import decode_registration

            self.intake.register(*decode_registration(device.registration()))
        return device

    def events(self, device):
        """(number, hash) of every event HQ has of a device."""
        table = tables.event
        with self.database.read() as connection:
            rows = connection.execute(
                select(table.c.seq, table.c.hash).where(table.c.device == device.id).order_by(table.c.seq)
            )
            return [(row.seq, row.hash) for row in rows]

    def branch(self, device):
        """(number, hash) of every event of another branch HQ keeps."""
        table = tables.branch
        with self.database.read() as connection:
            rows = connection.execute(
                select(table.c.seq, table.c.hash).where(table.c.device == device.id).order_by(table.c.seq)
            )
            return [(row.seq, row.hash) for row in rows]

    def head(self, device):
        return self.intake.heads([device.id]).get(DeviceId(device.id))

    def figures(self, mode=Mode.DRILL, incident=None):
        with self.database.read() as connection:
            return figures.read(connection, mode, incident)

    @contextlib.contextmanager
    def serving(self):
        """The service, on a free port of loopback; yields its URL."""
        with contextlib.closing(listen("127.0.0.1", 0)) as listening:
            ready = threading.Event()
            server = build_server(
                self.database, ready.set, self.intake, lists.Lists(self.data, self.authority).newest
            )
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()
            try:
                assert ready.wait(20)
                yield url_of(listening)
            finally:
                server.should_exit = True
                thread.join(20)


POSTGRES = max(
    Path("/usr/lib/postgresql").glob("[0-9]*/bin"),
    key=lambda folder: int(folder.parent.name),
    default=Path("/usr/lib/postgresql/15/bin"),
)
"""Where Debian and Ubuntu keep the newest server that is installed."""


@contextlib.contextmanager
def postgres():
    """A PostgreSQL of our own in a folder of its own; yields its URL without a database's name."""
    # Not under pytest's folder: that one belongs to us, and PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="hq-postgres-"))
    who = {}
    if os.geteuid() == 0:
        import pwd

        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": folder}
    data = str(folder / "data")
    server = None
    try:
        with (folder / "log").open("wb") as log:
            subprocess.run(
                [
                    POSTGRES / "initdb", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust",
                    "-U", "hq", "-D", data,
                ],
                check=True, stderr=log, **quiet, **who,
            )  # fmt: skip
            server = subprocess.Popen(
                [
                    POSTGRES / "postgres", "-D", data, "-k", str(folder), "-p", str(port),
                    "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                ],
                stderr=log, **quiet, **who,
            )  # fmt: skip
        _wait_for(port, server)
        yield f"postgresql+psycopg://hq@127.0.0.1:{port}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # fast: it does not wait for idle clients
            server.wait(30)
        shutil.rmtree(folder)


def _wait_for(port, server):
    import psycopg

    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL did not start")
        try:
            psycopg.connect(f"postgresql://hq@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not answer")
