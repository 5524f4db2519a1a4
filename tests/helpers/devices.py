"""Invented laptops with real keys, that write real events: what HQ and the sync process are tested with."""

from __future__ import annotations

import copy
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core import counts, events, ids, roll
from kiosk.core.acts import Key, Kind, Leave, Receive, Void, kind_of, personal_part, public_part, read_public
from kiosk.core.clock import HybridClock
from kiosk.core.events import GENESIS, Event
from kiosk.core.household import Household, Method, Mode, Person, Sex
from kiosk.core.ids import IncidentId
from kiosk.core.sealing import SealingKey, seal
from sync import outbox, wire

START = 1_700_000_000.0


class Device:
    """One laptop: `receive`, `leave`, `void` write events; `segment`, `counts`, `registration` are bytes."""

    def __init__(self, seed=1, token=bytes(16), series=bytes(8), mode=Mode.DRILL, before=None):
        self.random = random.Random(seed)
        self.token, self.series, self.mode = token, series, mode
        self.incident: IncidentId | None = None
        self.key = Ed25519PrivateKey.from_private_bytes(self.random.randbytes(32))
        self.public_key = self.key.public_key().public_bytes_raw()
        self.id = ids.device_id(self.public_key)
        self.sealing = SealingKey(self.random.randbytes(64))
        self.wall = START
        self.clock = HybridClock(lambda: self.wall)
        self.events: list[Event] = []
        self.hashes = [GENESIS]
        self.transport = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        words = {
            Key.SIGN_KEY: self.public_key,
            Key.TRANSPORT_KEY: self.transport.public_key().public_bytes_raw(),
            Key.SERIES: series,
        }
        self.append(Kind.DEVICE, words if before is None else words | {Key.BEFORE: bytes(before.id)})

    @property
    def last(self):
        return len(self.events)

    def append(self, kind, public, plain=b""):
        """Write an event of any kind."""
        self.wall += 1.0
        seq, at, previous = self.last + 1, self.clock.now(), self.hashes[-1]
        event = Event.write(
            self.id, seq, at, str(kind), public, lambda header: seal(self.sealing, plain, [header, previous])
        )
        self.events.append(event)
        self.hashes.append(event.hash(previous))
        return event

    def act(self, act):
        return self.append(kind_of(act), public_part(act), personal_part(act, "係"))

    def receive(self, persons=3, method=Method.APP, household=None):
        """A household of `persons`, with names in the sealed part; returns its id."""
        identity = household or ids.new_household(self.random.randbytes)
        members = tuple(
            Person(
                ids.new_person(self.random.randbytes),
                name=f"山田\u3000太郎{number}",
                sex=Sex(1 + number % 2),
            )
            for number in range(persons)
        )
        self.act(Receive(self.mode, self.incident, method, Household(identity, members)))
        return identity

    def leave(self, household):
        self.act(Leave(self.mode, self.incident, household))

    def void(self, household, seq, device=None):
        self.act(Void(self.mode, self.incident, household, device or self.id, seq))

    def segment(self, first=1, last=None):
        last = last or self.last
        signature = events.sign_head(self.key, self.id, last, self.hashes[last])
        return wire.encode_segment(self.events[first - 1 : last], self.hashes[first - 1], signature)

    def segments(self, size=4, first=1):
        """Segments of `size` events, as (first, last, bytes)."""
        return [
            (begin, min(begin + size - 1, self.last), self.segment(begin, min(begin + size - 1, self.last)))
            for begin in range(first, self.last + 1, size)
        ]

    def registration(self):
        return wire.encode_registration(self.token, self.segment(1, 1), self.key)

    def ask(self, after=0, device=None):
        """The bytes with which it asks for its own events, or for those of another device."""
        return wire.encode_ask(wire.Ask(self.id, (device or self).id, after), self.transport)

    def standings(self):
        """What follows from this device's events alone."""
        return standings([self])

    def report(self, at=None):
        found = self.standings()
        return wire.CountsReport(
            self.id,
            self.last,
            self.clock.last if at is None else at,
            int(self.mode),
            self.incident,
            counts.count(found).to_dict(),
            counts.by_method(found),
        )

    def counts(self, at=None):
        return wire.encode_counts(self.report(at), self.key)

    def clone(self):
        """A copy of the laptop's disk: the same keys, the same log, from here on another life."""
        twin = copy.copy(self)
        twin.events, twin.hashes = list(self.events), list(self.hashes)
        twin.random = random.Random(self.random.random())
        twin.clock = HybridClock(lambda: twin.wall, self.clock.last)
        return twin

    def lay(self, folder, url="http://127.0.0.1:1", size=4):
        """Lay everything into an outbox, as the desk does."""
        outbox.write_link(folder, outbox.Link(url, b"", self.id))
        outbox.write_registration(folder, self.registration())
        (folder.parent / outbox.TRANSPORT).write_bytes(self.transport.private_bytes_raw())
        self.lay_new(folder, size)

    def lay_new(self, folder, size=4):
        """Lay what is not there yet, and the newest counts."""
        there = max((name.last for name in outbox.segments(folder, self.id)), default=0)
        for first, last, data in self.segments(size, there + 1):
            outbox.write_segment(folder, self.id, first, last, data)
        outbox.write_counts(folder, self.counts())


def standings(devices):
    """What follows from the events of several devices together: the fold, by hand."""
    entries = {}
    for device in devices:
        for event in device.events:
            household = event.public.get(Key.HOUSEHOLD)
            if household is not None:
                act = read_public(event.kind, event.public)
                entries.setdefault(household, []).append(roll.Entry(event.at, event.device, event.seq, act))
    return [standing for found in entries.values() if (standing := roll.fold(found)) is not None]
