"""`hq` as it is typed: exit codes, one sentence, and a service that says when it is ready."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
import requests

from kiosk.core import sheet, trust_list
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.keys import Master, MunicipalKeys
from sync.hq import authority, lists

COMMAND = [sys.executable, "-m", "sync.hq.cli"]


class Typed:
    """Commands on one data folder."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *arguments, code=0):
        done = subprocess.run(
            [*COMMAND, *arguments, "--data", self.folder / "hq"],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    @contextlib.contextmanager
    def serving(self):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--data", self.folder / "hq"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            word, url = process.stdout.readline().split()
            assert word == "READY"
            yield url, process
        finally:
            process.terminate()
            out, err = process.communicate(timeout=30)
            assert (process.returncode, out, err) == (0, "", "")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    folder = tmp_path_factory.mktemp("begun")
    Typed(folder)("init", "--master", folder / "master", "--name", "熊本市")
    return folder


@pytest.fixture
def typed(begun, tmp_path):
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Typed(tmp_path)


def test_an_officers_afternoon(typed, tmp_path):
    """Shelters are imported, sheets printed, HQ serves, is asked for counts, and ends cleanly."""
    csv = tmp_path / "shelters.csv"
    csv.write_text("ID,名称,想定収容人数\n1,城山小学校,200\n2,,\n3,本町小学校,\n", encoding="utf-8-sig")
    imported = typed("shelter", "import", csv)
    assert "2か所" in imported.stdout
    assert "3行目" in imported.stderr
    typed("shelter", "add", "--id", "4", "--name", "山王小学校")
    listed = json.loads(typed("shelter", "list", "--json").stdout)
    assert sorted(shelter["id"] for shelter in listed["shelters"]) == ["1", "3", "4"]
    made = typed("sheets", "--master", tmp_path / "master", "--out", "sheets.pdf", "--json")
    assert len(json.loads(made.stdout)["sheets"]) == 6
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF-")
    typed("sheets", "--master", tmp_path / "master", "--out", "codes", "--shelter", "4", "--mode", "drill")
    assert [path.name for path in (tmp_path / "codes").iterdir()] == ["4-drill.png"]
    incident = typed("incident", "add", "--name", "総合防災訓練", "--mode", "drill", "--date", "2026-11-05")
    assert len(bytes.fromhex(incident.stdout.strip())) == 8
    with typed.serving() as (url, _):
        assert requests.get(f"{url}/v1/health", timeout=10).json()["ok"] is True
        said = json.loads(typed("counts", "--json", "--incident", "総合防災訓練").stdout)
        assert said["drill"]["total"]["counts"]["persons"] == 0
        assert said["disaster"]["total"]["households_by_method"] == dict.fromkeys(
            ["app", "card", "desk", "paper", "count"], 0
        )
    assert "【訓練】" in typed("counts").stdout
    assert typed("device", "list").stdout == ""


def test_ctrl_c_ends_hq_cleanly(typed):
    """An interrupt from the keyboard is a good end, with nothing on stderr."""
    with typed.serving() as (_, process):
        process.send_signal(signal.SIGINT)
        process.wait(30)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["init", "--master", "master2"], "HQ's data are there already"),
        (["sheets", "--master", "hq/authority.json", "--out", "x.pdf"], "must lie outside"),
        (["sheets", "--master", "nowhere", "--out", "x.pdf"], "can not be read"),
        (["counts", "--incident", "?"], "no incident"),
        (["device", "revoke", "zz"], "no such device"),
        (["counts", "--database", "mysql://x"], "postgresql+psycopg://"),
        (["serve", "--host", "0.0.0.0"], "on this computer alone"),  # noqa: S104 - it is refused
        (["serve", "--host", "no.such.host.invalid"], "no address"),
    ],
)
def test_a_known_trouble_is_one_sentence(typed, arguments, sentence):
    """Each trouble a person can act on ends with exit code 1 and one line on stderr."""
    done = typed(*arguments, code=1)
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr


def test_known_troubles_have_codes_for_programs(typed, tmp_path):
    """With --json the code stands on stdout."""
    done = typed("sheets", "--master", tmp_path / "master", "--out", "x.pdf", "--json", code=1)
    assert json.loads(done.stdout)["error"]["code"] == "no_shelters"
    bad = tmp_path / "issuer.json"
    bad.write_text('{"issuer": "431001"}')
    typed("shelter", "add", "--id", "1", "--name", "あ")
    done = typed(
        "sheets", "--master", tmp_path / "master", "--out", "x.pdf", "--issuer-file", bad, "--json", code=1
    )
    assert json.loads(done.stdout)["error"]["code"] == "bad_issuer_file"


def test_the_issuers_of_a_trust_file_are_on_the_sheet(typed, tmp_path):
    """The sheet brings the desk every issuer of the file that is not revoked."""
    good, revoked = (IssuerKey.generate("431001").trusted() for _ in range(2))
    rows = [
        {"issuer": one.issuer, "algorithm": "ES256", "key": one.key.hex(), "revoked": one is revoked}
        for one in (good, revoked)
    ]
    trust = tmp_path / "trust.json"
    trust.write_text(json.dumps(rows))
    typed("shelter", "add", "--id", "1", "--name", "あ")
    done = typed(
        "sheets", "--master", tmp_path / "master", "--out", "codes", "--issuer-file", trust, "--json"
    )
    for made in json.loads(done.stdout)["sheets"]:
        assert sheet.read(made["text"]).issuers == (good,)


def test_a_signed_list_of_issuers_is_what_kiosks_of_this_city_take(typed, tmp_path):
    """The officer signs whom kiosks believe and whom no more; only this city's root vouches for it."""
    good, revoked = (IssuerKey.generate("431001").trusted() for _ in range(2))
    rows = [
        {"issuer": one.issuer, "algorithm": "ES256", "key": one.key.hex(), "revoked": one is revoked}
        for one in (good, revoked)
    ]
    trust = tmp_path / "trust.json"
    trust.write_text(json.dumps(rows))
    master = tmp_path / "master"
    done = typed("trust", "--master", master, "--issuer-file", trust, "--out", "list.txt", "--json")
    root = MunicipalKeys.derive(Master(master.read_bytes())).root_public
    signed = trust_list.read((tmp_path / "list.txt").read_text().strip(), root)
    assert signed.number == json.loads(done.stdout)["list"]
    assert signed.issuers == (good, replace(revoked, revoked=True))
    text = (tmp_path / "list.txt").read_text()
    with typed.serving() as (url, _):
        handed = requests.get(f"{url}/v1/trust", timeout=10).json()["list"]
    assert handed == text.strip()
    typed("hand-on", "list.txt")
    (tmp_path / "stranger.txt").write_text(text[:-6])
    typed("hand-on", "stranger.txt", code=1)
    older = lists.sign(
        authority.load(tmp_path / "hq"), Master(master.read_bytes()), [good], signed.number - 1
    )
    (tmp_path / "older.txt").write_text(older)
    assert "newer" in typed("hand-on", "older.txt", code=1).stderr
    (tmp_path / "other").write_bytes(bytes(32))
    typed("trust", "--master", "other", "--issuer-file", trust, "--out", "x.txt", code=1)
    trust.write_text("{}")
    typed("trust", "--master", master, "--issuer-file", trust, "--out", "x.txt", code=1)


def test_hq_does_not_serve_beside_its_master(typed, tmp_path):
    """A master left in the data folder keeps HQ from starting."""
    (tmp_path / "hq" / "backup.bin").write_bytes((tmp_path / "master").read_bytes())
    assert "master" in typed("serve", "--port", "0", code=1).stderr


def test_a_taken_port_is_one_sentence(typed):
    """A second HQ on the same port says so."""
    with typed.serving() as (url, _):
        done = typed("serve", "--port", url.rsplit(":", 1)[1], code=1)
    assert "taken" in done.stderr


def test_wrong_usage_is_two(typed):
    """A missing option is wrong usage, not a failed job."""
    typed("incident", "add", "--name", "x", code=2)
    typed("init", "--master", "m", "--municipality", "1", code=2)


def test_before_init_hq_says_what_to_do(tmp_path):
    """Every command but init needs an HQ."""
    assert "hq init" in Typed(tmp_path)("counts", code=1).stderr
