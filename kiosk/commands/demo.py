"""`kiosk demo`: what is typed and what is printed; the evening itself is `kiosk.demo`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from kiosk import demo
from kiosk.commands.options import json_option
from kiosk.core.clock import JAPAN
from kiosk.core.household import Mode
from kiosk.files import write_whole
from kiosk.rehearsal import free_of_proxies
from kiosk.reports import formats, reception_report, timing_report
from kiosk.reports.cells import said_at
from kiosk.reports.receptions import Receptions
from kiosk.reports.report import Heading


@click.command("demo")
@click.option("--households", type=click.IntRange(1, 2000), default=60, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, the same people.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="Where the report is written.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, households: int, seed: int, out: Path, *, as_json: bool) -> None:
    """The main job with no device and no screen: receive, cut the link, sync, compare, report.

    Exits 0 only if every household arrived at HQ exactly once.
    """
    free_of_proxies()
    outcome = demo.run(households, seed, lambda line: click.echo(line, err=as_json))
    now = dt.datetime.now(JAPAN)
    heading = Heading(demo.SHELTER, said_at(now), Mode.DRILL)
    receptions = reception_report.report(Receptions((outcome.receptions,)), heading, machine_only=True)
    times = timing_report.report(outcome.measured, heading, machine_only=True)
    write_whole(out / "receptions.html", formats.render(receptions, "html"), mode=0o644)
    write_whole(out / "timings.html", formats.render(times, "html"), mode=0o644)
    if as_json:
        click.echo(json.dumps(outcome.to_dict(), ensure_ascii=False))
    else:
        click.echo()
        click.echo(formats.shown(formats.render(receptions, "table")))
        click.echo(formats.shown(formats.render(times, "table")))
        click.echo(
            f"受け付け {outcome.households}世帯 {outcome.persons}人 → 本部 {outcome.hq_households}世帯、"
            f"なくした 世帯 {outcome.lost}、二重の 世帯 {outcome.duplicated}、"
            f"回線が 切れていた 間 {outcome.link_cut_households}世帯、{outcome.seconds:.1f}秒"
        )
        click.echo(f"報告書: {out / 'timings.html'} と {out / 'receptions.html'}")
        click.echo(
            "時間は 機械だけの ものです。人が 並んだり 話したりする 時間は 入っていません。"
            "訓練の 結果では ありません。"
        )
    ctx.exit(0 if outcome.ok else 1)
