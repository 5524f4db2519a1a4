"""The sync process against a real HQ: counts first, whole segments after HQ's head, and never a loss."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from kiosk.core.household import Mode
from kiosk.errors import KnownError
from played_time import wait_until
from proxies import BROKEN, NONSENSE, PORTAL, CutAfter, LoseAnswer, Through
from sync import outbox
from sync.backoff import Backoff
from sync.client import HqClient
from sync.runner import HEARTBEAT_SECONDS, Runner


def fill(device, households):
    for number in range(households):
        device.receive(1 + number % 4)
    return device


def numbered(device):
    return list(enumerate(device.hashes[1:], 1))


def test_the_first_contact_registers_reports_and_sends(hq, line, folder, runner):
    """A laptop opened with no network brings HQ everything on its first contact, counts before events."""
    device = fill(hq.device(), 10)
    device.lay(folder, line.url)
    status = runner.round()
    assert line.seen == [
        ("PUT", "/v1/counts"),
        ("POST", "/v1/devices"),
        ("PUT", "/v1/counts"),
        ("POST", "/v1/segments"),
    ]
    assert (status.state, status.hq_seq, status.unsent_events, status.unsent_segments) == ("synced", 11, 0, 0)
    assert status == outbox.read_status(folder)
    assert hq.events(device) == numbered(device)
    total = hq.figures().total
    assert (total.counts, total.reported, total.complete) == (total.reported, total.counts, True)


def test_with_nothing_new_one_request_is_enough(hq, line, folder, runner):
    """A second attempt asks once and sends nothing again."""
    device = fill(hq.device(), 3)
    device.lay(folder, line.url)
    runner.round()
    line.seen.clear()
    runner.round()
    assert line.seen == [("PUT", "/v1/counts")]
    fill(device, 2).lay_new(folder)
    line.seen.clear()
    runner.round()
    assert line.seen == [("PUT", "/v1/counts"), ("POST", "/v1/segments")]
    assert hq.events(device) == numbered(device)


def test_without_counts_hq_is_asked_for_its_head(hq, line, folder, runner):
    """A desk that laid no counts yet is registered and sent all the same."""
    device = fill(hq.device(), 1)
    device.lay(folder, line.url)
    (folder / outbox.COUNTS).unlink()
    runner.round()
    runner.round()
    assert [path for _, path in line.seen if not path.startswith("/v1/heads")] == [
        "/v1/devices",
        "/v1/segments",
    ]
    assert hq.events(device) == numbered(device)


@pytest.mark.parametrize("fault", [LoseAnswer(), CutAfter(100), BROKEN, PORTAL, NONSENSE], ids=repr)
def test_whatever_fails_the_next_attempt_goes_on(hq, line, folder, runner, fault):
    """Each fault, at each request in turn, costs an attempt and no event."""
    device = fill(hq.device(), 8)
    device.lay(folder, line.url)
    for place in range(4):
        line.script = [*([Through()] * place), fault]
        with contextlib.suppress(KnownError):
            runner.round()
    line.script = []
    assert runner.round().state == "synced"
    assert hq.events(device) == numbered(device)


def test_a_failed_attempt_says_so_in_one_sentence(hq, line, folder, runner):
    """The desk's pill learns what is wrong, since when, and how much waits."""
    device = fill(hq.device(), 4)
    device.lay(folder, line.url)
    runner.round()
    contact = runner.status.last_contact
    fill(device, 6).lay_new(folder)
    line.script = [BROKEN]
    with pytest.raises(KnownError) as trouble:
        runner.round()
    status = outbox.read_status(folder)
    assert trouble.value.code == status.code == "hq_unreachable"
    assert (status.state, status.sentence) == ("waiting", trouble.value.sentence)
    assert (status.last_contact, status.hq_seq) == (contact, 5)
    assert (status.unsent_events, status.unsent_segments) == (6, 2)


def test_a_line_that_carries_little_gets_small_batches(hq, line, folder, runner):
    """When every large request is cut, batches shrink until they pass, and grow again afterwards."""
    device = fill(hq.device(), 120)
    device.lay(folder, line.url, size=2)
    line.limit = 3000
    for _ in range(40):
        with contextlib.suppress(KnownError):
            runner.round()
            break
    assert hq.events(device) == numbered(device)
    assert line.largest <= 3000
    line.limit = None
    fill(device, 120).lay_new(folder, size=2)
    runner.round()
    assert hq.events(device) == numbered(device)
    assert line.largest > 3000


def test_one_large_segment_is_sent_alone(hq, line, folder, runner):
    """A segment larger than any batch so far still goes."""
    device = fill(hq.device(), 60)
    device.lay(folder, line.url, size=61)
    for _ in range(12):
        line.script = [CutAfter(1)]
        with pytest.raises(KnownError):
            runner.round()
    runner.round()
    assert hq.events(device) == numbered(device)


def test_an_hq_restored_from_a_backup_is_filled_again(hq, url, folder, tmp_path):
    """After HQ lost its newest events, or everything, the kiosks bring them again unasked."""
    device = fill(hq.device(), 6)
    device.lay(folder, url)
    with contextlib.closing(Runner(folder)) as runner:
        runner.round()
        hq.copy_to(tmp_path / "backup")
        fill(device, 6).lay_new(folder)
        runner.round()
    restored = hq.restored(tmp_path / "backup")
    with contextlib.closing(restored), restored.serving() as again:
        assert restored.head(device)[0] == 7
        outbox.write_link(folder, outbox.Link(again, b"", device.id))
        with contextlib.closing(Runner(folder)) as runner:
            assert runner.round().state == "synced"
        assert restored.events(device) == numbered(device)


def test_an_hq_restored_between_two_words_names_the_gap(hq, line, folder, tmp_path):
    """HQ says what it has, is restored, and asks for earlier events: they are sent in the same attempt."""
    device = fill(hq.device(), 3)
    device.lay(folder, line.url)
    with contextlib.closing(Runner(folder)) as runner:
        runner.round()
    hq.copy_to(tmp_path / "backup")
    fill(device, 6).lay_new(folder)
    with contextlib.closing(Runner(folder)) as runner:
        runner.round()
    fill(device, 6).lay_new(folder)
    restored = hq.restored(tmp_path / "backup")

    class Forgetful(HqClient):
        """HQ that is restored right after it told its head."""

        def report_counts(self, counts):
            answer = super().report_counts(counts)
            line.lead_to(again)
            return answer

    with contextlib.closing(restored), restored.serving() as again:
        with contextlib.closing(Runner(folder, Forgetful)) as runner:
            assert runner.round().state == "synced"
        assert restored.events(device) == numbered(device)


def test_a_copied_laptop_is_found_and_both_branches_are_kept(hq, line, folder, runner, tmp_path):
    """Two laptops from one disk: the second is told of the fork, and HQ has every event of both."""
    device = fill(hq.device(), 3)
    twin = device.clone()
    fill(device, 5)
    fill(twin, 2)
    device.lay(folder, line.url)
    runner.round()
    other = tmp_path / "twin" / "outbox"
    twin.lay(other, line.url, size=3)
    with contextlib.closing(Runner(other)) as second:
        for _ in range(2):
            with pytest.raises(KnownError) as trouble:
                second.round()
            assert trouble.value.code == "fork"
    assert outbox.read_status(other).state == "fork"
    assert hq.events(device) == numbered(device)
    assert hq.branch(device) == numbered(twin)[4:]
    runner.round()
    assert outbox.read_status(folder).state == "synced"


def test_a_laptop_restored_from_an_old_backup_is_found(hq, line, folder, runner, tmp_path):
    """A laptop that lost its newest events is told that HQ knows more of it than it does itself."""
    device = fill(hq.device(), 3)
    old = device.clone()
    fill(device, 5).lay(folder, line.url)
    runner.round()
    other = tmp_path / "restored" / "outbox"
    old.lay(other, line.url)
    with contextlib.closing(Runner(other)) as restored, pytest.raises(KnownError) as trouble:
        restored.round()
    assert trouble.value.code == "hq_ahead"
    fill(old, 5).lay_new(other)
    with contextlib.closing(Runner(other)) as restored, pytest.raises(KnownError) as trouble:
        restored.round()
    assert trouble.value.code == "fork"
    assert hq.branch(device) == numbered(old)[4:]


def test_a_missing_file_is_told_and_what_can_go_goes(hq, line, folder, runner):
    """A segment that is not in the outbox stops there, with a sentence, and goes on when it is laid again."""
    device = fill(hq.device(), 11)
    device.lay(folder, line.url, size=4)
    lost = outbox.segments(folder, device.id)[1]
    (folder / str(lost)).unlink()
    with pytest.raises(KnownError) as trouble:
        runner.round()
    assert trouble.value.code == "outbox_gap"
    assert hq.head(device)[0] == 4
    outbox.write_segment(folder, device.id, lost.first, lost.last, device.segment(lost.first, lost.last))
    assert runner.round().state == "synced"


def test_before_the_shelter_is_opened_there_is_nothing_to_do(folder, runner):
    """Without a link the process waits, and says for what."""
    with pytest.raises(KnownError) as trouble:
        runner.round()
    assert (trouble.value.code, outbox.read_status(folder).state) == ("no_link", "no_link")


def test_where_all_was_erased_nothing_is_laid_again(hq, line, folder, runner):
    """A shelter that was closed while the process ran: it says nothing more, in a folder that is gone."""
    device = fill(hq.device(), 1)
    device.lay(folder, line.url)
    assert runner.round().state == "synced"
    shutil.rmtree(folder)
    with pytest.raises(KnownError) as trouble:
        runner.round()
    assert trouble.value.code == "no_link"
    assert not folder.exists()


def test_a_sheet_hq_does_not_know_is_told(hq, line, folder, runner):
    """A laptop opened with another city's sheet is told to call HQ, and keeps its records."""
    device = fill(hq.device(), 1)
    device.token = b"x" * 16
    device.lay(folder, line.url)
    with pytest.raises(KnownError) as trouble:
        runner.round()
    assert (trouble.value.code, trouble.value.detail) == ("hq_refused", "unknown_token")
    assert outbox.read_status(folder).state == "refused"


def test_a_laptop_that_changed_its_shelter_follows_the_new_link(hq, line, folder, runner):
    """When the link changes, the process speaks for the new device without being started anew."""
    first, second = fill(hq.device(1), 2), fill(hq.device(2, Mode.DISASTER), 3)
    first.lay(folder, line.url)
    runner.round()
    second.lay(folder, line.url)
    runner.round()
    assert hq.events(first) == numbered(first)
    assert hq.events(second) == numbered(second)


class Time:
    """A clock on which waiting takes no time; after `rounds` waits it is over."""

    def __init__(self, happenings=()):
        self.now = 0.0
        self.waits = []
        self.happenings = dict(happenings)

    def wait(self, seconds):
        self.now += seconds
        self.waits.append(seconds)
        happening = self.happenings.pop(len(self.waits), None)
        return happening() if happening is not None else False


def test_a_new_reception_wakes_a_waiting_process(hq, line, folder):
    """With HQ in reach, a reception is on its way within one look at the folder."""
    device = fill(hq.device(), 1)
    device.lay(folder, line.url)

    def reception():
        fill(device, 1).lay_new(folder)

    def look():
        assert hq.events(device) == numbered(device)
        return True

    clock = Time({5: reception, 6: look})
    with contextlib.closing(Runner(folder, monotonic=lambda: clock.now)) as runner:
        runner.run(clock.wait)
    assert max(clock.waits) <= 0.5


def test_hq_hears_of_an_idle_desk_every_minute(hq, line, folder):
    """With nothing to send, HQ is asked once a heartbeat and not more."""
    device = fill(hq.device(), 1)
    device.lay(folder, line.url)
    clock = Time()
    clock.happenings = {2400: lambda: True}
    with contextlib.closing(Runner(folder, monotonic=lambda: clock.now)) as runner:
        runner.run(clock.wait)
        beats = int(clock.now // HEARTBEAT_SECONDS)
    assert line.seen[4:].count(("PUT", "/v1/counts")) in (beats - 1, beats)
    assert {path for _, path in line.seen[4:]} == {"/v1/counts"}


def test_without_hq_attempts_spread_out_and_receptions_do_not_hurry_them(hq, folder):
    """A dead line is tried about twice a minute, whatever the desk does, until a person asks."""
    device = fill(hq.device(), 1)
    device.lay(folder, "http://127.0.0.1:1")
    tries = []

    def connect(_url):
        tries.append(clock.now)
        raise KnownError("hq_unreachable", "つながりません。")

    clock = Time()
    clock.happenings = {place: lambda: fill(device, 1).lay_new(folder) for place in range(100, 1900, 200)}
    clock.happenings[2000] = lambda: outbox.try_now(folder)
    clock.happenings[2001] = lambda: True
    backoff = Backoff(lambda: 0.5)
    with contextlib.closing(Runner(folder, connect, monotonic=lambda: clock.now, backoff=backoff)) as runner:
        runner.run(clock.wait)
    assert tries[-1] == clock.now - clock.waits[-1]
    gaps = [after - before for before, after in pairwise(tries[:-1])]
    assert gaps[:3] == [0.5, 1.0, 2.0]
    assert max(gaps) <= 30
    assert len([one for one in tries[:-1] if one > 60]) <= clock.now / 30


@contextlib.contextmanager
def process(*arguments):
    running = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield running
    finally:
        running.terminate()
        out, err = running.communicate(timeout=30)
        assert (running.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    "start", [["-m", "sync.runner"], ["-m", "kiosk.cli", "sync"]], ids=["module", "command"]
)
def test_the_process_brings_what_is_laid_and_ends_when_told(hq, url, folder, start):
    """The real process sends what lies there, then what is laid meanwhile, and ends with exit code 0."""
    device = fill(hq.device(), 3)
    device.lay(folder, url)
    with process(*start, "--data", folder.parent):
        wait_until(lambda: hq.events(device) == numbered(device))
        fill(device, 3).lay_new(folder)
        wait_until(lambda: hq.events(device) == numbered(device))


def test_the_process_started_by_a_desk_ends_with_it(hq, url, folder):
    """A desk starts it as a spawned child; when the desk is killed, it ends by itself."""
    device = fill(hq.device(), 3)
    device.lay(folder, url)
    desk = f"""
import multiprocessing, sys
from sync import runner
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=runner.main, args=({str(folder.parent)!r},))
    child.start()
    print(child.pid, flush=True)
    sys.stdin.read()
"""
    script = folder.parent / "desk.py"
    script.write_text(desk)
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        child = int(running.stdout.readline())
        wait_until(lambda: hq.events(device) == numbered(device))
        running.kill()
    wait_until(lambda: not runs(child))


def runs(process):
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


def test_sync_once_says_how_it_went(hq, url, folder):
    """`kiosk sync --once` ends with 0 when HQ has everything, and with 1 and one sentence when not."""
    device = fill(hq.device(), 3)
    device.lay(folder, url)

    def once():
        return subprocess.run(
            [sys.executable, "-m", "kiosk.cli", "sync", "--once", "--json", "--data", folder.parent],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    done = once()
    said = json.loads(done.stdout)
    assert (done.returncode, said["state"], said["hq_seq"], said["requests"]) == (0, "synced", 4, 4)
    outbox.write_link(folder, outbox.Link("http://127.0.0.1:1", b"", device.id))
    done = once()
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "hq_unreachable")
    assert len(done.stderr.splitlines()) == 1
