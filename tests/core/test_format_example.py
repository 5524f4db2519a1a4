"""The page docs/formats/events.md says what the code does: its example and its tables are read from it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core import acts, cbor, events, ids, staff
from kiosk.core.acts import Key, Kind, Personal, Timing
from kiosk.core.dates import BirthDate
from kiosk.core.household import Method, Mode, Need, Relation, Sex
from kiosk.core.sealing import unseal
from sync import wire

PAGE = (Path(__file__).resolve().parents[2] / "docs/formats/events.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example():
    """The values of the page's example, by name."""
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    return {name: bytes.fromhex(value) for name, value in json.loads(block).items()}


@pytest.fixture(scope="module")
def event(example):
    """The event of the example, read from its segment."""
    segment = wire.decode_segment(example["segment"])
    assert (segment.first, segment.previous) == (2, example["previous"])
    (only,) = segment.events
    return only


def rows(title):
    """The table under a heading: number → name."""
    part = PAGE.split(f"# {title}\n", 1)[1].split("\n#", 1)[0]
    return {
        int(number): name for number, name in re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", part, re.MULTILINE)
    }


def test_the_device_id_follows_from_its_key(example):
    """Whoever has the page can work out the device's id."""
    key = Ed25519PrivateKey.from_private_bytes(example["sign_private"])
    assert key.public_key().public_bytes_raw() == example["sign_public"]
    assert ids.device_id(example["sign_public"]) == example["device"]


def test_header_and_hash_are_those_of_the_page(example, event):
    """Header, hash of the sealed part and hash of the event are the printed bytes."""
    assert event.header == example["header"]
    assert event.sealed == example["sealed"]
    assert event.sealed_hash == example["sealed_hash"] == sha256(example["sealed"]).digest()
    assert example["previous"] == sha256(b"the event before").digest()
    assert event.hash(example["previous"]) == example["hash"]


def test_the_head_signature_is_that_of_the_page(example, event):
    """Ed25519 is deterministic: the same head has the same signature everywhere."""
    key = Ed25519PrivateKey.from_private_bytes(example["sign_private"])
    assert events.sign_head(key, event.device, event.seq, example["hash"]) == example["signature"]
    assert wire.decode_segment(example["segment"]).is_signed_by(example["sign_public"])


def test_the_segment_is_written_as_on_the_page(example, event):
    """A segment of the example's event is the printed bytes."""
    assert wire.encode_segment([event], example["previous"], example["signature"]) == example["segment"]


def test_the_sealed_part_opens_to_what_the_page_says(example, event):
    """With the sealing key, header and previous hash, anyone opens the sealed part."""
    plain = unseal(example["sealing_key"], event.sealed, [event.header, example["previous"]])
    assert plain == example["personal"]
    opened = acts.read_personal(acts.read_public(event.kind, event.public), plain)
    man, infant = opened.household.members
    assert (man.name, man.kana) == ("見本　太郎", "みほん　たろう")
    assert (man.birth, man.relation, man.needs) == (BirthDate(1980, 2, 17), Relation.HEAD, {Need.ALLERGY})
    assert (infant.name, infant.sex, infant.needs) == ("見本　花子", Sex.FEMALE, {Need.TODDLER})
    assert (opened.household.address, opened.number, opened.staff) == (
        "見本市城山１－２",
        "A-012",
        "受付 一郎",
    )


def test_the_public_part_reads_as_the_page_says(event):
    """Everything a counter needs is in the clear, and reads as explained."""
    act = acts.read_public(event.kind, event.public)
    assert (act.mode, act.method) == (Mode.DRILL, Method.CARD)
    assert act.timing == Timing(1788267600, 734211, 9480, 212)
    assert event.public[Key.COMMIT] == 2931
    assert [tally.to_byte() for _, tally in act.persons] == [0x09, 0x06]


def test_the_header_reads_as_the_page_says(example):
    """The number of the clock printed in the page is the one in the header."""
    at = cbor.loads(example["header"], limit=events.MAX_HEADER)[3]
    assert str(at) in PAGE


def test_an_erased_sealed_part_leaves_the_hash(example, event):
    """The example without its sealed part has the same hash, and its segment still its signature."""
    erased = events.Event(
        event.device, event.seq, event.at, event.kind, event.public, None, event.sealed_hash
    )
    data = wire.encode_segment([erased], example["previous"], example["signature"])
    assert wire.decode_segment(data).is_signed_by(example["sign_public"])


def test_the_tables_list_every_number_and_kind():
    """No key and no kind is written that the page does not list, by number and name."""
    assert rows("Public part") == {key.value: key.name for key in Key}
    assert rows("Personal part") == {key.value: key.name for key in (*Personal, *staff._Key)}
    kinds = PAGE.split("# Kinds\n", 1)[1].split("\n#", 1)[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", kinds, re.MULTILINE)) == set(Kind)
