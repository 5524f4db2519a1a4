"""The languages a visitor may choose, each under its own name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui import fonts, theme
from ui.theme import Scale
from ui.widgets.buttons import Control
from ui.widgets.choices import Choice
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, key_cap, painter_for
from ui.words import OFFERED, Words, load, parse

KEY = "F6"


class _Next(Control):
    """A globe: the next language."""

    def __init__(self, scale: Scale, name: str) -> None:
        super().__init__(scale, name)
        self.press_by(KEY)
        self.setFixedHeight(scale.px(theme.TARGET_LANGUAGE))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The globe and the key."""
        return QSize(self.scale.px(108), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Globe, key."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(24))
        box(painter, area, area.height() / 2, theme.PAPER, theme.LINE, px(2))
        side = px(28)
        globe = QRectF(area.left() + px(14), area.center().y() - side / 2, side, side)
        draw_icon(painter, "globe", globe, theme.PRIMARY)
        key_cap(painter, area.right() - px(14), area.center().y(), KEY, self.scale, dark=False)
        painter.end()


class LanguageBar(QWidget):
    """A row of languages. `chosen` is called with the one pressed; F6 takes the next."""

    def __init__(self, scale: Scale, words: Words, chosen: Callable[[str], None]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scale.px(theme.GRID))
        after = OFFERED[(OFFERED.index(words.language) + 1) % len(OFFERED)]
        self.next = _Next(scale, words.plain("ready.language"))
        self.next.clicked.connect(lambda: chosen(after))
        row.addWidget(self.next)
        self.languages: dict[str, Choice] = {}
        for language in OFFERED:
            own = Scale(scale.factor, fonts.load(language))
            choice = Choice(own, parse(load(language)["language"]).plain, height=theme.TARGET_LANGUAGE)
            choice.setChecked(language == words.language)
            choice.clicked.connect(lambda _=False, picked=language: chosen(picked))
            self.languages[language] = choice
            row.addWidget(choice)
