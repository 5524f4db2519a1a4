"""The members of a household on a screen, however many they are."""

import pytest

from kiosk import flow
from kiosk.core.household import Mode
from ui.app import application
from ui.screens.base import Screen
from ui.screens.members import MemberList, WhoCard
from ui.stage import Place, Stage
from ui.theme import Scale
from ui.words import Words
from walking import household, row


class Told:
    """Hands that keep what is put into them."""

    def __init__(self):
        self.inputs = []

    def put(self, event):
        self.inputs.append(event)


@pytest.fixture
def screen(qtbot):
    """A screen of nothing but a list, and its hands."""
    application()
    drawn = Screen(Stage(Scale(), Words(), Place("城山小学校", "受付 1番", Mode.DRILL, None), Told()))
    qtbot.addWidget(drawn)
    return drawn


def named(listed):
    """Who can be read, in order."""
    return [tile.text() for tile in listed.tiles if not tile.isHidden()]


def of(size):
    return [f"山田\u3000{place}" for place in range(size)]


@pytest.mark.parametrize("size", range(1, 14))
def test_turning_the_page_chooses_on_until_everybody_was_seen(screen, size):
    """Each page begins with the one chosen; after the last comes the first, and nobody is passed over."""
    listed = MemberList(screen, screen.rows(), flow.PersonChosen)
    whole, seen, person = row(household(*of(size))), [], 0
    for _ in range(size):
        listed.show_around(whole, person, lambda _person: "")
        seen += named(listed)
        if listed.further.isHidden():
            break
        listed.further.click()
        person = screen.hands.inputs[-1].index
        if person == 0:
            break
    assert seen == of(size)


@pytest.mark.parametrize("size", range(2, 14))
def test_turning_the_page_of_ticks_chooses_nobody(screen, size):
    """Page by page everybody is seen once; the button puts nothing and comes round to the first."""
    whole, turned = row(household(*of(size))), []
    listed = MemberList(screen, screen.rows(), flow.Chosen, turned.append, ticks=True)
    seen, first = [], 0
    while not turned or first:
        listed.show_from(whole, first, (), lambda _person: "")
        seen += named(listed)
        if listed.further.isHidden():
            break
        listed.further.click()
        first = turned[-1]
    assert seen == of(size)
    assert not screen.hands.inputs


def test_a_page_that_is_no_more_shows_the_last(screen):
    """A household that grew smaller behind the list is shown from where it still has somebody."""
    listed = MemberList(screen, screen.rows(), flow.Chosen, ticks=True)
    listed.show_from(row(household(*of(5))), 8, (), lambda _person: "")
    assert named(listed) == of(5)[4:]
    listed.show_from(row(household(*of(1))), 8, (), lambda _person: "")
    assert named(listed) == []


def test_what_was_forgotten_stands_in_no_tile(screen):
    """Not even in one that is hidden."""
    listed = MemberList(screen, screen.rows(), flow.Chosen)
    listed.show_around(row(household(*of(4))), 0, lambda person: person.called)
    listed.show_around(row(household(*of(2))), 0, lambda person: person.called)
    listed.forget()
    assert not any(tile.text() or tile.name.text() or tile.accessibleName() for tile in listed.tiles)


def test_a_household_without_names_is_said_to_have_none(screen):
    """A number with nothing beside it would look like a screen that is not done."""
    card = WhoCard(screen)
    card.show_household(row(household("", "")))
    assert card.name.text() == Words().plain("people.unnamed")
    card.show_household(row(household("", *of(1))))
    assert of(1)[0] in card.name.text()
