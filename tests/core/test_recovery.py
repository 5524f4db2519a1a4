"""A request to the officer, and the answer."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import base45, key_slots, recovery
from kiosk.core.access import Actor, Role
from kiosk.core.key_slots import Cost, KeySlots
from kiosk.core.recovery import Answer, Request
from kiosk.core.staff import SecretKind
from kiosk.errors import Malformed

STORE, KEYS = b"s" * 16, (b"1" * 48, b"2" * 48)
RECORDS = X25519PrivateKey.from_private_bytes(b"r" * 32)
SECRET = "あたらしい ことば"


def new_slot(name="新しい責任者"):
    who = Actor(os.urandom(8), name, Role.SUPERVISOR)
    return key_slots.make_slot(STORE, who, SecretKind.PASSPHRASE, SECRET, None, os.urandom, Cost(8, 1))


@pytest.fixture(params=[1, 2])
def request_made(request):
    keys = KEYS[: request.param]
    slots = KeySlots.write(STORE, 1, RECORDS.public_key().public_bytes_raw(), (), keys)
    return Request.of(slots, "城山小学校 避難所", new_slot()), keys


def test_the_officers_answer_opens_with_the_new_passphrase(request_made):
    """Request and answer travel as text; the passphrase that was chosen opens every key."""
    made, keys = request_made
    arrived = Request.from_text(made.to_text())
    assert arrived == made
    answer = Answer.from_text(recovery.answer(arrived, RECORDS).to_text())
    private = key_slots.open_slot(STORE, made.slot, SECRET, None)
    assert answer.open(made.slot, private) == keys


def test_another_municipalitys_master_answers_nothing(request_made):
    """Only the master under which the store was opened can help."""
    with pytest.raises(Malformed, match="wrong_key"):
        recovery.answer(request_made[0], X25519PrivateKey.generate())


def test_the_answer_opens_for_nobody_else(request_made):
    """Whoever sees request and answer on their way, and has another slot, has nothing."""
    made, _ = request_made
    answer = recovery.answer(made, RECORDS)
    other = new_slot()
    private = key_slots.open_slot(STORE, other, SECRET, None)
    for slot in (made.slot, other):
        with pytest.raises(Malformed, match="wrong_key"):
            answer.open(slot, private)


def test_the_number_tells_another_persons_slot_from_ours(request_made):
    """What is read out on the telephone changes with whatever is in the request."""
    made, _ = request_made
    others = [
        replace(made, slot=new_slot(made.slot.name)),
        replace(made, shelter="別の 避難所"),
        replace(made, store=b"t" * 16),
        replace(made, wrapped=(b"x" * 96,)),
    ]
    assert len({made.fingerprint, *(other.fingerprint for other in others)}) == 5
    assert made.fingerprint == Request.from_text(made.to_text()).fingerprint
    assert [len(part) for part in made.fingerprint.split("-")] == [4] * 5


def test_both_fit_a_code_that_a_webcam_reads(request_made):
    """Below 1,000 letters: no more than version 22 of a QR code at the least correction."""
    made, _ = request_made
    assert len(made.to_text()) < 1000
    assert len(recovery.answer(made, RECORDS).to_text()) < 1000


@given(st.data())
def test_a_mistyped_letter_is_noticed(data):
    """Any one letter that is not what it was is refused."""
    slots = KeySlots.write(STORE, 1, RECORDS.public_key().public_bytes_raw(), (), KEYS[:1])
    request = Request.of(slots, "避難所", new_slot())
    for kind, text in (
        (Request, request.to_text()),
        (Answer, recovery.answer(request, RECORDS).to_text()),
    ):
        place = data.draw(st.integers(0, len(text) - 1))
        letter = data.draw(st.sampled_from(base45.ALPHABET))
        if letter != text[place]:
            with pytest.raises(Malformed):
                kind.from_text(text[:place] + letter + text[place + 1 :])


@given(st.text(max_size=50), st.binary(max_size=100))
def test_anything_else_is_malformed(text, data):
    """No text raises anything but the documented error."""
    for kind, prefix, domain in (
        (Request, recovery.REQUEST_PREFIX, recovery._REQUEST_DOMAIN),
        (Answer, recovery.ANSWER_PREFIX, recovery._ANSWER_DOMAIN),
    ):
        for tried in (text, prefix + text, recovery._to_text(prefix, domain, data)):
            with pytest.raises(Malformed):
                kind.from_text(tried)
