"""Every action by keyboard alone, by touch alone, and named for assistive technology: in every state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QScrollBar, QWidget

import looks
from kiosk import flow
from kiosk.core.counts import Counts
from kiosk.core.household import Mode
from ui import pictures, theme
from ui.app import application
from ui.keytips import LETTERS
from ui.stage import Ambient, Place
from ui.widgets.buttons import Control
from ui.widgets.choices import Choice
from ui.widgets.facts import HoldButton
from ui.widgets.languages import LanguageBar
from ui.widgets.panels import DigitBoxes, Pill
from ui.widgets.text import Text
from ui.window import Window

KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "BS": Qt.Key.Key_Backspace,
    "↑": Qt.Key.Key_Up,
    "↓": Qt.Key.Key_Down,
    **{f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)},
}
"""What is printed on a control → the key of the keyboard."""

GUARDED = {
    # A digit typed too much for the date before must not make up somebody; the finger that touches means it.
    ("ask-name-more", "1"),
    ("ask-name-more", "2"),
}
"""Where a key does less than the touch, and why."""


class Recorder(pictures._NoHands):
    """Hands that keep what was put into them."""

    def __init__(self):
        self.told = []

    def put(self, event):
        self.told.append(event)

    def open_asked(self):
        self.told.append("asked")

    def open_count(self):
        self.told.append("count")


@pytest.fixture
def desk(qtbot):
    """A window whose hands are kept, and every state shown in it in turn."""

    def make(language="ja"):
        application()
        hands = Recorder()
        window = Window(Place("城山小学校 避難所", "受付 1番", Mode.DISASTER, 200), hands, language)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.show_ambient(Ambient(pictures.NOW, pictures._around(), Counts(persons=132)))
        return window, hands

    return make


def walk(window):
    """Every state in turn, drawn."""
    for name, state in pictures.states():
        window.show_state(flow.Ready())
        window.show_state(state)
        looks.settle()
        yield name, state


def shown(window, kind=Control):
    return [
        widget
        for widget in window.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()
    ]


def leads(state, told):
    """What the flow makes of what was told."""
    return [event if isinstance(event, str) else flow.step(state, event) for event in told]


def press(key):
    target = QApplication.focusWidget()
    if key in KEYS:
        QTest.keyClick(target, KEYS[key])
    else:
        QTest.keyClicks(target, key)


def test_the_key_on_a_control_does_what_a_touch_does(desk):
    """In every state, what is printed on a control leads where pressing it leads."""
    window, hands = desk()
    compared = 0
    for name, state in walk(window):
        for control in shown(window):
            if not control.key or (name, control.key) in GUARDED:
                continue
            hands.told.clear()
            control.click()
            touched = leads(state, hands.told)
            hands.told.clear()
            press(control.key)
            # Enter in a field also tells the screen; what comes first decides.
            typed = leads(state, hands.told)[: len(touched)]
            assert typed == touched, f"{name}: {control.accessibleName()} [{control.key}]"
            compared += 1
    assert compared > 200


def test_whatever_has_no_key_of_its_own_gets_a_letter(desk):
    """F10 puts a letter on everything else that can be pressed, and the letter presses it."""
    window, hands = desk()
    pressed = 0
    for name, state in walk(window):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
        tips = window._tips.tips
        keyless = {control for control in shown(window) if not control.key and hasattr(control, "key")}
        active = {control for control in keyless if _does_something(control, hands)}
        assert active <= set(tips.values()), name
        if tips:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        for letter, control in tips.items():
            if isinstance(control, HoldButton):
                continue
            hands.told.clear()
            control.click()
            touched = leads(state, hands.told)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
            hands.told.clear()
            QTest.keyClicks(QApplication.focusWidget(), letter)
            assert leads(state, hands.told) == touched, f"{name}: {control.accessibleName()}"
            assert window._tips.tips == {}
            pressed += 1
    assert pressed > 50


def _does_something(control, hands):
    hands.told.clear()
    control.click()
    return bool(hands.told)


def test_letters_go_away_by_themselves(desk):
    """Esc, F10 again, a touch and another screen put the letters away, and keys are the screen's again."""
    window, hands = desk()
    window.show_state(flow.Ready())
    looks.settle()

    def letters():
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
        assert window._tips.isVisible()

    letters()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
    assert not window._tips.isVisible()
    letters()
    QTest.mouseClick(window.screen_shown.help, Qt.MouseButton.LeftButton)
    assert not window._tips.isVisible()
    letters()
    window.show_state(flow.Notice("undone"))
    assert not window._tips.isVisible()
    hands.told.clear()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F2)
    assert hands.told == [flow.RosterOpened()]


def test_what_is_masked_is_seen_as_long_as_its_letter_is_held(desk):
    """By keyboard too, a masked fact shows only while it is held down."""
    window, hands = desk()
    states = [dict(pictures.states())["card"]]

    def put(event):
        # As at the desk: what is held changes the picture, and the letter must stay held.
        hands.told.append(event)
        states.append(flow.step(states[-1], event).state)
        window.show_state(states[-1])

    hands.put = put
    window.show_state(states[0])
    looks.settle()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
    letter, hold = next(
        (letter, control) for letter, control in window._tips.tips.items() if isinstance(control, HoldButton)
    )
    hands.told.clear()
    key = Qt.Key(ord(letter))
    QTest.keyPress(QApplication.focusWidget(), key)
    assert [type(event).__name__ for event in hands.told] == ["Held"]
    assert hold.isDown()
    QTest.keyRelease(QApplication.focusWidget(), key)
    assert [type(event).__name__ for event in hands.told] == ["Held", "LetGo"]
    assert not hold.isDown()


def test_there_are_letters_enough(desk):
    """No screen has more to press than there are letters."""
    window, _ = desk()
    for _name, _state in walk(window):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10)
        assert len(window._tips.tips) < len(LETTERS)
        window._tips.put_away()


def test_tab_goes_through_everything_and_space_presses_it(desk):
    """Who knows no key reaches every control with Tab."""
    window, _ = desk()
    for name, _state in walk(window):
        reached, start = set(), QApplication.focusWidget()
        for _ in range(120):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            now = QApplication.focusWidget()
            if now in reached or now is start:
                break
            reached.add(now)
        reached.add(start)
        missing = {
            control.accessibleName()
            for control in shown(window)
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control not in reached
        }
        assert not missing, name


def test_everything_can_be_touched(desk):
    """A finger finds at least 72 pixels (48 for a language, 44 in the narrow bar at the top)."""
    window, _ = desk()
    for name, _state in walk(window):
        for control in shown(window):
            where = f"{name}: {control.accessibleName()} {control.width()}x{control.height()}"
            if isinstance(control.parentWidget(), LanguageBar):
                least = theme.TARGET_LANGUAGE
            elif control is window._header.staff:
                least = 44
            elif isinstance(control, Choice):
                least = theme.TARGET
            else:
                least = theme.TARGET
            seen = control.visibleRegion().boundingRect()
            assert control.height() >= least, where
            assert control.width() >= least, where
            assert seen.height() >= 24, where


def test_every_widget_that_says_or_takes_something_is_named(desk):
    """Whatever can be read, pressed or typed into has a name and a role for assistive technology."""
    roles = {
        Control: {QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton},
        QLineEdit: {QAccessible.Role.EditableText},
        Text: {QAccessible.Role.StaticText},
        Pill: {QAccessible.Role.StaticText},
        DigitBoxes: {QAccessible.Role.StaticText},
        QAbstractItemView: {QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.Tree},
    }
    for language in ("ja", "ne"):
        window, _ = desk(language)
        for name, _state in walk(window):
            for kind, allowed in roles.items():
                for widget in shown(window, kind):
                    told = QAccessible.queryAccessibleInterface(widget)
                    if kind is Text and not widget.text():
                        continue
                    assert told.text(QAccessible.Text.Name), f"{name}: {widget}"
                    assert told.role() in allowed, f"{name}: {widget}"


def test_what_is_on_is_said_to_be_on(desk):
    """Checked, disabled and focused are told as states, never by colour alone."""
    window, _ = desk()
    checked = 0
    for name, _state in walk(window):
        for control in shown(window):
            told = QAccessible.queryAccessibleInterface(control).state()
            assert bool(told.checked) == control.isChecked(), name
            assert bool(told.focusable) == (control.focusPolicy() != Qt.FocusPolicy.NoFocus), name
            checked += bool(told.checked)
    assert checked > 20


def test_each_widget_is_in_the_tree(desk):
    """From the window down, assistive technology meets every control that is on the screen."""
    window, _ = desk()
    for name, _state in walk(window):
        met = set()

        def meet(told, met=met):
            widget = told.object()
            if widget is not None:
                met.add(widget)
            if isinstance(widget, (QAbstractItemView, QScrollBar)):
                return
            for place in range(told.childCount()):
                child = told.child(place)
                if child is not None:
                    meet(child)

        meet(QAccessible.queryAccessibleInterface(window))
        missing = [widget for widget in shown(window) if widget not in met]
        assert not missing, name


def test_nothing_masked_is_said_aloud(desk):
    """What is masked for the eye is masked for the ear: no address or birth date in any accessible text."""
    window, _ = desk()
    states = dict(pictures.states())
    window.show_state(states["card"])
    looks.settle()
    spoken = ""
    for widget in shown(window, QWidget):
        told = QAccessible.queryAccessibleInterface(widget)
        if told is not None:
            spoken += "".join(
                told.text(kind)
                for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value)
            )
    assert "二丁目3番4号" not in spoken
    assert "1954" not in spoken
    assert "昭和29" not in spoken
