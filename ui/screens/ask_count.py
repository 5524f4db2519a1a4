"""人数だけ: how many came, and nothing else."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from kiosk.flow import AskCount, Back, Digit, Erase
from ui import theme
from ui.screens.asked import Page
from ui.stage import Stage
from ui.widgets.pad import Pad
from ui.widgets.text import Text
from ui.words import Phrase


class AskCountScreen(Page[AskCount]):
    """A number as large as it can be, and a pad."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_count")
        content = self.card.content
        row = QHBoxLayout()
        row.addStretch()
        right = theme.ALIGN_RIGHT
        self.number = Text(self.scale, theme.TOWER, bold=True, colour=theme.PRIMARY, align=right, tight=True)
        self.number.setAccessibleDescription(self.words.plain("ask_count.field"))
        self.number.setMinimumWidth(self.scale.px(280))
        unit = Text(self.scale, theme.DISPLAY, bold=True)
        unit.say(self.words("people.unit"))
        row.addWidget(self.number)
        row.addLayout(self.beside(theme.TOWER * 0.8, unit, theme.DISPLAY))
        row.addStretch()
        content.addStretch()
        content.addLayout(row)
        content.addStretch()
        self.pad = Pad(self.scale, self.words, ("button.cancel", "x"), ("button.erase", "delete"))
        self.pad.digit.connect(lambda value: self.hands.put(Digit(value)))
        self.pad.left.connect(lambda: self.hands.put(Back()))
        self.pad.right.connect(lambda: self.hands.put(Erase()))
        self.side.addWidget(self.pad, 1)
        self.next_button("ask_count.receive", back=False)

    def show_state(self, state: AskCount) -> None:
        """The number."""
        self.number.say(Phrase.of(state.text or "_"))
