"""`kiosk pass`: what a city types to issue, and anyone to check."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

ISSUE = ("--key", "key.pem", "--issuer", "431001")


@pytest.fixture
def many(city):
    """A household too large for one code."""
    rng = random.Random(1)
    letters = [chr(rng.randrange(0x4E00, 0x9FA0)) for _ in range(400)]
    people = [
        {"family": "試験", "given": "子", "note": "".join(letters[40 * n : 40 * n + 38])} for n in range(9)
    ]
    (city / "many.json").write_text(json.dumps({"members": people}), encoding="utf-8")
    return "many.json"


@pytest.mark.usefixtures("city")
def test_a_sealed_pass_is_opened_with_its_key_only(said, refused):
    """Issued to a pass key, it verifies with that key's file, and stays sealed without."""
    digits = json.loads(Path("pass-key.json").read_text(encoding="utf-8"))["pass_key"]
    for key in ("pass-key.json", digits):
        made = said("pass", "issue", "household.json", *ISSUE, "--seal-to", key)
        assert made["text"].startswith("ESR2:")
        assert refused("pass", "verify", made["text"], "--trust", "trust.json") == "sealed"
        seen = said("pass", "verify", made["text"], "--trust", "trust.json", "--pass-key", "pass-key.pem")
        assert seen["verdict"] == "accepted"


@pytest.mark.usefixtures("city")
def test_a_locked_pass_key_asks_for_its_passphrase(said, refused, city):
    """A pass key made with a passphrase opens only with it."""
    (city / "secret").write_text("合言葉\n", encoding="utf-8")
    told = said("pass", "keygen", "--sealing", "--out", "locked.pem", "--passphrase-file", "secret")
    made = said("pass", "issue", "household.json", *ISSUE, "--seal-to", told["pass_key"])
    check = ("pass", "verify", made["text"], "--trust", "trust.json", "--pass-key", "locked.pem")
    assert refused(*check) == "bad_key"
    assert said(*check, "--passphrase-file", "secret")["verdict"] == "accepted"


@pytest.mark.parametrize("ending", [".png", ".txt"])
def test_two_codes_are_checked_together(said, refused, many, city, ending):
    """A large household gets two pictures, or two lines, and both are needed, in any order."""
    made = said("pass", "issue", many, *ISSUE, "--out", f"pass{ending}")
    assert len(made["codes"]) == 2
    files = ["pass.txt"] if ending == ".txt" else ["pass-2.png", "pass-1.png"]
    assert len(said("pass", "verify", *files, "--trust", "trust.json")["household"]["members"]) == 9
    assert said("pass", "verify", made["text"], "--trust", "trust.json")["verdict"] == "accepted"
    assert refused("pass", "verify", made["codes"][0], "--trust", "trust.json") == "half"
    shown = said("pass", "show", *files)
    assert (shown["text"], shown["bytes"], shown["version"]) == (made["text"], made["bytes"], made["version"])
    assert {path.name for path in city.glob("pass*.*") if path.suffix == ending} == set(
        [f"pass{ending}"] if ending == ".txt" else files
    )


@pytest.mark.parametrize("paper", ["a6", "a4"])
def test_a_card_is_printed(said, many, city, paper):
    """A paper pass comes from issuing, and again from the code, with the same content."""
    said("pass", "issue", many, *ISSUE, "--out", "card.pdf", "--paper", paper, "--city", "熊本市")
    made = said("pass", "issue", "household.json", *ISSUE, "--out", "one.pdf", "--paper", paper)
    show = ("pass", "show", made["text"], "--out", "again.pdf", "--paper", paper, "--trust", "trust.json")
    said(*show)
    assert (city / "card.pdf").read_bytes().startswith(b"%PDF")
    assert (city / "again.pdf").read_bytes() == (city / "one.pdf").read_bytes()


@pytest.mark.usefixtures("city")
def test_a_card_is_printed_only_of_what_was_signed(said, refused):
    """No paper is made that says what its city did not sign."""
    made = said("pass", "issue", "household.json", *ISSUE)
    assert refused("pass", "show", made["text"], "--out", "card.pdf") == "unknown_issuer"
    altered = made["text"][:-1] + ("0" if made["text"][-1] != "0" else "1")
    assert refused("pass", "show", altered, "--out", "c.pdf", "--trust", "trust.json") in {
        "bad_signature", "malformed",
    }  # fmt: skip


def test_without_a_trust_file_the_laptop_says_whom_to_believe(said, laptop):
    """On an opened laptop, checking and scanning need no further file."""
    made = said("pass", "issue", "household.json", *ISSUE, "--out", "pass.png")
    assert said("pass", "verify", made["text"], *laptop)["verdict"] == "accepted"
    assert said("scan", "pass.png", *laptop)["verdict"] == "accepted"
    assert said(*laptop, "scan", "pass.png")["verdict"] == "accepted"


def test_a_trust_file_stands_instead_of_the_laptops_own(said, refused, laptop, city):
    """Whoever names a trust file is asked nothing else."""
    made = said("pass", "issue", "household.json", *ISSUE)
    (city / "none.json").write_text("[]")
    assert refused("pass", "verify", made["text"], *laptop, "--trust", "none.json") == "unknown_issuer"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pass", "issue", "household.json", *ISSUE, "--out", "pass.gif"], "bad_suffix"),
        (["pass", "issue", "household.json", *ISSUE, "--seal-to", "nowhere"], "bad_key"),
        (["pass", "issue", "household.json", *ISSUE, "--seal-to", "trust.json"], "bad_key"),
        (["pass", "issue", "household.json", *ISSUE, "--seal-to", "z" * 64], "bad_key"),
        (["pass", "issue", "household.json", *ISSUE, "--seal-to", "0" * 64], "bad_key"),
        (["pass", "verify", "ESR1:A", "--pass-key", "key.pem"], "bad_key"),
        (["pass", "verify", "ESR1:A", "--pass-key", "nowhere.pem"], "no_file"),
        (["pass", "verify", "ESR1:A", "--passphrase-file", "nowhere"], "no_passphrase"),
        (["pass", "verify", "a\0b"], "not_a_pass"),
        (["pass", "show", "123456789018"], "my_number_discarded"),
        (["pass", "keygen", "--sealing", "--out", "key.pem"], "exists"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
@pytest.mark.usefixtures("city")
def test_each_mistake_is_one_sentence(refused, words, code):
    """What a person can mend is said in one line, with its code for programs and exit code 1."""
    assert refused(*words) == code


@pytest.mark.parametrize(
    "words",
    [
        ["pass", "keygen", "--out", "new.pem"],
        ["pass", "keygen", "--sealing", "--out", "new.pem", "--trust", "trust.json"],
        ["pass", "verify"],
    ],
)
@pytest.mark.usefixtures("city")
def test_wrong_usage_is_two(kiosk, words):
    """A missing or a contrary option is wrong usage, and no key is made."""
    assert kiosk(*words)[0] == 2


def test_nothing_personal_is_printed_unasked(kiosk, city):
    """Without --json a check tells how many, not who."""
    _, text, _ = kiosk("pass", "issue", "household.json", *ISSUE)
    code, out, err = kiosk("pass", "verify", text.strip(), "--trust", "trust.json")
    assert code == 0
    assert "1 persons" in out
    assert "試験" not in out + err
    assert (city / "key.pem").stat().st_mode & 0o077 == 0
    assert (city / "pass-key.pem").stat().st_mode & 0o077 == 0
