"""Reception tables come out as the city printed them, and nothing is added that must stay apart."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.household import Mode
from kiosk.errors import KnownError
from kiosk.reports import formats, reception_report, receptions
from kiosk.reports.receptions import ReceptionRow, Receptions, read_csv, row_from_counts
from kiosk.reports.report import MACHINE_ONLY, Heading

PRINTED = {
    # households, percent without and with one decimal (app, card, paper), people per household
    "2024-06-22": (9, ("0", "11", "89"), ("0.0", "11.1", "88.9"), "1.33"),
    "2024-06-27": (43, ("0", "16", "84"), ("0.0", "16.3", "83.7"), "1.42"),
    "2024-06-30": (12, ("0", "25", "75"), ("0.0", "25.0", "75.0"), "1.25"),
    "2024-07-11": (30, ("0", "13", "87"), ("0.0", "13.3", "86.7"), "1.30"),
    "2024-08-28": (1375, ("1", "4", "95"), ("1.5", "3.9", "94.7"), "1.70"),
    "2024-11-24": (1401, ("27", "20", "53"), ("27.3", "19.7", "53.0"), "1.29"),
}


def read(text):
    return read_csv(text.encode())


def one(**changed):
    """A good CSV of one row, with some cells changed."""
    row = {
        "date": "2024-06-22",
        "kind": "大雨",
        "mode": "disaster",
        "shelters": "12",
        "households": "9",
        "people": "12",
        "app": "0",
        "card": "1",
        "paper": "8",
    } | changed
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


def test_every_event_row_is_the_printed_one(published):
    """Shares and people per household of each published event come out to the digit."""
    rows = read(published).to_dict()["rows"]
    assert [row["date"] for row in rows] == list(PRINTED)
    for row in rows:
        households, pct0, pct1, mean = PRINTED[row["date"]]
        assert row["households"] == households == sum(row["households_by_method"].values())
        assert tuple(row["pct0"].values()) == pct0
        assert tuple(row["pct1"].values()) == pct1
        assert row["people_per_household"] == mean


def test_the_disaster_total(published):
    """R6: 217 openings, 1,469 households, 2,458 people, 20(1%) 68(5%) 1,381(94%)."""
    assert read(published).to_dict()["disaster_total"] == {
        "date": "R6",
        "kind": "合計（災害5件、延べ）",
        "mode": "disaster",
        "shelters_opened": 217,
        "households": 1469,
        "people": 2458,
        "households_by_method": {"app": 20, "card": 68, "paper": 1381},
        "sum_of_methods": 1469,
        "pct0": {"app": "1", "card": "5", "paper": "94"},
        "pct1": {"app": "1.4", "card": "4.6", "paper": "94.0"},
        "people_per_household": "1.67",
    }


def test_the_drill_stays_apart(published):
    """The drill is its own total, and no sum of drill and disaster appears in any format."""
    table = read(published)
    total = table.to_dict()["drill_total"]
    assert (total["shelters_opened"], total["households"], total["people"]) == (132, 1401, 1806)
    assert total["pct0"] == {"app": "27", "card": "20", "paper": "53"}
    report = reception_report.report(table, Heading())
    for name in (name for name, form in formats.FORMATS.items() if form.text):
        text = re.sub("<[^>]*>", " ", formats.render(report, name).decode())
        for combined in ("349", "2870", "2,870", "4264", "4,264", "403", "344", "2123", "2,123"):
            assert combined not in text, (name, combined)


def test_a_sum_over_events_says_so(published):
    """217 is openings, not shelters: it stands beside 延べ."""
    lines = formats.render(reception_report.report(read(published), Heading()), "table").decode().splitlines()
    assert [line for line in lines if "217" in line] == [line for line in lines if "災害5件、延べ" in line]


def test_the_printed_cells(published):
    """The page writes a method's households and share the way the city does."""
    text = formats.render(reception_report.report(read(published), Heading()), "html").decode()
    for cell in ("20（1%）", "68（5%）", "1,381（94%）", "383（27%）", "276（20%）", "742（53%）"):
        assert cell in text


def test_no_households_no_percent():
    """An opening nobody came to has dashes, not percentages."""
    row = read(one(households="0", people="0", card="0", paper="0")).to_dict()["rows"][0]
    assert set(row["pct0"].values()) == set(row["pct1"].values()) == {"—"}
    assert row["people_per_household"] == "—"


def test_desk_paper_and_count_are_one_column():
    """Official tables know app, card and 紙様式等; our five methods fold into them."""
    row = row_from_counts(
        "2026-05-01", "訓練", Mode.DRILL, {"app": 1, "card": 2, "desk": 3, "paper": 4, "count": 5}, 40
    )
    assert row.by_method() == {"app": 1, "card": 2, "paper": 12}
    assert row.households == 15


rows = st.builds(
    ReceptionRow,
    st.dates().map(lambda date: date.isoformat()),
    st.text("大雨台風=+-\"',;<>& \u3000", min_size=1).filter(str.strip).map(str.strip),
    st.sampled_from(Mode),
    *[st.integers(0, 99_999)] * 5,
)


@given(st.lists(rows, min_size=1, max_size=8))
def test_a_total_is_the_sum_of_its_rows_and_nothing_else(rows):
    """For any rows, totals are sums within one mode."""
    table = Receptions(tuple(rows))
    for mode in Mode:
        mine = [row for row in rows if row.mode is mode]
        total = table.total(mode)
        for name in ("shelters", "people", "households", "app", "card", "paper"):
            assert getattr(total, name) == sum(getattr(row, name) for row in mine)


@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_a_csv_is_read_back(rows, encoding):
    """What a spreadsheet writes, in UTF-8 or Shift_JIS, is what is counted."""
    lines = ["date,kind,mode,shelters,households,people,app,card,paper"]
    for row in rows:
        kind = row.kind.replace('"', '""')
        numbers = (row.shelters, row.households, row.people, row.app, row.card, row.paper)
        lines.append(f'{row.date},"{kind}",{row.mode.name.lower()},' + ",".join(map(str, numbers)))
    assert read_csv("\r\n".join(lines).encode(encoding)).rows == tuple(rows)


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"date": "2024/6/22"}, "2024-06-22"),
        ({"date": "２０２４-06-22"}, "2024-06-22"),
    ],
)
def test_dates_as_spreadsheets_rewrite_them(changed, value):
    """Excel turns 2024-06-22 into 2024/6/22; it is the same day."""
    assert read(one(**changed)).rows[0].date == value


def test_numbers_as_people_write_them():
    """Full-width digits and grouped thousands are numbers."""
    row = read(one(households='"1,375"', app="２０", card="53", paper='"1,302"')).rows[0]
    assert (row.app, row.card, row.paper) == (20, 53, 1302)


def test_words_of_mode_in_japanese():
    """災害 and 訓練 are understood."""
    assert read(one(mode="訓練")).rows[0].mode is Mode.DRILL
    assert read(one(mode="災害")).rows[0].mode is Mode.DISASTER


def test_columns_in_another_order_and_empty_lines():
    """The header says which column is which; an empty line is no event."""
    head, row = one().splitlines()
    turned = [",".join(reversed(line.split(","))) for line in (head, row)]
    assert read("\n".join([turned[0], "", turned[1], ",,,,,,,,", ""])).rows == read(one()).rows


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"date": "6月22日ヒミツ"}, "bad_date"),
        ({"date": "2024-02-30"}, "bad_date"),
        ({"kind": " "}, "bad_kind"),
        ({"kind": '"ヒミツ\nヒミツ"'}, "bad_kind"),
        ({"kind": "ヒミツ" * 100}, "bad_kind"),
        ({"mode": "ヒミツ"}, "bad_mode"),
        ({"shelters": "-1"}, "bad_number"),
        ({"people": "1.5"}, "bad_number"),
        ({"app": "ヒミツ"}, "bad_number"),
        ({"card": ""}, "bad_number"),
        ({"paper": "1,30"}, "missing_cells"),
        ({"paper": '"1,30"'}, "bad_number"),
        ({"households": "99999999999999999999"}, "bad_number"),
        ({"households": "10"}, "methods_do_not_add_up"),
    ],
)
def test_a_bad_cell_is_named_by_its_row(changed, code):
    """A wrong row is refused by its number in the spreadsheet; its content is not repeated."""
    good, bad = one(), one(**changed).partition("\n")[2]
    with pytest.raises(KnownError) as caught:
        read(good + bad)
    assert caught.value.code == code
    assert caught.value.row == 3
    assert caught.value.extra == {"row": 3}
    assert caught.value.sentence.startswith("3行目：")
    assert "ヒミツ" not in str(caught.value) + caught.value.sentence


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_columns"),
        ("ヒミツ,kind\n".encode(), "bad_columns"),
        (b"line," + one().encode(), "bad_columns"),
        (one().splitlines()[0].encode(), "no_rows"),
        (b"\xff\xff\x81", "bad_encoding"),
        ((one() + '"ヒミツ').encode(), "not_csv"),
        (b"x" * (receptions.MAX_BYTES + 1), "too_large"),
        (
            (one() + "2024-06-22,a,drill,0,0,0,0,0,0\n" * 10_000).encode(),
            "too_large",
        ),
    ],
)
def test_a_file_that_is_no_table(data, code):
    """A wrong file is one clear sentence without its content."""
    with pytest.raises(KnownError) as caught:
        read_csv(data)
    assert caught.value.code == code
    assert "ヒミツ" not in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_known_error(data):
    """No file makes a traceback."""
    for content in (data, one().splitlines()[0].encode() + b"\n" + data):
        with contextlib.suppress(KnownError):
            read_csv(content)


def test_an_export_is_not_read_back_as_events(published):
    """Our own CSV holds totals; reading it as events would count everything twice, so it is refused."""
    exported = formats.render(reception_report.report(read(published), Heading()), "csv")
    with pytest.raises(KnownError, match="bad_columns"):
        read_csv(exported)


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        (["2024-04-01", "2025-03-31"], "R6"),
        (["2024-03-31"], "R5"),
        (["2019-04-30"], "R1"),
        (["2019-03-31"], "H30"),
        (["2023-06-01", "2025-06-01"], "R5–R7"),
        ([], ""),
    ],
)
def test_fiscal_years(dates, label):
    """A total is labelled with the Japanese fiscal years it covers."""
    assert receptions.fiscal_years(dates) == label


def test_json_is_the_agreed_shape(published):
    """Programs find rows and both totals, nothing merged."""
    data = json.loads(formats.render(reception_report.report(read(published), Heading()), "json"))
    assert set(data) == {"rows", "disaster_total", "drill_total"}
    assert {"date", "kind", "mode", "shelters_opened", "households", "people"} <= set(data["rows"][0])


def test_receptions_of_a_run_without_people_say_so(published):
    """The loud note stands on reception figures too, when nobody was received."""
    report = reception_report.report(read(published), Heading(), machine_only=True)
    assert all(MACHINE_ONLY in formats.render(report, name).decode() for name in ("table", "json", "html"))
