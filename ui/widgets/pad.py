"""The number pad: ten digits, and two keys below that a screen names."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import Scale
from ui.widgets.buttons import PadKey
from ui.words import Words

_KEYS = {"button.cancel": "Esc", "button.return": "Esc", "button.erase": "BS"}
"""Words of the two keys beside the zero → what does the same on a keyboard."""


class Pad(QWidget):
    """Says which digit was pressed, and which of the two other keys."""

    digit = Signal(int)
    left = Signal()
    right = Signal()

    def __init__(
        self,
        scale: Scale,
        words: Words,
        left: tuple[str, str],
        right: tuple[str, str],
        *,
        spacing: float = 18,
    ) -> None:
        """`left` and `right` are (words' key, icon) of the keys beside the zero."""
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scale.px(spacing))
        self.keys: dict[int, PadKey] = {}
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0):
            key = PadKey(scale, str(number), words.plain("pin.digit", n=number))
            key.clicked.connect(lambda _=False, value=number: self.digit.emit(value))
            self.keys[number] = key
            row, column = divmod(number - 1, 3) if number else (3, 1)
            grid.addWidget(key, row, column)
        for column, (word, icon), signal in ((0, left, self.left), (2, right, self.right)):
            key = PadKey(scale, words.plain(word), words.plain(word), icon=icon, key=_KEYS.get(word, ""))
            key.clicked.connect(lambda _=False, told=signal: told.emit())
            grid.addWidget(key, 3, column)
