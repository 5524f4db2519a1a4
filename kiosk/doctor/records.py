"""The shelter's records and their keys, seen from outside: whose desk is it, and what would a thief read?"""

from __future__ import annotations

import math

from kiosk.checkup import Check, Finding, Number, Words, absent, attention, broken, ok, unknown
from kiosk.core.household import Mode
from kiosk.core.sheet import OpeningSheet
from kiosk.doctor.patient import Patient
from kiosk.errors import KnownError, Malformed
from kiosk.laptop import disk
from kiosk.store import belief, opening, outside, slots

GROUP = Words("記録と鍵", "Records and keys")

_CALL = Words(
    "係の人を よんでください。紙で 受け付けてください。", "Call who is in charge; receive on paper meanwhile."
)
_NOT_OPENED = Words("まだ 避難所の受付に なっていません。", "This laptop is not a shelter's desk yet.")
NOT_YET = Words("開設すると できます。", "There is none before a shelter is opened.")
"""Said once in full by the check of the shelter, shortly by the rest."""
_OPEN_IT = Words(
    "開設シートを 読ませてください（kiosk open-shelter）。", "Show it an opening sheet: kiosk open-shelter."
)


def sheet_of(patient: Patient) -> OpeningSheet | None:
    """The sheet this desk was opened with; None when it was not opened.

    Raises:
        KnownError: it, or the key slots, can not be read.
        OSError: as above.
    """
    return opening.read_sheet(patient.data) if opening.is_opened(patient.data) else None


def _damaged_sheet() -> Finding:
    return broken(
        "sheet_damaged",
        Words("開設シートの 控えが 読めません。", "The kept opening sheet can not be read."),
        _CALL,
    )


def shelter(patient: Patient) -> Finding:
    """Which shelter, which series, drill or disaster."""
    try:
        sheet = sheet_of(patient)
    except KnownError as error:
        if isinstance(error, Malformed) or error.code == "sheet_unreadable":
            return _damaged_sheet()
        raise
    if sheet is None:
        return absent("not_opened", _NOT_OPENED, _OPEN_IT)
    is_drill = sheet.mode is Mode.DRILL
    now = patient.wall()
    believed = belief.read(patient.data)
    issuers = () if believed is None else believed.trust.issuers
    # Zero leaves an end open.
    valid = sum(
        not issuer.revoked and issuer.valid_from <= now < (issuer.valid_to or math.inf) for issuer in issuers
    )
    numbers: dict[str, Number] = {
        "shelter": sheet.shelter,
        "municipality": sheet.municipality,
        "series": sheet.series.hex(),
        "mode": "drill" if is_drill else "disaster",
        "issuers": len(issuers),
        "issuers_valid": valid,
    }
    mode, english_mode = ("訓練", "drill") if is_drill else ("災害", "disaster")
    if opening.is_practice(patient.data):
        return attention(
            "practice",
            Words("練習用の データです。本番には 使えません。", "This is a practice store, not a shelter's."),
            Words("本番は 別の フォルダーで 開設してください。", "Open the real shelter in another folder."),
            **numbers,
        )
    ask_hq = Words(
        "カードと 聞き取りで 受け付け、本部に 新しい 信頼リストを たのんでください。",
        "Receive by card and by asking; ask HQ for a new trust list.",
    )
    if believed is not None and believed.damaged:
        says = Words(
            f"{sheet.name}（{mode}）。信頼リストが こわれています。",
            f"{sheet.name} ({english_mode}); a trust list here can not be believed.",
        )
        return attention("trust_list_damaged", says, ask_hq, **numbers)
    if not valid:
        says = Words(
            f"{sheet.name}（{mode}）。アプリの QRコードは 確かめられません。",
            f"{sheet.name} ({english_mode}); no issuer of passes is believed now.",
        )
        return attention("no_issuer", says, ask_hq, **numbers)
    return ok(
        Words(
            f"{sheet.name}（{mode}、シリーズ {sheet.series.hex()[:8]}）。",
            f"{sheet.name} ({english_mode}, series {sheet.series.hex()[:8]}).",
        ),
        **numbers,
    )


def desk(patient: Patient) -> Finding:
    """Whether a desk runs on this folder now."""
    runs = outside.is_in_use(patient.data)
    if runs:
        return ok(Words("受付の 画面が 動いています。", "A desk has this store open."), running=True)
    if runs is None:
        return unknown(
            "desk_unknown", Words("受付が 動いているかは わかりません。", "Whether a desk runs is not known.")
        )
    if not opening.is_opened(patient.data):
        return absent("not_opened", NOT_YET, running=False)
    return absent(
        "not_running",
        Words("受付の 画面は 動いていません。", "No desk has this store open."),
        Words("受付を 始めるには kiosk run を 動かしてください。", "To receive, start kiosk run."),
        running=False,
    )


def cipher(_patient: Patient) -> Finding:
    """Whether this program can write a database that nobody reads without a key."""
    from kiosk.store import cipher as ours  # noqa: PLC0415 - a library that does not load fails its own check

    version, sqlite = ours.build()
    says = Words("記録は 暗号にして 保存されます。", f"SQLCipher {version} over SQLite {sqlite}.")
    return ok(says, sqlcipher=version, sqlite=sqlite)


def database(patient: Patient) -> Finding:
    """The file of the records, by its first bytes."""
    found = outside.database(patient.data)
    if found is None:
        if opening.is_opened(patient.data):
            says = Words("記録の ファイルが ありません。", "The key slots are here, the database is not.")
            return broken("database_missing", says, _CALL)
        return absent("not_opened", NOT_YET)
    numbers: dict[str, Number] = {"bytes": found.size}
    if found.is_plain:
        says = Words("記録の ファイルが 暗号に なっていません。", "The database on disk is not encrypted.")
        return broken("database_plain", says, _CALL, **numbers)
    size = f"{found.size / 1_000_000:.1f} MB"
    return ok(
        Words(f"記録の ファイルは 暗号です（{size}）。", f"The database is encrypted, {size}."), **numbers
    )


def disk_encryption(patient: Patient) -> Finding:
    """Whether the whole disk is encrypted: the store is in any case, what lies around it is not."""
    volume = disk.volume(disk.existing(patient.data), patient.root, patient.platform, patient.ask)
    name = "BitLocker" if patient.platform == "win32" else "LUKS"
    if volume is None or volume.encrypted is None:
        says = Words(
            "ディスク全体の 暗号は わかりません。", "Whether the whole disk is encrypted is not known."
        )
        return unknown("disk_encryption_unknown", says)
    if volume.encrypted:
        return ok(Words(f"ディスク全体が 暗号です（{name}）。", f"The whole disk is encrypted ({name})."))
    return attention(
        "disk_not_encrypted",
        Words("ディスク全体は 暗号に なっていません。", "The disk itself is not encrypted; the store is."),
        Words(
            f"記録は 暗号なので 受付は できます。あとで 係の人に {name} を 使うように してもらってください。",
            f"Reception goes on; have {name} switched on when there is time.",
        ),
    )


def key_slots(patient: Patient) -> Finding:
    """Both copies of the key slots, and who can open the store."""
    if not opening.is_opened(patient.data):
        return absent("not_opened", NOT_YET)
    copies = outside.key_slots(patient.data)
    whole = [copy for copy in copies if copy is not None]
    numbers: dict[str, Number] = {"copies": len(copies), "copies_whole": len(whole)}
    if not whole:
        says = Words("鍵の ファイルが 2つとも こわれています。", "Both copies of the key slots are damaged.")
        return broken("slots_damaged", says, _CALL, **numbers)
    first = whole[0]
    numbers |= {"staff": len(slots.describe(first)), "recovery": bool(first.recovery)}
    fetch = Words(
        "受付は できます。今のうちに 係の人に 知らせてください。",
        "Reception goes on; tell who is in charge now.",
    )
    if len(whole) < len(copies):
        says = Words("鍵の ファイルの 控えが 1つ こわれています。", "One copy of the key slots is damaged.")
        return attention("slots_one_copy", says, fetch, **numbers)
    if any(copy != first for copy in whole):
        says = Words("鍵の ファイルの 2つの 控えが ちがいます。", "The copies of the key slots differ.")
        return attention("slots_differ", says, fetch, **numbers)
    if not first.recovery:
        says = Words(
            "市役所が 開けるための 鍵が ありません。", "There is no recovery slot for the municipality."
        )
        return attention("no_recovery_slot", says, fetch, **numbers)
    staff = len(slots.describe(first))
    says = Words(
        f"鍵は 2つとも 読めます。開けられる 職員は {staff}人です。",
        f"Both copies are whole; {staff} staff and the municipality can open the store.",
    )
    return ok(says, **numbers)


def permissions(patient: Patient) -> Finding:
    """Whether other users of this laptop could copy the keys."""
    if patient.platform == "win32":
        says = Words("ファイルの 許可は Windows では 見ません。", "Permissions are not looked at on Windows.")
        return unknown("permissions_unknown", says)
    if not patient.data.exists():
        return absent("not_opened", NOT_YET)
    found = list(outside.too_open(patient.data))
    if not found:
        return ok(Words("ほかの 利用者は 読めません。", "Nobody else on this laptop can read it."))
    return attention(
        "readable_by_others",
        Words(
            "保存フォルダーを ほかの 利用者も 読めます。",
            f"Other users may read: {', '.join(found)}.",
        ),
        Words(
            "係の人に、フォルダーの 許可を 700、鍵の ファイルを 600 に してもらってください。",
            "chmod 700 the data folder and 600 the files named.",
        ),
        files=len(found),
    )


CHECKS: tuple[Check[Patient], ...] = (
    Check("shelter", Words("避難所", "shelter"), shelter, group=GROUP),
    Check("desk", Words("受付の画面", "desk"), desk, group=GROUP),
    Check("cipher", Words("暗号の部品", "cipher"), cipher, group=GROUP, to_do=_CALL),
    Check("database", Words("記録", "database"), database, group=GROUP, to_do=_CALL),
    Check(
        "disk_encryption", Words("ディスクの暗号", "disk cipher"), disk_encryption, seconds=8.0, group=GROUP
    ),
    Check("key_slots", Words("鍵", "key slots"), key_slots, group=GROUP, to_do=_CALL),
    Check("permissions", Words("許可", "permissions"), permissions, group=GROUP),
)
