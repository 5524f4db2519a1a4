"""引き継ぎ: how a shelter stands when the shift changes, and what is still open.

It names nobody: households stand on it by their reception numbers, so that it may lie on the table. It
refuses to know who may not be spoken of; they are counted and not in the rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.core.acts import Shelter
from kiosk.core.clock import JAPAN
from kiosk.core.counts import EEI_NAMES, TRIAGE_NAMES, Counts
from kiosk.core.household import Mode
from kiosk.core.roll import Whereabouts
from kiosk.core.words import FULLNESS_WORDS, OPENING_WORDS
from kiosk.ports import RosterRow
from kiosk.reports.cells import DRILL, OLD_LISTS, Heading, said_at
from kiosk.reports.report import METHOD_LABELS, Column, Report, Row, Table

MOST_NUMBERS = 12
"""Reception numbers in one line; of more, how many."""
TOLD_APART = ("fever", "injury", "power", "supplies")
"""Of what HQ is told beyond EEI: what has its own list below is not counted twice."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """How things stand when the shift changes."""

    counts: Counts
    by_method: Mapping[str, int]
    shelter: Shelter
    occupied: Mapping[str, int]
    """Persons in the shelter by area, everybody counted; without an area under the empty name."""
    rows: Sequence[RosterRow]
    """Households that may be spoken of."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """How the reporting to HQ stands."""

    linked: bool
    """Whether this shelter reports to an HQ at all."""
    unsent: int = 0
    """Events that HQ has not acknowledged."""
    last: dt.datetime | None = None
    """When HQ last answered; None for never."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something still to be done: for which households, and how."""

    title: str
    numbers: tuple[str, ...]
    what_to_do: str

    @property
    def shown(self) -> str:
        """A-003、A-010 ほか 2件."""
        if not self.numbers:
            return "なし"
        more = len(self.numbers) - MOST_NUMBERS
        return "、".join(self.numbers[:MOST_NUMBERS]) + (f" ほか {more}件" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A room or area: how many are there, and how many it holds (None: nobody said)."""

    name: str
    persons: int
    capacity: int | None

    @property
    def shown(self) -> str:
        """42 / 50人; 40 / 40人 満員."""
        if self.capacity is None:
            return f"{self.persons}人"
        return f"{self.persons} / {self.capacity}人" + ("　満員" if self.is_full else "")

    @property
    def is_full(self) -> bool:
        """Whether nobody more has room."""
        return self.capacity is not None and self.persons >= self.capacity


def open_ends(rows: Iterable[RosterRow]) -> tuple[Open, ...]:
    """What the next shift has to look after, by reception number."""
    standing = [row for row in rows if row.whereabouts in (Whereabouts.HERE, Whereabouts.AWAY)]

    def numbers(these: Iterable[RosterRow]) -> tuple[str, ...]:
        return tuple(sorted(row.number for row in these))

    return (
        Open(
            "二重の 受付かもしれない 世帯",
            numbers(row for row in standing if row.receptions > 1),
            "本人に 聞いて 統合するか、そのままに します。",
        ),
        Open(
            "保護者確認待ち・仮の 登録",
            numbers(row for row in standing if any(person.provisional for person in row.household.members)),
            "保護者や 身元が わかったら 記入します。",
        ),
        Open(
            "人数だけで 受け付けた 世帯",
            numbers(row for row in standing if not any(person.called for person in row.household.members)),
            "手が あいたら 名前を 聞きます。",
        ),
        Open(
            "外出中の 人が いる 世帯",
            numbers(row for row in standing if Whereabouts.AWAY in row.elsewhere.values()),
            "戻ったら 受付に 知らせてもらいます。",
        ),
    )


def area_lines(state: HandOver) -> tuple[AreaLine, ...]:
    """The areas as they were laid out, then those that people were put into without, then the rest."""
    laid = {area.name: area.capacity or None for area in state.shelter.areas}
    names = [*laid, *sorted(name for name in state.occupied if name not in laid and name)]
    lines = [AreaLine(name, state.occupied.get(name, 0), laid.get(name)) for name in names]
    nowhere = state.occupied.get("", 0)
    return (*lines, AreaLine("場所が 決まっていない", nowhere, None)) if names and nowhere else tuple(lines)


def shelter_facts(shelter: Shelter) -> tuple[tuple[str, str], ...]:
    """What was last said of the shelter as a whole, and when somebody looked."""
    return (
        ("開設状況", OPENING_WORDS[shelter.opening]),
        ("定員状況", FULLNESS_WORDS[shelter.fullness]),
        ("想定収容人数", f"{shelter.capacity}人" if shelter.capacity else "—"),
        ("職員数", f"{shelter.staff}人"),
        ("応援者数", f"{shelter.helpers}人"),
        ("避難所状況確認日時", _time(_moment(shelter.checked_at)) or "まだ 確認していません"),
    )


def reporting_facts(reporting: Reporting) -> tuple[tuple[str, str], ...]:
    """How the reporting to HQ stands, in words."""
    if not reporting.linked:
        return (("本部への 報告", "この パソコンだけで 使っています"),)
    last = _time(reporting.last) or "まだ 一度も つながっていません"
    return (("最後に 本部と つながった 時刻", last), ("未送信", f"{reporting.unsent}件"))


def _moment(seconds: int) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, JAPAN) if seconds else None


def _time(moment: dt.datetime | None) -> str:
    return said_at(moment) if moment else ""


def sum_note(counts: Counts) -> str:
    """That the total holds people whose sex was not told, where it does."""
    if not counts.sex_unknown:
        return ""
    return (
        f"避難者数（総数）{counts.persons}人は、男 {counts.men}人・女 {counts.women}人と、"
        f"性別不明等 {counts.sex_unknown}人の 合計です。"
    )


def report(state: HandOver, reporting: Reporting, heading: Heading) -> Report:
    """The sheet as a report: for a page, a terminal or a program."""
    counts = state.counts.to_dict()
    told = [(EEI_NAMES[key], f"{counts[key]}") for key in EEI_NAMES]
    told += [(TRIAGE_NAMES[key], f"{counts[key]}") for key in TOLD_APART]
    opened = open_ends(state.rows)
    areas = area_lines(state)
    tables = [
        Table(
            "気をつけること",
            (
                Column("こと", number=False),
                Column("受付番号", number=False),
                Column("すること", number=False),
            ),
            tuple(Row((one.title, one.shown, one.what_to_do)) for one in opened),
        ),
        Table("いまの 人数", (Column("項目", number=False), Column("人・世帯")), tuple(map(Row, told))),
        Table(
            "避難所の 状況と 本部への 報告",
            (Column("項目", number=False), Column("内容", number=False)),
            tuple(map(Row, (*shelter_facts(state.shelter), *reporting_facts(reporting)))),
        ),
    ]
    if areas:
        lines = tuple(Row((area.name, area.shown)) for area in areas)
        tables.insert(2, Table("場所", (Column("場所", number=False), Column("いる 人 / 定員")), lines))
    methods = "　".join(f"{METHOD_LABELS[word]} {count}" for word, count in state.by_method.items())
    return Report(
        heading.title,
        heading.facts,
        tuple(tables),
        (),
        tuple(filter(None, (sum_note(state.counts), f"受付方式（世帯）：{methods}", OLD_LISTS))),
        {
            "place": heading.place,
            "mode": heading.mode.name.lower(),
            "version": heading.version,
            "made_at": heading.made.isoformat(timespec="minutes"),
            "counts": counts,
            "households_by_method": dict(state.by_method),
            "areas": [{"name": a.name, "persons": a.persons, "capacity": a.capacity} for a in areas],
            "open": [{"title": one.title, "numbers": list(one.numbers)} for one in opened],
            "unsent_events": reporting.unsent if reporting.linked else None,
            "last_contact": reporting.last.isoformat(timespec="seconds") if reporting.last else None,
        },
        [("item", "value"), *told],
        heading.mode,
        DRILL if heading.mode is Mode.DRILL else "",
    )
