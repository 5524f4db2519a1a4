"""How long to wait before trying again: full jitter, doubling up to a minute, for ever. Pure.

A shelter's kiosks lose their link together and get it back together; without jitter they would come
back in one wave.
"""

from __future__ import annotations

from collections.abc import Callable

BASE, CAP = 1.0, 60.0


class Backoff:
    """Waits for one line of attempts.

    `fraction` gives random numbers in [0, 1), like `random.random`; times are seconds.
    """

    def __init__(self, fraction: Callable[[], float], base: float = BASE, cap: float = CAP) -> None:
        self._fraction = fraction
        self._base = base
        self._cap = cap
        self.failures = 0

    def wait(self) -> float:
        """Note a failure; how long to wait now: anything up to a bound that doubles each time."""
        # 2**64 seconds are past any cap: the exponent is kept from growing for ever.
        bound: float = min(self._cap, self._base * 2.0 ** min(self.failures, 64))
        self.failures += 1
        return self._fraction() * bound

    def reset(self) -> None:
        """It worked: the next failure starts small again."""
        self.failures = 0
