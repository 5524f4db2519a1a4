"""A desk believes a list that its own root signed, and the newest of them, whoever brought it."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import base45, cbor, trust_list
from kiosk.core.entry_pass import Accepted, IssuerKey, Refused
from kiosk.core.trust import Algorithm, Issuer, TrustList
from kiosk.core.trust_list import SignedList, believed
from kiosk.errors import Malformed
from pass_vectors import ISSUED, issue, vectors, verify

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROOT_KEY = ROOT.public_key().public_bytes_raw()
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
POOL = [IssuerKey.generate(f"{431001 + n}", list(Algorithm)[n % 2]).trusted() for n in range(6)]
ED25519 = vectors.ED25519.trusted()
LIST = SignedList("431001", 7, (ED25519, replace(vectors.P256.trusted(), valid_from=5, valid_to=9)))
TEXT = trust_list.write(LIST, ROOT)

issuers = st.lists(
    st.builds(
        lambda one, start, end, revoked: replace(one, valid_from=start, valid_to=end, revoked=revoked),
        st.sampled_from(POOL),
        st.integers(0, 2**40 - 1),
        st.integers(0, 2**40 - 1),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.kid,
).map(tuple)


def code_of(text, root=ROOT_KEY):
    with pytest.raises(Malformed) as caught:
        trust_list.read(text, root)
    return caught.value.code


def signed(value, root=ROOT):
    """A list of any content, properly signed."""
    body = cbor.dumps(value)
    return trust_list.PREFIX + base45.encode(cbor.dumps([body, root.sign(trust_list.DOMAIN + body)]))


@given(issuers, st.integers(0, 2**40 - 1))
def test_a_list_is_read_as_it_was_signed(those, number):
    """Keys, validity and status come back."""
    one = SignedList("431001", number, those)
    assert trust_list.read(trust_list.write(one, ROOT), ROOT_KEY) == one


@given(issuers)
def test_a_trust_file_is_read_as_it_was_written(those):
    """The rows of the tools say the same."""
    rows = json.loads(json.dumps([trust_list.to_row(one) for one in those]))
    assert trust_list.from_rows(rows) == those


def test_no_bit_of_a_list_can_be_changed():
    """Every change of a single bit is refused."""
    body = base45.decode(TEXT.removeprefix(trust_list.PREFIX))
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        code_of(trust_list.PREFIX + base45.encode(bytes(changed)))


def test_only_the_own_root_is_believed():
    """Another municipality's list says nothing here, nor does what the root signed for another purpose."""
    assert code_of(TEXT, STRANGER.public_key().public_bytes_raw()) == "bad_signature"
    assert code_of(trust_list.write(LIST, STRANGER)) == "bad_signature"
    body = cbor.dumps([1, "431001", 7, []])
    other = cbor.dumps([body, ROOT.sign(b"ESR1 sheet\0" + body)])
    assert code_of(trust_list.PREFIX + base45.encode(other)) == "bad_signature"


KEY = ED25519.key


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([2, "431001", 7, []], "unknown_format"),
        ([True, "431001", 7, []], "unknown_format"),
        ([], "unknown_format"),
        ([1, "43100", 7, []], "malformed"),
        ([1, "４３１００１", 7, []], "malformed"),
        ([1, "431001", -1, []], "malformed"),
        ([1, "431001", True, []], "malformed"),
        ([1, "431001", 7], "malformed"),
        ([1, "431001", 7, [], 0], "malformed"),
        ([1, "431001", 7, 5], "malformed"),
        ([1, "431001", 7, [5]], "malformed"),
        ([1, "431001", 7, [["431001", -8, KEY, 0, 0]]], "malformed"),
        ([1, "431001", 7, [["431001", -37, KEY, 0, 0, 0]]], "malformed"),
        ([1, "431001", 7, [["431001", -8, KEY[:31], 0, 0, 0]]], "malformed"),
        ([1, "431001", 7, [["431001", -7, b"\x05" + KEY, 0, 0, 0]]], "malformed"),
        ([1, "431001", 7, [["431001", -8, KEY, -1, 0, 0]]], "malformed"),
        ([1, "431001", 7, [["431001", -8, KEY, 0, 0, 0]] * 2], "malformed"),
    ],
)
def test_a_signed_list_must_still_be_one(value, code):
    """Also a properly signed list is refused when a part is not what it must be."""
    assert code_of(signed(value)) == code


def test_a_status_of_a_later_version_is_not_believed():
    """A key whose state this desk can not read is treated as revoked, and the list still stands."""
    for status in (1, 2, "new", None, True):
        one = trust_list.read(signed([1, "431001", 7, [["431001", -8, KEY, 0, 0, status]]]), ROOT_KEY)
        assert one.issuers[0].revoked


@given(st.text(max_size=80))
def test_any_other_text_is_no_list(text):
    """Whatever a file holds, a verdict comes back."""
    with contextlib.suppress(Malformed):
        trust_list.read(trust_list.PREFIX + text, ROOT_KEY)
    if not text.startswith(trust_list.PREFIX):
        assert code_of(text) == "not_a_trust_list"


def test_a_list_has_a_largest_size():
    """A stick full of letters is refused before it is decoded."""
    assert code_of(trust_list.PREFIX + "0" * 10_000_000) == "too_large"


def test_many_issuers_fit_one_list():
    """All cities of a prefecture, each with keys old and new, are one list."""
    those = tuple(Issuer("431001", Algorithm.EDDSA, bytes([n // 256, n % 256]) + KEY[2:]) for n in range(300))
    assert len(trust_list.write(SignedList("431001", 1, those), ROOT)) < trust_list.MAX_LIST


@pytest.mark.parametrize(
    "value",
    [
        5,
        {},
        [5],
        [{}],
        [{"issuer": "431001", "algorithm": "ES256"}],
        [{"issuer": "431001", "algorithm": "RS256", "key": KEY.hex()}],
        [{"issuer": "431001", "algorithm": ["EdDSA"], "key": KEY.hex()}],
        [{"issuer": "431001", "algorithm": "EdDSA", "key": "zz"}],
        [{"issuer": "431001", "algorithm": "EdDSA", "key": 5}],
        [{"issuer": "431001", "algorithm": "EdDSA", "key": KEY.hex(), "revoked": "no"}],
        [{"issuer": "431001", "algorithm": "EdDSA", "key": KEY.hex(), "valid_from": True}],
        [{"issuer": "4310", "algorithm": "EdDSA", "key": KEY.hex()}],
        [{"issuer": "431001", "algorithm": "EdDSA", "key": KEY.hex()}] * 2,
    ],
)
def test_other_files_are_no_trust_file(value):
    """A file that is not a list of issuers, each whole and once, is refused by the documented error."""
    with pytest.raises(Malformed, match="malformed"):
        trust_list.from_rows(value)


def test_without_a_list_the_sheet_speaks():
    """A desk that was brought nothing believes whom its opening sheet names."""
    assert believed(POOL[:2], []) == tuple(POOL[:2])


def test_a_list_withdraws_and_adds_and_never_forgets():
    """A revoked key is not believed though the sheet names it; one that is not named stays."""
    sheet = POOL[:3]
    newest = SignedList("431001", 2, (replace(POOL[1], revoked=True), POOL[4]))
    older = SignedList("431001", 1, (replace(POOL[0], revoked=True),))
    for lists in ([newest, older], [older, newest]):
        trust = TrustList(believed(sheet, lists))
        found = [trust.find(one.kid) is not None for one in POOL[:5]]
        assert found == [True, False, True, False, True]


@given(st.permutations([1, 2, 3]))
def test_the_newest_list_counts_in_any_order(numbers):
    """A desk that gets old and new lists in any order ends with the newest."""
    lists = [SignedList("431001", number, (POOL[number],)) for number in numbers]
    assert believed([], lists) == (POOL[3],)


def test_validity_is_judged_by_the_moment_of_issue():
    """A key may end while the passes it signed in its time go on being believed, and only those."""
    trust = TrustList((replace(ED25519, valid_from=ISSUED - 10, valid_to=ISSUED + 10),))
    assert isinstance(verify(issue(vectors.ONE, issued=ISSUED), trust), Accepted)
    for moment in (ISSUED - 11, ISSUED + 11):
        assert verify(issue(vectors.ONE, issued=moment), trust) == Refused("unknown_issuer")
