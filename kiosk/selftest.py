"""What a build checks of itself: that everything it needs came with it and works together on this machine.

Made for the frozen program, where a file, a library or a child process can be missing though the sources
are right; it works from sources too. Everything is tried on invented people in a temporary folder. It
touches no device and no store of a shelter; those are `kiosk doctor`'s and `kiosk check`'s to look at.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import resources
from kiosk.errors import KnownError

WINDOW_SECONDS = 60.0
REINSTALL = "Install the program again from its package; if that does not help, report this build."
MUST_BE_THERE = (
    "words/ja.toml",
    "dictionaries/pass-1.dict",
    "dictionaries/event-1.dict",
    "baselines/kumamoto-2024-02-25.toml",
    "demo/people.toml",
    "icons/check.svg",
    "sounds/ok.wav",
    "fonts/BIZUDPGothic-Regular.ttf",
    "fonts/BIZUDPGothic-Bold.ttf",
    "fonts/NotoSansJP-Regular.ttf",
)


class Failed(Exception):
    """A check did not find what it must; the message names no person."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    ok: bool
    says: str
    """What was found, in a sentence."""
    to_do: str = ""
    """What a person can do about it; empty when all is well."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing to try: `attempt` gets a folder of its own and says what it found, or raises."""

    name: str
    attempt: Callable[[Path], str]
    to_do: str = REINSTALL


def run(trials: Iterable[Trial] | None = None) -> Iterator[Check]:
    """Try everything in turn; one failure does not keep the next from being tried."""
    for trial in TRIALS if trials is None else trials:
        with tempfile.TemporaryDirectory(prefix="kiosk-selftest-", ignore_cleanup_errors=True) as folder:
            yield _try(trial, Path(folder))


def _try(trial: Trial, folder: Path) -> Check:
    try:
        return Check(trial.name, ok=True, says=trial.attempt(folder))
    except KnownError as error:
        return Check(trial.name, ok=False, says=f"{error.english}.", to_do=trial.to_do)
    except Failed as failed:
        return Check(trial.name, ok=False, says=str(failed), to_do=trial.to_do)
    except Exception as error:  # noqa: BLE001 - a build can be broken in any way, and the next check still counts
        # An error's message may quote data; a missing module's name is what is needed to mend the build.
        what = f" of {error.name}" if isinstance(error, ImportError) and error.name else ""
        return Check(trial.name, ok=False, says=f"{type(error).__name__}{what}.", to_do=trial.to_do)


def _resources(_folder: Path) -> str:
    empty = [name for name in MUST_BE_THERE if not resources.read_bytes(name)]
    if empty:
        raise Failed(f"{empty[0]} is empty.")
    return f"{len(MUST_BE_THERE)} data files are here."


def _store(folder: Path) -> str:
    from kiosk.core.household import Method, Mode  # noqa: PLC0415 - a library that does not load fails its own check
    from kiosk.desk import Arrival, Desk  # noqa: PLC0415 - as above
    from kiosk.store import opening  # noqa: PLC0415 - as above
    from kiosk.store.parts import DATABASE  # noqa: PLC0415 - as above

    name = "自己　診断"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(folder, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.staff)
        desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name=name)])))
        if problems := store.ledger.problems():
            raise Failed(f"The log of one reception shows {len(problems)} problems.")
        written = b"".join(path.read_bytes() for path in folder.glob(f"{DATABASE}*"))
    written += (folder / DATABASE).read_bytes()
    if name.encode() in written or b"SQLite format 3" in written or b"CREATE TABLE" in written:
        raise Failed("The store on disk is not encrypted.")
    return "A reception was stored, is in order, and can not be read without its key."


def _pass(_folder: Path) -> str:
    import numpy as np  # noqa: PLC0415 - as in _store

    from kiosk.camera.child import DecoderProcess  # noqa: PLC0415 - as in _store
    from kiosk.camera.synthetic import Scene, photograph  # noqa: PLC0415 - as in _store
    from kiosk.core.entry_pass import Accepted, IssuerKey, issue, verify  # noqa: PLC0415 - as in _store
    from kiosk.core.trust import TrustList  # noqa: PLC0415 - as in _store
    from kiosk.invented import invent_household  # noqa: PLC0415 - as in _store

    issuer, now = IssuerKey.generate("431001"), int(time.time())
    home = invent_household(random.Random(1), 3).on_pass()  # noqa: S311 - invented people, the same each time
    text = issue(home, issuer, issued=now, expires=now + 86_400, randomness=os.urandom)
    frame = photograph(text, Scene(), np.random.default_rng(1))
    decoder = DecoderProcess(spare=False)
    try:
        decoder.start()
        texts = decoder.read(frame, thorough=True).reading.texts
    finally:
        decoder.stop()
    if texts != (text,):
        raise Failed("The decoder's process did not read a clear code.")
    accepted = verify(texts[0], TrustList((issuer.trusted(),)), now)
    if not isinstance(accepted, Accepted) or accepted.household != home:
        raise Failed("A good pass was not accepted as it was issued.")
    return "A pass was issued, drawn, read by the decoder's process, and verified."


def _second_look(_folder: Path) -> str:
    import numpy as np  # noqa: PLC0415 - as in _store

    from kiosk.camera.draw import modules  # noqa: PLC0415 - as in _store
    from kiosk.camera.looks import zbar  # noqa: PLC0415 - as in _store

    picture = np.kron(modules("kiosk selftest"), np.ones((4, 4), np.uint8))
    if zbar(picture).texts != ("kiosk selftest",):
        raise Failed("zbar is missing or does not work; codes are read without its help.")
    return "zbar reads codes."


def _card(_folder: Path) -> str:
    from card_reader.reader import CardDesk  # noqa: PLC0415 - as in _store
    from card_reader.secret import Pin  # noqa: PLC0415 - as in _store
    from card_reader.simulated import SimulatedCard, SimulatedReader  # noqa: PLC0415 - as in _store

    reader = SimulatedReader()
    reader.insert(SimulatedCard())
    reading = CardDesk(reader).read(Pin("1234"))
    return f"A simulated card was read with {reading.apdus} commands."


def _card_service(_folder: Path) -> str:
    from card_reader.errors import CardError  # noqa: PLC0415 - as in _store
    from card_reader.pcsc import PcscPort  # noqa: PLC0415 - as in _store

    port = PcscPort()
    try:
        count = len(port.look())
    except CardError:
        return "The library of the card service loads; the service itself does not run now."
    finally:
        port.close()
    return f"The card service answers; readers attached: {count}."


def _hq(folder: Path) -> str:
    from kiosk.rehearsal import PrivateHq, found_city  # noqa: PLC0415 - as in _store

    hq = PrivateHq(found_city(folder, "自己診断", "http://127.0.0.1:1"))
    try:
        where = urlsplit(hq.start())
        for path in ("/", "/static/hq.css"):
            line = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
            try:
                line.request("GET", path)
                answer = line.getresponse()
                if answer.status != http.HTTPStatus.OK or not answer.read():
                    raise Failed(f"The private HQ answers {answer.status} to {path}.")
            finally:
                line.close()
    finally:
        hq.stop()
    return "A private HQ made its tables and its opening sheet, started, and served its page."


def _window(folder: Path) -> str:
    from kiosk.store import opening  # noqa: PLC0415 - as in _store

    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    # In a process of its own: Qt without its platform plugin ends the process that asks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_paint, args=(str(folder), theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        typeface = ours.recv() if ours.poll(WINDOW_SECONDS) else None
    except EOFError:
        typeface = None
    finally:
        ours.close()
        child.kill()
        child.join()
        child.close()
    if typeface is None:
        raise Failed("No window could be drawn.")
    if not typeface:
        raise Failed("The window was drawn, but not with its typeface.")
    return "A window was drawn off the screen, with its typeface."


def _paint(data: str, told: Connection[Any, Any]) -> None:
    """The child: draw a locked desk; sends whether its typeface was there, and is then ended."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from kiosk.wiring import DeskStation, Devices  # noqa: PLC0415 - only this process loads a window
    from ui import app, theme  # noqa: PLC0415 - as above

    def painted() -> None:
        font = theme.Scale().font(theme.BODY)
        font.setFamilies(theme.FAMILIES[:1])  # Qt calls no list of families an exact match
        told.send(font.exactMatch())

    app.run(DeskStation(Path(data), Devices(None, None)), painted=painted)


TRIALS = (
    Trial("resources", _resources),
    Trial("store", _store),
    Trial("pass", _pass),
    Trial("second_look", _second_look, "Install zbar (Debian: libzbar0), or install the program again."),
    Trial("card", _card),
    Trial("card_service", _card_service, "Install PC/SC (Debian: libpcsclite1 and pcscd)."),
    Trial("hq", _hq),
    Trial("window", _window, "Install Qt's system libraries (Debian: libegl1 libxkbcommon0 libfontconfig1)."),
)
"""In the order of a household's way through the house."""
