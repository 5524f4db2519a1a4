"""How many codes the live cascade reads, and how fast, beside pyzbar alone on the same frames.

Every frame is drawn, not photographed, and seen once: at a desk a second one follows 33 ms later.
"""

from __future__ import annotations

import random
import time

import numpy as np

from kiosk.bench.figures import Figure, Result, median, rounded
from kiosk.bench.passes import hold_up
from kiosk.camera.decode import Decoder, read_with_pyzbar
from kiosk.camera.picture import as_grey
from kiosk.camera.synthetic import CONDITIONS
from kiosk.core.entry_pass import IssuerKey

ROUNDS = 20


def measure(rounds: int = ROUNDS, seed: int = 1) -> Result:
    """Read `rounds` frames of each condition in both ways, in turn."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    issuer = IssuerKey.generate("431001")
    decoder = Decoder()
    warm = hold_up(rng, noise, issuer).frame
    decoder.read(warm, thorough=True)
    read_with_pyzbar(as_grey(warm))
    figures: list[Figure] = []
    all_ours, all_peers, hits, peer_hits = [], [], 0, 0
    for condition in CONDITIONS:
        ours, peers, read, peer_read = [], [], 0, 0
        for _ in range(rounds):
            held = hold_up(rng, noise, issuer, condition)
            begun = time.perf_counter()
            read += held.text in decoder.read(held.frame).texts
            between = time.perf_counter()
            peer_read += held.text in read_with_pyzbar(as_grey(held.frame)).texts
            ours.append(between - begun)
            peers.append(time.perf_counter() - between)
        figures += [
            _percent(f"{condition}_read_pct", read, rounds, f"{condition}: read"),
            _percent(f"{condition}_pyzbar_read_pct", peer_read, rounds, f"{condition}: read by pyzbar alone"),
            _ms(f"{condition}_median_ms", ours, f"{condition}: a frame"),
            _ms(f"{condition}_pyzbar_median_ms", peers, f"{condition}: a frame, pyzbar alone"),
        ]
        all_ours += ours
        all_peers += peers
        hits += read
        peer_hits += peer_read
    whole = (
        _percent("read_pct", hits, len(all_ours), "all: read"),
        _percent("pyzbar_read_pct", peer_hits, len(all_peers), "all: read by pyzbar alone"),
        _ms("median_ms", all_ours, "all: a frame"),
        _ms("pyzbar_median_ms", all_peers, "all: a frame, pyzbar alone"),
    )
    note = "Frames are drawn, not photographed; each is seen once, with one second look as live."
    return Result("scan", (*whole, *figures), (note,))


def _percent(key: str, count: int, of: int, says: str) -> Figure:
    return Figure(key, rounded(100 * count / of), "%", says)


def _ms(key: str, seconds: list[float], says: str) -> Figure:
    return Figure(key, rounded(median(seconds) * 1000), "ms", says)
