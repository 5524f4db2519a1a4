"""Two desks, a real HQ, and everything that goes wrong between them: each event arrives exactly once."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import standings
from headquarters import Headquarters
from kiosk.core import counts
from kiosk.core.household import Method
from kiosk.errors import KnownError
from proxies import BROKEN, NONSENSE, PORTAL, CutAfter, CutAnswer, LoseAnswer, Proxy, Through
from sync import outbox
from sync.runner import Runner
from sync.wire import encode_batch

desks = st.integers(0, 1)
faults = st.sampled_from(
    [Through(), LoseAnswer(), CutAnswer(), CutAfter(0), CutAfter(700), BROKEN, PORTAL, NONSENSE]
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), desks, st.integers(1, 5), st.sampled_from(list(Method))),
        st.tuples(st.just("again"), desks, st.integers(0, 40)),
        st.tuples(st.just("leave"), desks, st.integers(0, 40)),
        st.tuples(st.just("void"), desks, st.integers(0, 40)),
        st.tuples(st.just("lay"), desks, st.integers(1, 6)),
        st.tuples(st.just("attempt"), desks, st.lists(faults, max_size=5)),
        st.tuples(st.just("kill"), desks),
        st.tuples(st.just("late"), desks, st.integers(0, 40)),
        st.just(("backup",)),
        st.just(("restore",)),
    ),
    max_size=40,
)


class World:
    """Two desks of one shelter and the city's HQ, with a line that fails by script."""

    def __init__(self, folder, stack):
        self.folder, self.stack, self.copies = folder, stack, 0
        self.hq = Headquarters(folder / "city")
        stack.callback(self.hq.close)
        self.line = stack.enter_context(Proxy(stack.enter_context(self.hq.serving())))
        self.devices = [self.hq.device(seed) for seed in (1, 2)]
        self.boxes = [folder / f"desk{number}" for number in (0, 1)]
        self.runners = [Runner(box) for box in self.boxes]
        self.known = []
        self.backup_at = None
        for device, box in zip(self.devices, self.boxes, strict=True):
            device.lay(box, self.line.url)

    def receive(self, desk, persons, method):
        household = self.devices[desk].receive(persons, method)
        self.known.append((household, self.devices[desk].id, self.devices[desk].last))

    def again(self, desk, which):
        if self.known:
            household, *_ = self.known[which % len(self.known)]
            self.devices[desk].receive(2, Method.DESK, household)
            self.known.append((household, self.devices[desk].id, self.devices[desk].last))

    def leave(self, desk, which):
        if self.known:
            self.devices[desk].leave(self.known[which % len(self.known)][0])

    def void(self, desk, which):
        if self.known:
            household, device, seq = self.known[which % len(self.known)]
            self.devices[desk].void(household, seq, device)

    def lay(self, desk, size):
        self.devices[desk].lay_new(self.boxes[desk], size)

    def attempt(self, desk, script):
        self.line.script = list(script)
        with contextlib.suppress(KnownError):
            self.runners[desk].round()
        self.line.script = []

    def kill(self, desk):
        self.runners[desk].close()
        self.runners[desk] = Runner(self.boxes[desk])

    def late(self, desk, which):
        """A copy of something sent long ago arrives by another way."""
        names = outbox.segments(self.boxes[desk], self.devices[desk].id)
        data = outbox.read_segment(self.boxes[desk], names[which % len(names)])
        requests.post(f"{self.line.url}/v1/segments", encode_batch([data, data]), timeout=20)

    def backup(self):
        self.copies += 1
        self.backup_at = self.folder / f"backup{self.copies}"
        self.hq.copy_to(self.backup_at)

    def restore(self):
        if self.backup_at is not None:
            self.copies += 1
            data = self.folder / f"restored{self.copies}"
            shutil.copytree(self.backup_at, data)
            self.hq = self.hq.restored(data)
            self.stack.callback(self.hq.close)
            self.line.lead_to(self.stack.enter_context(self.hq.serving()))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happenings)
def test_each_event_is_at_hq_exactly_once_and_counts_equal_the_fold(events):
    """Lost requests and answers, late copies, killed processes and a restored HQ lose and double nothing."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        world = World(Path(folder), stack)
        for event in events:
            getattr(world, event[0])(*event[1:])
        for desk in (0, 1):
            world.lay(desk, 3)
            for _ in range(2):
                world.attempt(desk, [])
            assert world.runners[desk].status.state == "synced"
            world.kill(desk)
            world.runners[desk].close()
        for device in world.devices:
            assert world.hq.events(device) == list(enumerate(device.hashes[1:], 1))
            assert world.hq.branch(device) == []
        total = world.hq.figures().total
        found = standings(world.devices)
        assert total.counts == counts.count(found)
        assert total.by_method == counts.by_method(found)
        assert total.complete
