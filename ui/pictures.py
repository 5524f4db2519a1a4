"""Every screen with invented people, drawn without a desk: for the manual and for a look at ourselves.

Nothing is received here and no store is opened; the states are made by hand, the widgets are the real ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk import flow
from kiosk.core.acts import Area, Fullness, Opening, Shelter, Source
from kiosk.core.counts import Counts
from kiosk.core.dates import BirthDate
from kiosk.core.household import (
    Consent,
    Household,
    Method,
    Mode,
    Need,
    Person,
    Pet,
    PetKind,
    Relation,
    Sex,
    Stay,
)
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.notices import Disk, Notice
from kiosk.core.roll import Whereabouts
from kiosk.desk import Arrival
from kiosk.flow import Change, Input, Masked, State, Town
from kiosk.flow.choices import Page, Show
from kiosk.overview import Looking, ShiftSheet, double
from kiosk.ports import RosterRow
from kiosk.timing import Session
from ui import fonts
from ui.app import application
from ui.keeper_pictures import founders, keepers, slips
from ui.stage import Ambient, Place
from ui.station import NO_SHELTER, OPENING_DESK, Device, Frame, Link, Surroundings, Sync
from ui.window import Window

SETTLING = 3
"""Turns of the loop before a picture is taken."""
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


def _person(name: str, kana: str, birth: tuple[int, int, int], relation: Relation, *needs: Need) -> Person:
    identity = PersonId(name.encode().ljust(8)[-8:])
    return Person(identity, name, kana, BirthDate(*birth), relation=relation, needs=frozenset(needs))


FAMILY = (
    _person("山田　太郎", "ヤマダ　タロウ", (1954, 3, 2), Relation.HEAD),
    _person("山田　和子", "ヤマダ　カズコ", (1956, 7, 15), Relation.SPOUSE, Need.WHEELCHAIR),
    _person("髙橋　美𠮷", "タカハシ　ミヨシ", (1985, 4, 9), Relation.CHILD),
    _person("髙橋　そら", "タカハシ　ソラ", (2026, 2, 20), Relation.GRANDCHILD, Need.FORMULA_MILK),
)


def _household(*members: Person) -> Household:
    return Household(HouseholdId(b"h" * 16), members, address="神奈川県小田原市栄町二丁目3番4号")


def _row(number: str, method: Method, *members: Person, minutes: int = 0) -> RosterRow:
    return RosterRow(
        _household(*members), number, method, Whereabouts.HERE, _clock(minutes), DeviceId(b"d" * 16), 1
    )


def _nameless(count: int) -> tuple[Person, ...]:
    return tuple(Person(PersonId(bytes([place]) * 8)) for place in range(count))


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
    first = _row("A-042", Method.APP, *FAMILY[:3])
    some_out = replace(first, elsewhere={FAMILY[2].id: Whereabouts.AWAY})
    away, twice, *rest = others
    away = replace(
        away,
        whereabouts=Whereabouts.AWAY,
        elsewhere=dict.fromkeys((person.id for person in away.household.members), Whereabouts.AWAY),
    )
    return (
        some_out,
        away,
        replace(twice, receptions=2),
        *rest,
        _row("A-036", Method.COUNT, *_nameless(4), minutes=44),
    )


def states() -> Iterator[tuple[str, State]]:
    """A name for each picture, and its state."""
    yield from founders()
    yield from _of_the_desk()


def _of_the_desk() -> Iterator[tuple[str, State]]:
    yield from _at_the_door()
    yield from _asked()
    yield from _ends()
    yield from _notices()
    yield from _stay()
    yield from _staff()
    yield from keepers()
    yield from slips(_row("A-042", Method.APP, *FAMILY[:3]))


def _at_the_door() -> Iterator[tuple[str, State]]:
    yield "locked", flow.Locked()
    yield "locked-wrong", flow.Locked(code="wrong_passphrase", sentence="合い言葉が ちがいます。")
    yield "locked-checking", flow.Locked(checking=True)
    yield "ready", flow.Ready()
    yield "pin", flow.Pin(_WATCH, flow.Secret("12"))
    yield "pin-wrong", flow.Pin(_WATCH, wrong=True, tries_left=2)
    yield "pin-reading", flow.Reading(_WATCH)
    face = flow.Face(_WATCH, text="S2903")
    forms = (
        flow.PrintedForm("昭和29年3月2日", flow.Secret("290302")),
        flow.PrintedForm("1954年3月2日", flow.Secret("540302")),
    )
    pointed = replace(face, text="S290302", forms=forms, form=0)
    yield "face-birth", face
    yield "face-birth-wrong", replace(face, text="S290230", wrong=True)
    yield "face-form", replace(pointed, form=None)
    yield "face-code", replace(pointed, digits=flow.Secret("22"))
    yield "face-wrong", replace(pointed, wrong=True, tries_left=8)
    yield "face-year", replace(pointed, asks_year=True, year=flow.Secret("20"))
    for code in ("no_pin_set", "last_try_refused", "blocked"):
        yield f"face-offered-{code.replace('_', '-')}", flow.Notice(code, stopwatch=_WATCH)


def _asked() -> Iterator[tuple[str, State]]:
    asked = flow.Asked(_WATCH, NOW.date(), TOWNS)
    told = Person(PersonId(b""), kana="ヤマダ　タロウ", birth=BirthDate(1954, 3, 2), sex=Sex.MALE)
    second = Person(PersonId(b""), kana="ヤマダ　カズコ", birth=BirthDate(1956, 7, 15), sex=Sex.FEMALE)
    lost = Person(PersonId(b""), age=4, provisional=True)
    one = replace(asked, people=(told,))
    both = replace(asked, people=(told, second))
    yield "ask-name", flow.AskName(asked, "ヤマダ　タロ")
    yield "ask-name-missing", flow.AskName(asked, "", missing=True)
    yield "ask-name-more", flow.AskName(both, "ヤマダ　")
    yield "ask-birth", flow.AskBirth(asked, "ヤマダ　タロウ", text="S2903")
    yield "ask-birth-age", flow.AskBirth(asked, "ヤマダ　タロウ", text="72")
    yield "ask-birth-year", flow.AskBirth(asked, "ヤマダ　タロウ", text="S29")
    yield "ask-birth-wrong", flow.AskBirth(asked, "ヤマダ　タロウ", text="S290230", wrong=True)
    yield "ask-town", flow.AskTown(one)
    yield "ask-town-found", flow.AskTown(both, "サカ", 0)
    yield "ask-town-none", flow.AskTown(both, "ハコネ")
    yield "ask-town-untold", flow.AskTown(replace(asked, people=(lost,), no_address=True))
    joined = _row("A-012", Method.DESK, *FAMILY[:2], minutes=50)
    yield "ask-town-similar", flow.AskTown(both, "サカ", 0, (joined,))
    yield "ask-count", flow.AskCount(_WATCH, "4")


def _ends() -> Iterator[tuple[str, State]]:
    done = _row("A-042", Method.APP, *FAMILY[:3])
    other = _row("A-012", Method.DESK, *FAMILY[:2], minutes=50)
    yield "wait", flow.Undoing(done)
    yield "done", flow.Done(done)
    yield "done-card", flow.Done(_row("A-043", Method.CARD, FAMILY[0]))
    yield "done-count", flow.Done(_row("A-044", Method.COUNT, *_nameless(4)))
    yield "done-expired", flow.Done(done, Source(Method.APP), frozenset({"expired"}))
    yield "done-moved-in", flow.Done(done, marks=frozenset({"moved_in"}))
    yield "done-similar", flow.Done(done, similar=(other,))
    yield "seen", flow.Seen(done)
    family = _household(*FAMILY)
    then = flow.Done(done)
    yield "family", flow.Family(done, family, frozenset({0, 1, 3}), then)
    crowd = _household(*FAMILY, *_nameless(4))
    yield "family-many", flow.Family(done, crowd, frozenset(range(8)), then)
    yield "family-nobody", flow.Family(done, family, frozenset(), then, nobody=True)
    yield "needs", flow.Needs(family, family, then, person=1)
    yield "needs-more", flow.Needs(_household(FAMILY[0]), _household(FAMILY[0]), then, page=2)


NOTICES = (
    "undone",
    "help_called",
    "not_a_pass",
    "unknown_issuer",
    "bad_signature",
    "malformed",
    "half",
    "sealed",
    "my_number_discarded",
    "card_removed",
    "reader_lost",
    "no_reader",
    "not_my_number_card",
    "last_try_refused",
    "blocked",
    "no_pin_set",
    "slip_sealed",
    "slip_malformed",
    "other_mode",
    "token_taken",
    "felica",
    "face_last_try",
    "face_blocked",
    "timeout",
    "not_audited",
    "bug",
)


def _notices() -> Iterator[tuple[str, State]]:
    for code in NOTICES:
        yield f"notice-{code.replace('_', '-')}", flow.Notice(code)
    arrival = Arrival(Method.APP, _household(*FAMILY))
    yield "notice-disk-full", flow.Notice("disk_full", retry=arrival)
    yield "notice-other", flow.Notice("busy", "いま 書きこめません。少し 待って ください。", retry=arrival)
    yield "notice-not-written", flow.Notice("disk_full", back=flow.Staff())
    for code in ("disk_full", "reader_lost", "bad_signature", "other"):
        yield f"help-{code.replace('_', '-')}", flow.Help(flow.Notice(code))


def _stay() -> Iterator[tuple[str, State]]:
    home = _row("A-042", Method.APP, *FAMILY, minutes=180)
    out = replace(home, elsewhere={FAMILY[2].id: Whereabouts.AWAY})
    alone = _row("A-041", Method.CARD, FAMILY[0], minutes=80)
    yield "what-now", flow.WhatNow(home, frozenset(range(4)), destination=2)
    yield "what-now-back", flow.WhatNow(out, frozenset({2}))
    yield "what-now-one", flow.WhatNow(alone, frozenset({0}))
    for change in (Change.OUT, Change.LEFT, Change.BACK, Change.MOVED, Change.JOINED, Change.MERGED):
        yield f"changed-{change.value}", flow.Changed(home, change)
    yield "changed-tied", flow.Changed(home, Change.TIED, (FAMILY[1].id,))
    yield "tie", flow.TyingToken(home, 1, flow.WhatNow(home, frozenset({1})))
    crowd = _row("A-040", Method.APP, *FAMILY, *_nameless(5))
    yield "tie-many", flow.TyingToken(crowd, 6, flow.HouseholdCard(crowd, flow.Roster()))
    told = replace(
        out.household,
        phone="090-0000-1234",
        stay=Stay.CAR,
        area="体育館A",
        pets=(Pet(PetKind.DOG, 1), Pet(PetKind.CAT, 2)),
        languages=("vi", "ja-easy"),
        consent=Consent.RELATIVES,
        supplies=4,
        note="夜は 音に 弱い",
    )
    full = replace(out, household=told, receptions=2)
    card = flow.HouseholdCard(full, flow.Roster(), 1)
    yield "card", card
    yield "card-held", replace(card, holding=Masked.ADDRESS, shown=True)
    quiet = flow.HouseholdCard(_row("A-036", Method.COUNT, *_nameless(3), minutes=44), flow.Roster())
    yield "card-unsaid", quiet
    hidden = replace(out, household=replace(out.household, secrecy=True, no_address=True, address=""))
    yield "card-secret", flow.HouseholdCard(hidden, flow.Roster(), sentence="いまは 見られません。")
    yield "card-similar", replace(card, similar=(alone,), person=3)
    areas = (("体育館A", 48, 60), ("体育館B", 12, 60), ("2年1組", 20, 20))
    for page in Page:
        opened = flow.CardPage(card, page, told, "神奈川県小田原市栄町" if page is Page.ADDRESS else "")
        yield f"page-{page.value}", replace(opened, areas=areas if page is Page.AREA else ())
    yield "member", flow.MemberCard(card)
    yield "ending-secrecy", flow.EndingSecrecy(card, missing=True)
    yield (
        "ask-name-correct",
        flow.AskName(flow.Asked(None, NOW.date(), TOWNS, correcting=flow.MemberCard(card)), "ヤマダ　カズコ"),
    )


def _staff() -> Iterator[tuple[str, State]]:
    yield "staff", flow.Staff()
    yield "roster", flow.Roster("", _roster(), at=1)
    yield "roster-away", flow.Roster("", _roster(), show=Show.AWAY)
    yield "roster-going", flow.Roster("サ", _roster()[1:2], going=True)
    yield "roster-empty", flow.Roster("ゾ")
    one = _row("A-012", Method.DESK, *FAMILY[:2], minutes=50)
    other = _row("B-042", Method.APP, *(replace(person, id=PersonId(person.id + b"2")) for person in FAMILY))
    pair = double(one, other)
    yield "doubles", flow.Doubles((pair,))
    yield "doubles-none", flow.Doubles(())
    yield "compare", flow.Compare(pair, flow.Doubles((pair,)))
    yield "inquiry", flow.Inquiry("ヤマダ　タロ")
    yield "inquiry-missing", flow.Inquiry("ヤマダ", missing="relative")
    yield "inquiry-told", flow.Inquiry("ヤマダ　タロウ", relative=True, answer=(one,))
    yield "inquiry-untold", flow.Inquiry("ヤマダ　タロウ", relative=False, answer=())
    looked = int((NOW - dt.timedelta(minutes=25)).timestamp())
    areas = (Area("体育館A", 60), Area("体育館B", 60), Area("2年1組", 20), Area("保健室"))
    shelter = Shelter(
        Mode.DISASTER,
        None,
        Opening.OPENED,
        capacity=200,
        fullness=Fullness.CROWDED,
        staff=4,
        helpers=11,
        checked_at=looked,
        areas=areas,
    )
    there = {"体育館A": 58, "体育館B": 31, "2年1組": 20, "保健室": 3, "": 20}
    board = flow.ShelterBoard(shelter, shelter, there)
    yield "shelter", board
    yield "shelter-saved", replace(board, saved=True)
    yield "shelter-new", flow.ShelterBoard(Shelter(Mode.DISASTER, None), Shelter(Mode.DISASTER, None))
    yield "area", flow.AreaPage(board, 0, "体育館A", "60")
    yield "area-new", flow.AreaPage(board, None, missing=True)
    yield "devices", flow.Devices()
    yield "devices-tried", flow.Devices(code_seen=True, card_seen=True, rang=True, tried=True)
    lookings = tuple(
        Looking(_clock(7 * place), ("田中", "鈴木")[place % 2], action, reason, (f"A-{40 - place:03}",))
        for place, (action, reason) in enumerate(
            (
                ("view_card", ""),
                ("show_address", ""),
                ("answer_inquiry", "安否照会"),
                ("show_needs", ""),
                ("view_card", ""),
            )
            * 2
        )
    )
    yield "audit", flow.Audit(lookings)
    all_numbers = tuple(f"A-{place:03}" for place in range(1, 48))
    two = Looking(_clock(1), "田中　一郎、鈴木　花子", "bulk_export", "市役所への 報告", all_numbers)
    yield "audit-everybody", flow.Audit((two, *lookings[:2]))
    yield "audit-none", flow.Audit(())
    rows = _roster()
    counts = Counts(persons=132, households=47, care=18, infants=5, fever=2, outside_persons=9)
    yield "shift", flow.Shift(ShiftSheet(counts, shelter, rows[:2], rows[3:4], rows[6:], 1))


def _clock(minutes: int) -> int:
    """A clock value so long ago."""
    return int((NOW - dt.timedelta(minutes=minutes)).timestamp() * 1000) << 16


HQ_AHEAD = "本部に あった 新しい 記録を もどしました。一度 鍵を かけて、もう一度 あけてください。"
FOUND = (
    Notice(
        "log_cut",
        "この パソコンから 記録 2件が なくなりました。受付票や 紙と くらべてください。",
        "2 events are lost",
    ),
    Notice(
        "witness_damaged", "記録の 控えが こわれていたので、作りなおしました。", "made anew", serious=False
    ),
)


def _around(**known: object) -> Surroundings:
    sync = Sync(Link.SENT, NOW - dt.timedelta(seconds=12))
    well: dict[str, object] = {
        "camera": Device.WORKING,
        "reader": Device.WORKING,
        "sync": sync,
        "battery": 100,
    }
    return Surroundings(**{**well, **known})  # type: ignore[arg-type]  # names are Surroundings' own


def render(
    folder: Path,
    language: str = "ja",
    width: int = 1366,
    height: int = 768,
    only: Container[str] | None = None,
) -> list[Path]:
    """Draw every state, or those named in `only`, into PNG files in `folder`, which is made.

    Returns their paths.
    """
    application()
    fonts.load_rarer()
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counts(persons=132, households=47)
    written: list[Path] = []

    def window(place: Place) -> Window:
        drawn = Window(place, _NoHands(), language)
        drawn.resize(width, height)
        drawn.show()
        # Only an active window shows where the focus is.
        drawn.activateWindow()
        return drawn

    def take(drawn: Window, name: str, state: State, around: Surroundings) -> None:
        if only is not None and name not in only:
            return
        drawn.show_ambient(Ambient(NOW, around, counts))
        # Through another screen: each is shown as somebody comes upon it.
        drawn.show_state(flow.Ready())
        drawn.show_state(state)
        QTest.qWait(350 if name == "wait" else 20)
        # One layout makes the next one due: a few turns of the loop, however slow the machine is.
        for _ in range(SETTLING):
            QApplication.processEvents()
        path = folder / f"{name}.png"
        drawn.grab().save(str(path))
        written.append(path)

    fresh = window(Place(NO_SHELTER, OPENING_DESK, Mode.DISASTER, None))
    for name, state in founders():
        take(fresh, name, state, _around(reader=Device.OFF, sync=Sync()))
    fresh.close()
    desk = Place("城山小学校 避難所", "受付 1番", Mode.DISASTER, 200)
    serious = window(desk)
    for name, state in _of_the_desk():
        take(serious, name, state, _around())
    missing = _around(camera=Device.MISSING, sync=Sync(Link.CUT, None, 12))
    take(serious, "ready-no-camera", flow.Ready(), missing)
    says = "カメラの 画像が まっくらです。 レンズの カバーを 開けるか、 明るくして ください。"
    blind = _around(camera=Device.MISSING, camera_code="camera_dark", camera_says=says)
    take(serious, "ready-dark-camera", flow.Ready(), blind)
    take(serious, "devices-dark-camera", flow.Devices(), blind)
    take(serious, "ready-no-reader", flow.Ready(), _around(reader=Device.MISSING, battery=15, charging=False))
    for disk in (Disk.LOW, Disk.FULL, Disk.READ_ONLY):
        take(serious, f"ready-disk-{disk.value.replace('_', '-')}", flow.Ready(), _around(disk=disk))
    found = _around(notices=FOUND, disk=Disk.LOW)
    take(serious, "ready-found", flow.Ready(), found)
    take(serious, "devices-found", flow.Devices(), found)
    ahead = _around(sync=Sync(Link.ASKS, None, 0, HQ_AHEAD))
    take(serious, "ready-hq-ahead", flow.Ready(), ahead)
    take(serious, "devices-hq-ahead", flow.Devices(), ahead)
    starting = _around(camera=Device.STARTING, reader=Device.STARTING, sync=Sync())
    take(serious, "ready-starting", flow.Ready(), starting)
    serious.close()
    drill = window(replace(desk, mode=Mode.DRILL))
    take(drill, "ready-drill", flow.Ready(), _around())
    take(drill, "done-drill", flow.Done(_row("A-042", Method.APP, *FAMILY[:3])), _around())
    drill.close()
    return written
