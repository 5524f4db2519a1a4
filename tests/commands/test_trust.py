"""`kiosk trust` and `kiosk shelter-code`: what is brought to a laptop, and what it shows."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.camera.decode import read_codes
from kiosk.core import shelter_code, trust_list
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Mode
from kiosk.core.trust_list import SignedList
from kiosk.paper import code

ROOT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # as in conftest
ISSUE = ("--key", "key.pem", "--issuer", "431001")


def signed(number, *issuers, root=ROOT):
    return trust_list.write(SignedList("431001", number, issuers), root)


def test_a_signed_list_reaches_the_desk(said, refused, kiosk, laptop, city):
    """Taken in from a file, a list adds an issuer and withdraws another; an older one is not taken."""
    new = IssuerKey.generate("401005")
    old = IssuerKey.from_pem("431001", (city / "key.pem").read_bytes())
    (city / "new.pem").write_bytes(new.to_pem())
    (city / "list.esrt").write_text(signed(9, replace(old.trusted(), revoked=True), new.trusted()) + "\n")
    (city / "old.txt").write_text(signed(8))
    assert said("trust", "import", "list.esrt", *laptop) == {"list": 9, "issuers": 2, "revoked": 1}
    assert refused("trust", "import", "old.txt", *laptop) == "older_list"
    made = said("pass", "issue", "household.json", "--key", "new.pem", "--issuer", "401005")
    assert said("pass", "verify", made["text"], *laptop)["verdict"] == "accepted"
    made = said("pass", "issue", "household.json", *ISSUE)
    assert refused("pass", "verify", made["text"], *laptop) == "unknown_issuer"
    shown = said("trust", "show", *laptop)
    assert shown["list"] == 9
    assert [row["revoked"] for row in shown["issuers"]] == [True, False]
    assert "revoked" in kiosk("trust", "show", *laptop)[1]


def test_a_list_can_be_a_picture_or_a_text(said, laptop, city):
    """A short list can be held in a code; its text works as well."""
    (city / "list.png").write_bytes(code.png(signed(3)))
    assert said("trust", "import", "list.png", *laptop)["list"] == 3
    assert said("trust", "import", signed(4), *laptop)["list"] == 4


def test_a_pass_key_is_told_by_its_id_only(said, laptop):
    """The laptop says which pass keys it has, and shows none."""
    kid = said("trust", "add-pass-key", "pass-key.pem", *laptop)["kid"]
    shown = said("trust", "show", *laptop)
    assert shown["pass_keys"] == [kid]
    assert "PRIVATE" not in json.dumps(shown)


def test_a_damaged_list_is_told(kiosk, said, laptop, city):
    """A list that can not be believed is said to be damaged; the sheet still speaks."""
    (city / "kiosk" / "trust.txt").write_text("ESRT1:damaged")
    code, out, err = kiosk("trust", "show", *laptop)
    assert code == 0
    assert "431001" in out
    assert len(err.splitlines()) == 1
    assert said("trust", "show", *laptop)["damaged"] is True


@pytest.mark.parametrize("ending", [".png", ".svg", ".txt", ".pdf"])
def test_the_shelter_code_is_drawn(said, laptop, city, ending):
    """For the wall or for a screen, with no passphrase: phones that know the city's root believe it."""
    told = said("shelter-code", "--out", f"code{ending}", *laptop)
    shelter, moment = shelter_code.read(told["text"], ROOT.public_key().public_bytes_raw())
    assert (shelter.name, shelter.shelter, shelter.mode, moment) == ("城山小学校", "K012", Mode.DRILL, None)
    data = (city / f"code{ending}").read_bytes()
    if ending == ".png":
        assert read_codes(cv2.imread(str(city / "code.png"))) == [told["text"]]
    else:
        assert len(data) > 100


def test_the_shelter_code_is_drawn_in_the_terminal(kiosk, laptop):
    """Without a file it is drawn and its text printed."""
    code, out, _ = kiosk("shelter-code", *laptop)
    assert code == 0
    assert out.splitlines()[-1].startswith(shelter_code.PREFIX)


@pytest.mark.parametrize(
    "words",
    [
        ["trust", "show"],
        ["trust", "import", "list"],
        ["trust", "add-pass-key", "pass-key.pem"],
        ["shelter-code"],
    ],
    ids=" ".join,
)
def test_before_opening_there_is_nothing_to_say(refused, city, words):
    """A folder that is no kiosk says what to do first."""
    assert refused(*words, "--data", city / "nowhere") == "not_opened"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", "not_a_trust_list"),
        (signed(9, root=Ed25519PrivateKey.from_private_bytes(bytes(32))), "bad_signature"),
        (signed(9)[:-3], "malformed"),
        ("nowhere.txt", "not_a_trust_list"),
    ],
    ids=["a text", "another root's", "cut short", "no file"],
)
def test_other_lists_are_refused(refused, laptop, text, code):
    """What our root did not sign is one sentence."""
    assert refused("trust", "import", text, *laptop) == code
