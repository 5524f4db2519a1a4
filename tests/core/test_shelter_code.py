"""A phone that scans a shelter's code knows for certain where it is, and nothing else can say so."""

from __future__ import annotations

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import base45, cbor, sheet, shelter_code
from kiosk.core.household import Mode
from kiosk.core.keys import Master, MunicipalKeys
from kiosk.core.sheet import OpeningSheet
from kiosk.core.shelter_code import Moment, ShelterCode
from kiosk.errors import Malformed

ROOT = MunicipalKeys.derive(Master(bytes(32))).root
ROOT_KEY = ROOT.public_key().public_bytes_raw()
DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ONE = ShelterCode(Mode.DRILL, "431001", "S-001", "城山小学校", b"series-1")
POSTER = shelter_code.write(ONE, shelter_code.endorse(ONE, ROOT))
SCREEN = shelter_code.write(ONE, shelter_code.endorse(ONE, ROOT), 1_790_000_000, DEVICE)

codes = st.builds(
    ShelterCode,
    st.sampled_from(Mode),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(max_size=40),
    st.text(max_size=60),
    st.binary(min_size=8, max_size=8),
)


def code_of(text, root=ROOT_KEY):
    with pytest.raises(Malformed) as caught:
        shelter_code.read(text, root)
    return caught.value.code


@given(codes, st.none() | st.integers(0, 2**40 - 1))
def test_a_code_is_read_as_it_was_written(code, now):
    """Shelter, mode and series come back, and on a screen the moment and the device."""
    text = shelter_code.write(code, shelter_code.endorse(code, ROOT), now, None if now is None else DEVICE)
    read, moment = shelter_code.read(text, ROOT_KEY)
    assert read == code
    assert moment == (None if now is None else Moment(DEVICE.public_key().public_bytes_raw(), now))


def test_an_opened_laptop_shows_its_shelter():
    """The sheet brings all that is needed: what a desk shows is believed with the root key alone."""
    opening = sheet.read(
        sheet.write(
            OpeningSheet(
                *(b"series-1", Mode.DISASTER, "431001", "S-001", "城山小学校", "https://hq.example", b""),
                *(ROOT_KEY, bytes(32), bytes(32), bytes(16)),
            ),
            ROOT,
        )
    )
    code = opening.code
    read, _ = shelter_code.read(shelter_code.write(code, opening.endorsement), ROOT_KEY)
    assert (read.name, read.mode, read.series) == ("城山小学校", Mode.DISASTER, b"series-1")


@pytest.mark.parametrize("text", [POSTER, SCREEN])
def test_no_bit_can_be_changed(text):
    """Every change of a single bit is refused."""
    body = base45.decode(text.removeprefix(shelter_code.PREFIX))
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        code_of(shelter_code.PREFIX + base45.encode(bytes(changed)))


def test_only_the_own_city_is_believed():
    """Another root's code, and a drill's signature on a disaster, are forgeries."""
    assert code_of(POSTER, STRANGER.public_key().public_bytes_raw()) == "bad_signature"
    disaster = ShelterCode(Mode.DISASTER, ONE.municipality, ONE.shelter, ONE.name, ONE.series)
    assert code_of(shelter_code.write(disaster, shelter_code.endorse(ONE, ROOT))) == "bad_signature"


def test_a_moment_can_not_be_moved():
    """The moment of one shelter's screen does not stand on another's code."""
    other = ShelterCode(ONE.mode, ONE.municipality, "S-002", ONE.name, ONE.series)
    _, _, moment, signature = cbor.loads(
        base45.decode(SCREEN.removeprefix(shelter_code.PREFIX)), limit=shelter_code.LIMIT
    )
    body = shelter_code._body(other)
    parts = [body, ROOT.sign(shelter_code.DOMAIN + body), moment, signature]
    assert code_of(shelter_code.PREFIX + base45.encode(cbor.dumps(parts))) == "bad_signature"


def test_a_sheets_signature_is_no_shelter_code():
    """What the root signs for one purpose serves no other."""
    body = shelter_code._body(ONE)
    for domain in (sheet.DOMAIN, b"", shelter_code.NOW_DOMAIN):
        parts = [body, ROOT.sign(domain + body)]
        assert code_of(shelter_code.PREFIX + base45.encode(cbor.dumps(parts))) == "bad_signature"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([2, 1, "431001", "S", "城", bytes(8)], "unknown_format"),
        ([True, 1, "431001", "S", "城", bytes(8)], "unknown_format"),
        ([], "unknown_format"),
        ({}, "unknown_format"),
        ([1, 2, "431001", "S", "城", bytes(8)], "malformed"),
        ([1, 1, 431001, "S", "城", bytes(8)], "malformed"),
        ([1, 1, "431001", "S", "城" * 201, bytes(8)], "malformed"),
        ([1, 1, "431001", "S", "城", bytes(7)], "malformed"),
        ([1, 1, "431001", "S", "城"], "malformed"),
        ([1, 1, "431001", ["S"], "城", bytes(8)], "too_deep"),
    ],
)
def test_a_signed_code_must_still_be_one(value, code):
    """Also a properly signed body is refused when a part is not what it must be."""
    body = cbor.dumps(value)
    parts = [body, ROOT.sign(shelter_code.DOMAIN + body)]
    assert code_of(shelter_code.PREFIX + base45.encode(cbor.dumps(parts))) == code


@pytest.mark.parametrize(
    "parts", [[b""], [b"", b"", b""], [1, 2], {}, [b"", bytes(64)], [b"", b"short"], 5, [b"", "text"]]
)
def test_other_structures_are_refused(parts):
    """Whatever stands beneath the letters, only a shelter code is one."""
    assert code_of(shelter_code.PREFIX + base45.encode(cbor.dumps(parts))) in {
        "malformed", "bad_signature", "unknown_format",
    }  # fmt: skip


@given(st.text(max_size=80))
def test_any_other_text_is_no_shelter_code(text):
    """Whatever a phone reads, a verdict comes back."""
    with contextlib.suppress(Malformed):
        shelter_code.read(shelter_code.PREFIX + text, ROOT_KEY)
    if not text.startswith(shelter_code.PREFIX):
        assert code_of(text) == "not_a_shelter_code"


def test_a_screens_code_stays_coarse():
    """A phone two metres away reads it: no larger than version 14 at error correction M."""
    long = ShelterCode(
        Mode.DISASTER, "431001", "4310010001234", "熊本市立" + "城" * 20 + "小学校体育館", bytes(8)
    )
    assert len(shelter_code.write(long, shelter_code.endorse(long, ROOT), 1_790_000_000, DEVICE)) <= 528
