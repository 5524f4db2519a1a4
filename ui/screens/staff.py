"""For staff: the passphrase, the menu, the roster."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
)

from kiosk.core.clock import moment
from kiosk.flow import (
    Back,
    Enter,
    Locked,
    PassphraseEntered,
    QuitWanted,
    Roster,
    RosterOpened,
    Secret,
    Staff,
    Typed,
)
from kiosk.ports import RosterRow
from ui import theme
from ui.screens import people
from ui.screens.base import Screen
from ui.stage import Ambient, Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.fields import Field, KanaField
from ui.widgets.panels import Card, Message, Sign
from ui.widgets.text import Text
from ui.words import Phrase

COLUMNS = ("number", "name", "people", "method", "time", "whereabouts")


class LockedScreen(Screen[Locked]):
    """The passphrase; nothing else is possible before it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        outer = self.rows()
        middle = QHBoxLayout()
        card = Card(self.scale, padding=28)
        card.setFixedWidth(px(900))
        sign = Sign(self.scale, 72)
        sign.show_icon("lock", theme.PRIMARY, theme.PRIMARY_TINT)
        self.title = Text(self.scale, 36, bold=True, align=centre, wrap=True)
        self.subtitle = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.subtitle.say(self.words("locked.subtitle"))
        self.field = Field(self.scale, self.words.plain("locked.field"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        self.field.setMaxLength(1024)
        self.field.returnPressed.connect(self._enter)
        self.message = Message(self.scale)
        self.open = BigButton(
            self.scale,
            self.words.plain("button.open"),
            icon="arrow-right",
            key="Enter",
            kind=Kind.FIRST,
            height=theme.TARGET_FIRST,
        )
        self.open.clicked.connect(self._enter)
        content = card.content
        content.setSpacing(px(12))
        content.addWidget(sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        for widget in (self.title, self.subtitle, self.field, self.message, self.open):
            content.addWidget(widget)
        middle.addStretch()
        middle.addWidget(card)
        middle.addStretch()
        outer.addStretch()
        outer.addLayout(middle)
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


class StaffScreen(Screen[Staff]):
    """What only staff need, in four large buttons."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(top=32, spacing=20)
        layout.addWidget(self.heading("staff.title"))
        grid = QGridLayout()
        grid.setSpacing(px(20))
        self.roster = self.button(
            "staff.roster", RosterOpened(), icon="list", cap="F2", sub="staff.roster_sub", size=36, height=168
        )
        self.count = self.count_button("staff.count", sub="staff.count_sub", size=36, height=168)
        self.ask = self.asked_button("staff.ask", sub="staff.ask_sub", size=36, height=168)
        self.quit = self.button(
            "staff.quit",
            QuitWanted(),
            icon="lock",
            sub="staff.quit_sub",
            kind=Kind.QUIET,
            size=36,
            height=168,
        )
        for place, button in enumerate((self.roster, self.ask, self.count, self.quit)):
            grid.addWidget(button, place // 2, place % 2)
        layout.addLayout(grid)
        layout.addStretch()
        foot = QHBoxLayout()
        foot.addStretch()
        back = self.button(
            "button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=theme.TARGET_FIRST
        )
        back.setFixedWidth(px(440))
        foot.addWidget(back)
        layout.addLayout(foot)

    def entered(self) -> None:
        """The roster is what is mostly wanted."""
        self.roster.setFocus(Qt.FocusReason.OtherFocusReason)


class _RosterTable(QTableWidget):
    """Rows to read, not to edit; the digits and letters typed are the search field's."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(0, len(COLUMNS))
        px = stage.scale.px
        self.setAccessibleName(stage.words.plain("roster.table"))
        self.setHorizontalHeaderLabels([stage.words.plain(f"roster.{name}") for name in COLUMNS])
        self.setFont(stage.scale.font(theme.BODY))
        head = self.horizontalHeader()
        head.setFont(stage.scale.font(theme.SMALL))
        head.setDefaultAlignment(theme.ALIGN_LEFT)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(COLUMNS.index("name"), QHeaderView.ResizeMode.Stretch)
        head.setFixedHeight(px(48))
        head.setHighlightSections(False)
        for name, width in (
            ("number", 140),
            ("people", 160),
            ("method", 160),
            ("time", 120),
            ("whereabouts", 130),
        ):
            self.setColumnWidth(COLUMNS.index(name), px(width))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(60))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setStyleSheet(
            f"QTableWidget {{ border: none; background: {theme.PAPER.name()};"
            f" alternate-background-color: {theme.SKY_TOP.name()}; color: {theme.INK.name()};"
            f" selection-background-color: {theme.PRIMARY_TINT.name()};"
            f" selection-color: {theme.INK.name()}; }}"
            f" QHeaderView::section {{ background: {theme.PAPER.name()}; color: {theme.INK_SOFT.name()};"
            f" border: none; border-bottom: {px(2)}px solid {theme.LINE.name()}; padding-left: {px(8)}px; }}"
            f" QTableWidget::item {{ padding-left: {px(8)}px; }}"
        )


class RosterScreen(Screen[Roster]):
    """名ぼ."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        self._zone: dt.tzinfo | None = None
        self._rows: tuple[RosterRow, ...] = ()
        layout = self.rows(margin=theme.MARGIN - 8, top=16, spacing=4)
        head = QHBoxLayout()
        head.setSpacing(px(24))
        head.setContentsMargins(px(8), 0, px(8), 0)
        self.field = KanaField(self.scale, self.words.plain("roster.field"), theme.TITLE, height=theme.TARGET)
        self.field.setPlaceholderText(self.words.plain("roster.field"))
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        self.found = Text(self.scale, theme.BODY, bold=True, colour=theme.INK_SOFT, align=theme.ALIGN_RIGHT)
        home = self.button(
            "button.home",
            Back(),
            icon="arrow-left",
            cap="Esc",
            kind=Kind.QUIET,
            height=theme.TARGET,
            size=theme.BODY,
        )
        home.setFixedWidth(px(340))
        head.addWidget(self.heading("roster.title", size=theme.NAME))
        head.addWidget(self.field, 1)
        head.addWidget(self.found)
        head.addWidget(home)
        layout.addLayout(head)
        card = Card(self.scale, padding=16)
        self.table = _RosterTable(stage)
        self.empty = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
        card.content.addWidget(self.table, 1)
        card.content.addWidget(self.empty)
        layout.addWidget(card, 1)

    def show_ambient(self, ambient: Ambient) -> None:
        """Times are shown in the shelter's zone."""
        self._zone = ambient.now.tzinfo

    def show_state(self, state: Roster) -> None:
        """The rows found."""
        self.field.show_text(state.text)
        self.found.say(self.words("roster.found", n=len(state.rows)))
        said = Phrase.of(state.sentence) if state.sentence else self.words("roster.empty")
        self.empty.say(said if state.sentence or not state.rows else Phrase(()))
        self.empty.setVisible(bool(state.sentence) or not state.rows)
        if state.rows != self._rows:
            self._rows = state.rows
            self._fill(state.rows)

    def _fill(self, rows: tuple[RosterRow, ...]) -> None:
        words = self.words
        self.table.setRowCount(len(rows))
        for line, row in enumerate(rows):
            members = row.household.members
            name = people.first_and_others(words, members) or words.plain("people.unnamed")
            texts = (
                row.number,
                name,
                words.plain("people.count", n=len(members)),
                words.plain(f"method.{row.method.name}"),
                moment(row.received_at).astimezone(self._zone).strftime("%H:%M"),
                words.plain(f"whereabouts.{row.whereabouts.name}"),
            )
            for column, text in enumerate(texts):
                self.table.setItem(line, column, QTableWidgetItem(text))

    def entered(self) -> None:
        """Type at once."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """No name stays behind a closed roster."""
        self.field.setText("")
        self._rows = ()
        self.table.setRowCount(0)
