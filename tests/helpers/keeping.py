"""Inputs of those who look after the laptop, for walks through the table of the flow."""

from __future__ import annotations

from kiosk import flow
from kiosk.core.household import Mode

SHEET = flow.SheetFacts("ESRO1:X", "城山小学校", Mode.DRILL, "142069")


def form(*texts, secrets=()):
    """A form as it is sent."""
    return flow.FormSent(texts, tuple(map(flow.Secret, secrets)))


def makers(rng):
    """How to make a plausible input of each kind that needs something."""
    words = ["", "田中", "correct horse battery"]
    return {
        flow.FormSent: lambda: form(
            *(rng.choice(words) for _ in range(rng.randrange(4))),
            secrets=[rng.choice(words) for _ in range(rng.randrange(4))],
        ),
        flow.SheetSeen: lambda: flow.SheetSeen(SHEET),
        flow.SheetRefused: lambda: flow.SheetRefused("not_a_sheet", "ちがいます。"),
        flow.PicturesFound: lambda: flow.PicturesFound(("/media/a.png",)),
    }
