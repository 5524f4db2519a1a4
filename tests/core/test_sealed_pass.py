"""A sealed pass tells nothing but to the municipality's own desks."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhpke import AEADId, CipherSuite, KDFId, KEMId  # comes with cwt, the other oracle

from kiosk.core import base45
from kiosk.core.entry_pass import Accepted, Refused
from kiosk.core.pass_key import OVERHEAD, PassKey, seal
from kiosk.core.trust import TrustList
from kiosk.errors import KnownError
from pass_vectors import TRUST, issue, vectors, verify

SEALED = issue(vectors.FOUR, vectors.P256, seal_to=vectors.PASS_KEY.public)
OPEN = issue(vectors.FOUR, vectors.P256)


def test_a_sealed_pass_says_the_same():
    """Sealing changes who can read a pass, and nothing of what it says."""
    assert verify(SEALED) == verify(OPEN)
    assert isinstance(verify(SEALED), Accepted)


def test_a_photograph_tells_nothing():
    """No part of the signed text, not even its length to the byte it hides, nor the issuer stands open."""
    body, inside = base45.decode(SEALED[5:]), base45.decode(OPEN[5:])
    assert len(body) == len(inside) + OVERHEAD
    assert not any(inside[place : place + 6] in body for place in range(len(inside) - 6))


def test_two_sealings_have_nothing_in_common():
    """The same pass sealed twice can not be told to be the same."""
    one, other = (seal(b"the same", vectors.PASS_KEY.public) for _ in range(2))
    assert one[:8] == other[:8]
    assert one[8:] != other[8:]


def test_without_the_key_it_stays_sealed():
    """A desk without the pass key says that it is sealed, and a neighbour's key opens nothing."""
    for keys in ((), (vectors.OTHER_PASS_KEY,)):
        assert verify(SEALED, TrustList(TRUST.issuers, keys)) == Refused("sealed")


def test_a_seal_is_no_signature():
    """Whoever knows the public pass key can seal anything; only what an issuer signed is believed."""
    inside = base45.decode(issue(vectors.ONE, vectors.STRANGER)[5:])
    text = "ESR2:" + base45.encode(seal(inside, vectors.PASS_KEY.public))
    assert verify(text) == Refused("unknown_issuer")


def test_no_bit_of_a_sealed_pass_can_be_changed():
    """Every change of a single bit is refused: within the key id as sealed, elsewhere as altered."""
    body = base45.decode(issue(vectors.ONE, seal_to=vectors.PASS_KEY.public)[5:])
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        outcome = verify("ESR2:" + base45.encode(bytes(changed)))
        # X25519 ignores the highest bit of a point: the secret is the same, but not what was sealed to it.
        assert outcome == Refused("sealed" if place < 64 else "bad_signature")


def test_points_of_small_order_open_nothing():
    """An encapsulated key that forces an all-zero secret is refused like any other forgery."""
    body = base45.decode(SEALED[5:])
    for point in (bytes(32), b"\1" + bytes(31)):
        assert verify("ESR2:" + base45.encode(body[:8] + point + body[40:])) == Refused("bad_signature")


def test_another_implementation_opens_it():
    """An independent RFC 9180 library opens what we seal, with the numbers that the format page names."""
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
    body = base45.decode(SEALED[5:])
    private = suite.kem.deserialize_private_key(vectors.PASS_KEY.private.private_bytes_raw())
    receiver = suite.create_recipient_context(body[8:40], private, b"ESR2 pass\0" + body[:8])
    assert receiver.open(body[40:]) == base45.decode(OPEN[5:])


def test_a_pass_key_survives_its_file():
    """A key file gives back the same key, and with a passphrase opens only to it."""
    key = PassKey.generate()
    assert PassKey.from_pem(key.to_pem()).public == key.public
    locked = key.to_pem(b"secret")
    assert PassKey.from_pem(locked, b"secret").kid == key.kid
    for wrong in (None, b"other"):
        with pytest.raises(KnownError, match="bad_key"):
            PassKey.from_pem(locked, wrong)


def test_another_kind_of_key_is_no_pass_key():
    """A signing key neither opens nor seals."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KnownError, match="bad_key"):
        PassKey.from_pem(pem)
    with pytest.raises(KnownError, match="bad_key"):
        issue(vectors.ONE, seal_to=bytes(31))


def test_a_pass_key_is_not_shown():
    """Neither a key nor the list that holds it says its secret when it is printed."""
    secret = vectors.PASS_KEY.private.private_bytes_raw()
    for shown in (repr(vectors.PASS_KEY), repr(TRUST)):
        assert secret.hex() not in shown
        assert repr(secret) not in shown
        assert "X25519" not in shown
