"""Stores with staff, made quickly, and files that break when a test says so."""

from __future__ import annotations

import os
from contextlib import contextmanager

from kiosk.core.access import Role
from kiosk.core.key_slots import Cost
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import device, opening
from kiosk.store.accounts import Accounts
from kiosk.store.entrance import prove
from kiosk.store.gate import Gate
from kiosk.store.vault import Vault

QUICK = Cost(memory_kib=8, passes=1)
BOSS, BOSS_SECRET = "責任者", "せきにんしゃの ながい ことば"
DESK, DESK_PIN = "受付　一郎", "482915"


def open_shelter(folder):
    """A store with one supervisor."""
    opening.open_shelter(folder, opening.practice_sheet(), opening.Staff(BOSS, BOSS_SECRET, QUICK))
    return folder


def patient(data):
    """A gate at which a test need not wait."""
    return Gate(data, sleep=lambda _: None)


@contextmanager
def unlocked(data, secret=BOSS_SECRET, name=None):
    """The open store."""
    store = opening.unlock(data, secret, name=name, gate=patient(data))
    try:
        yield store
    finally:
        store.close()


def accounts(store):
    """Its accounts, made at no cost in time."""
    return Accounts(store, gate=patient(store.vault.data), cost=QUICK)


def add(data, name=DESK, role=Role.RECEPTIONIST, secret=DESK_PIN):
    """Somebody more."""
    with unlocked(data) as store:
        return accounts(store).add(name, role, secret)


def opens(data, secret, name=None):
    """Whether this secret opens the store, database and all."""
    try:
        with unlocked(data, secret, name):
            return True
    except KnownError as error:
        if error.code not in {"wrong_passphrase", "no_such_staff"}:
            raise
        return False


def secret_of(number):
    """An invented secret for the n-th account, and its role: PINs and passphrases in turn."""
    if number % 2:
        return Role.RECEPTIONIST, f"4829{number:04}"
    return Role.HEALTH, f"secret of {number:04}"


@contextmanager
def own_device(folder):
    """Keep the laptop's own secret in a folder, also for child processes."""
    before = os.environ.get(device.FOLDER_VARIABLE)
    os.environ[device.FOLDER_VARIABLE] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(device.FOLDER_VARIABLE)
        if before is not None:
            os.environ[device.FOLDER_VARIABLE] = before


class Cut(BaseException):
    """The power went."""


class Disk:
    """A file layer and a cipher that end at the n-th step, before it, after it, or half-way through.

    `steps` counts writes of slot files and changes of the database's key. `how` is `before`, `after`,
    `torn` (half of the new file lies there, as no atomic write would leave it, but a bad disk may) or
    `refused` (the disk says no once, and the program goes on).
    """

    def __init__(self, rekey, at=None, how="before"):
        self._real_rekey = rekey
        self._at = at
        self._how = how
        self.steps = 0

    def write(self, path, data):
        self._step(lambda: write_whole(path, data), lambda: path.write_bytes(data[: len(data) // 2]))

    def rekey(self, database, key):
        self._step(lambda: self._real_rekey(database, key), database.close, "key_not_changed")

    def _step(self, real, half, refusal="disk_full"):
        self.steps += 1
        if self.steps != self._at:
            real()
            return
        if self._how == "refused":
            if refusal == "key_not_changed":
                half()
            raise KnownError(refusal, "いまは できません。", "not now")
        if self._how == "after":
            real()
        elif self._how == "torn":
            half()
        raise Cut


@contextmanager
def unlocked_on(data, disk, secret=BOSS_SECRET):
    """The open store on a disk that may break; it is left as a power cut would leave it."""
    proven = prove(data, secret, gate=patient(data))

    def open_again():
        vault = Vault.opened(data / opening.DATABASE, proven, os.urandom, disk.write, disk.rekey)
        return opening._store(vault, proven.actor, lambda: 1_800_000_000.0, lambda: 0.0)

    store = open_again()
    try:
        try:
            store.vault.resume()
        except KnownError:
            store.close()
            store = open_again()
        yield store
    finally:
        store.vault.database.close()
        store.ledger.parts.witness.close()
