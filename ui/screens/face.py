"""番号が わからないとき: what is printed on the card opens it. One question at a time, and where to look."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.flow import PIN_DIGITS, Back, Chosen, Digit, Erase, Face, FaceAsk
from kiosk.flow.dating import ERAS
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.card_face import CardFace
from ui.widgets.pad import Pad
from ui.widgets.panels import EDGE, Card, DigitBoxes, Message
from ui.widgets.text import Text
from ui.words import Phrase

FORMS = 3
"""Two, and one more where an unknown day leaves open which era it falls into."""


class FaceScreen(Screen[Face]):
    """The question and a picture of a card at the left, the answer at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.columns(margin=theme.MARGIN - EDGE, top=24)
        layout.addLayout(self._question(), 10)
        layout.addWidget(self._answer(), 11)

    def _question(self) -> QVBoxLayout:
        px = self.scale.px
        card = Card(self.scale, padding=28)
        card.content.setSpacing(px(8))
        self.title = Text(self.scale, theme.NAME, bold=True, wrap=True)
        self.where = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        card.content.addWidget(self.title)
        card.content.addWidget(self.where)
        self.date = Text(self.scale, theme.PANEL, bold=True)
        self.boxes = DigitBoxes(self.scale, PIN_DIGITS)
        card.content.addWidget(self.date)
        card.content.addWidget(self.boxes)
        self.message = Message(self.scale)
        card.content.addWidget(self.message)
        self.picture = CardFace(self.scale, self.words.plain("face.picture"))
        card.content.addWidget(self.picture, 1)
        left = QVBoxLayout()
        left.setSpacing(px(8))
        left.addWidget(card, 1)
        self.ask = self.asked_button("face.ask", height=88)
        foot = self.across(self.ask)
        foot.setContentsMargins(px(EDGE), 0, px(EDGE), px(EDGE))
        left.addLayout(foot)
        return left

    def _answer(self) -> Card:
        words = self.words
        right = Card(self.scale, padding=36)
        self.eras = self.era_choices(ERAS)
        self.era_row = QWidget()
        self.era_row.setLayout(self.across(*self.eras.values(), spacing=10))
        right.content.addWidget(self.era_row)
        self.forms: list[BigButton] = []
        for place in range(FORMS):
            form = BigButton(
                self.scale, "", key=str(place + 1), kind=Kind.SECOND, size=theme.NAME, height=128
            )
            form.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(at)))
            self.forms.append(form)
            right.content.addWidget(form)
        self.pad = Pad(self.scale, words, ("button.return", "arrow-left"), ("button.erase", "delete"))
        self.pad.digit.connect(lambda value: self.hands.put(Digit(value)))
        self.pad.left.connect(lambda: self.hands.put(Back()))
        self.pad.right.connect(lambda: self.hands.put(Erase()))
        right.content.addWidget(self.pad, 1)
        self.rest = QWidget()
        right.content.addWidget(self.rest, 1)
        self.back = self.back_button("button.return", height=theme.TARGET_FIRST)
        right.content.addWidget(self.back)
        return right

    def show_state(self, state: Face) -> None:
        """One question: where on the card its answer stands, and how much of it is there."""
        asks, words = state.asks, self.words
        self.title.say(words(f"face.{asks.value}"))
        self.where.say(words(f"face.{asks.value}_where"))
        # What went wrong says where to look again, and needs the room.
        self.where.setVisible(not state.wrong)
        self.picture.point_at(asks.value)
        typing, pointing = asks is FaceAsk.BIRTH, asks is FaceAsk.FORM
        self.era_row.setVisible(typing)
        self.pad.setVisible(not pointing)
        self.rest.setVisible(pointing)
        self.back.setVisible(pointing)
        for letter, choice in self.eras.items():
            choice.setChecked(typing and state.text.startswith(letter))
        for place, button in enumerate(self.forms):
            button.setVisible(pointing and place < len(state.forms))
            button.say(state.forms[place].text if pointing and place < len(state.forms) else "")
        self.date.setVisible(not pointing)
        self.date.say(Phrase.of(self._date(state)))
        filled = len(state.year) if asks is FaceAsk.YEAR else len(state.digits)
        self.boxes.setVisible(not typing and not pointing)
        self.boxes.show_filled(filled, words.plain("pin.filled", n=filled), wrong=state.wrong)
        self._say(state)

    def _say(self, state: Face) -> None:
        words = self.words
        self.message.setVisible(state.wrong)
        if not state.wrong:
            return
        if state.asks is FaceAsk.BIRTH:
            self.message.show_message("error", words("face.no_date"), words("face.look_again"))
        elif state.tries_left is None:
            self.message.show_message("error", words("face.wrong"), words("face.look_again"))
        else:
            left = words("face.wrong_left", n=state.tries_left - 1)
            self.message.show_message("error", words("face.wrong"), left)

    def _date(self, state: Face) -> str:
        """As it is typed, or as it stands on the card."""
        if state.printed is not None:
            return state.printed.text
        return people.date_with_blanks(self.words, state.text)

    def left(self) -> None:
        """Nothing of it stays."""
        self.date.say(Phrase(()))
        for button in self.forms:
            button.say("")
