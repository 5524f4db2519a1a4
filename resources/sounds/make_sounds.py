"""Makes the sounds of this folder from sine waves: for builders; the program never runs it.

    python make_sounds.py

Day and night differ in loudness alone. No sound tells anything that the screen does not show.
"""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
RATE = 22_050
"""Samples a second, mono, 16 bits."""
LOUD: Mapping[str, float] = {"": 0.5, "night": 0.08}
"""Folder → the height of the waves, of the most that fits: at night about 16 dB less."""
SOFTER: Mapping[str, float] = {"tick": 0.4}
"""Sounds that come often."""
FADE_MS = 8
"""Every note comes and goes this softly: a wave cut off clicks."""

SOUNDS: Mapping[str, tuple[tuple[float, int], ...]] = {
    "ok": ((784, 80), (1175, 100)),
    "attention": ((660, 180),),
    "error": ((262, 160), (0, 40), (208, 160)),
    "tick": ((1000, 25),),
}
"""Name → notes of so many hertz and milliseconds; 0 is a rest. Rising is good, falling is not; one tick for
all keys, so that nobody hears which digit was pressed."""


def note(hertz: float, milliseconds: int, loud: float) -> Iterator[int]:
    """The samples of one note."""
    count, fade = RATE * milliseconds // 1000, RATE * FADE_MS // 1000
    for place in range(count):
        soft = min(1.0, place / fade, (count - 1 - place) / fade)
        yield round(32_767 * loud * soft * math.sin(2 * math.pi * hertz * place / RATE))


def main() -> None:
    """Make them all."""
    for folder, loud in LOUD.items():
        (HERE / folder).mkdir(exist_ok=True)
        for name, notes in SOUNDS.items():
            samples = [
                sample for hertz, spent in notes for sample in note(hertz, spent, loud * SOFTER.get(name, 1))
            ]
            with wave.open(str(HERE / folder / f"{name}.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(RATE)
                file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


if __name__ == "__main__":
    main()
