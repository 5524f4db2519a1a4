"""`kiosk`: the commands, each loaded only when it is called, so that `--help` and a scan start at once."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support
from pathlib import Path

import click

from kiosk import __version__
from kiosk.console import Commands, run
from kiosk.hardening import keep_memory_private

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "The main job with no device and no screen: receive, cut the link, sync, report."),
    "practice": ("practice", "The window with a simulated card and camera, for people to try."),
    "run": ("run", "The reception desk."),
    "open-shelter": ("open_shelter", "Make this laptop a shelter's kiosk from an opening sheet, offline."),
    "staff": ("staff", "Staff accounts: who may open this laptop's store, and how."),
    "search": ("search", "Find a household by whatever is known of it."),
    "list": ("list_", "The households of this shelter, the newest first."),
    "export": ("export", "Rosters, household cards and the hand-over sheet, as files and on paper."),
    "check": ("check", "Verify the whole log: is everything that was acknowledged still here?"),
    "backup": ("backup", "Write everything into one encrypted file, checked."),
    "restore": ("restore", "Put a backup back; this laptop goes on as a new device."),
    "erase": ("erase", "Forget one household for good, on somebody's request."),
    "close-shelter": ("close_shelter", "Erase this kiosk when the shelter is closed, with a certificate."),
    "write-forever": ("write_forever", "Receive invented households until killed, for crash tests."),
    "report": ("report", "How long receptions took, and how many came by which method."),
    "sync": ("sync_", "Bring what this laptop wrote to HQ."),
    "scan": ("scan", "Read codes from a camera, pictures, a video or a stream."),
    "card": ("card", "Read the four basic items of a My Number card."),
    "pass": ("passes", "Make issuers' keys; issue, check and draw household passes."),
    "trust": ("trust", "Whose passes this laptop believes; take in a newer list from a USB stick."),
    "shelter-code": ("shelter_code", "The code by which phones know this shelter: a poster or a picture."),
    "screenshots": ("screenshots", "Draw every screen into pictures, with invented people."),
    "bench": ("bench", "Measure how fast this machine is, beside targets and peers."),
    "doctor": ("doctor", "How this laptop and its devices are, and what to do about it."),
    "selftest": ("selftest", "Check that this build has everything it needs."),
}
"""Name → (module in kiosk.commands, one line of help)."""


class Listed(Commands):
    """Commands whose list in `--help` waits for none of them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list in `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Listed,
    package="kiosk.commands",
    modules={name: module for name, (module, _) in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="kiosk")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The kiosk's data folder (default: the platform's user-data folder).",
)
@click.pass_context
def cli(ctx: click.Context, data: Path | None) -> None:
    """受付: the reception desk of an evacuation shelter, with or without a network."""
    ctx.obj = data


def main() -> None:
    """The entry point."""
    freeze_support()
    keep_memory_private()
    sys.exit(run(cli, "kiosk"))


if __name__ == "__main__":
    main()
