"""The sync process: brings what lies in the outbox to HQ, for ever, beside the desk.

It holds no key of the store and never stands in the desk's way: a locked or busy kiosk goes on reporting.
Counts go first, in one tiny request, whose answer says what HQ has; then whole segments after that, in
batches that halve when the link fails and double when it holds. What to send is decided by HQ's head
alone, never by a note of ours, so that a restored HQ, a lost answer or a killed process cost only bytes.
What HQ has of this laptop and the laptop has lost comes back into the inbox, where the desk finds it.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from kiosk.core import trust_list
from kiosk.core.clock import MonotonicClock, WallClock
from kiosk.core.ids import DeviceId
from kiosk.errors import KnownError, Malformed
from sync import outbox
from sync.backoff import CAP, Backoff
from sync.bring_back import bring_back
from sync.client import Answer, Fork, Gap, Head, HqClient, HqTrouble, nonsense
from sync.outbox import Link, SegmentName, Status
from sync.wire import MAX_EVENTS, Segment, decode_segment

POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 60.0
"""With nothing to send, HQ is still asked this often: it shows that we live, and HQ may be restored."""
FIRST_BATCH, LEAST_BATCH, MAX_BATCH = 64 * 1024, 256, 512 * 1024
"""Bytes of segments in one request; one segment is always sent, however large."""


class Hq(Protocol):
    """What the runner needs of HQ: `sync.client.HqClient`, or a working fake."""

    requests: int
    sent_bytes: int

    def register(self, registration: bytes) -> Answer:
        """Make the device known."""

    def report_counts(self, counts: bytes) -> Answer:
        """Send a counts report."""

    def heads(self, device: DeviceId) -> Answer:
        """Ask for HQ's head."""

    def trust_list(self) -> str:
        """Fetch the list of issuers that HQ hands on."""

    def push(self, segments: Sequence[bytes]) -> Answer | Gap | Fork:
        """Send segments."""

    def ask_back(self, ask: bytes) -> Sequence[Segment]:
        """Ask for events that this laptop sent."""

    def close(self) -> None:
        """Let go."""


class Runner:
    """Brings one outbox to HQ. `round` is one attempt; `run` is the life of the process.

    `connect` gives an HQ for a URL; `fraction` gives random numbers in [0, 1).
    """

    def __init__(
        self,
        folder: Path,
        connect: Callable[[str], Hq] = HqClient,
        *,
        wall: WallClock = time.time,
        monotonic: MonotonicClock = time.monotonic,
        backoff: Backoff | None = None,
    ) -> None:
        self._folder = folder
        self._connect = connect
        self._wall = wall
        self._monotonic = monotonic
        self._backoff = backoff or Backoff(random.random)
        self._link: Link | None = None
        self._erased = False
        self._hq: Hq | None = None
        self._batch = FIRST_BATCH
        self._branch_told: dict[DeviceId, SegmentName] = {}
        self._heads = outbox.read_heads(folder)
        self._list = _number(folder)
        self.status = outbox.read_status(folder) or Status("no_link")
        """What was last said in `status.json`."""

    @property
    def requests(self) -> int:
        """How many requests the present connection has made."""
        return self._hq.requests if self._hq is not None else 0

    @property
    def sent_bytes(self) -> int:
        """How many bytes of bodies the present connection has sent."""
        return self._hq.sent_bytes if self._hq is not None else 0

    def close(self) -> None:
        """Let the connection go."""
        if self._hq is not None:
            self._hq.close()
            self._hq = None

    def run(self, wait: Callable[[float], bool]) -> None:
        """Until `wait` (up to so many seconds) returns True: try, and try again."""
        while True:
            seen = self._news()
            try:
                self.round()
            except KnownError:
                pause, listens = self._backoff.wait(), False
                self._say(next_try=self._now() + int(pause * 1000))
            else:
                self._backoff.reset()
                pause, listens = HEARTBEAT_SECONDS, True
            ends = self._monotonic() + pause
            while (left := ends - self._monotonic()) > 0:
                if wait(min(left, POLL_SECONDS)):
                    return
                if self._is_asked(seen, listens=listens):
                    break
            else:
                if wait(0):
                    return

    def _is_asked(self, seen: outbox.News | None, *, listens: bool) -> bool:
        """Whether something happened since `seen` for which it is worth trying at once."""
        now = self._news()
        if now is None or seen is None or listens:
            return now != seen
        # While HQ is out of reach, new receptions do not bring it nearer; a person may.
        return (now.try_now, now.link) != (seen.try_now, seen.link)

    def round(self) -> Status:
        """One attempt: register if needed, counts, then every event HQ lacks. Returns how things stand.

        Raises:
            KnownError: what stopped it, `status.json` says the same; `fork` and `hq_ahead` are raised too.
        """
        try:
            self._round()
        except KnownError as error:
            self._batch = max(LEAST_BATCH, self._batch // 2)
            state = _STATES.get(error.code, "waiting")
            self._say(state, code=error.code, sentence=error.sentence, **self._unsent(self.status.hq_seq))
            raise
        return self.status

    def _round(self) -> None:
        link, hq = self._linked()
        answer = self._greet(hq, link.device)
        head = self._note(answer, link.device)
        names = self._names()
        while ahead := list(outbox.following(names, head[0])):
            self._say("sending")
            head = self._push(hq, link.device, head, ahead)
            names = self._names()
        self._fetch_list(hq, answer)
        self._see_that_it_is_ours(hq, head, names)
        self._relay(hq, link.device)
        self._say("synced", code="", sentence="", next_try=None)

    def _fetch_list(self, hq: Hq, answer: Answer) -> None:
        """Bring a list of issuers that is newer than the one in the inbox. The desk judges it, not we."""
        if answer.trust is None or answer.trust <= self._list:
            return
        try:
            text = hq.trust_list().strip()
            number = trust_list.number_of(text)
            if number > self._list:
                outbox.write_trust(self._folder, text)
        except HqTrouble as error:
            if error.code == "hq_unreachable":
                raise
            return  # what HQ says of lists holds up no reception
        except KnownError:
            return  # a full disk, or bytes that are no list: at the next attempt again
        self._list = max(self._list, number)

    def _linked(self) -> tuple[Link, Hq]:
        link = outbox.read_link(self._folder)
        if link is None:
            # Linked before and not any more: the shelter was closed. Nothing is laid where all was erased.
            self._erased = self._link is not None
            raise KnownError(
                "no_link",
                "まだ 避難所が ひらかれて いません。開設シートを 読み取ってください。",
                "this laptop was not opened for a shelter yet",
            )
        if self._hq is None or link != self._link:
            self.close()
            self._hq, self._link = self._connect(link.hq_url), link
        return link, self._hq

    def _greet(self, hq: Hq, device: DeviceId) -> Answer:
        """Counts first; register when HQ does not know us."""
        counts = outbox.read_counts(self._folder)
        if counts is not None:
            try:
                return hq.report_counts(counts)
            except HqTrouble as error:
                if error.detail != "unknown_device":
                    raise
        else:
            answer = hq.heads(device)
            if device in answer.heads:
                return answer
        registration = outbox.read_registration(self._folder)
        if registration is None:
            raise KnownError(
                "not_registered",
                "本部への 登録の ファイルが ありません。開設シートを もう一度 読み取ってください。",
                "HQ does not know this laptop, and there is no registration to send",
            )
        answer = hq.register(registration)
        return answer if counts is None else hq.report_counts(counts)

    def _push(self, hq: Hq, device: DeviceId, head: Head, names: list[SegmentName]) -> Head:
        """Send one batch of what leads on from HQ's head; HQ's new head."""
        pushed = hq.push([data for _, data in self._fill(names)])
        if isinstance(pushed, Fork):
            self._tell_branch(hq, device)
            raise _fork()
        if isinstance(pushed, Gap):
            # HQ forgot (restored from a backup) since it told its head: it must have less than it said.
            after = self._note(hq.heads(device), device)
            if after[0] >= head[0]:
                raise nonsense("HQ asks for what it says it has")
            return after
        after = self._note(pushed, device)
        if after[0] <= head[0]:
            raise nonsense("HQ took a batch and has no more than before")
        self._batch = min(self._batch * 2, MAX_BATCH)
        self._backoff.reset()
        return after

    def _fill(self, names: list[SegmentName]) -> Iterator[tuple[SegmentName, bytes]]:
        """The segments of one batch: at least one, then as many as the link has shown it carries."""
        size = events = 0
        for name in names:
            data = outbox.read_segment(self._folder, name)
            if data is None:
                return
            size += len(data)
            events += name.last - name.first + 1
            if size > len(data) and (size > self._batch or events > MAX_EVENTS):
                return
            yield name, data

    def _relay(self, hq: Hq, ours: DeviceId) -> None:
        """Pass on what lies here of other devices: those that this laptop was before a restore.

        A branch was told when it was found, and the desk says it again: HQ would refuse it every minute.
        """
        not_ours = {name.device for name in outbox.segments(self._folder)} - {ours}
        for device in sorted(not_ours - set(outbox.read_parted(self._folder))):
            try:
                self._relay_of(hq, ours, device)
            except HqTrouble as error:
                if error.code != "hq_refused":  # what HQ does not want of another holds up nothing of ours
                    raise

    def _relay_of(self, hq: Hq, ours: DeviceId, device: DeviceId) -> None:
        answer = hq.heads(device)
        if device not in answer.heads:
            registration = outbox.read_registration(self._folder, device)
            if registration is None:
                return
            answer = hq.register(registration)
        names, seq = outbox.segments(self._folder, device), -1
        # A gap is filled by whoever has what is missing.
        while device in answer.heads and seq < answer.heads[device][0]:
            self._keep_heads(answer)
            seq = answer.heads[device][0]
            following = list(outbox.following(names, seq))
            # With nothing to send, HQ still compares our end with its own, where it has more.
            sent = following or [name for name in names[-1:] if name.last < seq]
            batch = [data for _, data in self._fill(sent)]
            pushed = hq.push(batch) if batch else None
            if isinstance(pushed, Fork):
                self._tell_branch(hq, device)  # it keeps ours beside its own, and says where they part
            if not following and not isinstance(pushed, Fork):
                self._bring_back(hq, ours, device, seq)
            if not following or not isinstance(pushed, Answer):
                return
            answer = pushed

    def _see_that_it_is_ours(self, hq: Hq, head: Head, names: list[SegmentName]) -> None:
        """HQ has all our numbers: are they the same events, or those of a copy of this laptop?"""
        if not names:
            return
        last = max(names, key=lambda name: (name.last, name.first))
        if last.last > head[0]:
            raise KnownError(
                "outbox_gap",
                "本部へ送る ファイルが たりません。係の人を よんでください。",
                "a segment is missing from the outbox; the log still has it",
            )
        if last.last == head[0] and self._last_hash(last) in (None, head[1]):
            return
        # HQ compares, and keeps the branch if it is one.
        data = outbox.read_segment(self._folder, last)
        if data is not None and isinstance(hq.push([data]), Fork):
            self._tell_branch(hq, last.device)
            raise _fork()
        if last.last < head[0]:
            raise _ahead(came_back=self._bring_back(hq, last.device, last.device, head[0]))

    def _bring_back(self, hq: Hq, ours: DeviceId, device: DeviceId, upto: int) -> bool:
        """Have HQ give back what no file here has; whether all of it lies here now."""
        try:
            return bring_back(self._folder, hq, ours, device, upto)
        except HqTrouble as error:
            if error.code == "hq_unreachable":
                raise
            return False  # an HQ that gives nothing back holds up nothing else
        except KnownError:
            return False  # a full disk: at the next attempt again

    def _last_hash(self, name: SegmentName) -> bytes | None:
        data = outbox.read_segment(self._folder, name)
        try:
            return None if data is None else decode_segment(data).hashes()[-1]
        except Malformed:
            return b""

    def _tell_branch(self, hq: Hq, device: DeviceId) -> None:
        """Give HQ our whole branch once: it keeps both. Where they part is for HQ to find."""
        names = list(outbox.following(outbox.segments(self._folder, device), 0))
        if not names or self._branch_told.get(device) == names[-1]:
            return
        while names:
            batch = list(self._fill(names))
            if not batch:
                return
            pushed = hq.push([data for _, data in batch])
            if isinstance(pushed, Fork):
                self._keep_parted(pushed)
            names = names[len(batch) :]
            self._branch_told[device] = batch[-1][0]

    def _keep_parted(self, fork: Fork) -> None:
        """Write down where the branches part: the desk says again what HQ counts for nobody."""
        known = outbox.read_parted(self._folder)
        parted = known | {one: min(seq, known.get(one, seq)) for one, seq in fork.parted.items()}
        if parted != known:
            with contextlib.suppress(KnownError):
                outbox.write_parted(self._folder, parted)

    def _names(self) -> list[SegmentName]:
        return outbox.segments(self._folder, self._link.device) if self._link else []

    def _note(self, answer: Answer, device: DeviceId) -> Head:
        """Write down that HQ answered, and what it has."""
        if device not in answer.heads:
            raise nonsense("HQ does not say what it has of this laptop")
        head = answer.heads[device]
        self._keep_heads(answer)
        now = self._now()
        self._say(
            last_contact=now,
            hq_seq=head[0],
            **self._unsent(head[0]),
            clock_offset=None if answer.now is None else round((answer.now - now) / 1000) * 1000,
        )
        return head

    def _keep_heads(self, answer: Answer) -> None:
        """Write down what HQ has: a desk whose log is shorter has lost something."""
        heads = {**self._heads, **answer.heads}
        if heads != self._heads:
            self._heads = heads
            with contextlib.suppress(KnownError):
                outbox.write_heads(self._folder, heads)

    def _unsent(self, seq: int) -> dict[str, Any]:
        """What lies here past HQ's number `seq`, for the status."""
        waiting = [name for name in self._names() if name.last > seq]
        events = max((name.last for name in waiting), default=seq) - seq
        return {"unsent_segments": len(waiting), "unsent_events": events}

    def _say(self, state: str | None = None, **changes: Any) -> None:  # noqa: ANN401 - Status knows its own
        if self._erased:
            return
        status = replace(self.status, state=state or self.status.state, **changes)
        if status != self.status:
            self.status = status
            # A full disk must not stop what is already laid from reaching HQ.
            with contextlib.suppress(KnownError):
                outbox.write_status(self._folder, status)

    def _news(self) -> outbox.News | None:
        try:
            link = outbox.read_link(self._folder)
            return outbox.news(self._folder, link.device if link else None)
        except KnownError:
            return None  # the next attempt meets the same trouble, and says so

    def _now(self) -> int:
        return int(self._wall() * 1000)


def _number(folder: Path) -> int:
    """The number of the list of issuers that lies in the inbox; 0 without one."""
    try:
        return trust_list.number_of(outbox.read_trust(folder))
    except KnownError:
        return 0


_STATES = {"no_link": "no_link", "hq_refused": "refused", "fork": "fork", "hq_ahead": "fork"}


def _fork() -> KnownError:
    return KnownError(
        "fork",
        "この パソコンの 記録が 枝分かれ しています。両方とも 残っています。係の人を よんでください。",
        "HQ has other events of this laptop under the same numbers; both branches are kept",
    )


def _ahead(*, came_back: bool) -> KnownError:
    return KnownError(
        "hq_ahead",
        "本部に あった 新しい 記録を もどしました。一度 鍵を かけて、もう一度 あけてください。"
        if came_back
        else "本部には この パソコンより 新しい 記録が あります。係の人を よんでください。",
        "HQ has later events of this laptop than the laptop itself: was it restored?"
        + (" They came back, and the next start takes them in" if came_back else ""),
    )


def main(data: str, cap: float = CAP) -> None:
    """The process: until SIGTERM, SIGINT or the end of the process that started it.

    A target for `multiprocessing` (spawn), in a frozen program too; `data` is the kiosk's data folder,
    `cap` the longest wait between attempts in seconds.
    """
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    parent = multiprocessing.parent_process()

    def wait(seconds: float) -> bool:
        return ended.wait(seconds) or (parent is not None and not parent.is_alive())

    with contextlib.closing(
        Runner(outbox.folder(Path(data)), backoff=Backoff(random.random, cap=cap))
    ) as runner:
        runner.run(wait)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The sync process.")
    parser.add_argument("--data", required=True)
    main(parser.parse_args().data)
