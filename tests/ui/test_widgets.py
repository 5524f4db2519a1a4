"""The parts of the screens, one by one."""

import datetime as dt

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from kiosk.core.dates import BirthDate
from ui import theme
from ui.app import application
from ui.screens import people
from ui.station import Link, Sync
from ui.theme import Scale
from ui.widgets.buttons import BigButton
from ui.widgets.fields import KanaField, SecretField
from ui.widgets.header import sync_words
from ui.widgets.text import NameLabel, Text
from ui.widgets.views import CameraView
from ui.words import Words, parse

TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def put(qtbot):
    """Show a widget alone."""
    application()

    def shown(widget, width=400, height=120):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()
        return widget

    return shown


def test_romaji_stands_as_kana_as_it_is_typed(put, qtbot):
    """Letter by letter, also in the middle of the text; listeners hear kana."""
    field = put(KanaField(Scale(), "名前"))
    heard = []
    field.typed.connect(heard.append)
    qtbot.keyClicks(field, "yamada")
    assert field.text() == "ヤマダ"
    assert heard[-1] == "ヤマダ"
    field.setCursorPosition(1)
    qtbot.keyClicks(field, "ka")
    assert field.text() == "ヤカマダ"
    assert field.cursorPosition() == 2


def test_digits_and_plus_are_not_typed_into_a_name(put, qtbot):
    """They are the screen's keys and pass through the field."""
    field = put(KanaField(Scale(), "名前"))
    qtbot.keyClicks(field, "a1+i")
    assert field.text() == "アイ"


def test_a_secret_is_not_shown_and_no_input_method_learns_it(put, qtbot):
    """Dots on the screen, and a hint to whatever types to remember nothing."""
    field = put(SecretField(Scale(), "合い言葉"))
    qtbot.keyClicks(field, "correct horse")
    assert field.text() == "correct horse"
    assert not set(field.displayText()) & set(field.text())
    assert field.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData


def test_enter_presses_a_button_only_after_tab(put, qtbot):
    """Enter belongs to the screen, unless somebody walked to the button with Tab."""
    button = put(BigButton(Scale(), "やめる"))
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == []
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1, 1]


def test_lines_break_at_spaces_and_are_about_equal(put):
    """No word is broken while there is a space, and no last line holds one lonely word."""
    text = put(Text(Scale(), theme.HEADING, bold=True, wrap=True), 520, 160)
    text.say(parse("4けたの [番号|ばんごう]を [入|い]れて ください"))
    lines = ["".join(atom.text for atom in line.atoms) for line in text._set(520).lines]
    assert lines == ["4けたの 番号を", "入れて ください"]


def test_a_text_too_long_for_its_place_gets_smaller(put):
    """A long name is drawn smaller and on two lines, never cut."""
    label = put(NameLabel(Scale(), wrap=True), 200, 56)
    label.show_name("寿限無\u3000寿限無五劫の擦り切れ")
    setting = label.setting()
    assert setting.font.pixelSize() < theme.NAME
    assert [line.atoms[0].text for line in setting.lines] == ["寿限無", "寿限無五劫の擦り切れ"]
    assert all(line.width <= 201 for line in setting.lines)


def test_a_name_is_kept_as_it_was_signed(put):
    """Variation selectors and characters beyond the first plane stay in the label as they came."""
    label = put(NameLabel(Scale()))
    name = "葛\U000e0100城\u3000𠮷男"
    label.show_name(name)
    assert label.name == label.text() == name


def test_the_camera_is_shown_mirrored_and_may_reuse_its_memory(put, qtbot):
    """A frame is copied at once: what the camera writes afterwards does not show."""
    frame = np.zeros((480, 640, 3), np.uint8)
    frame[:, :320] = (0, 0, 255)
    view = put(CameraView(Scale(), "カメラ", ""), 300, 276)
    view.show_frame(frame)
    frame[:] = 0
    qtbot.wait(1)
    shot = view.grab().toImage()
    red, black = (QColor(shot.pixel(x, shot.height() // 2)) for x in (230, 70))
    assert red.red() > 200
    assert black.red() < 20


@pytest.mark.parametrize(
    ("sync", "said"),
    [
        (Sync(Link.SENT, dt.datetime(2026, 9, 1, 12, 46, 48, tzinfo=dt.UTC)), "本部に 送りました 12秒前"),
        (Sync(Link.SENT, dt.datetime(2026, 9, 1, 12, 40, tzinfo=dt.UTC)), "本部に 送りました 7分前"),
        (Sync(Link.SENT, dt.datetime(2026, 9, 1, 9, 47, tzinfo=dt.UTC)), "本部に 送りました 3時間前"),
        (Sync(Link.SENT, dt.datetime(2026, 9, 1, 13, 0, tzinfo=dt.UTC)), "本部に 送りました いま"),
        (Sync(Link.CUT, None, 12), "本部と 切れています 保存 12件"),
        (Sync(Link.ASKS, None, 12, "登録できません。"), "本部の ことで 確認が いります"),
        (Sync(), "この パソコンだけで 使用中"),
    ],
)
def test_the_link_speaks_in_words(sync, said):
    """The pill says when HQ last knew, or how much waits here."""
    assert sync_words(Words(), sync, dt.datetime(2026, 9, 1, 12, 47, tzinfo=dt.UTC)) == said


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("神奈川県小田原市栄町二丁目3番4号", "小田原市栄町二丁目"),
        ("神奈川県小田原市栄町２丁目３番４号", "小田原市栄町２丁目"),
        ("東京都千代田区神田1-2-3", "千代田区神田"),
        ("小田原市栄町", "小田原市栄町"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_house_number(address, shown):
    """Enough to be sure of, not enough to be found by whoever looks over a shoulder."""
    assert people.neighbourhood(address) == shown


def test_a_baby_is_as_old_as_its_months():
    """Months in the first year, years after, nothing when unknown."""
    words = Words()
    assert people.age(words, BirthDate(2026, 2, 20), TODAY) == "6か月"
    assert people.age(words, BirthDate(1954, 3, 2), TODAY) == "72さい"
    assert people.age(words, None, TODAY) == ""
