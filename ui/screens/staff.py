"""What only staff need, as a menu: every screen of it one touch or one digit away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from kiosk.flow import Back, LockWanted, OutOpened, QuitWanted, Room, RoomOpened, Staff
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import BigButton, Kind

ICONS = {
    Room.ROSTER: "list",
    Room.INQUIRY: "message-circle-question-mark",
    Room.SHELTER: "building-2",
    Room.DOUBLES: "copy",
    Room.DEVICES: "monitor-smartphone",
    Room.AUDIT: "scan-eye",
    Room.SHIFT: "clipboard-list",
    Room.KEEPING: "briefcase",
    Room.CODE: "qr-code",
}
COLUMNS = 3
HEIGHT, LOW = 116, 88


class StaffScreen(Screen[Staff]):
    """The rooms, then the ways in, then the way out."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(top=20, spacing=14)
        layout.addWidget(self.heading("staff.title", size=theme.NAME))
        grid = QGridLayout()
        grid.setSpacing(px(14))
        self.rooms: dict[Room, BigButton] = {
            room: self.button(
                f"staff.{room.value}",
                RoomOpened(room),
                icon=icon,
                cap=str(place + 1),
                sub=f"staff.{room.value}_sub",
                height=HEIGHT,
            )
            for place, (room, icon) in enumerate(ICONS.items())
        }
        self.out = self.button(
            "staff.out", OutOpened(), icon="footprints", cap="F3", sub="staff.out_sub", height=HEIGHT
        )
        self.ask = self.asked_button("staff.ask", sub="staff.ask_sub", height=HEIGHT)
        self.count = self.count_button("staff.count", sub="staff.count_sub", height=HEIGHT)
        self.lock = self.button(
            "staff.lock", LockWanted(), icon="lock", sub="staff.lock_sub", kind=Kind.QUIET, height=LOW
        )
        self.quit = self.button(
            "staff.quit", QuitWanted(), icon="log-out", sub="staff.quit_sub", kind=Kind.QUIET, height=LOW
        )
        buttons = (*self.rooms.values(), self.out, self.ask, self.count)
        for place, button in enumerate(buttons):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        layout.addLayout(grid)
        layout.addStretch()
        foot = QHBoxLayout()
        foot.setSpacing(px(14))
        back = self.button("button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=LOW)
        for button in (back, self.lock, self.quit):
            foot.addWidget(button, 1)
        layout.addLayout(foot)

    def entered(self) -> None:
        """The roster is what is mostly wanted."""
        self.rooms[Room.ROSTER].setFocus(Qt.FocusReason.OtherFocusReason)
