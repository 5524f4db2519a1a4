"""The reception report: the table a city publishes after an event, disaster and drill in tables of their own.

It computes nothing; the figures come from `receptions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kiosk.core.household import Mode
from kiosk.core.words import MODE_WORDS
from kiosk.reports import figures
from kiosk.reports.receptions import METHODS, ReceptionRow, Receptions
from kiosk.reports.report import (
    MACHINE_ONLY,
    METHOD_COLOURS,
    Column,
    Heading,
    Part,
    Report,
    Row,
    ShareChart,
    Table,
)

LABELS: Mapping[str, str] = {"app": "アプリ", "card": "カード", "paper": "紙様式等"}
COLUMNS = (
    Column("日付", number=False),
    Column("種別", number=False),
    Column("避難所開設数"),
    Column("避難世帯数"),
    Column("避難人数"),
    *(Column(LABELS[method]) for method in METHODS),
    Column("人/世帯"),
)
NOTES = (
    "アプリ・カード・紙様式等は、世帯の数と、避難世帯数に占める割合です。紙様式等は、紙・聞き取り・人数だけの受付の合計です。",
    "割合は四捨五入しているため、合計が100%にならないことがあります。",
    "合計は延べ数です。同じ避難所や世帯が二度以上数えられていることがあります。",
    "災害と訓練は足し合わせません。",
)
RECORD_COLUMNS = (
    "line",
    "date",
    "kind",
    "mode",
    "shelters",
    "households",
    "people",
    *METHODS,
    *(f"{method}_percent" for method in METHODS),
    "people_per_household",
)


def report(receptions: Receptions, heading: Heading, *, machine_only: bool = False) -> Report:
    """The reception report; with `machine_only` it says loudly that no people took part."""
    modes = [mode for mode in Mode if receptions.of(mode)]
    data = receptions.to_dict()
    if machine_only:
        data |= {"machine_only": True, "warning": MACHINE_ONLY}
    return Report(
        "避難所受付 実績の報告",
        heading.facts(),
        tuple(_table(receptions, mode) for mode in modes),
        _charts(receptions, modes),
        NOTES,
        data,
        [RECORD_COLUMNS, *_records(receptions, modes)],
        heading.mode,
        MACHINE_ONLY if machine_only else "",
        heading.made,
    )


def _table(receptions: Receptions, mode: Mode) -> Table:
    rows = receptions.of(mode)
    lines = [Row(_cells(row)) for row in rows]
    if len(rows) > 1:
        lines.append(Row(_cells(receptions.total(mode)), total=True))
    return Table(MODE_WORDS[mode], COLUMNS, tuple(lines))


def _cells(row: ReceptionRow) -> tuple[str, ...]:
    return (
        row.date,
        row.kind,
        figures.grouped(row.shelters),
        figures.grouped(row.households),
        figures.grouped(row.people),
        *_with_shares(row).values(),
        row.people_per_household,
    )


def _with_shares(row: ReceptionRow) -> dict[str, str]:
    """`1,381（94%）` by method, as the city prints it."""
    shares = row.shares(0)
    return {
        method: f"{figures.grouped(number)}（{shares[method]}%）"
        if row.households
        else figures.grouped(number)
        for method, number in row.by_method().items()
    }


def _charts(receptions: Receptions, modes: Sequence[Mode]) -> tuple[ShareChart, ...]:
    totals = [receptions.total(mode) for mode in modes]
    lines = tuple((MODE_WORDS[row.mode], tuple(_parts(row))) for row in totals if row.households)
    return (ShareChart("受付方式の割合（世帯）", lines),) if lines else ()


def _parts(row: ReceptionRow) -> Iterator[Part]:
    texts = _with_shares(row)
    for method, number in row.by_method().items():
        yield Part(LABELS[method], METHOD_COLOURS[method], number, texts[method])


def _records(receptions: Receptions, modes: Sequence[Mode]) -> Iterator[Sequence[str]]:
    for mode in modes:
        for row in receptions.of(mode):
            yield _record("event", row)
        yield _record("total", receptions.total(mode))


def _record(line: str, row: ReceptionRow) -> Sequence[str]:
    numbers = (row.shelters, row.households, row.people, *row.by_method().values())
    return [
        line,
        row.date,
        row.kind,
        row.mode.name.lower(),
        *map(str, numbers),
        *row.shares(1).values(),
        row.people_per_household,
    ]
