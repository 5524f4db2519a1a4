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
import struct
import tempfile
import time
from array import array
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import resources
from kiosk import checkup
from kiosk.checkup import Check, Checked, Finding, Words, broken, ok

WINDOW_SECONDS = 60.0
PATIENCE = 120.0
"""A frozen program on a slow disk unpacks before each of its children runs."""
REINSTALL = Words(
    "パッケージから 入れ直してください。それでも だめなら、この版の 番号を 知らせてください。",
    "Install the program again from its package; if that does not help, report this build.",
)
FONTS = (
    "fonts/BIZUDPGothic-Regular.ttf",
    "fonts/BIZUDPGothic-Bold.ttf",
    "fonts/NotoSansJP-Regular.ttf",
)
MUST_BE_THERE = (
    "words/ja.toml",
    "dictionaries/pass-1.dict",
    "dictionaries/event-1.dict",
    "baselines/kumamoto-2024-02-25.toml",
    "demo/people.toml",
    "icons/check.svg",
    "sounds/ok.wav",
    *FONTS,
)


def run(checks: Iterable[Check[Path]] | None = None) -> Iterator[Checked]:
    """Try everything in turn, each in a folder of its own; what fails keeps nothing from being tried."""
    for check in CHECKS if checks is None else checks:
        with tempfile.TemporaryDirectory(prefix="kiosk-selftest-", ignore_cleanup_errors=True) as folder:
            yield from checkup.run([check], Path(folder))


def _resources(_folder: Path) -> Finding:
    empty = [name for name in MUST_BE_THERE if not _size(name)]
    if empty:
        says = Words("データの ファイルが たりません。", f"{empty[0]} is missing or empty.")
        return broken("data_missing", says, REINSTALL, missing=len(empty))
    says = Words("データの ファイルは そろっています。", f"{len(MUST_BE_THERE)} data files are here.")
    return ok(says, files=len(MUST_BE_THERE))


def _size(name: str) -> int:
    try:
        return len(resources.read_bytes(name))
    except OSError:
        return 0


def _fonts(_folder: Path) -> Finding:
    return check_fonts()


def check_fonts() -> Finding:
    """Whether every letter of the screen can be drawn as it was shipped."""
    damaged = [name for name in FONTS if not is_whole_font(name)]
    if damaged:
        says = Words("画面の 文字の ファイルが こわれています。", f"{damaged[0]} is missing or damaged.")
        return broken("font_damaged", says, REINSTALL, damaged=len(damaged))
    says = Words("画面の 文字は そろっています。", f"All {len(FONTS)} typefaces are whole.")
    return ok(says, fonts=len(FONTS))


def is_whole_font(name: str) -> bool:
    """Whether a typeface is all there: every table of it has the checksum that its directory says.

    Source: the OpenType specification, "Table Directory" and "Calculating Checksums". Whether a window can
    draw with it is tried by the check of the window.
    """
    try:
        data = resources.read_bytes(name)
        (tables,) = struct.unpack_from(">4xH", data)
        rows = [struct.unpack_from(">4sIII", data, 12 + 16 * row) for row in range(tables)]
    except (OSError, struct.error):
        return False
    has_letters = {b"cmap", b"head"} <= {tag for tag, *_ in rows}
    return has_letters and all(
        _is_whole(data[at : at + size], size, tag, told) for tag, told, at, size in rows
    )


def _is_whole(table: bytes, size: int, tag: bytes, told: int) -> bool:
    if len(table) != size:
        return False
    if tag == b"head":
        # The sum of the whole file stands in this table, and is left out of the table's own.
        table = table[:8] + bytes(4) + table[12:]
    words = array("I", table + bytes(-size % 4))
    if struct.pack("=I", 1) != struct.pack(">I", 1):
        words.byteswap()
    return sum(words) & 0xFFFFFFFF == told


def _store(folder: Path) -> Finding:
    from kiosk.core.household import Method, Mode  # noqa: PLC0415 - a library that does not load fails its own check
    from kiosk.desk import Arrival, Desk  # noqa: PLC0415 - as above
    from kiosk.store import opening  # noqa: PLC0415 - as above
    from kiosk.store.parts import DATABASE  # noqa: PLC0415 - as above

    name = "自己\u3000診断"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(folder, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
        desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name=name)])))
        problems = store.ledger.problems()
        written = b"".join(path.read_bytes() for path in folder.glob(f"{DATABASE}*"))
    written += (folder / DATABASE).read_bytes()
    if problems:
        says = Words(
            "記録の つじつまが 合いません。", f"The log of one reception shows {len(problems)} problems."
        )
        return broken("log_inconsistent", says, REINSTALL, problems=len(problems))
    if name.encode() in written or b"SQLite format 3" in written or b"CREATE TABLE" in written:
        says = Words("記録が 暗号に なりません。", "The store on disk is not encrypted.")
        return broken("database_plain", says, REINSTALL)
    return ok(
        Words(
            "受付を 1件 保存できました。鍵なしでは 読めません。",
            "A reception was stored, is in order, and can not be read without its key.",
        )
    )


def _pass(_folder: Path) -> Finding:
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
        says = Words("QRコードが 読めません。", "The decoder's process did not read a clear code.")
        return broken("decoder_blind", says, REINSTALL)
    accepted = verify(texts[0], TrustList((issuer.trusted(),)), now)
    if not isinstance(accepted, Accepted) or accepted.household != home:
        says = Words("正しい パスが 受け付けられません。", "A good pass was not accepted as it was issued.")
        return broken("pass_refused", says, REINSTALL)
    return ok(
        Words(
            "パスを 発行し、えがき、読み取り、確かめました。",
            "A pass was issued, drawn, read by the decoder's process, and verified.",
        )
    )


def check_decoder() -> Finding:
    """Whether the process that reads codes starts and reads one; `start_ms` is what starting it took."""
    from kiosk.camera.child import DecoderProcess  # noqa: PLC0415 - as in _store

    picture, text = _clear_code()
    decoder, begun = DecoderProcess(), time.monotonic()
    try:
        decoder.start()
        started = round((time.monotonic() - begun) * 1000, 1)
        texts = decoder.read(picture).reading.texts
    finally:
        decoder.stop()
    if texts != (text,):
        says = Words("QRコードが 読めません。", "The decoder's process did not read a clear code.")
        return broken("decoder_blind", says, REINSTALL, start_ms=started)
    return ok(Words("QRコードを 読めます。", "The decoder's process reads codes."), start_ms=started)


def _clear_code() -> tuple[Any, str]:
    import numpy as np  # noqa: PLC0415 - as in _store

    from kiosk.camera.draw import modules  # noqa: PLC0415 - as in _store

    text = "kiosk selftest"
    return np.kron(modules(text), np.ones((4, 4), np.uint8)), text


def zbar_reads() -> bool:
    """Whether the second look at hard codes is there and reads an easy one."""
    from kiosk.camera.looks import zbar  # noqa: PLC0415 - as in _store

    picture, text = _clear_code()
    return zbar(picture).texts == (text,)


def _second_look(_folder: Path) -> Finding:
    if zbar_reads():
        return ok(Words("読みにくい QRコードの ための 部品も あります。", "zbar reads codes."))
    says = Words("読みにくい QRコードの ための 部品が 働きません。", "zbar did not read a clear code.")
    return broken("no_second_look", says, INSTALL_ZBAR)


def _card(_folder: Path) -> Finding:
    from card_reader.reader import CardDesk  # noqa: PLC0415 - as in _store
    from card_reader.secret import Pin  # noqa: PLC0415 - as in _store
    from card_reader.simulated import SimulatedCard, SimulatedReader  # noqa: PLC0415 - as in _store

    reader = SimulatedReader()
    reader.insert(SimulatedCard())
    reading = CardDesk(reader).read(Pin("1234"))
    says = Words("模擬カードが 読めました。", f"A simulated card was read with {reading.apdus} commands.")
    return ok(says, apdus=reading.apdus)


def _card_service(_folder: Path) -> Finding:
    from card_reader.errors import CardError  # noqa: PLC0415 - as in _store
    from card_reader.pcsc import PcscPort  # noqa: PLC0415 - as in _store

    port = PcscPort()
    try:
        count = len(port.look())
    except CardError:
        return ok(
            Words(
                "カードの 部品は 読みこめます。サービスは 今 動いていません。",
                "The library of the card service loads; the service itself does not run now.",
            ),
            running=False,
        )
    finally:
        port.close()
    says = Words("カードの サービスが 答えました。", f"The card service answers; readers attached: {count}.")
    return ok(says, running=True, readers=count)


def _hq(folder: Path) -> Finding:
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
                    says = Words(
                        "練習用の 本部の ページが 出ません。",
                        f"The private HQ answers {answer.status} to {path}.",
                    )
                    return broken("hq_page_missing", says, REINSTALL, status=answer.status)
            finally:
                line.close()
    finally:
        hq.stop()
    return ok(
        Words(
            "練習用の 本部が 動き、ページが 出ました。",
            "A private HQ made its tables and its opening sheet, started, and served its page.",
        )
    )


def _window(folder: Path) -> Finding:
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
        return broken("no_window", Words("画面が えがけません。", "No window could be drawn."), INSTALL_QT)
    if not typeface:
        says = Words("画面の 文字が ちがいます。", "The window was drawn, but not with its typeface.")
        return broken("wrong_typeface", says, REINSTALL)
    return ok(Words("画面を えがけました。", "A window was drawn off the screen, with its typeface."))


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


def _lock(folder: Path) -> Finding:
    from kiosk.launcher import Launcher, SpawnedDesk, spawned  # noqa: PLC0415 - as in _store

    running = Launcher(
        lambda: SpawnedDesk(_load, _lock_once, (str(folder),)), lambda: spawned(_load, daemon=True)
    )
    if running.run() or len(list(folder.iterdir())) != 2:
        says = Words("ロックの あと、画面が 出ませんでした。", "A desk that locked was not started again.")
        return broken("not_restarted", says, REINSTALL)
    return ok(Words("ロックの あと、また 始まりました。", "A desk that locked was started again, locked."))


def _load() -> None:
    """A child that needs nothing."""


def _lock_once(folder: str) -> None:
    """The child: a desk that locks the first time and is closed the second."""
    from kiosk.core.locking import EXIT_LOCKED  # noqa: PLC0415 - as in _store

    times = len(list(Path(folder).iterdir()))
    (Path(folder) / str(times)).touch()
    raise SystemExit(0 if times else EXIT_LOCKED)


INSTALL_ZBAR = Words(
    "係の人に zbar（libzbar0）を 入れてもらってください。",
    "Install zbar (Debian: libzbar0), or install the program again.",
)
INSTALL_PCSC = Words(
    "係の人に PC/SC（libpcsclite1、pcscd）を 入れてもらってください。",
    "Install PC/SC (Debian: libpcsclite1 and pcscd).",
)
INSTALL_QT = Words(
    "係の人に 画面の 部品（libegl1 libxkbcommon0 libfontconfig1）を 入れてもらってください。",
    "Install Qt's system libraries (Debian: libegl1 libxkbcommon0 libfontconfig1).",
)

CHECKS: tuple[Check[Path], ...] = (
    Check("resources", Words("データ", "data files"), _resources, PATIENCE, REINSTALL),
    Check("fonts", Words("文字", "fonts"), _fonts, PATIENCE, REINSTALL),
    Check("store", Words("記録", "store"), _store, PATIENCE, REINSTALL),
    Check("pass", Words("パス", "pass"), _pass, PATIENCE, REINSTALL),
    Check("second_look", Words("QRコード補助", "second look"), _second_look, PATIENCE, INSTALL_ZBAR),
    Check("card", Words("カード", "card"), _card, PATIENCE, REINSTALL),
    Check("card_service", Words("カードのサービス", "card service"), _card_service, PATIENCE, INSTALL_PCSC),
    Check("hq", Words("本部", "HQ"), _hq, PATIENCE, REINSTALL),
    Check("window", Words("画面", "window"), _window, PATIENCE, INSTALL_QT),
    Check("lock", Words("ロック", "lock"), _lock, PATIENCE, REINSTALL),
)
"""In the order of a household's way through the house."""
