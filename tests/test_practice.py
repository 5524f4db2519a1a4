"""A practice offers every lesson a card can teach, in words, and each card is really laid."""

from __future__ import annotations

import pytest

from card_reader import teaching
from kiosk.practice import CARDS, PlayedReader

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
