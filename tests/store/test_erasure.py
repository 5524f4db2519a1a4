"""What is erased of a household is gone from the laptop, and everything still verifies."""

from __future__ import annotations

import os
import shutil

import pytest

from at_desk import supervisor
from kiosk.core import cbor
from kiosk.core.acts import Personal, Source
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import opening
from sync import outbox, wire

CANARY = "金糸雀　カナリア"


def receive(desk, name, source=None, **known):
    household = desk.new_household([desk.new_person(name=name, kana=name)], **known)
    outcome = desk.receive(Arrival(Method.CARD if source else Method.DESK, household, source))
    assert isinstance(outcome, Received)
    return outcome.row


@pytest.fixture
def erased(desk, ledger):
    """A household with a whole history, published, beside one that stays; then erased."""
    stays = receive(desk, "山田　花子")
    source = Source(Method.CARD, key=b"0123456789abcdef")
    goes = receive(desk, CANARY, source, address="秘密町1-2-3")
    desk.leave(goes.household.id, destination="秘密の 実家")
    desk.keep_secret(stays.household.id)
    ledger.publish()
    before = ledger.counts(), ledger.by_method(), ledger.head
    ledger.erase(goes.household.id, "責任者", "本人の 申し出")
    return stays, goes, source, before


def test_what_was_known_is_gone_and_the_counts_stay(erased, desk, ledger):
    """No name, no address, no card by which they would be known; the others are untouched."""
    stays, goes, source, (counts, by_method, _) = erased
    assert (ledger.counts(), ledger.by_method()) == (counts, by_method)
    row = ledger.get(goes.household.id)
    assert (row.household.members[0].name, row.household.address, row.number) == (None, "", "")
    assert ledger.find_source(source) is None
    assert desk.roster("カナリア") == []
    assert ledger.get(stays.household.id).household.members[0].name == "山田　花子"


@pytest.mark.usefixtures("erased")
def test_every_chain_still_verifies(ledger):
    """Hashes, signatures, the other seals, views, and the segments laid anew."""
    assert ledger.problems(deep=True) == []


def test_the_outbox_holds_hashes_where_sealed_parts_were(erased, ledger, data):
    """A segment laid before is laid anew; its signature is the same and still fits."""
    _, goes, _, _ = erased
    ledger.publish()
    sealed = {}
    for name in outbox.segments(outbox.folder(data)):
        segment = wire.decode_segment(outbox.read_segment(outbox.folder(data), name))
        assert segment.is_signed_by(ledger.identity.sign_public)
        for event in segment.events:
            if event.public.get(3) == goes.household.id and event.kind != "erase":
                sealed[event.seq] = event.sealed
    assert len(sealed) == 2
    assert set(sealed.values()) == {None}


@pytest.mark.usefixtures("erased")
def test_who_erased_and_why_is_in_the_log(ledger):
    """The erasure itself is an event, sealed like any other."""
    log = ledger.parts.log
    (event,) = [event for event in log.events() if event.kind == "erase"]
    part = cbor.loads(log.open(event.device, event.seq), limit=4096)
    assert part == {int(Personal.STAFF): "責任者", int(Personal.REASON): "本人の 申し出"}


@pytest.mark.usefixtures("erased")
def test_the_write_ahead_log_is_emptied(data):
    """What was sealed does not lie in an old page."""
    assert (data / "store.db-wal").stat().st_size < 40_000  # what the erasure itself published


def opened(data):
    return opening.unlocked(data, opening.PRACTICE_PASSPHRASE)


def desk_of(store):
    return Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))


def test_its_number_is_not_given_again(data):
    """The number went with the names, and yet nobody gets it a second time."""
    with opened(data) as store:
        receive(desk_of(store), "山田　花子")
        row = receive(desk_of(store), CANARY)
        assert row.number == "A-002"
        store.ledger.erase(row.household.id, "係", "")
        assert store.ledger.next_number() == "A-003"
    with opened(data) as store:
        assert store.ledger.next_number() == "A-003"


def test_a_crash_after_the_commit_is_made_good_at_the_next_start(data, monkeypatch):
    """Segments that still held the sealed parts are laid anew when the store is opened again."""

    def dies(*_):
        raise RuntimeError

    with opened(data) as store:
        row = receive(desk_of(store), CANARY)
        store.ledger.publish()
        with monkeypatch.context() as patch:
            patch.setattr("kiosk.store.segments.Segments.lay", dies)
            with pytest.raises(RuntimeError):
                store.ledger.erase(row.household.id, "係", "")
        assert any("outbox" in problem for problem in store.ledger.problems(deep=True))
    with opened(data) as store:
        assert store.ledger.problems(deep=True) == []


def test_merged_households_are_erased_together(desk, ledger):
    """The same family under two ids is one household to forget."""
    one, other = receive(desk, CANARY), receive(desk, CANARY)
    desk.merge(other.household.id, one.household.id)
    ledger.erase(one.household.id, "係", "")
    assert desk.roster("カナリア") == []
    for row in (one, other):
        assert ledger.get(row.household.id).household.members[0].name is None


def test_an_unknown_household_is_one_sentence(ledger):
    """Nothing is written for a household that is not here."""
    head = ledger.head
    with pytest.raises(KnownError) as caught:
        ledger.erase(bytes(16), "係", "")
    assert (caught.value.code, ledger.head) == ("not_in_roster", head)


def test_events_taken_back_are_erased_again(data, tmp_path):
    """A log that lost the erasure and takes it back from the outbox forgets the household anew."""
    with opened(data) as store:
        row = receive(desk_of(store), CANARY)
    shutil.copy(data / "store.db", tmp_path / "old.db")
    with opened(data) as store:
        store.ledger.erase(row.household.id, "係", "")
    shutil.copy(tmp_path / "old.db", data / "store.db")
    with opened(data) as store:
        assert [notice.code for notice in store.ledger.notices] == ["taken_back"]
        assert store.ledger.get(row.household.id).household.members[0].name is None
        assert store.ledger.problems(deep=True) == []
