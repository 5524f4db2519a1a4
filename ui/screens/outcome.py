"""How it ended: received, here already, something to say, or a moment's wait."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk.flow import DONE_SECONDS, NEXT_SECONDS, Back, Done, Enter, Notice, Receiving, Seen, Undoing
from ui import theme
from ui.screens import people
from ui.screens.base import Screen, State
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.panels import Card, Message, Sign, TimeLine
from ui.widgets.text import NameLabel, Text
from ui.words import Phrase

TICK_MS = 100


class _Result(Screen[State]):
    """A number as large as it can be, the household, and what remains of the wait."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows(margin=theme.MARGIN - 8, top=20, spacing=8)
        layout.addWidget(self._card(), 1)
        layout.addLayout(self._foot())
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self._since = QElapsedTimer()
        self._whole = DONE_SECONDS

    def _card(self) -> Card:
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        card = Card(self.scale, padding=20)
        self.sign = Sign(self.scale, 88)
        self.title = Text(self.scale, theme.DISPLAY, bold=True)
        head = QHBoxLayout()
        head.setSpacing(px(20))
        head.addStretch()
        head.addWidget(self.sign)
        head.addWidget(self.title)
        head.addStretch()
        label = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre)
        label.say(self.words("done.number"))
        self.number = Text(self.scale, theme.HUGE, bold=True, colour=theme.PRIMARY, align=centre, tight=True)
        self.who = NameLabel(self.scale, theme.NAME)
        self.count = Text(self.scale, theme.NAME, bold=True, colour=theme.PRIMARY)
        people_row = QHBoxLayout()
        people_row.setSpacing(px(40))
        people_row.addStretch()
        people_row.addWidget(self.who)
        people_row.addWidget(self.count)
        people_row.addStretch()
        self.note = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.mark = Message(self.scale)
        marks = QHBoxLayout()
        marks.addStretch(1)
        marks.addWidget(self.mark, 6)
        marks.addStretch(1)
        content = card.content
        content.setSpacing(px(8))
        content.addStretch()
        content.addLayout(head)
        content.addWidget(label)
        content.addWidget(self.number)
        content.addLayout(people_row)
        content.addWidget(self.note)
        content.addStretch()
        content.addLayout(marks)
        return card

    def _foot(self) -> QHBoxLayout:
        px = self.scale.px
        self.foot = QHBoxLayout()
        self.foot.setSpacing(px(24))
        self.foot.setContentsMargins(px(8), 0, px(8), 0)
        self.line_left = TimeLine(self.scale)
        self.seconds = Text(self.scale, theme.SMALL, colour=theme.INK_SOFT)
        wait = QVBoxLayout()
        wait.setSpacing(px(4))
        wait.addStretch()
        wait.addWidget(self.seconds)
        wait.addWidget(self.line_left)
        wait.addStretch()
        self.foot.addLayout(wait, 1)
        return self.foot

    def _show_row(self, state: Done | Seen) -> None:
        """The number and the people of a row; the wait starts anew."""
        members = state.row.household.members
        self.number.say(Phrase.of(state.row.number))
        who = people.first_and_others(self.words, members)
        self.who.show_name(who)
        self.who.setVisible(bool(who))
        self.count.say(self.words("people.count", n=len(members)))
        self._whole = NEXT_SECONDS if state.next is not None else DONE_SECONDS
        self._since.start()
        self._count_down()

    def _count_down(self) -> None:
        # Only drawn here: the flow's own timer leads on.
        left = self._whole - self._since.elapsed() / 1000
        self.line_left.show_left(left / self._whole)
        self.seconds.say(self.words("done.back", n=max(0, round(left + 0.4))))

    def entered(self) -> None:
        """Let the line run."""
        super().entered()
        self._tick.start()

    def left(self) -> None:
        """Names go with the household."""
        self._tick.stop()
        for text in (self.number, self.who, self.count):
            text.say(Phrase(()))


class DoneScreen(_Result[Done]):
    """受け付けました."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.undo = self.button(
            "done.undo", Back(), icon="undo-2", cap="Esc", sub="done.undo_sub", kind=Kind.QUIET, height=96
        )
        self.undo.setFixedWidth(self.scale.px(400))
        self.foot.insertWidget(0, self.undo)
        self.title.say(self.words("done.title"))
        self.title.paint_in(theme.GREEN_DEEP)
        self.sign.show_icon("check", theme.WHITE, theme.GREEN)
        self.note.say(self.words("done.subtitle"))

    def show_state(self, state: Done) -> None:
        """The number, the people, and a mark if the pass had one."""
        self._show_row(state)
        mark = next((mark for mark in sorted(state.marks) if f"done.{mark}" in self.words), None)
        self.mark.setVisible(mark is not None)
        self.note.setVisible(mark is None)
        if mark is not None:
            self.mark.show_message("attention", self.words(f"done.{mark}"), Phrase(()))


class SeenScreen(_Result[Seen]):
    """もう すんでいます."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        home = self.button("button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=96)
        home.setFixedWidth(self.scale.px(400))
        self.foot.insertWidget(0, home)
        self.title.say(self.words("seen.title"))
        self.title.paint_in(theme.PRIMARY)
        self.sign.show_icon("info", theme.WHITE, theme.PRIMARY)
        self.note.say(self.words("seen.subtitle"))
        self.mark.hide()

    def show_state(self, state: Seen) -> None:
        """The number they were given then."""
        self._show_row(state)


_SIGNS = {
    "ok": ("circle-check", theme.GREEN),
    "attention": ("info", theme.ORANGE),
    "error": ("triangle-alert", theme.RED),
}


class NoticeScreen(Screen[Notice]):
    """What happened, what to do, and every other way in."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=theme.MARGIN - 8, top=20, spacing=8)
        card = Card(self.scale, padding=48)
        self.sign = Sign(self.scale, 120)
        self.first = Text(self.scale, theme.LEAD, bold=True, colour=theme.RED)
        self.first.say(self.words("notice.retry_first"))
        self.title = Text(self.scale, 52, bold=True, wrap=True)
        self.todo = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(px(16))
        texts.addStretch()
        for text in (self.first, self.title, self.todo):
            texts.addWidget(text)
        texts.addStretch()
        row = QHBoxLayout()
        row.setSpacing(px(48))
        row.addWidget(self.sign, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        card.content.addLayout(row, 1)
        layout.addWidget(card, 1)
        ways = Text(self.scale, theme.BODY, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE)
        ways.say(self.words("notice.ways"))
        layout.addWidget(ways)
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        foot.setContentsMargins(px(8), 0, px(8), 0)
        self.again = self.button(
            "button.again", Enter(), icon="rotate-ccw", cap="Enter", kind=Kind.FIRST, height=96
        )
        self.ask = self.asked_button("ready.ask", sub="ready.ask_sub")
        self.count = self.count_button("ready.count")
        self.home = self.button(
            "button.home", Back(), icon="arrow-left", cap="Esc", kind=Kind.QUIET, height=96
        )
        foot.addWidget(self.again, 4)
        foot.addWidget(self.ask, 5)
        foot.addWidget(self.count, 3)
        foot.addWidget(self.home, 4)
        layout.addLayout(foot)

    def show_state(self, state: Notice) -> None:
        """Our words where we have some, else the ledger's sentence."""
        words, key = self.words, f"notice.{state.code}"
        icon, ink = _SIGNS[state.tone]
        self.sign.show_icon(icon, ink)
        self.title.paint_in(theme.INK if state.tone == "attention" else ink)
        known = f"{key}.title" in words
        self.title.say(words(f"{key}.title" if known else "notice.other.title"))
        self.todo.say(words(f"{key}.todo") if known else Phrase.of(state.sentence))
        self.first.setVisible(state.retry is not None)
        self.again.setVisible(state.retry is not None)


class WaitScreen(Screen[Receiving | Undoing]):
    """Only seen when the disk is slow."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows()
        self.text = Text(self.scale, theme.HEADING, bold=True, align=theme.ALIGN_CENTRE)
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addStretch()

    def show_state(self, state: Receiving | Undoing) -> None:
        """What is being written."""
        self.text.say(self.words("wait.undoing" if isinstance(state, Undoing) else "wait.receiving"))
