"""Whom a laptop believes: what its own root signed, whoever wrote the file, and with no passphrase."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.core import sheet, trust_list
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Mode
from kiosk.core.pass_key import PassKey
from kiosk.core.sheet import OpeningSheet
from kiosk.core.trust_list import SignedList
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.store import belief, opening

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ON_SHEET, LATER = (IssuerKey.generate("431001").trusted() for _ in range(2))


@pytest.fixture
def data(tmp_path):
    """A laptop opened with a sheet of our own root, which names one issuer."""
    folder = tmp_path / "kiosk"
    records = X25519PrivateKey.generate().public_key().public_bytes_raw()
    text = sheet.write(
        OpeningSheet(
            *(b"series-1", Mode.DRILL, "431001", "S-001", "城山小学校", "", b""),
            *(ROOT.public_key().public_bytes_raw(), records, bytes(32), bytes(16), (ON_SHEET,)),
        ),
        ROOT,
    )
    opening.open_shelter(folder, text, opening.PRACTICE_STAFF)
    return folder


def a_list(number, *issuers, root=ROOT, municipality="431001"):
    return trust_list.write(SignedList(municipality, number, issuers), root)


def believed_kids(data):
    return {one.kid for one in belief.read(data).trust.issuers if not one.revoked}


def test_the_sheet_speaks_first(data):
    """A laptop that was only opened believes its sheet."""
    assert belief.read(data).newest is None
    assert believed_kids(data) == {ON_SHEET.kid}


def test_a_list_from_a_stick_counts(data):
    """A list of our root adds and withdraws, and stays when the program starts again."""
    belief.take_list(data, f"{a_list(5, replace(ON_SHEET, revoked=True), LATER)}\n")
    assert believed_kids(data) == {LATER.kid}
    assert belief.read(data).newest.number == 5


def test_an_older_list_changes_nothing(data):
    """Nobody revives a revoked key with an old list."""
    belief.take_list(data, a_list(5, replace(ON_SHEET, revoked=True)))
    with pytest.raises(KnownError, match="older_list"):
        belief.take_list(data, a_list(4, ON_SHEET))
    assert believed_kids(data) == set()
    belief.take_list(data, a_list(5, replace(ON_SHEET, revoked=True)))


@pytest.mark.parametrize(
    "text",
    [
        a_list(9, LATER, root=Ed25519PrivateKey.from_private_bytes(bytes(32))),
        a_list(9, LATER, municipality="401005"),
        "hello",
        "",
        a_list(9, LATER)[:-3],
    ],
)
def test_a_strangers_list_is_not_taken(data, text):
    """What our root did not sign for our municipality is refused, and nothing changes."""
    with pytest.raises(KnownError):
        belief.take_list(data, text)
    assert believed_kids(data) == {ON_SHEET.kid}
    assert not (data / belief.TRUST).exists()


def test_a_file_written_past_us_is_not_believed(data):
    """Whoever can write the file can not make the desk believe more, and it is told that one is damaged."""
    (data / belief.TRUST).write_text(a_list(9, LATER, root=Ed25519PrivateKey.generate()))
    assert believed_kids(data) == {ON_SHEET.kid}
    assert belief.read(data).damaged
    belief.take_list(data, a_list(1, LATER))
    assert not belief.read(data).damaged


def test_the_newest_of_stick_and_inbox_counts(data):
    """What the sync process laid down counts like a stick, whichever is newer."""
    belief.take_list(data, a_list(5, LATER))
    (data / belief.INBOX).parent.mkdir()
    (data / belief.INBOX).write_text(a_list(6, replace(LATER, revoked=True)))
    assert believed_kids(data) == {ON_SHEET.kid}
    belief.take_list(data, a_list(7, LATER))
    assert believed_kids(data) == {ON_SHEET.kid, LATER.kid}


@pytest.fixture
def watch(data):
    """What an open desk goes by."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        yield belief.Watch(data, store.sheet, store.ledger.identity.agreement)


def trusted_kids(watch):
    return {one.kid for one in watch.trust().issuers if not one.revoked}


def test_an_open_desk_takes_lists_and_keys_as_they_come(data, watch):
    """From HQ or from a stick, a newer list of our root counts at the next pass; so does a pass key."""
    assert trusted_kids(watch) == {ON_SHEET.kid}
    belief.take_list(data, a_list(5, LATER))
    assert trusted_kids(watch) == {ON_SHEET.kid, LATER.kid}
    write_whole(data / belief.INBOX, a_list(6, replace(ON_SHEET, revoked=True)).encode())
    assert trusted_kids(watch) == set()
    key = PassKey.generate()
    belief.take_pass_key(data, key)
    assert watch.trust().pass_key(key.kid).public == key.public


def test_no_later_file_revives_a_revoked_key(data, watch):
    """What counted once is kept, whatever HQ or a stranger lays into the inbox afterwards."""
    write_whole(data / belief.INBOX, a_list(6, replace(ON_SHEET, revoked=True)).encode())
    assert trusted_kids(watch) == set()
    for text in (a_list(5, ON_SHEET), a_list(9, ON_SHEET, root=Ed25519PrivateKey.generate()), "hello", ""):
        write_whole(data / belief.INBOX, text.encode())
        assert trusted_kids(watch) == set()
        assert believed_kids(data) == set()
    (data / belief.INBOX).unlink()
    (data / belief.TRUST).unlink()
    assert trusted_kids(watch) == set()


def test_a_list_that_did_not_change_is_not_read_again(data, watch, monkeypatch):
    """A pass costs three looks at files, not a signature."""
    write_whole(data / belief.INBOX, a_list(6, LATER).encode())
    watch.trust()
    first = watch.trust()
    monkeypatch.setattr(trust_list, "read", None)
    assert watch.trust() is first


def test_a_pass_key_opens_only_with_the_device(data):
    """The key is not in the file, and comes back only to whoever unlocked this very laptop."""
    key = PassKey.generate()
    belief.take_pass_key(data, key)
    belief.take_pass_key(data, key)
    assert key.private.private_bytes_raw() not in (data / belief.PASS_KEYS).read_bytes()
    assert belief.pass_key_ids(data) == [key.kid]
    assert belief.pass_keys(data, X25519PrivateKey.generate()) == ()
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        (opened,) = belief.pass_keys(data, store.ledger.identity.agreement)
    assert opened.public == key.public


def test_old_and_new_pass_keys_stand_side_by_side(data):
    """While passes of both are about, both open."""
    keys = [PassKey.generate() for _ in range(3)]
    for key in keys:
        belief.take_pass_key(data, key)
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        opened = belief.pass_keys(data, store.ledger.identity.agreement)
    assert [one.kid for one in opened] == [key.kid for key in keys]


@pytest.mark.parametrize(
    "damage", [b"", b"\x80", b"\x81\x05", b"\x81\x82\x05\x05", bytes(range(200, 250)), b"\x05"]
)
def test_a_damaged_key_file_stops_nothing(data, damage):
    """Without its pass keys a desk still opens and reads all that is not sealed."""
    (data / belief.PASS_KEYS).write_bytes(damage)
    assert belief.pass_key_ids(data) == []
    assert belief.pass_keys(data, X25519PrivateKey.generate()) == ()


def test_before_opening_nobody_is_believed(tmp_path):
    """A folder that is no kiosk believes nobody and takes nothing in."""
    assert belief.read(tmp_path) is None
    for take in (
        lambda: belief.take_list(tmp_path, a_list(1, LATER)),
        lambda: belief.take_pass_key(tmp_path, PassKey.generate()),
    ):
        with pytest.raises(KnownError, match="not_opened"):
            take()


def test_a_lost_registration_is_one_sentence(data):
    """Without the device's own words in the outbox a pass key can not be wrapped, and that is said."""
    for path in (data / "outbox").glob("registration*"):
        path.unlink()
    with pytest.raises(KnownError, match="not_registered"):
        belief.take_pass_key(data, PassKey.generate())
