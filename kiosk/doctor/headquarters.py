"""The way to HQ: what waits, what was told, and whether HQ answers now. The desk needs none of it.

So nothing here is ever broken for want of a network; the worst is that somebody should look.
"""

from __future__ import annotations

import contextlib
import datetime as dt

from kiosk.checkup import NOTHING, Check, Finding, Number, TooSlow, Words, absent, attention, ok, within
from kiosk.core.clock import JAPAN
from kiosk.core.ids import DeviceId
from kiosk.doctor.patient import Patient
from kiosk.doctor.records import NOT_YET, sheet_of
from kiosk.errors import KnownError
from sync import outbox
from sync.client import Answer
from sync.outbox import Link, Status

GROUP = Words("本部", "HQ")

LINK_SECONDS = 2.5
"""HQ is given so long to answer; nobody waits longer for something the desk does not need."""
WAITING_LONG = 30 * 60.0
"""Seconds after which what waits for the link is worth a word."""
SILENT = 180.0
"""Seconds: a sync process that is alive says something every minute."""
CLOCK_OFF = 120.0
"""Seconds between HQ's clock and this one that somebody should look at."""

_NO_HQ = Words("この 受付は 本部に 送りません。", "This desk was not told of an HQ.")
_BY_ITSELF = Words(
    "受付は 続けられます。回線が もどると 自動で 送られます。",
    "Reception goes on; everything is sent by itself when the link is back.",
)


def _none(patient: Patient) -> Finding | None:
    """Why there is nothing to say of HQ here, or None when there is an HQ."""
    try:
        sheet = sheet_of(patient)
    except (KnownError, OSError, UnicodeDecodeError):
        sheet = None  # said by the check of the shelter
    if sheet is None:
        return absent("not_opened", NOT_YET)
    return None if sheet.hq_url else absent("no_hq", _NO_HQ)


def waiting(patient: Patient) -> Finding:
    """What lies in the outbox and HQ has not acknowledged."""
    if (none := _none(patient)) is not None:
        return none
    folder = outbox.folder(patient.data)
    link, status = outbox.read_link(folder), outbox.read_status(folder)
    names = [] if link is None else outbox.segments(folder, link.device)
    known = status.hq_seq if status is not None else 0
    unsent = [name for name in names if name.last > known]
    events = max((name.last for name in unsent), default=known) - known
    sizes, times = [], []
    for name in unsent:
        with contextlib.suppress(OSError):
            found = (folder / str(name)).stat()
            sizes.append(found.st_size)
            times.append(found.st_mtime)
    oldest = max(0.0, patient.wall() - min(times)) if times else 0.0
    numbers: dict[str, Number] = {
        "segments": len(names),
        "unsent_segments": len(unsent),
        "unsent_events": events,
        "unsent_bytes": sum(sizes),
        "oldest_s": round(oldest),
    }
    if not unsent:
        return ok(Words("送っていない 記録は ありません。", "Nothing waits to be sent."), **numbers)
    says = Words(
        f"送っていない 記録が {events}件 あります（いちばん古いもの {_ago(oldest)}）。",
        f"{events} events wait to be sent, the oldest for {round(oldest / 60)} minutes.",
    )
    if oldest < WAITING_LONG:
        return ok(says, **numbers)
    return attention("unsent", says, _BY_ITSELF, **numbers)


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "日"), (3600, "時間"), (60, "分")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}前"
    return "今"


def link(patient: Patient) -> Finding:
    """Whether HQ answers now."""
    if (none := _none(patient)) is not None:
        return none
    folder = outbox.folder(patient.data)
    begun = patient.monotonic()
    try:
        told = outbox.read_link(folder)
        if told is None:
            says = Words("本部への つながりの 設定が ありません。", "There is no link to HQ in the outbox.")
            return attention("no_link", says, _BY_ITSELF)
        answer = _asked(patient, told)
    except TooSlow:
        says = Words("本部から 答えが ありません。", f"HQ does not answer within {LINK_SECONDS:g} seconds.")
        return attention("hq_unreachable", says, _BY_ITSELF)
    except KnownError as error:
        return attention(error.code, Words(error.sentence, f"{error.english}."), _BY_ITSELF)
    return _judge(answer, told.device, patient.wall(), patient.monotonic() - begun)


def _asked(patient: Patient, told: Link) -> Answer:
    hq = patient.hq(told.hq_url)
    try:
        return within(LINK_SECONDS, lambda: hq.heads(told.device))
    finally:
        hq.close()


def _judge(answer: Answer, device: DeviceId, now: float, took: float) -> Finding:
    known = device in answer.heads
    numbers: dict[str, Number] = {"answer_ms": round(took * 1000, 1), "registered": known}
    if answer.now is not None:
        numbers["clock_offset_s"] = offset = round(answer.now / 1000 - now)
        if abs(offset) > CLOCK_OFF:
            return _clock_off(offset, numbers)
    if known:
        return ok(Words("本部と つながります。", "HQ answers."), **numbers)
    says = Words(
        "本部と つながります。登録は これからです。", "HQ answers, and does not know this laptop yet."
    )
    return ok(says, **numbers)


def _clock_off(offset: int, numbers: dict[str, Number]) -> Finding:
    """HQ's clock is `offset` seconds ahead of ours."""
    minutes = round(abs(offset) / 60)
    way, english = ("おくれて", "behind") if offset > 0 else ("進んで", "ahead of")
    return attention(
        "clock_differs",
        Words(
            f"本部と つながりますが、時計が 本部より {minutes}分 {way}います。",
            f"HQ answers, but this clock is {minutes} minutes {english} HQ's.",
        ),
        Words("パソコンの 日付と 時刻を 合わせてください。", "Set the laptop's date and time."),
        **numbers,
    )


def sync_process(patient: Patient) -> Finding:
    """What the process that tells HQ last said, and whether it still lives."""
    if (none := _none(patient)) is not None:
        return none
    status = outbox.read_status(outbox.folder(patient.data))
    if status is None:
        says = Words("まだ 一度も 送っていません。", "Nothing was ever sent from this laptop.")
        start = Words("受付の 画面を 動かすと 始まります。", "It begins with the desk (kiosk run).")
        return absent("sync_never", says, start)
    contact = None if status.last_contact is None else status.last_contact / 1000
    numbers: dict[str, Number] = {
        "sync_state": status.state,
        "trouble": status.code,
        "hq_seq": status.hq_seq,
        "last_contact": None if contact is None else round(contact),
    }
    last = _last_contact(contact)
    if status.state in ("refused", "fork"):
        call = Words("本部に 連絡してください。受付は 続けられます。", "Call HQ; reception goes on.")
        says = Words(status.sentence, f"HQ does not take what this laptop sends: {status.code}.")
        return attention(f"sync_{status.state}", says, call, **numbers)
    if patient.desk_runs() and not _lives(status, patient.wall()):
        says = Words(
            f"送る 仕組みが 止まっています（{last.ja}）。", f"The sync process does not run; {last.en}."
        )
        again = Words("受付の 画面を 起動し直してください。", "Restart the desk.")
        return attention("sync_stopped", says, again, **numbers)
    is_waiting = status.state == "waiting"
    says = Words(
        f"回線を 待っています（{last.ja}）。" if is_waiting else f"{last.ja}。",
        f"The link is {'waited for' if is_waiting else 'free'}; {last.en}.",
    )
    return ok(says, _BY_ITSELF if is_waiting else NOTHING, **numbers)


def _last_contact(contact: float | None) -> Words:
    if contact is None:
        return Words("本部とは まだ 話していません", "HQ never answered yet")
    at = dt.datetime.fromtimestamp(contact, JAPAN)
    return Words(
        f"最後に 本部と 話したのは {at:%m月%d日 %H時%M分}", f"HQ last answered on {at:%m-%d at %H:%M}"
    )


def _lives(status: Status, now: float) -> bool:
    """Whether its last words are young enough: it speaks to HQ every minute, or says when it will try."""
    latest = max(status.last_contact or 0, status.next_try or 0) / 1000
    return now - latest < SILENT


CHECKS: tuple[Check[Patient], ...] = (
    Check("outbox", Words("送る記録", "outbox"), waiting, group=GROUP),
    Check("link", Words("本部への回線", "link"), link, group=GROUP),
    Check("sync", Words("送る仕組み", "sync"), sync_process, group=GROUP),
)
