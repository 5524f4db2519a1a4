"""HQ holds public halves only, and never serves beside its master."""

from __future__ import annotations

import json
import os
import stat

import pytest

from kiosk.core.keys import MunicipalKeys
from kiosk.errors import KnownError
from sync.hq import authority
from sync.hq.authority import initialise, load, officers_master, operations_message, refuse_master_inside
from sync.wire import is_signed


def begin(folder, master=None):
    return initialise(
        folder / "hq", master or folder / "master", "431001", "熊本市", "http://127.0.0.1:8440", os.urandom
    )


def test_what_was_begun_is_found_again(tmp_path):
    """HQ knows after a restart who it is, and that the root certified its operations key."""
    who = begin(tmp_path)
    assert load(tmp_path / "hq") == who
    assert is_signed(who.root_key, operations_message("431001", who.operations_key), who.certificate)
    assert stat.S_IMODE((tmp_path / "master").stat().st_mode) & 0o077 == 0


def test_no_secret_half_of_the_master_is_in_hqs_data(tmp_path):
    """Nothing under HQ's folder holds the master, the root's or the records' secret."""
    begin(tmp_path)
    master = authority.read_master(tmp_path / "master")
    keys = MunicipalKeys.derive(master)
    secrets = [master, keys.root.private_bytes_raw(), keys.records.private_bytes_raw()]
    for path in (tmp_path / "hq").rglob("*"):
        data = path.read_bytes()
        assert not any(secret in data or secret.hex().encode() in data for secret in secrets)


def test_a_master_that_is_there_is_used_again(tmp_path):
    """A new HQ under the old master has the same root: sheets on paper stay good."""
    first = begin(tmp_path)
    second = begin(tmp_path / "new", tmp_path / "master")
    assert (second.root_key, second.records_key) == (first.root_key, first.records_key)
    assert second.operations_key != first.operations_key


def test_a_master_inside_the_data_is_refused_at_the_start(tmp_path):
    """`hq init` does not put the master where HQ serves from."""
    with pytest.raises(KnownError) as refusal:
        begin(tmp_path, tmp_path / "hq" / "deep" / "master")
    assert refusal.value.code == "master_inside_data"
    assert not (tmp_path / "hq").exists()


@pytest.mark.parametrize("name", ["master", "deep/er/notes.txt"])
def test_a_master_copied_into_the_data_is_found_under_any_name(tmp_path, name):
    """HQ finds its own master in its folder, whatever it is called."""
    who = begin(tmp_path)
    refuse_master_inside(tmp_path / "hq", who)
    copy = tmp_path / "hq" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes((tmp_path / "master").read_bytes())
    with pytest.raises(KnownError) as refusal:
        refuse_master_inside(tmp_path / "hq", who)
    assert refusal.value.code == "master_inside_data"


def test_hq_is_begun_once(tmp_path):
    """A second `hq init` over the first is refused and changes nothing."""
    who = begin(tmp_path)
    with pytest.raises(KnownError) as refusal:
        begin(tmp_path)
    assert refusal.value.code == "already_initialised"
    assert load(tmp_path / "hq") == who


def test_another_citys_master_is_told_from_ours(tmp_path):
    """The officer of another municipality signs no sheet of ours."""
    who = begin(tmp_path)
    (tmp_path / "other").write_bytes(os.urandom(32))
    (tmp_path / "short").write_bytes(b"12345")
    for name in ("other", "short", "missing"):
        with pytest.raises(KnownError) as refusal:
            officers_master(tmp_path / name, who, tmp_path / "hq")
        assert refusal.value.code == "bad_master"
    assert officers_master(tmp_path / "master", who, tmp_path / "hq")


def test_an_altered_authority_is_refused(tmp_path):
    """HQ does not serve under keys the root did not certify, nor from a damaged file."""
    begin(tmp_path)
    path = tmp_path / "hq" / "authority.json"
    value = json.loads(path.read_bytes())
    for damaged in (json.dumps(value | {"operations_key": "00" * 32}), "{", "[]", json.dumps(value)[:-30]):
        path.write_text(damaged)
        with pytest.raises(KnownError) as refusal:
            load(tmp_path / "hq")
        assert refusal.value.code == "bad_authority"
    path.unlink()
    with pytest.raises(KnownError) as refusal:
        load(tmp_path / "hq")
    assert refusal.value.code == "not_initialised"
