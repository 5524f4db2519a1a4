"""What HQ promises to devices, on both databases."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from devices import Device, standings
from headquarters import SHELTERS
from kiosk.core import cbor, counts
from kiosk.core.acts import Key
from kiosk.core.household import Method, Mode
from kiosk.core.ids import IncidentId
from kiosk.errors import Malformed
from sync.hq import tables
from sync.hq.refusals import Refused
from sync.wire import decode_batch, decode_counts, decode_registration, encode_batch, encode_counts


def push(hq, *segments):
    return hq.intake.receive(decode_batch(encode_batch(segments)))


def register(hq, device):
    return hq.intake.register(*decode_registration(device.registration()))


def report(hq, device, at=None):
    return hq.intake.report(*decode_counts(device.counts(at)))


def proven(hq, shelter=SHELTERS[0].id, mode=Mode.DRILL):
    return next(one for one in hq.figures(mode).shelters if one.shelter == shelter)


def numbered(device):
    return list(enumerate(device.hashes[1:], 1))


def test_registration_keeps_the_first_events_and_may_be_repeated(hq):
    """A device registers as often as it likes and is one device with one log."""
    device = hq.device()
    assert register(hq, device).head == (1, device.hashes[1])
    again = register(hq, device)
    assert (again.head, again.shelter, again.mode) == ((1, device.hashes[1]), SHELTERS[0].id, Mode.DRILL)
    assert hq.events(device) == numbered(device)


def test_a_token_hq_did_not_print_registers_nobody(hq):
    """A registration with an invented token is refused."""
    with pytest.raises(Refused) as refusal:
        register(hq, Device(7, b"x" * 16))
    assert refusal.value.code == "unknown_token"


def test_a_series_has_room_for_so_many_devices(hq):
    """The sixth laptop of a series for five is refused, and the five go on."""
    devices = [hq.device(seed) for seed in range(6)]
    for device in devices[:5]:
        register(hq, device)
    with pytest.raises(Refused) as refusal:
        register(hq, devices[5])
    assert refusal.value.code == "too_many_devices"
    assert register(hq, devices[4]).head[0] == 1


def test_a_revoked_series_registers_nobody_new(hq):
    """After a sheet is revoked, only laptops that registered before go on."""
    before, after = hq.device(1, registered=True), hq.device(2)
    with hq.database.write() as connection:
        connection.execute(tables.series.update().values(revoked_at=1))
    assert register(hq, before).head[0] == 1
    with pytest.raises(Refused) as refusal:
        register(hq, after)
    assert refusal.value.code == "revoked"


def test_a_token_without_the_key_registers_nobody(hq):
    """Who copied a token and another's first event, but not the key, is refused."""
    device, thief = hq.device(1), hq.device(2)
    thief.events, thief.hashes = device.events, device.hashes
    stolen = cbor.dumps([1, device.token, device.segment(1, 1)])
    forged = cbor.dumps([stolen, thief.key.sign(b"ESR1 registration\0" + stolen)])
    with pytest.raises(Refused) as refusal:
        hq.intake.register(*decode_registration(forged))
    assert refusal.value.code == "bad_signature"


def test_a_resent_batch_counts_nobody_twice(hq):
    """The same batch, twice, late and in pieces, leaves each event once."""
    device = hq.device(registered=True)
    for persons in (1, 2, 3, 4):
        device.receive(persons)
    for segments in ([device.segment()], [device.segment()], [device.segment(2, 3)], [device.segment(1, 1)]):
        taken = push(hq, *segments)
        assert not taken.troubles
        assert taken.heads == {device.id: (5, device.hashes[5])}
    assert hq.events(device) == numbered(device)
    assert (proven(hq).counts.households, proven(hq).counts.persons) == (4, 10)


def test_an_overlapping_segment_adds_what_is_new(hq):
    """A longer segment over one that HQ has gives HQ the rest."""
    device = hq.device(registered=True)
    device.receive()
    push(hq, device.segment(1, 2))
    device.receive()
    assert push(hq, device.segment(1, 3)).heads[device.id] == (3, device.hashes[3])
    assert hq.events(device) == numbered(device)


def test_a_gap_is_named_and_what_fits_is_kept(hq):
    """HQ says from which number to send, and keeps the good part of the batch."""
    device = hq.device(registered=True)
    for _ in range(4):
        device.receive()
    taken = push(hq, device.segment(2, 2), device.segment(4, 5))
    assert [(one.code, one.send_from) for one in taken.troubles] == [("gap", 3)]
    assert taken.heads[device.id] == (2, device.hashes[2])
    assert hq.events(device) == numbered(device)[:2]


def test_a_fork_keeps_both_branches(hq):
    """A copied laptop's other events are kept beside the log, and never counted."""
    device = hq.device(registered=True)
    device.receive(1)
    twin = device.clone()
    device.receive(2)
    device.receive(3)
    twin.receive(4)
    assert not push(hq, device.segment()).troubles
    for _ in range(2):
        taken = push(hq, twin.segment(1, 3))
        assert [(one.code, one.parted) for one in taken.troubles] == [("fork", 3)]
    assert hq.events(device) == numbered(device)
    assert hq.branch(device) == [(3, twin.hashes[3])]
    assert (proven(hq).counts.persons, proven(hq).forked) == (6, 1)


def test_a_branch_that_only_continues_is_a_fork_too(hq):
    """A copy that ran ahead is found by the hash before its first new event."""
    device = hq.device(registered=True)
    twin = device.clone()
    device.receive(1)
    twin.receive(2)
    twin.receive(3)
    push(hq, device.segment())
    # Where they parted lies before this segment: HQ does not guess.
    assert [(one.code, one.parted) for one in push(hq, twin.segment(3, 3)).troubles] == [("fork", None)]
    assert hq.branch(device) == [(3, twin.hashes[3])]


def test_a_strangers_segment_stops_nobody_else(hq):
    """An unknown device, a wrong signature and a revoked laptop are named; the others are taken."""
    good, revoked, forged = (hq.device(seed, registered=True) for seed in (1, 2, 3))
    stranger = hq.device(4)
    for device in (good, revoked, forged):
        device.receive(2)
    with hq.database.write() as connection:
        connection.execute(
            tables.device.update().where(tables.device.c.id == revoked.id).values(revoked_at=1)
        )
    altered = bytearray(forged.segment())
    altered[-1] ^= 1
    taken = push(hq, stranger.segment(), bytes(altered), revoked.segment(), good.segment())
    assert [one.code for one in taken.troubles] == ["unknown_device", "bad_signature", "revoked"]
    assert hq.events(good) == numbered(good)
    assert proven(hq).counts.persons == 2
    assert hq.events(forged) == numbered(forged)[:1]


def test_unknown_kinds_are_kept_and_counted_by_nobody(hq):
    """An event of a later version, and one whose public part we can not read, are kept like any other."""
    device = hq.device(registered=True)
    household = device.receive(2)
    device.append("teleport", {Key.MODE: 1, Key.HOUSEHOLD: household, 99: "?"})
    device.append("receive", {Key.MODE: 1, Key.HOUSEHOLD: household, Key.PERSONS: b"odd"})
    assert not push(hq, device.segment()).troubles
    assert hq.events(device) == numbered(device)
    assert proven(hq).counts.persons == 2


def test_counts_equal_the_fold_whatever_came(hq):
    """Leaves, voids and a second reception by another laptop end in what the fold says."""
    one, two = hq.device(1, registered=True), hq.device(2, registered=True)
    a, b, c = one.receive(1, Method.APP), one.receive(2, Method.CARD), one.receive(3, Method.COUNT)
    two.wall += 100
    two.receive(5, Method.DESK, household=a)
    two.void(b, 3, one.id)
    one.leave(c)
    push(hq, two.segment())
    push(hq, one.segment())
    found = standings([one, two])
    assert proven(hq).counts == counts.count(found)
    assert (
        proven(hq).by_method
        == counts.by_method(found)
        == {"app": 1, "card": 0, "desk": 0, "paper": 0, "count": 1}
    )
    assert proven(hq).receptions_doubled == 1


def test_drill_and_disaster_never_mix(hq):
    """A drill's device counts nobody in a disaster, not even by writing so into its events."""
    drill, disaster = hq.device(1, Mode.DRILL, registered=True), hq.device(2, Mode.DISASTER, registered=True)
    drill.receive(2)
    drill.mode = Mode.DISASTER
    drill.receive(50)
    disaster.receive(3)
    push(hq, drill.segment(), disaster.segment())
    assert hq.figures(Mode.DRILL).total.counts.persons == 2
    assert hq.figures(Mode.DISASTER).total.counts.persons == 3
    assert hq.events(drill) == numbered(drill)


def test_an_older_report_never_covers_a_newer_one(hq):
    """Counts reports that arrive out of order leave the newest standing."""
    device = hq.device(registered=True)
    device.receive(2)
    early = device.counts()
    device.receive(3)
    assert hq.intake.report(*decode_counts(device.counts())) == (1, device.hashes[1])
    hq.intake.report(*decode_counts(early))
    shelter = proven(hq)
    assert (shelter.reported.households, shelter.reported.persons) == (2, 5)
    assert (shelter.counts.persons, shelter.complete) == (0, False)
    push(hq, device.segment())
    assert proven(hq).complete


def test_a_report_needs_the_devices_own_key(hq):
    """A counts report signed by another laptop is refused, and so is one of an unknown laptop."""
    device, other = hq.device(1, registered=True), hq.device(2)
    with pytest.raises(Refused) as refusal:
        hq.intake.report(*decode_counts(encode_counts(device.report(), other.key)))
    assert refusal.value.code == "bad_signature"
    with pytest.raises(Refused) as refusal:
        report(hq, other)
    assert refusal.value.code == "unknown_device"


def test_a_report_past_every_clock_is_refused(hq):
    """A number that no database holds is refused, not stumbled over."""
    device = hq.device(registered=True)
    with pytest.raises(Malformed):
        report(hq, device, at=1 << 63)
    report(hq, device, at=(1 << 63) - 1)


def test_figures_of_one_incident_leave_the_others_out(hq):
    """Asked for one incident, HQ counts what was received and reported for it."""
    device = hq.device(registered=True)
    device.receive(2)
    device.incident = IncidentId(b"quake-01")
    device.receive(3)
    push(hq, device.segment())
    report(hq, device)
    assert hq.figures().total.counts.persons == 5
    figures = hq.figures(incident=device.incident).total
    assert (figures.counts.persons, figures.by_method["app"], figures.reported.persons) == (3, 1, 5)


def test_an_event_is_never_changed_or_deleted(hq):
    """The database itself refuses to alter the log, but lets a sealed part be erased."""
    device = hq.device(registered=True)
    device.receive(2)
    push(hq, device.segment())
    table = tables.event
    for statement in (
        table.update().values(public=b"x"),
        table.update().values(sealed=b"x"),
        table.update().values(hash=b"x" * 32),
        table.delete(),
    ):
        with pytest.raises(DBAPIError), hq.database.write() as connection:
            connection.execute(statement)
    with hq.database.write() as connection:
        connection.execute(table.update().values(sealed=None))
    assert hq.events(device) == numbered(device)
    assert not push(hq, device.segment()).troubles


def test_laptops_at_the_same_moment_fold_one_household_together(hq):
    """Two laptops that bring events of one household at once are both in the count."""
    devices = [hq.device(seed, registered=True) for seed in range(1, 5)]
    households = [bytes([number]) * 16 for number in range(1, 6)]
    for device in devices:
        for household in households:
            device.receive(2, household=household)
    barrier = threading.Barrier(len(devices))

    def bring(device):
        barrier.wait()
        for number in range(2, device.last + 1):
            push(hq, device.segment(number, number))

    threads = [threading.Thread(target=bring, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = standings(devices)
    assert proven(hq).counts == counts.count(found)
    assert proven(hq).receptions_doubled == 5
    with hq.database.read() as connection:
        assert connection.scalar(text("SELECT min(receptions) FROM standing")) == 4


def test_names_are_nowhere_in_the_database(hq):
    """No byte of a name is in any table: HQ holds only what it can not open."""
    device = hq.device(registered=True)
    device.receive(3)
    push(hq, device.segment())
    report(hq, device)
    with hq.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode()
                    assert "山田".encode() not in data


def test_a_report_with_other_values_than_ours_is_kept(hq):
    """A later version's extra figures harm nobody."""
    device = hq.device(registered=True)
    odd = dataclasses.replace(device.report(), values={"persons": 7, "dragons": 2}, by_method={"drone": 1})
    hq.intake.report(*decode_counts(encode_counts(odd, device.key)))
    assert proven(hq).reported.persons == 7
