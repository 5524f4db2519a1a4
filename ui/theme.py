"""Every token of the look: colours, type, space, in one place; nothing here knows a screen.

Colours and type follow the デジタル庁デザインシステム (design tokens 1.1.9); sizes are pixels of a
1366x768 window and are scaled as one, so that a projector and a small laptop show the same picture.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

import resources

WIDTH, HEIGHT = 1366, 768
"""The reference window."""

# Colours. The pairs used for text keep a contrast of 4.5 : 1 and more.
PRIMARY = QColor("#0017c1")
PRIMARY_DEEP = QColor("#00118f")
PRIMARY_TINT = QColor("#e8f1fe")
PRIMARY_SOFT = QColor("#7096f8")
INK = QColor("#1a1a1a")
INK_SOFT = QColor("#333333")
INK_QUIET = QColor("#595959")
WHITE = QColor("#ffffff")
LINE = QColor("#949494")
LINE_SOFT = QColor("#d8d8d8")
GREY = QColor("#f2f2f2")
SKY_TOP = QColor("#f0f6ff")
SKY_BOTTOM = QColor("#e6effd")
GREEN = QColor("#197a4b")
GREEN_DEEP = QColor("#115a36")
GREEN_TINT = QColor("#e6f5ec")
RED = QColor("#ce0000")
RED_TINT = QColor("#fdeeee")
ORANGE = QColor("#c74700")
ORANGE_TINT = QColor("#ffeee2")
YELLOW_DEEP = QColor("#7a6000")
YELLOW_TINT = QColor("#fbf5e0")
FOCUS_RING = QColor("#000000")
FOCUS_HALO = QColor("#ffd43d")
NIGHT = QColor("#10174d")
SHADOW = QColor(0, 23, 90)

# Type, from the smallest that may appear (readings above characters apart) to the number on the wall.
SMALL, BODY, LEAD, TITLE, NAME, HEADING, DISPLAY, HUGE = 22, 24, 28, 32, 40, 45, 64, 150
READING = 0.42
"""A reading's size against its character's."""
LINE_HEIGHT = 1.4

# Space: an 8-pixel grid; sizes for hands.
GRID = 8
MARGIN = 40
RADIUS = 16
RADIUS_CARD = 24
HEADER = 72
TARGET = 72
TARGET_FIRST = 96
FOCUS_WIDTH, FOCUS_GAP = 4, 2

FAMILIES = ["BIZ UDPGothic", "Noto Sans JP", "Noto Sans CJK JP", "IPAmjMincho"]


@cache
def load_fonts() -> None:
    """Make the shipped fonts known to Qt; once an application."""
    for name in ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{name}")))


@cache
def load_rarer_fonts() -> None:
    """Characters of names that the first typeface lacks (𠮷): after the first picture, it takes a while."""
    QFontDatabase.addApplicationFont(str(resources.path("fonts/NotoSansJP-Regular.ttf")))


class Scale:
    """Reference pixels to pixels of this window."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor

    @classmethod
    def fitting(cls, width: int, height: int) -> Scale:
        """The largest scale at which the reference window fits."""
        return cls(min(width / WIDTH, height / HEIGHT))

    def px(self, length: float) -> int:
        """A length; never less than one pixel unless it is nothing."""
        return max(1, round(length * self.factor)) if length > 0 else round(length * self.factor)

    def font(self, size: float, *, bold: bool = False) -> QFont:
        """The typeface at a reference size."""
        font = QFont(FAMILIES)
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font


def palette() -> QPalette:
    """Qt's own palette, for the few parts we do not paint ourselves."""
    colours = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, SKY_TOP),
        (QPalette.ColorRole.WindowText, INK),
        (QPalette.ColorRole.Base, WHITE),
        (QPalette.ColorRole.AlternateBase, PRIMARY_TINT),
        (QPalette.ColorRole.Text, INK),
        (QPalette.ColorRole.Button, WHITE),
        (QPalette.ColorRole.ButtonText, INK),
        (QPalette.ColorRole.Highlight, PRIMARY),
        (QPalette.ColorRole.HighlightedText, WHITE),
        (QPalette.ColorRole.PlaceholderText, INK_QUIET),
    ):
        colours.setColor(role, colour)
    return colours


ALIGN_CENTRE = Qt.AlignmentFlag.AlignCenter
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
