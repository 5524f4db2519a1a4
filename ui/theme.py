"""Every token of the look: colours, type, space, motion, in one place; nothing here knows a screen.

Colours and type follow the デジタル庁デザインシステム (design tokens 1.1.9); sizes are pixels of a
1366x768 window and are scaled as one, so that a projector and a small laptop show the same picture.

A colour has a value for the day and one for the night. It is one QColor for the life of the program and
`dress` changes its value in place: a table of colours written once follows too. Whoever copied a colour
into a palette or a style sheet copies it again (the window builds its screens anew).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette

WIDTH, HEIGHT = 1366, 768
"""The reference window."""


class Dress(enum.Enum):
    """Which value the colours have."""

    LIGHT = "light"
    NIGHT = "night"
    """Dark grounds for a hall where people sleep."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the desk wants to look."""

    dress: Dress = Dress.LIGHT
    still: bool = False
    """Nothing moves: for people whom motion makes ill, and wherever the system asks for it."""


_TOKENS: dict[str, tuple[QColor, str, str]] = {}
_worn = Look()


def _token(name: str, light: str, night: str) -> QColor:
    colour = QColor(light)
    _TOKENS[name] = (colour, light, night)
    return colour


# Grounds.
SKY_TOP = _token("SKY_TOP", "#f0f6ff", "#141925")
SKY_BOTTOM = _token("SKY_BOTTOM", "#e6effd", "#0d1119")
PAPER = _token("PAPER", "#ffffff", "#1d2433")
"""What words stand on: cards, fields, keys."""
GREY = _token("GREY", "#f2f2f2", "#2d3649")
SHADOW = _token("SHADOW", "#00175a", "#000000")
# Ink.
INK = _token("INK", "#1a1a1a", "#f2f2f2")
INK_SOFT = _token("INK_SOFT", "#333333", "#dcdfe6")
INK_QUIET = _token("INK_QUIET", "#595959", "#b4bac7")
ON_FILL = _token("ON_FILL", "#ffffff", "#0b0f1a")
"""Words and signs on PRIMARY, GREEN, ORANGE or RED as a ground."""
WHITE = ON_FILL
"""The older name of ON_FILL; never a ground."""
LINE = _token("LINE", "#949494", "#8b93a5")
LINE_SOFT = _token("LINE_SOFT", "#d8d8d8", "#3c465c")
# The colour of what can be done.
PRIMARY = _token("PRIMARY", "#0017c1", "#9db7f9")
PRIMARY_DEEP = _token("PRIMARY_DEEP", "#00118f", "#c5d7fb")
PRIMARY_TINT = _token("PRIMARY_TINT", "#e8f1fe", "#24335c")
PRIMARY_SOFT = _token("PRIMARY_SOFT", "#7096f8", "#4979f5")
# How it went. A tint is a ground for words of the same colour.
GREEN = _token("GREEN", "#197a4b", "#71c598")
GREEN_DEEP = _token("GREEN_DEEP", "#115a36", "#9bd4b5")
GREEN_TINT = _token("GREEN_TINT", "#e6f5ec", "#143526")
RED = _token("RED", "#ce0000", "#ff9696")
RED_DEEP = _token("RED_DEEP", "#a80000", "#ffb8b8")
RED_TINT = _token("RED_TINT", "#fdeeee", "#45181d")
ORANGE = _token("ORANGE", "#ac3e00", "#ffa66d")
ORANGE_TINT = _token("ORANGE_TINT", "#ffeee2", "#43260f")
YELLOW_DEEP = _token("YELLOW_DEEP", "#6e5600", "#ffe380")
YELLOW_TINT = _token("YELLOW_TINT", "#fbf5e0", "#383011")
# The focus: two rings, one of which is seen on any ground.
FOCUS_RING = _token("FOCUS_RING", "#000000", "#ffd43d")
FOCUS_HALO = _token("FOCUS_HALO", "#ffd43d", "#000000")
# The same at any hour: what the camera's picture lies on, and its corners.
SCENE = _token("SCENE", "#10174d", "#10174d")
AIM = _token("AIM", "#ffd43d", "#ffd43d")
ON_SCENE = _token("ON_SCENE", "#ffffff", "#ffffff")
# Pictures of things look as the things do.
DEVICE = _token("DEVICE", "#22262e", "#22262e")
DEVICE_SOFT = _token("DEVICE_SOFT", "#353a44", "#353a44")
CARD = _token("CARD", "#fbf3f5", "#fbf3f5")
CARD_LINE = _token("CARD_LINE", "#b8b8b8", "#b8b8b8")
CARD_INK = _token("CARD_INK", "#1a1a1a", "#1a1a1a")
CHIP = _token("CHIP", "#d9b45b", "#d9b45b")

# Type: one scale, from the smallest that may appear (readings above characters apart) to the number that
# is read across a hall.
FINE, SMALL, BODY, LEAD, TITLE, PANEL, NAME = 20, 22, 24, 28, 32, 36, 40
HEADING, SIGN, DISPLAY, HUGE, TOWER = 45, 57, 64, 150, 220
SIZES = (FINE, SMALL, BODY, LEAD, TITLE, PANEL, NAME, HEADING, SIGN, DISPLAY, HUGE, TOWER)
LEAST = FINE
"""Text that does not fit gets smaller, and never smaller than this."""
READING = 0.5
"""A reading's size against its character's."""
LINE_HEIGHT = 1.4

# Space: an 8-pixel grid; sizes for hands.
GRID = 8
MARGIN = 40
RADIUS_CARD = 24
HEADER = 72
TARGET = 72
"""The least height of anything to press but a language."""
TARGET_FIRST = 96
"""The least height of what a screen is for."""
TARGET_LANGUAGE = 48
FOCUS_WIDTH, FOCUS_GAP = 4, 2

# Motion.
MOTION_MS = 160
"""Nothing on a screen moves for longer than 200 ms."""


def dress(look: Look) -> None:
    """Give every colour its value for this look. Screens that are up are built anew by their window."""
    global _worn  # noqa: PLW0603 - the colours are global: there is one screen before one visitor
    _worn = look
    for colour, light, night in _TOKENS.values():
        colour.setRgba(QColor(night if look.dress is Dress.NIGHT else light).rgba())


def worn() -> Look:
    """The look now."""
    return _worn


def motion(milliseconds: int = MOTION_MS) -> int:
    """How long a movement takes: at most 200 ms, nothing when all shall be still."""
    return 0 if _worn.still else min(milliseconds, 200)


FAMILIES = ("BIZ UDPGothic", "Noto Sans JP", "IPAmjMincho", "Kiosk Rare Names", "Noto Sans CJK JP")
"""Japanese, and every name in whatever language the screen speaks; what is not shipped is used if there."""


NOTICED = 0.001
"""A difference of scale below this moves nothing by a pixel."""


class Scale:
    """Reference pixels to pixels of this window, in the typefaces of one language."""

    def __init__(self, factor: float = 1.0, families: Sequence[str] = ()) -> None:
        self.factor = factor
        self.families = tuple(families) or FAMILIES

    @classmethod
    def fitting(cls, width: int, height: int, families: Sequence[str] = ()) -> Scale:
        """The largest scale at which the reference window fits."""
        return cls(min(width / WIDTH, height / HEIGHT), families)

    def follow(self, width: int, height: int) -> Scale:
        """The scale at another size of the window: this one, unless a picture would differ."""
        other = Scale.fitting(width, height, self.families)
        return other if abs(other.factor - self.factor) > NOTICED else self

    def px(self, length: float) -> int:
        """A length; never less than one pixel unless it is nothing."""
        return max(1, round(length * self.factor)) if length > 0 else round(length * self.factor)

    def font(self, size: float, *, bold: bool = False, families: Sequence[str] = ()) -> QFont:
        """The typeface at a reference size; `families` where it is not the language's (names)."""
        font = QFont(list(families) or list(self.families))
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font


def scroll_bar(scale: Scale, width: float) -> str:
    """The style of a bar to scroll by: wide enough for a finger, and no arrows."""
    bar, radius = scale.px(width), scale.px(width / 2)
    return (
        f" QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 0; }}"
        f" QScrollBar::handle:vertical {{ background: {LINE.name()}; border-radius: {radius}px;"
        f" min-height: {scale.px(TARGET)}px; }}"
        " QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical { height: 0; }"
    )


def palette() -> QPalette:
    """Qt's own palette, for the few parts we do not paint ourselves."""
    colours = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, SKY_TOP),
        (QPalette.ColorRole.WindowText, INK),
        (QPalette.ColorRole.Base, PAPER),
        (QPalette.ColorRole.AlternateBase, PRIMARY_TINT),
        (QPalette.ColorRole.Text, INK),
        (QPalette.ColorRole.Button, PAPER),
        (QPalette.ColorRole.ButtonText, INK),
        (QPalette.ColorRole.Highlight, PRIMARY),
        (QPalette.ColorRole.HighlightedText, ON_FILL),
        (QPalette.ColorRole.PlaceholderText, INK_QUIET),
    ):
        colours.setColor(role, colour)
    return colours


ALIGN_CENTRE = Qt.AlignmentFlag.AlignCenter
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
