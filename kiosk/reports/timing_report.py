"""The timing report: measured receptions beside a published trial, in words for people.

Per person and per household stand in tables of their own, and each says what it is. It computes nothing;
the figures come from `timings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kiosk.core.household import Method
from kiosk.reports import figures
from kiosk.reports.baselines import COMPARED_WITH
from kiosk.reports.report import (
    MACHINE_ONLY,
    METHOD_COLOURS,
    METHOD_LABELS,
    Bar,
    BarChart,
    Column,
    Heading,
    Report,
    Row,
    Table,
)
from kiosk.reports.timings import ALL, Measured, Timings, times

PERSON_NOTES = (
    "受付の速さ＝（最後の受付の終わり−最初の受付の始まり）÷人数。公表された実証実験と比べるのは、この数字だけです。",
    "方式が入りまじるときは、同じ方式が続いた区間ごとに測って足すため、方式が変わるときの入れ替わりは入りません。",
    "全方式の列には、入れ替わりも、列がとぎれて待っていた時間も入ります。",
    "聞き取り・紙・人数だけの受付は、紙の公表値と比べます。",
    "所要時間（秒/人）は、世帯の所要時間をその人数で分けたものです。",
)
NO_RATIO_NOTE = "人がかかわる公表値と機械だけの時間は比べられないため、倍率は出していません。"
HOUSEHOLD_NOTES = (
    "中央値＝小さい順に並べたまん中の値。9割＝10世帯のうち9世帯がこの時間までにすんだ値。",
    "機械＝プログラムが使った時間（記録の書き込みを含む）、人＝残りの時間。どちらも1世帯の平均と、全体に占める割合です。",
    "入れ替わり＝受付が終わってから次の受付が始まるまでの時間の中央値。",
    "1世帯あたりの時間と1人あたりの時間は比べられません。",
)
START_END_NOTE = (
    "始まりは、その世帯が受付で初めて機械に見えたとき（カードが置かれた、コードが映った、入力のキーが押された）、"
    "終わりは、記録がディスクに書き終わったときです。"
)


def report(timings: Timings, heading: Heading, *, machine_only: bool = False) -> Report:
    """The timing report; with `machine_only` it says loudly that no people took part."""
    baseline = timings.baseline
    return Report(
        "避難所受付 所要時間の報告",
        (*heading.facts(), ("比較データ", baseline.title)),
        (_person_table(timings, machine_only=machine_only), _household_table(timings)),
        tuple(_charts(timings)),
        (START_END_NOTE, f"比較データの出典：{baseline.source}{baseline.note}"),
        {
            "machine_only": machine_only,
            "warning": MACHINE_ONLY if machine_only else None,
            "baseline": baseline.name,
            "p90": "nearest rank",
            "timings": timings.to_dict(),
        },
        _records(timings, machine_only=machine_only),
        heading.mode,
        MACHINE_ONLY if machine_only else "",
        heading.made,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One method, or all together, with what it is compared with."""

    label: str
    measured: Measured
    baseline: Fraction | None = None
    paper: Fraction | None = None


Figure = Callable[[_Line], str]

HEAD_COUNT: tuple[str, Figure] = ("人数（人）", lambda line: figures.grouped(line.measured.persons))
PACE: tuple[tuple[str, Figure], ...] = (
    ("受付の速さ（秒/人）", lambda line: figures.seconds(line.measured.batch_pace)),
    ("公表値（秒/人）", lambda line: figures.seconds(line.baseline)),
)
COMPARED: tuple[tuple[str, Figure], ...] = (
    ("公表値との比（倍）", lambda line: figures.ratio(line.baseline, line.measured.batch_pace)),
    ("紙の公表値との比（倍）", lambda line: figures.ratio(line.paper, line.measured.batch_pace)),
    ("1時間あたり（人）", lambda line: figures.per_hour(line.measured.batch_pace)),
)
PERSON_SERVICE: tuple[tuple[str, Figure], ...] = (
    ("所要時間 中央値（秒/人）", lambda line: figures.seconds(line.measured.per_person.median)),
    ("所要時間 9割（秒/人）", lambda line: figures.seconds(line.measured.per_person.p90)),
)
HOUSEHOLD: tuple[tuple[str, Figure], ...] = (
    ("世帯数（世帯）", lambda line: figures.grouped(line.measured.households)),
    ("所要時間 中央値（秒/世帯）", lambda line: figures.seconds(line.measured.per_household.median)),
    ("所要時間 9割（秒/世帯）", lambda line: figures.seconds(line.measured.per_household.p90)),
    ("うち機械（秒/世帯）", lambda line: _split(line.measured.machine, line.measured)),
    ("うち人（秒/世帯）", lambda line: _split(line.measured.human, line.measured)),
    ("入れ替わり（秒）", lambda line: figures.seconds(line.measured.turnover)),
)


def _person_table(timings: Timings, *, machine_only: bool) -> Table:
    compared = () if machine_only else COMPARED
    notes = (*PERSON_NOTES, NO_RATIO_NOTE) if machine_only else PERSON_NOTES
    return _table("1人あたり", (HEAD_COUNT, *PACE, *compared, *PERSON_SERVICE), timings, notes)


def _household_table(timings: Timings) -> Table:
    return _table("1世帯あたり", HOUSEHOLD, timings, HOUSEHOLD_NOTES)


def _table(
    title: str, wanted: Sequence[tuple[str, Figure]], timings: Timings, notes: tuple[str, ...]
) -> Table:
    paper = timings.baseline.pace("paper")
    lines = [
        _Line(label, measured, timings.baseline.pace_for(method), paper)
        for method, label, measured in _methods(timings)
    ]
    lines.append(_Line("全方式", timings.together))
    return Table(
        title,
        (Column("", number=False), *(Column(line.label) for line in lines)),
        tuple(Row((name, *(figure(line) for line in lines))) for name, figure in wanted),
        notes,
    )


def _methods(timings: Timings) -> Iterator[tuple[Method, str, Measured]]:
    for method, measured in timings.by_method.items():
        yield method, METHOD_LABELS[method.word], measured


def _split(part: Fraction, measured: Measured) -> str:
    """Mean seconds a household, and the share of all service time."""
    whole = measured.machine + measured.human
    if not measured.households or not whole:
        return figures.NONE
    return f"{figures.seconds(part / measured.households)}（{figures.decimal(100 * part / whole, 0)}%）"


def _charts(timings: Timings) -> Iterator[BarChart]:
    used = [(method, label, measured) for method, label, measured in _methods(timings) if measured.households]
    if not used:
        return
    published = "、".join(
        f"{trial.label} {figures.seconds(trial.pace)}"
        for trial in timings.baseline.trials
        if trial.method in COMPARED_WITH.values()
    )
    yield BarChart(
        "1人あたりの受付の速さ",
        "秒",
        tuple(
            Bar(
                label,
                f"{figures.grouped(measured.persons)}人",
                METHOD_COLOURS[method.word],
                f"{figures.seconds(measured.batch_pace)}秒",
                measured.batch_pace,
                mark=timings.baseline.pace_for(method),
            )
            for method, label, measured in used
        ),
        f"▼ {timings.baseline.title}の公表値（1人あたり秒：{published}）",
    )
    yield BarChart(
        "1世帯の所要時間（中央値と9割）",
        "秒",
        tuple(
            Bar(
                label,
                f"{figures.grouped(measured.households)}世帯",
                METHOD_COLOURS[method.word],
                f"{figures.seconds(measured.per_household.median)}秒",
                measured.per_household.median,
                reach=measured.per_household.p90,
            )
            for method, label, measured in used
        ),
        "濃い色＝中央値、薄い色＝10世帯のうち9世帯がこの時間までにすんだ値",
    )


RECORD_COLUMNS = (
    "method",
    "households",
    "persons",
    "batch_pace_s_per_person",
    "baseline_s_per_person",
    "speedup_per_person",
    "service_median_s_per_person",
    "service_p90_s_per_person",
    "service_median_s_per_household",
    "service_p90_s_per_household",
    "turnover_median_s",
    "machine_s_total",
    "human_s_total",
    "machine_only",
)


def _records(timings: Timings, *, machine_only: bool) -> Sequence[Sequence[str]]:
    lines: list[tuple[str, Measured, Fraction | None]] = [
        (method.word, measured, timings.baseline.pace_for(method))
        for method, measured in timings.by_method.items()
    ]
    lines.append((ALL, timings.together, None))
    return [RECORD_COLUMNS, *(_record(*line, machine_only=machine_only) for line in lines)]


def _record(word: str, measured: Measured, baseline: Fraction | None, *, machine_only: bool) -> list[str]:
    speedup = None if machine_only else times(baseline, measured.batch_pace)
    return [
        word,
        str(measured.households),
        str(measured.persons),
        _plain(measured.batch_pace),
        _plain(baseline),
        _plain(speedup, 1),
        _plain(measured.per_person.median),
        _plain(measured.per_person.p90),
        _plain(measured.per_household.median),
        _plain(measured.per_household.p90),
        _plain(measured.turnover),
        _plain(measured.machine),
        _plain(measured.human),
        "yes" if machine_only else "no",
    ]


def _plain(value: Fraction | None, places: int = 3) -> str:
    """For spreadsheets: fixed decimals, empty for nothing."""
    return "" if value is None else figures.decimal(value, places)
