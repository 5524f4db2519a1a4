"""A practice offers every lesson a card can teach, in words, and each card is really laid."""

from __future__ import annotations

import pytest

from card_reader import teaching
from kiosk.practice import CARDS, READ_FROM, PlayedCamera, PlayedReader

NOT_OFFERED = {"unknown_card"}
"""Looks and behaves like any of the other cards that are not ours."""


def test_every_lesson_has_a_button():
    """What `card_reader.teaching` can show, staff can try."""
    assert set(CARDS) | NOT_OFFERED == set(teaching.LESSONS)


@pytest.mark.parametrize("lesson", CARDS)
def test_a_button_lays_its_card(lesson):
    """After the button there is a card on the reader, whatever lay there before."""
    played = PlayedReader()
    played.lay("ordinary")
    before = next(iter(played.reader.look().values())).changes
    played.lay(lesson)
    now = next(iter(played.reader.look().values()))
    assert now.card
    assert now.changes != before


@pytest.mark.parametrize("lesson", sorted(READ_FROM))
def test_what_is_printed_on_a_played_card_stands_on_its_button(lesson):
    """Staff can try 照合番号B: the button tells the birth date and the code that open the card."""
    from card_reader.reader import CardDesk
    from card_reader.secret import CodeB

    played = PlayedReader()
    played.lay(lesson)
    assert teaching.SECURITY_CODE in CARDS[lesson]
    birth = "800217" if lesson == "foreign_resident" else "550217"
    reading = CardDesk(played.reader).read(CodeB(birth, teaching.SECURITY_CODE))
    assert reading.person.birth_date == "1980-02-17"


def test_a_slip_of_another_shelter_can_be_held_up():
    """The code before the played camera is a slip that the city's own key opens."""
    from kiosk.core import entry_pass, slip

    camera = PlayedCamera(entry_pass.IssuerKey.generate("431001"))
    camera.show_slip(b"k" * 32)
    assert slip.read(camera._text, b"k" * 32).household.members
