"""Another team's issuer, written from docs/formats/pass.md alone, makes passes that a desk believes.

Nothing of this project is used to make them but the published dictionary; COSE is an independent library's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib

import cbor2
import cwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pyhpke import AEADId, CipherSuite, KDFId, KEMId  # comes with cwt

import resources
from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import Accepted, Halves, verify
from kiosk.core.household import Need, Relation, Sex
from kiosk.core.pass_key import PassKey
from kiosk.core.trust import Algorithm, Issuer, TrustList

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
IAT, EXP = 1_790_000_000, 1_850_000_000
PASS_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))


def base45(data):
    text = ""
    for place in range(0, len(data), 2):
        pair = data[place : place + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            text += ALPHABET[number % 45]
            number //= 45
    return text


def claims():
    born = (dt.date(1980, 2, 17) - dt.date(1900, 1, 1)).days
    members = [
        ["試験", "シケン", "太郎", "タロウ", born, 1, 1, 0],
        ["試験", "シケン", "花", "ハナ", [1950, 3, 0], 2, 4, 1 << 13 | 1, "在宅酸素の電源"],
        [None, None, "MARIA", None, None, 9, 9, 1 << 15],
    ]
    household = [1, bytes(range(8)), 4, "8600001", "熊本市中央区", "096-000-0000", "K001", members]
    return cbor2.dumps({1: "431001", 4: EXP, 6: IAT, 7: bytes(8), -65537: household}, canonical=True)


def packed():
    dictionary = resources.read_bytes("dictionaries/pass-1.dict")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
    return packer.compress(claims()) + packer.flush()


def signed(name):
    """COSE_Sign1 by the independent library, and the key as a trust list has it."""
    if name == "EdDSA":
        private = Ed25519PrivateKey.generate()
        public, number = private.public_key().public_bytes_raw(), -8
    else:
        private = ec.generate_private_key(ec.SECP256R1())
        public, number = private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint), -7
    kid = hashlib.sha256(public).digest()[:8]
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = cwt.COSEKey.from_pem(pem, kid=kid, alg=name)
    data = cwt.COSE.new().encode_and_sign(
        packed(), key, protected={1: number, 4: kid, -65537: 1}, unprotected={}
    )
    return data, Issuer("431001", Algorithm(number), public)


def check(outcome):
    assert isinstance(outcome, Accepted)
    assert (outcome.issuer, outcome.issued, outcome.expires, outcome.marks) == ("431001", IAT, EXP, ())
    home = outcome.household
    assert (home.key, home.revision, home.postcode) == (bytes(range(8)), 4, "8600001")
    taro, hana, maria = home.members
    assert (taro.name, taro.kana, taro.birth) == ("試験　太郎", "シケン　タロウ", BirthDate(1980, 2, 17))
    assert (hana.birth, hana.relation, hana.note) == (
        BirthDate(1950, 3, 0),
        Relation.PARENT,
        "在宅酸素の電源",
    )
    assert hana.needs == {Need.WHEELCHAIR, Need.MEDICAL_POWER}
    assert (maria.family, maria.given, maria.sex) == (None, "MARIA", Sex.NOT_APPLICABLE)


@pytest.mark.parametrize("name", ["ES256", "EdDSA"])
def test_an_issuer_made_from_the_page_is_believed(name):
    """Base45, deflate, CBOR and COSE by other hands give a pass that says what was meant."""
    data, issuer = signed(name)
    check(verify("ESR1:" + base45(data), TrustList((issuer,)), IAT))


def test_a_seal_made_from_the_page_opens():
    """HPKE by an independent library, framed as the page says, is opened by a desk with the pass key."""
    data, issuer = signed("ES256")
    public = PASS_KEY.public_key().public_bytes_raw()
    kid = hashlib.sha256(public).digest()[:8]
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
    encapsulated, sender = suite.create_sender_context(
        suite.kem.deserialize_public_key(public), b"ESR2 pass\0" + kid
    )
    text = "ESR2:" + base45(kid + encapsulated + sender.seal(data))
    check(verify(text, TrustList((issuer,), (PassKey(PASS_KEY),)), IAT))


def test_halves_made_from_the_page_join():
    """A pass divided as the page says is read from its two codes."""
    data, issuer = signed("EdDSA")
    shared, middle = hashlib.sha256(data).digest()[:8], (len(data) + 1) // 2
    first = "ESRH1:" + base45(b"\x11" + shared + data[:middle])
    second = "ESRH1:" + base45(b"\x12" + shared + data[middle:])
    waiting = Halves()
    waiting.whole(second)
    check(verify(waiting.whole(first), TrustList((issuer,)), IAT))
