"""Lists, slips, the shelter's code and the end of a shelter, through the real window on a real store."""

import json

import cv2
import numpy as np
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

import people
from kiosk import flow
from kiosk.camera.decode import read_codes
from kiosk.core import shelter_code, slip
from kiosk.core.access import Role
from kiosk.store import closing, opening
from kiosk.wiring import DeskStation, Devices, keeping
from ui.widgets.codes import CodeView

KEY = Qt.Key
SECOND, SECOND_SECRET = "鈴木", "ふたりめの たしかな ことば"
NAME = "山田\u3000太郎"


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def desktop(sit_down, tmp_path, stick, monkeypatch):
    """An unlocked desk of a supervisor, with one household and one stick."""
    data = people.open_shelter(tmp_path / "kiosk")
    people.add(data, SECOND, Role.SUPERVISOR, SECOND_SECRET)
    outlet = flow.Outlet(str(stick), "STICK", flow.OutletKind.STICK)
    monkeypatch.setattr(keeping.StoreKeeper, "outlets", lambda _keeper: [outlet])
    station = DeskStation(
        data, Devices(None, None), passphrase=people.BOSS_SECRET, reports=False, cost=people.QUICK
    )
    opened = sit_down(station)
    opened.data = data
    opened.bridge.open_asked()
    opened.bridge.put(flow.Typed("ヤマダ\u3000タロウ"))
    for _ in range(4):
        opened.bridge.put(flow.Enter())
    opened.until(flow.Done)
    opened.bridge.put(flow.StaffOpened())
    return opened


def later(desktop, so):
    """Wait for what takes a disk its time, or somebody who typed a wrong secret theirs."""
    desktop.qtbot.waitUntil(so, timeout=30_000)


def chore(desktop, digit):
    desktop.keys("8")
    desktop.until(flow.Keeping)
    desktop.keys(digit)


def fill(desktop, *texts):
    shown = [field for field in desktop.screen.form.fields if field.isVisible()]
    for field, text in zip(shown, texts, strict=True):
        field.setFocus()
        field.insert(text)
        field.typed.emit(field.text())


def decoded(view):
    """What a camera reads off the screen."""
    shot = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.bytesPerLine())
    grey = rows[:, : shot.width()].copy()
    return read_codes(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST))


def test_a_table_of_everybody_takes_two_and_stands_in_the_log(desktop, stick):
    """A wrong second passphrase makes no file; the right one does, and both names are in the audit."""
    chore(desktop, "4")
    desktop.until(flow.TakeOut)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.outlets))
    desktop.touch(desktop.screen.papers[1])
    fill(desktop, "市役所への 報告", SECOND, "ちがう ことば")
    desktop.touch(desktop.screen.enter)
    later(desktop, lambda: getattr(desktop.bridge.state, "code", "") == "wrong_passphrase")
    assert list(stick.iterdir()) == []
    desktop.screen.form.forget_secrets()
    desktop.screen.form.secrets[0].insert(SECOND_SECRET)
    desktop.touch(desktop.screen.enter)
    later(desktop, lambda: isinstance(desktop.bridge.state, flow.TakenOut))
    (path,) = stick.iterdir()
    cells = [str(cell.value) for line in openpyxl.load_workbook(path).active.iter_rows() for cell in line]
    assert any("ヤマダ" in cell for cell in cells)
    desktop.bridge.put(flow.TimeUp())
    desktop.bridge.put(flow.StaffOpened())
    desktop.keys("6")
    desktop.until(flow.Audit)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.entries))
    newest = desktop.bridge.state.entries[0]
    assert newest.reason == "市役所への 報告"
    assert people.BOSS in newest.staff
    assert SECOND in newest.staff


@pytest.mark.parametrize(
    ("digit", "texts"), [("1", ["掲示"]), ("3", ["停電", SECOND, SECOND_SECRET]), ("4", [])]
)
def test_papers_are_pdfs_on_the_stick(desktop, stick, digit, texts):
    """Roster, cards and hand-over sheet, by keyboard but for what is typed."""
    chore(desktop, "4")
    desktop.until(flow.TakeOut)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.outlets))
    desktop.touch(desktop.screen.papers[int(digit) - 1])
    fill(desktop, *texts)
    desktop.touch(desktop.screen.enter)
    later(desktop, lambda: isinstance(desktop.bridge.state, flow.TakenOut))
    (path,) = stick.iterdir()
    assert path.read_bytes().startswith(b"%PDF")


def test_a_phone_reads_the_shelters_code_off_the_screen(desktop):
    """The code on the screen is the shelter's, vouched for now."""
    desktop.keys("9")
    desktop.until(flow.ShelterCode)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.png is not None)
    (text,) = decoded(desktop.window.findChild(CodeView))
    assert text.startswith(shelter_code.PREFIX)
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Staff)


def test_the_next_shelter_reads_the_slip_off_the_screen_or_the_stick(desktop, stick):
    """From the card, G: the household, sealed for the municipality's desks; and a page to print."""
    desktop.bridge.put(flow.RosterOpened())
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.bridge.put(flow.Enter())
    desktop.until(flow.HouseholdCard)
    desktop.touch(desktop.screen.slip)
    desktop.until(flow.SlipShown)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.png is not None)
    (text,) = decoded(desktop.screen.view)
    key = opening.read_sheet(desktop.data).transfer_key
    told = slip.read(text, key)
    assert told.household.members[0].kana == "ヤマダ\u3000タロウ"
    desktop.keys(KEY.Key_Return)
    later(desktop, lambda: bool(desktop.bridge.state.where))
    (path,) = stick.iterdir()
    assert path.read_bytes().startswith(b"%PDF")


def test_a_shelter_is_closed_by_two_and_leaves_a_certificate(desktop, stick):
    """HQ lacks everything here, so a reason is asked; then nothing is left but the certificate, shown too."""
    chore(desktop, "5")
    desktop.until(flow.Closing)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.facts is not None)
    assert "1世帯 1人" in desktop.said()
    assert "まだ 送っていない" in desktop.said()
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.ClosingPair)
    fill(desktop, "水に つかった", SECOND, "ちがう ことば")
    desktop.touch(desktop.screen.enter)
    later(desktop, lambda: getattr(desktop.bridge.state, "code", "") == "wrong_passphrase")
    assert opening.is_opened(desktop.data)
    desktop.screen.form.secrets[0].insert(SECOND_SECRET)
    desktop.touch(desktop.screen.enter)
    later(desktop, lambda: isinstance(desktop.bridge.state, flow.Erased))
    assert SECOND in desktop.said()
    assert not desktop.data.exists()
    (signed,) = (json.loads(path.read_text(encoding="utf-8")) for path in stick.glob("*.json"))
    assert closing.verify(signed)
    assert (signed["statement"]["reason"], signed["statement"]["second"]) == ("水に つかった", SECOND)
    desktop.qtbot.wait(50)
    with desktop.qtbot.waitSignal(desktop.bridge.quit_wanted):
        desktop.keys(KEY.Key_Return)
