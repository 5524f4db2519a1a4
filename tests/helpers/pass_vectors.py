"""The module that writes the pass vectors, with its keys and households, for every test that needs some."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path

from kiosk.core import entry_pass
from kiosk.core.entry_pass import Accepted, Refused
from kiosk.core.trust import Algorithm, TrustList

_PLACE = Path(__file__).parents[1] / "core" / "make_pass_vectors.py"
_spec = importlib.util.spec_from_file_location("make_pass_vectors", _PLACE)
vectors = importlib.util.module_from_spec(_spec)
sys.modules.setdefault(_spec.name, vectors)
_spec.loader.exec_module(vectors)

KEYS = {Algorithm.ES256: vectors.P256, Algorithm.EDDSA: vectors.ED25519}
TRUST = TrustList((vectors.P256.trusted(), vectors.ED25519.trusted()), (vectors.PASS_KEY,))
NOW, ISSUED, EXPIRES = vectors.NOW, vectors.ISSUED, vectors.EXPIRES


def issue(household, key=vectors.ED25519, issued=ISSUED, expires=EXPIRES, seed=1, **how):
    """A pass whose own id follows from `seed`."""
    return entry_pass.issue(
        household, key, issued=issued, expires=expires, randomness=random.Random(seed).randbytes, **how
    )


def verify(text, trust=TRUST, now=NOW) -> Accepted | Refused:
    return entry_pass.verify(text, trust, now)
