"""What is said about time: the definitions of docs/manual/timing.md, on rows."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.acts import Timing
from kiosk.core.household import Method, Mode
from kiosk.ports import IntakeRow
from kiosk.reports import baselines, figures, formats, timing_report, timings
from kiosk.reports.report import MACHINE_ONLY, Heading

PAPER = Fraction(1327, 19)

milliseconds = st.integers(0, 10**6)
rows = st.lists(
    st.builds(
        IntakeRow,
        st.just(0),
        st.sampled_from(Method),
        st.integers(0, 9),
        st.builds(Timing, st.integers(1, 3), milliseconds, milliseconds, milliseconds),
        st.integers(0, 50_000),
    ),
    max_size=30,
)


def measure(rows):
    return timings.measure(rows, baselines.load())


def queue(intake, method, persons, seconds):
    """A queue of single persons that takes exactly `seconds` from first start to last end."""
    each = Fraction(seconds, persons)
    starts = [each * place for place in range(persons)]
    last = seconds - starts[-1]
    return [intake(method, 1, float(start), float(last)) for start in starts]


@pytest.mark.parametrize(
    ("method", "persons", "seconds", "printed", "ratio"),
    [
        (Method.PAPER, 19, 1327, "70", "1.0"),
        (Method.CARD, 38, 911, "24", "1.0"),
        (Method.APP, 44, 202, "4.6", "1.0"),
    ],
)
def test_the_published_trial_is_reproduced(intake, method, persons, seconds, printed, ratio):
    """A queue like the city's gives the city's printed seconds, and is as fast as itself."""
    measured = measure(queue(intake, method, persons, seconds))
    assert figures.seconds(measured.by_method[method].batch_pace) == printed
    assert figures.decimal(measured.speedup(method), 1) == ratio


def test_another_city_s_feed(intake):
    """Chiba's queues give 30.3, 27.2 and 4.9 seconds per person, and paper over app 6.19."""
    rows = []
    for session, (method, persons, seconds) in enumerate(
        [(Method.PAPER, 44, 1334), (Method.CARD, 6, 163), (Method.APP, 30, 147)]
    ):
        for row in queue(intake, method, persons, seconds):
            timing = Timing(session, row.timing.start, row.timing.taken, 0)
            rows.append(IntakeRow(0, method, 1, timing, 0))
    found = measure(rows).by_method
    paces = [found[method].batch_pace for method in (Method.PAPER, Method.CARD, Method.APP)]
    assert [figures.decimal(pace, 1) for pace in paces] == ["30.3", "27.2", "4.9"]
    assert figures.decimal(paces[0] / paces[2], 2) == "6.19"


def test_batch_pace_is_the_span_of_the_queue_over_its_persons(intake):
    """Gaps between people count, and the last commit counts; what comes before the first start does not."""
    rows = [intake(Method.APP, 2, 100, 3), intake(Method.APP, 3, 110, 4, commit=0.5)]
    found = measure(rows).by_method[Method.APP]
    assert found.batch_pace == Fraction(29, 10)  # (114.5 - 100) / 5
    assert found.turnover == 7


def test_runs_of_the_program_are_not_joined(intake):
    """Two sessions have no common clock: their spans are added, the time between them is unknown."""
    rows = [intake(Method.APP, 1, 0, 2, session=1), intake(Method.APP, 1, 9000, 4, session=2)]
    found = measure(rows)
    assert found.by_method[Method.APP].batch_pace == 3
    assert found.together.batch_pace == 3
    assert found.together.turnover is None


def test_another_method_s_people_are_not_in_the_pace(intake):
    """A card household received between two app households slows no app."""
    rows = [
        intake(Method.APP, 1, 0, 4),
        intake(Method.CARD, 1, 5, 20),
        intake(Method.APP, 1, 26, 4),
        intake(Method.APP, 1, 32, 4),
    ]
    found = measure(rows)
    assert found.by_method[Method.APP].batch_pace == Fraction(4 + 10, 3)
    assert found.by_method[Method.CARD].batch_pace == 20
    assert found.together.batch_pace == 9


def test_an_intake_that_begins_before_the_last_one_ended(intake):
    """Overlapping intakes have no negative turnover, and the span ends with the later of both."""
    rows = [intake(Method.CARD, 1, 0, 30), intake(Method.CARD, 1, 10, 5)]
    found = measure(rows).by_method[Method.CARD]
    assert found.turnover == 0
    assert found.batch_pace == 15


def test_households_and_persons_are_apart(intake):
    """A family of four in 20 seconds is 20 seconds a household and 5 a person, four times."""
    rows = [intake(Method.DESK, 4, 0, 20), intake(Method.DESK, 1, 20, 9)]
    found = measure(rows).by_method[Method.DESK]
    assert (found.households, found.persons) == (2, 5)
    assert found.per_household == timings.Quantiles(Fraction(29, 2), Fraction(20))
    assert found.per_person == timings.Quantiles(Fraction(5), Fraction(9))


def test_machine_and_human(intake):
    """The commit is the machine's time; what neither program nor disk took is people's."""
    found = measure([intake(Method.CARD, 1, 0, 10, machine=2, commit=0.006)]).by_method[Method.CARD]
    assert found.machine == Fraction(2006, 1000)
    assert found.human == 8


@given(rows)
def test_machine_and_human_add_up_to_what_was_taken(rows):
    """No microsecond is lost or counted twice, in any method or in all together."""
    found = measure(rows)
    for of, measured in [*found.by_method.items(), (None, found.together)]:
        mine = [row for row in rows if of in (None, row.method)]
        taken = sum(Fraction(row.timing.taken, 1000) + Fraction(row.commit_us, 10**6) for row in mine)
        assert measured.machine + measured.human == taken
        assert measured.machine >= 0
        assert measured.human >= 0
        assert measured.households == len(mine)
        assert measured.persons == sum(row.persons for row in mine)
        assert (measured.batch_pace is None) == (measured.persons == 0)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    """Rows merged from two logs in any order give the same figures."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert measure(shuffled) == measure(rows)


@given(rows)
def test_every_report_can_be_had_in_every_format_of_text(rows):
    """Whatever was measured, nothing divides by zero and JSON stays JSON."""
    report = timing_report.report(measure(rows), Heading("避難所", "", Mode.DRILL))
    for name in (name for name, form in formats.FORMATS.items() if form.text):
        assert formats.render(report, name)
    json.loads(formats.render(report, "json"))


def test_nobody_came():
    """With no receptions every figure is a dash and every number null; the counts are zero."""
    found = measure([])
    for line in found.to_dict().values():
        assert (line["n_persons"], line["n_households"]) == (0, 0)
        assert line["batch_pace_s"] is None
        assert line["service_median_s"] is None
        assert line["speedup"] is None
    report = timing_report.report(found, Heading())
    assert report.charts == ()
    pace = next(row for row in report.tables[0].rows if row.cells[0].startswith("受付の速さ"))
    assert set(pace.cells[1:]) == {"—"}


def test_numbers_for_programs(intake):
    """The JSON numbers are seconds per person beside the baseline, and households stand apart."""
    line = measure([intake(Method.COUNT, 2, 0, 10)]).to_dict()["count"]
    assert line["batch_pace_s"] == 5.0
    assert line["service_median_s"] == 5.0
    assert line["baseline_s"] == 69.842105
    assert line["speedup"] == 14.0
    assert line["per_household"]["service_median_s"] == 10.0


def test_machine_only_is_loud(intake):
    """Figures of a run without people say so in every format, and boast of no ratio."""
    rows = [intake(Method.APP, 1, 0, 0.005, machine=0.005)]
    report = timing_report.report(measure(rows), Heading("練習"), machine_only=True)
    for name in ("table", "json", "html"):
        assert MACHINE_ONLY in formats.render(report, name).decode()
    assert "倍）" not in formats.render(report, "table").decode()
    cells = formats.shown(formats.render(report, "csv")).splitlines()[1].split(",")
    assert cells[5] == ""
    assert cells[-1] == "yes"


def test_a_drill_is_not_machine_only(intake):
    """Without the flag the note is nowhere."""
    report = timing_report.report(measure([intake(Method.APP, 1, 0, 5)]), Heading())
    texts = [name for name, form in formats.FORMATS.items() if form.text]
    assert all(MACHINE_ONLY.encode() not in formats.render(report, name) for name in texts)


def test_a_slip_of_the_published_text_is_never_printed(intake):
    """Paper over app is 15.2 in the city's own figures: 1.5 does not appear."""
    rows = queue(intake, Method.APP, 44, 202)
    text = formats.render(timing_report.report(measure(rows), Heading()), "table").decode()
    assert "15.2" in text
    assert "1.5倍" not in text
    assert " 1.5 " not in text
