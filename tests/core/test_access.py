"""Who may do what: every cell of the table, and nothing outside it."""

from __future__ import annotations

import pytest

from kiosk.core.access import TABLE, Access, Action, Actor, Role, Terms, role_of
from kiosk.errors import KnownError

DESK = {
    "receive", "count_only", "add_members", "leave", "away", "return", "undo_own", "take_over", "secrecy_set",
    "counts_view", "own_secret", "check", "sync",
}  # fmt: skip
FINDING = {"search", "roster_view", "card_view", "unmask", "amend", "print_card", "handover_sheet", "report"}
RECEPTION = {"move", "new_head", "merge", "transfer_slip", "shelter_state"}
LEADING = {"undo_others", "staff_list", "staff_accounts", "settings", "audit_view", "backup", "restore"}

FREELY = {
    Role.VOLUNTEER: DESK,
    Role.RECEPTIONIST: DESK | FINDING | RECEPTION,
    Role.HEALTH: DESK | FINDING | {"health_view", "health_amend"},
    Role.AUDITOR: {"counts_view", "report", "own_secret", "staff_list", "audit_view", "check"},
    Role.SUPERVISOR: DESK | FINDING | RECEPTION | LEADING,
}
WITH_A_REASON = {
    Role.RECEPTIONIST: {"safety_answer"},
    Role.SUPERVISOR: {"safety_answer", "health_view", "secrecy_view", "print_roster"},
}
BY_TWO = {Role.SUPERVISOR: {"close_shelter", "devices"}}
BY_TWO_WITH_A_REASON = {Role.SUPERVISOR: {"secrecy_clear", "bulk_export", "erase"}}


def actor(role, identity=b"12345678"):
    return Actor(identity, "係", role)


def wanted(role, action):
    for table, terms in (
        (FREELY, Terms.FREELY),
        (WITH_A_REASON, Terms.REASON),
        (BY_TWO, Terms.SECOND),
        (BY_TWO_WITH_A_REASON, Terms.REASON | Terms.SECOND),
    ):
        if action in table.get(role, ()):
            return terms
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_cell(role, action):
    """A role may do this on exactly these terms."""
    access = Access(actor(role))
    terms = wanted(role, action)
    assert access.terms(action) == terms
    assert access.may(action) is (terms is not None)
    second = actor(Role.SUPERVISOR, b"another!")
    if terms is None:
        with pytest.raises(KnownError, match="not_allowed"):
            access.check(action, reason="all of them", second=second)
        return
    access.check(action, reason="asked by the family", second=second)
    if Terms.REASON in terms:
        with pytest.raises(KnownError, match="reason_needed"):
            access.check(action, reason="  ", second=second)
    if Terms.SECOND in terms:
        for nobody in (None, actor(Role.SUPERVISOR), actor(Role.RECEPTIONIST, b"another!")):
            with pytest.raises(KnownError, match="second_person_needed"):
                access.check(action, reason="why", second=nobody)


def test_every_action_stands_in_the_table():
    """Nothing can be asked for that nobody thought about."""
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_a_role_of_a_later_version_may_do_nothing(action):
    """What is not known is denied."""
    assert role_of("quartermaster") is None
    assert not Access(actor(role_of("quartermaster"))).may(action)


def test_a_volunteer_is_a_receptionist_who_looks_nobody_up():
    """Whatever a volunteer may do a receptionist may, and no volunteer sees the roster."""
    may = {role: {action for action in Action if Access(actor(role)).may(action)} for role in Role}
    assert may[Role.VOLUNTEER] < may[Role.RECEPTIONIST] < may[Role.SUPERVISOR]
    assert not may[Role.VOLUNTEER] & {Action.SEARCH, Action.ROSTER_VIEW, Action.CARD_VIEW, Action.UNMASK}
    assert {Action.SEARCH, Action.CARD_VIEW, Action.ROSTER_VIEW} & may[Role.AUDITOR] == set()


def test_a_refusal_is_one_sentence_that_names_nobody():
    """Whoever is refused reads what to do, and no name goes into a log."""
    with pytest.raises(KnownError) as caught:
        Access(Actor(b"12345678", "山田　花子", Role.VOLUNTEER)).check(Action.SEARCH)
    assert "責任者" in caught.value.sentence
    assert "山田" not in str(caught.value)
