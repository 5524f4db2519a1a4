"""The published vectors: what another team's issuer and reader are tried on."""

from __future__ import annotations

import json
import zlib
from collections import Counter

import cwt
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.commands import trust_file
from kiosk.commands.household_json import household_to_json
from kiosk.core import base45
from kiosk.core.entry_pass import Accepted, PassReader, Refused, open_cose_sign1, public_key
from kiosk.core.entry_pass.reading import _BELIEF
from kiosk.core.pass_key import PassKey
from kiosk.core.trust import Algorithm
from pass_vectors import vectors

FILED = json.loads(vectors.FILE.read_text(encoding="utf-8"))
VERDICTS = {*_BELIEF, "malformed", "not_a_pass"}


def what(vector):
    return vector["what"]


@pytest.fixture(scope="module")
def trust(tmp_path_factory):
    """The vectors' own trust file and pass keys, read as the commands read them."""
    path = tmp_path_factory.mktemp("trust") / "trust.json"
    path.write_text(json.dumps(FILED["trust"]), encoding="utf-8")
    keys = (X25519PrivateKey.from_private_bytes(bytes.fromhex(key)) for key in FILED["pass_keys"])
    return trust_file.read(path).with_pass_keys(map(PassKey, keys))


def read(vector, trust):
    reader = PassReader(trust)
    return [reader.read(code, FILED["now"]) for code in vector["codes"]][-1]


@pytest.mark.skipif("-ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng packs to other, equally right bytes")
def test_the_vectors_are_what_the_issuer_makes():
    """The published vectors still come out of this issuer, byte for byte."""
    assert vectors.build() == FILED


@pytest.mark.parametrize("vector", FILED["accepted"], ids=what)
def test_vectors_to_accept(vector, trust):
    """Every published good pass is accepted, and says what is written beside it."""
    outcome = read(vector, trust)
    assert isinstance(outcome, Accepted)
    assert list(outcome.marks) == vector["marks"]
    if vector["household"]:
        assert household_to_json(outcome.household) == vector["household"]


@pytest.mark.parametrize("vector", FILED["refused"], ids=what)
def test_vectors_to_refuse(vector, trust):
    """Every published bad pass is refused for the published reason."""
    assert read(vector, trust) == Refused(vector["verdict"])


def test_most_vectors_are_bad():
    """At least four fifths of the vectors show what to refuse, and every verdict is shown twice or more."""
    assert len(FILED["refused"]) >= 4 * len(FILED["accepted"])
    shown = Counter(vector["verdict"] for vector in FILED["refused"])
    assert shown.keys() == VERDICTS
    assert min(shown.values()) >= 2


def plain_codes(kind):
    return [
        pytest.param(vector["codes"][0], id=vector["what"])
        for vector in FILED[kind]
        if len(vector["codes"]) == 1 and vector["codes"][0].startswith("ESR1:")
    ]


def outside(issuer):
    """The issuer's key as the other library has it."""
    pem = public_key(issuer).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    name = {Algorithm.ES256: "ES256", Algorithm.EDDSA: "EdDSA"}[issuer.algorithm]
    return cwt.COSEKey.from_pem(pem, kid=issuer.kid, alg=name)


@pytest.mark.parametrize("text", plain_codes("accepted"))
def test_an_independent_library_believes_them_too(text, trust):
    """Another COSE implementation verifies every good vector with nothing but the public keys."""
    data = base45.decode(text.removeprefix("ESR1:"))
    payload = cwt.COSE.new().decode(data, [outside(issuer) for issuer in trust.issuers])
    assert payload == open_cose_sign1(data, {one.kid: public_key(one) for one in trust.issuers})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(vector["codes"][0], id=vector["what"])
        for vector in FILED["refused"]
        if vector["verdict"] == "bad_signature"
        and vector["codes"][0].startswith("ESR1:")
        # cwt 3.3 goes by its own key's algorithm and does not compare the header's with it.
        and vector["what"] != "the other algorithm"
    ],
)
def test_an_independent_library_refuses_forgeries_too(text, trust):
    """Where we say that a signature does not fit, another implementation says so as well."""
    data = base45.decode(text.removeprefix("ESR1:"))
    with pytest.raises(cwt.CWTError):
        cwt.COSE.new().decode(data, [outside(issuer) for issuer in trust.issuers])
