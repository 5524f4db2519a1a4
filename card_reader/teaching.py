"""Cards to practise with: what can happen at the desk with a card, each to be met once before the night.

`kiosk practice` offers them by name. What is ordinary comes first; what goes wrong is what real people
bring: a PIN nobody remembers, a card pulled away too early, one with its last try, a licence.

It refuses to know buttons and words for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from card_reader.faults import PlayedCard
from card_reader.printed_birth import Form, printed_as
from card_reader.simulated import InventedPerson, SimulatedCard
from card_reader.simulated_others import OTHERS

PIN: Final = "1234"
SECURITY_CODE: Final = "2285"
SECONDS_PER_COMMAND: Final = 0.05
"""About what a real card is thought to need, so that people see the screen that says to wait."""

Pause: TypeAlias = Callable[[float], None]
Lesson: TypeAlias = Callable[[InventedPerson, Pause], PlayedCard]


def _card(form: Form = "era", **different: Any) -> Lesson:  # noqa: ANN401 - options of SimulatedCard, as they are
    def made(holder: InventedPerson, pause: Pause) -> PlayedCard:
        born = holder.birth_date
        printed = printed_as(f"{born[:4]}-{born[4:6]}-{born[6:]}", form).digits
        options: dict[str, Any] = {"pin": PIN, "seconds_per_command": SECONDS_PER_COMMAND} | different
        return SimulatedCard(
            holder, birth_printed=printed, security_code=SECURITY_CODE, pause=pause, **options
        )

    return made


def _other(seen: str) -> Lesson:
    return lambda _holder, _pause: OTHERS[seen]()


LESSONS: Final[Mapping[str, Lesson]] = {
    "ordinary": _card(),
    # Three tries, and no digits that people think of first open it; 照合番号B does.
    "forgotten_pin": _card(pin="8305"),
    # A desk asks for the tries when the card comes, in two commands, and reads it later.
    # Torn at the READ, after its PIN was accepted; laid again (`SimulatedReader.lay_again`) it goes well.
    "pulled_away": _card(faults=".....b"),
    "last_try": _card(pin_tries=1),
    "blocked": _card(pin_tries=0),
    "no_pin": _card(pin=None),
    "foreign_resident": _card("western"),
    "slow": _card(seconds_per_command=1.2),
    "never_answers": _card(faults="....h"),
    "driving_licence": _other("driving_licence"),
    "residence_card": _other("residence_card"),
    "felica": _other("felica"),
    "unknown_card": _other(""),
}
"""What a visitor may bring, by a stable name."""


def bring(lesson: str, holder: InventedPerson | None = None, *, pause: Pause = time.sleep) -> PlayedCard:
    """A fresh card for one of `LESSONS`, of `holder` where it is a My Number card."""
    return LESSONS[lesson](holder or InventedPerson(), pause)
