"""What every screen owes the eye, the hand and the screen reader, in every language and size."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

import looks
from kiosk import flow
from kiosk.core.counts import Counts
from kiosk.core.household import Mode
from ui import fonts, pictures, theme
from ui.screens import SCREENS
from ui.stage import Ambient, Place
from ui.widgets.buttons import Control
from ui.window import Window
from ui.words import OFFERED

AMBIENT = Ambient(pictures.NOW, pictures._around(), Counts(persons=132))


@pytest.fixture
def window(qtbot):
    """Makes a window of a language and a size that shows what it is told."""

    def make(language="ja", width=1366, height=768, mode=Mode.DRILL):
        from ui.app import application

        application()
        fonts.load_rarer()
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


def test_every_state_has_a_screen_and_a_picture():
    """No state of the flow is without a screen, and the pictures show them all."""
    assert set(SCREENS) == set(flow.STATES)
    pictured = {type(state) for _, state in pictures.states()}
    # Receiving, Writing and Tapping look like Undoing, which is pictured.
    assert pictured == set(flow.STATES) - {flow.Receiving, flow.Writing, flow.Tapping}


LOOKED_AT = [
    *(((1366, 768), language, theme.Dress.LIGHT) for language in OFFERED),
    ((1280, 720), "pt", theme.Dress.NIGHT),
    ((1920, 1080), "ja", theme.Dress.NIGHT),
    ((683, 384), "ja-easy", theme.Dress.NIGHT),
]
"""A part of what `./run soak ui.overlap` looks at: the last is 1366x768 at 200 %."""


@pytest.mark.parametrize(("size", "language", "dress"), LOOKED_AT)
def test_no_text_is_cut_covered_small_or_pale(qtbot, size, language, dress):  # noqa: ARG001 - Qt must be up
    """In every state all text is whole, apart from other text, large enough and stands out of its ground."""
    where = looks.speaks if language != "ja" else lambda _: True
    walked = dict(looks.walk(language, size, dress, where=where))
    assert len(walked) > 20
    assert not {name: said for name, said in walked.items() if said}


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


@pytest.fixture
def worn():
    """Dresses the colours, and the light ones again afterwards."""
    yield lambda dress: theme.dress(theme.Look(dress))
    theme.dress(theme.Look())


TEXTS = {
    "INK": (
        "PAPER",
        "SKY_TOP",
        "SKY_BOTTOM",
        "GREY",
        "PRIMARY_TINT",
        "GREEN_TINT",
        "ORANGE_TINT",
        "RED_TINT",
    ),
    "INK_SOFT": ("PAPER", "SKY_TOP", "SKY_BOTTOM", "GREY", "PRIMARY_TINT"),
    "INK_QUIET": ("PAPER", "SKY_TOP", "SKY_BOTTOM", "PRIMARY_TINT"),
    "PRIMARY": ("PAPER", "SKY_TOP", "SKY_BOTTOM", "PRIMARY_TINT"),
    "GREEN_DEEP": ("PAPER", "SKY_BOTTOM", "GREEN_TINT"),
    "RED": ("PAPER", "SKY_BOTTOM", "RED_TINT"),
    "ORANGE": ("PAPER", "SKY_BOTTOM", "ORANGE_TINT"),
    "YELLOW_DEEP": ("PAPER", "YELLOW_TINT"),
    "ON_FILL": ("PRIMARY", "PRIMARY_DEEP", "GREEN", "ORANGE", "RED", "RED_DEEP"),
}
"""Ink → the grounds it is used on."""
EDGES = {
    "LINE": ("PAPER",),
    "PRIMARY": ("PAPER", "SKY_BOTTOM"),
    "GREEN": ("PAPER",),
    "RED": ("RED_TINT",),
    "ORANGE": ("ORANGE_TINT",),
    "FOCUS_RING": ("PAPER", "SKY_TOP", "SKY_BOTTOM", "GREY"),
    "FOCUS_HALO": ("FOCUS_RING",),
    "AIM": ("SCENE",),
}
"""What shows where something is or begins: lines, signs, the focus."""


@pytest.mark.parametrize("dress", theme.Dress)
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (EDGES, 3.0)])
def test_every_pair_of_colours_keeps_its_contrast(worn, dress, pairs, least):
    """By day and by night, text reaches 4.5 : 1 and signs 3 : 1 (WCAG 2.2 AA, 1.4.3 and 1.4.11)."""
    worn(dress)
    for ink, grounds in pairs.items():
        for ground in grounds:
            reached = looks.contrast(getattr(theme, ink), getattr(theme, ground))
            assert reached >= least, f"{ink} on {ground}: {reached:.2f}"


def test_a_colour_stays_itself_in_another_dress(worn):
    """Tables of colours written once follow the dress: a token is one object for good."""
    ink, before = theme.INK, theme.INK.name()
    worn(theme.Dress.NIGHT)
    assert ink is theme.INK
    assert ink.name() != before
    worn(theme.Dress.LIGHT)
    assert ink.name() == before


def test_nothing_moves_long_and_nothing_at_all_when_all_shall_be_still(worn):
    """Motion lasts at most 200 ms; under reduced motion there is none."""
    assert 0 < theme.motion() <= 200
    assert theme.motion(900) == 200
    theme.dress(theme.Look(still=True))
    assert theme.motion() == 0
    worn(theme.Dress.LIGHT)


def test_pictures_are_written_for_every_state(tmp_path, qtbot):  # noqa: ARG001 - Qt must be up
    """`kiosk screenshots` leaves one picture for every state, at the size asked for."""
    from PySide6.QtGui import QImage

    written = pictures.render(tmp_path / "shots", "ja", 1280, 720)
    assert len(written) == len(set(written)) > len(flow.STATES)
    assert QImage(str(written[0])).width() == 1280
