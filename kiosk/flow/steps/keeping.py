"""What a supervisor looks after: the menu, accounts, one's own secret, the laptop's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.flow import choices
from kiosk.flow.choices import ROLES
from kiosk.flow.effects import Lock, Sound, Step
from kiosk.flow.inputs import (
    AccountFreed,
    AccountRemoved,
    AccountsRead,
    Back,
    ChoreOpened,
    Chosen,
    Digit,
    Enter,
    Failed,
    FormSent,
    Input,
    Letter,
    Plus,
    RoleSaid,
    RoomOpened,
    RowMoved,
    SecretChanged,
    SettingSaid,
    SettingsRead,
    Typed,
)
from kiosk.flow.kinds import State
from kiosk.flow.orders import (
    AddAccount,
    ChangeSecret,
    ChooseCamera,
    FreeAccount,
    KeepSettings,
    ReadAccounts,
    ReadSettings,
    RemoveAccount,
    ResetAccount,
)
from kiosk.flow.states import (
    AccountPage,
    Accounts,
    Devices,
    Keeping,
    Locked,
    OwnSecret,
    Removing,
    SettingsPage,
    Working,
)
from kiosk.flow.steps.common import (
    Answer,
    Rows,
    as_index,
    attention,
    by_letter,
    empty,
    failed,
    fields,
    stay,
    to_keeping,
    to_staff,
    working,
)
from kiosk.flow.steps.papers import open_closing, open_papers
from kiosk.flow.values import Account, Chore, Equipment, Room


def not_done(state: Working, event: Failed) -> Step:
    """Say why, where it was asked."""
    if event.code in {"key_not_changed", "closing_cut_off"}:
        # The store is closed; what was begun is finished when the desk begins again.
        return Step(Locked(code=event.code, sentence=event.sentence), (Sound("error"), Lock()))
    return failed(state.back, event)


# The menu


def _accounts(_state: State, _event: Input) -> Step:
    return Step(Accounts(), (ReadAccounts(),))


def _secret(state: State, _event: Input) -> Step:
    return Step(OwnSecret(state))


def _settings(_state: State, _event: Input) -> Step:
    return Step(SettingsPage(), (ReadSettings(),))


_CHORES: Mapping[Chore, Answer] = {
    Chore.ACCOUNTS: _accounts,
    Chore.SECRET: _secret,
    Chore.SETTINGS: _settings,
    Chore.PAPERS: open_papers,
    Chore.CLOSING: open_closing,
}


def _chore(state: Keeping, event: ChoreOpened) -> Step:
    return _CHORES[event.chore](state, event)


def _chore_digit(state: Keeping, index: int) -> Step:
    chores = tuple(Chore)
    return _chore(state, ChoreOpened(chores[index])) if 0 <= index < len(chores) else Step(state)


# Accounts


def _with(state: Accounts, event: AccountsRead) -> Accounts:
    return replace(state, rows=event.rows, at=min(state.at, max(0, len(event.rows) - 1)))


def _accounts_read(state: Accounts, event: AccountsRead) -> Step:
    return Step(_with(state, event))


def _moved(state: Accounts, event: RowMoved) -> Step:
    last = len(state.rows or ()) - 1
    return Step(replace(state, at=max(0, min(last, state.at + event.by))))


def _plain(state: Accounts) -> Accounts:
    return replace(state, said="", code="", sentence="")


def _new(state: Accounts, _event: Plus) -> Step:
    return Step(AccountPage(_plain(state))) if state.rows is not None else Step(state)


def _opened(state: Accounts, account: Account | None) -> Step:
    if account is None:
        return Step(state)
    if account.own:
        return Step(OwnSecret(_plain(state)))
    role = ROLES.index(account.role) if account.role in ROLES else 1
    return Step(AccountPage(_plain(state), account, account.name, role))


def _chosen(state: Accounts, event: Chosen) -> Step:
    at = replace(state, at=event.index)
    return _opened(at, at.chosen) if at.chosen is not None else Step(state)


def _enter(state: Accounts, _event: Enter) -> Step:
    return _opened(state, state.chosen)


def _remove(state: Accounts, _event: Input) -> Step:
    if state.chosen is None:
        return Step(state)
    if state.chosen.own:
        return attention(replace(state, said="", code="own_account"))
    return Step(Removing(_plain(state), state.chosen))


def _free(state: Accounts, _event: Input) -> Step:
    if state.chosen is None:
        return Step(state)
    return working(Chore.ACCOUNTS, FreeAccount(state.chosen.name), replace(_plain(state), said="freed"))


def _removed(state: Removing, _event: Enter) -> Step:
    back = replace(state.back, said="removed")
    return working(Chore.ACCOUNTS, RemoveAccount(state.account.name), replace(state, back=back))


def _kept(state: Removing | AccountPage, _event: Back) -> Step:
    return Step(_plain(state.back))


def _role(state: AccountPage, event: RoleSaid) -> Step:
    if not 0 <= event.index < len(ROLES):
        return Step(state)
    return Step(replace(state, role=event.index, code="", sentence=""))


def _account_name(state: AccountPage, event: Typed) -> Step:
    return Step(replace(state, name=event.text, missing=None, code="", sentence=""))


def _account_sent(state: AccountPage, event: FormSent) -> Step:
    (name,), (secret, again) = fields(event, 1, 2)
    if state.account is not None:
        name = state.account.name
    told = replace(state, name=name, missing=empty(name, secret, again), code="", sentence="")
    if told.missing is not None:
        return Step(told)
    if secret != again:
        return attention(replace(told, code="secrets_differ"))
    order, said = (AddAccount, "added") if state.account is None else (ResetAccount, "changed")
    back = replace(told, back=replace(state.back, said=said))
    return working(Chore.ACCOUNTS, order(name, ROLES[state.role], secret), back)


def _kept_accounts(state: Working, event: AccountsRead) -> Step:
    back = state.back if isinstance(state.back, Accounts) else getattr(state.back, "back", Accounts())
    return Step(_with(back, event), (Sound("ok"),))


# One's own secret


def _secret_sent(state: OwnSecret, event: FormSent) -> Step:
    _, (old, new, again) = fields(event, 0, 3)
    told = replace(state, missing=empty(old, new, again), code="", sentence="", done=False)
    if told.missing is not None:
        return Step(told)
    if new != again:
        return attention(replace(told, code="secrets_differ"))
    return working(Chore.SECRET, ChangeSecret(old, new), told)


def _secret_changed(state: Working, _event: SecretChanged) -> Step:
    back = state.back
    return Step(replace(back, done=True) if isinstance(back, OwnSecret) else Keeping(), (Sound("ok"),))


def _from_secret(state: OwnSecret, _event: Back) -> Step:
    return Step(state.back)


# Settings


def _settings_read(state: SettingsPage, event: SettingsRead) -> Step:
    return Step(replace(state, equipment=event.equipment, code="", sentence=""))


def _setting(state: SettingsPage, event: SettingSaid) -> Step:
    """It holds at once: there is no button to forget."""
    if state.equipment is None:
        return Step(state)
    if event.name == "camera":
        return _camera(state, state.equipment, event.index)
    readers = ("", *(reader.id for reader in state.equipment.readers))
    values = readers if event.name == "reader" else choices.SETTINGS.get(event.name, ())
    if not 0 <= event.index < len(values):
        return Step(state)
    settings = replace(state.equipment.settings, **{event.name: values[event.index]})  # type: ignore[arg-type]  # of its field's own values
    # Shown at once; what could not be kept is shown as it was by the answer.
    shown = replace(state, equipment=replace(state.equipment, settings=settings), code="", sentence="")
    return Step(shown, (KeepSettings(settings),))


def _camera(state: SettingsPage, equipment: Equipment, index: int) -> Step:
    if not 0 <= index < len(equipment.cameras):
        return Step(state)
    camera = equipment.cameras[index]
    shown = replace(state, equipment=replace(equipment, camera=camera.id), code="", sentence="")
    return Step(shown, (ChooseCamera(camera),))


def _devices(state: SettingsPage, event: RoomOpened) -> Step:
    """What was chosen is tried where devices are tried."""
    return Step(Devices() if event.room is Room.DEVICES else state)


def _devices_digit(state: SettingsPage, index: int) -> Step:
    rooms = tuple(Room)
    return _devices(state, RoomOpened(rooms[index])) if 0 <= index < len(rooms) else Step(state)


ROWS: Rows = {
    Keeping: {
        ChoreOpened: _chore,
        Digit: as_index(_chore_digit),
        Back: to_staff,
    },
    Accounts: {
        AccountsRead: _accounts_read,
        Failed: failed,
        RowMoved: _moved,
        Chosen: _chosen,
        Plus: _new,
        Enter: _enter,
        AccountRemoved: _remove,
        AccountFreed: _free,
        Letter: by_letter(D=_remove, F=_free),
        Back: to_keeping,
    },
    AccountPage: {
        FormSent: _account_sent,
        RoleSaid: _role,
        Typed: _account_name,
        Enter: stay,
        Back: _kept,
    },
    Removing: {Enter: _removed, Back: _kept},
    OwnSecret: {FormSent: _secret_sent, Enter: stay, Back: _from_secret},
    SettingsPage: {
        RoomOpened: _devices,
        Digit: as_index(_devices_digit),
        SettingsRead: _settings_read,
        Failed: failed,
        SettingSaid: _setting,
        Back: to_keeping,
    },
    Working: {
        AccountsRead: _kept_accounts,
        SecretChanged: _secret_changed,
        Failed: not_done,
    },
}
