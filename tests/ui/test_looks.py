"""What every screen owes the eye, the hand and the screen reader, in every language and size."""

import itertools

import pytest
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from kiosk import flow
from kiosk.core.counts import Counts
from kiosk.core.household import Mode
from ui import pictures, theme
from ui.screens import SCREENS
from ui.stage import Ambient, Place
from ui.widgets import buttons, panels, tiles
from ui.widgets.buttons import Control
from ui.widgets.paint import fitted
from ui.widgets.panels import Pill
from ui.widgets.text import Text
from ui.window import Window
from ui.words import OFFERED

SIZES = ((1366, 768), (1280, 720))
AMBIENT = Ambient(pictures.NOW, pictures._around(), Counts(persons=132))


@pytest.fixture
def window(qtbot):
    """Makes a window of a language and a size that shows what it is told."""

    def make(language="ja", width=1366, height=768, mode=Mode.DRILL):
        from ui.app import application

        application()
        theme.load_rarer_fonts()
        made = Window(Place("城山小学校 避難所", "受付 1番", mode, 200), pictures._NoHands(), language)
        qtbot.addWidget(made)
        made.resize(width, height)
        made.show()
        made.show_ambient(AMBIENT)
        return made

    return make


def shown(window, kind):
    return [
        widget for widget in window.findChildren(QWidget) if isinstance(widget, kind) and widget.isVisible()
    ]


def seen(widget, window):
    """Where it is in the window, as far as no scroll area hides it."""
    area = widget.visibleRegion().boundingRect()
    return area.translated(widget.mapTo(window, area.topLeft()) - area.topLeft())


def test_every_state_has_a_screen_and_a_picture():
    """No state of the flow is without a screen, and the pictures show them all."""
    assert set(SCREENS) == set(flow.STATES)
    pictured = {type(state) for _, state in pictures.states()}
    # Receiving looks like Undoing, which is pictured.
    assert pictured == set(flow.STATES) - {flow.Receiving}


@pytest.mark.parametrize(("language", "size"), list(itertools.product(OFFERED, SIZES)))
def test_no_text_is_cut_and_nothing_overlaps(window, qtbot, monkeypatch, language, size):
    """In every state, language and size all text is whole and legible, and nothing lies on anything."""
    cut = []

    def measured(text, font, width, least):
        fitting = fitted(text, font, width, least)
        if QFontMetricsF(fitting).horizontalAdvance(text) > width + 1:
            cut.append(text)
        return fitting

    for module in (buttons, tiles, panels):
        monkeypatch.setattr(module, "fitted", measured)
    drawn = window(language, *size)
    for name, state in pictures.states():
        drawn.show_state(flow.Ready())
        drawn.show_state(state)
        qtbot.wait(5)
        for text in shown(drawn, Text):
            font, lines = text._fitting()
            where = f"{name}: {text.text()}"
            assert font.pixelSize() >= 0.7 * text.font().pixelSize(), where
            assert all(line.width <= text.width() + 1 for line in lines), where
        solid = shown(drawn, (Text, Control, Pill, QLineEdit))
        for one, other in itertools.combinations(solid, 2):
            if one.isAncestorOf(other) or other.isAncestorOf(one):
                continue
            common = seen(one, drawn).intersected(seen(other, drawn))
            assert common.width() <= 1 or common.height() <= 1, f"{name}: {one.text()} / {other.text()}"
        drawn.grab()
        assert not cut, name


def test_every_control_has_a_name_a_role_and_room_for_a_finger(window, qtbot):
    """Whatever can be pressed or typed into says what it is, and is large enough to be hit."""
    drawn = window()
    for name, state in pictures.states():
        drawn.show_state(state)
        qtbot.wait(1)
        for control in shown(drawn, (QAbstractButton, QLineEdit)):
            if control.metaObject().className().startswith("QTable"):
                continue
            told = QAccessible.queryAccessibleInterface(control)
            assert told.text(QAccessible.Text.Name), name
            wanted = {QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.EditableText}
            assert told.role() in wanted, name
            assert min(control.width(), control.height()) >= 44, f"{name}: {control.accessibleName()}"


def test_every_way_on_can_be_reached_by_tab(window, qtbot):
    """No control is only for the mouse."""
    drawn = window()
    for _, state in pictures.states():
        drawn.show_state(state)
        qtbot.wait(1)
        for control in shown(drawn, Control):
            assert control.focusPolicy().name == "StrongFocus"


def test_digits_of_a_pin_are_in_no_widget(window, qtbot):
    """The boxes show how many digits there are; no widget holds or says one."""
    drawn = window()
    drawn.show_state(flow.Ready())
    drawn.show_state(flow.Pin(pictures._WATCH, flow.Secret("77")))
    qtbot.wait(1)
    said = [label.text() + label.accessibleName() for label in shown(drawn, QLabel)]
    assert not any("77" in text for text in said)
    assert drawn.screen_shown.boxes.accessibleName() == "2けた 入りました"


def luminance(colour: QColor) -> float:
    def part(value):
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("INK", "WHITE"),
        ("INK_SOFT", "SKY_BOTTOM"),
        ("INK_QUIET", "WHITE"),
        ("INK_QUIET", "SKY_BOTTOM"),
        ("PRIMARY", "WHITE"),
        ("PRIMARY", "PRIMARY_TINT"),
        ("WHITE", "PRIMARY"),
        ("WHITE", "GREEN"),
        ("WHITE", "ORANGE"),
        ("GREEN_DEEP", "GREEN_TINT"),
        ("GREEN_DEEP", "SKY_BOTTOM"),
        ("RED", "WHITE"),
        ("RED", "RED_TINT"),
        ("ORANGE", "WHITE"),
        ("ORANGE", "ORANGE_TINT"),
        ("ORANGE", "SKY_BOTTOM"),
    ],
)
def test_text_keeps_its_contrast(ink, ground):
    """Every pair used for text reaches 4.5 : 1 (WCAG 2.2 AA); ORANGE on tints is bold and large: 3 : 1."""
    one, other = sorted((luminance(getattr(theme, ink)), luminance(getattr(theme, ground))))
    least = 3.0 if ink == "ORANGE" and ground != "WHITE" else 4.5
    assert (other + 0.05) / (one + 0.05) >= least


def test_pictures_are_written_for_every_state(tmp_path, qtbot):  # noqa: ARG001 - Qt must be up
    """`kiosk screenshots` leaves one picture for every state, at the size asked for."""
    from PySide6.QtGui import QImage

    written = pictures.render(tmp_path / "shots", "ja", 1280, 720)
    assert len(written) == len(set(written)) > len(flow.STATES)
    assert QImage(str(written[0])).width() == 1280
