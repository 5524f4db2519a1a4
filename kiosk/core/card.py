"""避難者カード: what is known of a household, from the opened parts of all its events.

The same order and the same taking back as in `roll`. The latest reception or amendment says what the
household is like; whoever joined later is kept beside it; a secrecy once set stays until somebody lifts
exactly that setting, so that a desk which had not heard of it can not lift it by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kiosk.core.acts import EventId, PersonalPart, Source, Topic
from kiosk.core.household import Household, Person
from kiosk.core.ids import PersonId
from kiosk.core.roll import Entry, Standing, standing_entries


@dataclass(frozen=True, slots=True)
class Card:
    """A household's card now."""

    household: Household
    number: str
    """Of its first reception here."""
    source: Source | None
    secrecy_by: tuple[EventId, ...]
    """The events that set its secrecy and were not lifted: what a lifting has to name."""
    tokens: tuple[tuple[PersonId, bytes], ...] = ()
    """Return tokens: whose they are, and their keyed hashes."""


Opened = tuple[Entry, PersonalPart]


def card(standing: Standing, opened: Sequence[Opened], merged: Sequence[Opened] = ()) -> Card | None:
    """The card of a household; None when it never had a reception.

    `opened` are the events about it, `merged` those about households merged into it. Members come out in
    the order of the standing; of whom nothing is known is a head without a name.
    """
    parts: _Parts = {(entry.device, entry.seq): part for entry, part in (*opened, *merged)}
    every = sorted((entry for entry, _ in opened), key=lambda entry: entry.order)
    entries = standing_entries(every)
    if not any(parts[entry.device, entry.seq].household for entry in entries):
        entries = every  # all was taken back: what was said is what an undo shows
    known: dict[PersonId, Person] = {person.id: person for _, part in merged for person in part.members}
    home: Household | None = None
    number, source = "", None
    for entry in entries:
        part = parts[entry.device, entry.seq]
        known |= {person.id: person for person in part.members}
        home = part.household or home
        number, source = number or part.number, part.source or source
    if home is None:
        return None
    both = [*entries, *standing_entries(entry for entry, _ in merged)]
    secrecy = _secrecy(both, parts)
    members = tuple(known.get(member.id) or Person(member.id) for member in standing.members)
    return Card(
        replace(home, members=members, secrecy=bool(secrecy)),
        number,
        source,
        secrecy,
        _tokens(entries, parts),
    )


_Parts = dict[EventId, PersonalPart]


def _secrecy(entries: Iterable[Entry], parts: _Parts) -> tuple[EventId, ...]:
    held: list[EventId] = []
    lifted: set[EventId] = set()
    for entry in entries:
        part = parts[entry.device, entry.seq]
        if (part.household is not None and part.household.secrecy) or part.topic is Topic.SECRECY_SET:
            held.append((bytes(entry.device), entry.seq))
        if part.topic is Topic.SECRECY_CLEARED:
            lifted |= set(part.clears)
    return tuple(event for event in held if event not in lifted)


def _tokens(entries: Iterable[Entry], parts: _Parts) -> tuple[tuple[PersonId, bytes], ...]:
    tied: dict[bytes, PersonId] = {}
    for entry in entries:
        part = parts[entry.device, entry.seq]
        if part.topic is not Topic.TOKEN or not part.token:
            continue
        if part.person is None:
            tied.pop(part.token, None)
        else:
            tied[part.token] = part.person
    return tuple((person, token) for token, person in tied.items())
