"""A shelter's kiosk and the city's HQ, joined by single attempts of the sync process."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace

from kiosk.core.counts import Counts
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import opening
from people import BOSS_SECRET
from sync import outbox
from sync.runner import Runner


@contextlib.contextmanager
def unlocked(folder):
    with opening.unlocked(folder, BOSS_SECRET) as store:
        yield store
        store.ledger.publish()


def desk_of(store):
    return Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)


def receive(desk, name, persons=2, **known):
    people = [desk.new_person(name=f"{name}　{at}", kana=f"カナ　{at}") for at in range(persons)]
    return desk.receive(Arrival(Method.DESK, desk.new_household(people, **known))).row


def synced(folder, hq):
    """One attempt to bring everything to HQ; how it went."""
    link = outbox.read_link(outbox.folder(folder))
    outbox.write_link(outbox.folder(folder), replace(link, hq_url=hq.url))
    with contextlib.closing(Runner(outbox.folder(folder))) as runner:
        try:
            return runner.round().state
        except KnownError as error:
            return error.code


def codes(store):
    return [notice.code for notice in store.ledger.notices]


def proven(hq):
    total = sum((shelter.counts for shelter in hq.figures().shelters), Counts())
    return total.persons, total.households
