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
from kiosk.core import entry_pass, sheet
from kiosk.core import slip as slips
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Method, Mode, Sex
from kiosk.core.slip import Slip
from kiosk.invented import invent_household
from kiosk.rehearsal import City, found_city
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices

if TYPE_CHECKING:
    import numpy as np

    from kiosk.camera.frames import FrameSource

SHELTER = "城山小学校 避難所"
PRINTED = f"表：昭和55年2月17日・{teaching.SECURITY_CODE}"
"""What 照合番号B of a practice's cards is made of: nobody can read the face of a card that is played."""
CARDS = {
    "ordinary": f"カードを 置く（暗証番号 {teaching.PIN}）",
    "forgotten_pin": f"暗証番号を わすれた人の カードを 置く（{PRINTED}）",
    "pulled_away": "とちゅうで 取ってしまう カードを 置く",
    "last_try": f"あと1回で ロックする カードを 置く（{PRINTED}）",
    "blocked": f"ロックした カードを 置く（{PRINTED}）",
    "no_pin": f"暗証番号の ない カードを 置く（{PRINTED}）",
    "foreign_resident": f"外国人住民の カードを 置く（表：1980年2月17日・{teaching.SECURITY_CODE}）",
    "slow": "おそい カードを 置く",
    "never_answers": "こたえない カードを 置く",
    "driving_licence": "運転免許証を 置く",
    "residence_card": "在留カードを 置く",
    "felica": "交通系の ICカードを 置く",
}
"""The cards of a practice, and what is written on their buttons."""
READ_FROM = frozenset({"forgotten_pin", "last_try", "blocked", "no_pin", "foreign_resident"})
"""Cards that are opened with what is printed on them: all of one birth date, which the button tells."""
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

    def show_slip(self, transfer_key: bytes) -> None:
        """A household that comes from another shelter, with its slip."""
        household = invent_household(self.random).at_desk(os.urandom)
        everybody = tuple(person.id for person in household.members)
        at = int(time.time() * 1000) << 16
        slip = Slip(household, everybody, Mode.DRILL, Method.APP, "practice-2", "B-001", at)
        self._hold(slips.write(slip, transfer_key))

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
        birth = 19_800_217 if lesson in READ_FROM or head.birth is None else head.birth.to_int()
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
    key = sheet.read(city.sheet_text).transfer_key
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
            ("ほかの 避難所の 転出票を 見せる", lambda: camera.show_slip(key)),
            *cards.lessons(),
            ("同じ カードを もう一度 置く", cards.reader.lay_again),
            ("カードを 取る", cards.reader.remove),
        ),
    )
