"""One way to look at many things in turn and to say how each is: for `kiosk doctor` and `kiosk selftest`.

A check looks at one thing and returns what it found. Whatever goes wrong in it, however long it takes,
the next one is made all the same, and nobody sees a traceback. It refuses to know what is looked at.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from kiosk.core.clock import MonotonicClock
from kiosk.errors import KnownError

Subject_contra = TypeVar("Subject_contra", contravariant=True)
Answer = TypeVar("Answer")
Number = int | float | str | bool | None
"""What a program may want to compare: figures, names of models, yes and no. Never a person's data."""

SECONDS = 5.0
"""How long a check may take, unless it says otherwise."""


class State(enum.StrEnum):
    """How a thing is. Only what is broken must be mended before the desk opens."""

    OK = "ok"
    ATTENTION = "attention"
    """It works, or the desk does without it; a person should look."""
    BROKEN = "broken"
    """It is there, or must be, and does not do its work."""
    ABSENT = "absent"
    """It is not there, and the desk does without it."""
    UNKNOWN = "unknown"
    """This could not be found out."""


class Words(NamedTuple):
    """A sentence for staff, and the same for the command line; neither holds personal data."""

    ja: str
    en: str

    def of(self, language: str) -> str:
        """The sentence in `ja` or `en`."""
        return self.en if language == "en" else self.ja


NOTHING = Words("", "")
SHOW_SOMEBODY = Words(
    "この行を 書きとめて、くわしい人に 見せてください。",
    "Write this line down and show it to somebody who knows.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found."""

    state: State
    code: str
    """Stable, for programs: `ok`, or one word for what is the matter (`disk_low`)."""
    says: Words
    """What is, in one sentence."""
    to_do: Words = NOTHING
    """What a person can do about it, in one sentence; empty when there is nothing to do."""
    numbers: Mapping[str, Number] = field(default_factory=dict)


def ok(says: Words, to_do: Words = NOTHING, /, **numbers: Number) -> Finding:
    """All is well."""
    return Finding(State.OK, "ok", says, to_do, numbers)


def attention(code: str, says: Words, to_do: Words, /, **numbers: Number) -> Finding:
    """It goes on like this, but somebody should look."""
    return Finding(State.ATTENTION, code, says, to_do, numbers)


def broken(code: str, says: Words, to_do: Words, /, **numbers: Number) -> Finding:
    """This must be mended."""
    return Finding(State.BROKEN, code, says, to_do, numbers)


def absent(code: str, says: Words, to_do: Words = NOTHING, /, **numbers: Number) -> Finding:
    """It is not there."""
    return Finding(State.ABSENT, code, says, to_do, numbers)


def unknown(code: str, says: Words, to_do: Words = NOTHING, /, **numbers: Number) -> Finding:
    """It could not be found out."""
    return Finding(State.UNKNOWN, code, says, to_do, numbers)


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject_contra]):
    """One thing to look at. `look` may return several findings, one for each device of a kind."""

    name: str
    """Stable, for programs."""
    title: Words
    look: Callable[[Subject_contra], Finding | Sequence[Finding]]
    seconds: float = SECONDS
    to_do: Words = SHOW_SOMEBODY
    """What helps when the look itself fails."""
    group: Words = NOTHING
    """The heading under which a person finds it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding, and which check made it."""

    check: Check[Any]
    finding: Finding

    def as_json(self) -> dict[str, object]:
        """What `--json` prints of it."""
        finding = self.finding
        return {
            "name": self.check.name,
            "title": self.check.title.ja,
            "state": str(finding.state),
            "code": finding.code,
            "sentence": finding.says.ja,
            "to_do": finding.to_do.ja,
            "english": finding.says.en,
            "english_to_do": finding.to_do.en,
            "numbers": dict(finding.numbers),
        }


class TooSlow(Exception):
    """A call did not come back in time."""


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """What `call` returns, or raises, if it does so within `seconds`.

    Made on a thread of its own. A call that does not come back is left behind: a driver that hangs can
    not be stopped, and must not hold up the rest; the process ends without it.

    Raises:
        TooSlow: it did not come back.
    """
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name="check", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise TooSlow
    return answers[0]


def run(
    checks: Iterable[Check[Subject_contra]], subject: Subject_contra, clock: MonotonicClock = time.monotonic
) -> Iterator[Checked]:
    """Make every check in turn; what fails is told, and the next is made."""
    for check in checks:
        begun = clock()
        for finding in _look(check, subject):
            took = round((clock() - begun) * 1000, 1)
            numbers = {**finding.numbers, "check_ms": took}
            told = Finding(finding.state, finding.code, finding.says, finding.to_do, numbers)
            yield Checked(check, told)


def _look(check: Check[Subject_contra], subject: Subject_contra) -> Sequence[Finding]:
    try:
        found = within(check.seconds, lambda: check.look(subject))
    except TooSlow:
        says = Words(
            f"{check.seconds:g}秒 待っても 答えが ありません。",
            f"No answer within {check.seconds:g} seconds.",
        )
        return [unknown("too_slow", says, check.to_do)]
    except KnownError as error:
        return [broken(error.code, Words(error.sentence, f"{error.english}."), check.to_do)]
    except Exception as error:  # noqa: BLE001 - a laptop can be broken in any way, and the next check still counts
        # An error's message may quote data; its kind, or a missing module's name, is what helps to mend it.
        what = f"{type(error).__name__}" + (
            f" of {error.name}" if isinstance(error, ImportError) and error.name else ""
        )
        says = Words(f"点検が できませんでした（{what}）。", f"The check itself failed: {what}.")
        return [unknown("check_failed", says, check.to_do)]
    return [found] if isinstance(found, Finding) else found
