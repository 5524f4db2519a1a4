"""The bar at the top of every screen: where this is, whether it is a drill, what HQ knows, the time."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.core.household import Mode
from kiosk.flow import StaffOpened, State, takes_staff
from ui import theme
from ui.stage import Ambient, Stage
from ui.station import Link, Sync
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, painter_for
from ui.widgets.panels import Pill
from ui.widgets.text import Text
from ui.words import Phrase, Words, reviewed


def sync_words(words: Words, sync: Sync, now: dt.datetime) -> str:
    """What the pill says."""
    if sync.link is not Link.SENT:
        return words.plain(f"sync.{sync.link.value}", n=sync.unsent)
    seconds = 0 if sync.sent_at is None else max(0, int((now - sync.sent_at).total_seconds()))
    for unit, size, until in (("seconds", 1, 60), ("minutes", 60, 3600), ("hours", 3600, None)):
        if seconds >= 5 and (until is None or seconds < until):
            return words.plain(f"sync.sent_{unit}", n=seconds // size)
    return words.plain("sync.sent_now")


_LINKS = {
    Link.OFF: ("cloud-off", theme.INK_SOFT, theme.GREY),
    Link.SENDING: ("cloud-upload", theme.GREEN_DEEP, theme.GREEN_TINT),
    Link.SENT: ("cloud-check", theme.GREEN_DEEP, theme.GREEN_TINT),
    Link.CUT: ("cloud-off", theme.ORANGE, theme.ORANGE_TINT),
    Link.ASKS: ("circle-alert", theme.ORANGE, theme.ORANGE_TINT),
}


class _Mark(QWidget):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._scale = stage.scale
        self.setFixedSize(stage.scale.px(44), stage.scale.px(44))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A house."""
        painter = painter_for(self)
        area = QRectF(self.rect())
        box(painter, area, self._scale.px(8), theme.PRIMARY)
        inset = self._scale.px(9)
        draw_icon(painter, "house", area.adjusted(inset, inset, -inset, -inset), theme.ON_FILL)
        painter.end()


class Header(QWidget):
    """The bar. In a drill it is striped, and says so in words."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        scale, words, place = stage.scale, stage.words, stage.place
        self._scale, self._words = scale, words
        self._drill = place.mode is Mode.DRILL
        self.setFixedHeight(scale.px(theme.HEADER))
        row = QHBoxLayout(self)
        row.setContentsMargins(scale.px(24), 0, scale.px(24), scale.px(6 if self._drill else 1))
        row.setSpacing(scale.px(16))
        spoken = reviewed(words.language)
        self.shelter = Text(scale, theme.LEAD if spoken else theme.BODY, bold=True, wrap=True)
        self.shelter.say(Phrase.of(place.shelter_name))
        self.shelter.setMinimumWidth(scale.px(200))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch()
        names.addWidget(self.shelter)
        if not spoken:
            draft = Text(scale, theme.FINE, colour=theme.INK_QUIET)
            draft.say(words("header.unreviewed"))
            names.addWidget(draft)
        names.addStretch()
        self.desk = Pill(scale, height=36)
        self.desk.show_state(place.desk_label, "", theme.INK_SOFT, theme.GREY, theme.LINE)
        row.addWidget(_Mark(stage))
        row.addLayout(names, 1)
        row.addWidget(self.desk)
        if self._drill:
            self.drill = Pill(scale, height=44, bold=True, size=theme.BODY)
            self.drill.show_state(words.plain("header.drill"), "flag", theme.ON_FILL, theme.ORANGE)
            self.drill.setAccessibleName(words.plain("header.drill_long"))
            row.addWidget(self.drill)
        self.sync = Pill(scale, height=40)
        self.clock = Text(scale, theme.TITLE, bold=True)
        self.clock.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.staff = BigButton(
            scale, words("header.staff"), icon="lock", kind=Kind.QUIET, size=theme.SMALL, height=50
        )
        self.staff.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.staff.press_by("F12")
        self.staff.clicked.connect(lambda: stage.hands.put(StaffOpened()))
        row.addWidget(self.sync)
        row.addWidget(self.clock)
        row.addWidget(self.staff)

    def show_state(self, state: State) -> None:
        """The staff's button is there when it leads somewhere."""
        self.staff.setVisible(takes_staff(state))

    def show_ambient(self, ambient: Ambient) -> None:
        """Time and link."""
        self.clock.say(Phrase.of(ambient.now.strftime("%H:%M")))
        sync = ambient.surroundings.sync
        icon, ink, fill = _LINKS[sync.link]
        self.sync.show_state(sync_words(self._words, sync, ambient.now), icon, ink, fill)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """White with a line; in a drill with a band that can not be overlooked."""
        painter = painter_for(self)
        painter.fillRect(self.rect(), theme.PAPER)
        if self._drill:
            band = self._scale.px(6)
            painter.fillRect(0, self.height() - band, self.width(), band, theme.ORANGE)
        else:
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.LINE_SOFT)
        painter.end()
