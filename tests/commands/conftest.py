"""`kiosk` as it is typed, in this process; and a city's keys to type with."""

from __future__ import annotations

import json
import os
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.cli import cli
from kiosk.console import run
from kiosk.core import sheet
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Mode
from kiosk.core.sheet import OpeningSheet
from kiosk.store import opening

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HOUSEHOLD = {
    "postcode": "8600001",
    "address": "熊本県熊本市中央区本町1",
    "members": [
        {"family": "試験", "given": "太郎", "birth_date": "1980-02-17", "sex": 1, "relation": "head"}
    ],
}


@pytest.fixture
def kiosk(monkeypatch, capfd):
    """Runs `kiosk`; returns exit code, output and errors."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["kiosk", *map(str, words)])
        code = run(cli, "kiosk")
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def said(kiosk):
    """Runs `kiosk … --json` that must work; returns what it said."""

    def call(*words):
        code, out, err = kiosk(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


@pytest.fixture
def refused(kiosk):
    """Runs `kiosk … --json` that must not work; returns the code of its one sentence."""

    def call(*words):
        code, out, err = kiosk(*words, "--json")
        assert code == 1
        assert len(err.splitlines()) == 1
        return json.loads(out)["error"]["code"]

    return call


@pytest.fixture
def city(tmp_path, said, monkeypatch):
    """A folder of a city: issuer's key, trust file, pass key, a household; and it is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "household.json").write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    said("pass", "keygen", "--issuer", "431001", "--out", "key.pem", "--trust", "trust.json")
    told = said("pass", "keygen", "--sealing", "--out", "pass-key.pem")
    (tmp_path / "pass-key.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


@pytest.fixture
def laptop(city):
    """A laptop opened with a sheet that names the city's issuer; the option that says where it is."""
    key = IssuerKey.from_pem("431001", (city / "key.pem").read_bytes())
    text = sheet.write(
        OpeningSheet(
            *(os.urandom(8), Mode.DRILL, "431001", "K012", "城山小学校", "", b""),
            *(ROOT.public_key().public_bytes_raw(), opening_records(), bytes(32), bytes(16)),
            (key.trusted(),),
        ),
        ROOT,
    )
    opening.open_shelter(city / "kiosk", text, opening.PRACTICE_STAFF)
    return ("--data", city / "kiosk")


def opening_records():
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.generate().public_key().public_bytes_raw()
