"""避難者カード: a household as it stands. What is private stays masked until somebody presses and holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from kiosk.core.household import Household, Person
from kiosk.flow import (
    Back,
    Change,
    Enter,
    FamilyOpened,
    Going,
    Held,
    HouseholdCard,
    LetGo,
    Masked,
    NeedsOpened,
    PageOpened,
    PersonChosen,
    SecrecyWanted,
    SimilarWanted,
    SlipWanted,
)
from kiosk.flow.choices import PAGE_KEYS, Page
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.screens.members import MemberList
from ui.stage import Ambient, Stage
from ui.widgets.buttons import Kind
from ui.widgets.facts import MASK, FactTile, HoldButton
from ui.widgets.panels import EDGE, Card, Pill
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase, Words

ICONS = {
    Page.STAY: "house",
    Page.AREA: "map-pin",
    Page.CONSENT: "message-circle-question-mark",
    Page.PETS: "paw-print",
    Page.SUPPLIES: "package",
    Page.LANGUAGES: "languages",
    Page.EMBASSY: "landmark",
    Page.ADDRESS: "map-pin",
    Page.PHONE: "phone",
    Page.NOTE: "sticky-note",
}
WIDE = {Page.ADDRESS, Page.NOTE}
MASKED = {Page.ADDRESS: Masked.ADDRESS, Page.PHONE: Masked.PHONE}


def _pets(words: Words, home: Household) -> str:
    return "　".join(words.plain(f"pet.{pet.kind.name}_n", n=pet.number) for pet in home.pets)


def _languages(words: Words, home: Household) -> str:
    """The best one, and how many more: the page has them all."""
    if not home.languages:
        return ""
    first, *others = home.languages
    key = f"speaks.{first}"
    told = words.plain(key) if key in words else first
    return words.plain("card.languages", first=told, n=len(others)) if others else told


def _embassy(words: Words, home: Household) -> str:
    key = f"country.{home.embassy}"
    return words.plain(key) if key in words else home.embassy


def _address(words: Words, home: Household) -> str:
    return words.plain("card.untold") if home.no_address else home.address


_VALUES: dict[Page, Callable[[Words, Household], str]] = {
    Page.STAY: lambda words, home: words.plain(f"stay.{home.stay.name}"),
    Page.AREA: lambda _words, home: home.area,
    Page.CONSENT: lambda words, home: words.plain(f"consent.{home.consent.name}"),
    Page.PETS: _pets,
    Page.SUPPLIES: lambda words, home: words.plain("card.portions", n=home.supplies) if home.supplies else "",
    Page.LANGUAGES: _languages,
    Page.EMBASSY: _embassy,
    Page.ADDRESS: _address,
    Page.PHONE: lambda _words, home: home.phone,
    Page.NOTE: lambda _words, home: home.note,
}


class HouseholdScreen(Screen[HouseholdCard]):
    """People at the left, facts at the right, deeds below."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._today = dt.date.min
        layout = self.rows(margin=theme.MARGIN - 2 * EDGE, top=10, spacing=2)
        layout.addLayout(self._head())
        middle = (self._people(), self._facts())
        layout.addLayout(self.across(*middle, shares=(10, 13), spacing=4), 1)
        layout.addLayout(self._deeds())

    def _head(self) -> QHBoxLayout:
        px = self.scale.px
        self.number = Text(self.scale, theme.HEADING, bold=True, colour=theme.PRIMARY)
        self.who = NameLabel(self.scale, theme.TITLE)
        self.secret = Pill(self.scale, bold=True)
        self.secret.show_state(self.words.plain("card.secret"), "eye-off", theme.ON_FILL, theme.ORANGE)
        self.double = Pill(self.scale)
        self.double.show_state(
            self.words.plain("card.double"), "copy", theme.ORANGE, theme.ORANGE_TINT, theme.ORANGE
        )
        self.method = Pill(self.scale)
        self.said = Pill(self.scale, bold=True)
        self.similar = self.deed("card.similar", SimilarWanted(), "users", "K", kind=Kind.QUIET)
        self.similar.setFixedWidth(px(500))
        self.slip = self.deed("card.slip", SlipWanted(), "qr-code", "G", kind=Kind.QUIET)
        self.slip.setFixedWidth(px(240))
        told = (self.said, self.similar, self.secret, self.double, self.method, self.slip)
        shares = (0, 1, *(0 for _ in told))
        return self.across(self.number, self.who, *told, shares=shares, edge=12)

    def _people(self) -> Card:
        px = self.scale.px
        card = Card(self.scale, padding=16)
        card.content.setSpacing(px(8))
        self.members = MemberList(self, card.content, PersonChosen)
        card.content.addStretch()
        self.birth, self.birth_hold = self._masked("card.birth", Masked.BIRTH, card.content)
        self.needs, self.needs_hold = self._masked("card.needs", Masked.NEEDS, card.content)
        return card

    def _masked(self, label: str, masked: Masked, content: QVBoxLayout) -> tuple[Text, HoldButton]:
        """A private line of the chosen person, and the button to hold."""
        px = self.scale.px
        row = QHBoxLayout()
        row.setSpacing(px(12))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        name = Text(self.scale, theme.FINE, colour=theme.INK_SOFT)
        name.say(self.words(label))
        value = Text(self.scale, theme.BODY, bold=True)
        texts.addWidget(name)
        texts.addWidget(value)
        row.addLayout(texts, 1)
        hold = self._hold(masked, self.words.plain(label))
        row.addWidget(hold)
        content.addLayout(row)
        return value, hold

    def _hold(self, masked: Masked, name: str) -> HoldButton:
        hold = HoldButton(self.scale, self.words.plain("card.hold", name=name))
        hold.held.connect(lambda: self.hands.put(Held(masked)))
        hold.let_go.connect(lambda: self.hands.put(LetGo()))
        return hold

    def _facts(self) -> Card:
        px = self.scale.px
        card = Card(self.scale, padding=16)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(6))
        self.facts: dict[Page, FactTile] = {}
        self.holds: dict[Page, HoldButton] = {}
        keys = {page: key for key, page in PAGE_KEYS.items()}
        order = (
            Page.ADDRESS, Page.PHONE, Page.STAY, Page.AREA, Page.CONSENT,
            Page.SUPPLIES, Page.PETS, Page.LANGUAGES, Page.EMBASSY, Page.NOTE,
        )  # fmt: skip
        for place, page in enumerate(order):
            tile = FactTile(
                self.scale,
                self.words.plain(f"page.{page.value}.label"),
                icon=ICONS[page],
                key=keys[page],
                height=theme.TARGET,
            )
            tile.clicked.connect(lambda _=False, opened=page: self.hands.put(PageOpened(opened)))
            self.facts[page] = tile
            spot = QHBoxLayout()
            spot.setSpacing(px(8))
            spot.addWidget(tile, 1)
            if page in MASKED:
                hold = self._hold(MASKED[page], self.words.plain(f"page.{page.value}.label"))
                self.holds[page] = hold
                spot.addWidget(hold)
            # An address needs the whole width, and so does what was written.
            line, column = divmod(place + 1, 2) if place else (0, 0)
            grid.addLayout(spot, line, column, 1, 2 if page in WIDE else 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        card.content.addLayout(grid)
        card.content.addStretch()
        return card

    def _deeds(self) -> QHBoxLayout:
        self.going = self.deed("card.going", Going(Change.OUT), "footprints", "O")
        self.family = self.deed("card.family", FamilyOpened(), "users", "F")
        self.member = self.deed("card.member", Enter(), "pencil", "Enter")
        self.help = self.deed("card.help", NeedsOpened(), "heart-pulse", "T")
        self.secrecy = self.deed("card.secrecy", SecrecyWanted(), "eye-off", "X", kind=Kind.QUIET)
        self.back = self.deed("button.return", Back(), "arrow-left", "Esc", kind=Kind.QUIET)
        deeds = (self.going, self.family, self.member, self.help, self.secrecy, self.back)
        return self.across(*deeds, spacing=10, edge=EDGE)

    def show_ambient(self, ambient: Ambient) -> None:
        """Ages need today."""
        self._today = ambient.now.date()

    def show_state(self, state: HouseholdCard) -> None:
        """Everything that is known, the private part as long as it is held."""
        words, row, home = self.words, state.row, state.row.household
        self.number.say(Phrase.of(row.number))
        self.who.show_name(people.named(words, home.members))
        self.secret.setVisible(home.secrecy)
        self.double.setVisible(row.receptions > 1)
        self.method.show_state(words.plain(f"method.{row.method.name}"), "", theme.INK_SOFT)
        self._show_people(state)
        shown = state.holding if state.shown else None
        for page, tile in self.facts.items():
            value = _VALUES[page](words, home)
            private = page in MASKED and bool(value) and not home.no_address
            if page in MASKED:
                self.holds[page].setVisible(private)
            if private and shown is not MASKED[page]:
                value = MASK
            tile.show_fact(value or words.plain("card.unsaid"), quiet=not value)
        self.said.setVisible(bool(state.sentence))
        if state.sentence:
            self.said.show_state(state.sentence, "triangle-alert", theme.RED, theme.RED_TINT, theme.RED)
        self.similar.setVisible(bool(state.similar) and not state.sentence)
        self.method.setVisible(not state.similar)
        self.slip.setVisible(not state.similar and not state.sentence)
        if state.similar:
            self.similar.say(words("card.similar", number=state.similar[0].number))
        self.secrecy.say(words("card.end_secrecy" if home.secrecy else "card.secrecy"))

    def _show_people(self, state: HouseholdCard) -> None:
        words, shown = self.words, state.holding if state.shown else None
        self.members.show_around(state.row, state.person, self._about)
        person = state.row.household.members[state.person]
        unsaid = words.plain("card.unsaid")
        birth = people.birth_and_age(words, person, self._today)
        needs = people.needs(words, person)
        for value, hold, text, masked in (
            (birth, self.birth_hold, self.birth, Masked.BIRTH),
            (needs, self.needs_hold, self.needs, Masked.NEEDS),
        ):
            text.say(Phrase.of((value if shown is masked else MASK) if value else unsaid))
            hold.setVisible(bool(value))

    def _about(self, person: Person) -> str:
        """Who they are to the others, and whether it is only noted down so far."""
        provisional = self.words.plain("card.provisional") if person.provisional else ""
        return "　".join(filter(None, (people.relation(self.words, person), provisional)))

    def left(self) -> None:
        """Nothing that was told stays in a widget."""
        self.number.say(Phrase(()))
        self.who.show_name("")
        self.members.forget()
        for fact in self.facts.values():
            fact.show_fact("")
        for text in (self.birth, self.needs):
            text.say(Phrase(()))
