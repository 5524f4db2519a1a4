"""How store, disk and reporting stand, in words on the ready screen; and that a desk goes on by itself."""

from dataclasses import replace

import pytest

from kiosk import flow
from kiosk.core.notices import DISK_SENTENCES, Disk, Notice
from kiosk.store import ballast
from kiosk.wiring.processes import sync_of
from real_desk import RealDesk
from sync.outbox import Status
from ui import bridge as bridges
from ui.station import Link, Sync
from ui.widgets.news import news

LOST = Notice(
    "log_cut", "この パソコンから 記録 2件が なくなりました。受付票や 紙と くらべてください。", "lost"
)
MADE = Notice("witness_damaged", "記録の 控えを 作りなおしました。", "made anew", serious=False)


def look(desktop):
    desktop.bridge._look_around()
    desktop.qtbot.wait(1)


@pytest.mark.parametrize("disk", [Disk.LOW, Disk.FULL, Disk.READ_ONLY, Disk.FAILING])
def test_a_disk_in_trouble_is_told_in_words_on_the_ready_screen(sit_down, disk):
    """A pill and a sentence of what to do, while every way in stays open."""
    desktop = sit_down()
    desktop.station.around = replace(desktop.station.around, disk=disk)
    look(desktop)
    assert DISK_SENTENCES[disk].partition("。")[0] in desktop.said()
    assert desktop.window._words.plain(f"device.disk_{disk.value}") in desktop.said()
    desktop.station.show_code()
    desktop.until(flow.Done)


def test_a_disk_with_room_says_nothing(sit_down):
    """Where all is well there is no line for it."""
    desktop = sit_down()
    assert "ディスク" not in desktop.said()


def test_the_gravest_is_said_first(sit_down):
    """A disk that refuses, then what wants a person, then what is low, then what was mended."""
    around = replace(sit_down.station().around, disk=Disk.FULL, notices=(MADE, LOST))
    assert [one.tone for one in news(around)] == ["error", "attention", "ok"]
    low = replace(around, disk=Disk.LOW)
    assert [one.sentence for one in news(low)] == [LOST.sentence, DISK_SENTENCES[Disk.LOW], MADE.sentence]


AHEAD = "本部に あった 新しい 記録を もどしました。一度 鍵を かけて、もう一度 あけてください。"


def test_what_hq_wants_of_a_person_is_said_and_a_link_that_is_away_is_not(sit_down):
    """What does not mend itself is said in full: after what is lost here, before the rest."""
    desktop = sit_down()
    around = replace(desktop.station.around, sync=Sync(Link.ASKS, None, 3, AHEAD))
    whole = replace(around, notices=(LOST, MADE), disk=Disk.LOW)
    assert [one.sentence for one in news(whole)][:2] == [LOST.sentence, AHEAD]
    desktop.station.around = around
    look(desktop)
    assert "本部に あった 新しい 記録を もどしました。" in desktop.said()
    desktop.bridge.put(flow.StaffOpened())
    desktop.bridge.put(flow.RoomOpened(flow.Room.DEVICES))
    desktop.until(flow.Devices)
    look(desktop)
    assert AHEAD in desktop.said()


@pytest.mark.parametrize(
    ("state", "code", "link"),
    [
        ("waiting", "hq_unreachable", Link.CUT),
        ("waiting", "", Link.CUT),
        ("waiting", "hq_nonsense", Link.ASKS),
        ("waiting", "outbox_gap", Link.ASKS),
        ("refused", "hq_refused", Link.ASKS),
        ("fork", "hq_ahead", Link.ASKS),
        ("synced", "", Link.SENT),
        ("sending", "hq_refused", Link.SENDING),
        ("no_link", "no_link", Link.OFF),
    ],
)
def test_only_what_does_not_mend_itself_asks_for_a_person(state, code, link):
    """A link that is away, a round that goes on, and a trouble that is over say nothing."""
    sync = sync_of(Status(state, code=code, sentence="こまった。"))
    assert (sync.link, sync.says) == (link, "こまった。" if link is Link.ASKS else "")


def test_what_the_store_found_is_said_until_staff_know_it(sit_down):
    """On the ready screen in a line, in full among the devices; there one key says that it is known."""
    desktop = sit_down()
    desktop.station.around = replace(desktop.station.around, notices=(LOST, MADE))
    look(desktop)
    assert "記録 2件が なくなりました。　ほか 1件" in desktop.said()
    desktop.bridge.put(flow.StaffOpened())
    desktop.bridge.put(flow.RoomOpened(flow.Room.DEVICES))
    desktop.until(flow.Devices)
    look(desktop)
    assert LOST.sentence in desktop.said()
    desktop.touch(desktop.screen.seen)
    look(desktop)
    assert not desktop.screen.seen.isVisible()
    desktop.bridge.put(flow.Back())
    desktop.bridge.put(flow.Back())
    desktop.until(flow.Ready)
    look(desktop)
    assert "なくなりました" not in desktop.said()


def test_a_quiet_desk_puts_its_store_in_order(sit_down, monkeypatch):
    """When nobody came for a while, and never while somebody is at the desk."""
    monkeypatch.setattr(bridges, "REST_MS", 30)
    desktop = sit_down()
    desktop.qtbot.waitUntil(lambda: desktop.station.rested == 1)
    desktop.station.show_code()
    desktop.until(flow.Done)
    desktop.qtbot.wait(80)
    assert desktop.station.rested == 1
    desktop.keys("\r")
    desktop.until(flow.Ready)
    desktop.qtbot.waitUntil(lambda: desktop.station.rested == 2)


class Disked:
    """The disk of a real store, full or not."""

    def __init__(self, desk):
        self._desk = desk
        self.room = True
        kept = desk.ledger.parts.ballast
        kept._free = lambda _folder: 10 * ballast.LOW if self.room else 0

    def _pages(self, most):
        ledger = self._desk.ledger
        self._desk.at_desk(lambda: ledger._connection.execute(f"PRAGMA max_page_count = {most}").fetchall())

    def fill(self):
        """Not a page more, and no reserve to throw."""
        self.room = False
        self._desk.at_desk(self._desk.ledger.rest)
        self._desk.at_desk(self._desk.ledger.parts.ballast.throw)
        self._pages(1)  # SQLite keeps at least what there is

    def empty(self):
        """Somebody made room."""
        self.room = True
        self._pages(1_000_000)


@pytest.fixture
def desk(qtbot, tmp_path, monkeypatch):  # noqa: ARG001 - Qt must be up
    monkeypatch.setattr(bridges, "REST_MS", 50)
    opened = RealDesk(tmp_path / "kiosk")
    yield opened
    opened.leave()


def receive_until_refused(desk):
    for received in range(200):
        desk.write("F5", "9", "9", "Enter")
        desk.until(lambda: isinstance(desk.state, (flow.Done, flow.Notice)))
        if isinstance(desk.state, flow.Notice):
            return received
        desk.home()
    raise AssertionError("the disk never got full")


def test_a_desk_goes_on_by_itself_when_there_is_room_again(desk):
    """Full: said, nothing promised, the household waits. Room: Enter receives it, and the words go away."""
    disk = Disked(desk)
    disk.fill()
    received = receive_until_refused(desk)
    notice = desk.state
    assert (notice.code, notice.retry is not None) == ("disk_full", True)
    assert "まだ 受付できていません" in desk.said()
    assert desk.station.surroundings().disk is Disk.FULL
    desk.write("Esc")
    desk.wait(flow.Ready)
    desk.bridge._look_around()
    assert DISK_SENTENCES[Disk.FULL] in desk.said()

    disk.empty()
    desk.write("F5", "3", "Enter")
    done = desk.wait(flow.Done)
    assert done.row.number == f"A-{received + 1:03}"
    desk.home()
    # The next quiet moment lays the reserve again, and nothing is left to say.
    desk.until(lambda: desk.station.surroundings().disk is Disk.ROOM)
    desk.bridge._look_around()
    assert "ディスク" not in desk.said()
    assert desk.at_desk(desk.ledger.problems) == []


def test_a_household_that_waits_is_received_when_there_is_room(desk):
    """It stays on the screen, and one key writes it: nobody is asked again."""
    disk = Disked(desk)
    disk.fill()
    receive_until_refused(desk)
    disk.empty()
    desk.write("Enter")
    assert len(desk.wait(flow.Done).row.household.members) == 99


def test_everything_is_in_its_place_when_the_desk_was_closed(qtbot, tmp_path):  # noqa: ARG001 - Qt must be up
    """To lock is to close: the write-ahead log is empty then, and the reserve is there."""
    desk = RealDesk(tmp_path / "kiosk")
    desk.write("F5", "3", "Enter")
    desk.wait(flow.Done)
    desk.leave()
    log = tmp_path / "kiosk" / "store.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    assert (tmp_path / "kiosk" / ballast.NAME).stat().st_size == ballast.SIZE
