"""Transfer slips and return cards through the real window, the real store and a played FeliCa card."""

import logging
import os

import pytest

from at_desk import supervisor
from card_reader.simulated_others import IDM, FelicaCard
from kiosk import flow
from kiosk.core import slip as slips
from kiosk.core.household import Method, Mode, Person
from kiosk.core.roll import Whereabouts
from kiosk.desk import Arrival, Desk
from kiosk.flow import Change
from kiosk.store import opening
from real_desk import RealDesk


@pytest.fixture
def desk(qtbot, tmp_path):  # noqa: ARG001 - Qt must be up
    opened = RealDesk(tmp_path / "kiosk")
    yield opened
    opened.leave()


@pytest.fixture
def family(desk):
    """A couple that was received by name."""
    desk.write("F1", "yamada tarou", "1", "s550217", "aki", "2", "s560715", "Enter", "sa", "Enter")
    row = desk.wait(flow.Done).row
    desk.home()
    return row


def elsewhere(tmp_path, desk, mode=Mode.DRILL, key=None):
    """The text of a slip of another shelter: of the same municipality unless another key is given."""
    opening.open_shelter(tmp_path / "other", opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(tmp_path / "other", opening.PRACTICE_PASSPHRASE) as store:
        there = Desk(store.ledger, mode, lambda: None, os.urandom, supervisor())
        people = [Person(b"p" * 8, kana="ミホン　ハナ"), Person(b"q" * 8, kana="ミホン　タロウ")]
        home = there.new_household(people, address="見本市城山1-2-3")
        row = there.receive(Arrival(Method.APP, home)).row
        slip = there.hand_over(row.household.id, "4310010002")
    return slips.write(slip, key or desk.station._sheet.transfer_key)


def test_a_household_with_a_slip_is_taken_over_without_a_touch(desk, tmp_path):
    """The code alone brings the whole card: nobody types, the number shows, and Esc takes it back."""
    text = elsewhere(tmp_path, desk)
    before = desk.pressed
    desk.show(text)
    done = desk.wait(flow.Done)
    assert desk.pressed == before
    assert "前の 避難所の 記録を 引きつぎました" in desk.said()
    assert "ミホン　ハナ" in desk.said()
    assert done.row.household.address == "見本市城山1-2-3"
    desk.show(text)
    desk.until(lambda: desk.bridge.ambient.counts is not None and desk.bridge.ambient.counts.persons == 2)
    assert isinstance(desk.state, flow.Done)
    desk.write("Esc")
    assert desk.wait(flow.Notice).code == "undone"
    desk.until(lambda: desk.bridge.ambient.counts.persons == 0)


def test_a_slip_read_twice_receives_nobody_twice(desk, tmp_path):
    """Shown again later, the household is here: it is asked what it wants."""
    text = elsewhere(tmp_path, desk)
    desk.show(text)
    desk.wait(flow.Done)
    desk.home()
    desk.show(text)
    desk.wait(flow.WhatNow)
    desk.until(lambda: desk.bridge.ambient.counts.persons == 2)


def spoilt(text):
    return text[:30] + ("A" if text[30] != "A" else "B") + text[31:]


@pytest.mark.parametrize(
    ("make", "code", "sentence"),
    [
        (spoilt, "slip_sealed", "ここでは ひらけません"),
        (lambda text: text[:12], "slip_malformed", "うまく 読めませんでした"),
        (lambda _: "EST1:", "slip_malformed", "うまく 読めませんでした"),
        (lambda _: "EST1:" + "Z" * 5000, "slip_malformed", "うまく 読めませんでした"),
    ],
    ids=["altered", "cut off", "empty", "endless"],
)
def test_a_slip_that_is_none_says_what_to_do(desk, tmp_path, make, code, sentence):
    """Every refusal has its sentence, nobody is received, and a name is one key away."""
    desk.show(make(elsewhere(tmp_path, desk)))
    notice = desk.wait(flow.Notice)
    assert notice.code in {code, "slip_sealed"}
    assert sentence in desk.said() or "ここでは ひらけません" in desk.said()
    desk.write("F1")
    desk.wait(flow.AskName)


def test_a_slip_of_another_municipality_stays_shut(desk, tmp_path):
    """Its seal is another key's; no name is seen, and no accusation is made."""
    desk.show(elsewhere(tmp_path, desk, key=b"x" * 32))
    assert desk.wait(flow.Notice).code == "slip_sealed"
    assert "ミホン" not in desk.said()


def test_a_drills_slip_is_not_mixed_into_a_disaster(desk, tmp_path):
    """Even under the right key: refused in words, and nothing is written."""
    desk.show(elsewhere(tmp_path, desk, mode=Mode.DISASTER))
    assert desk.wait(flow.Notice).code == "other_mode"
    assert "まぜられません" in desk.said()


# Return cards


def tie(desk, family, person=1):
    """From the roster to a card that stands for somebody."""
    desk.write("F2")
    desk.wait(flow.Roster)
    desk.until(lambda: bool(desk.state.rows))
    desk.write("Enter")
    desk.wait(flow.HouseholdCard)
    desk.write("Enter")
    desk.wait(flow.MemberCard)
    desk.touch(desk.screen.tie)
    desk.wait(flow.TyingToken)
    desk.write(str(person + 1))
    desk.lay(FelicaCard())
    tied = desk.wait(flow.Changed)
    assert (tied.change, tied.persons) == (Change.TIED, (family.household.members[person].id,))
    desk.lift()
    desk.home()


def test_one_tap_out_and_one_tap_back_without_a_touch(desk, family):
    """A transit card tied to the wife: she goes and is back by holding it to the reader, and nothing else."""
    tie(desk, family)
    wife = family.household.members[1].id
    before = desk.pressed
    desk.lay(FelicaCard())
    gone = desk.wait(flow.Changed)
    assert (gone.change, gone.row.elsewhere) == (Change.OUT, {wife: Whereabouts.AWAY})
    assert "行って らっしゃい" in desk.said()
    assert "ヤマダ　アキ さん" in desk.said()
    assert "1人" in desk.said()
    desk.lift()
    desk.home()
    desk.lay(FelicaCard())
    back = desk.wait(flow.Changed)
    assert (back.change, back.row.elsewhere) == (Change.BACK, {})
    assert "おかえりなさい" in desk.said()
    assert desk.pressed == before


def test_a_tap_is_taken_back_with_one_key(desk, family):
    """Esc while it shows: she did not go after all."""
    tie(desk, family)
    desk.lay(FelicaCard())
    desk.wait(flow.Changed)
    before = desk.pressed
    desk.write("Esc")
    assert desk.wait(flow.Notice).code == "undone"
    assert desk.pressed - before == 1
    desk.until(lambda: desk.bridge.ambient.counts.persons == 2)


def test_a_card_tied_to_nobody_receives_nobody(desk, family):
    """It is called what it is, and what to do instead is said."""
    desk.lay(FelicaCard())
    assert desk.wait(flow.Notice).code == "felica"
    assert family.household.members
    assert "受付できません" in desk.said()


def test_a_card_cannot_stand_for_two(desk, family):
    """The second person is told to use another card, and staff are where they were."""
    tie(desk, family, person=0)
    desk.write("F3")
    desk.wait(flow.Roster)
    desk.until(lambda: bool(desk.state.rows))
    desk.write("Enter")
    desk.wait(flow.WhatNow)
    desk.touch(desk.screen.tie)
    desk.wait(flow.TyingToken)
    desk.write("2")
    desk.lay(FelicaCard())
    assert desk.wait(flow.Notice).code == "token_taken"
    assert "ほかの人が 使っています" in desk.said()
    desk.write("Enter")
    assert desk.wait(flow.TyingToken).person == 1


def test_the_cards_number_is_nowhere_on_the_laptop(desk, family, tmp_path, caplog):
    """Neither in the log of the program nor in any file: what is kept is a keyed hash, sealed."""
    caplog.set_level(logging.DEBUG)
    tie(desk, family)
    desk.at_desk(desk.ledger.publish)
    for file in (tmp_path / "kiosk").rglob("*"):
        assert not file.is_file() or IDM not in file.read_bytes()
    assert IDM.hex() not in caplog.text.lower()
