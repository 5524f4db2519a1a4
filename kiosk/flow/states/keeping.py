"""What the screens draw for those who look after the laptop: accounts, secrets, settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.kinds import StaffScreen, State
from kiosk.flow.values import Account, Chore, Equipment


@dataclass(frozen=True, slots=True)
class Keeping(StaffScreen):
    """責任者の 仕事, as a menu."""


@dataclass(frozen=True, slots=True)
class Working(State):
    """The desk's thread keeps something; nothing is promised yet."""

    chore: Chore
    back: State = field(repr=False)
    """Where it goes on if it can not be done, with the reason."""


@dataclass(frozen=True, slots=True)
class Accounts(StaffScreen):
    """係の人: who may open the store. None until the store answered."""

    rows: tuple[Account, ...] | None = field(default=None, repr=False)
    at: int = 0
    said: str = ""
    """What was done last: a word of `accounts.*`."""
    code: str = ""
    sentence: str = ""

    @property
    def chosen(self) -> Account | None:
        """The account chosen."""
        rows = self.rows or ()
        return rows[self.at] if 0 <= self.at < len(rows) else None


@dataclass(frozen=True, slots=True)
class AccountPage(StaffScreen):
    """Somebody new; or a new secret, and perhaps another role, for somebody who is there."""

    back: Accounts
    account: Account | None = None
    name: str = field(default="", repr=False)
    role: int = 1
    """A position in `choices.ROLES`."""
    missing: int | None = None
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OwnSecret(StaffScreen):
    """One's own new passphrase or PIN; the old one shows who asks."""

    back: State = field(repr=False)
    missing: int | None = None
    code: str = ""
    sentence: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Removing(StaffScreen):
    """Shall somebody not open the store any more?"""

    back: Accounts
    account: Account
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class SettingsPage(StaffScreen):
    """What was chosen for this laptop; each choice holds from the moment it is pressed. None until read."""

    equipment: Equipment | None = None
    code: str = ""
    sentence: str = ""
