"""What the station makes of the codes it is told: sealed, divided, older, and the shelter's own."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk import flow
from kiosk.camera.decode import read_codes
from kiosk.camera.worker import CodeSeen
from kiosk.core import sheet, shelter_code, trust_list
from kiosk.core.entry_pass import issue_codes
from kiosk.core.household import Mode
from kiosk.core.trust import TrustList
from kiosk.files import write_whole
from kiosk.store import belief, opened_as, opening
from kiosk.wiring import DeskStation, Devices
from pass_vectors import EXPIRES, ISSUED, issue, vectors

TRUST = TrustList((vectors.P256.trusted(), vectors.ED25519.trusted()))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "kiosk"
    opening.open_shelter(folder, opening.practice_sheet(), opening.PRACTICE_STAFF)
    return folder


class Told:
    """A station without devices that is told of codes, and what it pushed."""

    def __init__(self, data, trust=TRUST):
        self.station = DeskStation(
            data, Devices(None, None), passphrase=opening.PRACTICE_PASSPHRASE, trust=trust
        )
        self.pushed = []
        self.station.open(None)
        self.station.start(self.pushed.append)

    def __call__(self, *texts):
        for text in texts:
            self.station._codes.seen(CodeSeen(text, time.monotonic(), 0.01))
        return self.pushed[-1]


@pytest.fixture
def told(data):
    opened = []

    def begin():
        opened.append(Told(data))
        return opened[-1]

    yield begin
    for one in opened:
        one.station.close()


def test_a_sealed_pass_needs_the_desks_key(told):
    """Without the municipality's pass key it is said so, and nobody is received."""
    text = issue(vectors.FOUR, seal_to=vectors.PASS_KEY.public)
    assert told()(text) == flow.CodeRefused("sealed")


def test_a_desk_that_was_given_the_key_opens_it(told, data):
    """The key brought on a stick is used once the store is unlocked."""
    belief.take_pass_key(data, vectors.PASS_KEY)
    seen = told()(issue(vectors.FOUR, seal_to=vectors.PASS_KEY.public))
    assert isinstance(seen, flow.CodeAccepted)
    assert seen.source.key == vectors.FOUR.key


def test_two_codes_are_one_household(told):
    """The first half asks for the other; with it the whole household comes."""
    both = issue_codes(vectors.many(), vectors.P256, issued=ISSUED, expires=EXPIRES, randomness=bytes)
    one = told()
    assert one(both[1]) == flow.CodeRefused("half")
    assert len(one(both[0]).household.members) == 9


def test_an_older_pass_brings_the_newest_household(told):
    """What the desk uses is the highest revision it was shown; staff are told that an older one was shown."""
    newer = replace(vectors.FOUR, revision=9, members=vectors.FOUR.members[:2])
    one = told()
    one(issue(newer))
    seen = one(issue(vectors.FOUR))
    assert len(seen.household.members) == 2
    assert seen.source.revision == 9
    assert seen.marks == {"older_revision"}


def test_seen_before_is_the_ledgers_to_say(told):
    """Held up again after it was taken back, a pass is received without a remark."""
    one = told()
    one(issue(vectors.ONE, expires=ISSUED + 1))
    assert one(issue(vectors.ONE, expires=ISSUED + 1)).marks == {"expired"}


def test_the_station_shows_its_shelter_to_phones(told, data):
    """The picture says which shelter this is, and this very device vouches for the moment."""
    one = told()
    opened = sheet.read((data / opened_as.SHEETS[0]).read_text())
    picture = cv2.imdecode(np.frombuffer(one.station.shelter_code(700), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert 600 <= picture.shape[0] <= 700
    (text,) = read_codes(picture)
    shelter, moment = shelter_code.read(text, opened.root_key)
    assert shelter == opened.code
    assert moment.device_key == one.station._store.ledger.identity.sign_public
    assert abs(moment.at - time.time()) < 60


def test_an_open_desk_goes_by_the_lists_that_come(tmp_path):
    """A new issuer's pass counts as soon as its list was brought, and no more once HQ's list revokes it."""
    data, root = tmp_path / "city", Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    records = X25519PrivateKey.generate().public_key().public_bytes_raw()
    text = sheet.write(
        sheet.OpeningSheet(
            *(b"series-1", Mode.DRILL, "431001", "S-001", "城山小学校", "", b""),
            *(root.public_key().public_bytes_raw(), records, bytes(32), bytes(16), ()),
        ),
        root,
    )
    opening.open_shelter(data, text, opening.PRACTICE_STAFF)

    def signed(number, issuer):
        return trust_list.write(trust_list.SignedList("431001", number, (issuer,)), root)

    one = Told(data, trust=None)
    try:
        assert one(issue(vectors.ONE)) == flow.CodeRefused("unknown_issuer")
        belief.take_list(data, signed(1, vectors.ED25519.trusted()))
        assert isinstance(one(issue(vectors.ONE)), flow.CodeAccepted)
        write_whole(data / belief.INBOX, signed(2, replace(vectors.ED25519.trusted(), revoked=True)).encode())
        assert one(issue(vectors.ONE)) == flow.CodeRefused("unknown_issuer")
    finally:
        one.station.close()
