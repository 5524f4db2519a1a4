"""送信と 機械: how everything is, in words, and a way to try each thing without receiving anybody."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from kiosk.flow import Devices, Enter, TrialWanted
from ui import theme
from ui.screens.around import device_said, power_low, power_said
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.station import Device, Link
from ui.widgets.buttons import Kind
from ui.widgets.header import sync_words
from ui.widgets.news import news
from ui.widgets.panels import EDGE, Card, Pill, Sign
from ui.widgets.text import Text
from ui.widgets.views import CameraView
from ui.words import Phrase

NEWS = 2
"""Said in full at a time."""


class _Thing(Card):
    """One device: its sign, how it is, and what trying it showed."""

    def __init__(self, stage: Stage, name: str, icon: str, *, wide: bool = False) -> None:
        super().__init__(stage.scale, padding=20)
        scale = stage.scale
        self._words, self._icon = stage.words, icon
        self.content.setSpacing(scale.px(8))
        self.sign = Sign(scale, 48)
        title = Text(scale, theme.TITLE, bold=True)
        title.say(stage.words(f"devices.{name}"))
        head = QHBoxLayout()
        head.setSpacing(scale.px(14))
        head.addWidget(self.sign)
        head.addWidget(title, 1)
        self.content.addLayout(head)
        self.pill = Pill(scale, bold=True)
        if wide:
            head.addWidget(self.pill)
        else:
            row = QHBoxLayout()
            row.addWidget(self.pill)
            row.addStretch()
            self.content.addLayout(row)
        self.trial = Text(scale, theme.BODY, colour=theme.INK_SOFT, wrap=True)
        self.content.addWidget(self.trial)

    def show_thing(self, said: str, *, well: bool) -> None:
        """How it is."""
        ink = theme.GREEN_DEEP if well else theme.ORANGE
        self.sign.show_icon(self._icon, theme.PRIMARY)
        self.pill.show_state(
            said,
            "circle-check" if well else "triangle-alert",
            ink,
            theme.GREEN_TINT if well else theme.ORANGE_TINT,
        )

    def show_trial(self, key: str, *, passed: bool) -> None:
        """What trying it showed."""
        self.trial.say(self._words(key))
        self.trial.paint_in(theme.GREEN_DEEP if passed else theme.INK_SOFT)


class DevicesScreen(Screen[Devices]):
    """Four things, and a live picture."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=theme.MARGIN - 2 * EDGE, top=10, spacing=2)
        layout.addLayout(self.head("devices", edge=12))
        grid = QGridLayout()
        grid.setSpacing(px(4))
        self.camera = _Thing(stage, "camera", "camera")
        self.reader = _Thing(stage, "reader", "nfc")
        self.hq = _Thing(stage, "hq", "cloud-upload")
        self.laptop = _Thing(stage, "laptop", "battery-charging", wide=True)
        self.view = CameraView(self.scale, words.plain("ready.camera_view"), words.plain("ready.sample_app"))
        self.camera.content.addLayout(self.centred(self.view))
        self.retry = self.button(
            "devices.retry", TrialWanted("sync"), icon="refresh-cw", cap="R", height=theme.TARGET
        )
        self.hq.content.addWidget(self.retry)
        self.ring = self.button(
            "devices.ring", TrialWanted("sound"), icon="volume-2", cap="S", height=theme.TARGET
        )
        self.news = Text(self.scale, theme.SMALL, wrap=True)
        self.seen = self.button(
            "devices.news_seen", Enter(), icon="check", cap="Enter", kind=Kind.FIRST, height=theme.TARGET
        )
        self.laptop.content.addWidget(self.news)
        self.laptop.content.addLayout(self.across(self.ring, self.seen, spacing=12))
        for thing in (self.camera, self.reader, self.hq, self.laptop):
            thing.content.addStretch()
        grid.addWidget(self.camera, 0, 0, 2, 1)
        grid.addWidget(self.reader, 0, 1)
        grid.addWidget(self.hq, 0, 2)
        grid.addWidget(self.laptop, 1, 1, 1, 2)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        layout.addLayout(grid, 1)
        back = self.back_button("button.return", height=theme.TARGET)
        back.setFixedWidth(px(340))
        told = self.line("devices.not_received", size=theme.SMALL)
        layout.addLayout(self.across(told, back, shares=(1, 0), edge=EDGE))

    def show_ambient(self, ambient: Ambient) -> None:
        """How things are."""
        words, around = self.words, ambient.surroundings
        self.view.show_trouble(around.camera_says)
        self.view.light(on=around.camera in {Device.WORKING, Device.STARTING})
        if around.camera is not Device.WORKING:
            self.view.show_frame(None)
        for thing, name, device, code in (
            (self.camera, "camera", around.camera, around.camera_code),
            (self.reader, "reader", around.reader, ""),
        ):
            said = device_said(words, name, device, code)
            thing.show_thing(said, well=device in {Device.WORKING, Device.STARTING})
        self.hq.show_thing(
            sync_words(words, around.sync, ambient.now), well=around.sync.link not in {Link.CUT, Link.ASKS}
        )
        self.laptop.show_thing(power_said(words, around), well=not power_low(around))
        told = news(around)
        self.news.setVisible(bool(told))
        # There is room for one of them, and the sound can be tried without a word.
        self.laptop.trial.setVisible(not told)
        self.news.say(Phrase.of("　".join(one.sentence for one in told[:NEWS])))
        self.news.paint_in(theme.RED if told and told[0].tone == "error" else theme.ORANGE)
        self.seen.setVisible(bool(around.notices))
        unsent = around.sync.unsent
        self.hq.trial.say(words("devices.unsent", n=unsent) if unsent else words("devices.all_sent"))

    def show_state(self, state: Devices) -> None:
        """What was tried."""
        self.camera.show_trial(
            "devices.code_seen" if state.code_seen else "devices.try_code", passed=state.code_seen
        )
        self.reader.show_trial(
            "devices.card_seen" if state.card_seen else "devices.try_card", passed=state.card_seen
        )
        self.laptop.show_trial("devices.rang" if state.rang else "devices.try_sound", passed=state.rang)
        self.retry.say(self.words("devices.tried" if state.tried else "devices.retry"))

    def entered(self) -> None:
        """Begin to show the live picture."""
        super().entered()
        self.view.begin(self.hands.latest_frame)

    def left(self) -> None:
        """No picture is kept."""
        self.view.rest()
