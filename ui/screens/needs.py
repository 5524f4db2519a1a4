"""体のこと: eight chips a page for one person at a time, one touch each, and never necessary."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout

from kiosk.core.household import Need
from kiosk.flow import Back, Chosen, Enter, More, Needs, PersonChosen
from kiosk.flow.choices import NEED_PAGES
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.facts import ChipTile
from ui.words import Phrase

ICONS: dict[Need, str] = {
    Need.FEVER: "thermometer",
    Need.INJURY: "bandage",
    Need.MEDICAL_POWER: "plug-zap",
    Need.WHEELCHAIR: "accessibility",
    Need.PREGNANT: "person-standing",
    Need.INFANT: "baby",
    Need.ALLERGY: "wheat-off",
    Need.CARE_LEVEL: "hand-heart",
    Need.MEDICATION: "pill",
    Need.MEDICAL_CARE: "stethoscope",
    Need.BEDRIDDEN: "bed",
    Need.DEMENTIA: "brain",
    Need.HEARING: "ear",
    Need.SIGHT: "eye",
    Need.TODDLER: "baby",
    Need.FORMULA_MILK: "milk",
    Need.PHYSICAL_DISABILITY: "accessibility",
    Need.INTELLECTUAL_DISABILITY: "message-circle-heart",
    Need.MENTAL_DISABILITY: "heart-pulse",
    Need.LANGUAGE: "languages",
    Need.ASSISTANCE_DOG: "dog",
    Need.ELDERLY_ALONE: "user",
    Need.ELDERLY_HOUSEHOLD: "users",
}
PERSONS = 5
"""Persons to be chosen by touch; more by the arrow keys and by 次の人."""
COLUMNS = 4


class NeedsScreen(Screen[Needs]):
    """People above, chips below."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._first = 0
        layout = self.rows(margin=theme.MARGIN, top=20, spacing=14)
        layout.addWidget(self.heading("needs.title"))
        layout.addWidget(self.line("needs.subtitle"))
        self.persons = self.choices([""] * PERSONS, lambda at: PersonChosen(self._first + at))
        layout.addLayout(self.across(*self.persons, spacing=12))
        grid = QGridLayout()
        grid.setSpacing(px(16))
        self.chips = [
            ChipTile(self.scale, "", icon="heart-pulse", key=str(place + 1), height=144) for place in range(8)
        ]
        for place, chip in enumerate(self.chips):
            chip.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(at)))
            policy = chip.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            chip.setSizePolicy(policy)
            grid.addWidget(chip, place // COLUMNS, place % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        layout.addLayout(grid)
        layout.addStretch()
        self.more = self.button("needs.more", More(), icon="ellipsis", cap="9", height=96)
        self.enter = self.button(
            "needs.enter",
            Enter(),
            icon="check",
            cap="Enter",
            kind=Kind.FIRST,
            size=theme.PANEL,
            height=theme.TARGET_FIRST,
        )
        self.skip = self.button("needs.skip", Back(), icon="x", cap="Esc", kind=Kind.QUIET, height=96)
        layout.addLayout(self.across(self.skip, self.more, self.enter, shares=(3, 4, 5)))

    def show_state(self, state: Needs) -> None:
        """One person's page."""
        words, members = self.words, state.household.members
        # The window of persons follows the one whose turn it is.
        self._first = max(0, min(state.person - PERSONS // 2, len(members) - PERSONS))
        for place, choice in enumerate(self.persons):
            index = self._first + place
            choice.setVisible(len(members) > 1 and index < len(members))
            if index < len(members):
                person = members[index]
                name = person.called or words.plain("people.nth", n=index + 1)
                marked = words.plain("needs.marked", name=name, n=len(person.needs)) if person.needs else name
                choice.say(marked)
                choice.setChecked(index == state.person)
        chosen = members[state.person].needs
        for place, chip in enumerate(self.chips):
            chip.setVisible(place < len(state.chips))
            if place < len(state.chips):
                need = state.chips[place]
                chip.show_chip(words.plain(f"need.{need.name}"), ICONS[need])
                chip.setChecked(need in chosen)
        self.more.say(words("needs.more", page=state.page + 1, pages=len(NEED_PAGES)))

    def entered(self) -> None:
        """Digits tick, Enter closes."""
        self.setFocus()

    def left(self) -> None:
        """Names go with the household."""
        for choice in self.persons:
            choice.say(Phrase(()).plain)
