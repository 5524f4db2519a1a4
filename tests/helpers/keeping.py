"""Inputs of those who look after the laptop, for walks through the table of the flow."""

from __future__ import annotations

from kiosk import flow
from kiosk.core.access import Role
from kiosk.core.household import Mode
from kiosk.settings import Settings

SHEET = flow.SheetFacts("ESRO1:X", "城山小学校", Mode.DRILL, "142069")

ACCOUNTS = (
    flow.Account("責任者", Role.SUPERVISOR, own=True),
    flow.Account("佐藤", Role.RECEPTIONIST, pin=True, wrong_tries=2),
)

OUTLETS = (
    flow.Outlet("/media/stick", "STICK", flow.OutletKind.STICK),
    flow.Outlet("laser", "laser", flow.OutletKind.PRINTER),
)


def form(*texts, secrets=()):
    """A form as it is sent."""
    return flow.FormSent(texts, tuple(map(flow.Secret, secrets)))


def makers(rng):
    """How to make a plausible input of each kind that needs something."""
    words = ["", "田中", "correct horse battery"]
    return {
        flow.FormSent: lambda: form(
            *(rng.choice(words) for _ in range(rng.randrange(4))),
            secrets=[rng.choice(words) for _ in range(rng.randrange(4))],
        ),
        flow.SheetSeen: lambda: flow.SheetSeen(SHEET),
        flow.SheetRefused: lambda: flow.SheetRefused("not_a_sheet", "ちがいます。"),
        flow.PicturesFound: lambda: flow.PicturesFound(("/media/a.png",)),
        flow.ChoreOpened: lambda: flow.ChoreOpened(rng.choice(list(flow.Chore))),
        flow.RoleSaid: lambda: flow.RoleSaid(rng.randrange(-1, 7)),
        flow.SettingSaid: lambda: flow.SettingSaid(
            rng.choice(["theme", "camera", "lock_minutes", "nothing"]), rng.randrange(-1, 12)
        ),
        flow.AccountsRead: lambda: flow.AccountsRead(ACCOUNTS),
        flow.SettingsRead: lambda: flow.SettingsRead(flow.Equipment(Settings())),
        flow.PaperSaid: lambda: flow.PaperSaid(rng.randrange(-1, 5)),
        flow.OutletSaid: lambda: flow.OutletSaid(rng.randrange(-1, 4)),
        flow.OutletsFound: lambda: flow.OutletsFound(rng.choice([(), OUTLETS])),
        flow.PutOut: lambda: flow.PutOut("/media/stick/list.pdf", 3, 9),
        flow.CodeDrawn: lambda: flow.CodeDrawn(b"png"),
        flow.SlipDrawn: lambda: flow.SlipDrawn(b"png", OUTLETS),
        flow.ClosingRead: lambda: flow.ClosingRead(
            flow.ClosingFacts(rng.choice([0, 5]), 3, 1), rng.choice([(), OUTLETS[:1]])
        ),
        flow.ShelterErased: lambda: flow.ShelterErased("/media/stick/c.txt", "避難所：x\n署名：y\n"),
    }
