"""What this laptop sent and lost comes back from HQ into the inbox: verified, whole, and in nobody's way."""

from __future__ import annotations

import contextlib
import shutil

import pytest

from devices import Device
from kiosk.errors import KnownError
from proxies import BAD_GATEWAY, BROKEN, NONSENSE, PORTAL, Answer, CutAfter, CutAnswer, LoseAnswer, Through
from sync import outbox
from sync.bring_back import bring_back
from sync.client import HqClient, HqTrouble
from sync.runner import Runner
from sync.wire import Ask, decode_segment, encode_ask


@pytest.fixture
def client(line):
    with contextlib.closing(HqClient(line.url)) as made:
        yield made


@pytest.fixture
def emptied(hq, line, folder, runner):
    """A device of which HQ has 31 events, and whose outbox lost all past the first 8."""
    device = hq.device()
    for _ in range(30):
        device.receive(2)
    device.lay(folder, line.url)
    runner.round()
    for name in outbox.segments(folder):
        if name.last > 8:
            (folder / str(name)).unlink()
    line.seen.clear()
    return device


def brought(folder, device):
    inbox = outbox.inbox(folder.parent)
    segments = [
        decode_segment(outbox.read_segment(inbox, name)) for name in outbox.segments(inbox, device.id)
    ]
    return [event for segment in segments for event in segment.events]


def test_lost_events_come_back_and_a_person_is_told_what_to_do(emptied, line, folder, runner):
    """The pill says that they are here, and that a new start takes them in; they are asked for once."""
    for _ in range(2):
        with pytest.raises(KnownError) as trouble:
            runner.round()
        assert trouble.value.code == "hq_ahead"
        assert "あけて" in outbox.read_status(folder).sentence
    assert brought(folder, emptied) == emptied.events[8:]
    assert [path for _, path in line.seen].count("/v1/segments/asked") == 1


@pytest.mark.parametrize(
    "fault", [LoseAnswer(), CutAnswer(), CutAfter(3), BROKEN, BAD_GATEWAY, PORTAL, NONSENSE], ids=repr
)
def test_whatever_fails_the_next_attempt_brings_them(emptied, line, folder, runner, fault):
    """Each fault, at each request in turn, costs an attempt; nothing but the real events is ever laid."""
    for place in range(4):
        line.script = [*([Through()] * place), fault]
        with contextlib.suppress(KnownError):
            runner.round()
    line.script = []
    with pytest.raises(KnownError):
        runner.round()
    assert brought(folder, emptied) == emptied.events[8:]


def test_an_hq_that_gives_nothing_back_holds_up_nothing(emptied, line, folder, runner):
    """With an older HQ, which knows no such request, the laptop is told as before."""
    line.script = [Through(), Through(), Answer(404, b'{"error": {"code": "not_found"}}')]
    with pytest.raises(KnownError) as trouble:
        runner.round()
    assert trouble.value.code == "hq_ahead"
    assert "係の人" in trouble.value.sentence
    assert brought(folder, emptied) == []


def test_a_former_device_is_completed_too(hq, line, folder, tmp_path):
    """What a laptop wrote as the device it was before a restore comes back while the new one is in step."""
    former = hq.device(1)
    for _ in range(12):
        former.receive(2)
    first = tmp_path / "first" / "outbox"
    former.lay(first, line.url)
    with contextlib.closing(Runner(first)) as runner:
        runner.round()
    now = hq.device(2, before=former)
    now.receive(1)
    now.lay(folder, line.url)
    outbox.write_registration(folder, former.registration(), former.id)
    for name in outbox.segments(first)[:2]:
        shutil.copy(first / str(name), folder)
    with contextlib.closing(Runner(folder)) as runner:
        assert runner.round().state == "synced"
    assert brought(folder, former) == former.events[8:]


class Gives:
    """An HQ that gives what it likes."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def ask_back(self, _ask):
        return self.answers.pop(0) if self.answers else ()


def hostile(device):
    """Answers that are not the device's own log: its twin's, a stranger's, out of place, or unsigned."""
    twin, stranger = device.clone(), Device(9)
    for one in (twin, stranger):
        for _ in range(12):
            one.receive()
    whole = device.segment(9, 31)
    return {
        "a gap": [device.segment(10, 31)],
        "from the start": [device.segment(1, 31)],
        "another branch": [twin.segment(twin.last - 3, twin.last)],
        "a stranger": [stranger.segment(9, 12)],
        "another signature": [whole[:-64] + bytes(64)],
    }


@pytest.mark.parametrize(
    "how", ["a gap", "from the start", "another branch", "a stranger", "another signature"]
)
def test_nobody_in_hqs_place_can_fill_the_disk(emptied, folder, how):
    """What the laptop did not sign, in that place, is not laid, and nothing more is asked."""
    answers = [[decode_segment(data) for data in hostile(emptied)[how]]] * 5
    hq = Gives(*answers)
    assert not bring_back(folder, hq, emptied.id, emptied.id, 10_000)
    assert brought(folder, emptied) == []
    assert len(hq.answers) == 4


def test_after_the_shelter_was_closed_nothing_is_laid(emptied, folder):
    """What comes while all is erased is not written where all was erased."""
    hq = Gives([decode_segment(emptied.segment(9, 20)), decode_segment(emptied.segment(21, 31))])
    (folder / outbox.LINK).unlink()
    assert not bring_back(folder, hq, emptied.id, emptied.id, 31)
    assert brought(folder, emptied) == []


@pytest.mark.parametrize("lost", ["transport.key", "registration.cbor", "the last segment"])
def test_without_its_keys_or_its_end_nothing_is_asked(emptied, folder, lost):
    """A laptop that can not prove who it is, or verify what comes, asks for nothing."""
    if lost == "transport.key":
        (folder.parent / outbox.TRANSPORT).write_bytes(b"short")
    elif lost == "registration.cbor":
        (folder / outbox.REGISTRATION).write_bytes(b"damaged")
    else:
        (folder / str(outbox.segments(folder)[-1])).write_bytes(b"damaged")
    hq = Gives([decode_segment(emptied.segment(9, 31))])
    assert not bring_back(folder, hq, emptied.id, emptied.id, 31)
    assert len(hq.answers) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BROKEN, "hq_unreachable"),
        (CutAnswer(), "hq_unreachable"),
        (PORTAL, "hq_nonsense"),
        (NONSENSE, "hq_nonsense"),
        (Answer(200, b"x" * 200_000), "hq_nonsense"),
        (Answer(404, b"<html>nginx</html>"), "hq_nonsense"),
        (Answer(403, b'{"error": {"code": "not_yours"}}'), "hq_refused"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_answers_an_ask_is_one_clear_sentence(emptied, line, client, fault, code):
    """A broken HQ, a cut line, a portal and a flood are one known trouble each; the next ask is answered."""
    ask = encode_ask(Ask(emptied.id, emptied.id, 8), emptied.transport)
    line.script = [fault]
    with pytest.raises(HqTrouble) as trouble:
        client.ask_back(ask)
    assert trouble.value.code == code
    assert trouble.value.sentence.endswith("。")
    assert client.ask_back(ask)[0].first == 9
