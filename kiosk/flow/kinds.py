"""What kinds of states, inputs and effects there are: each class says its kind once, where it is written.

The lists of them are gathered from the modules in which they stand, so nobody keeps them by hand.
Knows none of them.
"""

from __future__ import annotations

from types import ModuleType


class State:
    """What a screen draws; what it does not answer is left on purpose."""

    __slots__ = ()


class Armed(State):
    """A screen on which the next household may come: it answers everything that is `AlwaysHeard`."""

    __slots__ = ()


class StaffScreen(State):
    """A screen in the desk's own language that does not stay open untouched."""

    __slots__ = ()


class Told:
    """What people, devices or the ledger said."""

    __slots__ = ()


class AlwaysHeard(Told):
    """A code held up, a way into a screen, the end of a wait: no armed screen may leave it unanswered."""

    __slots__ = ()


class Effect:
    """What the bridge has to do next."""

    __slots__ = ()


class ForDesk(Effect):
    """It is done on the desk's thread, with the desk."""

    __slots__ = ()


class Order(Effect):
    """It is done on the desk's thread, for those who look after the laptop and its shelter."""

    __slots__ = ()


def kinds_in(base: type, *modules: ModuleType) -> tuple[type, ...]:
    """The classes of this kind that these modules define, in their order."""
    return tuple(
        found
        for module in modules
        for found in vars(module).values()
        # What a module only imports is listed where it is written.
        if isinstance(found, type) and issubclass(found, base) and found.__module__ == module.__name__
    )
