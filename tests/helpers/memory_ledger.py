"""The log in a list, with the views a desk reads, worked out by the real rules whenever asked for."""

from __future__ import annotations

import threading
from collections import defaultdict

from kiosk.core import acts, counts
from kiosk.core.acts import Note, Receive, Shelter
from kiosk.core.card import card
from kiosk.core.household import NAME_GAP
from kiosk.core.ids import DeviceId
from kiosk.core.names import romaji_to_kana, search_key
from kiosk.core.roll import Entry, Whereabouts, fold_merged
from kiosk.ports import Committed, RosterRow

DEVICE = DeviceId(b"d" * 16)
_NOT_LISTED = {Whereabouts.VOID, Whereabouts.MERGED}


def _keys(row):
    names = [text for who in row.household.members for text in (who.name, who.kana) if text]
    parts = [text.partition(NAME_GAP)[2] for text in names]
    number = row.number.partition("-")[2].lstrip("0")
    return {search_key(text) for text in (*names, *filter(None, parts), row.number, number)}


class MemoryLedger:
    """`trouble` is raised by appends, `gate` holds them, `begin` is the clock value of the first act."""

    def __init__(self, begin=0):
        self.acts = []
        self.entries = []
        self.trouble = None
        self.begin = begin
        self.gate = threading.Event()
        self.gate.set()
        self.threads = set()

    def append(self, act, staff=""):
        self.threads.add(threading.get_ident())
        self.gate.wait(10)
        if self.trouble is not None:
            raise self.trouble
        self.acts.append(act)
        seq = len(self.acts)
        at = self.begin + (seq << 16)
        public = acts.read_public(acts.kind_of(act), acts.public_part(act))
        self.entries.append((Entry(at, DEVICE, seq, public), acts.part_of(act, staff)))
        return Committed(DEVICE, seq, at, acts.household_of(act), 800)

    def author(self, _device, seq):
        return self.entries[seq - 1][1].staff

    # What follows

    def _opened(self):
        about = defaultdict(list)
        for entry, part in self.entries:
            household = getattr(entry.act, "household", None)
            if household is not None:
                about[household].append((entry, part))
        return about

    def _views(self):
        """Rows and cards by household, merged ones standing for themselves."""
        about = self._opened()
        standings = fold_merged({one: [entry for entry, _ in pairs] for one, pairs in about.items()})
        found = {}
        for one, standing in standings.items():
            merged = [pair for other, s in standings.items() if s.merged_into == one for pair in about[other]]
            made = card(standing, about[one], merged)
            row = RosterRow(
                made.household,
                made.number,
                standing.method,
                standing.whereabouts,
                standing.received_at,
                *standing.source,
                {m.id: m.whereabouts for m in standing.members if m.whereabouts is not Whereabouts.HERE},
                standing.merged_into,
                standing.receptions,
                0 if made.source is None else made.source.revision,
            )
            found[one] = (row, made, standing)
        return found

    @property
    def rows(self):
        return {
            one: row
            for one, (row, _, _) in self._views().items()
            if row.whereabouts not in _NOT_LISTED | {Whereabouts.LEFT}
        }

    def find_source(self, source):
        views = self._views()
        known = [
            row
            for row, made, _ in views.values()
            if made.source is not None
            and (made.source.method, made.source.key) == (source.method, source.key)
        ]
        return None if not known else views.get(known[-1].merged_into, (known[-1],))[0]

    def get(self, household):
        view = self._views().get(household)
        return None if view is None else view[0]

    def card(self, household):
        view = self._views().get(household)
        return None if view is None else view[1]

    def find_token(self, _token):
        return None

    def shelter(self):
        said = [act for act in self.acts if isinstance(act, Shelter)]
        return said[-1] if said else None

    def notes(self):
        return [(entry.at, part) for entry, part in self.entries if isinstance(entry.act, Note)]

    def roster(self, text="", limit=50, *, secret=False):
        self.threads.add(threading.get_ident())
        asked = {search_key(text), search_key(romaji_to_kana(text, finished=True))}
        rows = [row for row, _, _ in self._views().values() if row.whereabouts not in _NOT_LISTED]
        fitting = [
            row
            for row in sorted(rows, key=lambda row: -row.received_at)
            if (secret or not row.household.secrecy)
            and (not text or any(k.startswith(a) for k in _keys(row) for a in asked))
        ]
        return fitting[:limit]

    def counts(self):
        return counts.count(standing for _, _, standing in self._views().values())

    def by_method(self):
        return counts.by_method(standing for _, _, standing in self._views().values())

    def intakes(self):
        return ()

    def publish(self):
        return 0

    def next_number(self):
        return f"A-{sum(isinstance(act, Receive) for act in self.acts) + 1:03}"
