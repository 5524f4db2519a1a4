"""受付: both ways in are armed, nobody has to choose one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.core.notices import Disk
from kiosk.flow import HelpWanted, LanguageChosen, Ready
from ui import theme
from ui.screens.around import device_said, power_low, power_said
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.station import Device, Surroundings
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.languages import LanguageBar
from ui.widgets.news import NewsLine, news
from ui.widgets.panels import EDGE, Card, Pill, Sign
from ui.widgets.text import Text
from ui.widgets.views import CameraView, CardArt
from ui.words import Phrase

FRAME_MS = 66
"""Milliseconds between pictures of the live view."""


class WayPanel(Card):
    """One way in: a picture of it and whether it works, what to do, how long it takes."""

    def __init__(self, stage: Stage, name: str, picture: CameraView | CardArt) -> None:
        super().__init__(stage.scale, padding=20)
        scale, words = stage.scale, stage.words
        self._words, self._picture, self._name = words, picture, name
        self.badge = Pill(scale, bold=True)
        foot = QHBoxLayout(picture)
        foot.setContentsMargins(0, 0, 0, scale.px(8))
        foot.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter)
        self._title = Text(scale, theme.PANEL, bold=True, wrap=True)
        self._title.say(words(f"ready.{name}_title"))
        self._body = Text(scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        self._clock = Sign(scale, 28)
        self._clock.show_icon("clock", theme.GREEN)
        self._time = Text(scale, theme.BODY, bold=True, colour=theme.GREEN_DEEP)
        self._time.say(words(f"ready.{name}_time"))
        for widget in (self._clock, self._time):
            # Their place stays theirs: a closed way must not change the picture's shape.
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        clock = QHBoxLayout()
        clock.setSpacing(scale.px(8))
        clock.addWidget(self._clock)
        clock.addWidget(self._time, 1)
        right = QVBoxLayout()
        right.setSpacing(scale.px(8))
        right.addWidget(self._title)
        right.addWidget(self._body)
        right.addStretch()
        right.addLayout(clock)
        middle = QHBoxLayout()
        middle.setSpacing(scale.px(24))
        middle.addWidget(picture)
        middle.addLayout(right, 1)
        self.content.addLayout(middle)

    def show_device(self, device: Device) -> None:
        """Armed, getting ready, or closed: then say that the other ways are open."""
        closed = device in {Device.MISSING, Device.OFF}
        if closed:
            self.badge.show_state(
                self._words.plain("ready.missing"), "triangle-alert", theme.WHITE, theme.ORANGE
            )
        elif device is Device.STARTING:
            self.badge.show_state(self._words.plain("ready.starting"), "clock", theme.INK_SOFT, theme.GREY)
        else:
            self.badge.show_state(self._words.plain("ready.armed"), "circle-check", theme.WHITE, theme.GREEN)
        self._picture.light(on=not closed)
        self._body.say(self._words("ready.missing_todo" if closed else f"ready.{self._name}_body"))
        self._clock.setVisible(not closed)
        self._time.setVisible(not closed)


class HeadCount(Card):
    """How many are here."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.scale, padding=8)
        scale = stage.scale
        self._words, self._capacity = stage.words, stage.place.capacity
        sign = Sign(scale, 34)
        sign.show_icon("users", theme.PRIMARY)
        now = Text(scale, theme.SMALL, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
        now.say(stage.words("people.now"))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        left.addWidget(now)
        self._lift = scale.px(0.34 * (56 - theme.SMALL))
        self.number = Text(scale, 56, bold=True, colour=theme.PRIMARY, align=theme.ALIGN_RIGHT)
        self._unit = Text(scale, theme.SMALL, bold=True)
        self._unit.say(stage.words("people.unit"))
        self._of = Text(scale, theme.SMALL, colour=theme.INK_QUIET)
        row = QHBoxLayout()
        row.setSpacing(scale.px(10))
        row.setContentsMargins(scale.px(8), 0, scale.px(8), 0)
        row.addLayout(left)
        row.addWidget(self.number, 1)
        row.addLayout(self._raised(self._unit))
        if self._capacity is not None:
            self._of.say(stage.words("people.capacity", n=self._capacity))
            row.addLayout(self._raised(self._of))
        self.content.addLayout(row)

    def _raised(self, unit: Text) -> QVBoxLayout:
        column = QVBoxLayout()
        column.addStretch()
        column.addWidget(unit)
        column.addSpacing(self._lift)
        return column

    def show_count(self, persons: int | None) -> None:
        """So many; a dash until it is known."""
        self.number.say(Phrase.of("–" if persons is None else str(persons)))


class ReadyScreen(Screen[Ready]):
    """The screen a queue looks at."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=theme.MARGIN - EDGE, top=16, spacing=4)
        head = QHBoxLayout()
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self.heading("ready.title"))
        self.subtitle = self.line("ready.subtitle")
        self.news = NewsLine(self.scale, words)
        titles.addWidget(self.subtitle)
        line = QHBoxLayout()
        line.addWidget(self.news)
        line.addStretch()
        titles.addLayout(line)
        titles.setContentsMargins(px(12), 0, 0, 0)
        self.head_count = HeadCount(stage)
        head.addLayout(titles, 1)
        head.addWidget(self.head_count)
        layout.addLayout(head)

        self._camera_view = CameraView(
            self.scale, words.plain("ready.camera_view"), words.plain("ready.sample_app")
        )
        card = CardArt(self.scale, words.plain("ready.card_art"), words.plain("ready.sample_card"))
        self.code_way = WayPanel(stage, "code", self._camera_view)
        self.card_way = WayPanel(stage, "card", card)
        ways = QHBoxLayout()
        ways.setSpacing(px(18))
        ways.addWidget(self.code_way, 1)
        ways.addWidget(self.card_way, 1)
        layout.addLayout(ways, 1)

        layout.addLayout(self._doors())
        bar = QHBoxLayout()
        bar.setContentsMargins(px(8), 0, px(8), px(4))
        self.languages = LanguageBar(
            self.scale, words, lambda language: self.hands.put(LanguageChosen(language))
        )
        bar.addWidget(self.languages)
        layout.addLayout(bar)
        layout.addLayout(self._strip())

    def _doors(self) -> QHBoxLayout:
        px = self.scale.px
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.setContentsMargins(px(8), px(8), px(8), px(8))
        self.ask = self.asked_button("ready.ask", sub="ready.ask_sub")
        self.count = self.count_button("ready.count", sub="ready.count_sub")
        self.help = BigButton(
            self.scale,
            self.words("ready.help"),
            icon="bell-ring",
            kind=Kind.QUIET,
            size=theme.BODY,
            height=theme.TARGET_FIRST,
        )
        self.help.press_by("F4")
        self.help.clicked.connect(lambda: self.hands.put(HelpWanted()))
        row.addWidget(self.ask, 11)
        row.addWidget(self.count, 7)
        row.addWidget(self.help, 7)
        return row

    def _strip(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.scale.px(28))
        row.setContentsMargins(self.scale.px(8), 0, self.scale.px(8), 0)
        self.camera_pill = Pill(self.scale, height=32, bare=True)
        self.reader_pill = Pill(self.scale, height=32, bare=True)
        self.power_pill = Pill(self.scale, height=32, bare=True)
        self.disk_pill = Pill(self.scale, height=32, bare=True)
        for pill in (self.camera_pill, self.reader_pill, self.power_pill, self.disk_pill):
            row.addWidget(pill)
        row.addStretch(1)
        self.promise = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        self.promise.say(self.words("ready.promise"))
        row.addWidget(self.promise)
        return row

    def show_ambient(self, ambient: Ambient) -> None:
        """Devices and the head-count."""
        around = ambient.surroundings
        self.code_way.show_device(around.camera)
        self._camera_view.show_trouble(around.camera_says)
        self.card_way.show_device(around.reader)
        self.head_count.show_count(None if ambient.counts is None else ambient.counts.persons)
        self._device(self.camera_pill, "camera", around.camera, "camera", around.camera_code)
        self._device(self.reader_pill, "reader", around.reader, "nfc")
        self._power(around)
        self._store(around)
        if around.camera is not Device.WORKING:
            self._camera_view.show_frame(None)

    def _device(self, pill: Pill, name: str, device: Device, icon: str, code: str = "") -> None:
        said = device_said(self.words, name, device, code)
        wrong = device in {Device.MISSING, Device.OFF}
        ink = theme.ORANGE if wrong else theme.GREEN_DEEP
        pill.show_state(said, "triangle-alert" if wrong else icon, ink)

    def _power(self, around: Surroundings) -> None:
        self.power_pill.setVisible(around.battery is not None)
        said, low = power_said(self.words, around), power_low(around)
        icon = "battery-low" if low else "battery-charging" if around.charging else "battery-full"
        self.power_pill.show_state(said, icon, theme.ORANGE if low else theme.GREEN_DEEP)

    def _store(self, around: Surroundings) -> None:
        """What keeps, or may soon keep, receptions from being written."""
        told = news(around)
        self.news.show_news(told)
        # The line that the news is said in is the one that is missed least.
        self.subtitle.setVisible(not told)
        room = around.disk is Disk.ROOM
        self.disk_pill.setVisible(not room)
        self.promise.setVisible(room)
        if not room:
            self.disk_pill.show_state(
                self.words.plain(f"device.disk_{around.disk.value}"), "triangle-alert", theme.ORANGE
            )

    def entered(self) -> None:
        """Begin to show the live picture."""
        super().entered()
        self._camera_view.begin(self.hands.latest_frame, FRAME_MS)

    def left(self) -> None:
        """No picture is drawn that nobody sees, and the last visitor's is not kept."""
        self._camera_view.rest()
