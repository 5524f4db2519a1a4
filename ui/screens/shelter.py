"""避難所の状況: opening, fullness, areas, staff, as somebody just looked; HQ is told when that was."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kiosk.flow import (
    AreaPage,
    CapacityTyped,
    Chosen,
    Counted,
    Enter,
    FullnessSaid,
    NotKnown,
    OpeningSaid,
    Plus,
    ShelterBoard,
    Typed,
)
from kiosk.flow.choices import FULLNESSES, OPENINGS
from ui import theme
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.choices import Choice
from ui.widgets.facts import Meter, Stepper
from ui.widgets.fields import Field
from ui.widgets.panels import EDGE, Card, Message
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

AREAS = 5
"""Areas on one screen: more than a school opens on a first night are reached by the arrow below."""
_OPENING_KEYS = ("N", "O", "C")


class _AreaRow(QWidget):
    """One area: name, a bar, how many of how many, and a way to change it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        scale = stage.scale
        self._words = stage.words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scale.px(12))
        texts = QVBoxLayout()
        texts.setSpacing(scale.px(4))
        head = QHBoxLayout()
        self.name = NameLabel(scale, theme.BODY)
        self.count = Text(scale, theme.BODY, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        head.addWidget(self.name, 1)
        head.addWidget(self.count)
        self.meter = Meter(scale)
        texts.addLayout(head)
        texts.addWidget(self.meter)
        row.addLayout(texts, 1)
        self.change = BigButton(
            scale, stage.words.plain("shelter.change"), icon="pencil", size=theme.SMALL, height=theme.TARGET
        )
        self.change.setFixedWidth(scale.px(150))
        row.addWidget(self.change)

    def show_area(self, name: str, persons: int, capacity: int) -> None:
        """So full."""
        self.name.show_name(name)
        key = "shelter.of" if capacity else "shelter.here"
        full = capacity and persons >= capacity
        self.count.say(self._words("shelter.full" if full else key, n=persons, of=capacity))
        self.count.paint_in(theme.ORANGE if full else theme.INK_SOFT)
        self.meter.show_part(persons / capacity if capacity else 0.0)
        self.change.setAccessibleName(f"{name} {self._words.plain('shelter.change')}")


class ShelterScreen(Screen[ShelterBoard]):
    """What HQ must know, changed by touch, reported by one key."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._zone: dt.tzinfo | None = None
        self._first = 0
        layout = self.rows(margin=theme.MARGIN - EDGE, top=10, spacing=2)
        cards = (self._state_card(), self._areas_card())
        layout.addLayout(self.across(*cards, shares=(1, 1), spacing=4), 1)
        layout.addLayout(self._deeds())
        self._state: ShelterBoard | None = None

    def _state_card(self) -> Card:
        px, words = self.scale.px, self.words
        left = Card(self.scale, padding=20)
        left.content.setSpacing(px(6))
        left.content.addWidget(self.heading("shelter.title", size=theme.NAME))
        left.content.addWidget(self.line("shelter.opening", size=theme.SMALL))
        openings = [words.plain(f"opening.{one.name}") for one in OPENINGS]
        self.openings = self.choices(openings, OpeningSaid, keys=_OPENING_KEYS)
        left.content.addLayout(self.across(*self.openings, spacing=10))
        left.content.addWidget(self.line("shelter.fullness", size=theme.SMALL))
        fullnesses = [words.plain(f"fullness.{one.name}") for one in FULLNESSES]
        keys = [str(place + 1) for place in range(len(FULLNESSES))]
        self.fullnesses = self.choices(fullnesses, FullnessSaid, keys=keys)
        left.content.addLayout(self.across(*self.fullnesses, spacing=10))
        left.content.addSpacing(px(8))
        self.staff = self._stepper(left, "staff", ("A", "S"))
        self.helpers = self._stepper(left, "helpers", ("J", "K"))
        left.content.addStretch()
        self.checked = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT, wrap=True)
        left.content.addWidget(self.checked)
        return left

    def _areas_card(self) -> Card:
        px = self.scale.px
        right = Card(self.scale, padding=20)
        right.content.setSpacing(px(10))
        head = QHBoxLayout()
        head.addWidget(self.heading("shelter.areas", size=theme.TITLE), 1)
        self.people = Text(self.scale, theme.TITLE, bold=True, colour=theme.PRIMARY)
        head.addWidget(self.people)
        right.content.addLayout(head)
        self.areas = [_AreaRow(self.stage) for _ in range(AREAS)]
        for place, row in enumerate(self.areas):
            row.change.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(self._first + at)))
            right.content.addWidget(row)
        self.none = self.line("shelter.no_areas", wrap=True)
        right.content.addWidget(self.none)
        right.content.addStretch()
        self.rest = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT)
        right.content.addWidget(self.rest)
        self.further = self.button_to_turn()
        self.plus = self.button(
            "shelter.plus", Plus(), icon="plus", cap="+", size=theme.BODY, height=theme.TARGET
        )
        right.content.addLayout(self.across(self.further, self.plus, spacing=12))
        return right

    def _deeds(self) -> QHBoxLayout:
        self.said = Message(self.scale)
        self.look = self.button(
            "shelter.looked",
            Enter(),
            icon="eye",
            cap="Enter",
            sub="shelter.looked_sub",
            kind=Kind.FIRST,
            height=96,
        )
        back = self.back_button("button.return", height=96)
        return self.across(back, self.said, self.look, shares=(2, 4, 4), edge=EDGE)

    def button_to_turn(self) -> Choice:
        """Further areas: nothing is said by turning the page."""
        choice = Choice(self.scale, "", height=theme.TARGET)
        choice.clicked.connect(self._turn)
        return choice

    def _turn(self) -> None:
        if self._state is not None and self._state.draft is not None:
            first = self._first + AREAS
            self._first = first if first < len(self._state.draft.areas) else 0
            self.show_state(self._state)

    def _stepper(self, card: Card, who: str, keys: tuple[str, str]) -> Stepper:
        words = self.words
        row = QHBoxLayout()
        name = Text(self.scale, theme.LEAD, bold=True)
        name.say(words(f"shelter.{who}"))
        stepper = Stepper(
            self.scale,
            words.plain(f"shelter.{who}"),
            words.plain("button.less"),
            words.plain("button.more"),
            keys,
        )
        said = "staff" if who == "staff" else "helpers"
        stepper.less.connect(lambda: self.hands.put(Counted(said, -1)))  # type: ignore[arg-type]  # one of the two words
        stepper.more.connect(lambda: self.hands.put(Counted(said, 1)))  # type: ignore[arg-type]  # as above
        row.addWidget(name, 1)
        row.addWidget(stepper)
        card.content.addLayout(row)
        return stepper

    def show_ambient(self, ambient: Ambient) -> None:
        """Times are shown in the shelter's zone."""
        self._zone = ambient.now.tzinfo

    def show_state(self, state: ShelterBoard) -> None:
        """As chosen so far, and when somebody looked last."""
        self._state = state
        words, draft = self.words, state.draft
        for choice, opening in zip(self.openings, OPENINGS, strict=True):
            choice.setChecked(draft is not None and draft.opening is opening)
        for choice, fullness in zip(self.fullnesses, FULLNESSES, strict=True):
            choice.setChecked(draft is not None and draft.fullness is fullness)
        self.staff.show_number(0 if draft is None else draft.staff)
        self.helpers.show_number(0 if draft is None else draft.helpers)
        checked = 0 if state.said is None else state.said.checked_at
        if checked:
            time = dt.datetime.fromtimestamp(checked, self._zone).strftime("%m/%d %H:%M")
            self.checked.say(words("shelter.checked", time=time))
        else:
            self.checked.say(words("shelter.never"))
        self._show_areas(state)
        self.said.setVisible(bool(state.sentence) or state.saved)
        if state.sentence:
            self.said.show_message("error", Phrase.of(state.sentence), Phrase(()))
        elif state.saved:
            self.said.show_message("ok", words("shelter.saved"), Phrase(()))

    def _show_areas(self, state: ShelterBoard) -> None:
        words = self.words
        areas = () if state.draft is None else state.draft.areas
        if self._first >= len(areas):
            self._first = 0
        for place, row in enumerate(self.areas):
            index = self._first + place
            row.setVisible(index < len(areas))
            if index < len(areas):
                area = areas[index]
                row.show_area(area.name, state.areas.get(area.name, 0), area.capacity)
        self.none.setVisible(not areas)
        self.further.setVisible(len(areas) > AREAS)
        self.further.say(words.plain("what_now.further", first=self._first + 1, of=len(areas)))
        self.people.say(words("people.count", n=sum(state.areas.values())))
        named = {area.name for area in areas}
        rest = sum(persons for name, persons in state.areas.items() if name not in named)
        self.rest.setVisible(bool(rest) and bool(areas))
        self.rest.say(words("shelter.rest", n=rest))

    def left(self) -> None:
        """Turned back."""
        self._first = 0
        self._state = None


class AreaScreen(Screen[AreaPage]):
    """A name and a number."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=160, top=40)
        layout.addStretch()
        card = Card(self.scale, padding=40)
        card.content.setSpacing(px(12))
        self.title = self.heading("area.title")
        card.content.addWidget(self.title)
        self.name = Field(self.scale, words.plain("area.name"), theme.TITLE, height=80)
        self.name.typed.connect(lambda text: self.hands.put(Typed(text)))
        self.capacity = Field(self.scale, words.plain("area.capacity"), theme.TITLE, height=80)
        self.capacity.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.capacity.typed.connect(lambda text: self.hands.put(CapacityTyped(text)))
        for key, field in (("area.name", self.name), ("area.capacity", self.capacity)):
            label: QLabel = self.line(key)
            card.content.addWidget(label)
            card.content.addWidget(field)
        self.missing = Text(self.scale, theme.BODY, bold=True, colour=theme.RED)
        self.missing.say(words("area.missing"))
        card.content.addWidget(self.missing)
        self.gone = self.button("area.gone", NotKnown(), icon="delete", kind=Kind.QUIET, height=96)
        enter = self.button("area.enter", Enter(), icon="check", cap="Enter", kind=Kind.FIRST, height=96)
        card.content.addLayout(self.across(self.back_button(height=96), self.gone, enter))
        layout.addWidget(card)
        layout.addStretch()

    def show_state(self, state: AreaPage) -> None:
        """As typed."""
        self.title.say(self.words("area.new" if state.place is None else "area.title"))
        self.name.show_text(state.name)
        self.capacity.show_text(state.capacity)
        self.missing.setVisible(state.missing)
        self.gone.setVisible(state.place is not None)

    def entered(self) -> None:
        """Type at once."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
