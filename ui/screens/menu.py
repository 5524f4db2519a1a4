"""What all menus have in common: every way of it one touch or one digit away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from kiosk.flow import Input
from ui import theme
from ui.screens.base import Screen, State
from ui.widgets.buttons import BigButton

Way = TypeVar("Way", bound=Enum)


class Menu(Screen[State]):
    """A heading, ways in columns, and what a screen puts below them. The first way has the focus."""

    first: BigButton

    def ways(
        self,
        name: str,
        icons: Mapping[Way, str],
        opened: Callable[[Way], Input],
        *,
        height: float,
        size: float = theme.LEAD,
    ) -> dict[Way, BigButton]:
        """A button for each, in the order of `icons`, which is also that of their digits."""
        return {
            way: self.button(
                f"{name}.{way.value}",
                opened(way),
                icon=icon,
                cap=str(place + 1),
                sub=f"{name}.{way.value}_sub",
                size=size,
                height=height,
            )
            for place, (way, icon) in enumerate(icons.items())
        }

    def lay_out(self, title: str, buttons: Sequence[BigButton], columns: int) -> QVBoxLayout:
        """Heading and buttons; returns the layout, for what stands at its foot."""
        self.first = buttons[0]
        layout = self.rows(top=20, spacing=14)
        layout.addWidget(self.heading(title, size=theme.NAME))
        grid = QGridLayout()
        grid.setSpacing(self.scale.px(14))
        for place, button in enumerate(buttons):
            grid.addWidget(button, place // columns, place % columns)
        layout.addLayout(grid)
        layout.addStretch()
        return layout

    def entered(self) -> None:
        """The first is what is mostly wanted."""
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
