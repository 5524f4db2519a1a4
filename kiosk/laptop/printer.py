"""The system's own printer, if it has one: through CUPS, which keeps no copy once it is printed.

It refuses to know what is printed. On other systems nothing is offered: a file is put on a stick instead.
"""

from __future__ import annotations

import shutil
import subprocess

from kiosk.errors import KnownError
from kiosk.laptop.power import Ask, ask

PRINT_SECONDS = 20.0


def default(asked: Ask = ask) -> str | None:
    """The name of the printer that jobs go to when none is named; None where there is none."""
    told = asked(["lpstat", "-d"])
    # "system default destination: NAME", in whatever language: the name stands last.
    name = (told or "").rpartition(":")[2].strip() if told and ":" in told else ""
    return name if name and " " not in name else None


def put(pdf: bytes, title: str, printer: str) -> None:
    """Have a PDF printed; it goes to the printer's queue through a pipe, never through a file of ours.

    Raises:
        KnownError: `not_printed`.
    """
    program = shutil.which("lp")
    error = KnownError(
        "not_printed",
        "印刷できません。プリンターの 電源と 紙を 見て ください。USBメモリにも 出せます。",
        "the printer's queue did not take the job",
    )
    if program is None:
        raise error
    try:
        subprocess.run(
            [program, "-d", printer, "-t", title, "-o", "sides=one-sided", "-"],
            input=pdf,
            capture_output=True,
            timeout=PRINT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as cause:
        raise error from cause
