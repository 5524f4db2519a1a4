"""What HQ gives back to a laptop that lost it: to nobody else, and exactly what that laptop signed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from headquarters import SHELTERS
from kiosk.core.household import Mode
from sync.hq import tables
from sync.hq.erasure import erase_household
from sync.hq.giving_back import ENOUGH, giving_back
from sync.hq.refusals import Refused
from sync.wire import MAX_SEGMENT, SEGMENT_TARGET, Ask, decode_ask, decode_batch, encode_ask, encode_batch


def sent(hq, device, size=4):
    """Everything a device wrote comes in, in segments of `size` events."""
    batches = [data for _, _, data in device.segments(size)]
    for start in range(0, len(batches), 50):
        taken = hq.intake.receive(decode_batch(encode_batch(batches[start : start + 50])))
        assert taken.troubles == []
    return device


def households(device, number, persons=3):
    for _ in range(number):
        device.receive(persons)
    return device


def given(hq, ask):
    return decode_batch(giving_back(hq.database)(*decode_ask(ask))).segments


def all_given(hq, asker, device, after=0):
    """Every answer one after another, as a laptop asks."""
    found = []
    while answer := given(hq, asker.ask(after, device)):
        found += answer
        after = found[-1].last
    return found


def refused(hq, ask):
    with pytest.raises(Refused) as refusal:
        given(hq, ask)
    return refusal.value.code


@pytest.mark.parametrize(("size", "after"), [(1, 0), (4, 0), (4, 1), (4, 6), (50, 3)])
def test_the_very_events_come_back_under_the_devices_own_signature(hq, size, after):
    """However they came and from wherever they are asked: same events, same chain, signed, to the head."""
    device = sent(hq, households(hq.device(registered=True), 20), size)
    back = all_given(hq, device, device, after)
    assert [event for segment in back for event in segment.events] == device.events[after:]
    assert all(segment.is_signed_by(device.public_key) for segment in back)
    assert back[0].previous == device.hashes[after]
    assert back[-1].hashes()[-1] == device.hashes[-1]
    assert all_given(hq, device, device, device.last) == []
    assert all_given(hq, device, device, 10_000) == []


@pytest.mark.parametrize("persons", [1, 7])
def test_a_whole_shift_comes_in_answers_that_a_slow_link_carries(small_hq, persons):
    """Many small segments come back as few large ones, each answer about 64 KiB and 500 events at most."""
    device = sent(small_hq, households(small_hq.device(registered=True), 700, persons), 1)
    first = giving_back(small_hq.database)(*decode_ask(device.ask()))
    assert SEGMENT_TARGET < len(first) < ENOUGH + MAX_SEGMENT
    back = all_given(small_hq, device, device)
    assert sum(len(segment.events) for segment in back) == device.last
    assert max(len(segment.data) for segment in back) <= SEGMENT_TARGET
    assert len(back) < 40


def test_a_laptop_gets_back_what_it_was_before(hq):
    """After two restores it may ask for all three of its logs."""
    first = sent(hq, households(hq.device(1, registered=True), 5))
    second = sent(hq, households(hq.device(2, registered=True, before=first), 2))
    third = hq.device(3, registered=True, before=second)
    for device in (first, second):
        back = all_given(hq, third, device)
        assert [event for segment in back for event in segment.events] == device.events
    assert refused(hq, first.ask(0, third)) == "not_yours"


def test_of_a_former_device_only_what_came_before_its_successor_is_given(hq):
    """Whatever it says later, a copy of the laptop said."""
    first = sent(hq, households(hq.device(1, registered=True), 5))
    known = first.last
    hq.now += 1
    second = hq.device(2, registered=True, before=first)
    hq.now += 1
    sent(hq, households(first, 4), 3)
    back = all_given(hq, second, first)
    assert [event for segment in back for event in segment.events][:known] == first.events[:known]
    assert back[-1].last == known
    assert all_given(hq, first, first)[-1].last == first.last


def test_nobody_else_is_answered(hq):
    """Another laptop, one elsewhere that claims to have been it, a stranger, a stolen one: no event."""
    device = sent(hq, households(hq.device(1, registered=True), 3))
    other = hq.device(2, registered=True)
    far = hq.device(3, shelter=SHELTERS[1].id, registered=True, before=device)
    disaster = hq.device(4, mode=Mode.DISASTER, registered=True, before=device)
    for asker in (other, far, disaster):
        assert refused(hq, asker.ask(0, device)) == "not_yours"
    assert refused(hq, hq.device(5, before=device).ask(0, device)) == "unknown_device"
    assert refused(hq, encode_ask(Ask(device.id, device.id, 0), other.transport)) == "bad_signature"
    assert refused(hq, encode_ask(Ask(device.id, device.id, 0), device.key)) == "bad_signature"
    with hq.database.write() as connection:
        connection.execute(update(tables.device).where(tables.device.c.id == device.id).values(revoked_at=1))
    assert refused(hq, device.ask()) == "revoked"


def test_what_was_erased_comes_back_as_erased(hq):
    """The chain still verifies, and the sealed parts of an erased household are nowhere in it."""
    device = hq.device(registered=True)
    goes = device.receive(2)
    sent(hq, households(device, 3))
    with hq.database.write() as connection:
        erase_household(connection, goes)
    back = all_given(hq, device, device)
    events = [event for segment in back for event in segment.events]
    assert [event.seq for event in events if event.sealed is None] == [2]
    assert all(segment.is_signed_by(device.public_key) for segment in back)


def test_of_a_copied_laptop_the_log_that_is_counted_comes_back(hq):
    """The other branch is kept for a person to see, and never given as the log."""
    device = households(hq.device(registered=True), 3)
    twin = households(device.clone(), 4)
    sent(hq, households(device, 2))
    assert hq.intake.receive(decode_batch(encode_batch([twin.segment()]))).troubles[0].code == "fork"
    back = all_given(hq, device, device)
    assert [event for segment in back for event in segment.events] == device.events


def test_what_comes_twice_is_noted_once(hq):
    """Where segments ended is kept once, however often and in whatever pieces they come."""
    device = households(hq.device(registered=True), 11)
    for size in (4, 4, 3, 12):
        sent(hq, device, size)
    with hq.database.read() as connection:
        ends = connection.scalars(select(tables.border.c.seq).order_by(tables.border.c.seq)).all()
        assert connection.scalar(select(func.count()).select_from(tables.event)) == device.last
    assert ends == [1, 3, 4, 6, 8, 9, 12]


def test_events_from_before_signatures_were_kept_are_not_given(hq):
    """HQ gives nothing it can not prove: where no signature is known, it says that this is all."""
    device = sent(hq, households(hq.device(registered=True), 5), 2)
    with hq.database.write() as connection:
        connection.execute(tables.border.delete())
    assert all_given(hq, device, device) == []
