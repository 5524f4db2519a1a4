"""The second window, for the side of the desk where the evacuee sits: their own household, nothing else.

It is fed with a `View`, a value made from the flow's state by a table. A state the table does not name shows
the welcome: what staff look up about others can not reach this window by being forgotten. A household is
shown only where it came to the desk itself, by its code, its card or its own words; from staff's screens the
same states show the welcome. No keys, no buttons: whoever sits here answers on the desk's own pad, or aloud.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget
from shiboken6 import delete

from kiosk import flow
from kiosk.core.household import Person
from kiosk.flow import PIN_DIGITS, State
from ui import fonts, theme
from ui.screens import people
from ui.theme import Scale
from ui.widgets.panels import Card, DigitBoxes, Ground, Sign
from ui.widgets.text import NameLabel, Text
from ui.words import BASE, Phrase, Words

LISTED = 8
"""Names shown; more are counted."""
IN_ONE_COLUMN = 3


@dataclass(frozen=True, slots=True)
class Guest:
    """One person of the household: name as signed, a few words, and whether they are here."""

    name: str = field(repr=False)
    detail: str = field(default="", repr=False)
    here: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """What the evacuee sees now. `title` and `body` are keys of the words."""

    title: str
    body: str = ""
    icon: str = ""
    tone: str = "plain"
    """`plain`, `ok`, `attention` or `error`."""
    number: str = ""
    people: tuple[Guest, ...] = ()
    digits: int | None = None
    """How many digits of a PIN are there; None where none are asked for."""


WELCOME = View("ready.title", "ready.subtitle", "users")
WAIT = View("notice.help_called.todo", icon="clock")
"""The desk is locked: nothing that is shown would be received."""
_FACE = {
    flow.FaceAsk.BIRTH: ("face.birth", "face.birth_where"),
    flow.FaceAsk.FORM: ("face.form", "face.form_where"),
    flow.FaceAsk.YEAR: ("face.year", "face.year_where"),
    flow.FaceAsk.CODE: ("face.code", "face.code_where"),
}


def view(state: State, words: Words, today: dt.date) -> View:
    """What to show beside this state."""
    return _VIEWS.get(type(state), _welcome)(state, words, today)


def _welcome(_state: State, _words: Words, _today: dt.date) -> View:
    return WELCOME


def _guests(persons: tuple[Person, ...], words: Words, today: dt.date) -> tuple[Guest, ...]:
    unnamed = words.plain("people.unnamed")
    return tuple(
        Guest(person.called or unnamed, people.age(words, person.birth, today)) for person in persons
    )


def _pin(state: flow.Pin, _words: Words, _today: dt.date) -> View:
    if state.wrong:
        return View("pin.wrong", "pin.wrong_unknown", "circle-alert", "error", digits=len(state.digits))
    return View("pin.title", "pin.subtitle", "credit-card", digits=len(state.digits))


def _reading(_state: flow.Reading, _words: Words, _today: dt.date) -> View:
    return View("pin.reading", "pin.keep", "credit-card", digits=PIN_DIGITS)


def _face(state: flow.Face, _words: Words, _today: dt.date) -> View:
    """What is asked, and how many digits are there; never what was read from the card."""
    title, body = _FACE[state.asks]
    if state.wrong:
        wrong = "face.no_date" if state.asks is flow.FaceAsk.BIRTH else "face.wrong"
        return View(wrong, "face.look_again", "circle-alert", "error")
    digits = {flow.FaceAsk.YEAR: len(state.year), flow.FaceAsk.CODE: len(state.digits)}.get(state.asks)
    return View(title, body, "id-card", digits=digits)


def _locked(_state: flow.Locked, _words: Words, _today: dt.date) -> View:
    return WAIT


def _seen(state: flow.Seen, words: Words, today: dt.date) -> View:
    if state.source is None:
        return WELCOME
    guests = _guests(state.row.household.members, words, today)
    return View("seen.title", "done.subtitle", "info", "plain", state.row.number, guests)


def _changed(state: flow.Changed, words: Words, today: dt.date) -> View:
    """Only of who showed a code or a card: staff write about people who are not at the desk, too."""
    if state.source is None or state.change is flow.Change.TIED:
        return WELCOME
    members = state.row.household.members
    about = tuple(person for person in members if person.id in state.persons) or members
    key = f"changed.{state.change.value}"
    guests = _guests(about, words, today)
    return View(f"{key}.title", f"{key}.note", "circle-check", "ok", state.row.number, guests)


def _family(state: flow.Family, words: Words, today: dt.date) -> View:
    if not isinstance(state.then, flow.Done):
        # Staff opened it from somebody's card: who sits here may be somebody else.
        return WELCOME
    guests = _guests(state.household.members, words, today)
    marked = tuple(
        Guest(guest.name, guest.detail, here=place in state.here) for place, guest in enumerate(guests)
    )
    return View("family.title", icon="users", people=marked)


def _done(state: flow.Done, words: Words, today: dt.date) -> View:
    home = state.row.household
    return View(
        "done.title",
        "done.subtitle",
        "circle-check",
        "ok",
        state.row.number,
        _guests(home.members, words, today),
    )


def _notice(state: flow.Notice, words: Words, _today: dt.date) -> View:
    key = f"notice.{state.code}"
    known = f"{key}.title" in words
    icon = {"ok": "circle-check", "attention": "info"}.get(state.tone, "triangle-alert")
    todo = f"{key}.todo" if f"{key}.todo" in words else ""
    return View(f"{key}.title" if known else "notice.other.title", todo, icon, state.tone)


_VIEWS: Mapping[type, Callable[[Any, Words, dt.date], View]] = {
    flow.Locked: _locked,
    flow.Pin: _pin,
    flow.Face: _face,
    flow.Reading: _reading,
    flow.Family: _family,
    flow.Done: _done,
    flow.Seen: _seen,
    flow.Changed: _changed,
    flow.Notice: _notice,
}
"""States that are about the household at the desk, and only those."""

_INK = {"plain": theme.PRIMARY, "ok": theme.GREEN, "attention": theme.ORANGE, "error": theme.RED}


class _Person(Card):
    def __init__(self, scale: Scale, words: Words) -> None:
        super().__init__(scale, padding=16)
        self._words = words
        self.name = NameLabel(scale, theme.NAME, wrap=True)
        self.detail = Text(scale, theme.BODY, colour=theme.INK_SOFT)
        self.sign = Sign(scale, 44)
        self.where = Text(scale, theme.BODY, bold=True)
        row = QHBoxLayout()
        row.setSpacing(scale.px(16))
        row.addWidget(self.sign)
        row.addWidget(self.name, 1)
        row.addWidget(self.detail)
        row.addWidget(self.where)
        self.content.addLayout(row)

    def show_guest(self, guest: Guest) -> None:
        self.name.show_name(guest.name)
        self.detail.say(Phrase.of(guest.detail))
        self.where.say(self._words("family.here" if guest.here else "family.away"))
        self.where.paint_in(theme.GREEN_DEEP if guest.here else theme.INK_QUIET)
        if guest.here:
            self.sign.show_icon("check", theme.ON_FILL, theme.PRIMARY)
        else:
            self.sign.show_icon("x", theme.INK_QUIET)


class GuestWindow(Ground):
    """Draws views. It takes no input and keeps nothing of the household when the next view comes."""

    def __init__(self, language: str = BASE) -> None:
        super().__init__()
        self._language = language
        self._scale = Scale(1.0, fonts.load(language))
        self._shown = WELCOME
        self._body: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        # The display decides the size, never what is said on it.
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        # The desk's keys stay the desk's while this one opens.
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        # A finger on this window is nobody at the desk: it must not keep the desk from locking.
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setPalette(theme.palette())
        self._build()

    def show_view(self, shown: View) -> None:
        """Draw this."""
        if shown != self._shown:
            self._shown = shown
            self._build()

    def speak(self, language: str) -> None:
        """In this language; empty means the desk's own."""
        self._language = language or BASE
        self._scale = Scale(self._scale.factor, fonts.load(self._language))
        self._build()

    def redress(self) -> None:
        """The colours are others now."""
        self.setPalette(theme.palette())
        self._build()

    @property
    def language(self) -> str:
        """The language now shown."""
        return self._language

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size is another scale."""
        super().resizeEvent(event)
        if (scale := self._scale.follow(self.width(), self.height())) is not self._scale:
            self._scale = scale
            self._build()

    def _build(self) -> None:
        """Anew for each view: views follow each other seconds apart, and no name stays in a hidden widget."""
        if self._body is not None:
            self._layout.removeWidget(self._body)
            # At once, not when the loop comes round: nobody's name waits for that.
            delete(self._body)
        self._body = self._made(self._shown, Words(self._language))
        self._layout.addWidget(self._body)
        self.setWindowTitle(Words(self._language).plain(self._shown.title))
        self.setAccessibleName(self.windowTitle())

    def _made(self, shown: View, words: Words) -> QWidget:
        scale = self._scale
        px, centre = scale.px, theme.ALIGN_CENTRE
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(px(80), px(48), px(80), px(48))
        rows.setSpacing(px(16))
        rows.addStretch()
        if shown.icon and len(shown.people) <= 2:
            sign = Sign(scale, 112)
            sign.show_icon(shown.icon, _INK[shown.tone])
            rows.addWidget(sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        title = Text(scale, theme.SIGN, bold=True, align=centre, wrap=True)
        title.say(words(shown.title))
        title.paint_in(theme.INK if shown.tone in {"plain", "attention"} else _INK[shown.tone])
        rows.addWidget(title)
        if shown.number:
            number = Text(scale, theme.HUGE, bold=True, colour=theme.PRIMARY, align=centre, tight=True)
            number.say(Phrase.of(shown.number))
            rows.addWidget(number)
        if shown.body and len(shown.people) <= LISTED:
            told = Text(scale, theme.TITLE, colour=theme.INK_SOFT, align=centre, wrap=True)
            told.say(words(shown.body))
            rows.addWidget(told)
        if shown.digits is not None:
            boxes = DigitBoxes(scale, PIN_DIGITS)
            boxes.setFixedWidth(px(PIN_DIGITS * 132 - 20))
            boxes.show_filled(
                shown.digits, words.plain("pin.filled", n=shown.digits), wrong=shown.tone == "error"
            )
            rows.addWidget(boxes, alignment=Qt.AlignmentFlag.AlignHCenter)
        if shown.people and not shown.number:
            rows.addLayout(self._people(shown.people, words))
        if shown.people and (shown.number or len(shown.people) > LISTED):
            count = Text(scale, theme.NAME, bold=True, align=centre)
            count.say(words("people.count", n=len(shown.people)))
            rows.addWidget(count)
        rows.addStretch()
        return body

    def _people(self, guests: tuple[Guest, ...], words: Words) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(0)
        columns = 1 if len(guests) <= IN_ONE_COLUMN else 2
        for place, guest in enumerate(guests[:LISTED]):
            person = _Person(self._scale, words)
            person.show_guest(guest)
            grid.addWidget(person, place // columns, place % columns)
            grid.setColumnStretch(place % columns, 1)
        return grid
