"""What is kept of a contactless card."""

from kiosk.core.return_token import TOKEN_SIZE, keyed_by

IDM = bytes.fromhex("0123456789ABCDEF")


def test_every_desk_of_a_municipality_knows_the_same_card():
    """The same key makes the same token; of another municipality or mode it is another."""
    here, there = keyed_by(b"k" * 32), keyed_by(b"k" * 32)
    assert here(IDM) == there(IDM)
    assert keyed_by(b"x" * 32)(IDM) != here(IDM)
    assert here(IDM[::-1]) != here(IDM)


def test_the_cards_number_is_not_in_it():
    """A token is a hash: 16 bytes, none of them the number's."""
    token = keyed_by(b"k" * 32)(IDM)
    assert len(token) == TOKEN_SIZE
    assert IDM not in token
    # By hand: HKDF-SHA-512 of 32 bytes, then HMAC-SHA-256, as docs/formats/events.md says.
    import hashlib
    import hmac

    prk = hmac.digest(bytes(64), b"k" * 32, hashlib.sha512)
    key = hmac.digest(prk, b"ESR1 return token\x01", hashlib.sha512)[:32]
    assert token == hmac.digest(key, IDM, hashlib.sha256)[:16]
