"""Slips of other shelters and return cards in the flow: no touch to come in, none to go out and be back."""

import pytest

from kiosk import flow
from kiosk.core.household import Method, Mode
from kiosk.core.slip import Slip
from kiosk.desk import AlreadyHere, Received, Tapped, Transfer
from kiosk.flow import Change, step
from walking import ASK, CODE, WATCH, committed, effect, household, row, through

FAMILY = household("山田\u3000太郎", "山田\u3000和子")
WENT = (FAMILY.members[0].id,)
SLIP = flow.SlipSeen(Transfer(Slip(FAMILY, WENT, Mode.DISASTER, Method.APP, "4310010001", "B-007", 1), WATCH))
TOKEN = flow.TokenSeen(b"k" * 16)
WIFE = FAMILY.members[1].id
OUT = Tapped(row(FAMILY), WIFE, out=True, committed=committed(5))


def test_a_slip_is_taken_over_the_moment_it_is_read():
    """From ready to the ledger with no touch; the number shows, and that the card came along."""
    taken = step(flow.Ready(), SLIP)
    assert effect(taken, flow.Receive).arrival == SLIP.transfer
    done = step(taken.state, Received(row(FAMILY), committed()))
    assert done.state.marks == {"moved_in"}
    assert step(done.state, SLIP) == flow.Step(done.state)
    later = step(step(done.state, flow.TimeUp()).state, SLIP)
    assert type(later.state) is flow.Seen


def test_a_slip_shown_again_later_asks_what_now():
    """A household that was taken over is here: it is asked as any other, and nothing is done yet."""
    later = through(flow.Ready(), SLIP, AlreadyHere(row(FAMILY)))
    assert type(later.state) is flow.WhatNow
    assert step(later.state, SLIP) == flow.Step(later.state)


@pytest.mark.parametrize("code", ["slip_sealed", "slip_malformed"])
def test_a_slip_that_can_not_be_opened_keeps_every_way_open(code):
    """It is said without blame, and a name is one key away."""
    notice = step(flow.Ready(), flow.CodeRefused(code)).state
    assert notice.tone == "attention"
    assert type(step(notice, ASK).state) is flow.AskName


def test_a_slip_that_could_not_be_written_waits_for_another_try():
    """A full disk keeps the slip on the screen; Enter writes it."""
    failed = through(flow.Ready(), SLIP, flow.Failed(flow.Work.RECEIVE, "disk_full", "いっぱい"))
    assert failed.state.retry == SLIP.transfer
    assert effect(step(failed.state, flow.Enter()), flow.Receive).arrival == SLIP.transfer


def test_a_tap_is_all_it_takes_to_go_and_to_be_back():
    """No touch at all: who it is and what it meant shows, and one key takes it back."""
    taken = step(flow.Ready(), TOKEN)
    assert effect(taken, flow.Tap).token == TOKEN.token
    gone = step(taken.state, OUT)
    assert (gone.state.change, gone.state.persons) == (Change.OUT, (WIFE,))
    assert effect(step(gone.state, flow.Back()), flow.Undo).what == OUT.committed
    back = through(flow.Ready(), TOKEN, Tapped(row(FAMILY), WIFE, out=False, committed=committed(6)))
    assert back.state.change is Change.BACK


def test_a_card_that_bounces_is_one_tap():
    """The same card while its word still shows, or a moment later, is not another tap."""
    gone = through(flow.Ready(), TOKEN, OUT).state
    assert step(gone, TOKEN) == flow.Step(gone)
    moment = step(step(gone, flow.TimeUp()).state, TOKEN)
    assert type(moment.state) is flow.Seen
    assert type(through(gone, flow.TimeUp(), flow.TimeUp(), TOKEN).state) is flow.Tapping


def test_a_card_that_stands_for_nobody_says_so():
    """A transit card that was never tied receives nobody, and the way on is said."""
    assert through(flow.Ready(), TOKEN, flow.NotTied()).state.code == "felica"


def test_another_persons_tap_follows_at_once():
    """While one shows, the next may tap."""
    gone = through(flow.Ready(), TOKEN, OUT).state
    assert effect(step(gone, flow.TokenSeen(b"x" * 16)), flow.Tap).token == b"x" * 16


@pytest.mark.parametrize(
    "opened",
    [
        flow.WhatNow(row(FAMILY), frozenset({1})),
        flow.MemberCard(flow.HouseholdCard(row(FAMILY), flow.Roster(), 1)),
    ],
    ids=["what now", "the card"],
)
def test_a_card_is_tied_to_the_person_chosen(opened):
    """From where the household stands: one touch, the card on the reader, and it is written."""
    waiting = step(opened, flow.TieWanted()).state
    assert waiting.person == 1
    tied = step(waiting, TOKEN)
    assert effect(tied, flow.Tie) == flow.Tie(FAMILY.id, WIFE, TOKEN.token)
    shown = step(tied.state, flow.Written(row(FAMILY), committed(9))).state
    assert (shown.change, shown.persons) == (Change.TIED, (WIFE,))
    # The card lies there still: that is no tap.
    assert step(shown, TOKEN) == flow.Step(shown)
    assert step(waiting, flow.Back()).state == getattr(opened, "card", opened)


def test_whose_card_it_is_can_be_said():
    """A digit or a touch chooses the person; nobody who is not there can be chosen."""
    waiting = through(flow.WhatNow(row(FAMILY), frozenset({0, 1})), flow.TieWanted()).state
    assert step(waiting, flow.Digit(2)).state.person == 1
    assert step(waiting, flow.PersonChosen(7)).state == waiting


def test_a_card_somebody_else_uses_is_refused_where_it_was():
    """Another card is one try away."""
    waiting = step(flow.WhatNow(row(FAMILY), frozenset({1})), flow.TieWanted()).state
    failed = through(waiting, TOKEN, flow.Failed(flow.Work.CHANGE, "token_taken", "x"))
    assert (failed.state.code, failed.state.back) == ("token_taken", waiting)
    assert step(failed.state, flow.Enter()).state == waiting


def test_nothing_of_a_card_is_printed():
    """No repr holds what is kept of a card."""
    taken = step(flow.Ready(), TOKEN)
    assert "kkk" not in repr(TOKEN) + repr(taken)


def test_a_code_is_let_wait_while_a_tap_is_written():
    """Milliseconds: the phone held up meanwhile is seen when the answer is there."""
    tapping = step(flow.Ready(), TOKEN).state
    assert step(tapping, CODE) == flow.Step(tapping)
    assert flow.watches_codes(tapping)
