"""What only staff need, as a menu: every screen of it one touch or one digit away."""

from __future__ import annotations

from kiosk.flow import Back, LockWanted, OutOpened, QuitWanted, Room, RoomOpened, Staff
from ui.screens.menu import Menu
from ui.stage import Stage
from ui.widgets.buttons import Kind

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


class StaffScreen(Menu[Staff]):
    """The rooms, then the ways in, then the way out. The roster is what is mostly wanted."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.rooms = self.ways("staff", ICONS, RoomOpened, height=HEIGHT)
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
        buttons = [*self.rooms.values(), self.out, self.ask, self.count]
        layout = self.lay_out("staff.title", buttons, COLUMNS)
        back = self.button("button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=LOW)
        layout.addLayout(self.across(back, self.lock, self.quit, shares=(1, 1, 1), spacing=14))
