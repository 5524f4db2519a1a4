"""An opening sheet opens a shelter when it is whole, and nothing at all when it was altered."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import base45, cbor, sheet
from kiosk.core.household import Mode
from kiosk.core.keys import Master, MunicipalKeys, unwrap, wrap
from kiosk.core.sheet import OpeningSheet
from kiosk.core.trust import Algorithm, Issuer, TrustList
from kiosk.errors import Malformed

KEYS = MunicipalKeys.derive(Master(bytes(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

issuers = st.builds(
    Issuer,
    st.text("0123456789", min_size=6, max_size=6),
    st.sampled_from(Algorithm),
    st.binary(min_size=32, max_size=33),
    st.integers(0, 2**40),
    st.integers(0, 2**40),
)
sheets = st.builds(
    OpeningSheet,
    st.binary(min_size=8, max_size=8),
    st.sampled_from(Mode),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(max_size=20),
    st.text(max_size=40),
    st.text(max_size=60),
    st.sampled_from([b"", bytes(32)]),
    st.just(KEYS.root_public),
    st.just(KEYS.records_public),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=16, max_size=16),
    st.lists(issuers, max_size=3).map(tuple),
)
ONE = OpeningSheet(
    b"series-1",
    Mode.DRILL,
    "431001",
    "S-001",
    "城山小学校",
    "https://hq.example",
    bytes(32),
    KEYS.root_public,
    KEYS.records_public,
    b"t" * 32,
    b"k" * 16,
    (Issuer("431001", Algorithm.EDDSA, b"p" * 32),),
)
TEXT = sheet.write(ONE, KEYS.root)


def code_of(text):
    with pytest.raises(Malformed) as caught:
        sheet.read(text)
    return caught.value.code


def signed(*parts, root=KEYS.root):
    """A sheet of any content, properly signed."""
    body = cbor.dumps(list(parts))
    return sheet.PREFIX + base45.encode(cbor.dumps([body, root.sign(sheet.DOMAIN + body)]))


@given(sheets)
def test_a_sheet_is_read_as_it_was_written(one):
    """Names, addresses, keys and issuers come back."""
    assert sheet.read(sheet.write(one, KEYS.root)) == one


@given(st.data())
def test_an_altered_sheet_opens_nothing(data):
    """One letter changed, left out or added, and the sheet is refused with a known error."""
    place = data.draw(st.integers(0, len(TEXT) - 1))
    letter = data.draw(st.sampled_from(["", *base45.ALPHABET]))
    altered = TEXT[:place] + letter + TEXT[place + 1 :]
    if altered != TEXT:
        assert code_of(altered)


@given(st.data())
def test_an_altered_byte_opens_nothing(data):
    """Beneath the letters, no bit of the content or of the signature can be changed."""
    raw = bytearray(base45.decode(TEXT.removeprefix(sheet.PREFIX)))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    assert code_of(sheet.PREFIX + base45.encode(bytes(raw)))


def test_whoever_signs_must_be_the_root_it_names():
    """A body signed by another key than its own root is an altered sheet."""
    assert code_of(sheet.write(ONE, STRANGER)) == "bad_signature"


@given(st.text(max_size=80))
def test_any_other_text_is_no_sheet(text):
    """Whatever the webcam reads, only a sheet is one."""
    with contextlib.suppress(Malformed):
        sheet.read(sheet.PREFIX + text)
    if not text.startswith(sheet.PREFIX):
        assert code_of(text) == "not_a_sheet"


GOOD = [
    *(1, ONE.series, 1, ONE.municipality, ONE.shelter, ONE.name, ONE.hq_url, ONE.ca_pin, ONE.root_key),
    *(ONE.records_key, ONE.transfer_key, ONE.token, [], bytes(64)),
]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, 2, "unknown_format"),
        (1, b"short", "malformed"),
        (2, 2, "malformed"),
        (3, 431001, "malformed"),
        (5, b"name", "malformed"),
        (7, b"short", "malformed"),
        (7, "", "malformed"),
        (9, bytes(31), "malformed"),
        (11, bytes(15), "malformed"),
        (12, [["431001", 0, bytes(32), 0, 0]], "malformed"),
        (12, [["431001", -8, bytes(32)]], "malformed"),
        (12, [[431001, -8, bytes(32), 0, 0]], "malformed"),
        (12, [["431001", -8, "key", 0, 0]], "malformed"),
        (12, [["431001", -8, bytes(32), "now", 0]], "malformed"),
        (12, 5, "malformed"),
        (13, bytes(63), "malformed"),
        (13, None, "malformed"),
    ],
)
def test_a_signed_sheet_must_still_be_one(place, value, code):
    """Also a properly signed sheet is refused when a part is not what it must be."""
    assert sheet.read(signed(*GOOD)).name == ONE.name
    assert code_of(signed(*GOOD[:place], value, *GOOD[place + 1 :])) == code


def test_the_master_gives_the_same_keys_every_time():
    """From one master come one root and one records key, and another master gives others."""
    again, other = MunicipalKeys.derive(Master(bytes(32))), MunicipalKeys.derive(Master(b"m" * 32))
    assert (again.root_public, again.records_public) == (KEYS.root_public, KEYS.records_public)
    publics = {KEYS.root_public, KEYS.records_public, other.root_public, other.records_public}
    assert len(publics) == 4


@given(st.binary(min_size=1, max_size=100), st.binary(max_size=20))
def test_only_the_owner_opens_what_was_wrapped(secret, purpose):
    """A secret wrapped to the records key opens with it, for its purpose, and with nothing else."""
    wrapped = wrap(KEYS.records_public, secret, purpose)
    assert unwrap(KEYS.records, wrapped, purpose) == secret
    other = MunicipalKeys.derive(Master(b"m" * 32)).records
    for key, what, why in [
        (other, wrapped, purpose),
        (KEYS.records, wrapped, purpose + b"!"),
        (KEYS.records, wrapped[:-1], purpose),
        (KEYS.records, b"", purpose),
    ]:
        with pytest.raises(Malformed) as caught:
            unwrap(key, what, why)
        assert caught.value.code == "wrong_key"


def test_a_revoked_issuer_is_not_found():
    """A desk believes a key until it is revoked, and learns of more without forgetting."""
    one, two = Issuer("431001", Algorithm.EDDSA, b"1" * 32), Issuer("431001", Algorithm.EDDSA, b"2" * 32)
    trust = TrustList((one,)).with_issuers([one, two])
    assert trust.issuers == (one, two)
    assert trust.find(two.kid) == two
    assert trust.find(b"nobody's") is None
    assert TrustList((replace(one, revoked=True),)).find(one.kid) is None
