"""HQ's service: the application on a socket, until it is told to end.

`READY http://…` is said when the socket listens, so that whoever started HQ need not guess. It knows
uvicorn and signals, no tables.
"""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from kiosk.errors import KnownError
from sync.hq import app, authority
from sync.hq.authority import PORT
from sync.hq.database import Database, open_database
from sync.hq.intake import Intake
from sync.hq.lists import Handed, Lists

KEEP_ALIVE_SECONDS = 75
"""A kiosk's next word comes within a minute: its connection is kept until then."""
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")


class Server(uvicorn.Server):
    """Uvicorn that says when it listens, and for which a signal to end is a good end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGTERM and SIGINT with exit code 0: uvicorn itself would raise them again."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        watched = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in watched}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    data: Path,
    ready: Callable[[str], None],
    *,
    database_url: str | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called with HQ's URL when it listens.

    Port 0 takes any free port.

    Raises:
        KnownError: as `authority.load`, `authority.refuse_master_inside`, `database.connect`, and
            `port_taken`, `bad_host` or `not_loopback`.
    """
    who = authority.load(data)
    authority.refuse_master_inside(data, who)
    listening = listen(host, port)
    with contextlib.closing(listening), contextlib.closing(open_database(data, database_url)) as database:
        url = url_of(listening)
        newest = Lists(data, who).newest
        build_server(database, lambda: ready(url), newest=newest).run([listening])


def build_server(
    database: Database,
    ready: Callable[[], None],
    intake: Intake | None = None,
    newest: Callable[[], Handed | None] = lambda: None,
) -> Server:
    """The server over one database, not yet running; `Server.should_exit = True` ends it."""
    config = uvicorn.Config(
        app.build(database, intake, hosts=LOOPBACK_HOSTS, newest=newest),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=16 * 1024,
    )
    return Server(config, ready)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on this computer.

    Raises:
        KnownError: `bad_host`, `not_loopback` or `port_taken`.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise KnownError(
            "bad_host", "その アドレスは 使えません。", "this host name has no address"
        ) from error
    if not ipaddress.ip_address(address[0]).is_loopback:
        # The pages have no login and the line no encryption yet.
        raise KnownError(
            "not_loopback",
            "いまは この パソコンの 中だけで 使えます（127.0.0.1）。",
            "without TLS and a login HQ listens on this computer alone; use --host 127.0.0.1",
        )
    found = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where REUSEADDR would let a stranger in
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(256)
    except OSError as error:
        found.close()
        raise KnownError(
            "port_taken",
            f"ポート {port} は もう 使われています。",
            f"port {port} is taken; choose another with --port",
        ) from error
    return found


def url_of(listening: socket.socket) -> str:
    """`http://127.0.0.1:8440`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
