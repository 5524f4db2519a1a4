"""Every screen with invented people, drawn without a desk: for the manual and for a look at ourselves.

Nothing is received here and no store is opened; the states are made by hand, the widgets are the real ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtTest import QTest

from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.counts import Counts
from kiosk.core.dates import BirthDate
from kiosk.core.household import Household, Method, Mode, Person, Relation
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Whereabouts
from kiosk.desk import Arrival
from kiosk.flow import Input, State, Town
from kiosk.ports import RosterRow
from kiosk.timing import Session
from ui import fonts
from ui.app import application
from ui.stage import Ambient, Place
from ui.station import Device, Frame, Link, Surroundings, Sync
from ui.window import Window

NOW = dt.datetime(2026, 9, 1, 21, 47, tzinfo=dt.timezone(dt.timedelta(hours=9)))
TOWNS = (
    Town("小田原市栄町", "サカエチョウ"),
    Town("小田原市城山", "シロヤマ"),
    Town("小田原市本町", "ホンチョウ"),
    Town("小田原市浜町", "ハマチョウ"),
    Town("小田原市扇町", "オウギチョウ"),
    Town("小田原市寿町", "コトブキチョウ"),
    Town("小田原市東町", "ヒガシチョウ"),
    Town("小田原市緑", "ミドリ"),
    Town("小田原市井細田", "イサイダ"),
)
_WATCH = Session(lambda: 0.0, 1).stopwatch()


class _NoHands:
    """Pictures are not pressed."""

    def put(self, event: Input) -> None:
        """Nothing."""

    def open_asked(self) -> None:
        """Nothing."""

    def open_count(self) -> None:
        """Nothing."""

    def latest_frame(self) -> Frame | None:
        """No camera."""
        return None


def _person(name: str, kana: str, birth: tuple[int, int, int], relation: Relation) -> Person:
    return Person(PersonId(b"p" * 8), name, kana, BirthDate(*birth), relation=relation)


FAMILY = (
    _person("山田　太郎", "ヤマダ　タロウ", (1954, 3, 2), Relation.HEAD),
    _person("山田　和子", "ヤマダ　カズコ", (1956, 7, 15), Relation.SPOUSE),
    _person("髙橋　美𠮷", "タカハシ　ミヨシ", (1985, 4, 9), Relation.CHILD),
    _person("髙橋　そら", "タカハシ　ソラ", (2026, 2, 20), Relation.GRANDCHILD),
)


def _household(*members: Person) -> Household:
    return Household(HouseholdId(b"h" * 16), members, address="神奈川県小田原市栄町二丁目3番4号")


def _row(number: str, method: Method, *members: Person, minutes: int = 0) -> RosterRow:
    at = int((NOW - dt.timedelta(minutes=minutes)).timestamp() * 1000) << 16
    return RosterRow(_household(*members), number, method, Whereabouts.HERE, at, DeviceId(b"d" * 16), 1)


def _nameless(count: int) -> tuple[Person, ...]:
    return tuple(Person(PersonId(b"p" * 8)) for _ in range(count))


def _roster() -> tuple[RosterRow, ...]:
    names = (
        ("佐藤　健", "サトウ　ケン"),
        ("鈴木　さくら", "スズキ　サクラ"),
        ("グエン　ヴァン　アン", "グエン　ヴァン　アン"),
        ("渡邉　一", "ワタナベ　ハジメ"),
        ("中村　みどり", "ナカムラ　ミドリ"),
    )
    others = (
        _row(
            f"A-{41 - place:03}",
            (Method.CARD, Method.DESK)[place % 2],
            _person(name, kana, (1970, 1, 1), Relation.UNKNOWN),
            *_nameless(place % 3),
            minutes=7 * place + 3,
        )
        for place, (name, kana) in enumerate(names)
    )
    return (
        _row("A-042", Method.APP, *FAMILY[:3]),
        *others,
        _row("A-036", Method.COUNT, *_nameless(4), minutes=44),
    )


def states() -> Iterator[tuple[str, State]]:
    """A name for each picture, and its state."""
    done = _row("A-042", Method.APP, *FAMILY[:3])
    asked = flow.Asked(_WATCH, NOW.date(), TOWNS)
    told = Person(PersonId(b""), kana="ヤマダ　タロウ", birth=BirthDate(1954, 3, 2))
    second = Person(PersonId(b""), kana="ヤマダ　カズコ", birth=BirthDate(1956, 7, 15))
    family = _household(*FAMILY)
    yield "locked", flow.Locked()
    yield "locked-wrong", flow.Locked(code="wrong_passphrase", sentence="合い言葉が ちがいます。")
    yield "locked-checking", flow.Locked(checking=True)
    yield "ready", flow.Ready()
    yield "pin", flow.Pin(_WATCH, flow.Secret("12"))
    yield "pin-wrong", flow.Pin(_WATCH, wrong=True, tries_left=2)
    yield "pin-reading", flow.Reading(_WATCH)
    one = _household(_person("山田　太郎", "", (1954, 3, 2), Relation.HEAD))
    yield "family-card", flow.Family(_WATCH, Method.CARD, one, frozenset({0}))
    yield "family", flow.Family(_WATCH, Method.CARD, family, frozenset({0, 1, 3}))
    crowd = _household(*FAMILY, *_nameless(4))
    yield "family-many", flow.Family(_WATCH, Method.CARD, crowd, frozenset(range(8)))
    yield "family-nobody", flow.Family(_WATCH, Method.CARD, family, frozenset(), nobody=True)
    yield "ask-name", flow.AskName(asked, "ヤマダ　タロ")
    yield "ask-name-missing", flow.AskName(asked, "", missing=True)
    yield "ask-birth", flow.AskBirth(asked, "ヤマダ　タロウ", "S2903")
    yield "ask-birth-told", flow.AskBirth(asked, "ヤマダ　タロウ", "S290302")
    yield "ask-birth-wrong", flow.AskBirth(asked, "ヤマダ　タロウ", "S290230", wrong=True)
    yield "ask-town", flow.AskTown(flow.Asked(_WATCH, NOW.date(), TOWNS, (told,)))
    both = flow.Asked(_WATCH, NOW.date(), TOWNS, (told, second))
    yield "ask-town-found", flow.AskTown(both, "サカ", 0)
    yield "ask-town-none", flow.AskTown(both, "ハコネ")
    yield "ask-count", flow.AskCount(_WATCH, "4")
    yield "wait", flow.Undoing(done)
    yield "done", flow.Done(done)
    yield "done-one", flow.Done(_row("A-043", Method.CARD, FAMILY[0]))
    yield "done-count", flow.Done(_row("A-044", Method.COUNT, *_nameless(4)))
    yield "done-expired", flow.Done(done, Source(Method.APP), frozenset({"expired"}))
    yield "seen", flow.Seen(done)
    for code in (
        "undone",
        "help_called",
        "not_a_pass",
        "unknown_issuer",
        "bad_signature",
        "my_number_discarded",
        "card_removed",
        "reader_lost",
        "not_my_number_card",
        "last_try_refused",
        "blocked",
        "no_pin_set",
        "timeout",
        "bug",
    ):
        yield f"notice-{code.replace('_', '-')}", flow.Notice(code)
    arrival = Arrival(Method.APP, family)
    yield "notice-disk-full", flow.Notice("disk_full", retry=arrival)
    yield "notice-other", flow.Notice("busy", "いま 書きこめません。少し 待って ください。", retry=arrival)
    yield "roster", flow.Roster("", _roster())
    yield "roster-empty", flow.Roster("ゾ")
    yield "staff", flow.Staff()


def _around(**known: object) -> Surroundings:
    sync = Sync(Link.SENT, NOW - dt.timedelta(seconds=12))
    well: dict[str, object] = {
        "camera": Device.WORKING,
        "reader": Device.WORKING,
        "sync": sync,
        "battery": 100,
    }
    return Surroundings(**{**well, **known})  # type: ignore[arg-type]  # names are Surroundings' own


def render(folder: Path, language: str = "ja", width: int = 1366, height: int = 768) -> list[Path]:
    """Draw every state into PNG files in `folder`, which is made; returns their paths."""
    application()
    fonts.load_rarer()
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counts(persons=132, households=47)
    written: list[Path] = []

    def window(mode: Mode) -> Window:
        drawn = Window(Place("城山小学校 避難所", "受付 1番", mode, 200), _NoHands(), language)
        drawn.resize(width, height)
        drawn.show()
        # Only an active window shows where the focus is.
        drawn.activateWindow()
        return drawn

    def take(drawn: Window, name: str, state: State, around: Surroundings) -> None:
        drawn.show_ambient(Ambient(NOW, around, counts))
        drawn.show_state(flow.Ready())
        drawn.show_state(state)
        QTest.qWait(350 if name == "wait" else 20)
        path = folder / f"{name}.png"
        drawn.grab().save(str(path))
        written.append(path)

    serious = window(Mode.DISASTER)
    for name, state in states():
        take(serious, name, state, _around())
    missing = _around(camera=Device.MISSING, sync=Sync(Link.CUT, None, 12))
    take(serious, "ready-no-camera", flow.Ready(), missing)
    take(serious, "ready-no-reader", flow.Ready(), _around(reader=Device.MISSING, battery=15, charging=False))
    starting = _around(camera=Device.STARTING, reader=Device.STARTING, sync=Sync())
    take(serious, "ready-starting", flow.Ready(), starting)
    serious.close()
    drill = window(Mode.DRILL)
    take(drill, "ready-drill", flow.Ready(), _around())
    take(drill, "done-drill", flow.Done(_row("A-042", Method.APP, *FAMILY[:3])), _around())
    drill.close()
    return written
