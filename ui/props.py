"""The props of a practice: a small window with a button for what a visitor would do.

It stands beside the desk's window and never on it. It knows no card and no camera, only what to call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from ui import theme

COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Prop:
    """One thing a visitor does: its words, and how it is done."""

    words: str
    play: Callable[[], None]


class Props(QWidget):
    """The window of buttons."""

    def __init__(self, props: Sequence[Prop]) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("練習の しかけ")
        self.setAccessibleName("練習の しかけ")
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        scale = theme.Scale()
        told = QLabel("来た人の かわりに おしてください")
        told.setFont(scale.font(theme.SMALL))
        layout.addWidget(told, 0, 0, 1, COLUMNS)
        for place, prop in enumerate(props):
            button = QPushButton(prop.words)
            button.setFont(scale.font(theme.SMALL))
            button.setMinimumHeight(48)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(prop.words)
            button.clicked.connect(prop.play)
            layout.addWidget(button, 1 + place // COLUMNS, place % COLUMNS)
