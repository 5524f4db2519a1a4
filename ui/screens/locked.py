"""The passphrase; nothing else is possible before it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from kiosk.flow import Enter, Locked, PassphraseEntered, QuitWanted, Secret
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.fields import SecretField
from ui.widgets.panels import Card, Message, Sign
from ui.widgets.text import Text
from ui.words import Phrase


class LockedScreen(Screen[Locked]):
    """The passphrase; nothing else is possible before it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        outer = self.rows()
        card = Card(self.scale, padding=28)
        card.setFixedWidth(px(900))
        sign = Sign(self.scale, 72)
        sign.show_icon("lock", theme.PRIMARY, theme.PRIMARY_TINT)
        self.title = Text(self.scale, 36, bold=True, align=centre, wrap=True)
        self.subtitle = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.subtitle.say(self.words("locked.subtitle"))
        self.field = SecretField(self.scale, self.words.plain("locked.field"))
        self.field.returnPressed.connect(self._enter)
        self.message = Message(self.scale)
        self.open = self.button(
            "button.open",
            self._enter,
            icon="arrow-right",
            cap="Enter",
            kind=Kind.FIRST,
            height=theme.TARGET_FIRST,
        )
        content = card.content
        content.setSpacing(px(12))
        content.addWidget(sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        for widget in (self.title, self.subtitle, self.field, self.message, self.open):
            content.addWidget(widget)
        outer.addStretch()
        outer.addLayout(self.centred(card))
        outer.addStretch()
        # A forgotten passphrase must not hold the laptop: a full screen has no other way out by touch.
        foot = QHBoxLayout()
        foot.addStretch()
        self.quit = self.button(
            "locked.quit", QuitWanted(), icon="log-out", kind=Kind.QUIET, size=theme.BODY, height=theme.TARGET
        )
        self.quit.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        foot.addWidget(self.quit)
        outer.addLayout(foot)
        self._asks = True

    def _enter(self) -> None:
        if self._asks:
            self.hands.put(PassphraseEntered(Secret(self.field.text())))
        else:
            self.hands.put(Enter())

    def show_state(self, state: Locked) -> None:
        """The question, the wait, or what went wrong."""
        words, self._asks = self.words, state.asks
        waiting = "locked.checking" if state.asks else "locked.opening"
        self.title.say(words("locked.title" if state.asks and not state.checking else waiting))
        self.field.setVisible(state.asks)
        self.field.setEnabled(not state.checking)
        self.open.setVisible(not state.checking and (state.asks or bool(state.code)))
        self.message.setVisible(bool(state.code))
        if state.code:
            self.title.say(words("locked.title" if state.asks else "locked.failed"))
            self.message.show_message("error", words("locked.failed"), Phrase.of(state.sentence))
        if not state.checking:
            # A refused passphrase is typed anew; an accepted one must not stay in a widget.
            self.field.clear()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """The passphrase does not stay in a widget."""
        self.field.clear()
