"""The screens of those who look after the laptop and its shelter, with invented people: see `ui.pictures`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from kiosk import flow
from kiosk.core.access import Role
from kiosk.core.household import Mode
from kiosk.flow import (
    Account,
    Attached,
    ClosingFacts,
    Equipment,
    Outlet,
    OutletKind,
    Paper,
    SheetFacts,
    State,
)
from kiosk.ports import RosterRow
from kiosk.settings import Settings, Theme, Volume

SHEET = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DISASTER, "142069")
DRILL = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DRILL, "142069")

NOT_ALLOWED = "この 操作は できません。責任者を よんでください。"


def keepers() -> Iterator[tuple[str, State]]:
    """A name for each picture, and its state."""
    yield from _accounts()
    yield from _settings()
    yield from _papers()
    yield from _closing()


def _accounts() -> Iterator[tuple[str, State]]:
    yield "keeping", flow.Keeping()
    rows = (
        Account("田中　一郎", Role.SUPERVISOR, laptop_only=False, own=True),
        Account("鈴木　花子", Role.SUPERVISOR),
        Account("佐藤", Role.RECEPTIONIST, pin=True, wrong_tries=3),
        Account("ボランティア 1", Role.VOLUNTEER, pin=True),
        Account("保健師 中村", Role.HEALTH),
        Account("監査", Role.AUDITOR),
    )
    board = flow.Accounts(rows, 2)
    yield "accounts", board
    yield "accounts-added", flow.Accounts(rows, said="added")
    yield "accounts-refused", flow.Accounts((), code="not_allowed", sentence=NOT_ALLOWED)
    yield "account-new", flow.AccountPage(board, missing=0)
    weak = "暗証番号は 6けた 以上の、あてられにくい 数字に してください。"
    yield "account-weak", flow.AccountPage(board, None, "佐藤", 2, code="weak_pin", sentence=weak)
    yield "account-change", flow.AccountPage(board, rows[2], "佐藤", 1)
    yield "removing", flow.Removing(board, rows[2])
    last = "責任者が ひとりも いなくなります。先に ほかの責任者を 加えてください。"
    yield "removing-last", flow.Removing(board, rows[1], "last_supervisor", last)
    own = flow.OwnSecret(flow.Keeping())
    yield "own-secret", own
    yield "own-secret-missing", flow.OwnSecret(flow.Keeping(), missing=1)
    wrong = flow.OwnSecret(flow.Keeping(), code="wrong_passphrase", sentence="合い言葉が ちがいます。")
    yield "own-secret-wrong", wrong
    yield "own-secret-done", flow.OwnSecret(flow.Keeping(), done=True)
    yield "working", flow.Working(flow.Chore.ACCOUNTS, board)


def _settings() -> Iterator[tuple[str, State]]:
    plugged = Equipment(
        Settings(second_window=True),
        "camera:2",
        (Attached("camera:1", "Integrated Webcam"), Attached("camera:2", "ELECOM UCAM-C820")),
        (Attached("reader", "SONY FeliCa RC-S300/S"),),
    )
    yield "settings", flow.SettingsPage(plugged)
    plain = Equipment(Settings(lock_minutes=10, theme=Theme.NIGHT, volume=Volume.OFF, still=True))
    yield "settings-plain", flow.SettingsPage(plain)
    yield "settings-refused", flow.SettingsPage(code="not_allowed", sentence=NOT_ALLOWED)


def founders() -> Iterator[tuple[str, State]]:
    """The same for a laptop that is no shelter's kiosk yet."""
    yield "show-sheet", flow.ShowSheet()
    found = ("/media/usb/sheet-142069.png", "/media/usb/IMG_0412.jpg", "/media/usb/scan.png")
    yield "show-sheet-pictures", flow.ShowSheet(pictures=found)
    yield "show-sheet-reading", flow.ShowSheet(found[0], reading=True)
    yield (
        "show-sheet-refused",
        flow.ShowSheet(
            code="not_a_sheet",
            sentence="これは 開設シートでは ありません。開設シートの コードを 見せてください。",
            pictures=found,
        ),
    )
    first = flow.FirstStaff(SHEET)
    yield "first-staff", first
    yield "first-staff-drill", flow.FirstStaff(DRILL, "田中", desk=1, missing=1)
    yield "first-staff-differ", flow.FirstStaff(SHEET, "田中", code="secrets_differ")
    yield "founding", flow.Founding(first)
    yield "founded", flow.Founded(SHEET)
    yield "founded-drill", flow.Founded(DRILL, 1)


OUTLETS = (
    Outlet("/media/SHIROYAMA", "SHIROYAMA", OutletKind.STICK),
    Outlet("EPSON_PX-M7110", "EPSON_PX-M7110", OutletKind.PRINTER),
    Outlet("Documents", "Documents", OutletKind.FOLDER),
)


def _drawn(modules: int) -> bytes:
    """Something as fine as a code, which no camera reads."""
    image = QImage(modules + 8, modules + 8, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    for x in range(modules):
        for y in range(modules):
            corners = ((3, 3), (modules - 4, 3), (3, modules - 4))
            far = min(max(abs(x - left), abs(y - top)) for left, top in corners)
            # Not a code of anything: a drawing must never be read by a camera.
            mixed = (x * 73_856_093 ^ y * 19_349_663) * 2_654_435_761
            dark = far != 2 if far < 4 else far > 4 and mixed >> 16 & 1
            if dark:
                image.setPixel(x + 4, y + 4, 0xFF000000)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes text where its stub says bytes
    return bytes(kept.data())


def _papers() -> Iterator[tuple[str, State]]:
    out = flow.TakeOut(OUTLETS)
    yield "papers", out
    yield "papers-table", flow.TakeOut(OUTLETS, Paper.TABLE, reason="市役所への 報告", missing=1)
    yield "papers-cards", flow.TakeOut(OUTLETS, Paper.CARDS, reason="停電に そなえて", who="鈴木")
    yield "papers-handover", flow.TakeOut(OUTLETS, Paper.HANDOVER, 1)
    wrong = flow.TakeOut(OUTLETS, Paper.TABLE, code="wrong_passphrase", sentence="合い言葉が ちがいます。")
    yield "papers-wrong", wrong
    yield "papers-nowhere", flow.TakeOut((), code="no_outlet")
    where = "/media/SHIROYAMA/避難者名簿_20260901-214700.pdf"
    yield "papers-out", flow.TakenOut(out, where, 47, 132)
    yield "papers-printed", flow.TakenOut(out, "EPSON_PX-M7110")
    yield "shelter-code", flow.ShelterCode(_drawn(85))
    yield "shelter-code-drawing", flow.ShelterCode()


def slips(row: RosterRow) -> Iterator[tuple[str, State]]:
    """The transfer slip of a household."""
    slip = flow.SlipShown(row, flow.Staff(), _drawn(117), OUTLETS)
    yield "slip", slip
    yield "slip-printed", replace(slip, outlet=1, where="EPSON_PX-M7110")
    yield "slip-refused", flow.SlipShown(row, flow.Staff(), code="not_allowed", sentence=NOT_ALLOWED)


CERTIFICATE = """データ消去証明書

避難所：城山小学校 避難所（1420690001、災害）
端末：5f1c0a9be27d4c1e8a3356b7c1d20f44
消去した 記録：1204件（47世帯）
本部への 送信：すべて 本部に 送信済み
理由：避難所の 閉鎖
消去した 人：田中　一郎
立ち会った 人：鈴木　花子
開始：2026-09-14T18:00:12+09:00
完了：2026-09-14T18:00:14+09:00
残った ファイル：なし
方法：鍵を すべて 破棄し、ファイルを 上書きして 削除（データベースは AES-256 で 暗号化）
署名：00
"""


def _closing() -> Iterator[tuple[str, State]]:
    files = OUTLETS[::2]
    yield "closing", flow.Closing(ClosingFacts(0, 0, 0), files)
    open_ends = flow.Closing(ClosingFacts(14, 9, 3), files)
    yield "closing-unsent", open_ends
    yield "closing-refused", flow.Closing(code="not_allowed", sentence=NOT_ALLOWED)
    pair = flow.ClosingPair(flow.Closing(ClosingFacts(0, 0, 0), files))
    yield "closing-pair", pair
    yield "closing-pair-forced", flow.ClosingPair(open_ends, missing=0)
    yield "closing-pair-wrong", replace(pair, code="wrong_passphrase", sentence="合い言葉が ちがいます。")
    yield "erased", flow.Erased("/media/SHIROYAMA/消去証明書_1420690001_20260914-1800.txt", CERTIFICATE)
