"""The city's open data, as cities really publish them."""

from __future__ import annotations

import contextlib
import datetime as dt
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kiosk.core.household import Mode
from kiosk.errors import KnownError
from sync.hq import tables
from sync.hq.shelters import (
    MAX_TEXT,
    Shelter,
    add_incident,
    add_shelters,
    find_incident,
    find_shelters,
    municipal_code,
    read_open_data,
)

COLUMNS = (
    "全国地方公共団体コード",
    "ID",
    "名称",
    "名称_カナ",
    "所在地_連結表記",
    "緯度",
    "経度",
    "電話番号",
    "想定収容人数",
    "備考",
)


def table(*rows, columns=COLUMNS, encoding="utf-8"):
    return "\r\n".join(",".join(row) for row in (columns, *rows)).encode(encoding)


ROW = (
    "431001",
    "0001",
    "城山小学校",
    "シロヤマ",
    "熊本市西区城山1-1",
    "32.7",
    "130.6",
    "096-1",
    "約200人",
    "",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_row_becomes_a_shelter_in_any_encoding_cities_use(encoding):
    """UTF-8 with and without a mark, and Shift_JIS, give the same shelter."""
    shelters, left_out = read_open_data(table(ROW, encoding=encoding), "431001")
    assert left_out == ()
    assert shelters == [
        Shelter(
            "0001",
            "431001",
            "城山小学校",
            "シロヤマ",
            "熊本市西区城山1-1",
            "096-1",
            "約200人",
            "32.7",
            "130.6",
        )
    ]


def test_an_address_is_found_under_either_spelling_or_put_together():
    """連結標記 counts as 連結表記, and an address in parts is joined."""
    wrong = [name.replace("連結表記", "連結標記") for name in COLUMNS]
    assert read_open_data(table(ROW, columns=wrong), "431001")[0][0].address == "熊本市西区城山1-1"
    parts = ["名称", "所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下"]
    row = ("城山小学校", "熊本県", "熊本市西区", "城山", "1-1")
    assert read_open_data(table(row, columns=parts), "431001")[0][0].address == "熊本県熊本市西区城山1-1"


def test_a_row_without_a_name_is_left_out_and_told():
    """What can not be a shelter is reported by its line; empty lines are nothing."""
    nameless = (*ROW[:2], "", *ROW[3:])
    shelters, left_out = read_open_data(table(ROW, nameless, ("",) * 10, ROW[:3]), "431001")
    assert [shelter.name for shelter in shelters] == ["城山小学校"]
    assert left_out == (3,)


def test_a_row_without_an_id_or_a_code_gets_one():
    """A shelter without an ID is still a shelter, with the same id each time the file is read."""
    row = ("", "", *ROW[2:])
    first, second = (read_open_data(table(row), "431001")[0][0] for _ in range(2))
    assert (first.id, first.municipality) == (second.id, second.municipality) == ("431001-00002", "431001")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("431001", "431001"),
        ("43100", "431001"),
        ("431001.0", "431001"),
        ("011002", "011002"),
        ("11002", "011002"),
        ("1100", "011002"),
        ("13101", "131016"),
        ("", ""),
        ("熊本市", ""),
        ("4310011", ""),
    ],
)
def test_a_code_is_known_however_a_spreadsheet_left_it(text, code):
    """A lost zero and a missing check digit are told apart by the check digit."""
    assert municipal_code(text) == code


@pytest.mark.parametrize("data", [b"", b"a,b\r\n1,2", b"\xff\xfe\x00\x81", table(ROW)[:4] + b"\x00\xff"])
def test_what_is_not_the_data_set_is_refused(data):
    """A file that is something else is refused in one sentence."""
    with pytest.raises(KnownError) as refusal:
        read_open_data(data, "431001")
    assert refusal.value.code == "bad_csv"


@given(st.binary(max_size=400))
def test_no_file_breaks_the_import(tail):
    """Whatever bytes stand in a file, it is read or refused."""
    shelters: list[Shelter] = []
    with contextlib.suppress(KnownError):
        shelters, _ = read_open_data(table(ROW) + b"\r\n" + tail, "431001")
    for shelter in shelters:
        assert shelter.name
        assert len(shelter.name) <= MAX_TEXT
        assert "\x00" not in shelter.name + shelter.address


def test_importing_again_brings_up_to_date(hq):
    """A shelter known by its id is changed, not doubled."""
    one = Shelter("0001", "431001", "城山小学校")
    with hq.database.write() as connection:
        imported = add_shelters(connection, [one, Shelter("0001", "431001", "新しい名")], 1)
        assert (imported.added, imported.changed) == (1, 1)
        assert [shelter.name for shelter in find_shelters(connection, ["0001"])] == ["新しい名"]
        with pytest.raises(KnownError) as refusal:
            find_shelters(connection, ["0001", "nowhere"])
        assert refusal.value.code == "unknown_shelter"


def test_an_incident_is_found_by_id_or_name(hq):
    """An incident is asked for by what it is called, unless two are called so."""
    with hq.database.write() as connection:
        day = dt.date(2026, 2, 1)
        begun = add_incident(connection, "令和8年 訓練", "地震", Mode.DRILL, day, os.urandom, 1)
        assert (
            find_incident(connection, begun.id.hex()) == find_incident(connection, "令和8年 訓練") == begun.id
        )
        add_incident(connection, "令和8年 訓練", "大雨", Mode.DRILL, day, os.urandom, 2)
        for text in ("令和8年 訓練", "nothing"):
            with pytest.raises(KnownError) as refusal:
                find_incident(connection, text)
            assert refusal.value.code == "unknown_incident"
        assert connection.scalar(select(tables.incident.c.date)) == "2026-02-01"
