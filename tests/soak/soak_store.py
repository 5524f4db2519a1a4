"""Nothing that was acknowledged is lost, whatever happens to the program, the disk, the clock or the bits."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aftermath import lines, patient, wrong
from faultlab import Stage
from kiosk.core.household import Method, Mode
from kiosk.desk import Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import backup, opening, salvage
from kiosk.store.cipher import StoreKey
from kiosk.store.entrance import prove
from kiosk.store.gate import Gate
from kiosk.store.parts import DATABASE, WAL
from powercut import Recorded, lay, read, scratch
from soak import Outcome, Soak
from sync import outbox

START = 1_700_000_000.0


@contextmanager
def laboratory() -> Iterator[tuple[Stage, Path]]:
    """A stage, and a folder for what is played on it."""
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name, Stage() as stage:
        yield stage, Path(name)


# -- killed ----------------------------------------------------------------------------------------------

KILLS_A_STORE = 25
LONGEST_LIFE, LONGEST_LIFE_ON_DISK = 0.2, 0.6
"""Seconds: long enough to open, receive and publish, short enough to be killed in each of these."""


def killed(rounds: int, rng: random.Random) -> Outcome:
    """`kiosk write-forever`, killed at any moment, opened again, and again."""
    outcome, total = Outcome(), 0
    with laboratory() as (stage, memory), tempfile.TemporaryDirectory(prefix="soak-") as disk:
        acknowledged: list[str] = []
        for number in range(rounds):
            # What is killed is the program, not the disk: most lives are spent in memory, and are fast.
            on_disk = number // KILLS_A_STORE % 8 == 0
            folder = Path(disk) if on_disk else memory
            data, says = folder / f"kiosk{number // KILLS_A_STORE}", folder / f"says{number}"
            if number % KILLS_A_STORE == 0:
                acknowledged = []
            life = rng.uniform(0, LONGEST_LIFE_ON_DISK if on_disk else LONGEST_LIFE)
            child = stage.begin(do="forever", data=str(data), says=str(says))
            time.sleep(life)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            ended = stage.end()
            new = [line.split()[1] for line in lines(says, "ACK")]
            acknowledged += new
            total += len(new)
            last = number % KILLS_A_STORE == KILLS_A_STORE - 1 or number == rounds - 1
            with outcome.timed():
                found = wrong(data, acknowledged, thorough=False, gate=Gate(data))
            if last:
                found += wrong(data, acknowledged, deep=True)
                shutil.rmtree(data, ignore_errors=True)
            if found or ended != -signal.SIGKILL:
                outcome.fail(f"kill {number} after {life * 1000:.0f} ms (ended {ended}): {found[:2]}")
    outcome.notes.append(f"{total:,} receptions were acknowledged")
    return outcome


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
    if ended != 0:
        yield f"seed {seed}: the evening itself ended with {ended}"
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


# -- with a clock gone mad -------------------------------------------------------------------------------

JUMPS = (1, 60, 3600, 8 * 3600, 86400, 365 * 86400, 10 * 365 * 86400)
PLACES = (0.0, 1.0, 2147483647.0, 2147483648.0, 4102444800.0)
"""1970, the end of 32 bits, 2100."""


def clock(rounds: int, rng: random.Random) -> Outcome:
    """The wall clock jumps before every reception, and at restarts too."""
    outcome, wall = Outcome(), [START]
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name:
        data, received = Path(name) / "kiosk", []
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF, wall=lambda: wall[0])
        store = None
        for number in range(rounds):
            step = rng.choice(JUMPS) * rng.choice((-1, 1))
            wall[0] = rng.choice(PLACES) if rng.random() < 0.1 else max(0.0, wall[0] + step)
            if store is None:
                store = opening.unlock(data, opening.PRACTICE_PASSPHRASE, wall=lambda: wall[0])
            desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
            with outcome.timed():
                try:
                    got = desk.receive(
                        Arrival(Method.DESK, desk.new_household([desk.new_person(name="練習")]))
                    )
                except KnownError as error:
                    outcome.fail(f"jump {number} to {wall[0]:.0f}: refused with {error.code}")
                    continue
            assert isinstance(got, Received)
            received.append(got.row.household.id.hex())
            if rng.random() < 0.1:
                store.close()
                store = None
        if store is not None:
            store.close()
        for found in wrong(data, received, deep=True):
            outcome.fail(found)
        with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
            times = [event.at for event in store.ledger.parts.log.events()]
            if times != sorted(set(times)):
                outcome.fail("the order of the chain and of the clock differ")
            if len(store.ledger.households()) != len(received):
                outcome.fail("households were erased or doubled")
    return outcome


# -- with flipped bits -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Whole:
    """A store as it is before a bit flips in it."""

    folder: Path
    acknowledged: tuple[str, ...]


def flipped(rounds: int, rng: random.Random) -> Outcome:
    """One bit flips, in any file that holds what people told us, or opens it."""
    outcome, found_by = Outcome(), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name:
        home = Path(name)
        resting, killed_one = _whole(home / "resting", rng), _whole(home / "killed", rng, killed_=True)
        copy_of = home / "copy.kiosk-backup"
        with opening.unlocked(resting.folder, opening.PRACTICE_PASSPHRASE) as store:
            made = backup.write(
                store.ledger.parts,
                store.vault.key,
                store.vault.slots.to_bytes(),
                "練習",
                copy_of,
                lambda: START,
            )
        for _ in range(rounds):
            target = rng.choice(("db", "wal", "slots", "outbox", "witness", "spare", "backup"))
            with outcome.timed():
                if target == "backup":
                    where, what = _flip_backup(made.path, home / "flipped", rng)
                else:
                    whole = killed_one if target == "wal" else resting
                    where, what = _flip(whole, home / "flipped", target, rng)
            found_by[what or "nobody"] += 1
            if not what:
                outcome.fail(f"{where}: nobody noticed")
            elif what.startswith("!"):
                outcome.fail(f"{where}: {what}")
    outcome.notes.append("found by " + ", ".join(f"{what} {times}" for what, times in found_by.most_common()))
    return outcome


def _whole(folder: Path, rng: random.Random, *, killed_: bool = False) -> _Whole:
    data = folder / "kiosk"
    opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    desk = Desk(store.ledger, Mode.DRILL, lambda: None, rng.randbytes, store.access)
    acknowledged = []

    def receive(number: int) -> None:
        for _ in range(number):
            person = desk.new_person(name="練習　太郎", kana="レンシュウ　タロウ")
            got = desk.receive(Arrival(Method.DESK, desk.new_household([person], address="練習市1-2-3")))
            assert isinstance(got, Received)
            acknowledged.append(got.row.household.id.hex())

    receive(30)
    store.ledger.publish()
    store.ledger.rest()
    receive(8)  # fewer than a new write-ahead log takes: every frame of it is alive
    kept = folder / "whole"
    if killed_:
        shutil.copytree(data, kept)
        store.close()
    else:
        store.ledger.publish()
        store.close()
        with opening.unlocked(data, opening.PRACTICE_PASSPHRASE):
            pass
        shutil.copytree(data, kept)
    shutil.rmtree(data)
    return _Whole(kept, tuple(acknowledged))


def _flip(whole: _Whole, folder: Path, target: str, rng: random.Random) -> tuple[str, str]:
    shutil.copytree(whole.folder, folder)
    path = {
        "db": folder / DATABASE,
        "wal": folder / WAL,
        "slots": folder / rng.choice(("keys.cbor", "keys.copy.cbor")),
        "outbox": rng.choice(sorted(outbox.folder(folder).glob("*.seg"))),
        "witness": folder / "witness",
        "spare": folder / "spare.keys",
    }[target]
    size = path.stat().st_size
    # SQLCipher never reads the first bytes of the file, the salt: it comes with the key.
    place, bit = rng.randrange(16 if target == "db" else 0, size), rng.randrange(8)
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    before = path.read_bytes()
    path.write_bytes(content)
    # Of some files there are two, and a copy that differs is written again from the other.
    what = _noticed(folder, whole) or ("mended" if path.exists() and path.read_bytes() == before else "")
    if target == "db" and what:
        left = _repaired(folder, whole)
        what = f"!not made whole again: {left}" if left else what
    shutil.rmtree(folder)
    return f"{path.name} byte {place} bit {bit}", what


def _repaired(folder: Path, whole: _Whole) -> list[str]:
    """What is still wrong after `kiosk check --repair`: everything had been laid for HQ."""
    keys = prove(folder, opening.PRACTICE_PASSPHRASE, gate=patient(folder)).keys
    salvage.salvage(
        folder, [StoreKey.from_bytes(key) for key in keys], opening.read_sheet(folder), lambda: START
    )
    return wrong(folder, list(whole.acknowledged), deep=True)


def _noticed(folder: Path, whole: _Whole) -> str:
    """Who noticed; begins with `!` when the damage was used without a word."""
    try:
        with closing(opening.unlock(folder, opening.PRACTICE_PASSPHRASE, gate=patient(folder))) as store:
            here = {household.hex() for household in store.ledger.households()}
            notices = [notice.code for notice in store.ledger.notices]
            problems = store.ledger.problems(deep=True)
            names = {
                person.name for row in store.ledger.roster(limit=100) for person in row.household.members
            }
            if not notices and not problems:
                if here != set(whole.acknowledged) or names != {"練習　太郎"}:
                    return "!silently other"
                return ""
            if here != set(whole.acknowledged) and "log_cut" not in notices:
                return f"!lost without a word: {notices} {problems[:1]}"
            return notices[0] if notices else "check"
    except KnownError as error:
        return error.code


def _flip_backup(path: Path, flipped_one: Path, rng: random.Random) -> tuple[str, str]:
    content = bytearray(path.read_bytes())
    place, bit = rng.randrange(len(content)), rng.randrange(8)
    content[place] ^= 1 << bit
    flipped_one.write_bytes(content)
    try:
        backup.read(flipped_one)
    except KnownError as error:
        return f"backup byte {place} bit {bit}", error.code
    finally:
        flipped_one.unlink()
    return f"backup byte {place} bit {bit}", ""


# -- names that must not be found ------------------------------------------------------------------------

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
        "store-killed",
        "Killed at any moment, nothing acknowledged is lost, and the desk is open again within 2 s.",
        killed,
        short=6,
        long=1000,
        limit_ms=2000,
    ),
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
    Soak(
        "store-clock-jumps",
        "Whatever the clock says, every reception is taken, in the order of the chain; nothing goes.",
        clock,
        short=40,
        long=500,
    ),
    Soak(
        "store-bit-flips",
        "Every flipped bit is found, none is used without a word, and the database is made whole again.",
        flipped,
        short=40,
        long=1000,
    ),
    Soak(
        "store-canaries",
        "A name stands in no log, error, temporary file, segment, backup or crash dump.",
        canaries,
        short=2,
        long=60,
    ),
]
