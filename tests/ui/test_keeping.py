"""A supervisor's work through the real window, on a real store."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

import people
from kiosk import flow, settings
from kiosk.core.access import Role
from kiosk.settings import Settings, Theme, Volume
from kiosk.store import slots
from kiosk.wiring import DeskStation, Devices
from sync import outbox
from ui import theme
from ui.comfort import Comfort, dress_for
from ui.theme import Dress

KEY = Qt.Key


@pytest.fixture
def data(tmp_path):
    folder = people.open_shelter(tmp_path / "kiosk")
    people.add(folder)
    return folder


@pytest.fixture
def keeping(sit_down, data):
    """The supervisor's menu of an unlocked desk."""

    def open_menu(secret=people.BOSS_SECRET):
        station = DeskStation(data, Devices(None, None), passphrase=secret, reports=False, cost=people.QUICK)
        desktop = sit_down(station)
        desktop.bridge.put(flow.StaffOpened())
        desktop.keys("8")
        desktop.until(flow.Keeping)
        return desktop

    return open_menu


def listed(desktop):
    desktop.keys("1")
    desktop.until(flow.Accounts)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))


def fill(desktop, *texts):
    """What an input method, or a person, puts into the fields that are shown."""
    for field, text in zip(
        [field for field in desktop.screen.form.fields if field.isVisible()], texts, strict=True
    ):
        field.setFocus()
        field.insert(text)
        field.typed.emit(field.text())


def test_a_supervisor_adds_and_removes_somebody(keeping, data):
    """By touch: a volunteer with a PIN comes and goes, and the slots say so each time."""
    desktop = keeping()
    listed(desktop)
    before = max(name.last for name in outbox.segments(outbox.folder(data)))
    desktop.touch(desktop.screen.new)
    desktop.until(flow.AccountPage)
    fill(desktop, "手伝い 花子", "739164", "739164")
    desktop.touch(desktop.screen.roles[2])
    desktop.touch(desktop.screen.enter)
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "said", "") == "added", timeout=30_000)
    assert {slot.name: slot.role for slot in slots.load(data).staff}["手伝い 花子"] == Role.VOLUNTEER
    # It is in the log, and soon laid for HQ.
    laid = outbox.folder(data)
    desktop.qtbot.waitUntil(lambda: max(name.last for name in outbox.segments(laid)) > before)
    row = [account.name for account in desktop.bridge.state.rows].index("手伝い 花子")
    desktop.keys(*[KEY.Key_Down] * row, "d")
    desktop.until(flow.Removing)
    desktop.touch(desktop.screen.enter)
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "said", "") == "removed", timeout=30_000)
    assert "手伝い 花子" not in {slot.name for slot in slots.load(data).staff}
    assert not any("739164" in field.text() for field in desktop.window.findChildren(QLineEdit))


def test_a_weak_secret_stays_in_the_form(keeping, data):
    """By keyboard: the store's own sentence is shown, and nobody was added."""
    desktop = keeping()
    listed(desktop)
    desktop.keys("+")
    desktop.until(flow.AccountPage)
    desktop.qtbot.waitUntil(desktop.screen.form.texts[0].hasFocus)
    desktop.keys("sato", KEY.Key_Return, "111111", KEY.Key_Return, "111111", KEY.Key_Return)
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "code", "") == "weak_pin")
    assert "6けた" in desktop.screen.said.text()
    assert len(slots.load(data).staff) == 2


def test_who_may_not_sees_why(keeping):
    """A receptionist who opens the staff's list is told so, and sees nobody."""
    desktop = keeping(people.DESK_PIN)
    desktop.keys("1")
    desktop.until(flow.Accounts)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.code == "not_allowed")
    assert not desktop.screen.table.isVisible()
    assert not desktop.screen.new.isVisible()


def test_the_own_secret_is_changed_by_who_knows_the_old_one(keeping, data):
    """A wrong old one changes nothing; the right one does, and the new one opens."""
    desktop = keeping()
    desktop.keys("2")
    desktop.until(flow.OwnSecret)
    new = "あたらしい ながい 合い言葉です"
    fill(desktop, "ちがう ことば", new, new)
    desktop.touch(desktop.screen.enter)
    desktop.qtbot.waitUntil(
        lambda: getattr(desktop.bridge.state, "code", "") == "wrong_passphrase", timeout=30_000
    )
    fill(desktop, people.BOSS_SECRET, new, new)
    desktop.touch(desktop.screen.enter)
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "done", False), timeout=30_000)
    desktop.window.close()
    desktop.bridge.close()
    assert people.opens(data, new)
    assert not people.opens(data, people.BOSS_SECRET)


def test_settings_hold_at_once_and_stay(keeping, data):
    """Each press is in the file; the night is worn, and the minutes are the lock's, without a restart."""
    desktop = keeping()
    minutes = []
    comfort = Comfort(desktop.window, Settings(), lambda _name: None)
    desktop.bridge.settled.connect(comfort.settle)
    desktop.bridge.stepped.connect(comfort.stepped)
    comfort.lock_minutes.connect(minutes.append)
    comfort.show_ambient(desktop.bridge.ambient)
    try:
        desktop.keys("3")
        desktop.until(flow.SettingsPage)
        desktop.qtbot.waitUntil(lambda: desktop.bridge.state.equipment is not None)
        desktop.touch(desktop.screen.values["theme"][2])
        desktop.qtbot.waitUntil(lambda: theme.worn().dress is Dress.NIGHT)
        # Built anew in other colours: what is new is shown with the next turn of the loop.
        desktop.qtbot.waitUntil(lambda: desktop.screen.minutes.plus.isVisible() is True)
        desktop.touch(desktop.screen.minutes.plus)
        desktop.touch(desktop.screen.values["volume"][3])
        wanted = Settings(lock_minutes=4, theme=Theme.NIGHT, volume=Volume.OFF)
        desktop.qtbot.waitUntil(lambda: settings.read(data) == wanted)
        desktop.qtbot.waitUntil(lambda: 4 in minutes)
    finally:
        theme.dress(theme.Look())


@pytest.mark.parametrize(
    ("hour", "dress"), [(20, Dress.LIGHT), (21, Dress.NIGHT), (5, Dress.NIGHT), (6, Dress.LIGHT)]
)
def test_the_night_is_worn_by_the_clock_unless_somebody_chose(hour, dress):
    """From 21 to 6 of the shelter's clock; chosen by hand it is as chosen."""
    assert dress_for(Settings(), hour) is dress
    assert dress_for(Settings(theme=Theme.LIGHT), hour) is Dress.LIGHT


def test_nobodys_form_is_built_anew_at_nine(sit_down):
    """The hour changes the dress only between two visitors."""
    desktop = sit_down()
    heard = []
    comfort = Comfort(desktop.window, Settings(), heard.append)
    desktop.bridge.stepped.connect(comfort.stepped)
    try:
        theme.dress(theme.Look())
        desktop.bridge.open_count()
        comfort.show_ambient(desktop.bridge.ambient)  # 21:47
        assert theme.worn().dress is Dress.LIGHT
        desktop.keys(KEY.Key_Escape)
        desktop.until(flow.Ready)
        assert theme.worn().dress is Dress.NIGHT
        assert comfort.quiet
        comfort.sound("ok")
        comfort.settle(Settings(volume=Volume.OFF))
        comfort.sound("ok")
        assert heard == ["ok"]
    finally:
        theme.dress(theme.Look())
