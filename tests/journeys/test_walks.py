"""The first hour of a shelter, walked through the window: the situations as people at the desk meet them.

`test_situations.py` holds what must be true whatever the window looks like; here somebody presses the keys,
at the real window over the real store, with cards that answer as cards do.
"""

from __future__ import annotations

import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from card_reader.simulated import InventedPerson
from card_reader.teaching import LESSONS
from kiosk import flow
from kiosk.camera.decode import read_codes
from kiosk.core import sheet as sheets
from kiosk.core import shelter_code
from kiosk.core.household import Method, Mode, Need, PetKind, Relation, Stay
from kiosk.core.roll import Whereabouts
from kiosk.flow import Change, FaceAsk, Room
from kiosk.store import opening
from real_desk import RealDesk


@pytest.fixture
def sit(qtbot, tmp_path):  # noqa: ARG001 - Qt must be up
    """Sit down at a desk; another name is another laptop."""
    opened = []

    def sit_down(name="kiosk", **known):
        opened.append(RealDesk(tmp_path / name, **known))
        return opened[-1]

    yield sit_down
    for desk in opened:
        desk.leave()


@pytest.fixture
def desk(sit):
    return sit()


def come(desk, *kana, town="sa"):
    """A family is asked: names in Romaji, Enter for sex and birth date, two letters of the town."""
    first, *others = kana
    desk.write("F1", first, "Enter", "Enter")
    for other in others:
        desk.write(other, "Enter", "Enter")
    desk.write("Enter", *filter(None, [town]), "Enter")
    row = desk.wait(flow.Done).row
    desk.home()
    return row


def counts(desk):
    return desk.at_desk(desk.ledger.counts)


def opened_card(desk):
    """The newest household's card, from the roster."""
    desk.write("F2")
    desk.wait(flow.Roster)
    desk.until(lambda: bool(desk.state.rows))
    desk.write("Enter")
    return desk.wait(flow.HouseholdCard)


def card_becomes(desk, so):
    """Wait until the card stands there and is so; its household."""
    desk.until(lambda: isinstance(desk.state, flow.HouseholdCard) and so(desk.state.row.household))
    return desk.state.row.household


def room(desk, which):
    """A room of the staff's menu, by its digit."""
    desk.bridge.put(flow.StaffOpened())
    desk.write(str(tuple(Room).index(which) + 1))


def lesson(desk, name):
    card = LESSONS[name](InventedPerson(), lambda _seconds: None)
    desk.lay(card)
    return card


def test_01_the_power_goes_and_the_number_still_stands(desk, sit, tmp_path):
    """What the screen promised is there when the laptop starts again: same number, found by name."""
    row = come(desk, "mihon tarou")
    shutil.copytree(tmp_path / "kiosk", tmp_path / "after")  # as the power cut left it
    again = sit("after")
    again.write("F2", "mih")
    again.wait(flow.Roster)
    again.until(lambda: [one.number for one in again.state.rows] == [row.number])


def test_02_no_network_from_the_start(desk):
    """Nothing waits: the pill says that this laptop works alone, and receptions go on."""
    come(desk, "mihon")
    desk.bridge._look_around()
    assert "この パソコンだけで 使用中" in desk.said()


def test_03_a_queue_of_two_hundred(desk):
    """Three keys a household; one of them gets its names at midnight, and it is still one household."""
    for heads in "4321":
        desk.write("F5", heads, "Enter")
        desk.wait(flow.Done)
        desk.home()
    assert (counts(desk).households, counts(desk).persons) == (4, 10)
    opened_card(desk)
    desk.write("Enter", "F1", "mihon hana", "2", "Enter")
    desk.until(lambda: isinstance(desk.state, flow.MemberCard) and bool(desk.state.member.kana))
    assert (counts(desk).households, counts(desk).persons) == (4, 10)


def test_04_no_card_and_no_phone(desk):
    """A name is enough: no birth date, no town, nothing is asked twice."""
    row = come(desk, "mihon hana", town="")
    assert row.household.members[0].kana == "ミホン　ハナ"
    assert row.method is Method.DESK


def test_05_the_pin_is_forgotten(desk):
    """One touch, and what is printed on the card opens it: the visitor is received by card."""
    card = lesson(desk, "forgotten_pin")
    desk.wait(flow.Pin)
    desk.touch(desk.screen.unknown)
    desk.write("s550217")
    desk.until(lambda: getattr(desk.state, "asks", None) is FaceAsk.FORM)
    desk.write("1", "2285")
    assert desk.wait(flow.Done).row.method is Method.CARD
    assert card.pin.tries == 3


def test_06_one_try_is_left(desk):
    """No PIN is asked for; a name is one key away, and the card is as it was."""
    card = lesson(desk, "last_try")
    assert desk.wait(flow.Notice).code == "last_try_refused"
    assert "番号は ここまでに します" in desk.said()
    desk.write("F1", "mihon", "Enter", "Enter", "Enter", "Enter")
    assert desk.wait(flow.Done).row.method is Method.DESK
    assert (card.secrets_sent, card.pin.tries) == (0, 1)


def test_07_a_card_without_a_pin(desk):
    """顔認証カード: said as what it is, and the printed code is offered."""
    lesson(desk, "no_pin")
    notice = desk.wait(flow.Notice)
    assert "この カードに 番号が ありません" in desk.said()
    assert notice.offers_face


@pytest.mark.parametrize("other", ["driving_licence", "residence_card", "felica"])
def test_08_another_card_on_the_reader(desk, other):
    """It is called by its name, and every other way in is open."""
    lesson(desk, other)
    assert desk.wait(flow.Notice).code == other
    desk.write("F5", "2", "Enter")
    desk.wait(flow.Done)


def scanned(png):
    """What a camera reads in a drawn code of one pixel a module."""
    drawn = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    return read_codes(cv2.resize(drawn, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST))


def test_09_the_phone_wants_to_scan_the_shelter(desk):
    """The shelter's own code fills the screen, and a camera reads it there."""
    room(desk, Room.CODE)
    desk.until(lambda: getattr(desk.state, "png", None) is not None)
    (text,) = scanned(desk.state.png)
    code, _ = shelter_code.read(text, desk.station._sheet.root_key)
    assert code.shelter == "practice"


def test_10_a_family_comes_in_pieces(desk):
    """The grandmother is recognised by surname and town; 9 lets her in to her family."""
    row = come(desk, "mihon tarou")
    desk.write("F1", "mihon ume", "Enter", "Enter", "Enter", "sa")
    desk.until(lambda: bool(getattr(desk.state, "similar", ())))
    desk.write("9")
    joined = desk.wait(flow.Changed)
    assert (joined.change, joined.row.number) == (Change.JOINED, row.number)
    assert (counts(desk).households, counts(desk).persons) == (1, 2)


def test_11_the_same_person_twice(desk):
    """Two receptions side by side, one household by Enter, two again by Esc."""
    for _ in range(2):
        desk.write("F1", "mihon tarou", "1", "s550217", "Enter", "sa", "Enter")
        desk.wait(flow.Done)
        desk.home()
    room(desk, Room.DOUBLES)
    desk.until(lambda: bool(getattr(desk.state, "pairs", ())))
    desk.write("Enter")
    desk.wait(flow.Compare)
    desk.write("Enter")
    assert desk.wait(flow.Changed).change is Change.MERGED
    assert counts(desk).persons == 1
    desk.write("Esc")
    desk.wait(flow.Notice)
    assert counts(desk).persons == 2


def test_12_two_desks_without_a_link(desk, sit):
    """A-001 at one laptop and B-001 at the other, at the same minute."""
    here = come(desk, "mihon").number
    there = come(sit("second", letter="B"), "mihon").number
    assert (here, there) == ("A-001", "B-001")


def test_13_going_home_and_going_to_hospital(desk):
    """F3, the row, who, where to, L: the count drops at once, and Esc takes it back."""
    come(desk, "mihon tarou", "hana")
    desk.write("F3")
    desk.wait(flow.Roster)
    desk.until(lambda: bool(desk.state.rows))
    desk.write("Enter")
    desk.wait(flow.WhatNow)
    desk.touch(desk.screen.destinations[1])
    desk.write("1", "l")
    gone = desk.wait(flow.Changed)
    assert set(gone.row.elsewhere.values()) == {Whereabouts.LEFT}
    assert counts(desk).persons == 1
    desk.write("Esc")
    desk.wait(flow.Notice)
    assert counts(desk).persons == 2


def test_14_the_head_leaves(desk):
    """Who stays speaks for the household from now on: one key on their page."""
    come(desk, "mihon tarou", "hana")
    opened_card(desk)
    desk.write("2", "Enter")
    desk.wait(flow.MemberCard)
    desk.write("r")
    desk.until(
        lambda: isinstance(desk.state, flow.MemberCard) and desk.state.member.relation is Relation.HEAD
    )


def municipality():
    """Two opening sheets of one municipality: the same transfer key, two shelters."""
    root = Ed25519PrivateKey.generate()
    sheet = replace(
        sheets.read(opening.practice_sheet()), root_key=root.public_key().public_bytes_raw(), shelter="one"
    )
    return sheets.write(sheet, root), sheets.write(replace(sheet, shelter="two", name="第二"), root)


def test_15_moving_to_another_shelter(sit):
    """Out here with a slip, in there by holding it up: the whole card, no touch, and no network at either."""
    one, two = municipality()
    here = sit("here", sheet=one)
    come(here, "mihon tarou", "hana")
    opened_card(here)
    here.write("g")
    here.until(lambda: getattr(here.state, "png", None) is not None)
    (text,) = scanned(here.state.png)
    there = sit("there", sheet=two)
    before = there.pressed
    there.show(text)
    done = there.wait(flow.Done)
    assert there.pressed == before
    assert [person.kana for person in done.row.household.members] == ["ミホン　タロウ", "ミホン　ハナ"]
    assert "前の 避難所の 記録を 引きつぎました" in there.said()
    assert counts(there).persons == 2


def test_16_no_address(desk):
    """0 at the town: 申告なし, and received all the same."""
    desk.write("F1", "mihon", "Enter", "Enter", "Enter", "0", "Enter")
    assert desk.wait(flow.Done).row.household.no_address


def test_17_a_tourist(desk):
    """Languages and the wish that the embassy be told: two pages of the card, one key each."""
    come(desk, "guen", town="")
    opened_card(desk)
    desk.write("l", "4", "Enter")
    assert card_becomes(desk, lambda home: home.languages).languages == (flow.LANGUAGES[3],)
    desk.write("e", "4")
    assert card_becomes(desk, lambda home: home.embassy).embassy == flow.EMBASSIES[3]


def test_18_protected_from_somebody(desk):
    """X on the card: gone from the roster and from every answer, and still counted."""
    come(desk, "mihon hana")
    opened_card(desk)
    desk.write("x")
    assert card_becomes(desk, lambda home: home.secrecy)
    desk.write("Esc")
    desk.wait(flow.Roster)
    desk.until(lambda: desk.state.rows == ())
    assert counts(desk).persons == 1


@pytest.mark.parametrize("asked", ["ミホン　タロウ", "ミホン　ジロウ"])
def test_19_is_my_father_there(desk, asked):
    """Without consent the window says the same of somebody who is here and of nobody."""
    come(desk, "mihon tarou")
    room(desk, Room.INQUIRY)
    desk.wait(flow.Inquiry)
    desk.bridge.put(flow.Typed(asked))
    desk.bridge.put(flow.Chosen(0))
    desk.write("Enter")
    desk.until(lambda: getattr(desk.state, "answer", None) is not None)
    assert desk.state.answer == ()
    assert "お答えできる ことは ありません" in desk.said()
    assert "A-001" not in desk.said()


def test_20_fever_injury_and_a_device_that_needs_power(desk):
    """Three touches while the number shows, and HQ's figures have them."""
    desk.write("F5", "1", "Enter")
    desk.wait(flow.Done)
    desk.write("n")
    desk.wait(flow.Needs)
    desk.write("1", "2", "3", "Enter")
    desk.wait(flow.Done)
    told = counts(desk)
    assert (told.fever, told.injury, told.power) == (1, 1, 1)
    desk.until(lambda: desk.state.row.household.members[0].needs >= {Need.FEVER, Need.INJURY})


def test_21_sleeping_in_the_car(desk):
    """S and 2 on the card: 避難所外, with portions."""
    come(desk, "mihon", "hana")
    opened_card(desk)
    desk.write("s", "2")
    assert card_becomes(desk, lambda home: home.stay is Stay.CAR)
    desk.write("b", "2", "Enter")
    assert card_becomes(desk, lambda home: home.supplies == 2)
    told = counts(desk)
    assert (told.persons, told.outside_persons, told.supplies) == (0, 2, 2)


def test_22_with_a_dog(desk):
    """P and 1: kind and number, seen on the card at once."""
    come(desk, "mihon")
    opened_card(desk)
    desk.write("p", "1", "Enter")
    home = card_becomes(desk, lambda home: home.pets)
    assert [(pet.kind, pet.number) for pet in home.pets] == [(PetKind.DOG, 1)]
    assert "犬 1" in desk.screen.facts[flow.Page.PETS].text()


def test_23_a_child_alone(desk):
    """0 where the name would be: received, waiting for a guardian, and HQ knows."""
    desk.write("F1", "0", "6", "Enter", "Enter", "0", "Enter")
    desk.wait(flow.Done)
    assert counts(desk).provisional == 1
    desk.home()
    assert opened_card(desk).row.household.members[0].provisional


def test_24_the_hall_is_full(desk):
    """開設, 満員, checked: one screen, and what was said has the time somebody looked."""
    room(desk, Room.SHELTER)
    desk.until(lambda: getattr(desk.state, "draft", None) is not None)
    desk.write("o", "3", "Enter")
    desk.until(lambda: desk.state.saved)
    assert desk.state.said.checked_at > 0
    assert "知らせました" in desk.said()


def test_25_the_shift_changes_and_the_drill_is_still_on(desk):
    """The sheet shows what is open, and on every screen it says that this is a drill."""
    desk.write("F5", "3", "Enter")
    desk.wait(flow.Done)
    desk.home()
    assert desk.station.mode is Mode.DRILL
    assert "訓練" in desk.said()
    room(desk, Room.SHIFT)
    desk.until(lambda: getattr(desk.state, "sheet", None) is not None)
    assert "1世帯  A-001" in desk.said()
    assert "訓練" in desk.said()
