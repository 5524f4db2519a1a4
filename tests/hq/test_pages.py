"""The counts page: every number in its place, drill and disaster apart, and nobody's name."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
import requests

from headquarters import SHELTERS
from kiosk.core.acts import Fullness, Opening, Shelter
from kiosk.core.household import Method, Mode
from sync.hq import shelters
from sync.hq.pages import STALE_MS, ago, places
from sync.wire import decode_batch, decode_counts, encode_batch


@pytest.fixture
def url(small_hq):
    with small_hq.serving() as served:
        yield served


def arrive(hq, device, *, push=True):
    if push:
        hq.intake.receive(decode_batch(encode_batch([device.segment()])))
    hq.intake.report(*decode_counts(device.counts()))


def page(url, path="/"):
    response = requests.get(url + path, timeout=10)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def cells(text, shelter):
    """The texts of the row of one shelter."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f">{shelter}<" in row)
    return [
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
        for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    ]


def test_a_shelters_row_shows_households_people_methods_and_the_link(small_hq, url):
    """One row tells what the log proves, what was reported, by which method, and when it was heard of."""
    device = small_hq.device(registered=True)
    device.receive(20, Method.APP)
    device.receive(30, Method.CARD)
    device.receive(50, Method.COUNT)
    arrive(small_hq, device)
    row = cells(page(url), SHELTERS[0].name)
    assert row[:4] == [SHELTERS[0].name, "3", "100", "100"]
    assert "50%（200人）" in row[4]
    assert row[5:10] == ["1", "1", "0", "0", "1"]
    assert row[10].startswith("● 正常")


def test_people_reported_ahead_of_their_records_are_shown_beside_not_added(small_hq, url):
    """Before the records arrive the page says how many the shelter reports, apart from what is proven."""
    device = small_hq.device(registered=True)
    device.receive(4)
    arrive(small_hq, device, push=False)
    text = page(url)
    assert cells(text, SHELTERS[0].name)[1:4] == ["0", "0", "4"]
    assert "まだ 届いていない 記録が あります。避難所の 報告では 4人・1世帯です。" in text
    arrive(small_hq, device)
    assert "まだ 届いていない" not in page(url)


def test_a_drill_is_loudly_a_drill_and_never_in_a_disasters_numbers(small_hq, url):
    """The drill's page has its banner and its numbers; the disaster's page has neither."""
    drill = small_hq.device(1, Mode.DRILL, registered=True)
    disaster = small_hq.device(2, Mode.DISASTER, SHELTERS[1].id, registered=True)
    drill.receive(7)
    disaster.receive(3)
    arrive(small_hq, drill)
    arrive(small_hq, disaster)
    default, asked = page(url), page(url, "/?mode=drill")
    assert "<strong>訓練</strong>" not in default
    assert cells(default, SHELTERS[1].name)[2] == "3"
    assert f">{SHELTERS[0].name}<" not in default
    assert "<strong>訓練</strong>" in asked
    assert "【訓練】" in asked
    assert cells(asked, SHELTERS[0].name)[2] == "7"
    assert f">{SHELTERS[1].name}<" not in asked


def test_before_anything_happened_the_page_says_so(url):
    """An empty HQ shows a sentence, not an empty table."""
    assert "災害で 開設した 避難所は まだ ありません。" in page(url)


def test_a_shelter_long_silent_is_told_by_shape_and_words(small_hq, url):
    """A link that is down is a triangle and a sentence, not only a colour."""
    device = small_hq.device(registered=True)
    arrive(small_hq, device)
    small_hq.now += STALE_MS / 1000 + 60
    assert "▲ とぎれています（6分前）" in page(url)


def test_a_fork_asks_a_person_to_look(small_hq, url):
    """A laptop of which HQ holds two branches is named as such on the page."""
    device = small_hq.device(registered=True)
    twin = device.clone()
    device.receive(1)
    twin.receive(2)
    arrive(small_hq, device)
    arrive(small_hq, twin)
    assert "枝分かれ 1台" in page(url)


def test_a_shelters_name_is_text_never_markup(small_hq, url):
    """A name from a CSV can not become part of the page."""
    with small_hq.database.write() as connection:
        evil = shelters.Shelter(SHELTERS[0].id, "431001", "<script>alert(1)</script>", capacity="<b>9</b>")
        shelters.add_shelters(connection, [evil], 0)
    arrive(small_hq, small_hq.device(registered=True))
    text = page(url)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_no_page_holds_a_name(small_hq, url):
    """Whatever page is asked for, nobody's name is in it."""
    device = small_hq.device(registered=True)
    device.receive(3)
    arrive(small_hq, device)
    for path in ("/", "/?mode=drill", "/counts", "/counts?mode=disaster"):
        assert "山田" not in page(url, path)


def test_the_page_asks_nobody_else_for_anything(url):
    """Script, style and picture come from HQ itself, and all of them are there."""
    text = page(url)
    links = re.findall(r'(?:src|href|hx-get)="([^"]+)"', text)
    assert {link[0] for link in links} <= {"/", "#"}
    assert not re.search(r"<script>|<style|style=|onclick=", text)
    for link in links:
        if link.startswith("/"):
            assert requests.get(url + link, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(-5, "0秒前"), (59_999, "59秒前"), (60_000, "1分前"), (7_200_000, "2時間前"), (172_800_000, "2日前")],
)
def test_how_long_ago_is_said_in_one_unit(milliseconds, words):
    """Seconds, minutes, hours, days: the largest that fits."""
    assert ago(milliseconds) == words


@pytest.mark.parametrize(
    ("text", "number"),
    [("約２００人", 200), ("1,500", 1500), ("200（体育館）", 200), ("", None), ("不明", None), ("0", None)],
)
def test_a_capacity_is_read_out_of_a_sentence(text, number):
    """The first number of whatever the open data say; nothing when there is none."""
    assert places(text) == number


def test_a_shelters_own_word_for_its_state_stands_beside_its_figures(small_hq, url):
    """Opening, fullness, staff and when somebody looked: the latest word, in words and as data."""
    device = small_hq.device(registered=True)
    state = Shelter(device.mode, None, Opening.OPENED, staff=4, helpers=2, checked_at=1_790_000_000)
    device.act(state)
    device.act(replace(state, fullness=Fullness.FULL))
    arrive(small_hq, device)
    assert "開設・定員一杯　職員4人 応援2人" in page(url)
    [shelter] = small_hq.figures(device.mode).shelters
    told = shelter.to_dict()["state"]
    assert (told["opening"], told["fullness"], told["staff"]) == ("opened", "full", 4)
