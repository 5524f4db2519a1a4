"""A household's stay through the real window: going, coming back, its card, doubles, inquiry, the shelter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from kiosk import flow
from kiosk.core.access import Role
from kiosk.core.acts import Away, Fullness, Join, Leave, Merge, Note, Opening, Return, Shelter, Topic, Void
from kiosk.core.household import Consent, Need, Stay
from kiosk.core.roll import Whereabouts
from kiosk.desk import Desk
from kiosk.errors import KnownError

KEY = Qt.Key


def received(sit_down, *codes):
    """A desktop at which these passes were received, at the ready screen."""
    desktop = sit_down()
    for code in codes or (b"1",):
        desktop.station.show_code(code)
        desktop.until(flow.Done)
        desktop.keys(KEY.Key_Return)
        desktop.until(flow.Ready)
    desktop.bridge.put(flow.TimeUp())
    assert desktop.bridge.state == flow.Ready()
    return desktop


def opened(sit_down, *codes):
    """The card of the newest household, opened from the roster."""
    desktop = received(sit_down, *codes)
    desktop.keys(KEY.Key_F2)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.HouseholdCard)
    return desktop


def told(desktop):
    """Waits for the card, and gives its household as it is now."""
    return desktop.until(flow.HouseholdCard).row.household


def acts(desktop, kind):
    return [act for act in desktop.station.ledger.acts if isinstance(act, kind)]


def test_going_out_is_one_touch_and_coming_back_none(sit_down):
    """Code, 出かける: out. Code: back, with no touch by anybody; each is shown and can be undone."""
    desktop = received(sit_down)
    desktop.station.show_code()
    desktop.until(flow.WhatNow)
    desktop.touch(desktop.screen.going[flow.Change.OUT])
    desktop.until(flow.Changed)
    assert "行って らっしゃい" in desktop.said()
    desktop.qtbot.waitUntil(lambda: desktop.bridge.ambient.counts.persons == 0)
    desktop.keys(KEY.Key_Return)
    desktop.bridge.put(flow.TimeUp())
    desktop.station.show_code()
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "change", None) is flow.Change.BACK)
    assert "おかえりなさい" in desktop.said()
    assert len(acts(desktop, Return)) == 1
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Notice)
    (row,) = desktop.station.ledger.roster()
    assert row.whereabouts is Whereabouts.AWAY
    assert len(acts(desktop, Void)) == 1


def test_staff_let_one_of_a_family_leave_without_a_code(sit_down):
    """F3, the row, one unticked, L: one left, the other is here; the roster again for the next."""
    desktop = received(sit_down)
    desktop.keys(KEY.Key_F3)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.WhatNow)
    desktop.keys("1", "l")
    desktop.until(flow.Changed)
    (act,) = acts(desktop, Leave)
    assert len(act.persons) == 1
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    assert desktop.screen.table.cells.index(0, 5).data() == "います"


def test_needs_are_one_touch_each_after_a_reception(sit_down):
    """体のこと, a chip, closed: one amendment, and the number again."""
    desktop = sit_down()
    desktop.station.show_code()
    desktop.until(flow.Done)
    desktop.touch(desktop.screen.needs)
    desktop.until(flow.Needs)
    desktop.touch(desktop.screen.chips[3])
    desktop.touch(desktop.screen.enter)
    desktop.until(flow.Done)
    (row,) = desktop.station.ledger.rows.values()
    assert row.household.members[0].needs == {Need.WHEELCHAIR}
    assert "A-001" in desktop.said()


def test_what_is_private_shows_only_while_it_is_held_and_leaves_a_trace(sit_down):
    """The card masks address and birth; held, it shows and the log knows; let go, no widget holds it."""
    station = sit_down.station()
    desktop = sit_down(station)
    station.card_tells()
    station.place_card()
    desktop.until(flow.Pin)
    desktop.keys("1234")
    desktop.until(flow.Done)
    desktop.keys(KEY.Key_F2)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.HouseholdCard)

    def everything():
        shown = [w.text() + w.accessibleName() for w in desktop.window.findChildren(QLabel)]
        return " ".join([*shown, *(fact.accessibleName() for fact in desktop.screen.facts.values())])

    assert "栄町" not in everything()
    assert "昭和" not in everything()
    hold = desktop.screen.birth_hold
    desktop.qtbot.mousePress(hold, Qt.MouseButton.LeftButton)
    desktop.qtbot.waitUntil(lambda: "昭和29年3月2日" in everything())
    desktop.qtbot.mouseRelease(hold, Qt.MouseButton.LeftButton)
    desktop.qtbot.waitUntil(lambda: "昭和" not in everything())
    hold = desktop.screen.holds[flow.Page.ADDRESS]
    hold.setFocus()
    desktop.qtbot.keyPress(hold, KEY.Key_Space)
    desktop.qtbot.waitUntil(lambda: "栄町" in everything())
    desktop.qtbot.keyRelease(hold, KEY.Key_Space)
    desktop.qtbot.waitUntil(lambda: "栄町" not in everything())
    seen = [act.action for act in acts(desktop, Note)]
    assert seen == ["view_card", "show_birth", "show_address"]


def test_a_card_that_leaves_no_trace_stays_shut(sit_down):
    """When it can not be written down who looks, nothing is shown and receptions go on."""
    desktop = received(sit_down)
    desktop.keys(KEY.Key_F2)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.station.ledger.trouble = sit_down.full_disk
    desktop.keys(KEY.Key_Return)
    assert desktop.until(flow.Notice).code == "not_audited"
    desktop.station.ledger.trouble = None
    desktop.station.show_code(b"2")
    desktop.until(flow.Done)


def test_a_card_is_corrected_by_keys_alone(sit_down):
    """S and a digit change the stay, P and digits the pets, X protects: each one act, each seen at once."""
    desktop = opened(sit_down)
    desktop.keys("s", "2")
    assert told(desktop).stay is Stay.CAR
    desktop.keys("p", "1", "1", KEY.Key_Return)
    assert told(desktop).pets
    assert "犬 2" in desktop.screen.facts[flow.Page.PETS].text()
    desktop.keys("x")
    assert told(desktop).secrecy
    assert desktop.screen.secret.isVisible()
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.rows == ())


def test_a_secrecy_is_lifted_with_a_reason_and_a_second_person(sit_down):
    """Without the second person's own secret nothing is lifted; with it the log knows both and why."""
    desktop = opened(sit_down)
    desktop.keys("x")
    assert told(desktop).secrecy
    desktop.keys("x")
    desktop.until(flow.EndingSecrecy)
    screen = desktop.screen
    screen.reason.setText("本人の 希望")
    screen.who.setText("鈴木")
    screen.secret.setText("wrong")
    desktop.touch(screen.enter)
    assert desktop.until(flow.Notice).code == "wrong_passphrase"
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.EndingSecrecy)
    assert (screen.reason.text(), screen.secret.text()) == ("本人の 希望", "")
    screen.secret.setText("second")
    desktop.touch(screen.enter)
    desktop.until(flow.HouseholdCard)
    assert not desktop.bridge.state.row.household.secrecy
    (cleared,) = [act for act in acts(desktop, Note) if act.topic is Topic.SECRECY_CLEARED]
    assert cleared.reason == "本人の 希望"


def test_details_are_asked_after_a_count(sit_down):
    """F5 2, later the card, F1 on a person: name and age, and still one household of two."""
    desktop = sit_down()
    desktop.keys(KEY.Key_F5, "2", KEY.Key_Return)
    desktop.until(flow.Done)
    desktop.keys(KEY.Key_F2)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.rows))
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.HouseholdCard)
    desktop.keys(KEY.Key_Return, KEY.Key_F1)
    desktop.until(flow.AskName)
    desktop.keys("satou ken", "1", "43", KEY.Key_Return)
    desktop.until(flow.MemberCard)
    (row,) = desktop.station.ledger.rows.values()
    assert [person.kana for person in row.household.members] == ["サトウ\u3000ケン", None]
    assert row.household.members[0].age == 43


def test_a_family_that_comes_later_joins_the_one_that_is_here(sit_down):
    """The same surname and town: 9 joins them; one household, its number, and the count right."""
    desktop = sit_down()
    desktop.keys(
        KEY.Key_F1, "yamada tarou", KEY.Key_Return, "72", KEY.Key_Return, KEY.Key_Return, "1", KEY.Key_Return
    )
    desktop.until(flow.Done)
    desktop.keys(KEY.Key_F1, "yamada hana", "2", "70", KEY.Key_Return, KEY.Key_Return, "1")
    desktop.qtbot.waitUntil(lambda: bool(getattr(desktop.bridge.state, "similar", ())))
    assert "A-001" in desktop.screen.join._subtitle
    desktop.keys("9")
    desktop.until(flow.Changed)
    assert "A-001" in desktop.said()
    assert len(acts(desktop, Join)) == 1
    (row,) = desktop.station.ledger.rows.values()
    assert len(row.household.members) == 2


def test_doubles_are_compared_and_merged_and_undone(sit_down):
    """Two receptions of the same people: listed, side by side, one household; the undo makes two again."""
    desktop = received(sit_down, b"1", b"2")
    desktop.touch(desktop.window._header.staff)
    desktop.until(flow.Staff)
    desktop.keys("4")
    desktop.qtbot.waitUntil(lambda: bool(getattr(desktop.bridge.state, "pairs", ())))
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.Compare)
    assert "A-001" in desktop.said()
    assert "A-002" in desktop.said()
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.Changed)
    assert len(acts(desktop, Merge)) == 1
    assert len(desktop.station.ledger.rows) == 1
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Notice)
    assert len(desktop.station.ledger.rows) == 2


def test_an_inquiry_answers_alike_for_nobody_and_for_who_may_not_be_told(sit_down):
    """Consent decides; what is said, drawn and named to a screen reader is the same for both refusals."""
    desktop = opened(sit_down)
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Roster)
    answers = []

    def ask(name, *, told):
        desktop.bridge.put(flow.Back())
        desktop.bridge.put(flow.StaffOpened())
        desktop.until(flow.Staff)
        desktop.keys("2")
        desktop.until(flow.Inquiry)
        desktop.keys(name, "1", KEY.Key_Return)
        desktop.qtbot.waitUntil(lambda: desktop.bridge.state.answer is not None)
        assert bool(desktop.bridge.state.answer) is told
        field = desktop.window.findChild(QLineEdit)
        answers.append(desktop.said().replace(field.text() if field else "", ""))
        desktop.keys(KEY.Key_Escape, KEY.Key_Escape)
        desktop.until(flow.Ready)

    ask("yamada", told=False)
    ask("tanaka", told=False)
    assert answers[0] == answers[1]
    (row,) = desktop.station.ledger.rows.values()
    desk = desktop.bridge._desk
    from dataclasses import replace

    desk.amend(replace(row.household, consent=Consent.RELATIVES))
    ask("yamada", told=True)
    assert "この 避難所に います" in answers[2]
    looks = [act for act in acts(desktop, Note) if act.action == "answer_inquiry"]
    assert len(looks) == 3


def test_the_shelters_state_is_reported_with_the_moment_of_looking(sit_down):
    """開設中, 満員, two staff, Enter: one act with the time somebody looked, and the screen says so."""
    desktop = sit_down()
    desktop.touch(desktop.window._header.staff)
    desktop.until(flow.Staff)
    desktop.keys("3")
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.draft is not None)
    desktop.keys("o", "3", "s", "s", "+")
    desktop.until(flow.AreaPage)
    desktop.screen.name.setText("体育館")
    desktop.screen.name.textEdited.emit("体育館")
    desktop.screen.capacity.setFocus()
    desktop.keys("60", KEY.Key_Return)
    desktop.until(flow.ShelterBoard)
    desktop.keys(KEY.Key_Return)
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state.saved)
    (act,) = acts(desktop, Shelter)
    assert (act.opening, act.fullness, act.staff) == (Opening.OPENED, Fullness.FULL, 2)
    assert act.checked_at == act.opened_at == int(desktop.station.now().timestamp())
    assert [(area.name, area.capacity) for area in act.areas] == [("体育館", 60)]
    assert "知らせました" in desktop.said()


def test_devices_are_tried_and_nobody_is_received(sit_down):
    """A code before the camera is only seen there; いま 送る reaches the sync process."""
    desktop = sit_down()
    desktop.touch(desktop.window._header.staff)
    desktop.until(flow.Staff)
    desktop.keys("5")
    desktop.until(flow.Devices)
    desktop.station.show_code()
    desktop.station.place_card()
    desktop.qtbot.waitUntil(lambda: desktop.bridge.state == flow.Devices(code_seen=True, card_seen=True))
    assert desktop.station.ledger.acts == []
    desktop.touch(desktop.screen.retry)
    assert desktop.station.tried == 1


def test_who_looked_can_be_read(sit_down):
    """The audit view lists what was opened, by number and never by name."""
    desktop = opened(sit_down)
    desktop.keys(KEY.Key_Escape, KEY.Key_Escape)
    desktop.until(flow.Ready)
    desktop.touch(desktop.window._header.staff)
    desktop.until(flow.Staff)
    desktop.keys("6")
    desktop.qtbot.waitUntil(lambda: bool(getattr(desktop.bridge.state, "entries", ())))
    cells = desktop.screen.table.cells
    assert [cells.index(0, column).data() for column in (1, 2, 3)] == ["係", "くわしく 見た", "A-001"]
    assert "山田" not in desktop.said()


def test_the_shift_is_handed_over_and_the_desk_locked(sit_down):
    """引きつぎ shows what is open; 交代する asks for the lock, and nothing is received any more."""
    station = sit_down.station(passphrase="correct horse")
    desktop = sit_down(station, until=flow.Locked)
    desktop.qtbot.waitUntil(desktop.screen.field.hasFocus)
    desktop.keys("correct horse", KEY.Key_Return)
    desktop.until(flow.Ready)
    desktop.keys(KEY.Key_F5, "3", KEY.Key_Return)
    desktop.until(flow.Done)
    desktop.bridge.put(flow.StaffOpened())
    desktop.keys("7")
    desktop.qtbot.waitUntil(lambda: getattr(desktop.bridge.state, "sheet", None) is not None)
    assert "1世帯  A-001" in desktop.said()
    with desktop.qtbot.waitSignal(desktop.bridge.lock_wanted):
        desktop.keys(KEY.Key_Return)
    assert desktop.bridge.state == flow.Locked()
    station.show_code(b"9")
    desktop.qtbot.wait(20)
    assert len(station.ledger.acts) == 1


def test_help_is_one_key_from_an_error(sit_down):
    """H shows the steps for this error; Esc leads back to it."""
    desktop = sit_down()
    desktop.station.push(flow.CardFailed("blocked"))
    desktop.until(flow.Notice)
    desktop.keys("h")
    desktop.until(flow.Help)
    assert "市役所の 窓口だけ" in desktop.said()
    desktop.keys(KEY.Key_Escape)
    desktop.until(flow.Notice)


def test_what_a_volunteer_may_not_do_is_said_and_nothing_else_stops(sit_down):
    """A volunteer may not look anybody up: the roster says so, and codes are received."""
    from at_desk import access

    station = sit_down.station()
    ledger = station.ledger
    station.open = lambda _secret: Desk(
        ledger, station.mode, lambda: None, station.randomness, access(Role.VOLUNTEER)
    )
    desktop = sit_down(station)
    desktop.keys(KEY.Key_F2)
    desktop.until(flow.Roster)
    desktop.qtbot.waitUntil(lambda: bool(desktop.bridge.state.sentence))
    desktop.keys(KEY.Key_Escape)
    station.show_code()
    desktop.until(flow.Done)


@pytest.mark.parametrize("trouble", [KnownError("busy", "いま 書けません。", "busy"), RuntimeError("x")])
def test_a_change_that_can_not_be_written_is_kept_for_another_try(sit_down, trouble):
    """外出 on a disk that fails: said, nothing shown as done, and Enter leads back to try again."""
    desktop = received(sit_down)
    desktop.station.show_code()
    desktop.until(flow.WhatNow)
    desktop.station.ledger.trouble = trouble
    desktop.keys("o")
    desktop.until(flow.Notice)
    assert "行って らっしゃい" not in desktop.said()
    desktop.station.ledger.trouble = None
    desktop.keys(KEY.Key_Return)
    desktop.until(flow.WhatNow)
    desktop.keys("o")
    desktop.until(flow.Changed)
    assert len(acts(desktop, Away)) == 1
