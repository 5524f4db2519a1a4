"""Who was on a laptop that was lost: from HQ's log, opened with the officer's master, in one answer.

A city must say within days who is concerned, and of what kind the data were (個人情報保護法 68条、規則 43条).
Whoever ever stood in the log of that laptop counts, also who left since, was taken back, or was only named as
absent; also what it wrote before a restore, and the branch of a copy. It says what it can not know: events
that never came, and parts that were erased or do not open. It works in the officer's process; HQ's service
has no such key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, select

from kiosk.core import acts, cbor, events, keys
from kiosk.core.acts import AmendPublic, JoinPublic, Key, PersonalPart, ReceivePublic, Topic
from kiosk.core.household import Household, Person
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.sealing import SealingKey, unseal
from kiosk.errors import KnownError, Malformed
from sync.hq import tables

SEALING_PURPOSE = b"ESR1 sealing key"
"""As `kiosk.store.identity` wraps it; docs/formats/keys.md."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """One household that stood on the laptop. What is known of it as said last, and nothing forgotten."""

    id: HouseholdId
    number: str = ""
    address: str = ""
    phone: str = ""
    secrecy: bool = False
    """It was under 支援措置 at any time: such people are called first, and never at this address."""
    people: dict[PersonId, Person] = field(default_factory=dict)
    nameless: int = 0
    """Persons of whom HQ knows only that they were counted: heads, or parts that were erased."""

    @property
    def persons(self) -> int:
        """Persons, named or not."""
        return len(self.people) + self.nameless

    def to_dict(self) -> dict[str, Any]:
        """For `hq records lost --json`."""
        return {
            "household": self.id.hex(),
            "number": self.number,
            "address": self.address,
            "phone": self.phone,
            "secrecy": self.secrecy,
            "persons": self.persons,
            "nameless": self.nameless,
            "people": [
                {
                    "name": person.name,
                    "kana": person.kana,
                    "birth": None if person.birth is None else person.birth.iso,
                    "needs": bool(person.needs or person.note),
                }
                for person in self.people.values()
            ],
        }


@dataclass(frozen=True, slots=True)
class Lost:
    """The answer."""

    devices: tuple[bytes, ...]
    """The laptop's id, and those it had before."""
    shelter: str
    households: tuple[Concerned, ...]
    events: int
    missing: int
    """Events that the laptop reported and HQ never got: who is in them is not known."""
    unopened: int
    """Sealed parts that do not open with this master."""
    erased: int
    """Sealed parts that were erased at HQ."""

    @property
    def persons(self) -> int:
        """Everybody."""
        return sum(household.persons for household in self.households)

    @property
    def sensitive(self) -> int:
        """Persons of whom the laptop knew needs or notes (要配慮個人情報): one is enough to report."""
        return sum(
            bool(person.needs or person.note)
            for household in self.households
            for person in household.people.values()
        )

    def to_dict(self) -> dict[str, Any]:
        """For `hq records lost --json`."""
        return {
            "devices": [device.hex() for device in self.devices],
            "shelter": self.shelter,
            "persons": self.persons,
            "households": [household.to_dict() for household in self.households],
            "sensitive_persons": self.sensitive,
            "secret_households": sum(household.secrecy for household in self.households),
            "events": self.events,
            "events_missing": self.missing,
            "parts_unopened": self.unopened,
            "parts_erased": self.erased,
        }


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    households: dict[bytes, Concerned] = field(default_factory=dict)
    counted: dict[bytes, set[bytes]] = field(default_factory=dict)
    """Persons of each household as the public parts name them."""
    events: int = 0
    unopened: int = 0
    erased: int = 0


def who_was_on(connection: Connection, called: str, records: X25519PrivateKey) -> Lost:
    """Everybody who ever stood on a laptop, by its id or the beginning of it.

    Raises:
        KnownError: `unknown_device` when HQ knows none, or more than one, that begins so.
    """
    device = _device(connection, called)
    found, chain = _Found(), [bytes(device.id)]
    for one in chain:
        rows = list(_rows(connection, one))
        if rows and isinstance(before := _public(rows[0]).get(Key.BEFORE), bytes) and before not in chain:
            chain.append(before)
        key = _sealing_key(rows, records)
        for row in rows:
            _take(found, one, row, key)
    households = [_named(concerned, found.counted[one]) for one, concerned in found.households.items()]
    reported = connection.scalar(select(tables.report.c.upto).where(tables.report.c.device == device.id))
    return Lost(
        tuple(chain),
        device.shelter,
        tuple(sorted(households, key=lambda one: (one.number, one.id))),
        found.events,
        max(0, (reported or 0) - device.head_seq),
        found.unopened,
        found.erased,
    )


def _named(concerned: Concerned, counted: set[bytes]) -> Concerned:
    """Persons of whom something is known by name, and how many there were besides."""
    people = {one: person for one, person in concerned.people.items() if person.called or person.birth}
    return replace(concerned, people=people, nameless=len(counted.union(concerned.people)) - len(people))


def _device(connection: Connection, called: str) -> Any:  # noqa: ANN401 - a row has no type of its own
    table = tables.device
    rows = connection.execute(select(table)).all()
    fitting = [row for row in rows if called and bytes(row.id).hex().startswith(called.lower())]
    if len(fitting) != 1:
        raise KnownError(
            "unknown_device",
            "その 端末は ありません。「hq device list」で 番号を 確かめてください。",
            "HQ knows no such device, or several: see `hq device list`",
        )
    return fitting[0]


def _rows(connection: Connection, device: bytes) -> Iterator[Any]:
    """The log of a device, and then whatever HQ keeps of another branch, each with the hash before it."""
    event, branch = tables.event, tables.branch
    previous = events.GENESIS
    for row in connection.execute(select(event).where(event.c.device == device).order_by(event.c.seq)):
        yield _Row(row, previous)
        previous = bytes(row.hash)
    for row in connection.execute(select(branch).where(branch.c.device == device).order_by(branch.c.seq)):
        yield _Row(row, bytes(row.previous))


@dataclass(frozen=True, slots=True)
class _Row:
    row: Any
    previous: bytes


def _public(one: _Row) -> dict[int, Any]:
    try:
        public = cbor.loads(one.row.public, limit=events.MAX_HEADER)
    except Malformed:
        return {}
    return public if isinstance(public, dict) else {}


def _sealing_key(rows: list[_Row], records: X25519PrivateKey) -> SealingKey | None:
    wrapped = _public(rows[0]).get(Key.WRAPPED_SEALING) if rows else None
    try:
        return (
            SealingKey(keys.unwrap(records, wrapped, SEALING_PURPOSE)) if isinstance(wrapped, bytes) else None
        )
    except Malformed:
        return None


def _take(found: _Found, device: bytes, one: _Row, key: SealingKey | None) -> None:
    row, public = one.row, _public(one)
    found.events += 1
    act = _act(row.kind, public)
    household = public.get(Key.HOUSEHOLD)
    if not isinstance(household, bytes):
        return
    if isinstance(act, ReceivePublic | AmendPublic | JoinPublic):
        found.counted.setdefault(household, set()).update(person for person, _ in act.persons)
        found.households.setdefault(household, Concerned(HouseholdId(household)))
    if row.sealed is None:
        found.erased += 1
    elif row.sealed and (part := _opened(device, one, key, act)) is None:
        found.unopened += 1
    elif row.sealed and part is not None and household in found.households:
        found.households[household] = _told(found.households[household], part)


def _act(kind: str, public: dict[int, Any]) -> object:
    try:
        return acts.read_public(kind, public)
    except Malformed:
        return None


def _opened(device: bytes, one: _Row, key: SealingKey | None, act: object) -> PersonalPart | None:
    if key is None or act is None:
        return None
    row = one.row
    header = events.header(DeviceId(device), row.seq, row.at, row.kind, bytes(row.public))
    try:
        return acts.read_personal(act, unseal(key, bytes(row.sealed), [header, one.previous]))
    except Malformed:
        return None


def _told(known: Concerned, part: PersonalPart) -> Concerned:
    """What is known with what another event says: later words cover earlier ones, silence covers none."""
    home: Household | None = part.household
    people = known.people | {person.id: person for person in part.members}
    if home is None:
        return replace(known, people=people, secrecy=known.secrecy or part.topic is Topic.SECRECY_SET)
    return replace(
        known,
        number=known.number or part.number,
        address=home.address or known.address,
        phone=home.phone or known.phone,
        secrecy=known.secrecy or home.secrecy,
        people=people | {person.id: person for person in home.absent},
    )


def lines(found: Lost) -> Iterator[str]:
    """The answer for people: the sum first, then a line for each household."""
    secret = sum(household.secrecy for household in found.households)
    yield f"{len(found.households)}世帯 {found.persons}人"
    yield f"うち 要配慮の 情報 {found.sensitive}人、支援措置 {secret}世帯"
    for number, what in (
        (found.missing, "本部に 届いていない 記録があります。だれの ものか わかりません"),
        (found.unopened, "この マスター鍵で 開けない 記録があります"),
        (found.erased, "消去済みの 記録があります"),
    ):
        if number:
            yield f"{what}：{number}件"
    for household in found.households:
        people = [f"{one.called or '（名前なし）'}" for one in household.people.values()]
        people += [f"ほか {household.nameless}人"] if household.nameless else []
        mark = "【支援措置】" if household.secrecy else ""
        parts = (household.number, mark + "、".join(people), household.address, household.phone)
        yield "\t".join(part for part in parts if part)
