"""A practice: the real desk and a real HQ, with a camera and a card reader that are played.

Everything behind the devices is the real code; the visitors are invented and the store is thrown away.
It refuses to know what the buttons look like.
"""

from __future__ import annotations

import functools
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from card_reader import teaching
from card_reader.simulated import InventedPerson, SimulatedReader
from kiosk.core import entry_pass
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Sex
from kiosk.invented import invent_household
from kiosk.rehearsal import City, found_city
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices

if TYPE_CHECKING:
    import numpy as np

    from kiosk.camera.frames import FrameSource

SHELTER = "城山小学校 避難所"
CARDS = {
    "ordinary": f"カードを 置く（暗証番号 {teaching.PIN}）",
    "forgotten_pin": "暗証番号を わすれた人の カードを 置く",
    "pulled_away": "とちゅうで 取ってしまう カードを 置く",
    "last_try": "あと1回で ロックする カードを 置く",
    "blocked": "ロックした カードを 置く",
    "no_pin": "暗証番号の ない カードを 置く",
    "foreign_resident": "外国人住民の カードを 置く",
    "slow": "おそい カードを 置く",
    "never_answers": "こたえない カードを 置く",
    "driving_licence": "運転免許証を 置く",
    "residence_card": "在留カードを 置く",
    "felica": "交通系の ICカードを 置く",
}
"""The cards of a practice, and what is written on their buttons."""
HELD_SECONDS = 3.0
YEAR = 31_536_000


@dataclass(slots=True)
class PlayedCamera:
    """A room in which now and then a phone is held up."""

    issuer: IssuerKey
    random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - invented people
    _text: str = ""
    _until: float = 0.0
    _frame: np.ndarray | None = None
    _room: np.ndarray | None = None

    def source(self) -> FrameSource:
        """The camera, for the desk."""
        from kiosk.camera.frames import Drawn  # noqa: PLC0415 - OpenCV is loaded after the window's first picture

        return Drawn(self._draw, per_second=15)

    def show_pass(self) -> None:
        """A household with the app."""
        now = int(time.time())
        home = invent_household(self.random)
        self._hold(
            entry_pass.issue(
                home.on_pass(), self.issuer, issued=now - 60, expires=now + YEAR, randomness=os.urandom
            )
        )

    def show_expired_pass(self) -> None:
        """A pass whose time is over: received all the same, with a mark."""
        now = int(time.time())
        home = invent_household(self.random)
        self._hold(
            entry_pass.issue(
                home.on_pass(), self.issuer, issued=now - 2 * YEAR, expires=now - YEAR, randomness=os.urandom
            )
        )

    def show_strangers_code(self) -> None:
        """A code that is no pass."""
        self._hold("https://example.jp/menu?table=12")

    def _hold(self, text: str) -> None:
        self._frame, self._text, self._until = None, text, time.monotonic() + HELD_SECONDS

    def _draw(self) -> np.ndarray:
        import numpy as np  # noqa: PLC0415 - as in source

        from kiosk.camera import synthetic  # noqa: PLC0415 - as in source

        if time.monotonic() < self._until:
            if self._frame is None:
                rng = np.random.default_rng(self.random.randrange(1 << 30))
                self._frame = synthetic.photograph(self._text, synthetic.held_up(rng), rng)
            return self._frame
        if self._room is None:
            self._room = synthetic.empty(np.random.default_rng(1))
        return self._room


@dataclass(slots=True)
class PlayedReader:
    """A reader on which cards are laid by a button."""

    reader: SimulatedReader = field(default_factory=lambda: SimulatedReader("練習用リーダー"))
    random: random.Random = field(default_factory=lambda: random.Random(8))  # noqa: S311 - invented people

    def lay(self, lesson: str) -> None:
        """Lay a card of someone who does not exist: one of `card_reader.teaching.LESSONS`."""
        head = invent_household(self.random).head
        birth = head.birth.to_int() if head.birth else 19_800_217
        sex = {Sex.MALE: "1", Sex.FEMALE: "2"}.get(head.sex, "0")
        holder = InventedPerson(
            head.name or "練習　花子", "熊本県熊本市中央区手取本町１番１号", str(birth), sex
        )
        self.reader.remove()
        self.reader.insert(teaching.bring(lesson, holder))

    def lessons(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """A button for each card worth meeting before the night."""
        return [(words, functools.partial(self.lay, lesson)) for lesson, words in CARDS.items()]


@dataclass(frozen=True, slots=True)
class Practice:
    """A station whose visitors are played, and the words and deeds of its props."""

    station: DeskStation
    props: Sequence[tuple[str, Callable[[], None]]]


def set_up(folder: Path, start_hq: Callable[[City], str], link: str) -> Practice:
    """Found a city in `folder`, start its HQ by `start_hq`, and open a desk that reports over `link`."""
    city = found_city(folder, SHELTER, link)
    start_hq(city)
    data = folder / "kiosk"
    opening.open_shelter(data, city.sheet_text, opening.PRACTICE_STAFF)
    camera, cards = PlayedCamera(city.issuer), PlayedReader()
    station = DeskStation(
        data,
        Devices(camera.source, lambda: cards.reader),
        passphrase=opening.PRACTICE_PASSPHRASE,
    )
    return Practice(
        station,
        (
            ("スマホの コードを 見せる", camera.show_pass),
            ("期限が 切れた コードを 見せる", camera.show_expired_pass),
            ("ちがう QRコードを 見せる", camera.show_strangers_code),
            *cards.lessons(),
            ("同じ カードを もう一度 置く", cards.reader.lay_again),
            ("カードを 取る", cards.reader.remove),
        ),
    )
