"""The way to HQ, good and bad: never broken, because the desk needs none."""

from __future__ import annotations

import os
import threading

import pytest

from devices import Device
from kiosk.checkup import State
from kiosk.core import key_slots
from kiosk.doctor import Patient, headquarters
from kiosk.store import opening
from laptops import MORNING, ordinary, patient, sheet_text
from sync import outbox
from sync.client import Answer, nonsense, unreachable
from sync.outbox import Status


class PlayedHq:
    """Answers, refuses or keeps silent."""

    def __init__(self, answer=None, error=None, waits=None):
        self.answer, self.error, self.waits, self.closed = answer, error, waits, False

    def heads(self, _device):
        if self.waits is not None:
            self.waits.wait(60)
        if self.error is not None:
            raise self.error
        return self.answer

    def close(self):
        self.closed = True


@pytest.fixture
def device():
    return Device(seed=5)


@pytest.fixture
def data(tmp_path, device):
    folder = tmp_path / "kiosk"
    staff = opening.Staff("係", "a long passphrase", cost=key_slots.Cost(memory_kib=64, passes=1))
    opening.open_shelter(folder, sheet_text(), staff)
    for left in outbox.folder(folder).glob("*.seg"):
        left.unlink()
    for _ in range(5):
        device.receive()
    device.lay(outbox.folder(folder), size=2)
    return folder


@pytest.fixture
def see(data, tmp_path):
    root = ordinary(tmp_path / "root")

    def see(check, folder=None, **parts):
        return check(patient(folder or data, root, **parts))

    return see


CHECKS = [headquarters.waiting, headquarters.link, headquarters.sync_process]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_desk_without_an_hq_has_nothing_to_say(see, tmp_path, check):
    """Before it is opened, and when its sheet names no HQ."""
    assert (see(check, tmp_path / "no").state, see(check, tmp_path / "no").code) == (
        State.ABSENT,
        "not_opened",
    )
    opening.open_shelter(tmp_path / "p", opening.practice_sheet(), opening.PRACTICE_STAFF)
    assert see(check, tmp_path / "p").code == "no_hq"


def status(data, device, **says):
    known = {"state": "synced", "last_contact": int((MORNING - 30) * 1000), "hq_seq": device.last}
    outbox.write_status(outbox.folder(data), Status(**(known | says)))


def age(data, seconds):
    for file in outbox.folder(data).glob("*.seg"):
        os.utime(file, (MORNING - seconds, MORNING - seconds))


def test_what_waits_is_counted_with_the_age_of_the_oldest(see, data, device):
    """Young it is in order; later somebody should look."""
    age(data, 60)
    fresh = see(headquarters.waiting)
    assert (fresh.state, fresh.numbers["unsent_events"]) == (State.OK, device.last)
    assert fresh.numbers["unsent_bytes"] > 0
    age(data, 7200)
    old = see(headquarters.waiting)
    assert (old.state, old.code, old.numbers["oldest_s"]) == (State.ATTENTION, "unsent", 7200)
    assert "2時間前" in old.says.ja


def test_what_hq_has_does_not_wait(see, data, device):
    """By its last acknowledgement; a later segment waits again."""
    status(data, device)
    assert see(headquarters.waiting).numbers["unsent_segments"] == 0
    device.receive()
    device.lay_new(outbox.folder(data))
    assert see(headquarters.waiting).numbers["unsent_events"] == 1


def test_an_hq_that_answers_is_well(see, device):
    """With how long it took, and whether it knows this laptop."""
    known = PlayedHq(Answer({device.id: (3, bytes(32))}, int(MORNING * 1000)))
    finding = see(headquarters.link, hq=lambda _url: known)
    assert (finding.state, finding.numbers["registered"], finding.numbers["clock_offset_s"]) == (
        State.OK,
        True,
        0,
    )
    assert known.closed
    assert see(headquarters.link, hq=lambda _url: PlayedHq(Answer({}))).numbers["registered"] is False


@pytest.mark.parametrize(("offset", "word"), [(600, "おくれて"), (-600, "進んで")])
def test_hqs_clock_is_compared(see, device, offset, word):
    """Who is wrong is for a person to say."""
    answer = Answer({device.id: (3, bytes(32))}, int((MORNING + offset) * 1000))
    finding = see(headquarters.link, hq=lambda _url: PlayedHq(answer))
    assert (finding.state, finding.code) == (State.ATTENTION, "clock_differs")
    assert f"10分 {word}" in finding.says.ja


@pytest.mark.parametrize(
    ("error", "code"),
    [(unreachable("no way"), "hq_unreachable"), (nonsense("a portal"), "hq_nonsense")],
)
def test_no_network_is_nothing_broken(see, error, code):
    """Somebody may look; the desk goes on."""
    finding = see(headquarters.link, hq=lambda _url: PlayedHq(error=error))
    assert (finding.state, finding.code) == (State.ATTENTION, code)
    assert "続けられます" in finding.to_do.ja


def test_a_silent_hq_is_not_waited_for(see, monkeypatch):
    """A line that swallows everything holds nobody up."""
    never = threading.Event()
    monkeypatch.setattr(headquarters, "LINK_SECONDS", 0.05)
    finding = see(headquarters.link, hq=lambda _url: PlayedHq(waits=never))
    assert (finding.state, finding.code) == (State.ATTENTION, "hq_unreachable")
    never.set()


def test_a_real_address_where_nobody_listens(see):
    """The real client, on this computer's own loopback."""
    finding = see(headquarters.link, hq=Patient(None).hq)
    assert (finding.state, finding.code) == (State.ATTENTION, "hq_unreachable")


def test_a_damaged_link_is_told(see, data):
    """And a missing one."""
    (outbox.folder(data) / outbox.LINK).write_text("{")
    assert see(headquarters.link).code == "bad_link"
    (outbox.folder(data) / outbox.LINK).unlink()
    assert see(headquarters.link).code == "no_link"


@pytest.mark.parametrize(
    ("says", "runs", "found"),
    [
        ({}, True, (State.OK, "ok")),
        ({"last_contact": int((MORNING - 9999) * 1000)}, True, (State.ATTENTION, "sync_stopped")),
        ({"last_contact": int((MORNING - 9999) * 1000)}, False, (State.OK, "ok")),
        (
            {"state": "waiting", "last_contact": None, "next_try": int((MORNING + 50) * 1000)},
            True,
            (State.OK, "ok"),
        ),
        (
            {"state": "waiting", "last_contact": None, "next_try": int((MORNING - 999) * 1000)},
            True,
            (State.ATTENTION, "sync_stopped"),
        ),
        (
            {"state": "refused", "code": "hq_refused", "sentence": "x"},
            True,
            (State.ATTENTION, "sync_refused"),
        ),
        ({"state": "fork", "code": "fork", "sentence": "x"}, False, (State.ATTENTION, "sync_fork")),
    ],
    ids=["alive", "silent", "silent and not needed", "waiting", "silent while waiting", "refused", "forked"],
)
def test_the_sync_process_is_judged_by_its_last_words(see, data, device, monkeypatch, says, runs, found):
    """It speaks every minute while a desk runs; what HQ refuses is told even when none does."""
    monkeypatch.setattr(Patient, "desk_runs", lambda _self: runs)
    status(data, device, **says)
    finding = see(headquarters.sync_process)
    assert (finding.state, finding.code) == found


def test_a_sync_process_that_never_spoke(see):
    """It begins with the desk."""
    finding = see(headquarters.sync_process)
    assert (finding.state, finding.code) == (State.ABSENT, "sync_never")
