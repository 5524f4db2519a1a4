"""The log is a chain that stands even when a part of it was erased, and falls when a part was changed."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import cbor, events, ids
from kiosk.core.events import GENESIS, Event
from kiosk.errors import Malformed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = KEY.public_key().public_bytes_raw()
DEVICE = ids.device_id(PUBLIC_KEY)

made = st.builds(
    Event.make,
    st.just(DEVICE),
    st.integers(1, 2**53 - 1),
    st.integers(0, 2**63 - 1),
    st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=events.MAX_KIND),
    st.dictionaries(st.integers(0, 2**16), st.integers(0, 2**40) | st.binary(max_size=40), max_size=6),
    st.binary(max_size=200),
)


def chain(run):
    """The hashes of a run of events from the beginning of a log."""
    hashes, last = [], GENESIS
    for event in run:
        last = event.hash(last)
        hashes.append(last)
    return hashes


@given(st.lists(made, min_size=1, max_size=6))
def test_erasing_a_sealed_part_leaves_the_chain_standing(run):
    """What was sealed can be erased later, and every hash stays what it was."""
    erased = [replace(event, sealed=None) for event in run]
    assert chain(erased) == chain(run)
    for event in erased:
        events.check(event)


@given(st.lists(made, min_size=1, max_size=6), st.data())
def test_a_change_anywhere_changes_every_hash_after_it(run, data):
    """Nothing in the log can be altered, and nothing left out, without the head showing it."""
    place = data.draw(st.integers(0, len(run) - 1))
    event = run[place]
    changes = {
        "seq": event.seq + 1,
        "at": event.at + 1,
        "kind": event.kind + "x",
        "public": {**event.public, 77_777: 1},
        "sealed_hash": sha256(event.sealed_hash).digest(),
        "device": bytes(16),
    }
    name = data.draw(st.sampled_from(sorted(changes)))
    changed = [*run[:place], replace(event, **{name: changes[name]}), *run[place + 1 :]]
    before, after = chain(run), chain(changed)
    assert after[:place] == before[:place]
    assert all(one != other for one, other in zip(before[place:], after[place:], strict=True))


@given(made)
def test_the_header_is_canonical(event):
    """A header is one spelling, and holds nothing of the sealed part."""
    parts = cbor.loads(event.header, limit=events.MAX_HEADER * 2)
    assert parts == [events.FORMAT, DEVICE, event.seq, event.at, event.kind, event.public]


def test_the_hash_is_the_documented_one():
    """The hash is SHA-256(previous ‖ header ‖ SHA-256(sealed)), byte for byte."""
    event = Event.make(DEVICE, 1, 2, "leave", {1: b"x"}, b"sealed")
    written = cbor.dumps([1, DEVICE, 1, 2, "leave", {1: b"x"}])
    assert event.hash(GENESIS) == sha256(bytes(32) + written + sha256(b"sealed").digest()).digest()


@given(made)
def test_what_is_made_passes_the_check(event):
    """Every event we can make is one we accept; unknown kinds and keys are fine."""
    events.check(event)


@pytest.mark.parametrize(
    "changes",
    [
        {"device": b"short"},
        {"seq": 0},
        {"seq": -1},
        {"seq": 1 << 53},
        {"at": -1},
        {"at": 1 << 63},
        {"kind": ""},
        {"kind": "Receive"},
        {"kind": "a" * 25},
        {"kind": "re ceive"},
        {"public": {"1": 1}},
        {"public": {-1: 1}},
        {"public": {True: 1}},
        {"public": {1: b"x" * events.MAX_HEADER}},
        {"sealed": b"another"},
        {"sealed_hash": b"short", "sealed": None},
        {"sealed": b"x" * (events.MAX_SEALED + 1)},
    ],
)
def test_an_envelope_that_cannot_be(changes):
    """Numbers out of range, unknown shapes, and a sealed part that is not its hash are refused."""
    event = replace(Event.make(DEVICE, 1, 1, "receive", {}, b"sealed"), **changes)
    with pytest.raises(Malformed) as caught:
        events.check(event)
    assert caught.value.code in ("malformed", "too_large")


def test_one_signature_vouches_for_one_head():
    """The signature of a head fits this device, this number and this hash, and no other."""
    digest = sha256(b"head").digest()
    signature = events.sign_head(KEY, DEVICE, 7, digest)
    assert events.head_is_signed(PUBLIC_KEY, DEVICE, 7, digest, signature)
    assert not events.head_is_signed(PUBLIC_KEY, DEVICE, 8, digest, signature)
    assert not events.head_is_signed(PUBLIC_KEY, DEVICE, 7, sha256(digest).digest(), signature)
    assert not events.head_is_signed(PUBLIC_KEY, ids.DeviceId(bytes(16)), 7, digest, signature)
    assert not events.head_is_signed(PUBLIC_KEY, DEVICE, 7, digest, bytes(64))
    assert not events.head_is_signed(bytes(32), DEVICE, 7, digest, signature)
    assert not events.head_is_signed(b"no key", DEVICE, 7, digest, b"no signature")


def test_a_device_id_proves_its_key():
    """The id is the first half of the key's hash: another key has another id."""
    assert sha256(PUBLIC_KEY).digest()[:16] == DEVICE


def test_ids_are_as_long_as_they_should_be():
    """Ids are random bytes of the agreed length from the randomness that is passed in."""
    sizes = []

    def randomness(size):
        sizes.append(size)
        return b"r" * size

    assert ids.new_household(randomness) == b"r" * 16
    assert ids.new_person(randomness) == b"r" * 8
    assert sizes == [16, 8]
