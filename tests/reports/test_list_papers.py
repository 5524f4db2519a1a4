"""Rosters, cards and the hand-over sheet on paper: what stands on them, and that nothing runs off it."""

from __future__ import annotations

import logging
import re

import pytest

from heard import listen
from kiosk.core.acts import Area, Fullness, Opening, Shelter
from kiosk.core.counts import Counts
from kiosk.core.dates import BirthDate
from kiosk.core.household import Mode, Need, Sex
from kiosk.core.ids import PersonId
from kiosk.core.roll import Whereabouts
from kiosk.reports import formats, handover, handover_pdf, paper, roster_card, roster_pdf
from kiosk.reports.cells import DRILL, OLD_LISTS
from kiosk.reports.handover import HandOver, Reporting
from listed import MADE, family, heading, person, row

LONG = person(
    1, "寿限無" * 60, "ジュゲム" * 60, birth=BirthDate(1945, 8), needs=frozenset(Need), note="くすり" * 100
)
STATE = HandOver(
    Counts(persons=183, households=74, men=80, women=88, sex_unknown=15, infants=6, outside_persons=12),
    {"app": 30, "card": 12, "desk": 20, "paper": 8, "count": 4},
    Shelter(
        Mode.DISASTER,
        None,
        Opening.OPENED,
        capacity=250,
        fullness=Fullness.CROWDED,
        staff=6,
        helpers=11,
        checked_at=int(MADE.timestamp()),
        areas=(Area("体育館 A", 60), Area("体育館 B", 40), Area("和室")),
    ),
    {"体育館 A": 42, "体育館 B": 40, "図書室": 2, "": 5},
    (
        family(1, receptions=2),
        row(2, person(2)),
        row(3, person(3, "迷子　一", provisional=True)),
        family(4, elsewhere={PersonId(bytes([4] * 8)): Whereabouts.AWAY}),
    ),
)
REPORTING = Reporting(linked=True, unsent=14, last=MADE)


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Nothing that stands on a paper is named in a log."""
    caplog.set_level(logging.WARNING)
    yield
    assert not caplog.records


@pytest.fixture
def heard(monkeypatch):
    """What is written and drawn on the next document."""
    return listen(monkeypatch, paper)


def pages(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_a_roster_names_everybody_once(heard):
    """Each name and kana, the list's own numbers, the version and the time; households are not torn apart."""
    rows = [family(number) for number in range(1, 30)]
    pdf = roster_pdf.pdf(rows, heading())
    assert pages(pdf) == len(heard.pages) == 4
    assert heard.said.count("見本　太郎") == heard.said.count("ミホン　ハナコ") == 29
    assert all("版 1234　作成 2026年9月1日 18:30" in part for part in heard.pages)
    assert all(OLD_LISTS in part for part in heard.pages)
    assert [f"{number} / 4" in part for number, part in enumerate(heard.pages, 1)] == [True] * 4
    assert [part.count("見本　太郎") - part.count("見本　花子") for part in heard.pages] == [0] * 4
    assert not any("A-0" in text for text in heard.said)


@pytest.mark.parametrize("needs", [False, True])
def test_what_is_told_in_confidence_is_on_paper_only_when_asked_for(heard, needs):
    """The column is there or it is not."""
    told = person(1, "見本　一", needs=frozenset({Need.DEMENTIA}), note="夜に 歩く")
    roster_pdf.pdf([row(1, told)], heading(), needs=needs)
    assert ("要配慮" in heard.pages[0]) == needs
    assert any("認知症" in text for text in heard.pages[0]) == needs


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("title", ["roster", "card", "handover"])
def test_a_drill_is_seen_across_the_room(heard, mode, title):
    """A drill says so on every page; a disaster does not."""
    head = heading(mode=mode)
    {
        "roster": lambda: roster_pdf.pdf([family(number) for number in range(1, 30)], head),
        "card": lambda: roster_card.pdf([family()], head),
        "handover": lambda: handover_pdf.pdf(STATE, REPORTING, head),
    }[title]()
    assert {DRILL in part for part in heard.pages} == {mode is Mode.DRILL}


@pytest.mark.usefixtures("heard")
def test_nothing_is_too_long_for_paper():
    """Names of a hundred letters, twenty members, every need at once: cut where it must be, over no edge."""
    many = [person(at, f"大家　{at}", sex=Sex.MALE) for at in range(2, 60)]
    home = row(1, LONG, *many, address="長い町" * 50, phone="090" * 20, area="体育館" * 9, note="備考" * 99)
    assert pages(roster_pdf.pdf([home], heading(), needs=True)) == 4
    assert pages(roster_card.pdf([home], heading())) == 4
    everywhere = {f"場所{at}": at for at in range(40)}
    state = HandOver(
        Counts(persons=10**6, sex_unknown=1),
        {},
        Shelter(Mode.DISASTER, None, areas=tuple(Area(f"場所{at}", 5) for at in range(30))),
        everywhere,
        [family(number, receptions=2) for number in range(1, 150)],
    )
    assert pages(handover_pdf.pdf(state, REPORTING, heading())) == 1


@pytest.mark.parametrize(
    "name", ["𠮷田　﨑", "渡邉\U000e0101　一", "张　伟", "김　민수", "राम", "Đức ễ", "龗　頁"]
)
def test_names_of_all_the_world_stand_as_they_are_written(name):
    """No letter of them becomes 〓: another typeface is opened for it."""
    with paper.sheet(heading(), "portrait") as sheet:
        sheet.add_page()
        assert "〓" not in sheet.printable(name)
    assert roster_pdf.pdf([row(1, person(1, name))], heading()).startswith(b"%PDF")


def test_a_letter_of_nobody_is_a_mark_and_no_error():
    """A private-use letter that no typeface has is 〓, as printers set it."""
    with paper.sheet(heading(), "portrait") as sheet:
        sheet.add_page()
        assert sheet.printable("\ue000田") == "〓田"


def test_a_card_tells_of_one_household(heard):
    """Its number, its members, what is told of it, and lines to write on."""
    roster_card.pdf([family(address="見本市1", postcode="8620950", no_address=False)], heading("世帯カード"))
    (said,) = heard.pages
    assert {"A-001", "見本　花子", "〒862-0950　見本市1", "2人 在所 / 2人"} <= set(said)
    assert any("書きこみ" in text for text in said)
    assert "ここに いることを 聞かれたら：答えない" in said


def test_no_card_is_a_page_all_the_same():
    """Before anybody came, a printer gets a page."""
    assert pages(roster_card.pdf([], heading())) == pages(roster_pdf.pdf([], heading())) == 1


def test_a_hand_over_tells_what_is_open_and_names_nobody(heard):
    """Doubled receptions, provisional people, count-only households and who is out, by their numbers."""
    handover_pdf.pdf(STATE, REPORTING, heading("引き継ぎ"))
    (said,) = heard.pages
    assert [text for text in said if text.startswith("A-")] == ["A-001", "A-003", "A-002", "A-004"]
    assert {"183", "74", "12", "14件", "2026年9月1日 18:30", "混雑"} <= set(said)
    assert not any(name in text for text in said for name in ("見本", "ミホン", "迷子"))
    assert any("性別不明等 15人" in text for text in said)


def test_a_hand_over_is_a_page_and_a_table_too():
    """The same for a browser, a terminal and a program."""
    report = handover.report(STATE, REPORTING, heading("引き継ぎ", Mode.DRILL))
    for name in ("html", "table", "json", "csv"):
        text = formats.shown(formats.render(report, name))
        assert "183" in text
        assert "見本" not in text
    assert report.warning == DRILL
    assert report.data["open"][0]["numbers"] == ["A-001"]
    assert report.data["unsent_events"] == 14


def test_areas_are_told_with_what_they_hold():
    """As laid out, then those nobody laid out, then who has none; full is said in words."""
    lines = [(line.name, line.shown) for line in handover.area_lines(STATE)]
    assert lines == [
        ("体育館 A", "42 / 60人"),
        ("体育館 B", "40 / 40人　満員"),
        ("和室", "0人"),
        ("図書室", "2人"),
        ("場所が 決まっていない", "5人"),
    ]


def test_who_left_leaves_nothing_open():
    """A household that is gone is no longer to be looked after; one that is out is."""
    places = (Whereabouts.LEFT, Whereabouts.MOVED, Whereabouts.AWAY)
    rows = [family(at, receptions=2, whereabouts=place) for at, place in enumerate(places, 1)]
    assert handover.open_ends(rows)[0].numbers == ("A-003",)


def test_a_laptop_of_its_own_reports_to_nobody():
    """Without an HQ there is nothing unsent to tell."""
    assert handover.reporting_facts(Reporting(linked=False)) == (
        ("本部への 報告", "この パソコンだけで 使っています"),
    )
    assert (
        "まだ 一度も"
        in dict(handover.reporting_facts(Reporting(linked=True)))["最後に 本部と つながった 時刻"]
    )
