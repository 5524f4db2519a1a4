"""How a command line of ours begins and ends: for `kiosk` and `hq` alike.

It begins by loading the one command that was typed, and no other.

It ends with an exit code: a known error is one clear sentence on stderr and exit code 1 (with `--json` also
`{"error": {"code", "message"}}` on stdout); wrong usage is 2. A traceback means a bug of ours.
"""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from kiosk.errors import KnownError


class Commands(click.Group):
    """Commands that are imported only when called.

    Args:
        package: where they are.
        modules: name → module of the package, which has the command as `command`; in the order of `--help`.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's own
        package: str,
        modules: Mapping[str, str],
        **settings: Any,  # noqa: ANN401 - click's own
    ) -> None:
        super().__init__(*arguments, **settings)
        self._package = package
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of `--help`."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one."""
        if cmd_name not in self._modules:
            return None
        command = import_module(f"{self._package}.{self._modules[cmd_name]}").command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command


def run(group: click.Group, name: str) -> int:
    """Run a command group on sys.argv; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A redirected Japanese Windows console has no letter for every name: a mark is better than no answer.
        sys.stdout.reconfigure(errors="replace")
    try:
        result = group.main(prog_name=name, standalone_mode=False)
    except KnownError as error:
        say(error)
        if "--json" in sys.argv:
            click.echo(json.dumps({"error": error_object(error)}, ensure_ascii=False))
        return 1
    except click.exceptions.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return result if isinstance(result, int) else 0


def say(error: KnownError) -> None:
    """A known error as one sentence on stderr."""
    same = error.english == error.sentence
    click.echo(error.english if same else f"{error.sentence} ({error.english})", err=True)


def say_bug(error: BaseException) -> None:
    """Where a mistake of ours was met; never the message of a foreign exception, which may hold a name."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
    click.echo(f"bug: {type(error).__name__} at {where}", err=True)


def error_object(error: KnownError) -> dict[str, object]:
    """What `--json` says of a known error."""
    extra = getattr(error, "extra", {})
    return {"code": error.code, "message": error.english, **extra}
