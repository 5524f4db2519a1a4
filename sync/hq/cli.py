"""`hq`: what is typed at the city's headquarters. Each command is loaded only when it is called."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support

import click

from kiosk import __version__, console

COMMANDS = {
    "counts": "counts",
    "device": "device",
    "hand-on": "hand_on",
    "incident": "incident",
    "init": "init",
    "records": "records",
    "recover": "recover",
    "serve": "serve",
    "sheets": "sheets",
    "shelter": "shelter",
    "trust": "trust",
}
"""Name → module in sync.hq.commands, which says itself what `--help` says of it."""


@click.group(
    cls=console.Commands,
    package="sync.hq.commands",
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="hq")
def hq() -> None:
    """本部: the central service that counts what the shelters send, and can read no name."""


def main() -> None:
    """The entry point."""
    freeze_support()
    sys.exit(console.run(hq, "hq"))


if __name__ == "__main__":
    main()
