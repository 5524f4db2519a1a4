"""A name that stands nowhere else is looked for in everything a desk leaves on the disk."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from faultlab import Stage, laboratory
from soak import Outcome, Soak

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "unicode_escape")
SYLLABLES = "アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロ"
IDEOGRAPHS = "金糸雀鶸鵯鶫椋鴉鵲翡翠鶺鴒鶉鴛鴦"


def canaries(rounds: int, rng: random.Random) -> Outcome:
    """A person whose names stand nowhere else is received, looked at, backed up, refused; then it crashes."""
    outcome, files = Outcome(), 0
    with laboratory() as (stage, folder):
        for place in range(rounds):
            crash, full_disk = rng.random() < 0.5, rng.random() < 0.5
            with outcome.timed():
                ended, found, seen = _named(stage, folder / "home", rng, full=full_disk, crash=crash)
            files += seen
            for path in found:
                outcome.fail(f"round {place}: a name stands in {path}")
            if ended != (-signal.SIGSEGV if crash else 0):
                outcome.fail(f"round {place}: the desk ended with {ended}")
        pattern = Path("/proc/sys/kernel/core_pattern").read_text()
        if pattern.startswith(("/", "|")):
            outcome.notes.append("core dumps go elsewhere here: no control was played")
        else:
            _, found, _ = _named(stage, folder / "home", rng, full=False, crash=True, private=False)
            outcome.notes.append(
                f"control: with its memory not kept private, names stand in {', '.join(found)}"
            )
            if not found:
                outcome.fail("a desk that lets its memory be dumped left no name: the harness sees nothing")
    outcome.notes.append(f"{files} files looked through")
    return outcome


def _named(stage: Stage, home: Path, rng: random.Random, **how: bool) -> tuple[int, list[str], int]:
    """How a desk with one person ended, in which files their names stand, and how many files there were."""
    home.mkdir()
    name = "".join(rng.sample(IDEOGRAPHS, 5)) + "\u3000" + "".join(rng.sample(IDEOGRAPHS, 4))
    kana = "".join(rng.sample(SYLLABLES, 7)) + "\u3000" + "".join(rng.sample(SYLLABLES, 5))
    number = "090" + "".join(rng.choices("0123456789", k=8))
    ended = stage.play(
        do="named",
        data=str(home / "kiosk"),
        says=str(home / "says"),
        name=name,
        kana=kana,
        number=number,
        **how,
    )
    secrets = list(_spellings(name, kana, number))
    files = [path for path in home.rglob("*") if path.is_file()]
    found = [
        path.relative_to(home).as_posix()
        for path in files
        if any(secret in content for content in (path.read_bytes(),) for secret in secrets)
    ]
    shutil.rmtree(home)
    return ended, found, len(files)


def _spellings(name: str, kana: str, number: str) -> Iterator[bytes]:
    """The words in every way they might be written down."""
    hiragana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in kana)
    words = {part for text in (name, kana, hiragana) for part in (*text.split("\u3000"), text)} | {number}
    for word in words:
        for encoding in ENCODINGS:
            with suppress(UnicodeEncodeError):
                yield word.encode(encoding)
        yield word.encode().hex().encode()
        yield word.encode("unicode_escape").replace(b"\\u", b"\\\\u")


SOAKS = [
    Soak(
        "store-canaries",
        "A name stands in no log, error, temporary file, segment, backup or crash dump.",
        canaries,
        short=2,
        long=60,
    ),
]
