"""Closing a shelter: nothing is erased that HQ lacks, and then nothing is left but a certificate."""

from __future__ import annotations

import json
import os

import pytest

from kiosk.core.access import Role
from kiosk.core.household import Method, Mode
from kiosk.core.key_slots import Cost
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import closing, device, opening
from kiosk.store.accounts import Accounts
from kiosk.store.entrance import prove
from sync import outbox

CANARY = "金糸雀　カナリア"
SECOND = "ふたりめの たしかな 合言葉です"
NOW = 1_700_000_000.0


@pytest.fixture
def store(data):
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
    desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name=CANARY)])))
    Accounts(store, cost=Cost(64, 1)).add("二人目", Role.SUPERVISOR, SECOND)
    store.ledger.publish()
    return store


@pytest.fixture
def second(data, store):
    assert store
    return prove(data, SECOND, "二人目").actor


def sent(store):
    """As after a sync: HQ said that it has everything."""
    outbox.write_heads(store.ledger.parts.outbox, {store.ledger.device: store.ledger.head})


def close(store, target, second, **how):
    return closing.close_shelter(store, target, second=second, wall=lambda: NOW, **how)


def test_what_hq_has_not_is_not_erased(store, second, data, tmp_path):
    """One sentence says how much is missing, and everything is as before."""
    with pytest.raises(KnownError) as caught:
        close(store, tmp_path / "certificate.json", second)
    assert caught.value.code == "not_all_sent"
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as again:
        assert again.ledger.counts().households == 1
    assert not (tmp_path / "certificate.json").exists()


def test_it_takes_two(store, data, tmp_path):
    """A supervisor alone does not erase a shelter."""
    sent(store)
    with pytest.raises(KnownError) as caught:
        close(store, tmp_path / "certificate.json", None)
    assert caught.value.code == "second_person_needed"
    assert opening.is_opened(data)


def test_closed_it_leaves_nothing_but_a_certificate(store, second, data, tmp_path):
    """Folder, keys and the laptop's own secret are gone; the certificate says what was there."""
    sent(store)
    store_id = store.vault.slots.store
    device.make(store_id, os.urandom)
    head = store.ledger.head
    signed = close(store, tmp_path / "certificate.json", second)
    assert not data.exists()
    assert device.read(store_id) is None
    assert json.loads((tmp_path / "certificate.json").read_text()) == signed
    said = signed["statement"]
    assert (said["last_event"], said["households"], said["not_sent"]) == (head[0], 1, 0)
    assert (said["by"], said["second"]) == (opening.PRACTICE_NAME, "二人目")
    assert {"store.db", "keys.cbor", "keys.copy.cbor"} <= {file["name"] for file in said["files"]}
    assert signed["completion"]["left"] == []
    assert closing.verify(signed)
    text = (tmp_path / "certificate.txt").read_text()
    assert "データ消去証明書" in text
    assert "完了：2023-11-15T07:13:20+09:00" in text  # as the clock on the wall said it
    assert CANARY not in text + json.dumps(signed, ensure_ascii=False)


def test_an_altered_certificate_does_not_verify(store, second, tmp_path):
    """Neither what was erased nor what was left can be written differently afterwards."""
    sent(store)
    signed = close(store, tmp_path / "certificate.json", second)
    for part, name, value in (("statement", "not_sent", 3), ("completion", "left", ["store.db"])):
        altered = json.loads(json.dumps(signed))
        altered[part][name] = value
        assert not closing.verify(altered)
    assert not closing.verify({})


def test_a_supervisor_may_take_it_upon_themselves(store, second, data, tmp_path):
    """Without a link for good: only with a reason, and the certificate tells both."""
    with pytest.raises(KnownError) as caught:
        close(store, tmp_path / "certificate.json", second, force=True)
    assert caught.value.code == "reason_needed"
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    signed = close(store, tmp_path / "certificate.json", second, force=True, reason="本部の 指示")
    assert signed["statement"]["not_sent"] > 0
    assert signed["statement"]["reason"] == "本部の 指示"
    assert not data.exists()


def test_the_certificate_is_not_written_into_what_is_erased(store, second, data):
    """It would be erased with the rest."""
    sent(store)
    with pytest.raises(KnownError) as caught:
        close(store, data / "certificate.json", second)
    assert caught.value.code == "certificate_inside"


@pytest.mark.parametrize("survivors", [0, 1, 2, 5])
def test_cut_off_in_the_middle_it_is_finished_later(store, second, data, tmp_path, monkeypatch, survivors):
    """The keys go first; the next call finishes without a secret, and the certificate still verifies."""
    sent(store)
    real, left = closing.destroy, [survivors]

    def dies(path):
        if not left[0]:
            raise RuntimeError
        left[0] -= 1
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(closing, "destroy", dies)
        with pytest.raises(RuntimeError):
            close(store, tmp_path / "certificate.json", second)
    assert opening.is_opened(data) == (survivors < 2)
    signed = closing.resume(data, lambda: NOW)
    assert not data.exists()
    assert closing.verify(signed)
    assert signed["completion"]["left"] == []
    assert signed["completion_signature"] is None
    assert closing.resume(data, lambda: NOW) is None


def test_what_is_destroyed_is_overwritten_first(tmp_path, monkeypatch):
    """The bytes are replaced on the disk before the name goes."""
    path = tmp_path / "secret"
    path.write_bytes(b"secret" * 1000)
    handle = path.open("rb")
    monkeypatch.setattr("os.urandom", lambda size: b"\xaa" * size)
    seen = []
    real = os.fsync
    monkeypatch.setattr(
        "os.fsync", lambda number: (seen.append(handle.seek(0) or handle.read()), real(number))
    )
    closing.destroy(path)
    handle.close()
    assert seen == [b"\xaa" * 6000, b""]
    assert list(tmp_path.iterdir()) == []


def test_former_devices_must_be_with_hq_too(store):
    """What this laptop wrote before a restore counts as much."""
    parts = store.ledger.parts
    assert closing.unsent(parts) == store.ledger.head[0]
    seq, digest = store.ledger.head
    outbox.write_heads(parts.outbox, {store.ledger.device: (seq, bytes(32))})
    assert closing.unsent(parts) == seq
    outbox.write_heads(
        parts.outbox, {store.ledger.device: (seq - 1, parts.log.hash_at(store.ledger.device, seq - 1))}
    )
    assert closing.unsent(parts) == 1
    sent(store)
    assert closing.unsent(parts) == 0
    store.close()
    assert digest
