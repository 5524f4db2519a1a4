"""HQ erases sealed parts when it is told to, and everything it can prove it can still prove."""

from __future__ import annotations

from sqlalchemy import select

from kiosk.core.acts import Key
from sync.hq import tables
from sync.hq.erasure import erase_household
from sync.wire import decode_batch, encode_batch


def push(hq, *segments):
    return hq.intake.receive(decode_batch(encode_batch(segments)))


def sealed_parts(hq, device):
    table = tables.event
    with hq.database.read() as connection:
        rows = connection.execute(select(table.c.seq, table.c.sealed).where(table.c.device == device.id))
        return {row.seq: row.sealed for row in rows}


def test_one_household_is_erased_and_no_other(hq):
    """Its sealed parts are gone, the hashes and the figures stay, and doing it again erases nothing more."""
    device = hq.device(registered=True)
    goes, stays = device.receive(3), device.receive(2)
    device.leave(goes)
    push(hq, device.segment())
    before = hq.figures().total.to_dict()
    with hq.database.write() as connection:
        assert erase_household(connection, goes) == 2
    with hq.database.write() as connection:
        assert erase_household(connection, goes) == 0
    parts = sealed_parts(hq, device)
    assert (parts[2], parts[4]) == (None, None)
    assert parts[3]
    assert stays
    assert hq.figures().total.to_dict() == before
    assert hq.events(device) == list(enumerate(device.hashes[1:], 1))


def test_what_comes_again_brings_nothing_back(hq):
    """A relay with an old segment does not undo an erasure, and newer events go on from the same chain."""
    device = hq.device(registered=True)
    goes = device.receive(3)
    push(hq, device.segment())
    with hq.database.write() as connection:
        erase_household(connection, goes)
    push(hq, device.segment())
    device.receive(1)
    assert not push(hq, device.segment()).troubles
    assert sealed_parts(hq, device)[2] is None


def test_branches_forget_too(hq):
    """The other branch of a fork keeps nothing of an erased household."""
    device, twin = hq.device(registered=True), hq.device()
    device.receive(1)
    push(hq, device.segment())
    twin.random.randbytes(1)  # from here on the copy goes its own way
    goes, stays = twin.receive(2), twin.receive(2)
    push(hq, twin.segment())
    with hq.database.write() as connection:
        assert erase_household(connection, goes) == 1
        rows = connection.execute(select(tables.branch)).all()
    kept = {row.seq: row.sealed for row in rows}
    assert kept[2] is None
    assert kept[3]
    assert stays


def test_a_restored_laptop_counts_for_the_one_it_was(hq):
    """The former device's report is not added to its successor's, and people see that something happened."""
    from sync.wire import decode_counts, decode_registration

    device = hq.device(registered=True)
    device.receive(3)
    hq.intake.report(*decode_counts(device.counts()))
    successor = hq.device(seed=5)
    successor.events.clear()
    del successor.hashes[1:]
    successor.append(
        "device",
        {Key.SIGN_KEY: successor.public_key, Key.SERIES: successor.series, Key.BEFORE: bytes(device.id)},
    )
    successor.receive(2)
    hq.intake.register(*decode_registration(successor.registration()))
    hq.intake.report(*decode_counts(successor.counts()))
    total = hq.figures().total
    assert (total.reported.households, total.forked, total.devices) == (1, 1, 2)
