"""The first hour of a shelter: twenty-five situations, as the desk's rules answer them.

Each is a short story on the real store. What belongs to the window (a banner, a gauge, a tile) is tested
with the window; here stands what must be true whatever the window looks like.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace

import pytest

from at_desk import supervisor
from card_reader.errors import CardError
from card_reader.other_cards import OTHER_CARDS
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin
from card_reader.simulated import SimulatedCard, SimulatedReader
from kiosk.core import sheet, shelter_code
from kiosk.core import slip as slips
from kiosk.core.acts import Area, Fullness, Opening, Shelter
from kiosk.core.household import Consent, Method, Mode, Need, Pet, PetKind, Relation, Sex, Stay
from kiosk.core.roll import Whereabouts
from kiosk.desk import AlreadyHere, Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import opened_as, opening
from kiosk.timing import Session
from sync import outbox


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return folder


@pytest.fixture
def ledger(data):
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        yield store.ledger


@pytest.fixture
def desk(ledger):
    return Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))


def arrive(desk, *kana, method=Method.DESK, **known):
    """A family of these names comes and is received."""
    people = [desk.new_person(kana=name) for name in kana]
    outcome = desk.receive(Arrival(method, desk.new_household(people, **known)))
    assert isinstance(outcome, Received)
    return outcome.row


def lay(card):
    """A card on a reader, and the desk that would read it."""
    reader = SimulatedReader()
    reader.insert(card)
    return CardDesk(reader)


def refusal(card, secret):
    with pytest.raises(CardError) as refused:
        lay(card).read(secret)
    return refused.value


def test_01_the_power_goes(desk, data, ledger, tmp_path):
    """What was acknowledged is on the disk: the folder as the power cut left it opens with everybody."""
    row = arrive(desk, "ミホン　タロウ")
    shutil.copytree(data, tmp_path / "after")  # no close, no checkpoint
    assert ledger
    with opening.unlocked(tmp_path / "after", opening.PRACTICE_PASSPHRASE) as store:
        assert store.ledger.get(row.household.id) == row
        assert store.ledger.problems() == []


def test_02_no_network_from_the_start(desk, data, ledger):
    """Nothing waits for it; what is unsent lies ready, and time is measured without it."""
    stopwatch = Session(time.monotonic, 1).stopwatch()
    home = desk.new_household([desk.new_person(kana="ミホン")])
    assert isinstance(desk.receive(Arrival(Method.DESK, home, None, stopwatch)), Received)
    desk.publish()
    assert outbox.segments(outbox.folder(data), ledger.device)[-1].last == ledger.head[0]
    assert outbox.read_status(outbox.folder(data)) is None


def test_03_a_queue_of_two_hundred(desk, ledger):
    """Heads now, details later: sixty households are counted, and one of them gets its names at midnight."""
    rows = [desk.receive(Arrival(Method.COUNT, desk.heads(1 + number % 4))).row for number in range(60)]
    persons = desk.counts().persons
    assert (desk.counts().households, persons) == (60, 150)
    home = rows[3].household
    desk.amend(replace(home, members=tuple(replace(person, kana="ミホン") for person in home.members)))
    assert [row.household.id for row in desk.roster("ミホン")] == [home.id]
    assert (desk.counts().persons, ledger.by_method()["count"]) == (persons, 60)


def test_04_no_card_and_no_phone(desk, ledger):
    """A name in kana and a head count are enough; a paper form typed in later stays paper."""
    row = arrive(desk, "ミホン　ハナ", method=Method.PAPER)
    desk.amend(replace(row.household, address="見本市港町1", note="用紙 17番"))
    assert ledger.by_method()["paper"] == 1


def test_05_the_pin_is_forgotten(desk):
    """The code on the card's face opens it too; and whoever wants neither is asked by staff."""
    reading = lay(SimulatedCard()).read(CodeB(birth="550217", security_code="2285"))
    assert reading.person.name
    assert arrive(desk, "ミホン　タロウ").method is Method.DESK


def test_06_one_try_is_left(desk):
    """The desk never risks the last one: nothing is sent, the card is as it was, and they are asked."""
    card = SimulatedCard(pin_tries=1)
    assert refusal(card, Pin("1234")).code == "last_try_refused"
    assert (card.secrets_sent, card.pin.tries) == (0, 1)
    assert arrive(desk, "ミホン")


def test_07_a_card_without_a_pin():
    """顔認証カード: said as what it is, so that staff look at the face."""
    assert refusal(SimulatedCard(pin=None), Pin("1234")).code == "no_pin_set"


def test_08_a_phone_or_another_card_on_the_reader(desk):
    """It is told apart, and every other way in stays open."""
    assert {card.seen for card in OTHER_CARDS} >= {"driving_licence", "residence_card"}
    assert arrive(desk, "ミホン")


def test_09_the_phone_wants_to_scan_the_shelter(data):
    """The desk shows a code that phones can trust, made from the opening sheet and with no network."""
    opened = sheet.read((data / opened_as.SHEETS[0]).read_text())
    text = shelter_code.write(opened.code, opened.endorsement)
    code, _ = shelter_code.read(text, opened.root_key)
    assert code.shelter == opened.shelter


def test_10_a_family_comes_in_pieces(desk):
    """The grandmother is suggested to her family by address and surname, and it stays one household."""
    row = arrive(desk, "ミホン　タロウ", address="見本市城山1丁目2番3号")
    late = [desk.new_person(kana="ミホン　ウメ")]
    [found] = desk.similar(desk.new_household(late, address="見本市城山1-2-3"))
    desk.add_members(found.household.id, late)
    assert found.household.id == row.household.id
    assert (desk.counts().households, desk.counts().persons) == (1, 2)


def test_11_the_same_person_twice(desk):
    """By app and on paper: merged by a person, undone by a person, both originals kept."""
    one, two = arrive(desk, "ミホン　タロウ"), arrive(desk, "ミホン　タロウ", method=Method.PAPER)
    pair = (two.household.members[0].id, one.household.members[0].id)
    merged = desk.merge(two.household.id, one.household.id, [pair])
    assert desk.counts().persons == 1
    desk.undo(merged)
    assert desk.counts().persons == 2


def test_12_two_desks_without_a_link(data, ledger, desk, tmp_path):
    """A-001 here and B-001 there: two blocks of numbers, ids that never clash."""
    here = arrive(desk, "ミホン　タロウ")
    sheet_text = (data / opened_as.SHEETS[0]).read_text()
    opening.open_shelter(tmp_path / "b", sheet_text, opening.PRACTICE_STAFF, desk="B")
    with opening.unlocked(tmp_path / "b", opening.PRACTICE_PASSPHRASE) as store:
        there = store.ledger
        assert there.device != ledger.device
        assert (here.number, there.next_number()) == ("A-001", "B-001")


def test_13_going_home_and_going_to_hospital(desk, ledger):
    """The counts drop at once, and where they went is on the card's log."""
    row = arrive(desk, "ミホン　タロウ", "ミホン　ハナ")
    first, second = row.household.members
    desk.leave(row.household.id, [first.id], "見本病院")
    desk.away(row.household.id, [second.id], "家の 片づけ")
    assert desk.counts().persons == 0
    assert ledger.get(row.household.id).whereabouts is Whereabouts.AWAY


def test_14_the_head_leaves(desk, ledger):
    """The others stay, and one of them speaks for the household."""
    row = arrive(desk, "ミホン　タロウ", "ミホン　ハナ")
    head, other = row.household.members
    desk.leave(row.household.id, [head.id])
    desk.new_representative(row.household.id, other.id)
    now = ledger.get(row.household.id)
    assert [person.relation for person in now.present] == [Relation.HEAD]


def test_15_moving_to_another_shelter(desk, tmp_path):
    """One active stay: out here, in there, by a slip and with no network at either."""
    row, key = arrive(desk, "ミホン　タロウ"), bytes(32)
    slip = slips.write(desk.hand_over(row.household.id, "practice"), key)
    desk.move(row.household.id, "4310010002")
    opening.open_shelter(tmp_path / "next", opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(tmp_path / "next", opening.PRACTICE_PASSPHRASE) as store:
        next_desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        assert isinstance(next_desk.take_over(slips.read(slip, key)), Received)
        assert isinstance(next_desk.take_over(slips.read(slip, key)), AlreadyHere)
        assert (desk.counts().persons, next_desk.counts().persons) == (0, 1)


def test_16_no_address(desk, ledger):
    """申告なし is an answer, not a gap; it blocks nothing."""
    row = arrive(desk, "ミホン", no_address=True)
    assert ledger.get(row.household.id).household.no_address


def test_17_a_tourist(desk, ledger):
    """Country, language and the wish that the embassy be told; no address needed."""
    row = arrive(desk, "グエン", languages=("vi",), embassy="VN", no_address=True)
    assert ledger.get(row.household.id).household.embassy == "VN"


def test_18_protected_from_somebody(desk, ledger):
    """Hidden in every list and every answer from the first save on, and still counted."""
    arrive(desk, "ミホン　ハナ", secrecy=True, consent=Consent.ANYONE)
    assert desk.roster() == []
    assert desk.roster("ミホン") == []
    assert desk.inquire("ミホン", relative=True, reason="電話") == []
    assert desk.counts().persons == 1
    assert len(ledger.roster(secret=True)) == 1


def test_19_is_my_father_there(desk, ledger):
    """Without consent the answer is the one for nobody; who asked is in the log."""
    arrive(desk, "ミホン　タロウ")
    nobody = desk.inquire("ミホン　ジロウ", relative=True, reason="電話")
    assert desk.inquire("ミホン　タロウ", relative=True, reason="電話") == nobody == []
    assert len(ledger.notes()) == 2


def test_20_fever_injury_and_a_device_that_needs_power(desk):
    """A tick at the door is a figure that HQ sees at once."""
    people = [
        desk.new_person(needs=frozenset({need})) for need in (Need.FEVER, Need.INJURY, Need.MEDICAL_POWER)
    ]
    desk.receive(Arrival(Method.DESK, desk.new_household(people)))
    counts = desk.counts()
    assert (counts.fever, counts.injury, counts.power) == (1, 1, 1)


def test_21_sleeping_in_the_car(desk):
    """避難所外: not in the total, in their own figure, with their portions."""
    arrive(desk, "ミホン", "ミホン", stay=Stay.CAR, supplies=2)
    counts = desk.counts()
    assert (counts.persons, counts.outside_persons, counts.outside_households, counts.supplies) == (
        0,
        2,
        1,
        2,
    )


def test_22_with_a_dog(desk, ledger):
    """Kind and number are on the card."""
    row = arrive(desk, "ミホン", pets=(Pet(PetKind.DOG, 1),))
    assert ledger.get(row.household.id).household.pets == (Pet(PetKind.DOG, 1),)


def test_23_a_child_alone(desk, ledger):
    """保護者確認待ち: received without a name, and HQ knows that somebody looks for a guardian."""
    child = desk.new_person(provisional=True, age=6, sex=Sex.UNKNOWN, note="赤い くつ")
    row = desk.receive(Arrival(Method.DESK, desk.new_household([child]))).row
    assert desk.counts().provisional == 1
    desk.amend(replace(row.household, members=(replace(child, provisional=False, kana="ミホン　ケン"),)))
    assert desk.counts().provisional == 0
    assert ledger.problems() == []


def test_24_the_hall_is_full(desk):
    """Areas with their capacity, and 満員 said with the time somebody looked."""
    state = Shelter(Mode.DRILL, None, Opening.OPENED, areas=(Area("体育館", 120), Area("教室 1", 30)))
    desk.report_shelter(replace(state, fullness=Fullness.FULL, checked_at=1_790_000_000))
    row = arrive(desk, "ミホン", area="体育館")
    desk.amend(replace(row.household, area="教室 1"))
    assert desk.shelter().fullness is Fullness.FULL
    assert desk.roster()[0].household.area == "教室 1"


def test_25_the_shift_changes_and_the_drill_is_still_on(desk, ledger):
    """The next shift finds its figures; a drill's desk takes nothing of a disaster's."""
    desk.report_shelter(Shelter(Mode.DRILL, None, Opening.OPENED, staff=4, helpers=2, checked_at=1))
    row = arrive(desk, "ミホン")
    slip = replace(desk.hand_over(row.household.id, "x"), mode=Mode.DISASTER)
    with pytest.raises(KnownError, match="other_mode"):
        desk.take_over(slip)
    following = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("次の係"))
    assert (following.shelter().staff, following.shelter().helpers) == (4, 2)
    assert following.counts() == desk.counts()
