from __future__ import annotations

import datetime as dt
import json
import random
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.commands.household_json import household_from_json, household_to_json
from kiosk.core import base45, cbor, entry_pass
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import Accepted, IssuerKey, Member, PassHousehold, Refused, claims, cose
from kiosk.core.household import NAME_GAP, Method, Need, Relation, Sex
from kiosk.core.trust import Algorithm, Issuer, TrustList
from kiosk.errors import KnownError, Malformed
from kiosk.invented import invent_household
from pass_vectors import EXPIRES, ISSUED, KEYS, issue, vectors, verify

plain = st.characters(exclude_categories=("Cs", "Cc", "Nd"), exclude_characters=claims.HIDDEN | {NAME_GAP})
names = st.none() | st.text(plain, min_size=1, max_size=4)
births = (
    st.none()
    | st.dates(dt.date(1868, 1, 1), dt.date(2200, 12, 31)).map(
        lambda day: BirthDate(day.year, day.month, day.day)
    )
    | st.builds(BirthDate, st.integers(1868, 2200), st.integers(0, 12), st.just(0))
)
members = st.builds(
    Member,
    names,
    names,
    names,
    names,
    births,
    st.sampled_from(Sex),
    st.sampled_from(Relation),
    st.frozensets(st.sampled_from(Need), max_size=4),
    st.text(plain, max_size=6),
)
households = st.builds(
    PassHousehold,
    st.binary(min_size=8, max_size=8),
    st.lists(members, min_size=1, max_size=3).map(tuple),
    st.integers(0, (1 << 32) - 1),
    st.from_regex(r"\A(\d{7})?\Z").filter(str.isascii),
    st.text(plain, max_size=30),
    st.from_regex(r"\A[0-9-]{0,11}\Z"),
    st.text(plain, max_size=6),
)


@settings(deadline=None)
@given(households, st.sampled_from(Algorithm))
def test_what_is_issued_is_read_back(household, algorithm):
    """A pass says exactly what its city wrote, letter for letter."""
    accepted = verify(issue(household, KEYS[algorithm]))
    assert accepted == Accepted("431001", ISSUED, EXPIRES, random.Random(1).randbytes(8), household)


@settings(deadline=None)
@given(households)
def test_a_household_survives_json(household):
    """What a scan prints can be issued again unchanged."""
    value = json.loads(json.dumps(household_to_json(household)))
    assert household_from_json(value, random.Random(1).randbytes) == household


def samples():
    """Twenty passes of invented households of all sizes, by both algorithms, and three of them sealed."""
    rng = random.Random(20)
    for number in range(20):
        key = KEYS[list(Algorithm)[number % 2]]
        seal_to = vectors.PASS_KEY.public if number % 7 == 6 else None
        home = invent_household(rng, 1 + number % 5).on_pass()
        yield pytest.param(issue(home, key, seed=number, seal_to=seal_to), id=str(number))


@pytest.mark.parametrize("text", list(samples()))
def test_no_bit_can_be_changed(text):
    """Every change of a single bit of twenty passes is refused."""
    prefix, body = text[:5], base45.decode(text[5:])
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        assert isinstance(verify(prefix + base45.encode(bytes(changed))), Refused)


@settings(deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_any_text_gets_a_verdict(text, prefixed):
    """Nothing that a code can say makes the check fail."""
    assert isinstance(verify("ESR1:" * prefixed + text), Refused)


@settings(deadline=None)
@given(st.data())
def test_any_mutation_gets_a_verdict(data):
    """A pass cut, doubled or overwritten anywhere is refused and never crashes the check."""
    body = base45.decode(issue(vectors.FOUR).removeprefix("ESR1:"))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    middle = data.draw(st.binary(max_size=20))
    changed = body[:start] + middle + body[end:]
    outcome = verify("ESR1:" + base45.encode(changed))
    assert isinstance(outcome, Refused) or changed == body


plainest = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 63))
    | st.binary(max_size=9)
    | st.text(max_size=9)
)
anything = st.recursive(
    plainest,
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.integers(-9, 9), inner, max_size=3),
    max_leaves=20,
)


@settings(deadline=None)
@given(anything, st.integers(0, 8), st.integers(0, 9))
def test_a_signature_is_not_enough(value, place, inner):
    """Claims of the wrong kind are refused even when a trusted key signed them."""
    member = ["試験", None, "太郎", None, 0, 1, 1, 0, "", None]
    member[inner] = value
    row = [1, bytes(8), 1, "8600001", "", "", "", [member]]
    if place < 8:
        row[place] = value
    payload = vectors.deflate(cbor.dumps({1: "431001", 4: EXPIRES, 6: ISSUED, 7: bytes(8), -65537: row}))
    outcome = verify(vectors.sign(payload))
    assert isinstance(outcome, Accepted) or outcome.code == "malformed"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_signed_rubbish_is_malformed(rubbish):
    """Whatever a trusted key signed, what is no household is refused."""
    assert verify(vectors.sign(rubbish)) == Refused("malformed")


def test_what_is_not_signed_is_never_unpacked(monkeypatch):
    """A compressed bomb without a good signature is not inflated at all."""
    monkeypatch.setattr(zlib, "decompressobj", None)
    bomb = vectors.deflate(bytes(10_000_000))
    assert len(bomb) > cose.MAX_SIGNED
    small = vectors.deflate(bytes(100_000))
    assert verify(vectors.sign(small, vectors.STRANGER)) == Refused("unknown_issuer")
    body = bytearray(base45.decode(vectors.sign(small).removeprefix("ESR1:")))
    body[-1] ^= 1
    assert verify("ESR1:" + base45.encode(bytes(body))) == Refused("bad_signature")


@pytest.mark.parametrize("data", [b"", b"\xd2", b"\xd2\x84", bytes(5000), b"\xd2\x84\x40\xa0\x40\x40"])
def test_open_cose_sign1_names_what_is_wrong(data):
    """The strict opener refuses by its one documented error."""
    with pytest.raises(Malformed) as caught:
        entry_pass.open_cose_sign1(data, {})
    assert caught.value.code in {"malformed", "too_large", "not_canonical", "too_deep"}


def test_open_cose_sign1_takes_keys_of_any_origin():
    """A key id of another making opens as well: ids are looked up, not recomputed."""
    text = vectors.sign(b"payload", header={1: -8, 4: b"11"})
    data = base45.decode(text.removeprefix("ESR1:"))
    public = vectors.ED25519.private.public_key()
    assert entry_pass.open_cose_sign1(data, {b"11": public}) == b"payload"
    with pytest.raises(Malformed, match="unknown_issuer"):
        entry_pass.open_cose_sign1(data, {b"12": public})
    for wrong in (vectors.STRANGER.private.public_key(), vectors.P256.private.public_key()):
        with pytest.raises(Malformed, match="bad_signature"):
            entry_pass.open_cose_sign1(data, {b"11": wrong})


def test_a_curve_of_another_size_is_no_key_of_ours():
    """ES256 means P-256: a key of another curve fits nothing."""
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    data = base45.decode(issue(vectors.ONE, vectors.P256).removeprefix("ESR1:"))
    with pytest.raises(Malformed, match="bad_signature"):
        entry_pass.open_cose_sign1(data, {vectors.P256.trusted().kid: other})


def test_a_revoked_key_is_unknown():
    """Passes of a revoked key are not believed, whenever they were issued."""
    public = vectors.ED25519.trusted()
    revoked = Issuer(public.issuer, public.algorithm, public.key, revoked=True)
    assert verify(issue(vectors.ONE), TrustList((revoked,))) == Refused("unknown_issuer")


@pytest.mark.parametrize(
    ("now", "marks"),
    [
        (ISSUED - 301, ("not_yet_valid",)),
        (ISSUED - 300, ()),
        (EXPIRES, ()),
        (EXPIRES + 1, ("expired",)),
        (-1e12, ("not_yet_valid",)),
        (1e12, ("expired",)),
    ],
)
def test_a_wrong_clock_turns_nobody_away(now, marks):
    """An early or expired pass is accepted with a mark, whatever the desk's clock says."""
    outcome = verify(issue(vectors.ONE), now=now)
    assert isinstance(outcome, Accepted)
    assert outcome.marks == marks


@pytest.mark.parametrize(
    "text",
    [
        "123456789018", "ESR1:123456789018", " 1234 5678 9018 ", "1234-5678-9018", "123-456-789-018",
        "１２３４５６７８９０１８", "個人番号：1234・5678・9018", "1 2 3 4 5 6 7 8 9 0 1 8",
        "12 34 56 78 90 18",
        "https://example.org/?n=123456789018&x=1", "123456_789018", "1234\n5678\n9018\n1980-02-17",
    ],
)  # fmt: skip
def test_a_my_number_is_dropped(text):
    """Twelve digits that stand alone are never taken in, however they are written."""
    outcome = verify(text)
    assert outcome == Refused("my_number_discarded")
    assert "9018" not in repr(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4901234567894",
        "TEL:+81-90-1234-5678",
        "2026-09-01T10:00:00",
        "https://example.org/",
        "ESR1",
        "esr1:A",
    ],
)
def test_other_numbers_are_not_taken_for_one(text):
    """A telephone number, an article number and a time are a stranger's code, not a My Number."""
    assert verify(text) == Refused("not_a_pass")


def test_a_pass_never_holds_a_my_number():
    """The issuer refuses to sign a text with twelve digits that could be a My Number."""
    told = PassHousehold(bytes(8), (Member("試験", "太郎", note="番号は 1234-5678-9018"),))
    with pytest.raises(KnownError, match="my_number_discarded"):
        issue(told)


def test_what_is_too_fine_for_a_webcam_is_not_issued():
    """A household that needs a code above version 20 is refused at the issuer, not at the desk."""
    rng = random.Random(1)
    many = tuple(
        Member("".join(chr(rng.randrange(0x4E00, 0x9FFF)) for _ in range(9)), "名") for _ in range(30)
    )
    with pytest.raises(KnownError, match="pass_too_large"):
        issue(PassHousehold(bytes(8), many))


@pytest.mark.parametrize(
    "household",
    [
        PassHousehold(bytes(7), (Member("試験", "太郎"),)),
        PassHousehold(bytes(8), ()),
        PassHousehold(bytes(8), (Member("試験\n", "太郎"),)),
        PassHousehold(bytes(8), (Member("", "太郎"),)),
        PassHousehold(bytes(8), (Member("試験", "太郎"),), postcode="860"),
        PassHousehold(bytes(8), (Member("試験", "太郎"),), revision=-1),
    ],
)
def test_nothing_is_signed_that_would_be_refused(household):
    """The issuer holds itself to the reader's rules."""
    with pytest.raises(Malformed):
        issue(household)


def test_the_desk_receives_what_the_pass_says():
    """Names are joined as on cards, ids are fresh, and the source recognises the household next time."""
    accepted = verify(issue(vectors.FOUR))
    household, source = entry_pass.to_household(accepted, random.Random(2).randbytes)
    assert [person.name for person in household.members] == [
        "𠮷田　一",
        "𠮷田　さくら",
        "神󠄀田",
        "MARIA CLARA",
    ]
    assert [person.kana for person in household.members][-1] == "マリア クララ"
    assert household.members[2].birth == BirthDate(1945, 8, 0)
    assert household.members[2].needs == {Need.WHEELCHAIR, Need.MEDICATION}
    assert len({household.id, *(person.id for person in household.members)}) == 5
    assert source == Source(Method.APP, "431001", vectors.FOUR.key, 3)


def test_keys_survive_their_file():
    """A key file gives back the same key, and with a passphrase opens only to it."""
    for key in KEYS.values():
        again = IssuerKey.from_pem("431001", key.to_pem())
        assert again.trusted() == key.trusted()
        locked = key.to_pem(b"secret")
        assert IssuerKey.from_pem("431001", locked, b"secret").trusted() == key.trusted()
        for wrong in (None, b"other"):
            with pytest.raises(KnownError, match="bad_key"):
                IssuerKey.from_pem("431001", locked, wrong)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["ESR1:", ""]), st.sampled_from("19 -:/A％１"), st.integers(0, 9000))
def test_long_texts_end_soon(prefix, letter, length):
    """No run of one letter keeps the check busy: it would never end here."""
    assert isinstance(verify(prefix + letter * length), Refused)
