"""A pass stays small enough for a webcam, also for people whom no dictionary knew."""

from __future__ import annotations

import hashlib
import random
import re
import tomllib

import pytest

import resources
from kiosk.bench import pass_sizes
from kiosk.core.entry_pass import issue_codes
from pass_vectors import EXPIRES, ISSUED, vectors
from resources.dictionaries import make_pass


def codes(members, where, turn):
    rng = random.Random(f"{members} {where} {turn}")
    home = pass_sizes.measured_household(rng, members, elsewhere=where == "elsewhere")
    return issue_codes(home, vectors.P256, issued=ISSUED, expires=EXPIRES, randomness=rng.randbytes)


@pytest.mark.parametrize(("members", "at_most"), pass_sizes.SIZES.items())
def test_a_pass_stays_small(members, at_most):
    """Passes of 1, 2, 4 and 7 members keep to their sizes, half of them from towns never heard of."""
    made = [codes(members, where, turn) for where in ("here", "elsewhere") for turn in range(50)]
    assert all(len(one) == 1 for one in made)
    assert sum(pass_sizes.size(one[0]) for one in made) / len(made) <= at_most
    versions = [pass_sizes.version(one[0]) for one in made]
    assert sum(version <= pass_sizes.READABLE for version in versions) >= 0.99 * len(made)


def test_half_of_the_measured_is_unknown_to_the_dictionary():
    """No town, municipality or note of the other half stands in the dictionary or its words."""
    known = resources.read_text("dictionaries/pass-1.toml")
    packed = resources.read_bytes("dictionaries/pass-1.dict")
    apart = tomllib.loads(resources.read_text("demo/elsewhere.toml"))
    for row in apart["towns"].split():
        place = re.fullmatch(
            r"\d{7}(?P<prefecture>.{2,3}?[都道府県])(?:.+?郡)?(?P<city>.+?[市町村])(?P<town>.+)", row
        )
        for part in (place["city"], place["town"]):
            assert part not in known
            assert part.encode() not in packed
    for note in apart["notes"].split():
        assert note not in known
        assert note.encode() not in packed


def test_the_dictionary_is_made_of_its_words():
    """The shipped dictionary comes out of the published words: version 1 never changes."""
    made = make_pass.build(make_pass.words())
    assert made == resources.read_bytes("dictionaries/pass-1.dict")
    digest = "c0184d8d6352ed222465759c06ee83b1bae0be68e4e457b0cc5fca8db75a5088"
    assert hashlib.sha256(made).hexdigest() == digest
    # Deflate looks 32 KiB back: beyond, the beginning would be out of reach for large claims.
    assert len(made) <= 28 * 1024
