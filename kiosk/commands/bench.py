"""`kiosk bench`: the performance figures of this machine, beside their targets and peers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from kiosk.bench import machine
from kiosk.bench.figures import Figure, Result
from kiosk.commands.options import json_option

SUBJECTS = {
    "receive": "receive",
    "scan": "scan",
    "pass": "pass_sizes",
    "card": "card",
    "search": "search",
    "store": "store",
    "sync": "sync",
    "ui": "ui",
}
"""What can be measured → its module in kiosk.bench."""


@click.command("bench")
@click.argument("subject", required=False, type=click.Choice(list(SUBJECTS)))
@click.option(
    "--rounds",
    type=click.IntRange(1, 100_000),
    help="How often each thing is done (default: enough for a steady median).",
)
@click.option("--paint", type=click.Path(path_type=Path, file_okay=False), hidden=True)
@click.option("--relock", type=(str, click.Path(path_type=Path, file_okay=False)), hidden=True)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    subject: str | None,
    rounds: int | None,
    paint: Path | None,
    relock: tuple[str, Path] | None,
    as_json: bool,
) -> None:
    """Measure how fast this machine receives, reads, syncs and starts, beside targets and peers.

    Without SUBJECT everything is measured. Targets are printed with ok or over; a slow machine is no error.
    """
    if paint is not None or relock is not None:
        # The processes that `kiosk bench ui` starts and watches.
        from kiosk.bench import desks  # noqa: PLC0415 - each subject loads what it measures, and no other

        if paint is not None:
            ctx.exit(desks.paint(paint))
        if relock is not None:
            ctx.exit(desks.lock(*relock, rounds or 1))
    where = machine.describe(Path(tempfile.gettempdir()))
    subjects = [subject] if subject else list(SUBJECTS)
    if not as_json:
        _say_machine(where)
    results = []
    for name in subjects:
        results.append(_measure(name, rounds))
        if not as_json:
            _say(results[-1])
    if as_json:
        said: dict[str, object] = {"machine": where}
        if subject:
            said |= results[0].to_json()
        else:
            said |= {result.subject: result.to_json() for result in results}
        click.echo(json.dumps(said, ensure_ascii=False))


def _measure(subject: str, rounds: int | None) -> Result:
    measure: Callable[..., Result] = import_module(f"kiosk.bench.{SUBJECTS[subject]}").measure
    return measure() if rounds is None else measure(rounds)


def _say_machine(where: dict[str, object]) -> None:
    for name, value in where.items():
        text = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:12} {text}")


def _say(result: Result) -> None:
    click.echo(f"\n{result.subject}")
    for figure in result.figures:
        value = "-" if figure.value is None else f"{figure.value:g}"
        click.echo(f"  {value:>9} {figure.unit:8} {figure.says}{_remark(figure)}")
    for note in result.notes:
        click.echo(f"  {note}")


def _remark(figure: Figure) -> str:
    if figure.quoted:
        return " (quoted)"
    wanted = ", ".join(f"{name.replace('_', ' ')} {limit:g}" for name, limit in figure.target.items())
    return f" ({wanted}: {figure.verdict or 'not measured'})" if wanted else ""
