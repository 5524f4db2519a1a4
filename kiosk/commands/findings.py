"""How `kiosk doctor` and `kiosk selftest` tell what they found: one table, one JSON, one last line."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from kiosk.checkup import Checked, State, Words

Command = TypeVar("Command", bound=Callable[..., Any])

MARKS = {
    State.OK: "○",
    State.ATTENTION: "△",
    State.BROKEN: "×",
    State.ABSENT: "－",
    State.UNKNOWN: "？",
}
LEGEND = Words(
    "○ 正常  △ 注意  × 故障  － なし  ？ 不明", "○ ok  △ attention  × broken  － absent  ？ unknown"
)
TITLE_WIDTH = 17


def language_option(command: Command) -> Command:
    """`--lang ja|en`; arrives as `language: str`."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["ja", "en"]),
        default="ja",
        show_default=True,
        help="The language of the table.",
    )(command)


def lines(found: Checked, language: str) -> list[str]:
    """One finding for people: a mark, what it is about, a sentence; what to do stands indented below."""
    finding = found.finding
    title = _padded(found.check.title.of(language), TITLE_WIDTH)
    told = [f"{MARKS[finding.state]} {title} {finding.says.of(language)}"]
    if to_do := finding.to_do.of(language):
        told.append(f"     → {to_do}")
    return told


def tell(
    found: Iterable[Checked], *, as_json: bool, language: str, fails: frozenset[State]
) -> Sequence[Checked]:
    """Print findings as they come; returns those that count as failed.

    `{"ok": bool, "checks": [{"name","title","state","code","sentence","to_do","english","english_to_do",
    "numbers"}]}` with `as_json`.
    """
    all_found, group = [], Words("", "")
    for one in found:
        all_found.append(one)
        if as_json:
            continue
        if one.check.group != group:
            group = one.check.group
            click.echo(f"\n［{group.of(language)}］" if len(all_found) > 1 else f"［{group.of(language)}］")
        for line in lines(one, language):
            click.echo(line)
    failed = [one for one in all_found if one.finding.state in fails]
    if as_json:
        said = {"ok": not failed, "checks": [one.as_json() for one in all_found]}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"\n{LEGEND.of(language)}")
    return failed


def names(failed: Iterable[Checked]) -> str:
    """The stable names of checks, each once."""
    return ", ".join(dict.fromkeys(one.check.name for one in failed))


def _padded(text: str, width: int) -> str:
    """Filled with blanks to so many columns; a Japanese letter takes two."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)
    return text + " " * max(0, width - columns)
