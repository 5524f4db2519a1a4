"""The second window shows a household itself and nobody else."""

import pytest

import looks
from kiosk import flow
from ui import guest, pictures
from ui.app import application
from ui.guest import WELCOME, GuestWindow, view
from ui.widgets.text import NameLabel, Text
from ui.words import OFFERED, Words

TODAY = pictures.NOW.date()
OWN = {flow.Pin, flow.Reading, flow.Family, flow.Done, flow.Notice}


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
        assert (type(state) in OWN) == (view(state, words, TODAY) is not WELCOME), name


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
