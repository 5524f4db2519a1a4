"""How a command line of ours ends: exit codes and one clear sentence, for `kiosk` and `hq` alike.

A known error is one clear sentence on stderr and exit code 1 (with `--json` also
`{"error": {"code", "message"}}` on stdout); wrong usage is 2. A traceback means a bug of ours.
"""

from __future__ import annotations

import io
import json
import sys
import traceback

import click

from kiosk.errors import KnownError


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
