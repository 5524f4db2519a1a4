"""check, backup, restore, erase and close-shelter as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from kiosk.core.access import Role
from kiosk.core.household import Method, Mode
from kiosk.core.key_slots import Cost
from kiosk.desk import Arrival, Desk
from kiosk.store import opening
from kiosk.store.accounts import Accounts
from kiosk.store.parts import DATABASE
from sync import outbox

SECOND = "ふたりめの たしかな 合言葉です"


def kiosk(data, *arguments, code=0, stdin=""):
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "--data", str(data), *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout) if "--json" in arguments else done


@pytest.fixture
def filled(data):
    """A published kiosk of three households and two supervisors; its households' ids."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
        for place in range(3):
            person = desk.new_person(name=f"山田　{place}郎", kana=f"ヤマダ　{place}ロウ")
            desk.receive(Arrival(Method.DESK, desk.new_household([person])))
        Accounts(store, cost=Cost(64, 1)).add("二人目", Role.SUPERVISOR, SECOND)
        store.ledger.publish()
        return [household.hex() for household in store.ledger.households()]


def test_check_says_what_the_contract_says(filled, data):
    """ok, problems and households; deeper looks and notices are added."""
    said = kiosk(data, "check", "--json", "--households")
    assert (said["ok"], said["problems"], sorted(said["households"])) == (True, [], sorted(filled))
    deep = kiosk(data, "check", "--deep", "--json")
    assert (deep["ok"], deep["deep"], deep["findings"], deep["notices"]) == (True, True, [], [])


@pytest.mark.usefixtures("filled")
def test_damage_is_found_told_and_put_right(data):
    """A damaged segment is found deep, mended by --repair, and found no more."""
    segment = max(outbox.folder(data).glob("*.seg"))
    segment.write_bytes(b"\0" + segment.read_bytes()[1:])
    assert kiosk(data, "check", "--json")["ok"]
    said = kiosk(data, "check", "--deep", "--json", code=1)
    assert [one["code"] for one in said["findings"]] == ["segment_damaged"]
    assert kiosk(data, "check", "--repair", "--json")["ok"]
    assert kiosk(data, "check", "--deep", "--json")["ok"]


def test_a_damaged_database_is_one_finding_and_repair_brings_it_back(filled, data):
    """No traceback, no error object: `ok` is false, and --repair makes the store anew from the outbox."""
    path = data / DATABASE
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    said = kiosk(data, "check", "--json", "--households", code=1)
    assert (said["ok"], said["households"]) == (False, [])
    assert [one["code"] for one in said["findings"]] == ["store_damaged"]
    said = kiosk(data, "check", "--repair", "--json", "--households")
    assert sorted(said["households"]) == sorted(filled)
    assert kiosk(data, "check", "--deep", "--json")["ok"]


def test_backup_and_restore_as_typed(filled, data, tmp_path):
    """A stick, another laptop, the same households."""
    made = kiosk(data, "backup", tmp_path, "--json")
    other = tmp_path / "other laptop"
    assert kiosk(other, "restore", made["file"], "--verify-only", "--json")["events"] == made["events"]
    assert not other.exists()
    done = kiosk(other, "restore", made["file"], "--json")
    assert (done["taken_back"], done["missing"], done["aside"]) == (0, 0, None)
    said = kiosk(other, "check", "--deep", "--json", "--households")
    assert sorted(said["households"]) == sorted(filled)
    assert said["device"] == done["device_now"] != done["device"]
    assert kiosk(data, "restore", made["file"], "--json", code=1)["error"]["code"] == "already_opened"
    assert kiosk(other, "restore", data / "sheet.txt", "--json", code=1)["error"]["code"] == "backup_damaged"
    assert kiosk(other, "restore", tmp_path / "no", "--json", code=1)["error"]["code"] == "no_backup"


def test_erasing_takes_two_and_a_reason(filled, data, tmp_path):
    """The second person gives their own passphrase; no secret stands in an argument."""
    (tmp_path / "second").write_text(SECOND + "\n")
    refused = kiosk(data, "erase", filled[0], "--json", "--reason", "本人の 申し出", code=1)
    assert refused["error"]["code"] == "second_person_needed"
    two = ("--second", "二人目", "--second-passphrase-file", tmp_path / "second")
    assert kiosk(data, "erase", filled[0], "--json", *two, code=1)["error"]["code"] == "reason_needed"
    kiosk(data, "erase", filled[0], "--json", *two, "--reason", "本人の 申し出")
    assert kiosk(data, "check", "--deep", "--json")["ok"]
    kiosk(data, "erase", "xyz", *two, code=2)


@pytest.mark.usefixtures("filled")
def test_closing_as_typed(data, tmp_path):
    """Refused while HQ lacks something; forced with a reason, the folder is gone and the paper is there."""
    (tmp_path / "second").write_text(SECOND + "\n")
    words = ("--second", "二人目", "--second-passphrase-file", tmp_path / "second")
    words += ("--certificate", tmp_path / "certificate.json")
    assert kiosk(data, "close-shelter", "--json", *words, code=1)["error"]["code"] == "not_all_sent"
    done = kiosk(data, "close-shelter", *words, "--force", "--reason", "訓練の おわり")
    assert "データ消去証明書" in done.stdout
    assert not data.exists()
    assert (tmp_path / "certificate.txt").exists()
