"""`kiosk demo`: the main job, end to end, with no device and no screen.

A city is set up with a real HQ on loopback; an opening sheet is read from its picture; households come
by pass (camera frames, decoder process, signature), by card (APDUs), by typed entry through the screens'
own table, and as heads only; the link is cut for the middle third and comes back; then HQ's events are
compared with the desk's, one by one. The times are of the machine alone: nobody queued, nobody typed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from card_reader.reader import CardDesk
from card_reader.secret import Pin
from card_reader.simulated import InventedPerson, SimulatedCard, SimulatedReader
from kiosk import flow, wiring
from kiosk.core import entry_pass
from kiosk.core.clock import JAPAN
from kiosk.core.household import Household, Method, Mode, Sex
from kiosk.core.trust import TrustList
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import BugError, KnownError
from kiosk.invented import InventedHousehold, invent_household
from kiosk.ports import IntakeRow
from kiosk.rehearsal import City, PrivateHq, found_city
from kiosk.reports import baselines, timings
from kiosk.reports.receptions import ReceptionRow, row_from_counts
from kiosk.store import opening
from kiosk.timing import Session
from sync import outbox

if TYPE_CHECKING:
    import numpy as np

SHELTER = "城山小学校 避難所"
SHARES = ((Method.APP, 7), (Method.CARD, 5), (Method.DESK, 5), (Method.COUNT, 3))
"""Of every twenty households."""
METHODS = tuple(method for method, _ in SHARES)
PASSPHRASE = "demo passphrase"  # noqa: S105 - of invented people
SYNC_SECONDS = 60.0
FRAMES_HELD = 30
"""So many camera frames a phone is held up at most before it counts as unread."""


class CutLink:
    """A line to HQ that can be cut: a forwarder on loopback between the sync process and HQ."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._target: tuple[str, int] | None = None
        self._whole = threading.Event()
        self._whole.set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, name="link", daemon=True).start()

    @property
    def url(self) -> str:
        """What the opening sheet gives as HQ's address."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def lead_to(self, url: str) -> None:
        """Where the line ends."""
        host, _, port = url.removeprefix("http://").partition(":")
        self._target = (host, int(port))

    def cut(self) -> None:
        """Every connection dies, and no new one is made."""
        self._whole.clear()
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """The line is back."""
        self._whole.set()

    def close(self) -> None:
        """Take the line down."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self._whole.is_set() or self._target is None:
                near.close()
                continue
            try:
                far = socket.create_connection(self._target, 5)
            except OSError:
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with self._lock:
            self._open.add(one)
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(one)
            for end in (one, other):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            one.close()


class Evening:
    """One demonstration's arrivals, received through the real code."""

    def __init__(self, desk: Desk, city: City, seed: int, session: Session) -> None:
        from kiosk.camera.child import DecoderProcess  # noqa: PLC0415 - OpenCV is loaded only when frames are drawn

        self._desk = desk
        self._city = city
        self._session = session
        self._random = random.Random(seed)  # noqa: S311 - invented people, the same for the same seed
        self._seed = seed
        self._trust = TrustList(())
        self._decoder = DecoderProcess(spare=False)
        self._reader = SimulatedReader()
        self._cards = CardDesk(self._reader)

    def begin(self, trust: TrustList) -> None:
        """Bring the decoder up and take the issuers from the opening sheet."""
        self._trust = trust
        self._decoder.start()

    def end(self) -> None:
        """Stop the decoder."""
        self._decoder.stop()

    def arrivals(self, households: int) -> list[tuple[Method, InventedHousehold]]:
        """Who comes, and how: every method in its share, in mixed order."""
        ways = [method for method, share in SHARES for _ in range(share)]
        methods = [ways[place * 7 % len(ways)] for place in range(households)]
        return [(method, invent_household(self._random)) for method in methods]

    def receive(self, method: Method, home: InventedHousehold) -> Received:
        """One household, from the door to the ledger.

        Raises:
            BugError: when it did not come through: a demonstration has no excuse.
        """
        ways: dict[Method, Callable[[InventedHousehold], Arrival]] = {
            Method.APP: self._by_pass,
            Method.CARD: self._by_card,
            Method.DESK: self._asked,
            Method.COUNT: self._counted,
        }
        arrival = ways[method](home)
        outcome = self._desk.receive(_filed(self._desk, arrival))
        if not isinstance(outcome, Received):
            raise BugError("an invented household was taken for one that is here")
        return outcome

    def _frames(self, text: str) -> Iterator[np.ndarray]:
        """A phone that comes into view, as a webcam sees it."""
        import numpy as np  # noqa: PLC0415 - with OpenCV, see begin

        from kiosk.camera import synthetic  # noqa: PLC0415 - as above

        rng = np.random.default_rng([self._seed, self._random.randrange(1 << 30)])
        while True:
            yield synthetic.photograph(text, synthetic.held_up(rng), rng)

    def _by_pass(self, home: InventedHousehold) -> Arrival:
        now = int(time.time())
        text = entry_pass.issue(
            home.on_pass(),
            self._city.issuer,
            issued=now - 86_400,
            expires=now + 31_536_000,
            randomness=os.urandom,
        )
        for frame, _ in zip(self._frames(text), range(FRAMES_HELD), strict=False):
            # The webcam would take as long to show the frame as we take to draw it: not the desk's time.
            watch = self._session.stopwatch()
            with watch.machine():
                decoded = self._decoder.read(frame)
                outcomes = [
                    entry_pass.verify(seen, self._trust, time.time()) for seen in decoded.reading.texts
                ]
            for outcome in outcomes:
                if isinstance(outcome, entry_pass.Accepted):
                    with watch.machine():
                        household, source = entry_pass.to_household(outcome, os.urandom)
                    return Arrival(Method.APP, household, source, watch)
        raise BugError("a pass that was held up was never read")

    def _by_card(self, home: InventedHousehold) -> Arrival:
        head = home.head
        birth = head.birth.to_int() if head.birth else 19_800_217
        sex = {Sex.MALE: "1", Sex.FEMALE: "2"}.get(head.sex, "0")
        holder = InventedPerson(head.name or "氏名　不明", home.address, f"{birth:08}", sex)
        pin = f"{self._random.randrange(10_000):04}"
        self._reader.insert(SimulatedCard(holder, pin=pin))
        stopwatch = self._session.stopwatch()
        with stopwatch.machine(), Pin(pin) as secret:
            reading = self._cards.read(secret)
        self._reader.remove()
        household, source = wiring.household_of_card(reading.person)
        return Arrival(Method.CARD, household, source, stopwatch)

    def _asked(self, home: InventedHousehold) -> Arrival:
        """Through the screens' own table: every key that staff would press."""
        stopwatch = self._session.stopwatch()
        with stopwatch.machine():
            state: flow.State = flow.Ready()
            today = dt.datetime.now(JAPAN).date()
            state = flow.step(state, flow.AskOpened(stopwatch, today)).state
            for person in home.members:
                state = flow.step(state, flow.Typed(person.kana or person.name or "ナナシ")).state
                state = flow.step(state, flow.Enter()).state
                if person.birth is None:
                    state = flow.step(state, flow.NotKnown()).state
                # The last digit turns the page.
                for digit in f"{person.birth.to_int():08}" if person.birth else "":
                    state = flow.step(state, flow.Digit(int(digit))).state
            # Nobody more: on to the town.
            state = flow.step(state, flow.Enter()).state
            state = flow.step(state, flow.Typed(home.address[:12])).state
            step = flow.step(state, flow.Enter())
        return _to_receive(step)

    def _counted(self, home: InventedHousehold) -> Arrival:
        stopwatch = self._session.stopwatch()
        with stopwatch.machine():
            state: flow.State = flow.step(flow.Ready(), flow.CountOpened(stopwatch)).state
            for digit in str(len(home.members)):
                state = flow.step(state, flow.Digit(int(digit))).state
            step = flow.step(state, flow.Enter())
        return _to_receive(step)


def _to_receive(step: flow.Step) -> Arrival:
    for effect in step.effects:
        if isinstance(effect, flow.Receive) and isinstance(effect.arrival, Arrival):
            return effect.arrival
    raise BugError(f"the table led to {type(step.state).__name__}, not to a reception")


def _filed(desk: Desk, arrival: Arrival) -> Arrival:
    """The same with ids of the desk's own, where the door gave none."""
    home = arrival.household
    if home.id:
        return arrival
    members = [desk.new_person(**_known(home, place)) for place in range(len(home.members))]
    filed = desk.new_household(members, address=home.address, postcode=home.postcode, phone=home.phone)
    return Arrival(arrival.method, filed, arrival.source, arrival.stopwatch)


def _known(home: Household, place: int) -> dict[str, object]:
    person = home.members[place]
    return {
        "name": person.name,
        "kana": person.kana,
        "birth": person.birth,
        "sex": person.sex,
        "relation": person.relation,
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a demonstration came to."""

    households: int
    by_method: dict[str, int]
    persons: int
    hq_households: int
    hq_by_method: dict[str, int]
    link_cut_households: int
    lost: int
    duplicated: int
    measured: timings.Timings
    receptions: ReceptionRow
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether every household arrived exactly once, and the figures agree."""
        agree = self.hq_households == self.households and self.hq_by_method == self.by_method
        return agree and self.lost == 0 and self.duplicated == 0

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        figures = self.measured.to_dict()
        names = ("n_persons", "batch_pace_s", "service_median_s", "service_p90_s", "baseline_s", "speedup")
        return {
            "households": self.households,
            "by_method": self.by_method,
            "persons": self.persons,
            "hq_households": self.hq_households,
            "hq_by_method": self.hq_by_method,
            "link_cut_households": self.link_cut_households,
            "lost": self.lost,
            "duplicated": self.duplicated,
            "timings": {
                method.word: {name: figures[method.word][name] for name in names}
                for method in METHODS
                if method.word in figures
            },
            "machine_only": True,
            "seconds": round(self.seconds, 2),
        }


def run(households: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """Run the demonstration in a temporary folder; `say` is told each stage in one line."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shelter-kiosk-demo-", ignore_cleanup_errors=True) as place:
        folder, link = Path(place), CutLink()
        city = found_city(folder, SHELTER, link.url)
        hq = PrivateHq(city)
        try:
            link.lead_to(hq.start())
            say("本部を 始め、開設シートから 避難所を 開きました。")
            return _evening(folder, city, hq, link, households, seed, say, begun)
        finally:
            hq.stop()
            link.close()


def _evening(
    folder: Path,
    city: City,
    hq: PrivateHq,
    link: CutLink,
    households: int,
    seed: int,
    say: Callable[[str], None],
    begun: float,
) -> Outcome:
    data, picture = folder / "kiosk", folder / "sheet.png"
    picture.write_bytes(city.sheet_png)
    staff = opening.Staff("係", PASSPHRASE)
    sheet = opening.open_shelter(data, wiring.read_sheet_picture(str(picture)), staff)
    with opening.unlocked(data, PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, store.access)
        evening = Evening(desk, city, seed, Session(time.monotonic, 1))
        sync = wiring.start_sync(data, 1.0)
        cut: list[Received] = []
        acknowledged: list[Received] = []
        try:
            evening.begin(TrustList(sheet.issuers))
            arrivals = evening.arrivals(households)
            first, second = households // 3, households - households // 3
            for place, (method, home) in enumerate(arrivals):
                if place == first:
                    _wait_until_sent(data, store.ledger.head[0])
                    link.cut()
                    say(f"{place}世帯を 受け付けました。ここで 回線を 切ります。")
                if place == second:
                    say(f"回線が 切れたまま {place - first}世帯を 受け付けました。回線を 戻します。")
                    link.mend()
                    outbox.try_now(outbox.folder(data))
                received = evening.receive(method, home)
                acknowledged.append(received)
                if first <= place < second:
                    cut.append(received)
                desk.publish()
            link.mend()
            _wait_until_sent(data, store.ledger.head[0])
        finally:
            evening.end()
            wiring.end_process(sync)
        say("本部に すべて 届きました。本部の 記録と 1件ずつ くらべます。")
        return _compare(store.ledger.intakes(), desk, acknowledged, len(cut), hq, time.monotonic() - begun)


def _wait_until_sent(data: Path, seq: int) -> None:
    """Wait until HQ has every event up to `seq`.

    Raises:
        KnownError: `hq_unreachable` after a minute.
    """
    ends = time.monotonic() + SYNC_SECONDS
    while time.monotonic() < ends:
        status = outbox.read_status(outbox.folder(data))
        if status is not None and status.state == "synced" and status.hq_seq >= seq:
            return
        time.sleep(0.02)
    raise KnownError(
        "hq_unreachable", "本部に 届きませんでした。", "the events did not reach HQ within a minute"
    )


def _compare(
    intakes: list[IntakeRow],
    desk: Desk,
    acknowledged: list[Received],
    cut: int,
    hq: PrivateHq,
    seconds: float,
) -> Outcome:
    at_hq = Counter(hq.households())
    ours = {bytes(received.row.household.id) for received in acknowledged}
    figures = hq.figures(Mode.DRILL)
    by_method = Counter(received.row.method for received in acknowledged)
    persons = sum(len(received.row.household.members) for received in acknowledged)
    counts = desk.counts()
    if (counts.persons, counts.households) != (persons, len(acknowledged)):
        raise BugError("the desk's own figures differ from what it acknowledged")
    return Outcome(
        households=len(acknowledged),
        by_method={method.word: by_method[method] for method in METHODS},
        persons=persons,
        hq_households=figures.counts.households,
        hq_by_method={method.word: figures.by_method[method.word] for method in METHODS},
        link_cut_households=cut,
        lost=len(ours - set(at_hq)),
        duplicated=sum(times - 1 for times in at_hq.values()) + len(set(at_hq) - ours),
        measured=timings.measure(intakes, baselines.load()),
        receptions=row_from_counts(
            dt.datetime.now(JAPAN).date().isoformat(),
            "実演（機械だけ）",
            Mode.DRILL,
            {method.word: by_method[method] for method in Method},
            persons,
        ),
        seconds=seconds,
    )
