"""What travels between a kiosk and everyone else arrives whole, or is refused with one known error."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import cbor, events, ids
from kiosk.core.events import GENESIS, Event
from kiosk.errors import Malformed
from sync import wire

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = KEY.public_key().public_bytes_raw()
DEVICE = ids.device_id(PUBLIC_KEY)

bodies = st.tuples(
    st.integers(0, 2**62),
    st.sampled_from(["device", "receive", "void", "leave", "teleport"]),
    st.dictionaries(st.integers(0, 99), st.integers(0, 2**40) | st.binary(max_size=20), max_size=4),
    st.binary(max_size=96),
)


def segment_of(contents, first=1, previous=GENESIS):
    """A signed segment from (at, kind, public, sealed) rows."""
    run = [Event.make(DEVICE, seq, *body) for seq, body in enumerate(contents, first)]
    digest = previous
    for event in run:
        digest = event.hash(digest)
    return wire.encode_segment(run, previous, events.sign_head(KEY, DEVICE, run[-1].seq, digest)), run


segments = st.builds(
    segment_of,
    st.lists(bodies, min_size=1, max_size=5),
    st.integers(1, 2**40),
    st.binary(min_size=32, max_size=32),
)
ONE, _ = segment_of(
    [(1 << 16, "receive", {2: 1, 3: bytes(16)}, b"sealed" * 8), (2 << 16, "leave", {2: 1}, b"")]
)
naturals = st.integers(0, 2**63 - 1)
figures = st.integers(1, wire.MOST_COUNTED - 1)
reports = st.builds(
    wire.CountsReport,
    st.just(DEVICE),
    naturals,
    naturals,
    st.integers(0, 1),
    st.none() | st.binary(min_size=8, max_size=8),
    st.dictionaries(st.text(max_size=8), figures, max_size=5),
    st.dictionaries(st.text(max_size=8), figures, max_size=5),
)
REPORT = wire.CountsReport(DEVICE, 42, 1 << 40, 1, bytes(8), {"persons": 12}, {"app": 5})
ASK = wire.Ask(DEVICE, DEVICE, 41)
DECODERS = (
    wire.decode_segment,
    wire.decode_batch,
    wire.decode_counts,
    wire.decode_registration,
    wire.decode_ask,
)
SAMPLES = {
    wire.decode_segment: ONE,
    wire.decode_batch: wire.encode_batch([ONE, ONE]),
    wire.decode_counts: wire.encode_counts(REPORT, KEY),
    wire.decode_registration: wire.encode_registration(b"t" * 16, ONE, KEY),
    wire.decode_ask: wire.encode_ask(ASK, KEY),
}


@given(segments)
def test_a_segment_arrives_whole(made):
    """Events, place in the chain and signature come back, and the bytes are kept for relaying."""
    data, run = made
    segment = wire.decode_segment(data)
    assert list(segment.events) == run
    assert (segment.device, segment.first, segment.last) == (DEVICE, run[0].seq, run[-1].seq)
    assert segment.data == data
    assert segment.is_signed_by(PUBLIC_KEY)
    assert not segment.is_signed_by(bytes(32))


@given(segments, st.data())
def test_an_erased_part_does_not_break_the_signature(made, data):
    """A relay that passes a segment on after erasure passes on a segment that still verifies."""
    _, run = made
    place = data.draw(st.integers(0, len(run) - 1))
    whole = wire.decode_segment(made[0])
    cut = [
        Event(e.device, e.seq, e.at, e.kind, e.public, None if n == place else e.sealed, e.sealed_hash)
        for n, e in enumerate(run)
    ]
    again = wire.decode_segment(wire.encode_segment(cut, whole.previous, whole.signature))
    assert again.events[place].sealed is None
    assert again.hashes() == whole.hashes()
    assert again.is_signed_by(PUBLIC_KEY)


@given(st.lists(segments, max_size=4))
def test_a_batch_carries_whole_segments(made):
    """A request holds the very bytes of its segments."""
    batch = wire.decode_batch(wire.encode_batch(data for data, _ in made))
    assert [segment.data for segment in batch.segments] == [data for data, _ in made]


@given(reports)
def test_counts_arrive_signed(report):
    """A counts report comes back, and only the device's key signed it."""
    read, message, signature = wire.decode_counts(wire.encode_counts(report, KEY))
    assert read == report
    assert wire.is_signed(PUBLIC_KEY, message, signature)
    assert not wire.is_signed(PUBLIC_KEY, message + b"!", signature)
    assert not wire.is_signed(b"no key", message, signature)


def test_zeros_need_no_bytes():
    """A count of nothing is not sent, so that the report stays tiny."""
    empty = wire.CountsReport(DEVICE, 1, 1, 0, None, {"persons": 0}, {"app": 0})
    read, _, _ = wire.decode_counts(wire.encode_counts(empty, KEY))
    assert (read.values, read.by_method) == ({}, {})
    assert len(wire.encode_counts(REPORT, KEY)) < 250


def test_a_registration_arrives_signed():
    """A device's first words carry its token and its first segment, under its own signature."""
    read, message, signature = wire.decode_registration(wire.encode_registration(b"t" * 16, ONE, KEY))
    assert read.token == b"t" * 16
    assert read.segment.data == ONE
    assert wire.is_signed(PUBLIC_KEY, message, signature)


def test_an_ask_arrives_signed():
    """A laptop says who it is, whose events it lost and past which, under its transport key, in few bytes."""
    read, message, signature = wire.decode_ask(wire.encode_ask(ASK, KEY))
    assert read == ASK
    assert message.startswith(b"ESR1 ask\0")
    assert wire.is_signed(PUBLIC_KEY, message, signature)
    assert len(wire.encode_ask(ASK, KEY)) < 120


def test_messages_of_one_kind_do_not_pass_for_another():
    """A signature under counts is none under a registration: each kind signs its own name."""
    _, counts, _ = wire.decode_counts(wire.encode_counts(REPORT, KEY))
    _, registration, _ = wire.decode_registration(wire.encode_registration(b"t" * 16, ONE, KEY))
    assert counts.startswith(b"ESR1 counts\0")
    assert registration.startswith(b"ESR1 registration\0")
    assert events.head_message(DEVICE, 1, bytes(32)).startswith(b"ESR1 head\0")


@given(st.sampled_from(DECODERS), st.data())
def test_mutated_bytes_only_ever_raise_malformed(decode, data):
    """Bits flipped, bytes cut, doubled or put in: a value or one known error, never a traceback."""
    raw = bytearray(SAMPLES[decode])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(raw) - 1)))
        change = data.draw(st.sampled_from(["flip", "cut", "put", "repeat"]))
        if change == "flip" and raw:
            raw[place] ^= 1 << data.draw(st.integers(0, 7))
        elif change == "cut":
            del raw[place : place + data.draw(st.integers(1, 40))]
        elif change == "put":
            raw[place:place] = data.draw(st.binary(max_size=12))
        elif change == "repeat":
            raw[place:place] = raw[place : place + 40]
    with contextlib.suppress(Malformed):
        decode(bytes(raw))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**40) | st.binary(max_size=64) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.integers(0, 9), inner, max_size=6),
    max_leaves=16,
)


@given(st.sampled_from(DECODERS), values | st.lists(values, min_size=6, max_size=8))
def test_any_other_value_only_ever_raises_malformed(decode, value):
    """Well-formed CBOR that is no message of ours is refused, whatever its shape; so is one inside."""
    with contextlib.suppress(Malformed):
        decode(cbor.dumps(value))
    with contextlib.suppress(Malformed):
        decode(cbor.dumps([cbor.dumps(value), bytes(64)]))
    with contextlib.suppress(Malformed):
        decode(cbor.dumps([wire.FORMAT, [cbor.dumps(value)]]))


PARTS = [1, DEVICE, 1, GENESIS, [[1, "leave", {2: 1}, b""]], bytes(64)]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, 2, "unknown_format"),
        (0, True, "unknown_format"),
        (1, bytes(15), "malformed"),
        (2, 0, "malformed"),
        (2, True, "malformed"),
        (2, 1 << 53, "malformed"),
        (3, bytes(31), "malformed"),
        (4, [], "malformed"),
        (4, {}, "malformed"),
        (4, [[1, "leave", {2: 1}]], "malformed"),
        (4, [[True, "leave", {2: 1}, b""]], "malformed"),
        (4, [[1, b"leave", {2: 1}, b""]], "malformed"),
        (4, [[1, "leave", [2, 1], b""]], "malformed"),
        (4, [[1, "leave", {2: 1}, None]], "malformed"),
        (4, [[1, "leave", {2: 1}, [bytes(31)]]], "malformed"),
        (4, [[1, "leave", {2: 1}, [bytes(32), bytes(32)]]], "malformed"),
        (4, [[1, "leave", {2: 1}, bytes(events.MAX_SEALED + 1)]], "too_large"),
        (4, [[1, "leave", {2: 1}, b""]] * (wire.MAX_EVENTS + 1), "malformed"),
        (5, bytes(63), "malformed"),
    ],
)
def test_a_segment_s_parts_are_what_they_must_be(place, value, code):
    """Each part has one kind and one size; `true` is no number one."""
    assert wire.decode_segment(cbor.dumps(PARTS)).last == 1
    with pytest.raises(Malformed) as caught:
        wire.decode_segment(cbor.dumps([*PARTS[:place], value, *PARTS[place + 1 :]]))
    assert caught.value.code == code


def test_a_batch_has_limits():
    """More than 1 MiB or 500 events are not read in one request."""
    many, _ = segment_of([(1, "leave", {2: 1}, b"")] * 400)
    assert wire.decode_batch(wire.encode_batch([many]))
    for batch in (wire.encode_batch([many, many]), bytes(wire.MAX_BATCH + 1)):
        with pytest.raises(Malformed) as caught:
            wire.decode_batch(batch)
        assert caught.value.code == "too_large"


def test_a_segment_has_a_limit():
    """More than 64 KiB is no segment of ours."""
    big, _ = segment_of([(1, "receive", {2: 1}, bytes(16_000))] * 5)
    with pytest.raises(Malformed) as caught:
        wire.decode_segment(big)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("part", ["values", "by_method"])
def test_a_figure_that_could_not_be_added_up_is_refused(part):
    """A count of more people than there are is no count."""
    report = replace(REPORT, **{part: {"persons": wire.MOST_COUNTED}})
    with pytest.raises(Malformed):
        wire.decode_counts(wire.encode_counts(report, KEY))
