"""聞き取り: name, birth date, town; one question a page, all by keyboard, all by touch but the letters."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.core.dates import ERAS
from kiosk.core.household import Person
from kiosk.flow import (
    TOWNS_SHOWN,
    AskBirth,
    AskCount,
    AskName,
    AskTown,
    Back,
    Chosen,
    Digit,
    Enter,
    Erase,
    Letter,
    NotKnown,
    Plus,
    Typed,
)
from ui import theme
from ui.screens import people
from ui.screens.base import Screen, State
from ui.stage import Stage
from ui.widgets.buttons import Choice, Kind
from ui.widgets.fields import KanaField
from ui.widgets.pad import Pad
from ui.widgets.panels import Card, Pill
from ui.widgets.text import NameLabel, Text
from ui.widgets.tiles import TownTile
from ui.words import Phrase

LISTED = 5
"""People listed by name beside the question; more are counted."""


class _Page(Screen[State]):
    """A question at the left, what is known and where to go at the right."""

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.columns(margin=theme.MARGIN - 8, top=20, spacing=12)
        self.card = Card(self.scale, padding=32)
        self.card.content.setSpacing(px(12))
        head = QHBoxLayout()
        head.addWidget(self.heading(f"{name}.title"), 1)
        if f"{name}.step" in self.words:
            step = Pill(self.scale)
            step.show_state(self.words.plain(f"{name}.step"), "", theme.INK_SOFT)
            head.addWidget(step)
        self.card.content.addLayout(head)
        self.card.content.addWidget(self.line(f"{name}.subtitle", wrap=True))
        layout.addWidget(self.card, 1)
        self.side = QVBoxLayout()
        self.side.setSpacing(px(16))
        self.side.setContentsMargins(0, px(8), px(8), px(8))
        holder = QWidget()
        holder.setFixedWidth(px(432))
        holder.setLayout(self.side)
        layout.addWidget(holder)

    def next_button(self, key: str = "button.next", *, back: bool = True) -> None:
        """Enter, large, at the side, and Esc below unless the pad has it."""
        self.next = self.button(
            key, Enter(), icon="arrow-right", cap="Enter", kind=Kind.FIRST, size=36, height=112
        )
        self.side.addWidget(self.next)
        if back:
            self.side.addWidget(self.back_button("button.return"))


class _Members(Card):
    """Who was written down so far."""

    def __init__(self, stage: Stage, title: str) -> None:
        super().__init__(stage.scale, padding=20)
        self._words = stage.words
        head = Text(stage.scale, theme.BODY, bold=True, colour=theme.INK_SOFT)
        head.say(stage.words(title))
        self.content.addWidget(head)
        self.names = [NameLabel(stage.scale, theme.LEAD) for _ in range(LISTED)]
        self.details = [Text(stage.scale, theme.SMALL, colour=theme.INK_SOFT) for _ in range(LISTED)]
        for name, detail in zip(self.names, self.details, strict=True):
            row = QHBoxLayout()
            row.addWidget(name, 1)
            row.addWidget(detail)
            self.content.addLayout(row)
        self.total = Text(stage.scale, theme.LEAD, bold=True, colour=theme.PRIMARY)
        self.content.addWidget(self.total)
        self.content.addStretch()

    def show_people(self, persons: tuple[Person, ...], today: dt.date) -> None:
        """The last few by name, all by number."""
        shown = persons[-LISTED:]
        for place, (name, detail) in enumerate(zip(self.names, self.details, strict=True)):
            person = shown[place] if place < len(shown) else None
            name.show_name((person.called or "") if person else "")
            detail.say(Phrase.of(people.age(self._words, person.birth, today) if person else ""))
            name.setVisible(person is not None)
            detail.setVisible(person is not None)
        self.total.say(self._words("people.count", n=len(persons)))
        self.setVisible(bool(persons))


class AskNameScreen(_Page[AskName]):
    """Page 1."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_name")
        self.field = KanaField(self.scale, self.words.plain("ask_name.field"), theme.DISPLAY, height=120)
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        content = self.card.content
        content.addSpacing(self.scale.px(16))
        content.addWidget(self.field)
        content.addWidget(self.line("ask_name.example"))
        self.missing = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        self.missing.say(self.words("ask_name.missing"))
        content.addWidget(self.missing)
        content.addStretch()
        self.members = _Members(stage, "ask_name.members")
        self.side.addWidget(self.members)
        self.side.addStretch()
        self.next_button()

    def show_state(self, state: AskName) -> None:
        """The name as typed."""
        self.field.show_text(state.kana)
        self.missing.setVisible(state.missing)
        self.members.show_people(state.asked.people, state.asked.today)

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Nothing typed stays, nor can Ctrl+Z bring it back."""
        self.field.setText("")
        self.members.show_people((), dt.date.min)


class AskBirthScreen(_Page[AskBirth]):
    """Page 2."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_birth")
        px = self.scale.px
        content = self.card.content
        self.eras: dict[str, Choice] = {}
        row = QHBoxLayout()
        row.setSpacing(px(10))
        for letter, _, _ in reversed(ERAS):
            choice = Choice(self.scale, self.words.plain(f"ask_birth.era_{letter}"), key=letter, height=72)
            choice.clicked.connect(lambda _=False, era=letter: self.hands.put(Letter(era)))
            self.eras[letter] = choice
            row.addWidget(choice)
        content.addLayout(row)
        content.addStretch()
        self.date = Text(self.scale, theme.DISPLAY, bold=True)
        self.date.setAccessibleDescription(self.words.plain("ask_birth.field"))
        self.date.setFixedHeight(px(96))
        content.addWidget(self.date)
        self.reading = Text(self.scale, theme.TITLE, bold=True, colour=theme.GREEN_DEEP)
        content.addWidget(self.reading)
        content.addStretch()
        self.hint = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        content.addWidget(self.hint)
        self.name = NameLabel(self.scale, theme.TITLE)
        self.side.addWidget(self.name)
        self.pad = Pad(self.scale, self.words, ("ask_birth.skip", ""), ("button.erase", "delete"))
        self.pad.digit.connect(lambda value: self.hands.put(Digit(value)))
        self.pad.right.connect(lambda: self.hands.put(Erase()))
        self.pad.left.connect(lambda: self.hands.put(NotKnown()))
        self.side.addWidget(self.pad, 1)
        self.next_button()

    def show_state(self, state: AskBirth) -> None:
        """What was typed, as a date with blanks, and the date it makes."""
        for letter, choice in self.eras.items():
            choice.setChecked(state.text.startswith(letter))
        self.name.show_name(state.kana)
        self.date.say(Phrase.of(self._with_blanks(state.text)))
        birth = state.birth
        if birth is None:
            self.reading.say(Phrase(()))
        else:
            western = state.text[:1].isalpha()
            date = f"{birth.year}年" if western else birth.wareki
            shown = people.age(self.words, birth, state.asked.today)
            self.reading.say(self.words("ask_birth.shown", date=date, age=shown))
        self.hint.say(self.words("ask_birth.wrong" if state.wrong else "ask_birth.unknown_hint"))
        self.hint.paint_in(theme.RED if state.wrong else theme.INK_SOFT)

    def _with_blanks(self, text: str) -> str:
        word = self.words.plain
        if text[:1].isalpha():
            start, digits, widths = word(f"ask_birth.era_{text[0]}"), text[1:], (2, 2, 2)
        else:
            start, digits, widths = word("ask_birth.western"), text, (4, 2, 2)
        pieces = [start]
        for width, unit in zip(widths, ("year", "month", "day"), strict=True):
            pieces.append(f" {digits[:width].ljust(width, '_')}{word(f'ask_birth.{unit}')}")
            digits = digits[width:]
        return "".join(pieces)

    def left(self) -> None:
        """Nothing stays."""
        for text in (self.date, self.reading, self.name):
            text.say(Phrase(()))


class AskTownScreen(_Page[AskTown]):
    """Page 3, from which the household is received."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_town")
        px = self.scale.px
        content = self.card.content
        self.field = KanaField(
            self.scale, self.words.plain("ask_town.field"), theme.NAME, height=theme.TARGET
        )
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        content.addWidget(self.field)
        grid = QGridLayout()
        grid.setSpacing(px(10))
        self.towns = [TownTile(self.scale, place + 1) for place in range(TOWNS_SHOWN)]
        for place, tile in enumerate(self.towns):
            tile.clicked.connect(lambda _=False, index=place: self.hands.put(Chosen(index)))
            grid.addWidget(tile, place % 4, place // 4)
            grid.setRowMinimumHeight(place % 4, tile.height())
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        content.addLayout(grid)
        self.none = Text(self.scale, theme.BODY, bold=True, colour=theme.ORANGE, wrap=True)
        self.none.say(self.words("ask_town.none"))
        content.addWidget(self.none)
        content.addStretch()
        self.members = _Members(stage, "ask_town.of")
        self.side.addWidget(self.members, 1)
        self.plus = self.button("button.plus", Plus(), icon="user-plus", cap="+")
        self.side.addWidget(self.plus)
        self.next_button("button.enter_shelter")

    def show_state(self, state: AskTown) -> None:
        """The towns that fit, and who will be received."""
        self.field.show_text(state.text)
        self.field.setPlaceholderText(state.asked.town)
        choices = state.choices
        for place, tile in enumerate(self.towns):
            tile.setVisible(place < len(choices))
            if place < len(choices):
                town = choices[place]
                tile.show_town(town.name, town.kana, picked=state.picked == place)
        self.none.setVisible(bool(state.text) and not choices)
        self.members.show_people(state.asked.people, state.asked.today)

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Nothing stays."""
        self.field.setText("")
        self.members.show_people((), dt.date.min)


class AskCountScreen(_Page[AskCount]):
    """How many, and nothing else."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "ask_count")
        content = self.card.content
        row = QHBoxLayout()
        row.addStretch()
        right = theme.ALIGN_RIGHT
        self.number = Text(self.scale, 220, bold=True, colour=theme.PRIMARY, align=right, tight=True)
        self.number.setAccessibleDescription(self.words.plain("ask_count.field"))
        self.number.setMinimumWidth(self.scale.px(280))
        unit = Text(self.scale, theme.DISPLAY, bold=True)
        unit.say(self.words("people.unit"))
        row.addWidget(self.number)
        row.addLayout(self.beside(220 * 0.8, unit, theme.DISPLAY))
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
