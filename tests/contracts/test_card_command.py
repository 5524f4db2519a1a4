"""`kiosk card read` on the real card service: what it prints, and every error it can end with."""

import io
import json
import subprocess
import sys

import pytest

from card_reader.errors import CODES, NOTICES, CardError
from card_reader.simulated import InventedPerson, SimulatedCard
from card_reader.simulated_others import OTHERS
from card_service import FIRST
from kiosk import cli
from kiosk.commands import card as command
from ui.words import Words

KEYS = ["name", "address", "birth_date", "sex", "flags", "secret", "tries_left", "apdus", "milliseconds"]


def run(*arguments, digits="1234\n", way="--pin-stdin", reader=FIRST):
    """The command as people start it; its exit code, output and errors."""
    where = ["--reader", reader] if reader else []
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "card", "read", way, *where, *arguments],
        input=digits,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def error_of(*arguments, **given):
    """The error object of a run that must fail, having seen that it fails as promised."""
    done = run("--json", "--wait", "0", *arguments, **given)
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    words = Words()
    notice = error.get("seen") or CardError(error["code"], "").notice
    title, todo = (words.plain(f"notice.{notice}.{part}") for part in ("title", "todo"))
    assert done.stderr.startswith(f"{title}。{todo}")
    assert "Traceback" not in done.stderr
    assert "1234" not in done.stdout + done.stderr
    return error


@pytest.mark.pcscd
def test_a_reading_is_printed_as_promised(pcsc_bench):
    """The four items, how they were opened, and what it took."""
    pcsc_bench.put(SimulatedCard())
    done = run("--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert list(said) == KEYS
    assert said.pop("milliseconds") > 0
    assert said == {
        "name": "熊本　花子",
        "address": "熊本県熊本市中央区手取本町１番１号",
        "birth_date": "1980-02-17",
        "sex": 2,
        "flags": [],
        "secret": "pin",
        "tries_left": 3,
        "apdus": 4,
    }


@pytest.mark.pcscd
def test_a_reading_can_be_read_by_people(pcsc_bench):
    """One item a line, and what is odd is said."""
    pcsc_bench.put(SimulatedCard(InventedPerson(birth_date="19450800")))
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "氏名      熊本　花子\n" in done.stdout
    assert "生年月日  1945-08-00\n" in done.stdout
    assert "! day 00, kept as read" in done.stdout


@pytest.mark.pcscd
@pytest.mark.parametrize(
    ("digits", "form"),
    [("55021720352285", ()), ("5502172285\r\n", ()), ("1980-02-17 2285\n", ("--birth-as", "era"))],
)
def test_code_b_may_be_given_in_three_ways(pcsc_bench, digits, form):
    """All of it; without the year that the card tells; or with a whole birth date."""
    pcsc_bench.put(SimulatedCard())
    done = run("--json", *form, digits=digits, way="--code-b-stdin")
    assert done.returncode == 0
    assert json.loads(done.stdout)["secret"] == "code_b"


@pytest.mark.pcscd
def test_a_card_is_waited_for(pcsc_bench):
    """A card that comes within the time is read."""
    pcsc_bench.lift()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "card", "read", "--pin-stdin", "--reader", FIRST, "--wait", "20"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Standard input stays open: the command takes its line and does not wait for the end.
    waiting.stdin.write("1234\n")
    waiting.stdin.flush()
    pcsc_bench.put(SimulatedCard())
    assert waiting.wait(30) == 0
    assert "熊本　花子" in waiting.stdout.read()
    waiting.stdin.close()
    waiting.stdout.close()


LAID = {
    "not_my_number_card": ({"code": "not_my_number_card"}, OTHERS[""]),
    "wrong_secret": ({"code": "wrong_secret", "tries_left": 2}, lambda: SimulatedCard(pin="0000")),
    "last_try_refused": ({"code": "last_try_refused", "tries_left": 1}, lambda: SimulatedCard(pin_tries=1)),
    "blocked": ({"code": "blocked", "tries_left": 0}, lambda: SimulatedCard(pin_tries=0)),
    "no_pin_set": ({"code": "no_pin_set"}, lambda: SimulatedCard(pin=None)),
    "card_removed": ({"code": "card_removed"}, lambda: SimulatedCard(faults="..a")),
    "malformed": ({"code": "malformed"}, lambda: SimulatedCard(ef_0002=b"")),
    "timeout": ({"code": "timeout"}, lambda: SimulatedCard(faults="..h")),
}
ELSEWHERE = {"no_reader", "no_card", "reader_lost", "bad_secret_format", "two_cards"}


def test_every_error_is_met_below():
    """Whoever adds a code adds a way to meet it on the real card service."""
    assert set(LAID) | ELSEWHERE == set(CODES)


@pytest.mark.pcscd
@pytest.mark.parametrize("code", LAID)
def test_an_error_says_what_to_do_next(pcsc_bench, code):
    """Its code, the tries that are left where the card told, and the screens' own words for staff."""
    expected, card = LAID[code]
    pcsc_bench.put(card())
    error = error_of()
    assert error.pop("message")
    assert error == expected


@pytest.mark.pcscd
@pytest.mark.parametrize("seen", [seen for seen in OTHERS if seen])
def test_another_card_is_named(pcsc_bench, seen):
    """Beside the code that programs know."""
    pcsc_bench.put(OTHERS[seen]())
    error = error_of()
    assert (error["code"], error["seen"]) == ("not_my_number_card", seen)


@pytest.mark.pcscd
def test_an_empty_reader_and_a_missing_one_are_told_apart(pcsc_bench):
    """no_card where there is a reader, no_reader where there is none of that name."""
    pcsc_bench.lift()
    assert error_of()["code"] == "no_card"
    assert error_of(reader="No Such Reader")["code"] == "no_reader"


@pytest.mark.pcscd
def test_a_reader_that_goes_is_lost(card_service, pcsc_bench):
    """The card service crashes under the VERIFY."""
    if not card_service.ours:
        pytest.skip("a card service was running before the tests, and is not ours to stop")

    class Crashing(SimulatedCard):
        def transmit(self, command, *rest):
            answer = super().transmit(command, *rest)
            if self.secrets_sent:
                card_service.stop(kill=True)
            return answer

    card = Crashing()
    pcsc_bench.put(card)
    assert error_of()["code"] == "reader_lost"
    assert card.secrets_sent == 1
    assert error_of()["code"] == "no_reader"
    card_service.start()


@pytest.mark.pcscd
def test_two_my_number_cards_are_one_too_many(pcsc_bench, second_slot):
    """Neither gets the PIN."""
    cards = [SimulatedCard(), SimulatedCard()]
    pcsc_bench.put(cards[0])
    second_slot.insert(cards[1])
    assert error_of("--wait", "5", reader="Virtual PCD 00 01", digits="4321")["code"] == "wrong_secret"
    assert error_of(reader="Virtual PCD")["code"] == "two_cards"
    assert [card.secrets_sent for card in cards] == [0, 1]


@pytest.mark.parametrize(
    ("way", "digits", "more"),
    [
        ("--pin-stdin", "123\n", ()),
        ("--pin-stdin", "", ()),
        ("--pin-stdin", "１２３４\n", ()),
        ("--pin-stdin", "1" * 1000, ()),
        ("--code-b-stdin", "55021720352\n285", ()),
        ("--code-b-stdin", "550217203522851\n", ()),
        ("--code-b-stdin", "1980-02-17 2285\n", ()),
        ("--code-b-stdin", "1980-13-17 2285\n", ("--birth-as", "era")),
        ("--code-b-stdin", "1980-02-17\n", ("--birth-as", "western")),
    ],
)
def test_digits_of_the_wrong_form_are_refused_before_any_card(way, digits, more):
    """No reader is even looked for."""
    done = run("--json", "--wait", "0", *more, way=way, digits=digits, reader="No Such Reader")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "bad_secret_format")
    for part in digits.split():
        assert part not in done.stdout + done.stderr


@pytest.mark.parametrize("given", [[], ["--pin-stdin", "--code-b-stdin"], ["--pin-stdin", "--wait", "-1"]])
def test_wrong_usage_ends_with_two(given):
    """Neither secret, both, or no time at all."""
    asked = [sys.executable, "-m", "kiosk.cli", "card", "read", *given]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Usage" in done.stderr


def test_a_system_without_a_card_service_gets_a_sentence(monkeypatch):
    """Where PC/SC is not installed, no_reader says so."""
    monkeypatch.setitem(sys.modules, "card_reader.pcsc", None)
    with pytest.raises(CardError) as caught:
        command._port()
    assert caught.value.code == "no_reader"


def test_a_line_is_read_and_no_more():
    """What stands after the first line is left alone, and nothing longer than a secret is taken in."""
    stream = io.BytesIO(b" 1234\r\nmore")
    assert command.read_line(stream) == b"1234"
    assert stream.read() == b"more"
    assert len(command.read_line(io.BytesIO(b"1" * 5000))) == command.LONGEST_LINE


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("notice", NOTICES)
def test_there_are_words_for_every_notice(language, notice):
    """What happened and what to do next, in the tables the screens use."""
    words = Words(language)
    for part in ("title", "todo"):
        assert f"notice.{notice}.{part}" in words
        assert words.plain(f"notice.{notice}.{part}")


def test_the_command_is_listed():
    """`kiosk --help` offers it."""
    assert "card" in cli.COMMANDS
