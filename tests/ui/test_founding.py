"""A fresh laptop becomes a shelter's kiosk: real window, real reader of pictures, real store."""

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from kiosk import flow
from kiosk.camera import synthetic
from kiosk.camera.frames import Drawn
from kiosk.core.access import Role
from kiosk.paper import code
from kiosk.store import opened_as, opening, slots
from kiosk.wiring import Devices, FoundingStation

KEY = Qt.Key
GOOD = "ながい たしかな 合い言葉です"


@pytest.fixture
def station(tmp_path):
    """A laptop without camera, reader or shelter."""

    def make(camera=None, folder=None):
        return FoundingStation(
            tmp_path / "kiosk",
            Devices(camera, None),
            cost=opening.PRACTICE_COST,
            look=lambda: [folder] if folder else [],
        )

    return make


def typed(widget, text):
    """What an input method, or a person, puts into a field."""
    widget.setFocus()
    widget.insert(text)
    widget.typed.emit(widget.text())


def fill(desktop, name, *secrets):
    form = desktop.screen.form
    for field, text in zip(form.fields, (name, *secrets), strict=True):
        typed(field, text)


def test_a_picture_from_a_stick_and_a_passphrase_make_a_kiosk(sit_down, station, tmp_path):
    """One touch on the picture, a name, the passphrase twice: the store stands and opens with it."""
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "sheet.png").write_bytes(code.png(opening.practice_sheet()))
    desktop = sit_down(station(folder=stick), until=flow.ShowSheet)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.pictures))
    desktop.touch(desktop.screen.pictures[0])
    desktop.until(flow.FirstStaff)
    assert "練習用避難所" in desktop.said()
    assert "訓練" in desktop.said()
    fill(desktop, "田中", GOOD, GOOD)
    desktop.touch(desktop.screen.desks[1])
    desktop.touch(desktop.screen.enter)
    desktop.until(flow.Founded)
    data = tmp_path / "kiosk"
    (who,) = slots.load(data).staff
    assert (who.name, who.role, opened_as.read_desk(data)) == ("田中", Role.SUPERVISOR, "B")
    with opening.unlocked(data, GOOD) as store:
        assert store.staff == "田中"
    with desktop.qtbot.waitSignal(desktop.bridge.lock_wanted):
        desktop.keys(KEY.Key_Return)
    assert not any(GOOD in field.text() for field in desktop.window.findChildren(QLineEdit))


def test_a_sheet_held_to_the_camera_is_seen(sit_down, station):
    """Nothing is pressed: the camera finds the sheet."""
    import numpy as np

    text = opening.practice_sheet()
    picture = cv2.imdecode(np.frombuffer(code.png(text, 6), np.uint8), cv2.IMREAD_COLOR)
    room = cv2.copyMakeBorder(picture, 40, 40, 80, 80, cv2.BORDER_CONSTANT, value=(200, 200, 200))
    desktop = sit_down(station(lambda: Drawn(lambda: room, per_second=10)), until=flow.FirstStaff)
    assert desktop.bridge.state.sheet.text == text


def test_a_strangers_code_is_no_sheet(sit_down, station):
    """Somebody's pass or a menu before the camera says what is wanted, and founds nothing."""
    import numpy as np

    rng = np.random.default_rng(5)
    frame = synthetic.photograph("https://example.jp/menu", synthetic.held_up(rng), rng)
    desktop = sit_down(station(lambda: Drawn(lambda: frame, per_second=10)), until=flow.ShowSheet)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.code == "not_a_sheet", timeout=20_000)
    assert "開設シート" in desktop.screen.message.detail.text()


def test_typed_text_opens_by_keyboard_alone_and_a_weak_passphrase_is_refused(sit_down, station, tmp_path):
    """The code as text, Enter, and each field with Enter; what the store refuses is said in the form."""
    desktop = sit_down(station(), until=flow.ShowSheet)
    typed(desktop.screen.field, opening.practice_sheet())
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.FirstStaff)
    desktop.qtbot.waitUntil(desktop.screen.form.texts[0].hasFocus)
    desktop.keys("tanaka", KEY.Key_Return, "12345678", KEY.Key_Return, "12345678", KEY.Key_Return)
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "code", "") == "passphrase_needed")
    assert not opening.is_opened(tmp_path / "kiosk")
    desktop.keys("correct horse", KEY.Key_Return, "correct horse", KEY.Key_Return)
    desktop.until(flow.Founded)
    assert opening.is_opened(tmp_path / "kiosk")


def test_an_altered_sheet_founds_nothing(sit_down, station, tmp_path):
    """One changed letter in the text, and the screen says that it does not open."""
    text = opening.practice_sheet()
    place = len(text) // 2
    altered = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    desktop = sit_down(station(), until=flow.ShowSheet)
    desktop.bridge.put(flow.Typed(altered))
    desktop.bridge.put(flow.Enter())
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.code) and not desktop.bridge.state.reading)
    assert not opening.is_opened(tmp_path / "kiosk")
