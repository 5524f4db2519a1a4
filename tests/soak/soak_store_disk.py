"""A disk that loses its power, fills up or fails takes nothing with it that was acknowledged."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aftermath import lines, wrong
from faultlab import Stage, laboratory
from powercut import Recorded, lay, read
from soak import Outcome, Soak

# -- without power ---------------------------------------------------------------------------------------

CUTS_A_RECORD = 250
CONTROL_CUTS = 40


def power_cut(rounds: int, rng: random.Random) -> Outcome:
    """A recorded evening, cut at any moment; and two controls that must be seen to fail."""
    outcome = Outcome()
    with laboratory() as (stage, folder):
        done = 0
        while done < rounds:
            number = min(CUTS_A_RECORD, rounds - done)
            for found in filter(None, _cuts(stage, folder, number, rng, outcome)):
                outcome.fail(found)
            done += number
        for what, habit in (
            ("synchronous=NORMAL", {"normal": True}),
            ("a witness written before the commit", {"witness_first": True}),
        ):
            failed = sum(map(bool, _cuts(stage, folder, CONTROL_CUTS, rng, Outcome(), **habit)))
            outcome.notes.append(f"control: with {what}, {failed} of {CONTROL_CUTS} cuts lose or alarm")
            if not failed:
                outcome.fail(f"with {what} nothing was lost: the harness sees nothing")
    return outcome


def _cuts(
    stage: Stage, folder: Path, number: int, rng: random.Random, outcome: Outcome, **habit: bool
) -> Iterator[str]:
    """What was wrong after each of `number` cuts in one evening, nothing where all was well."""
    seed = rng.randrange(1 << 30)
    data, record = folder / f"kiosk{seed}", folder / f"record{seed}"
    data.mkdir()
    ended = stage.play(
        do="desk",
        data=str(data),
        says=str(folder / f"says{seed}"),
        seed=seed,
        households=40,
        record=str(record),
        **habit,
    )
    # Not one of the cuts: a control must not pass because its evening never was.
    assert ended == 0, f"seed {seed}: the evening itself ended with {ended}"
    recorded = Recorded(data, read(record))
    for _ in range(number):
        place, cut = rng.randint(0, len(recorded.calls)), rng.randrange(1 << 30)
        disk = lay(recorded.cut(place, random.Random(cut)), folder / "disk")
        disk.mkdir(exist_ok=True)
        acknowledged = [note[4:] for note in recorded.notes(place) if note.startswith("ACK ")]
        with outcome.timed():
            found = wrong(disk, acknowledged)
        yield f"seed {seed}, call {place}, cut {cut}: {found[:2]}" if found else ""
        shutil.rmtree(disk)
    shutil.rmtree(data)
    record.unlink()


# -- full ------------------------------------------------------------------------------------------------

MOST_ROOM = 48 * 1024


def full(rounds: int, rng: random.Random) -> Outcome:
    """The disk fills up in the middle of an evening, at whatever step, and is emptied again."""
    outcome, refused = Outcome(), Counter[str]()
    with laboratory() as (stage, folder), _small_disk() as mounted:
        for number in range(rounds):
            # A small real disk where we may mount one, and one that the preload library plays.
            real = mounted is not None and number % 2 == 0
            home = (mounted if real and mounted is not None else folder) / f"kiosk{number}"
            says, filler = folder / f"says{number}", home.with_name("filler")
            home.mkdir()
            room, seed = rng.randrange(MOST_ROOM), rng.randrange(1 << 30)
            with outcome.timed():
                ended = stage.play(
                    do="desk",
                    data=str(home),
                    says=str(says),
                    seed=seed,
                    households=60,
                    room=room,
                    filler=str(filler) if real else None,
                )
            filler.unlink(missing_ok=True)
            found = lines(says, "BUG") + [
                f"not readable while full: {code}" for code in lines(says, "UNREAD")
            ]
            # The desk goes on by itself as soon as there is room.
            found += [f"turned away with room on the disk: {code}" for code in lines(says, "TURNED_AWAY")]
            found += [f"{code} on a full disk" for code in lines(says, "REFUSED") if code != "disk_full"]
            found += wrong(home, lines(says, "ACK"), deep=True)
            refused.update(lines(says, "REFUSED"))
            shutil.rmtree(home)
            if found or ended:
                outcome.fail(
                    f"seed {seed}, {room} bytes of {'a real' if real else 'a played'} disk: {found[:3]}"
                )
    # One round's room may just do, with what the ballast gives.
    if rounds > 1 and not refused:
        outcome.fail("no disk was ever full: the rounds show nothing")
    outcome.notes.append(f"{sum(refused.values())} receptions refused, each in one sentence")
    outcome.notes.append("a small real disk was mounted" if mounted else "no right to mount: played only")
    return outcome


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A file system of a few megabytes, where this process may mount one."""
    with tempfile.TemporaryDirectory(prefix="soak-disk-") as name:
        mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", name]
        try:
            mounted = (
                os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
            )
        except OSError:
            mounted = False
        try:
            yield Path(name) if mounted else None
        finally:
            if mounted:
                subprocess.run(["/bin/umount", name], capture_output=True, check=False)


# -- failing ---------------------------------------------------------------------------------------------

ERRORS = ((errno.EIO, 15), (errno.ENOSPC, 7), (errno.EROFS, 7))
"""What fails, and in which calls: writes, syncs and names, and with EIO reads too."""


def failing(rounds: int, rng: random.Random) -> Outcome:
    """The n-th call to the disk fails, once or from then on, while a shelter is opened or receives."""
    outcome, codes = Outcome(), Counter[str]()
    with laboratory() as (stage, folder):
        template = folder / "template"
        template.mkdir()
        stage.play(do="desk", data=str(template), says=str(folder / "before"), seed=1, households=2)
        totals = [_calls(stage, folder, start) for start in (None, template)]
        every = [
            (start, call, for_good)
            for start, total in zip((None, template), totals, strict=True)
            for call in range(1, total + 1)
            for for_good in (False, True)
        ]
        chosen = every if rounds >= len(every) else rng.sample(every, rounds)
        for start, call, for_good in chosen:
            number, kinds = rng.choice(ERRORS)
            data, says = _fresh(folder, start), folder / "says"
            says.unlink(missing_ok=True)
            with outcome.timed():
                ended = stage.play(
                    do="desk",
                    data=str(data),
                    says=str(says),
                    seed=7,
                    households=12,
                    fail=(call, number, for_good, kinds),
                )
            found = lines(says, "BUG") + wrong(data, lines(says, "ACK"), deep=True)
            codes.update(lines(says, "TURNED_AWAY") + lines(says, "STOPPED"))
            shutil.rmtree(data)
            if found or ended:
                how = f"call {call} {errno.errorcode[number]} {'for good' if for_good else 'once'}"
                outcome.fail(f"{'opening' if start is None else 'receiving'}: {how}: {found[:2]}")
    outcome.notes.append(f"{totals[0]} calls in an opening, {totals[1]} in an evening")
    outcome.notes.append(
        "refused with " + ", ".join(f"{code} {times}" for code, times in codes.most_common())
    )
    return outcome


def _fresh(folder: Path, start: Path | None) -> Path:
    data = folder / "kiosk"
    if start is None:
        data.mkdir()
    else:
        shutil.copytree(start, data)
    return data


def _calls(stage: Stage, folder: Path, start: Path | None) -> int:
    """How many calls such an evening makes."""
    data, count = _fresh(folder, start), folder / "count"
    stage.play(
        do="desk", data=str(data), says=str(folder / "counted"), seed=7, households=12, count=str(count)
    )
    shutil.rmtree(data)
    return int(count.read_text())


SOAKS = [
    Soak(
        "store-power-cut",
        "On every disk a power cut may leave, all that was acknowledged is there, and nobody is alarmed.",
        power_cut,
        short=25,
        long=2000,
        limit_ms=2000,
    ),
    Soak(
        "store-disk-full",
        "A full disk acknowledges nothing, can be read, is told, and takes receptions again by itself.",
        full,
        short=4,
        long=120,
    ),
    Soak(
        "store-disk-failing",
        "Whichever call to the disk fails, once or for good: nothing false is said, nothing is damaged.",
        failing,
        short=25,
        long=2500,
    ),
]
