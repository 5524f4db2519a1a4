"""設定: what was chosen for this laptop. Each press holds at once; there is nothing to save."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from kiosk.flow import Equipment, Room, RoomOpened, SettingSaid, SettingsPage
from kiosk.flow.choices import SETTINGS
from kiosk.settings import Settings, Theme, Volume
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import BigButton
from ui.widgets.choices import Choice
from ui.widgets.facts import Stepper
from ui.widgets.panels import EDGE, Card, Message

_MINUTES = tuple(SETTINGS["lock_minutes"])
_CHOICES: dict[str, tuple[str, ...]] = {
    "theme": tuple(f"theme_{one.value}" for one in Theme),
    "volume": tuple(f"volume_{one.value}" for one in Volume),
    "second_window": ("off", "on"),
    "still": ("still_off", "still_on"),
}
"""A setting → the words of its values, in the order of `choices.SETTINGS`."""


class SettingsScreen(Screen[SettingsPage]):
    """What it looks and sounds like at the left, devices at the right."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._settings = Settings()
        self._named: dict[str, tuple[list[str], int]] = {}
        """What could be used, by name, and the place of what is."""
        layout = self.rows(margin=theme.MARGIN - EDGE, top=12, spacing=4)
        heading, self.subtitle = self.heading("settings.title", size=theme.NAME), self.line()
        layout.addLayout(self.across(heading, self.subtitle, shares=(0, 1), spacing=24, edge=EDGE))
        self.values: dict[str, list[Choice]] = {}
        self.left_card, self.right_card = Card(self.scale, padding=20), Card(self.scale, padding=20)
        for card in (self.left_card, self.right_card):
            card.content.setSpacing(px(4))
        self._minutes(self.left_card.content)
        for name in ("theme", "volume"):
            self._row(self.left_card.content, name)
        self.devices: dict[str, BigButton] = {}
        for name, icon in (("camera", "camera"), ("reader", "nfc")):
            self._device(self.right_card.content, name, icon)
        self._row(self.right_card.content, "second_window")
        self._row(self.left_card.content, "still")
        self.right_card.content.addStretch()
        self.try_devices = self.button(
            "settings.devices",
            RoomOpened(Room.DEVICES),
            icon="monitor-smartphone",
            cap="5",
            size=theme.BODY,
            height=theme.TARGET,
        )
        self.right_card.content.addWidget(self.try_devices)
        grid = QGridLayout()
        grid.setSpacing(px(4))
        for column, card in enumerate((self.left_card, self.right_card)):
            grid.addWidget(card, 0, column)
            grid.setColumnStretch(column, 1)
        layout.addLayout(grid, 1)
        self.message = Message(self.scale)
        layout.addWidget(self.message)
        layout.addStretch()
        back = self.back_button("button.return")
        back.setFixedWidth(px(340))
        foot = self.across(back, edge=EDGE)
        foot.addStretch()
        layout.addLayout(foot)

    def _minutes(self, content: QVBoxLayout) -> None:
        words = self.words
        content.addWidget(self.line("settings.lock_minutes", size=theme.SMALL))
        self.minutes = Stepper(
            self.scale,
            words.plain("settings.lock_minutes"),
            words.plain("button.less"),
            words.plain("button.more"),
            ("", ""),
        )
        self.minutes.less.connect(lambda: self._step(-1))
        self.minutes.more.connect(lambda: self._step(1))
        row = QHBoxLayout()
        row.addWidget(self.minutes)
        row.addStretch()
        content.addLayout(row)

    def _step(self, by: int) -> None:
        place = _MINUTES.index(self._settings.lock_minutes) + by
        if 0 <= place < len(_MINUTES):
            self.hands.put(SettingSaid("lock_minutes", place))

    def _row(self, content: QVBoxLayout, name: str) -> None:
        content.addWidget(self.line(f"settings.{name}", size=theme.SMALL))
        labels = [self.words.plain(f"settings.{key}") for key in _CHOICES[name]]
        choices = self.values[name] = self.choices(labels, lambda at: SettingSaid(name, at))
        for choice, label in zip(choices, labels, strict=True):
            choice.setAccessibleName(f"{self.words.plain(f'settings.{name}')} {label}")
        content.addLayout(self.across(*choices, spacing=8))

    def _device(self, content: QVBoxLayout, name: str, icon: str) -> None:
        """One button that shows what is used, and goes on to the next that is plugged in."""
        content.addWidget(self.line(f"settings.{name}", size=theme.SMALL))
        button = BigButton(self.scale, "", icon=icon, size=theme.BODY, height=theme.TARGET)
        button.clicked.connect(lambda: self._next_device(name))
        self.devices[name] = button
        content.addWidget(button)

    def _next_device(self, name: str) -> None:
        names, place = self._named[name]
        self.hands.put(SettingSaid(name, (place + 1) % max(1, len(names))))

    def show_state(self, state: SettingsPage) -> None:
        """As it holds."""
        words, known = self.words, state.equipment is not None
        for card in (self.left_card, self.right_card):
            card.setVisible(known)
        self.subtitle.say(words("settings.subtitle" if known or state.code else "settings.reading"))
        self.show_wrong(self.message, state.code, state.sentence)
        if state.equipment is None:
            return
        self._settings = settings = state.equipment.settings
        self._named = self._devices_of(state.equipment)
        self.minutes.number.say(words("settings.minutes", n=settings.lock_minutes))
        for name, choices in self.values.items():
            for choice, value in zip(choices, SETTINGS[name], strict=True):
                choice.setChecked(getattr(settings, name) == value)
        for name, button in self.devices.items():
            names, place = self._named[name]
            told = names[place] if 0 <= place < len(names) else words.plain("settings.auto")
            button.say(told)
            button.setAccessibleName(f"{words.plain(f'settings.{name}')} {told}")

    def _devices_of(self, equipment: Equipment) -> dict[str, tuple[list[str], int]]:
        auto, settings = self.words.plain("settings.auto"), equipment.settings
        cameras = [device.id for device in equipment.cameras]
        readers = ["", *(device.id for device in equipment.readers)]
        return {
            "camera": (
                [device.name for device in equipment.cameras],
                cameras.index(equipment.camera) if equipment.camera in cameras else -1,
            ),
            "reader": (
                [auto, *(device.name for device in equipment.readers)],
                readers.index(settings.reader) if settings.reader in readers else 0,
            ),
        }
