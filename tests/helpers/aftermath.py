"""What a desk must still be, whatever happened to its disk: the judge of every fault that is played."""

from __future__ import annotations

import itertools
from contextlib import closing
from pathlib import Path

from kiosk.core.tries import Moment
from kiosk.errors import KnownError
from kiosk.store import opening
from kiosk.store.gate import Gate


def lines(path: Path, word: str) -> list[str]:
    """What a job said, by its first word, of whole lines only."""
    text = path.read_text() if path.exists() else ""
    whole = text[: text.rfind("\n") + 1].splitlines()
    return [line.partition(" ")[2] for line in whole if line.startswith(word + " ")]


def patient(data: Path) -> Gate:
    """A gate that makes nobody wait: a try that a fault cut off counts as a wrong one, rightly."""
    hours = itertools.count(1)
    return Gate(data, lambda: Moment("one long night", next(hours) * 3600.0), lambda _: None)


def wrong(
    data: Path,
    acknowledged: list[str],
    *,
    deep: bool = False,
    thorough: bool = True,
    gate: Gate | None = None,
) -> list[str]:
    """What is wrong with a desk's folder after a fault, nothing when all is well.

    `acknowledged` are the households that were said to be received. A notice that alarms staff is wrong
    too: nothing was lost. Without `thorough` the log as a whole is not verified.
    """
    if not opening.is_opened(data):
        return [f"{len(acknowledged)} acknowledged, and the folder is no kiosk"] if acknowledged else []
    try:
        with closing(opening.unlock(data, opening.PRACTICE_PASSPHRASE, gate=gate or patient(data))) as store:
            here = {household.hex() for household in store.ledger.households()}
            found = [
                f"{household} was acknowledged and is lost"
                for household in acknowledged
                if household not in here
            ]
            found += [f"false alarm: {notice.code}" for notice in store.ledger.notices if notice.serious]
            return found + (store.ledger.problems(deep=deep) if thorough or deep else [])
    except KnownError as error:
        return [f"unreadable: {error.code} ({error.english})"]
