"""`kiosk export`: rosters, household cards and the hand-over sheet, as files and on paper.

Everything that names somebody is written into the log first. A file that everybody is in takes two people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from kiosk.commands.at_desk import OpenLists, open_lists
from kiosk.commands.options import (
    data_option,
    json_option,
    passphrase_option,
    second_option,
    second_person,
    who_option,
)
from kiosk.core.access import Action, Actor
from kiosk.errors import KnownError
from kiosk.files import write_whole
from kiosk.lists import reporting
from kiosk.ports import RosterRow
from kiosk.reports import cells, formats, handover, handover_pdf, roster, roster_card, roster_pdf, xlsx
from kiosk.reports.cells import Heading
from kiosk.reports.handover import HandOver, Reporting


@click.group("export")
def command() -> None:
    """Lists of this shelter as files: for a spreadsheet, another system, or paper."""


_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file, for its owner only."
)
_needs = click.option(
    "--needs", is_flag=True, help="Also what people need, told in confidence; for roles that may know."
)
_reason = click.option("--reason", default="", help="What it is for: it is written into the log.")

ROSTER_FORMATS: Mapping[str, Action] = {
    "xlsx": Action.BULK_EXPORT,
    "csv": Action.BULK_EXPORT,
    "pdf": Action.PRINT_ROSTER,
}
"""A file that programs read is taken out by two; a sheet of paper by one, who says why."""


@command.command("roster")
@data_option
@passphrase_option
@who_option
@second_option
@click.option("--format", "form", type=click.Choice(list(ROSTER_FORMATS)), default="xlsx", show_default=True)
@_out
@_reason
@_needs
@json_option
@click.option(
    "--programs", is_flag=True, help="Column names and codes of LGDPM instead of GIF's (csv, xlsx)."
)
@click.option("--no-mark", is_flag=True, help="Without the mark by which Excel knows UTF-8 (csv).")
def roster_command(  # noqa: PLR0913 - the options of one command
    data: Path,
    passphrase: str,
    who: str | None,
    second: str | None,
    second_file: str | None,
    form: str,
    out: Path | None,
    reason: str,
    *,
    needs: bool,
    as_json: bool,
    programs: bool,
    no_mark: bool,
) -> None:
    """避難者名簿: everybody, one line a person.

    As xlsx or csv it takes a second person (--second) and a reason; as pdf, for paper, a reason. Households
    under 支援措置 are on no list.
    """
    path = _needed(out)
    joined = second_person(data, second, second_file)
    with open_lists(data, passphrase, who) as opened:
        rows = opened.lists.everybody(ROSTER_FORMATS[form], reason, joined, needs=needs)
        heading = opened.heading("避難者名簿")
    if form == "pdf":
        content = roster_pdf.pdf(rows, heading, needs=needs)
    else:
        listing = roster.listing(rows, heading, needs=needs, programs=programs)
        content = (
            xlsx.xlsx_bytes(listing)
            if form == "xlsx"
            else cells.csv_bytes(listing, programs=programs, mark=not no_mark)
        )
    _taken_out(path, content, rows, as_json=as_json)


@command.command("cards")
@data_option
@passphrase_option
@who_option
@second_option
@click.option("--format", "form", type=click.Choice(["pdf"]), default="pdf", show_default=True)
@_out
@_reason
@_needs
@json_option
@click.option("--household", metavar="NUMBER", help="Only this household, by its reception number or id.")
def cards_command(  # noqa: PLR0913 - the options of one command
    data: Path,
    passphrase: str,
    who: str | None,
    second: str | None,
    second_file: str | None,
    form: str,  # noqa: ARG001 - the one format there is, spelled as for the others
    out: Path | None,
    reason: str,
    *,
    needs: bool,
    as_json: bool,
    household: str | None,
) -> None:
    """世帯カード: a page for each household, with room to write by hand.

    One household takes nobody else; all of them take a second person (--second) and a reason.
    """
    path = _needed(out)
    joined = second_person(data, second, second_file)
    with open_lists(data, passphrase, who) as opened:
        rows = _cards(opened, household, reason, joined, needs=needs)
        heading = opened.heading("世帯カード")
    _taken_out(path, roster_card.pdf(rows, heading), rows, as_json=as_json)


def _cards(
    opened: OpenLists,
    household: str | None,
    reason: str,
    joined: Actor | None,
    *,
    needs: bool,
) -> list[RosterRow]:
    if household is not None:
        return [opened.lists.one(household, reason, needs=needs)]
    return roster.in_order(opened.lists.everybody(Action.BULK_EXPORT, reason, joined, needs=needs))


def _rendered(form: str) -> Callable[[HandOver, Reporting, Heading], bytes]:
    return lambda state, reporting, heading: formats.render(handover.report(state, reporting, heading), form)


HANDOVER_FORMATS: Mapping[str, Callable[[HandOver, Reporting, Heading], bytes]] = {
    "pdf": handover_pdf.pdf,
    **{form: _rendered(form) for form in ("html", "table", "json")},
}


@command.command("handover")
@data_option
@passphrase_option
@who_option
@click.option("--format", "form", type=click.Choice(list(HANDOVER_FORMATS)), default="pdf", show_default=True)
@_out
@json_option
def handover_command(
    data: Path, passphrase: str, who: str | None, form: str, out: Path | None, *, as_json: bool
) -> None:
    """引き継ぎ: counts, what is still open, how the reporting stands. It names nobody."""
    if as_json and out is None:
        form = "json"
    if form == "pdf":
        _needed(out)
    with open_lists(data, passphrase, who) as opened:
        state = opened.lists.hand_over()
        heading = opened.heading("引き継ぎ")
        linked = bool(opened.store.sheet.hq_url)
    content = HANDOVER_FORMATS[form](state, reporting(data, linked=linked), heading)
    if out is None:
        click.echo(formats.shown(content), nl=False)
        return
    _taken_out(out, content, (), as_json=as_json)


def _needed(out: Path | None) -> Path:
    if out is None:
        raise KnownError("needs_a_file", "--out で ファイルを 決めてください。", "this format needs --out")
    return out


def _taken_out(path: Path, content: bytes, rows: Sequence[RosterRow], *, as_json: bool) -> None:
    write_whole(path, content)
    persons = sum(len(row.household.members) for row in rows)
    if as_json:
        said = {"file": str(path), "bytes": len(content), "households": len(rows), "persons": persons}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    summary = f"{len(rows)}世帯 {persons}人　" if rows else ""
    click.echo(f"書き出しました：{summary}{path}")
    click.echo("つかい終わったら ファイルを 消し、古い 紙は 細かく切って すててください。", err=True)
