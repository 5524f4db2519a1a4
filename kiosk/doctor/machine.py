"""The laptop itself: is there power, room and a clock for a night of receptions?"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.checkup import Check, Finding, Number, Words, absent, attention, broken, ok, unknown
from kiosk.core.clock import JAPAN
from kiosk.doctor.patient import Patient
from kiosk.errors import KnownError
from kiosk.laptop import disk, memory, power
from kiosk.laptop.disk import Volume
from kiosk.store import ballast, outside

GROUP = Words("このパソコン", "This laptop")

GIGABYTE, MEGABYTE = 1_000_000_000, 1_000_000
ROOM_LOW, ROOM_LEAST = 2 * GIGABYTE, ballast.LOW
"""Below the first there is time to make room; below the second the desk itself asks for it."""
SLOW_WRITE_MS = 100.0
"""A disk that needs longer to promise one page is felt at every reception."""
MEMORY_LEAST = 500 * MEGABYTE
BATTERY_LOW, BATTERY_LAST = 30, 10
"""Percent, on battery alone."""
SHORT_SLEEP = 3600
"""Seconds: a laptop that sleeps sooner does so in the lulls of a night."""
EARLIEST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp()
LIFETIME = 15 * 366 * 86_400.0
"""A clock further ahead of the program than this is wrong, not late."""
SLACK = 120.0
"""Seconds by which a clock may step back when it is put right."""

_ASK_FOR_ROOM = Words("いらない ファイルを 消して、空きを 作ってください。", "Delete what is not needed.")


def space(patient: Patient) -> Finding:
    """Room on the disk of the data folder."""
    free = shutil.disk_usage(disk.existing(patient.data)).free
    told = f"{free / GIGABYTE:.1f} GB"
    numbers: dict[str, Number] = {"free_bytes": free, "ballast": (patient.data / ballast.NAME).exists()}
    if free < ROOM_LEAST:
        says = Words(f"空きが ほとんど ありません（{told}）。", f"Almost no room is left ({told}).")
        return broken("disk_nearly_full", says, _ASK_FOR_ROOM, **numbers)
    if free < ROOM_LOW:
        says = Words(f"空きが 少なく なっています（{told}）。", f"Room is getting low ({told}).")
        return attention("disk_low", says, _ASK_FOR_ROOM, **numbers)
    return ok(Words(f"空きは {told} あります。", f"{told} free."), **numbers)


def writing(patient: Patient) -> Finding:
    """What a promise to keep a page costs here."""
    try:
        took = disk.try_writing(disk.existing(patient.data), patient.monotonic)
    except KnownError as error:
        return broken(
            error.code,
            Words("保存する場所に 書けません。", f"The data folder can not be written: {error.english}."),
            Words(
                "空きと、書きこみの 許可を 係の人に 見てもらってください。",
                "Look at its free room, its owner and its permissions.",
            ),
        )
    numbers: dict[str, Number] = {
        "median_ms": round(took.median_ms, 2),
        "worst_ms": round(took.worst_ms, 2),
    }
    told = f"{took.median_ms:.1f} ms"
    if took.median_ms > SLOW_WRITE_MS:
        return attention(
            "disk_slow",
            Words(f"書きこみが おそいです（1回 {told}）。", f"Writing is slow ({told} a page)."),
            Words(
                "ほかの ソフトを 終わらせ、本体の ディスクに 保存してください。",
                "End other programs, and keep the data folder on the laptop's own disk.",
            ),
            **numbers,
        )
    says = Words(
        f"書きこめます（1回 {told}）。", f"Written and synced in {told} (worst {took.worst_ms:.1f} ms)."
    )
    return ok(says, **numbers)


_MOVE = Words(
    "係の人に、本体の ディスクに 保存するように してもらってください。",
    "Keep the data folder on the laptop's own disk (--data).",
)


@dataclass(frozen=True, slots=True)
class _BadPlace:
    """A kind of place that records should not lie in."""

    is_it: Callable[[Volume], object]
    code: str
    says: Words
    make: Callable[..., Finding] = attention


_BAD_PLACES = (
    _BadPlace(
        lambda volume: volume.read_only,
        "disk_read_only",
        Words("ディスクが 読み取り専用です。", "The disk is read-only"),
        broken,
    ),
    _BadPlace(
        lambda volume: volume.kind in disk.FORGETFUL,
        "disk_forgets",
        Words("電源を 切ると 消える場所に 保存します。", "The data folder is gone at power-off"),
    ),
    _BadPlace(
        lambda volume: volume.kind in disk.NETWORK,
        "disk_on_network",
        Words("ネットワークの 向こうに 保存します。", "The data folder lies on a network"),
    ),
    _BadPlace(
        lambda volume: volume.removable,
        "disk_removable",
        Words("抜き取れる ディスクに 保存します。", "The disk can be pulled out"),
    ),
    _BadPlace(
        lambda volume: volume.kind in disk.NO_JOURNAL,
        "disk_fragile",
        Words("停電に 弱い 形式の ディスクです。", "A power cut can damage this kind of file system"),
    ),
)
"""The worst first."""


def filesystem(patient: Patient) -> Finding:
    """What kind of place the data folder is."""
    volume = disk.volume(disk.existing(patient.data), patient.root, patient.platform, patient.ask)
    if volume is None:
        says = Words("ディスクの 種類は わかりません。", "The kind of disk is not known.")
        return unknown("disk_kind_unknown", says)
    numbers: dict[str, Number] = {"kind": volume.kind, "removable": volume.removable}
    for place in _BAD_PLACES:
        if place.is_it(volume):
            says = Words(place.says.ja, f"{place.says.en} ({volume.kind}).")
            return place.make(place.code, says, _MOVE, **numbers)
    return ok(Words(f"本体の ディスクです（{volume.kind}）。", f"A built-in disk, {volume.kind}."), **numbers)


def clock(patient: Patient) -> Finding:
    """Can this be the right time? Only a person with a watch knows."""
    now = patient.wall()
    told = dt.datetime.fromtimestamp(now, JAPAN).strftime("%Y年%m月%d日 %H時%M分")
    english = dt.datetime.fromtimestamp(now, JAPAN).strftime("%Y-%m-%d %H:%M Japan time")
    set_it = Words("パソコンの 日付と 時刻を 合わせてください。", "Set the laptop's date and time.")
    made = patient.built()
    earliest = max(EARLIEST, made or 0.0)
    numbers: dict[str, Number] = {"now": round(now)}
    if now < earliest - SLACK:
        says = Words(
            f"時計が {told} で、この ソフトが できた日より 前です。",
            f"The clock says {english}, before this program was made.",
        )
        return attention("clock_before_program", says, set_it, **numbers)
    if now > earliest + LIFETIME:
        says = Words(f"時計が {told} と、先すぎます。", f"The clock says {english}, which is too far ahead.")
        return attention("clock_far_ahead", says, set_it, **numbers)
    newest = outside.newest_change(patient.data)
    if newest is not None and now < newest - SLACK:
        behind = round((newest - now) / 60)
        return attention(
            "clock_behind_records",
            Words(
                f"時計が {told} で、前に 保存した 記録より {behind}分 もどっています。",
                f"The clock says {english}, {behind} minutes before the newest record.",
            ),
            set_it,
            **numbers,
            behind_s=round(newest - now),
        )
    watch = Words("うで時計などと くらべてください。", "Compare it with a watch.")
    return ok(Words(f"時計は {told} です。", f"The clock says {english}."), watch, **numbers)


def time_zone(patient: Patient) -> Finding:
    """The desk shows Japan's time whatever this says; files and other programs do not."""
    east = patient.seconds_east()
    if east == JAPAN.utcoffset(None).total_seconds():
        return ok(Words("時間帯は 日本です。", "The time zone is Japan's."), seconds_east=east)
    return attention(
        "not_japan_time",
        Words(
            "パソコンの 時間帯が 日本では ありません。",
            f"The laptop's zone is UTC{east / 3600:+g}, not Japan's.",
        ),
        Words(
            "受付の 時刻は 正しいままです。設定で 時間帯を 東京に してください。",
            "Receptions are timed right all the same; set the zone to Asia/Tokyo.",
        ),
        seconds_east=east,
    )


def time_service(patient: Patient) -> Finding:
    """Whether anybody keeps the clock right."""
    synchronised = patient.is_synchronised()
    if synchronised:
        return ok(Words("時計は 自動で 合わせられています。", "A time server keeps the clock right."))
    if synchronised is None:
        return unknown(
            "time_service_unknown",
            Words(
                "時計が 自動で 合っているかは わかりません。",
                "Whether a time server is followed is not known.",
            ),
        )
    return absent(
        "clock_unattended",
        Words("時計は 自動では 合わせられていません。", "No time server keeps the clock right."),
        Words(
            "ネットワークが なければ ふつうです。時刻を 目で 確かめてください。",
            "Without a network that is so; look at the time yourself.",
        ),
    )


def battery(patient: Patient) -> Finding:
    """How long the desk goes on when the power is cut."""
    told = power.read(patient.root, patient.platform)
    numbers: dict[str, Number] = {
        "percent": told.percent,
        "plugged": told.plugged,
        "minutes": told.minutes,
    }
    plug_in = Words("電源を つないでください。", "Plug in the mains.")
    if told.percent is None:
        if told.plugged is None:
            says = Words("電源の ことは わかりません。", "Nothing is told about power.")
            return unknown("power_unknown", says, **numbers)
        return absent(
            "no_battery",
            Words(
                "電池が ありません。停電すると 止まります。",
                "There is no battery: a power cut ends the desk.",
            ),
            Words(
                "予備の 電源が あれば つないでください。書き終わった 記録は 消えません。",
                "Use a backup supply if there is one; what was written stays.",
            ),
            **numbers,
        )
    minutes = "" if told.minutes is None else f"、あと およそ{told.minutes}分"
    left = "" if told.minutes is None else f", about {told.minutes} minutes left"
    if told.plugged is not False:
        says = Words(
            f"電源に つながっています（電池 {told.percent}%）。", f"On mains, battery {told.percent}%."
        )
        return ok(says, **numbers)
    says = Words(f"電池で 動いています（{told.percent}%{minutes}）。", f"On battery, {told.percent}%{left}.")
    if told.percent < BATTERY_LAST:
        return broken("battery_nearly_empty", says, plug_in, **numbers)
    if told.percent < BATTERY_LOW:
        return attention("battery_low", says, plug_in, **numbers)
    return ok(says, plug_in, **numbers)


def sleep(patient: Patient) -> Finding:
    """Whether the laptop will fall asleep while nobody comes."""
    told = power.sleep(patient.root, patient.platform, patient.ask)
    numbers: dict[str, Number] = {"plugged_s": told.plugged, "battery_s": told.battery}
    known = [seconds for seconds in (told.plugged, told.battery) if seconds is not None]
    settings = Words(
        "電源の 設定で、スリープを「なし」に してください。", "Set sleep to “never” in the power settings."
    )
    if not known:
        says = Words("スリープの 設定は わかりません。", "The sleep settings are not known.")
        return unknown("sleep_unknown", says, settings, **numbers)
    soon = min((seconds for seconds in known if seconds), default=0)
    if 0 < soon < SHORT_SLEEP:
        says = Words(
            f"{round(soon / 60)}分 さわらないと スリープします。",
            f"The laptop sleeps after {round(soon / 60)} minutes without a key.",
        )
        return attention("sleeps_soon", says, settings, **numbers)
    return ok(Words("すぐには スリープしません。", "The laptop does not fall asleep soon."), **numbers)


def working_memory(patient: Patient) -> Finding:
    """Whether there is room to work in."""
    told = memory.read(patient.root, patient.platform)
    if told is None:
        return unknown("memory_unknown", Words("メモリの 量は わかりません。", "The memory is not known."))
    numbers: dict[str, Number] = {"available_bytes": told.available, "total_bytes": told.total}
    free, total = (f"{size / GIGABYTE:.1f} GB" for size in (told.available, told.total))
    if told.available < MEMORY_LEAST:
        says = Words(f"メモリの 空きが 少ないです（{free}）。", f"Little memory is free: {free} of {total}.")
        return attention(
            "memory_low",
            says,
            Words("ほかの ソフトを 終わらせてください。", "End other programs."),
            **numbers,
        )
    return ok(Words(f"メモリは {free} 空いています。", f"{free} of {total} free."), **numbers)


CHECKS: tuple[Check[Patient], ...] = (
    Check("space", Words("空き容量", "disk space"), space, group=GROUP),
    Check("writing", Words("書きこみ", "writing"), writing, seconds=20.0, group=GROUP),
    Check("filesystem", Words("ディスク", "disk"), filesystem, group=GROUP),
    Check("clock", Words("時計", "clock"), clock, group=GROUP),
    Check("time_zone", Words("時間帯", "time zone"), time_zone, group=GROUP),
    Check("time_service", Words("時刻合わせ", "time service"), time_service, group=GROUP),
    Check("battery", Words("電源", "power"), battery, group=GROUP),
    Check("sleep", Words("スリープ", "sleep"), sleep, seconds=10.0, group=GROUP),
    Check("memory", Words("メモリ", "memory"), working_memory, group=GROUP),
)
