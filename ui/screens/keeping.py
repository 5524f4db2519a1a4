"""責任者の 仕事: the menu, who may open the store, one's own secret."""

from __future__ import annotations

from kiosk.flow import (
    Account,
    AccountFreed,
    AccountPage,
    AccountRemoved,
    Accounts,
    Chore,
    ChoreOpened,
    Enter,
    Keeping,
    OwnSecret,
    Plus,
    Removing,
    RoleSaid,
    Working,
)
from kiosk.flow.choices import ROLES
from ui import theme
from ui.screens.base import Screen
from ui.screens.form import FormScreen
from ui.screens.menu import Menu
from ui.screens.table import TableScreen
from ui.stage import Stage
from ui.widgets.buttons import Kind
from ui.widgets.choices import choose
from ui.widgets.panels import EDGE, Message
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


class KeepingScreen(Menu[Keeping]):
    """Every chore one touch or one digit away."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.chores = self.ways("keeping", ICONS, ChoreOpened, size=theme.TITLE, height=132)
        layout = self.lay_out("keeping.title", [*self.chores.values()], MENU_COLUMNS)
        back = self.back_button("button.return")
        back.setFixedWidth(self.scale.px(420))
        layout.addWidget(back)


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


class AccountsScreen(TableScreen[Accounts]):
    """A table, and what can be done with the row chosen."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, "accounts", COLUMNS)
        self.choose_by_touch()
        self.message = Message(self.scale)
        # The message is as high as its words, also where there is no table.
        self.card.content.setStretchFactor(self.empty, 1)
        self.card.content.addWidget(self.message)
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
        self.lines.addLayout(self.head("accounts"))
        self.lines.addWidget(self.card, 1)
        back = self.back_button("button.return", height=96)
        foot = (back, self.free, self.remove, self.change, self.new)
        self.lines.addLayout(self.across(*foot, spacing=12, edge=EDGE))

    def show_state(self, state: Accounts) -> None:
        """Everybody, the row chosen, and what was done last."""
        words, rows = self.words, state.rows or ()
        self.table.cells.show_rows([self._row(account) for account in rows])
        self.table.choose(state.at)
        self.show_table(Phrase(()) if state.code else words("accounts.reading"), there=bool(rows))
        chosen = state.chosen
        self.change.setVisible(chosen is not None)
        self.remove.setVisible(chosen is not None and not chosen.own)
        self.free.setVisible(chosen is not None and chosen.wrong_tries > 0)
        self.new.setVisible(state.rows is not None)
        if state.said and not state.code:
            self.message.setVisible(True)
            self.message.show_message("ok", words(f"accounts.{state.said}"), Phrase(()))
        else:
            self.show_wrong(self.message, state.code, state.sentence)

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


class AccountScreen(FormScreen[AccountPage]):
    """A name, what they are, and a secret twice."""

    def __init__(self, stage: Stage) -> None:
        texts, secrets = ("account.name",), ("account.secret", "account.again")
        super().__init__(stage, texts, secrets, padding=22, spacing=8)
        content = self.content
        self.title = Text(self.scale, theme.PANEL, bold=True)
        content.addWidget(self.title)
        content.addWidget(self.form)
        content.addWidget(self.line("account.role"))
        self.roles = self.choices([self.words.plain(f"role.{role.value}") for role in ROLES], RoleSaid)
        content.addLayout(self.across(*self.roles, spacing=8))
        self.hint = self.line(size=theme.SMALL, wrap=True)
        content.addWidget(self.hint)
        content.addStretch()
        content.addWidget(self.said)
        self.end("account.add", "check", back="button.cancel")

    def show_state(self, state: AccountPage) -> None:
        """As filled in so far."""
        words, account = self.words, state.account
        self.title.say(
            words("account.new") if account is None else words("account.change", name=account.name)
        )
        self.form.show_field(self.form.texts[0], there=account is None)
        choose(self.roles, state.role)
        self.hint.say(words(f"account.hint_{ROLES[state.role].value}"))
        self.enter.say(words("account.add" if account is None else "account.save"))
        self.show_form(state, state.name, rule="account.rule")


class RemovingScreen(Screen[Removing]):
    """One question."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        centre = theme.ALIGN_CENTRE
        content = self.one_card(margin=160, top=24, padding=40, spacing=16)
        self.title = Text(self.scale, theme.NAME, bold=True, align=centre, wrap=True)
        self.body = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.body.say(self.words("removing.body"))
        self.message = Message(self.scale)
        self.enter = self.button(
            "removing.enter", Enter(), icon="user-x", cap="Enter", kind=Kind.FINAL, height=96
        )
        content.addStretch()
        content.addLayout(self.large_sign("user-x", theme.RED, theme.RED_TINT))
        content.addWidget(self.title)
        content.addWidget(self.body)
        content.addWidget(self.message)
        content.addStretch()
        content.addLayout(self.across(self.back_button(height=96), self.enter, shares=(1, 1)))

    def show_state(self, state: Removing) -> None:
        """Whom."""
        self.title.say(self.words("removing.title", name=state.account.name))
        self.show_wrong(self.message, state.code, state.sentence)

    def left(self) -> None:
        """Nobody stays."""
        self.title.say(Phrase(()))


class OwnSecretScreen(FormScreen[OwnSecret]):
    """The old one, and the new one twice."""

    def __init__(self, stage: Stage) -> None:
        secrets = ("own_secret.old", "own_secret.secret", "own_secret.again")
        super().__init__(stage, (), secrets, margin=120, top=24, padding=32, spacing=14)
        content = self.content
        content.addWidget(self.heading("own_secret.title", size=theme.NAME, wrap=True))
        content.addStretch()
        content.addWidget(self.form)
        content.addWidget(self.said)
        self.message = Message(self.scale)
        content.addWidget(self.message)
        content.addStretch()
        self.end("own_secret.enter", "key-round", back="button.return")

    def show_state(self, state: OwnSecret) -> None:
        """What comes next, what was wrong, or that it is done."""
        self.message.setVisible(state.done)
        self.message.show_message("ok", self.words("own_secret.done"), Phrase(()))
        if state.done:
            self.form.forget_secrets()
        self.show_form(state, rule="own_secret.rule")
