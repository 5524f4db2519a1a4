"""The second window shows a household itself and nobody else."""

from dataclasses import replace

import pytest

import looks
from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.household import Method
from ui import guest, pictures
from ui.app import application
from ui.guest import WELCOME, GuestWindow, view
from ui.widgets.text import NameLabel, Text
from ui.words import OFFERED, Words

TODAY = pictures.NOW.date()
OWN = {
    flow.Locked,
    flow.Pin,
    flow.Reading,
    flow.Face,
    flow.Family,
    flow.Done,
    flow.Seen,
    flow.Changed,
    flow.Notice,
}
SHOWN = Source(Method.APP, "city", b"1", 1)


@pytest.fixture
def window(qtbot):
    """The window, of a size and a language."""

    def make(language="ja", size=(1366, 768)):
        application()
        made = GuestWindow(language)
        qtbot.addWidget(made)
        made.resize(*size)
        made.show()
        return made

    return make


def test_only_states_about_the_household_at_the_desk_are_shown():
    """Whatever staff look at, and every screen of tomorrow, shows the welcome until somebody decides."""
    words = Words()
    for name, state in pictures.states():
        assert type(state) in OWN or view(state, words, TODAY) is WELCOME, name


def test_what_staff_do_about_somebody_else_is_not_shown():
    """The same states show a household that showed its code, and the welcome when staff came to it."""
    words, pictured = Words(), dict(pictures.states())
    changed, seen, family = pictured["changed-out"], pictured["seen"], pictured["family"]
    for state in (changed, seen):
        assert view(state, words, TODAY) is WELCOME
        assert view(replace(state, source=SHOWN), words, TODAY).number == state.row.number
    assert view(family, words, TODAY).people
    assert view(replace(family, then=pictured["card"]), words, TODAY) is WELCOME
    assert view(replace(pictured["changed-tied"], source=SHOWN), words, TODAY) is WELCOME


def test_nothing_read_from_a_card_is_shown():
    """Neither a digit nor a date of 照合番号B, only what is asked and how many digits are there."""
    words = Words()
    for name, state in pictures.states():
        if isinstance(state, flow.Face):
            shown = view(state, words, TODAY)
            assert shown is not WELCOME, name
            assert "昭和29" not in repr(shown) + words.plain(shown.title)


def test_no_address_birth_date_or_need_is_ever_in_a_view():
    """Beside their names, people see how old they are, and no more: others may look on."""
    words = Words()
    for _, state in pictures.states():
        shown = repr(view(state, words, TODAY)) + "".join(
            guest.detail for guest in view(state, words, TODAY).people
        )
        assert "栄町" not in shown
        assert "1954" not in shown


def test_names_go_with_the_household(window):
    """When the next view comes, no widget of the window holds a name any more."""
    shown = window()
    family = dict(pictures.states())["family"]
    shown.show_view(view(family, Words(), TODAY))
    looks.settle()
    assert any(label.name for label in shown.findChildren(NameLabel))
    shown.show_view(WELCOME)
    looks.settle()
    assert shown.findChildren(NameLabel) == []


def test_it_takes_no_focus_and_no_keys(window):
    """Nothing in it can be pressed: the desk's keys stay the desk's."""
    shown = window()
    assert shown.focusPolicy().name == "NoFocus"
    assert not [child for child in shown.findChildren(Text) if child.focusPolicy().name != "NoFocus"]


@pytest.mark.parametrize("language", OFFERED)
def test_it_is_as_legible_as_the_desk(window, language):
    """In every language nothing is cut, covered, small or pale."""
    shown = window(language)
    words = Words(language)
    seen = set()
    for name, state in pictures.states():
        now = view(state, words, TODAY)
        if now in seen:
            continue
        seen.add(now)
        shown.show_view(now)
        looks.settle()
        assert looks.ugly(shown) == [], name
    assert len(seen) > 8


def test_the_language_is_the_visitors_then_the_desks(window):
    """It speaks what the visitor chose, and the desk's own afterwards."""
    shown = window()
    shown.speak("en")
    assert shown.windowTitle() == Words("en").plain("ready.title")
    shown.speak("")
    assert shown.windowTitle() == Words("ja").plain("ready.title")


def test_its_table_names_states_of_the_flow():
    """No row of the table is for a state that is gone."""
    assert set(guest._VIEWS) == OWN <= set(flow.STATES)
