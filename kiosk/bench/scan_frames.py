"""Frames that hold a code, or none, under every condition that the project can draw; by seed.

Sizes of frame and payload take turns, so that every condition has all of them. The texts look like passes
and are none. It refuses to know who reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from kiosk.camera import synthetic
from kiosk.core import base45

NO_CODE = "no_code"
PAYLOADS = (150, 400, 800, 1200)
"""Bytes, which Base45 makes half as many characters again."""
SIZES = (synthetic.HD, synthetic.VGA)
SMALL_PAYLOAD = 400
"""What a household's pass is meant to stay below."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame and what it shows."""

    condition: str
    payload: int
    """Bytes; 0 without a code."""
    text: str
    """Empty without a code."""
    frame: np.ndarray
    """(high, wide, 3) BGR bytes."""

    @property
    def large(self) -> bool:
        """Whether it is as large as the frames that a webcam is asked for."""
        return bool(self.frame.shape[1] == synthetic.WIDTH)


def text_of(payload: int, rng: np.random.Generator) -> str:
    """A text that holds `payload` random bytes as a pass would."""
    return "ESR1:" + base45.encode(rng.bytes(payload))


def draw_set(rounds: int, seed: int) -> Iterator[Shown]:
    """`rounds` frames of each condition, and as many without a code, one after the other."""
    rng = np.random.default_rng(seed)
    for condition, change in synthetic.CONDITIONS.items():
        for nth in range(rounds):
            size, payload = SIZES[nth % 2], PAYLOADS[nth // 2 % 4]
            text = text_of(payload, rng)
            scene = change(synthetic.held_up(rng, size), rng)
            yield Shown(condition, payload, text, synthetic.photograph(text, scene, rng))
    for nth in range(rounds):
        yield Shown(NO_CODE, 0, "", synthetic.empty(rng, SIZES[nth % 2]))


def draw_clip(seed: int, frames: int) -> tuple[str, Iterator[np.ndarray]]:
    """A text, and a hand that brings it into view and steadies, under one of the conditions."""
    rng = np.random.default_rng(seed)
    text = text_of(int(rng.choice(PAYLOADS[:3])), rng)
    conditions = tuple(synthetic.CONDITIONS.values())
    at_rest = conditions[seed % len(conditions)](synthetic.held_up(rng), rng)
    return text, synthetic.clip(text, rng, frames, replace(at_rest, size=synthetic.HD))
