"""Processes that stand beside a desk: how they are started and ended, and the one that reports to HQ.

It refuses to know what a desk is.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from pathlib import Path

from kiosk.core.clock import JAPAN
from sync import outbox
from ui.station import Link, Sync


def start_process(target: Callable[..., None], *arguments: object) -> SpawnProcess:
    """A process of our own that ends with this one; spawned, so that it inherits no key."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def end_process(process: SpawnProcess | None, seconds: float = 5.0) -> None:
    """Ask it to end, and see that it does."""
    if process is None:
        return
    process.terminate()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def start_sync(data: Path, longest_wait: float = 60.0) -> SpawnProcess:
    """The sync process beside the desk. It never holds the store's key."""
    from sync import runner  # noqa: PLC0415 - the HTTP library is not loaded before the window's first picture

    return start_process(runner.main, str(data), longest_wait)


def sync_of(status: outbox.Status | None) -> Sync:
    """What the pill says of the sync process's last words."""
    if status is None or status.state == "no_link":
        return Sync()
    link = _LINKS.get(status.state, Link.CUT if status.code in {"", "hq_unreachable"} else Link.ASKS)
    sent = (
        None if status.last_contact is None else dt.datetime.fromtimestamp(status.last_contact / 1000, JAPAN)
    )
    return Sync(link, sent, status.unsent_events, status.sentence if link is Link.ASKS else "")


# A link that is away comes back by itself; everything else waits for somebody to act.
_LINKS = {"sending": Link.SENDING, "synced": Link.SENT}
