"""支援措置, attacked: what an ordinary role is told of somebody who hides is what it is told of nobody."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace

import pytest

from at_desk import access, supervisor
from kiosk.core.access import Role
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Consent, Household, Method, Mode, Person, Relation
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.lists import Lists
from kiosk.store import opening

HIDDEN = Household(
    HouseholdId(b"H" * 16),
    (
        Person(PersonId(b"h1" * 4), "金糸　秘子", "カナリヤ　ヒミコ", BirthDate(1984, 5, 6)),
        Person(PersonId(b"h2" * 4), "金糸　翔", "カナリヤ　ショウ", relation=Relation.CHILD),
    ),
    address="熊本市南区島町1丁目2番3号",
    phone="090-1234-5678",
    secrecy=True,
    consent=Consent.ANYONE,
    area="体育館 A",
)
LISTED = Household(
    HouseholdId(b"L" * 16),
    (Person(PersonId(b"l1" * 4), "見本　太郎", "ミホン　タロウ", BirthDate(1980, 2, 17)),),
    address="熊本市南区島町5丁目",
    phone="096-111-2222",
    consent=Consent.ANYONE,
)
PASS = Source(Method.APP, "431001", b"p" * 16)
ORDINARY = [Role.VOLUNTEER, Role.RECEPTIONIST, Role.HEALTH, Role.AUDITOR]
TYPED = (
    *("金糸", "金", "秘子", "かなりや", "カナリヤ ヒミコ", "kanariya", "k", "ヒミコ", "かなりやひみこ", "翔"),
    *("19840506", "S590506", "昭和59年5月6日", "1984", "5678", "090-1234-5678", "島町1丁目", "島町"),
    *("A-002", "a2", "2", "A-", HIDDEN.id.hex(), "ミホン", ""),
)


@contextmanager
def world(folder, *households):
    """A shelter that received these, in this order."""
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(folder, opening.PRACTICE_PASSPHRASE) as store:
        boss = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        for household in households:
            boss.receive(Arrival(Method.DESK, household))
        yield store.ledger


@pytest.fixture
def worlds(tmp_path):
    """The same shelter twice: in the first one somebody hides, in the second one they never came."""
    with (
        world(tmp_path / "with", LISTED, HIDDEN) as one,
        world(tmp_path / "without", LISTED) as other,
    ):
        yield one, other


def answer(work):
    """What somebody at the desk is told: households by their ids, or the refusal word for word."""
    try:
        told = work()
    except KnownError as error:
        return error.code, error.sentence, error.english
    if isinstance(told, list | tuple):
        return [(row.household, row.number, row.receptions, row.whereabouts) for row in told]
    return told


def everything(ledger, role):
    """All that may be asked about somebody, in every way."""
    desk = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, access(role))
    lists = Lists(desk, ledger, access(role))
    unknown = Household(HouseholdId(b"?" * 16), HIDDEN.members, address=HIDDEN.address)
    asked = [
        *(lambda text=text: desk.roster(text) for text in TYPED),
        *(lambda text=text: lists.search(text) for text in TYPED),
        *(lambda text=text: desk.inquire(text, relative=True, reason="電話") for text in TYPED),
        *(lambda called=called: lists.one(called, "確認") for called in ("A-002", HIDDEN.id.hex())),
        lambda: desk.secret_roster("見たい"),
        lambda: desk.similar(unknown),
        lambda: [pair.left for pair in desk.doubles()],
        lambda: [(row.household.id, row.number) for row in lists.hand_over().rows] and None,
        lambda: list(lists.hand_over().rows),
        lambda: list(desk.shift_sheet().away + desk.shift_sheet().nameless),
        lambda: [desk.look_at(HIDDEN.id, "確認")],
        lambda: desk.uncover(HIDDEN.id, "birth"),
        lambda: desk.hand_over(HIDDEN.id, "4310010001"),
    ]
    return [answer(work) for work in asked]


@pytest.mark.parametrize("role", ORDINARY)
def test_who_hides_and_who_never_came_are_one_answer(worlds, role):
    """Search, list, one card, inquiry, likeness, doubles, hand-over, look, uncover, slip: the same words."""
    with_them, without_them = worlds
    assert everything(with_them, role) == everything(without_them, role)


def test_they_are_counted_all_the_same(worlds):
    """In every figure: counts, methods, areas, the hand-over's sums."""
    with_them, without_them = worlds
    assert with_them.counts().persons - without_them.counts().persons == len(HIDDEN.members)
    assert with_them.by_method()["desk"] - without_them.by_method()["desk"] == 1
    desk = Desk(with_them, Mode.DRILL, lambda: None, os.urandom, access(Role.RECEPTIONIST))
    assert desk.areas()["体育館 A"] == len(HIDDEN.members)


@pytest.mark.parametrize(
    ("theirs", "nobodys"),
    [
        ("金糸", "銀鏡"),
        ("翔", "駿"),
        ("カナリヤ", "クナリヤ"),
        ("カナリヤ ヒミコ", "クナリヤ ヘミコ"),
        ("kanariya", "kunariya"),
        ("19840506", "19830506"),
        ("090-1234-5678", "090-1234-5679"),
        ("A-002", "A-003"),
    ],
)
def test_a_search_does_the_same_work_for_who_hides_and_for_nobody(worlds, theirs, nobodys):
    """SQLite takes the same steps and gives the same rows: a clock beside the desk learns nothing."""
    assert steps(worlds[0], theirs) == steps(worlds[0], nobodys)


def steps(ledger, text):
    """Instructions of SQLite's machine for one question, once the index is up to date."""
    ledger.roster(text)
    counted = 0

    def count():
        nonlocal counted
        counted += 1
        return 0

    ledger.parts.connection.set_progress_handler(count, 1)
    try:
        rows = ledger.roster(text)
    finally:
        ledger.parts.connection.set_progress_handler(None, 1)
    return counted, [row.household.id for row in rows]


@pytest.fixture
def ledger(tmp_path):
    with world(tmp_path / "kiosk", LISTED) as made:
        yield made


STANDINGS = {
    "here": lambda _desk, _row: None,
    "out": lambda desk, row: desk.away(row.household.id),
    "left": lambda desk, row: desk.leave(row.household.id),
    "moved": lambda desk, row: desk.move(row.household.id),
    "taken back": lambda desk, row: desk.undo(row),
}


@pytest.mark.parametrize("flagged", ["at the first save", "later"])
@pytest.mark.parametrize("standing", STANDINGS)
def test_a_pass_that_is_shown_again_tells_nobody_that_they_are_here(ledger, standing, flagged):
    """Whoever they hide from may have the family's pass: it is received as one that was never seen."""
    desk = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, access(Role.RECEPTIONIST))
    boss = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
    first = desk.receive(Arrival(Method.APP, replace(HIDDEN, secrecy=flagged != "later"), PASS))
    assert isinstance(first, Received)
    if flagged == "later":
        desk.keep_secret(HIDDEN.id)
    STANDINGS[standing](boss, first.row)
    before = ledger.counts()
    shown = Household(HouseholdId(b"S" * 16), (replace(HIDDEN.members[0], id=PersonId(b"s1" * 4)),))
    for time in (1, 2):
        number = ledger.next_number()
        again = desk.receive(Arrival(Method.APP, shown, PASS))
        assert isinstance(again, Received)
        assert (again.returned, again.row.number, again.row.receptions) == (False, number, 1)
        assert not again.row.household.secrecy
        assert [one.name for one in again.row.household.members] == ["金糸　秘子"]
        # It may be they themselves who came: nobody finds this reception either.
        assert desk.roster("カナリヤ") == []
        assert [row.household.id for row in desk.roster()] == [LISTED.id]
        assert ledger.counts().persons == before.persons + time
    assert len(boss.secret_roster("統合", "カナリヤ")) == (2 if standing == "taken back" else 3)
    assert ledger.problems() == []


def test_setting_a_flag_and_its_absence_look_the_same_to_who_opens_a_card_by_its_id(ledger):
    """Knowing the id is no key: the refusal is that of a household that never was."""
    desk = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, access(Role.RECEPTIONIST))
    desk.receive(Arrival(Method.DESK, HIDDEN))
    for look in (desk.look_at, lambda one: desk.uncover(one, "phone"), lambda one: desk.hand_over(one, "4")):
        told = [answer(lambda one=one, look=look: look(one)) for one in (HIDDEN.id, HouseholdId(b"?" * 16))]
        assert told[0] == told[1]
        assert told[0][0] == "not_in_roster"
