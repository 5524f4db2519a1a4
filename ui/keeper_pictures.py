"""The screens of those who look after the laptop and its shelter, with invented people: see `ui.pictures`."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import flow
from kiosk.core.access import Role
from kiosk.core.household import Mode
from kiosk.flow import Account, Attached, Equipment, SheetFacts, State
from kiosk.settings import Settings, Theme, Volume

SHEET = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DISASTER, "142069")
DRILL = SheetFacts("ESRO1:…", "城山小学校 避難所", Mode.DRILL, "142069")

NOT_ALLOWED = "この 操作は できません。責任者を よんでください。"


def keepers() -> Iterator[tuple[str, State]]:
    """A name for each picture, and its state."""
    yield from _founding()
    yield from _accounts()
    yield from _settings()


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


def _founding() -> Iterator[tuple[str, State]]:
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
