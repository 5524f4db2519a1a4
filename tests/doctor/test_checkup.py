"""Whatever one check does, the next is made, and nobody sees a traceback."""

from __future__ import annotations

import json
import threading

import pytest

from kiosk import checkup
from kiosk.checkup import Check, Checked, State, TooSlow, Words, attention, ok, within
from kiosk.errors import KnownError

WORDS = Words("題", "title")
SAYS = Words("あります。", "It is there.")


def raises(error):
    def look(_subject):
        raise error

    return look


def found(*looks, **how):
    checks = [Check(f"check-{number}", WORDS, look, **how) for number, look in enumerate(looks)]
    return [one.finding for one in checkup.run(checks, "subject")]


def test_a_check_that_fails_keeps_no_other_from_being_made():
    """Each is told by a stable code; of an error only its kind is told, never its message."""
    findings = found(
        raises(ValueError("山田　太郎")),
        raises(ModuleNotFoundError("no", name="zxingcpp")),
        raises(KnownError("disk_full", "いっぱいです。", "the disk is full")),
        lambda _: ok(SAYS),
    )
    assert [(one.state, one.code) for one in findings] == [
        (State.UNKNOWN, "check_failed"),
        (State.UNKNOWN, "check_failed"),
        (State.BROKEN, "disk_full"),
        (State.OK, "ok"),
    ]
    assert [one.says.en for one in findings[:3]] == [
        "The check itself failed: ValueError.",
        "The check itself failed: ModuleNotFoundError of zxingcpp.",
        "the disk is full.",
    ]
    assert "山田" not in repr(findings)
    assert all(one.to_do == checkup.SHOW_SOMEBODY for one in findings[:3])


def test_a_check_that_hangs_is_left_behind():
    """It is told as unknown, and the next is made."""
    never = threading.Event()
    hung, after = found(lambda _: never.wait(60), lambda _: ok(SAYS), seconds=0.05)
    assert (hung.state, hung.code) == (State.UNKNOWN, "too_slow")
    assert after.state is State.OK
    never.set()


def test_one_check_may_find_several_things():
    """One for each device, and none where there is none."""
    look = attention("low", SAYS, SAYS)
    assert [one.code for one in found(lambda _: [ok(SAYS), look], lambda _: [])] == ["ok", "low"]


def test_a_check_is_given_what_is_examined_and_is_timed():
    """Each number says what it is."""
    subjects = []

    def look(subject):
        subjects.append(subject)
        return ok(SAYS, percent=12)

    (finding,) = found(look)
    assert subjects == ["subject"]
    assert finding.numbers["percent"] == 12
    assert finding.numbers["check_ms"] >= 0


def test_within_hands_on_what_was_raised():
    """An answer or an error comes through as it is; silence is an error of its own."""
    assert within(5, lambda: 7) == 7
    with pytest.raises(KnownError):
        within(5, lambda: raises(KnownError("a", "b"))(None))
    never = threading.Event()
    with pytest.raises(TooSlow):
        within(0.01, lambda: never.wait(60))
    never.set()


def test_a_finding_is_one_json_object():
    """With both languages, so that a program needs no words of its own."""
    one = Checked(Check("space", WORDS, ok), attention("low", SAYS, Words("する。", "Do it."), free=1))
    assert json.loads(json.dumps(one.as_json())) == {
        "name": "space",
        "title": "題",
        "state": "attention",
        "code": "low",
        "sentence": "あります。",
        "to_do": "する。",
        "english": "It is there.",
        "english_to_do": "Do it.",
        "numbers": {"free": 1},
    }
