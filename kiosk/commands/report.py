"""`kiosk report`: what this shelter's log says of times and receptions, as text, data or a page to print.

It opens the ledger, hands rows to `kiosk.reports` and writes what comes back; it computes nothing and
prints no name.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kiosk.commands.options import data_option, json_option, passphrase_option, who_option
from kiosk.core import clock
from kiosk.core.access import Action
from kiosk.core.household import Method, Mode
from kiosk.core.words import MODE_WORDS
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.lists import EVERYBODY
from kiosk.ports import Ledger
from kiosk.reports import baselines, formats, reception_report, timing_report, timings
from kiosk.reports.cells import said_at
from kiosk.reports.receptions import ReceptionRow, Receptions, row_from_counts
from kiosk.reports.report import Heading, Report
from kiosk.store import opening

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("report")
def command() -> None:
    """Reports of this shelter: how long receptions took, and how many came by which method."""


def output_options(wrapped: Command) -> Command:
    """`--format` and `--out`, for every report."""
    out = click.option(
        "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file."
    )
    form = click.option(
        "--format",
        "form",
        type=click.Choice(list(formats.FORMATS)),
        default=next(iter(formats.FORMATS)),
        show_default=True,
        help="How the report is written.",
    )
    return form(out(wrapped))


@command.command("timings")
@data_option
@passphrase_option
@who_option
@click.option(
    "--baseline",
    type=click.Choice(baselines.names()),
    default=baselines.DEFAULT,
    show_default=True,
    help="The published trial to compare with.",
)
@output_options
@json_option
def timings_command(
    data: Path, passphrase: str, who: str | None, baseline: str, form: str, out: Path | None, *, as_json: bool
) -> None:
    """How long receptions took, by method, beside a published trial."""
    with opening.unlocked(data, passphrase, who) as store:
        store.access.check(Action.REPORT)
        measured = timings.measure(store.ledger.intakes(), baselines.load(baseline))
        heading = _heading(store.sheet.name, store.sheet.mode)
    deliver(timing_report.report(measured, heading), "json" if as_json else form, out)


@command.command("receptions")
@data_option
@passphrase_option
@who_option
@click.option("--kind", default="", help="What happened, in a few words, for the table: 台風第10号.")
@output_options
@json_option
def receptions_command(
    data: Path, passphrase: str, who: str | None, kind: str, form: str, out: Path | None, *, as_json: bool
) -> None:
    """How many households came by which method."""
    with opening.unlocked(data, passphrase, who) as store:
        store.access.check(Action.REPORT)
        mode = store.sheet.mode
        receptions = Receptions((receptions_of(store.ledger, mode, kind or MODE_WORDS[mode]),))
        heading = _heading(store.sheet.name, mode)
    deliver(reception_report.report(receptions, heading), "json" if as_json else form, out)


def receptions_of(ledger: Ledger, mode: Mode, kind: str) -> ReceptionRow:
    """This shelter's row: every household received and not taken back, also those that left since.

    Those under secrecy too: they are named on no list, and counted in every figure.
    """
    roster = ledger.roster(limit=EVERYBODY, secret=True)
    methods = Counter(row.method.word for row in roster)
    first = min((row.received_at for row in roster), default=None)
    return row_from_counts(
        "" if first is None else clock.moment(first).astimezone(clock.JAPAN).date().isoformat(),
        kind,
        mode,
        {method.word: methods[method.word] for method in Method},
        sum(len(row.household.members) for row in roster),
    )


def _heading(place: str, mode: Mode) -> Heading:
    now = dt.datetime.now(clock.JAPAN)
    return Heading(place, said_at(now), mode, now)


def deliver(report: Report, form: str, out: Path | None) -> None:
    """Write a report to a file, or show it.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`; `needs_a_file` for a format that is no text.
    """
    data = formats.render(report, form)
    if out is None:
        if not formats.FORMATS[form].text:
            raise KnownError(
                "needs_a_file", "--out で ファイルを 決めてください。", "this format needs --out"
            )
        click.echo(formats.shown(data), nl=False)
        return
    write_whole(out, data, mode=0o644)
