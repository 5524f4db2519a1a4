"""責任者の 仕事: the menu, who may open the store, one's own secret."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from kiosk.flow import (
    Account,
    AccountFreed,
    AccountPage,
    AccountRemoved,
    Accounts,
    Back,
    Chore,
    ChoreOpened,
    Chosen,
    Enter,
    Keeping,
    OwnSecret,
    Plus,
    Removing,
    RoleSaid,
    Typed,
    Working,
)
from kiosk.flow.choices import ROLES
from ui import theme
from ui.screens.base import Screen
from ui.screens.founding import said
from ui.stage import Stage
from ui.widgets.buttons import BigButton, Choice, Kind
from ui.widgets.form import Form
from ui.widgets.panels import Card, Message, Sign
from ui.widgets.table import Table
from ui.widgets.text import Text
from ui.words import Phrase, Words

ICONS = {
    Chore.ACCOUNTS: "user-cog",
    Chore.SECRET: "key-round",
    Chore.SETTINGS: "settings",
    Chore.PAPERS: "file-text",
    Chore.CLOSING: "door-open",
}
COLUMNS = {"name": 0, "role": 220, "secret": 440, "tries": 160}
MENU_COLUMNS = 2


class KeepingScreen(Screen[Keeping]):
    """Every chore one touch or one digit away."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(top=20, spacing=14)
        layout.addWidget(self.heading("keeping.title", size=theme.NAME))
        grid = QGridLayout()
        grid.setSpacing(px(14))
        self.chores: dict[Chore, BigButton] = {
            chore: self.button(
                f"keeping.{chore.value}",
                ChoreOpened(chore),
                icon=icon,
                cap=str(place + 1),
                sub=f"keeping.{chore.value}_sub",
                size=theme.TITLE,
                height=132,
            )
            for place, (chore, icon) in enumerate(ICONS.items())
        }
        for place, button in enumerate(self.chores.values()):
            grid.addWidget(button, place // MENU_COLUMNS, place % MENU_COLUMNS)
        layout.addLayout(grid)
        layout.addStretch()
        back = self.button("button.return", Back(), icon="x", cap="Esc", kind=Kind.QUIET, height=84)
        back.setFixedWidth(px(420))
        layout.addWidget(back)

    def entered(self) -> None:
        """The first of them."""
        self.chores[Chore.ACCOUNTS].setFocus(Qt.FocusReason.OtherFocusReason)


class WorkingScreen(Screen[Working]):
    """New keys take a second."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows()
        self.text = Text(self.scale, theme.HEADING, bold=True, align=theme.ALIGN_CENTRE, wrap=True)
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addStretch()

    def show_state(self, state: Working) -> None:
        """What is being done."""
        self.text.say(self.words(f"working.{state.chore.value}"))


def role_words(words: Words, account: Account) -> str:
    """What somebody is."""
    return words.plain("role.unknown" if account.role is None else f"role.{account.role.value}")


class AccountsScreen(Screen[Accounts]):
    """A table, and what can be done with the row chosen."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=theme.MARGIN - 8, top=16, spacing=4)
        head = QHBoxLayout()
        head.setSpacing(px(24))
        head.setContentsMargins(px(8), 0, px(8), 0)
        head.addWidget(self.heading("accounts.title", size=theme.NAME))
        head.addWidget(self.line("accounts.subtitle"), 1)
        layout.addLayout(head)
        card = Card(self.scale, padding=16)
        heads = [words.plain(f"accounts.{name}") for name in COLUMNS]
        self.table = Table(self.scale, words.plain("accounts.title"), heads, tuple(COLUMNS.values()))
        self.table.clicked.connect(lambda index: self.hands.put(Chosen(index.row())))
        self.empty = Text(self.scale, theme.TITLE, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE, wrap=True)
        card.content.addWidget(self.table, 1)
        card.content.addWidget(self.empty, 1)
        self.message = Message(self.scale)
        card.content.addWidget(self.message)
        layout.addWidget(card, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(12))
        foot.setContentsMargins(px(8), 0, px(8), 0)
        self.new = self.button(
            "accounts.new", Plus(), icon="user-plus", cap="+", kind=Kind.FIRST, size=theme.BODY, height=96
        )
        self.change = self.button(
            "accounts.change", Enter(), icon="pencil", cap="Enter", size=theme.BODY, height=96
        )
        self.remove = self.button(
            "accounts.remove", AccountRemoved(), icon="user-x", cap="D", size=theme.BODY, height=96
        )
        self.free = self.button(
            "accounts.free", AccountFreed(), icon="timer", cap="F", size=theme.BODY, height=96
        )
        foot.addWidget(self.back_button("button.return", height=96))
        for button in (self.free, self.remove, self.change, self.new):
            foot.addWidget(button)
        layout.addLayout(foot)

    def show_state(self, state: Accounts) -> None:
        """Everybody, the row chosen, and what was done last."""
        words, rows = self.words, state.rows or ()
        self.table.cells.show_rows([self._row(account) for account in rows])
        self.table.choose(state.at)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.empty.say(Phrase(()) if state.code else words("accounts.reading"))
        chosen = state.chosen
        self.change.setVisible(chosen is not None)
        self.remove.setVisible(chosen is not None and not chosen.own)
        self.free.setVisible(chosen is not None and chosen.wrong_tries > 0)
        self.new.setVisible(state.rows is not None)
        self.message.setVisible(bool(state.code or state.said))
        if state.code:
            self.message.show_message("error", said(words, state.code, state.sentence), Phrase(()))
        elif state.said:
            self.message.show_message("ok", words(f"accounts.{state.said}"), Phrase(()))

    def _row(self, account: Account) -> tuple[str, ...]:
        words = self.words
        kind = words.plain("accounts.pin" if account.pin else "accounts.passphrase")
        where = words.plain("accounts.here" if account.laptop_only else "accounts.anywhere")
        return (
            words.plain("accounts.own", name=account.name) if account.own else account.name,
            role_words(words, account),
            f"{kind}　{where}",
            words.plain("accounts.times", n=account.wrong_tries) if account.wrong_tries else "",
        )

    def left(self) -> None:
        """Nobody stays."""
        self.table.cells.show_rows(())


class AccountScreen(Screen[AccountPage]):
    """A name, what they are, and a secret twice."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=88, top=2, spacing=0)
        card = Card(self.scale, padding=22)
        content = card.content
        content.setSpacing(px(8))
        self.title = Text(self.scale, theme.PANEL, bold=True)
        content.addWidget(self.title)
        self.form = Form(self.scale, words, ("account.name",), ("account.secret", "account.again"))
        self.form.sent.connect(self._send)
        self.form.texts[0].typed.connect(lambda text: self.hands.put(Typed(text)))
        content.addWidget(self.form)
        content.addWidget(self.line("account.role"))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.roles = [
            Choice(self.scale, words.plain(f"role.{role.value}"), height=theme.TARGET) for role in ROLES
        ]
        for place, choice in enumerate(self.roles):
            choice.clicked.connect(lambda _=False, at=place: self.hands.put(RoleSaid(at)))
            row.addWidget(choice)
        content.addLayout(row)
        self.hint = self.line(size=theme.SMALL, wrap=True)
        content.addWidget(self.hint)
        content.addStretch()
        self.said = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        content.addWidget(self.said)
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        self.enter = BigButton(
            self.scale,
            words.plain("account.add"),
            icon="check",
            key="Enter",
            kind=Kind.FIRST,
            height=theme.TARGET_FIRST,
        )
        self.enter.clicked.connect(self._send)
        foot.addWidget(self.back_button(height=theme.TARGET_FIRST), 1)
        foot.addWidget(self.enter, 2)
        content.addLayout(foot)
        layout.addWidget(card, 1)

    def _send(self) -> None:
        self.hands.put(self.form.filled())

    def show_state(self, state: AccountPage) -> None:
        """As filled in so far."""
        words, account = self.words, state.account
        self.title.say(
            words("account.new") if account is None else words("account.change", name=account.name)
        )
        self.form.show_texts(state.name, wipe=bool(state.code))
        self.form.show_field(self.form.texts[0], there=account is None)
        for place, choice in enumerate(self.roles):
            choice.setChecked(place == state.role)
        self.hint.say(words(f"account.hint_{ROLES[state.role].value}"))
        self.enter.say(words("account.add" if account is None else "account.save"))
        show_said(self.said, words, self.form, state.missing, state.code, state.sentence, "account.rule")
        if self.isVisible() and (state.code or state.missing is not None):
            self.form.begin()

    def entered(self) -> None:
        """Type at once."""
        self.form.begin()

    def left(self) -> None:
        """Nothing stays."""
        self.form.forget()


def show_said(
    text: Text, words: Words, form: Form, missing: int | None, code: str, sentence: str, rule: str
) -> None:
    """What comes next in a form, what was wrong with it, or what holds for it."""
    if missing is not None:
        text.say(words("form.next", name=form.name_of(missing)))
    else:
        text.say(said(words, code, sentence) if code else words(rule))
    text.paint_in(theme.RED if code else theme.INK_SOFT)


class RemovingScreen(Screen[Removing]):
    """One question."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, centre = self.scale.px, theme.ALIGN_CENTRE
        layout = self.rows(margin=160, top=24)
        card = Card(self.scale, padding=40)
        content = card.content
        content.setSpacing(px(16))
        sign = Sign(self.scale, 96)
        sign.show_icon("user-x", theme.RED, theme.RED_TINT)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(sign)
        row.addStretch()
        self.title = Text(self.scale, theme.NAME, bold=True, align=centre, wrap=True)
        self.body = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.body.say(self.words("removing.body"))
        self.message = Message(self.scale)
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        self.enter = self.button(
            "removing.enter", Enter(), icon="user-x", cap="Enter", kind=Kind.FINAL, height=96
        )
        foot.addWidget(self.back_button(height=96), 1)
        foot.addWidget(self.enter, 1)
        content.addStretch()
        content.addLayout(row)
        content.addWidget(self.title)
        content.addWidget(self.body)
        content.addWidget(self.message)
        content.addStretch()
        content.addLayout(foot)
        layout.addWidget(card, 1)

    def show_state(self, state: Removing) -> None:
        """Whom."""
        self.title.say(self.words("removing.title", name=state.account.name))
        self.message.setVisible(bool(state.code))
        if state.code:
            self.message.show_message("error", said(self.words, state.code, state.sentence), Phrase(()))

    def left(self) -> None:
        """Nobody stays."""
        self.title.say(Phrase(()))


class OwnSecretScreen(Screen[OwnSecret]):
    """The old one, and the new one twice."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px, words = self.scale.px, self.words
        layout = self.rows(margin=120, top=24)
        card = Card(self.scale, padding=32)
        content = card.content
        content.setSpacing(px(14))
        content.addWidget(self.heading("own_secret.title", size=theme.NAME, wrap=True))
        keys = ("own_secret.old", "own_secret.secret", "own_secret.again")
        self.form = Form(self.scale, words, (), keys)
        self.form.sent.connect(self._send)
        content.addStretch()
        content.addWidget(self.form)
        self.said = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)
        content.addWidget(self.said)
        self.message = Message(self.scale)
        content.addWidget(self.message)
        content.addStretch()
        foot = QHBoxLayout()
        foot.setSpacing(px(16))
        self.enter = BigButton(
            self.scale,
            words.plain("own_secret.enter"),
            icon="key-round",
            key="Enter",
            kind=Kind.FIRST,
            height=theme.TARGET_FIRST,
        )
        self.enter.clicked.connect(self._send)
        foot.addWidget(self.back_button("button.return", height=theme.TARGET_FIRST), 1)
        foot.addWidget(self.enter, 2)
        content.addLayout(foot)
        layout.addWidget(card, 1)

    def _send(self) -> None:
        self.hands.put(self.form.filled())

    def show_state(self, state: OwnSecret) -> None:
        """What comes next, what was wrong, or that it is done."""
        self.form.show_texts(wipe=bool(state.code) or state.done)
        self.message.setVisible(state.done)
        self.message.show_message("ok", self.words("own_secret.done"), Phrase(()))
        show_said(
            self.said, self.words, self.form, state.missing, state.code, state.sentence, "own_secret.rule"
        )
        if self.isVisible() and (state.code or state.missing is not None):
            self.form.begin()

    def entered(self) -> None:
        """Type at once."""
        self.form.begin()

    def left(self) -> None:
        """Nothing stays."""
        self.form.forget()
