"""Every screen in every language, size and scaling, looked at by the checker of `tests/helpers/looks.py`.

The scaling of a display is fixed when Qt starts, so each has a process of its own: this file, run as a
program with the matters to look at as JSON, answers with what it saw.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

HELPERS = Path(__file__).resolve().parents[1] / "helpers"
DISPLAYS = (
    (1366, 768, 1.0),
    (1280, 720, 1.0),
    (1920, 1080, 1.0),
    (3840, 2160, 1.0),
    (1366, 768, 1.25),
    (1366, 768, 1.5),
    (1366, 768, 2.0),
    (1920, 1080, 1.25),
    (1920, 1080, 1.5),
    (3840, 2160, 1.5),
    (3840, 2160, 2.0),
)
"""Pixels of the display, and what the system enlarges by."""
DRESSES = ("light", "night")
AT_ONCE = 6
"""Walks a process does before it makes room for the next."""


def overlap(rounds: int, rng: random.Random) -> soak.Outcome:
    """Walk through all states, a language on a display at a time."""
    from ui.words import OFFERED

    seen = soak.Outcome()
    walks = list(itertools.product(DISPLAYS, OFFERED))
    rng.shuffle(walks)
    walks = [(display, language, DRESSES[place % 2]) for place, (display, language) in enumerate(walks)]
    states = 0
    chosen = sorted(walks[:rounds], key=lambda walk: walk[0][2])
    for factor, group in itertools.groupby(chosen, key=lambda walk: walk[0][2]):
        for some in _in_lots(list(group), AT_ONCE):
            answer = _child(factor, some)
            if answer is None:
                seen.fail(f"a process that walked {some} ended badly")
                continue
            for walked in answer:
                seen.rounds += 1
                states += walked["states"]
                seen.worst_ms = max(seen.worst_ms, walked["ms"])
                for wrong in walked["wrong"]:
                    seen.fail(wrong)
    seen.notes.append(f"{states:,} screens looked at")
    return seen


def _in_lots(walks: list, size: int) -> list[list]:
    return [walks[start : start + size] for start in range(0, len(walks), size)]


def _child(factor: float, walks: list) -> list | None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(factor),
        "PYTHONPATH": os.pathsep.join([str(HELPERS), *sys.path]),
    }
    ended = subprocess.run(
        [sys.executable, __file__, json.dumps(walks)], stdout=subprocess.PIPE, env=environment, check=False
    )
    try:
        return json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return None


def _walk(walks: list) -> list[dict]:
    import looks
    from ui.theme import Dress

    answers = []
    for (width, height, factor), language, dress in walks:
        begun, states, wrong = time.perf_counter(), 0, []
        for name, said in looks.walk(language, (round(width / factor), round(height / factor)), Dress(dress)):
            states += 1
            wrong += [f"{width}x{height} at {factor:g}, {language}, {dress}, {name}: {one}" for one in said]
        spent = (time.perf_counter() - begun) * 1000
        answers.append({"states": states, "wrong": wrong, "ms": spent})
    return answers


if __name__ == "__main__":
    print(json.dumps(_walk(json.loads(sys.argv[1]))))
else:
    import soak

    SOAKS = [
        soak.Soak(
            "ui.overlap",
            "No text is cut, covered, small or pale: nine languages, 11 sizes and scalings",
            overlap,
            short=0,  # the suite has a walk of its own in tests/ui
            long=len(DISPLAYS) * 9,
        )
    ]
