"""Key slots as bytes and as ways in."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core import cbor, key_slots
from kiosk.core.access import Actor, Role
from kiosk.core.key_slots import Cost, KeySlots, StaffSlot, make_slot, open_slot
from kiosk.core.staff import SecretKind
from kiosk.errors import Malformed

QUICK = Cost(memory_kib=8, passes=1)
STORE, DEVICE = b"s" * 16, b"d" * 32
KEYS = (b"1" * 48, b"2" * 48)
RECORDS = X25519PrivateKey.from_private_bytes(b"r" * 32)


SECRET = "ながい あいことば"


def slot(name="係", secret=SECRET, role=Role.SUPERVISOR, device=DEVICE):
    who = Actor(os.urandom(8), name, role)
    return make_slot(STORE, who, SecretKind.PASSPHRASE, secret, device, os.urandom, QUICK)


def slots(*staff: StaffSlot, keys=KEYS[:1], serial=1):
    return KeySlots.write(STORE, serial, RECORDS.public_key().public_bytes_raw(), staff, keys)


def test_staff_slots_cost_what_guessing_must_cost():
    """At least 64 MiB and three passes, unless a store of invented people says otherwise."""
    assert key_slots.STAFF_COST.memory_kib >= 64 * 1024
    assert key_slots.STAFF_COST.passes >= 3


def test_each_secret_opens_its_own_slot_and_all_keys():
    """Two people, two secrets, the same keys; nobody opens with the other's secret."""
    first, second = slot("一郎", "いちろうの ことば"), slot("花子", "はなこの ことば", device=None)
    both = slots(first, second, keys=KEYS)
    for one, secret in ((first, "いちろうの ことば"), (second, "はなこの ことば")):
        private = open_slot(STORE, one, secret, DEVICE)
        assert both.open(one, private) == KEYS
        assert open_slot(STORE, one, secret + "!", DEVICE) is None
    assert open_slot(STORE, first, "はなこの ことば", DEVICE) is None


def test_a_bound_slot_opens_on_its_laptop_only():
    """Without the laptop's own secret, or with another's, the right passphrase opens nothing."""
    bound = slot()
    assert open_slot(STORE, bound, SECRET, None) is None
    assert open_slot(STORE, bound, SECRET, b"e" * 32) is None
    assert open_slot(STORE, bound, SECRET, DEVICE) is not None


def test_a_free_slot_opens_anywhere():
    """A slot that stands alone needs no laptop's secret, and is not disturbed by one."""
    free = slot(device=None)
    assert open_slot(STORE, free, SECRET, None) is not None
    assert open_slot(STORE, free, SECRET, DEVICE) is not None


def test_a_slot_does_not_open_in_another_store():
    """Slots can not be carried from one store's file into another's."""
    assert open_slot(b"t" * 16, slot(), SECRET, DEVICE) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "supervisor"), ("id", b"another!"), ("bound", False), ("kind", SecretKind.PIN)],
)
def test_who_somebody_is_can_not_be_rewritten(field, value):
    """A volunteer who edits the file does not come in as a supervisor: the slot opens no more."""
    volunteer = slot(role=Role.VOLUNTEER)
    assert open_slot(STORE, replace(volunteer, **{field: value}), SECRET, DEVICE) is None


def test_only_who_had_the_keys_can_write_the_slots():
    """A slot slipped in, a name changed or somebody left out is noticed with the keys at hand."""
    first, stranger = slot("一郎"), slot("よその人")
    good = slots(first)
    assert good.verify(KEYS[:1])
    assert not good.verify(KEYS)
    assert not good.verify((b"3" * 48,))
    renamed = replace(good, staff=(replace(first, name="二郎"),))
    slipped_in = replace(
        good, staff=(first, stranger), wraps=(replace(good.wraps[0], staff=good.wraps[0].staff * 2),)
    )
    newer = replace(good, serial=2)
    elsewhere = replace(good, records_key=b"x" * 32)
    for altered in (renamed, slipped_in, newer, elsewhere):
        assert not altered.verify(KEYS[:1])
        assert not KeySlots.from_bytes(altered.to_bytes()).verify(KEYS[:1])


def test_the_master_opens_the_recovery_wraps():
    """The municipality's records key opens every key; another's opens none."""
    both = slots(slot(), keys=KEYS)
    assert both.open_with_master(RECORDS) == KEYS
    with pytest.raises(Malformed, match="wrong_key"):
        both.open_with_master(X25519PrivateKey.generate())


def test_the_file_holds_no_secret():
    """Neither a store key, nor a private half, nor a secret, nor the laptop's own is in the bytes."""
    one = slot(secret="ひみつの ことば")
    private = open_slot(STORE, one, "ひみつの ことば", DEVICE)
    data = slots(one, keys=KEYS).to_bytes()
    for secret in (KEYS[0][:32], KEYS[1][:32], private.private_bytes_raw(), DEVICE, "ひみつ".encode()):
        assert secret not in data


@pytest.mark.parametrize("keys", [KEYS[:1], KEYS])
@pytest.mark.parametrize("count", [0, 1, 9, key_slots.MAX_STAFF])
def test_the_file_round_trips_and_has_room(keys, count):
    """As many staff as are allowed fit, with two keys."""
    staff = [slot(f"係の人の ながい 名前 {number:030}") for number in range(count)]
    written = slots(*staff, keys=keys)
    assert KeySlots.from_bytes(written.to_bytes()) == written


def test_every_flipped_bit_is_noticed():
    """No damage to the file is read as something else."""
    data = slots(slot()).to_bytes()
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(Malformed):
            KeySlots.from_bytes(bytes(flipped))


@pytest.mark.parametrize("cut", [0, 1, 50, -1])
def test_a_cut_file_is_noticed(cut):
    """Half a file is no file."""
    with pytest.raises(Malformed):
        KeySlots.from_bytes(slots(slot()).to_bytes()[:cut])


def test_another_version_says_so():
    """A file of a later program is not called damaged."""
    with pytest.raises(Malformed, match="unknown_format"):
        KeySlots.from_bytes(cbor.dumps([99, b""]))


@pytest.mark.parametrize(
    "cost", [(8, 1, 2), (2**31, 1, 1), (64, 0, 1), (64, 99, 1), (64, 1, 0), (640, 1, 64)]
)
def test_a_slot_that_asks_for_too_much_is_refused(cost):
    """A file made to eat the laptop's memory or time stops nothing."""
    row = key_slots.slot_row(slot())
    row[6] = list(cost)
    with pytest.raises(Malformed):
        key_slots.read_slot(row)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**40) | st.binary(max_size=50) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=11) | st.dictionaries(st.integers(0, 9), inner, max_size=4),
    max_leaves=30,
)


@given(anything)
def test_no_row_raises_anything_else(row):
    """Whatever a row holds, it is a slot or Malformed."""
    with suppress(Malformed):
        key_slots.read_slot(row)


@settings(max_examples=300)
@given(anything, anything, anything)
def test_no_file_raises_anything_else(first, second, third):
    """Whatever a file holds, it is slots or Malformed, even with a right checksum."""
    body = cbor.dumps(first)
    try:
        check = key_slots._check(body, second)
    except Malformed:
        return
    for value in ([2, body, second, check], [2, body, second, third], [2, first, second, third], third):
        with suppress(Malformed):
            KeySlots.from_bytes(cbor.dumps(value))
