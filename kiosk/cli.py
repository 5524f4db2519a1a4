"""`kiosk`: the commands, each loaded only when it is called, so that `--help` and a scan start at once.

A known error is one clear sentence on stderr and exit code 1 (with `--json` also
`{"error": {"code", "message"}}` on stdout); wrong usage is 2. A traceback means a bug of ours.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from multiprocessing import freeze_support
from pathlib import Path

import click

from kiosk import __version__
from kiosk.errors import KnownError

COMMANDS: dict[str, tuple[str, str]] = {}
"""Name → (module in kiosk.commands, one line of help)."""


class Commands(click.Group):
    """Commands that are imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"kiosk.commands.{COMMANDS[cmd_name][0]}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list in `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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


def run(group: click.Group, name: str) -> int:
    """Run a command group on sys.argv; returns the exit code."""
    try:
        result = group.main(prog_name=name, standalone_mode=False)
    except KnownError as error:
        click.echo(
            error.english if error.english == error.sentence else f"{error.sentence} ({error.english})",
            err=True,
        )
        if "--json" in sys.argv:
            click.echo(json.dumps({"error": error_object(error)}, ensure_ascii=False))
        return 1
    except click.exceptions.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else 0


def error_object(error: KnownError) -> dict[str, object]:
    """What `--json` says of a known error."""
    extra = getattr(error, "extra", {})
    return {"code": error.code, "message": error.english, **extra}


def main() -> None:
    """The entry point."""
    freeze_support()
    sys.exit(run(cli, "kiosk"))


if __name__ == "__main__":
    main()
