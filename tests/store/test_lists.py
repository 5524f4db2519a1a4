"""What leaves the desk: who may take it, what is on it, and that the log knew before."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from at_desk import access, supervisor
from kiosk.core.access import Action, Role
from kiosk.core.acts import Topic
from kiosk.core.household import Method, Mode, Need, Stay
from kiosk.desk import MOST_IN_A_NOTE, Arrival, Desk
from kiosk.errors import KnownError
from kiosk.lists import Lists
from kiosk.reports import handover

SECOND = supervisor("もうひとり", 2).actor


@pytest.fixture
def lists(ledger):
    return lists_of(ledger, supervisor("係"))


def lists_of(ledger, who):
    return Lists(Desk(ledger, Mode.DRILL, lambda: None, os.urandom, who), ledger, who)


@pytest.fixture
def people(desk):
    """Three households, the second under secrecy."""
    rows = []
    for kana, area in (("ア", "体育館"), ("イ", "体育館"), ("ウ", "")):
        person = desk.new_person(
            name=f"見本　{kana}", kana=f"ミホン　{kana}", needs=frozenset({Need.DEMENTIA}), note="くすり"
        )
        home = desk.new_household([person], area=area, phone="090", address="見本市1")
        rows.append(desk.receive(Arrival(Method.DESK, home)).row)
    desk.keep_secret(rows[1].household.id)
    return rows


def seen(ledger):
    """Audit notes: who, what, why, of how many."""
    return [
        (note.staff, note.action, note.reason, len(note.about))
        for _, note in ledger.notes()
        if note.topic is Topic.SEEN
    ]


def numbers(rows):
    return sorted(row.number for row in rows)


def test_everybody_but_those_under_secrecy_is_on_a_list(lists, ledger, people):
    """Whoever takes it, and for whatever reason: the household is not there, and the log names the others."""
    rows = lists.everybody(Action.BULK_EXPORT, "配給", SECOND)
    assert numbers(rows) == ["A-001", "A-003"]
    assert seen(ledger) == [("係、もうひとり", "bulk_export", "配給", 2)]
    about = next(note.about for _, note in ledger.notes() if note.topic is Topic.SEEN)
    assert people[1].household.id not in about


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("needs", [False, True])
def test_what_was_told_in_confidence_is_taken_out_only_by_who_may(lists, ledger, needs):
    """Needs and their notes are gone before anybody writes a list, unless they were asked for."""
    rows = lists.everybody(Action.PRINT_ROSTER, "夜の見回り", needs=needs)
    told = {(person.needs, person.note) for row in rows for person in row.household.members}
    assert told == {(frozenset({Need.DEMENTIA}), "くすり") if needs else (frozenset(), "")}
    with pytest.raises(KnownError) as caught:
        lists_of(ledger, access(Role.RECEPTIONIST)).one("A-1", "渡す", needs=True)
    assert caught.value.code == "not_allowed"


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("action", "reason", "second", "code"),
    [
        (Action.BULK_EXPORT, "", SECOND, "reason_needed"),
        (Action.BULK_EXPORT, "配給", None, "second_person_needed"),
        (Action.BULK_EXPORT, "配給", supervisor("係").actor, "second_person_needed"),
        (Action.BULK_EXPORT, "配給", access(Role.RECEPTIONIST, "二", 2).actor, "second_person_needed"),
        (Action.PRINT_ROSTER, " ", None, "reason_needed"),
    ],
)
def test_a_bulk_export_takes_two_and_a_reason(lists, ledger, action, reason, second, code):
    """Refused, nothing is told and nothing is written down as taken."""
    with pytest.raises(KnownError) as caught:
        lists.everybody(action, reason, second)
    assert caught.value.code == code
    assert seen(ledger) == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.RECEPTIONIST, Role.HEALTH, Role.AUDITOR])
def test_ordinary_roles_take_no_roster(ledger, role):
    """A roster is for supervisors; volunteers and auditors do not even search."""
    lists = lists_of(ledger, access(role))
    with pytest.raises(KnownError, match="not_allowed"):
        lists.everybody(Action.PRINT_ROSTER, "見回り")
    if role in (Role.VOLUNTEER, Role.AUDITOR):
        with pytest.raises(KnownError, match="not_allowed"):
            lists.search("ミホン")
        with pytest.raises(KnownError, match="not_allowed"):
            lists.hand_over()


@pytest.mark.usefixtures("people")
def test_a_search_is_written_down(ledger):
    """Who searched and who was shown; needs are not."""
    rows = lists_of(ledger, access(Role.RECEPTIONIST, "受付")).search("ミホン")
    assert numbers(rows) == ["A-001", "A-003"]
    assert {person.note for row in rows for person in row.household.members} == {""}
    assert seen(ledger) == [("受付", "search", "", 2)]


@pytest.mark.parametrize("called", ["A-001", "a1", "Ａ－０１", "id"])
def test_one_card_is_found_by_its_number_or_id(lists, people, called):
    """However the number is written; and nobody else's."""
    wanted = people[0].household.id.hex() if called == "id" else called
    assert lists.one(wanted, "").household.id == people[0].household.id


@pytest.mark.parametrize("called", ["A-002", "A-099", "ミホン", "", "id"])
def test_a_hidden_card_is_as_absent_as_none(lists, ledger, people, called):
    """The same words whether nobody is there or nobody may know; nothing is written down."""
    wanted = people[1].household.id.hex() if called == "id" else called
    with pytest.raises(KnownError) as caught:
        lists.one(wanted, "渡す")
    assert caught.value.code == "not_in_roster"
    assert seen(ledger) == []


def test_a_hand_over_counts_everybody_and_speaks_of_those_it_may(lists, ledger, desk, people):
    """Secret households are in the counts and areas, and on no list of what is open."""
    outside = desk.new_household([desk.new_person()], stay=Stay.CAR, area="駐車場")
    desk.receive(Arrival(Method.COUNT, outside))
    state = lists.hand_over()
    assert (state.counts.persons, state.counts.outside_persons) == (3, 1)
    assert state.occupied == {"体育館": 2, "": 1}
    assert numbers(state.rows) == ["A-001", "A-003", "A-004"]
    assert handover.open_ends(state.rows)[2].numbers == ("A-004",)
    assert seen(ledger) == [("係", "handover_sheet", "", 0)]
    assert people[1].number not in str(handover.open_ends(state.rows))


def test_many_are_written_down_in_several_notes(lists, ledger, desk):
    """An event has its size; everybody who was taken out is in the log all the same."""
    for _ in range(MOST_IN_A_NOTE + 3):
        desk.receive(Arrival(Method.COUNT, desk.heads(1)))
    lists.everybody(Action.PRINT_ROSTER, "見回り")
    assert [count for *_, count in seen(ledger)] == [MOST_IN_A_NOTE, 3]


@pytest.mark.usefixtures("people")
def test_what_can_not_be_written_down_is_not_shown(lists, ledger, monkeypatch):
    """A full disk refuses lists; receiving is not theirs to refuse."""

    def full(*_):
        raise KnownError("disk_full", "いっぱいです。", "full")

    monkeypatch.setattr(ledger, "append", full)
    for take in (
        lambda: lists.search("ミホン"),
        lambda: lists.everybody(Action.PRINT_ROSTER, "見回り"),
        lambda: lists.one("A-1", ""),
        lists.hand_over,
    ):
        with pytest.raises(KnownError) as caught:
            take()
        assert caught.value.code == "not_audited"


def test_nothing_but_confidence_is_taken_from_a_row(lists, people):
    """Everything else of a household is as it was."""
    row = lists.one("A-3", "")
    (person,) = people[2].household.members
    plain = replace(people[2].household, members=(replace(person, needs=frozenset(), note=""),))
    assert row.household == plain
