"""Who may do what at a shelter: one table, and nothing that is not in it.

Roles are given by a supervisor of the shelter (`kiosk.core.key_slots` keeps them). The table says for each
action and role: not at all, freely, with a reason, with a second person, or both. It refuses to know how an
action is done and how anybody proved who they are.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.errors import BugError, KnownError


class Role(enum.StrEnum):
    """What somebody is at this shelter. The words are kept in key slots and events: they never change."""

    VOLUNTEER = "volunteer"
    """A receptionist without search: receives who stands there, looks nobody up."""
    RECEPTIONIST = "receptionist"
    HEALTH = "health"
    """A public health nurse: sees and keeps what the desk does not need to know."""
    AUDITOR = "auditor"
    """Sees who looked at whom, and never a name."""
    SUPERVISOR = "supervisor"


def role_of(word: str) -> Role | None:
    """The role of that name; None for one this version does not know, which may do nothing."""
    return next((role for role in Role if role == word), None)


class Terms(enum.Flag):
    """On what terms something is allowed; `FREELY` is none."""

    FREELY = 0
    REASON = enum.auto()
    """Only with a reason, which is written into the log."""
    SECOND = enum.auto()
    """Only with a second person, who unlocked beside the first."""


class Action(enum.StrEnum):
    """What people do here."""

    # At the desk
    RECEIVE = "receive"
    COUNT_ONLY = "count_only"
    AMEND = "amend"
    ADD_MEMBERS = "add_members"
    LEAVE = "leave"
    AWAY = "away"
    RETURN = "return"
    MOVE = "move"
    NEW_HEAD = "new_head"
    MERGE = "merge"
    UNDO_OWN = "undo_own"
    """Take back what one did oneself."""
    UNDO_OTHERS = "undo_others"
    TAKE_OVER = "take_over"
    """Read the transfer slip of a household that comes from another shelter."""
    # Finding and seeing
    SEARCH = "search"
    ROSTER_VIEW = "roster_view"
    CARD_VIEW = "card_view"
    """The household card: everything but what stands below."""
    UNMASK = "unmask"
    """See birth date, address and phone, which are covered until somebody asks."""
    HEALTH_VIEW = "health_view"
    """The needs' free notes."""
    HEALTH_AMEND = "health_amend"
    # 支援措置・秘匿
    SECRECY_SET = "secrecy_set"
    SECRECY_VIEW = "secrecy_view"
    SECRECY_CLEAR = "secrecy_clear"
    # What leaves the desk
    SAFETY_ANSWER = "safety_answer"
    """安否照会: tell somebody outside that a person is here."""
    PRINT_CARD = "print_card"
    TRANSFER_SLIP = "transfer_slip"
    HANDOVER_SHEET = "handover_sheet"
    PRINT_ROSTER = "print_roster"
    BULK_EXPORT = "bulk_export"
    # The shelter
    COUNTS_VIEW = "counts_view"
    REPORT = "report"
    """Reception and timing figures: nobody is named."""
    SHELTER_STATE = "shelter_state"
    """Opening, capacity, fullness, staff and helpers."""
    CLOSE_SHELTER = "close_shelter"
    ERASE = "erase"
    """Erase a household's personal part for good."""
    # People and keys
    OWN_SECRET = "own_secret"  # noqa: S105 - an action's name
    STAFF_LIST = "staff_list"
    STAFF_ACCOUNTS = "staff_accounts"
    """Add, remove and rename staff, give a new secret, take back a wait."""
    DEVICES = "devices"
    """Let another desk read what this one seals."""
    SETTINGS = "settings"
    AUDIT_VIEW = "audit_view"
    # The laptop
    CHECK = "check"
    SYNC = "sync"
    """Send to HQ, by network or stick: sealed as it is."""
    BACKUP = "backup"
    RESTORE = "restore"


_MARKS = {
    "yes": Terms.FREELY,
    "why": Terms.REASON,
    "two": Terms.SECOND,
    "why+two": Terms.REASON | Terms.SECOND,
}
_COLUMNS = (Role.VOLUNTEER, Role.RECEPTIONIST, Role.HEALTH, Role.AUDITOR, Role.SUPERVISOR)
_RULES = """
                  volunteer  receptionist  health  auditor  supervisor
receive           yes        yes           yes     .        yes
count_only        yes        yes           yes     .        yes
amend             .          yes           yes     .        yes
add_members       yes        yes           yes     .        yes
leave             yes        yes           yes     .        yes
away              yes        yes           yes     .        yes
return            yes        yes           yes     .        yes
move              .          yes           .       .        yes
new_head          .          yes           .       .        yes
merge             .          yes           .       .        yes
undo_own          yes        yes           yes     .        yes
undo_others       .          .             .       .        yes
take_over         yes        yes           yes     .        yes

search            .          yes           yes     .        yes
roster_view       .          yes           yes     .        yes
card_view         .          yes           yes     .        yes
unmask            .          yes           yes     .        yes
health_view       .          .             yes     .        why
health_amend      .          .             yes     .        .

secrecy_set       yes        yes           yes     .        yes
secrecy_view      .          .             .       .        why
secrecy_clear     .          .             .       .        why+two

safety_answer     .          why           .       .        why
print_card        .          yes           yes     .        yes
transfer_slip     .          yes           .       .        yes
handover_sheet    .          yes           yes     .        yes
print_roster      .          .             .       .        why
bulk_export       .          .             .       .        why+two

counts_view       yes        yes           yes     yes      yes
report            .          yes           yes     yes      yes
shelter_state     .          yes           .       .        yes
close_shelter     .          .             .       .        two
erase             .          .             .       .        why+two

own_secret        yes        yes           yes     yes      yes
staff_list        .          .             .       yes      yes
staff_accounts    .          .             .       .        yes
devices           .          .             .       .        two
settings          .          .             .       .        yes
audit_view        .          .             .       yes      yes

check             yes        yes           yes     yes      yes
sync              yes        yes           yes     .        yes
backup            .          .             .       .        yes
restore           .          .             .       .        yes
"""


def _read(rules: str) -> Mapping[Action, Mapping[Role, Terms]]:
    head, *lines = filter(None, rules.splitlines())
    if tuple(head.split()) != _COLUMNS:
        raise BugError("the table of access has other columns")
    table = {}
    for name, *cells in map(str.split, lines):
        table[Action(name)] = {
            role: _MARKS[cell] for role, cell in zip(_COLUMNS, cells, strict=True) if cell != "."
        }
    return table


TABLE = _read(_RULES)
"""For each action the roles that may do it, and on what terms. What is not here is not allowed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who proved who they are on this laptop."""

    id: bytes
    """8 bytes: stays when the name changes."""
    name: str
    role: Role | None
    """None: a role of a later version, which may do nothing here."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the person at the desk may do: ask before doing, and in the core, not on the screen."""

    actor: Actor

    def terms(self, action: Action) -> Terms | None:
        """On what terms; None when it is not allowed."""
        role = self.actor.role
        return None if role is None else TABLE.get(action, {}).get(role)

    def may(self, action: Action) -> bool:
        """Whether it is allowed on any terms: for what a screen offers."""
        return self.terms(action) is not None

    def check(self, action: Action, *, reason: str = "", second: Actor | None = None) -> None:
        """Refuse what the table does not allow.

        `second` is somebody else, known by their own secret, whose role may do the same.

        Raises:
            KnownError: `not_allowed`, `reason_needed` or `second_person_needed`.
        """
        terms = self.terms(action)
        if terms is None:
            raise KnownError(
                "not_allowed",
                "この 操作は できません。責任者を よんでください。",
                f"the role {self.actor.role or 'unknown'} may not do this: {action}",
            )
        if Terms.REASON in terms and not reason.strip():
            raise KnownError(
                "reason_needed", "理由を 入れてください。", f"a reason is needed for this: {action}"
            )
        if Terms.SECOND in terms and not self._is_joined(second, action):
            raise KnownError(
                "second_person_needed",
                "この 操作は もう ひとりの 責任者と いっしょに してください。",
                f"a second person is needed for this: {action}",
            )

    def _is_joined(self, second: Actor | None, action: Action) -> bool:
        return second is not None and second.id != self.actor.id and Access(second).may(action)
