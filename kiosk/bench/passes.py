"""Passes of invented households, held up before a drawn camera. It refuses to know who reads them."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import numpy as np

from kiosk.camera.synthetic import CONDITIONS, held_up, photograph
from kiosk.core.entry_pass import IssuerKey, issue
from kiosk.errors import KnownError
from kiosk.invented import invent_household

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Held:
    """A pass, and one frame that shows it: 720 by 1280 BGR bytes."""

    text: str
    frame: np.ndarray


def make_pass(rng: random.Random, issuer: IssuerKey) -> str:
    """The text of a pass for a household nobody belongs to."""
    while True:
        now = int(time.time())
        try:
            return issue(
                invent_household(rng).on_pass(),
                issuer,
                issued=now - DAY,
                expires=now + 365 * DAY,
                randomness=rng.randbytes,
            )
        except KnownError as error:
            # Now and then chance makes a family whose notes do not fit one code: its city would shorten them.
            if error.code != "pass_too_large":
                raise


def hold_up(
    rng: random.Random, noise: np.random.Generator, issuer: IssuerKey, condition: str = "held_up"
) -> Held:
    """A new pass, photographed once under one of `kiosk.camera.synthetic.CONDITIONS`."""
    text = make_pass(rng, issuer)
    return Held(text, photograph(text, CONDITIONS[condition](held_up(noise), noise), noise))
