"""The members of a household to choose from, a few at a time, and the card that says whose they are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.core.household import Person
from kiosk.flow import Input
from kiosk.ports import RosterRow
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.widgets.choices import Choice
from ui.widgets.facts import MemberRow
from ui.widgets.panels import Card
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

ROWS = 4
"""Members shown by name at a time."""


class MemberList:
    """So many members by name, and where there are more a button that turns the page."""

    def __init__(
        self,
        screen: Screen[Any],
        content: QVBoxLayout,
        chosen: Callable[[int], Input],
        turned: Callable[[int], object] | None = None,
        *,
        ticks: bool = False,
        height: float = theme.TARGET,
    ) -> None:
        """Put into `content`. `chosen` makes the input that says which of them, by the place.

        Turning the page chooses its first, unless `turned` is told instead where it begins.
        `ticks`: several may be chosen. `height`: of the button that turns.
        """
        self._words = screen.words
        self.first = self._next = 0
        """The places where this page and the next one begin."""
        self.tiles = [MemberRow(screen.scale, ticks=ticks) for _ in range(ROWS)]
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda _=False, at=place: screen.hands.put(chosen(self.first + at)))
            content.addWidget(tile)
        self.further = Choice(screen.scale, "", height=height)
        self._turned = turned or (lambda first: screen.hands.put(chosen(first)))
        self.further.clicked.connect(lambda: self._turned(self._next))
        content.addWidget(self.further)

    def show_around(self, row: RosterRow, person: int, about: Callable[[Person], str]) -> None:
        """The page with this person, who is chosen; `about` tells a line about each."""
        # One fewer where there are more: the button that turns takes a row's room.
        shown = ROWS if len(row.household.members) <= ROWS else ROWS - 1
        self._show(row, person // shown * shown, shown, (person,), about)

    def show_from(
        self, row: RosterRow, first: int, chosen: Collection[int], about: Callable[[Person], str]
    ) -> None:
        """The page that begins with this place, or the last; nobody where there is nobody to choose from."""
        last = max(0, (len(row.household.members) - 1) // ROWS * ROWS)
        shown = ROWS if len(row.household.members) > 1 else 0
        self._show(row, min(first, last), shown, chosen, about)

    def _show(
        self,
        row: RosterRow,
        first: int,
        shown: int,
        chosen: Collection[int],
        about: Callable[[Person], str],
    ) -> None:
        words, members = self._words, row.household.members
        self.first = first
        self._next = first + shown if first + shown < len(members) else 0
        for place, tile in enumerate(self.tiles):
            index = first + place
            tile.setVisible(place < shown and index < len(members))
            if index < len(members):
                person = members[index]
                tile.show_person(
                    person.called or words.plain("people.nth", n=index + 1),
                    about(person),
                    people.whereabouts(words, row, person),
                    str(index + 1) if index < 9 else "",
                    chosen=index in chosen,
                    ink=theme.ORANGE if person.id in row.elsewhere else theme.GREEN_DEEP,
                )
        self.further.setVisible(len(members) > ROWS)
        self.further.say(words.plain("what_now.further", first=first + 1, of=len(members)))

    def forget(self) -> None:
        """Nobody's name stays."""
        self.first = self._next = 0
        for tile in self.tiles:
            tile.show_person("", "", "", chosen=False)


class WhoCard(Card):
    """A household's number and name, lines about it, and what there is to do with the list below."""

    def __init__(self, screen: Screen[Any], *lines: QWidget) -> None:
        super().__init__(screen.scale, padding=24)
        self._words = screen.words
        self.content.setSpacing(screen.scale.px(8))
        self.number = Text(screen.scale, theme.DISPLAY, bold=True, colour=theme.PRIMARY, tight=True)
        self.name = NameLabel(screen.scale, theme.TITLE, wrap=True)
        self.content.addLayout(screen.across(self.number, self.name, shares=(0, 1), spacing=20))
        for line in lines:
            self.content.addWidget(line)

    def show_household(self, row: RosterRow) -> None:
        """Whose card this is."""
        self.number.say(Phrase.of(row.number))
        self.name.show_name(people.named(self._words, row.household.members))

    def forget(self) -> None:
        """Nobody's name stays."""
        self.number.say(Phrase(()))
        self.name.show_name("")
