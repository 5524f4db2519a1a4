"""Records and keys from outside: with no store, with a good one, and with one that somebody damaged."""

from __future__ import annotations

import os

import pytest

from kiosk.checkup import State
from kiosk.core import key_slots
from kiosk.core.entry_pass import IssuerKey
from kiosk.doctor import Patient, records
from kiosk.errors import BugError
from kiosk.store import cipher, opened_as, opening, slots
from laptops import lay, ordinary, patient, sheet_text

FAST = key_slots.Cost(memory_kib=64, passes=1)


@pytest.fixture(scope="module")
def issuer():
    return IssuerKey.generate("431001").trusted()


@pytest.fixture
def data(tmp_path, issuer):
    folder = tmp_path / "kiosk"
    staff = opening.Staff("山田　花子", "a long passphrase", cost=FAST)
    opening.open_shelter(folder, sheet_text([issuer]), staff)
    return folder


@pytest.fixture
def see(tmp_path, data):
    """State and code of one check."""

    def see(check, folder=None, **parts):
        root = tmp_path / "root"
        finding = check(patient(folder or data, root if root.exists() else ordinary(root), **parts))
        assert "山田" not in repr(finding)
        return finding.state, finding.code

    return see


WITHOUT = [records.shelter, records.desk, records.database, records.key_slots, records.permissions]


@pytest.mark.parametrize("check", WITHOUT, ids=lambda check: check.__name__)
def test_a_laptop_that_is_no_desk_yet_is_in_order(see, tmp_path, check):
    """Nothing is missing before a shelter is opened."""
    assert see(check, tmp_path / "nothing") == (State.ABSENT, "not_opened")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    "check", [*WITHOUT, records.cipher], ids=lambda check: getattr(check, "__name__", check)
)
def test_a_good_store_is_well(see, check):
    """Locked, with nobody at the desk."""
    expected = (State.ABSENT, "not_running") if check is records.desk else (State.OK, "ok")
    assert see(check) == expected


def test_the_shelter_is_named_with_its_mode_and_series(data, tmp_path):
    """So that a person sees at once whether this is the right laptop, and whether it is a drill."""
    finding = records.shelter(patient(data, tmp_path))
    assert "城山小学校" in finding.says.ja
    assert "災害" in finding.says.ja
    numbers = finding.numbers
    assert (numbers["mode"], numbers["series"], numbers["issuers_valid"]) == (
        "disaster",
        b"series-1".hex(),
        1,
    )


def test_a_desk_that_can_check_no_pass_is_told(see, tmp_path, issuer):
    """No issuer on the sheet, or none that is valid by this clock."""
    import dataclasses

    over = dataclasses.replace(issuer, valid_to=1_000)
    for number, issuers in enumerate([(), (over,)]):
        folder = tmp_path / str(number)
        opening.open_shelter(folder, sheet_text(issuers), opening.Staff("係", "a long passphrase", cost=FAST))
        assert see(records.shelter, folder) == (State.ATTENTION, "no_issuer")


def test_a_trust_list_that_can_not_be_believed_is_told(see, data):
    """Whom it revoked is not known."""
    lay(data, {"trust.txt": "ESRT1:BROKEN"})
    assert see(records.shelter) == (State.ATTENTION, "trust_list_damaged")


def test_a_practice_store_is_no_shelters(see, tmp_path):
    """Nobody should receive real people into it."""
    opening.open_shelter(tmp_path / "p", opening.practice_sheet(), opening.PRACTICE_STAFF)
    assert see(records.shelter, tmp_path / "p") == (State.ATTENTION, "practice")


@pytest.mark.parametrize("text", [b"ESRO1:XX", b"\xff\xfe", None], ids=["altered", "not text", "gone"])
def test_a_damaged_sheet_is_broken(see, data, text):
    """Whatever happened to both of its copies; one alone is enough."""
    for name in opened_as.SHEETS:
        assert see(records.shelter) != (State.BROKEN, "sheet_damaged")
        if text is None:
            (data / name).unlink()
        else:
            (data / name).write_bytes(text)
    assert see(records.shelter) == (State.BROKEN, "sheet_damaged")


def test_a_database_that_anybody_can_read_is_broken(see, data):
    """And so is one that is gone while its keys are here."""
    (data / "store.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    assert see(records.database) == (State.BROKEN, "database_plain")
    (data / "store.db").unlink()
    assert see(records.database) == (State.BROKEN, "database_missing")


def test_key_slots_are_looked_at_copy_by_copy(see, data):
    """One damaged is a warning, two are the end; who may open is told as a number."""
    good = (data / slots.NAMES[0]).read_bytes()
    (data / slots.NAMES[1]).write_bytes(good[:-1])
    assert see(records.key_slots) == (State.ATTENTION, "slots_one_copy")
    (data / slots.NAMES[0]).write_bytes(b"")
    assert see(records.key_slots) == (State.BROKEN, "slots_damaged")


def test_copies_that_differ_are_told(see, data, tmp_path):
    """Both are whole, and one of them is of another day."""
    other = tmp_path / "other"
    opening.open_shelter(other, sheet_text(), opening.Staff("係", "a long passphrase", cost=FAST))
    (data / slots.NAMES[1]).write_bytes((other / slots.NAMES[0]).read_bytes())
    assert see(records.key_slots) == (State.ATTENTION, "slots_differ")


@pytest.mark.skipif(os.name == "nt", reason="modes mean nothing there")
def test_a_folder_that_others_may_read_is_told(see, data):
    """With what to do; Windows has other rights, and is not judged."""
    data.chmod(0o755)
    assert see(records.permissions) == (State.ATTENTION, "readable_by_others")
    assert see(records.permissions, platform="win32") == (State.UNKNOWN, "permissions_unknown")


def test_a_desk_that_runs_is_told(see, monkeypatch):
    """And a system where that can not be seen says so."""
    monkeypatch.setattr(records.outside, "is_in_use", lambda _data: True)
    assert see(records.desk) == (State.OK, "ok")
    monkeypatch.setattr(records.outside, "is_in_use", lambda _data: None)
    assert see(records.desk) == (State.UNKNOWN, "desk_unknown")


def test_a_program_that_could_write_plaintext_is_no_finding_but_a_bug(see, monkeypatch):
    """The check of it fails loudly; the runner tells it as one that failed."""
    assert see(records.cipher) == (State.OK, "ok")

    def plain(_connection):
        raise BugError("no cipher")

    monkeypatch.setattr(cipher, "_check_build", plain)
    with pytest.raises(BugError):
        see(records.cipher)


def test_disk_encryption_is_told_as_far_as_it_is_known(see, tmp_path):
    """The store is encrypted in any case: without it there is something to do, not something broken."""
    assert see(records.disk_encryption) == (State.ATTENTION, "disk_not_encrypted")
    block = "sys/devices/pci0/ata1/block/sda/sda2/dm/uuid"
    lay(tmp_path / "root", {block: "CRYPT-LUKS2-1"})
    assert see(records.disk_encryption) == (State.OK, "ok")
    (tmp_path / "root/proc/self/mountinfo").write_text("27 1 0:5 / / rw - zfs tank rw\n")
    assert see(records.disk_encryption) == (State.UNKNOWN, "disk_encryption_unknown")


def test_nothing_of_a_store_is_changed_by_looking_at_it(see, data):
    """Byte for byte, and no new file."""

    def contents():
        return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}

    before = contents()
    for check in WITHOUT:
        see(check)
    assert contents() == before


def test_a_patient_without_a_store_is_not_in_use(tmp_path):
    """Its devices are free to be tried."""
    assert not Patient(tmp_path).desk_runs()
