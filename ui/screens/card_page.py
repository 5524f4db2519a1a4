"""One page of a household's card: tiles to touch, numbers to step, or a line to write."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kiosk.flow import CardPage, Chosen, Enter, Fewer, NotKnown, Plus, Typed
from kiosk.flow.choices import CONSENTS, EMBASSIES, LANGUAGES, PETS, STAYS, TYPED, Page
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.choices import Choice
from ui.widgets.facts import ChipTile, Stepper
from ui.widgets.fields import LONGEST_NOTE, Field
from ui.widgets.panels import Card, Sign
from ui.widgets.text import Text
from ui.words import Phrase

TALL, LOW, FEW = 136, 84, 6
"""Few tiles may be tall."""
MOST = 15
"""Tiles there is room for."""
_STAY_ICONS = ("building-2", "car", "tent", "house")
_CONSENT_ICONS = ("eye-off", "users", "eye")
_PET_ICONS = ("dog", "cat", "bird", "paw-print")


class CardPageScreen(Screen[CardPage]):
    """All pages of the card: what does not belong to the page is hidden."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=theme.MARGIN, top=24, spacing=12)
        self.title = self.heading("page.stay.title")
        self.subtitle = self.line("page.stay.sub", wrap=True)
        layout.addWidget(self.title)
        layout.addWidget(self.subtitle)
        self.tiles_area = QWidget()
        self._grid = QGridLayout(self.tiles_area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(14))
        self.tiles = [ChipTile(self.scale, "", icon="check", height=96) for _ in range(MOST)]
        for place, tile in enumerate(self.tiles):
            tile.setParent(self.tiles_area)
            tile.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(at)))
        layout.addWidget(self.tiles_area)
        layout.addWidget(self._pets_card())
        layout.addWidget(self._portions_card())
        self.field = Field(self.scale, "", theme.TITLE)
        self.field.setMaxLength(LONGEST_NOTE)
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        layout.addWidget(self.field)
        self.untold = Choice(self.scale, self.words.plain("page.address.untold"), height=theme.TARGET)
        self.untold.clicked.connect(lambda: self.hands.put(NotKnown()))
        layout.addWidget(self.untold)
        layout.addStretch()
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        self.back = self.back_button("button.return", height=96)
        self.enter = self.button(
            "button.save", Enter(), icon="check", cap="Enter", kind=Kind.FIRST, size=theme.PANEL, height=96
        )
        for button in (self.back, self.enter):
            button.setFixedWidth(px(500))
        foot.addWidget(self.back)
        foot.addStretch()
        foot.addWidget(self.enter)
        layout.addLayout(foot)
        self._page: Page | None = None

    def _pets_card(self) -> Card:
        px, words = self.scale.px, self.words
        self.pets_card = Card(self.scale, padding=28)
        self.pets: list[Stepper] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(24))
        grid.setVerticalSpacing(px(12))
        for place, kind in enumerate(PETS):
            sign = Sign(self.scale, 44)
            sign.show_icon(_PET_ICONS[place], theme.PRIMARY)
            name = words.plain(f"pet.{kind.name}")
            label = Text(self.scale, theme.TITLE, bold=True)
            label.say(Phrase.of(name))
            stepper = Stepper(
                self.scale,
                name,
                words.plain("button.less"),
                words.plain("button.more"),
                ("", str(place + 1)),
            )
            stepper.less.connect(lambda at=place: self.hands.put(Fewer(at)))
            stepper.more.connect(lambda at=place: self.hands.put(Chosen(at)))
            self.pets.append(stepper)
            grid.addWidget(sign, place, 0)
            grid.addWidget(label, place, 1)
            grid.addWidget(stepper, place, 2)
        grid.setColumnStretch(1, 1)
        self.pets_card.content.addLayout(grid)
        return self.pets_card

    def _portions_card(self) -> Card:
        self.portions_card = Card(self.scale, padding=48)
        words = self.words
        row = QHBoxLayout()
        row.addStretch()
        name = words.plain("page.supplies.label")
        self.portions = Stepper(
            self.scale, name, words.plain("button.less"), words.plain("button.more"), ("", "+")
        )
        self.portions.less.connect(lambda: self.hands.put(Fewer(0)))
        self.portions.more.connect(lambda: self.hands.put(Plus()))
        unit = Text(self.scale, theme.TITLE, bold=True)
        unit.say(words("page.supplies.unit"))
        row.addWidget(self.portions)
        row.addWidget(unit)
        row.addStretch()
        self.portions_card.content.addLayout(row)
        return self.portions_card

    def show_state(self, state: CardPage) -> None:
        """The page as chosen so far."""
        page, words = state.page, self.words
        self._page = page
        self.title.say(words(f"page.{page.value}.title"))
        self.subtitle.say(words(f"page.{page.value}.sub"))
        tiles = self._tiles(state)
        self.tiles_area.setVisible(bool(tiles))
        self._lay(tiles)
        self.pets_card.setVisible(page is Page.PETS)
        numbers = {pet.kind: pet.number for pet in state.draft.pets}
        for kind, stepper in zip(PETS, self.pets, strict=True):
            stepper.show_number(numbers.get(kind, 0))
        self.portions_card.setVisible(page is Page.SUPPLIES)
        self.portions.show_number(state.draft.supplies)
        typed = page in TYPED or (page is Page.AREA and not state.areas)
        self.field.setVisible(typed)
        self.field.setAccessibleName(words.plain(f"page.{page.value}.label"))
        self.field.show_text(state.text)
        self.untold.setVisible(page is Page.ADDRESS)
        self.untold.setChecked(state.draft.no_address)
        by_and_by = typed or page in {Page.PETS, Page.SUPPLIES, Page.LANGUAGES}
        self.enter.setVisible(by_and_by)

    def _tiles(self, state: CardPage) -> list[tuple[str, str, bool]]:
        """Words, icon, and whether it is so."""
        words, draft = self.words, state.draft
        match state.page:
            case Page.STAY:
                return [
                    (words.plain(f"stay.{stay.name}"), icon, draft.stay is stay)
                    for stay, icon in zip(STAYS, _STAY_ICONS, strict=True)
                ]
            case Page.CONSENT:
                return [
                    (words.plain(f"consent.{consent.name}"), icon, draft.consent is consent)
                    for consent, icon in zip(CONSENTS, _CONSENT_ICONS, strict=True)
                ]
            case Page.LANGUAGES:
                return [
                    (words.plain(f"speaks.{one}"), "languages", one in draft.languages) for one in LANGUAGES
                ]
            case Page.EMBASSY:
                return [
                    (
                        words.plain(f"country.{code}" if code else "country.none"),
                        "landmark",
                        draft.embassy == code,
                    )
                    for code in EMBASSIES
                ]
            case Page.AREA:
                return [(self._area(area), "map-pin", draft.area == area[0]) for area in state.areas[:MOST]]
            case _:
                return []

    def _area(self, area: tuple[str, int, int]) -> str:
        name, persons, capacity = area
        key = "page.area.of" if capacity else "page.area.here"
        return self.words.plain(key, name=name, n=persons, of=capacity)

    def _lay(self, tiles: list[tuple[str, str, bool]]) -> None:
        columns = 2 if len(tiles) <= FEW else 3
        for place, tile in enumerate(self.tiles):
            self._grid.removeWidget(tile)
            tile.setVisible(place < len(tiles))
            if place < len(tiles):
                label, icon, on = tiles[place]
                tile.setFixedHeight(self.scale.px(TALL if len(tiles) <= FEW else LOW))
                tile.show_chip(label, icon)
                tile.mark_key(str(place + 1) if place < 9 else "")
                tile.setChecked(on)
                self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def entered(self) -> None:
        """Type at once where something is typed."""
        if self.field.isVisible():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().entered()

    def left(self) -> None:
        """Nothing stays."""
        self.field.setText("")
