"""Any input at all, with plausible values: for walks through the whole table of the flow."""

from __future__ import annotations

import keeping
from kiosk import flow
from kiosk.core.acts import Area, Opening, Shelter
from kiosk.core.counts import Counts
from kiosk.core.household import Method, Mode
from kiosk.core.roll import Whereabouts
from kiosk.core.slip import Slip
from kiosk.desk import AlreadyHere, Transfer
from kiosk.flow import Change, Masked, Room
from kiosk.flow.choices import Page, Show
from kiosk.overview import Looking, ShiftSheet, double
from walking import ASK, CODE, RECEIVED, SOURCE, WATCH, committed, household, row

FOUR = household("山田\u3000太郎", "山田\u3000和子", "山田\u3000次郎", "山田\u3000花")
SHELTER = Shelter(Mode.DISASTER, None, Opening.OPENED, areas=(Area("体育館", 60), Area("教室")))
OUT = row(FOUR, elsewhere={FOUR.members[2].id: Whereabouts.AWAY})
SLIP = Transfer(Slip(FOUR, (FOUR.members[0].id,), Mode.DRILL, Method.APP, "next", "A-001", 1), WATCH)
FORMS = (
    flow.PrintedForm("昭和55年2月17日", flow.Secret("550217")),
    flow.PrintedForm("1980年2月17日", flow.Secret("800217")),
)


def any_input(rng):
    """One input of a random kind with plausible values."""
    place = rng.randrange(-1, 12)
    rows = (row(FOUR), OUT, row(household("田中", number=2), "A-002", received_at=2, receptions=2))
    makers = {
        **keeping.makers(rng),
        flow.CodeAccepted: lambda: CODE,
        flow.CodeRefused: lambda: flow.CodeRefused("not_a_pass"),
        flow.CardPlaced: lambda: flow.CardPlaced(WATCH),
        flow.CardRead: lambda: flow.CardRead(household(), SOURCE),
        flow.CardFailed: lambda: flow.CardFailed("wrong_secret", rng.choice([None, 0, 1, 2])),
        flow.SlipSeen: lambda: flow.SlipSeen(SLIP),
        flow.TokenSeen: lambda: flow.TokenSeen(rng.randbytes(1)),
        flow.Tapped: lambda: flow.Tapped(OUT, OUT.household.members[0].id, rng.random() < 0.5, committed()),
        flow.FormsTold: lambda: flow.FormsTold(FORMS[: rng.randrange(3)]),
        flow.DeviceChanged: lambda: flow.DeviceChanged("reader", working=False),
        flow.Digit: lambda: flow.Digit(rng.randrange(10)),
        flow.Letter: lambda: flow.Letter(chr(rng.randrange(65, 91))),
        flow.Typed: lambda: flow.Typed(rng.choice(["", "ヤマダ\u3000ケn", "サカ", "x", "12"])),
        flow.CapacityTyped: lambda: flow.CapacityTyped("60"),
        flow.AskOpened: lambda: ASK,
        flow.CountOpened: lambda: flow.CountOpened(WATCH),
        flow.LanguageChosen: lambda: flow.LanguageChosen("en"),
        flow.PassphraseEntered: lambda: flow.PassphraseEntered(flow.Secret("x")),
        flow.EndingSaid: lambda: flow.EndingSaid("理由", "田中", flow.Secret("x")),
        flow.Received: lambda: rng.choice([RECEIVED, flow.Received(OUT, committed(), returned=True)]),
        flow.AlreadyHere: lambda: AlreadyHere(rng.choice(rows)),
        flow.RosterFound: lambda: flow.RosterFound("", rows),
        flow.Written: lambda: flow.Written(rng.choice(rows), rng.choice([None, committed()])),
        flow.SimilarFound: lambda: flow.SimilarFound(rng.choice(rows).household, rows),
        flow.DoublesFound: lambda: flow.DoublesFound((double(rows[0], rows[2]),)),
        flow.Answered: lambda: flow.Answered("ヤマダ", rows),
        flow.ShelterRead: lambda: flow.ShelterRead(SHELTER, {"体育館": 70}),
        flow.AuditRead: lambda: flow.AuditRead((Looking(1, "係", "view_card", "", ()),) * 20),
        flow.ShiftRead: lambda: flow.ShiftRead(ShiftSheet(Counts(), SHELTER)),
        flow.Failed: lambda: flow.Failed(rng.choice(list(flow.Work)), "disk_full", "x"),
        flow.RoomOpened: lambda: flow.RoomOpened(rng.choice(list(Room))),
        flow.RowMoved: lambda: flow.RowMoved(rng.choice([-1, 1])),
        flow.ShowChosen: lambda: flow.ShowChosen(rng.choice(list(Show))),
        flow.Going: lambda: flow.Going(rng.choice([Change.OUT, Change.LEFT, Change.BACK, Change.MOVED])),
        flow.PageOpened: lambda: flow.PageOpened(rng.choice(list(Page))),
        flow.Held: lambda: flow.Held(rng.choice(list(Masked))),
        flow.Counted: lambda: flow.Counted(rng.choice(["staff", "helpers"]), rng.choice([-1, 1])),
        flow.TrialWanted: lambda: flow.TrialWanted(rng.choice(["sound", "sync"])),
        flow.SexSaid: lambda: flow.SexSaid(rng.randrange(3)),
        **{
            kind: (lambda kind=kind: kind(place))
            for kind in (
                flow.Chosen,
                flow.PersonChosen,
                flow.DestinationChosen,
                flow.SimilarWanted,
                flow.Fewer,
                flow.RelationSaid,
                flow.OpeningSaid,
                flow.FullnessSaid,
            )
        },
    }
    kind = rng.choice(flow.INPUTS)
    return makers.get(kind, kind)()
