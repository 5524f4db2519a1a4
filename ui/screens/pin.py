"""暗証番号: four boxes and a pad; the fourth digit submits."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import PIN_DIGITS, Back, Digit, Erase, NotKnown, Pin, Reading
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.pad import Pad
from ui.widgets.panels import EDGE, Card, DigitBoxes, Message, Sign
from ui.widgets.text import Text


class PinScreen(Screen[Pin | Reading]):
    """Draws both the asking and the reading, so that nothing jumps in between."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.columns(margin=theme.MARGIN - EDGE, top=24)
        card = Card(self.scale, padding=28)
        card.content.setSpacing(px(10))
        card.content.addWidget(self.heading("pin.title", wrap=True))
        card.content.addWidget(self.line("pin.subtitle"))
        self.boxes = DigitBoxes(self.scale, PIN_DIGITS)
        card.content.addWidget(self.boxes)
        self.message = Message(self.scale)
        card.content.addWidget(self.message)
        card.content.addStretch()
        keep = QHBoxLayout()
        keep.setSpacing(px(12))
        sign = Sign(self.scale, 30)
        sign.show_icon("credit-card", theme.INK_SOFT)
        keep.addWidget(sign)
        keep.addWidget(self.line("pin.keep", size=theme.SMALL), 1)
        card.content.addLayout(keep)
        left = QVBoxLayout()
        left.setSpacing(px(8))
        left.addWidget(card, 1)
        self.unknown = self.button("pin.unknown", NotKnown(), icon="id-card", cap="B", height=88)
        self.ask = self.asked_button("pin.ask", height=88)
        foot = QHBoxLayout()
        foot.setSpacing(px(12))
        foot.setContentsMargins(px(8), 0, px(8), px(8))
        foot.addWidget(self.unknown, 8)
        foot.addWidget(self.ask, 5)
        left.addLayout(foot)
        layout.addLayout(left, 10)

        right = Card(self.scale, padding=36)
        self.pad = Pad(self.scale, words, ("button.cancel", "x"), ("button.erase", "delete"))
        self.pad.digit.connect(lambda value: self.hands.put(Digit(value)))
        self.pad.left.connect(lambda: self.hands.put(Back()))
        self.pad.right.connect(lambda: self.hands.put(Erase()))
        right.content.addWidget(self.pad, 1)
        keys = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
        keys.say(words("pin.keypad"))
        right.content.addWidget(keys)
        layout.addWidget(right, 11)

    def show_state(self, state: Pin | Reading) -> None:
        """How many digits are there, and how it went."""
        words = self.words
        if isinstance(state, Reading):
            self._filled(PIN_DIGITS, wrong=False)
            self.message.show_message("ok", words("pin.reading"), words("pin.reading_sub"))
            return
        self._filled(len(state.digits), wrong=state.wrong)
        if not state.wrong:
            self.message.show_message("ok", words("pin.auto"), words("pin.auto_sub"))
        elif state.tries_left is None:
            self.message.show_message("error", words("pin.wrong"), words("pin.wrong_unknown"))
        else:
            self.message.show_message(
                "error", words("pin.wrong"), words("pin.wrong_left", n=state.tries_left)
            )

    def _filled(self, filled: int, *, wrong: bool) -> None:
        self.boxes.show_filled(filled, self.words.plain("pin.filled", n=filled), wrong=wrong)
