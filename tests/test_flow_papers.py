"""What leaves the desk, and the end of a shelter: with a reason, with a second person, asked once."""

import pytest

from keeping import OUTLETS, form
from kiosk import flow
from kiosk.core.access import TABLE, Action, Role, Terms
from kiosk.flow import step
from kiosk.flow.choices import Paper
from walking import effect, row, through

OUT = flow.TakeOut(OUTLETS)
FACTS = flow.ClosingFacts(0, 0, 0)


@pytest.mark.parametrize(
    ("paper", "action"),
    [
        (Paper.ROSTER, Action.PRINT_ROSTER),
        (Paper.TABLE, Action.BULK_EXPORT),
        (Paper.CARDS, Action.BULK_EXPORT),
        (Paper.HANDOVER, Action.HANDOVER_SHEET),
    ],
)
def test_the_screen_asks_what_the_table_of_access_wants(paper, action):
    """Reason and second person are asked for exactly where a supervisor needs them."""
    terms = TABLE[action][Role.SUPERVISOR]
    assert paper.wants_reason == (Terms.REASON in terms)
    assert paper.wants_second == (Terms.SECOND in terms)


def test_a_roster_for_the_wall_wants_a_reason():
    """Without one nothing is ordered; with one it goes where was chosen."""
    assert step(OUT, form("", "")).state.missing == 0
    taken = through(OUT, flow.OutletSaid(1), form("掲示", ""))
    order = effect(taken, flow.TakeOutPaper)
    assert (order.paper, order.outlet, order.reason, order.who) == (Paper.ROSTER, OUTLETS[1], "掲示", "")
    out = step(taken.state, flow.PutOut("laser", 3, 9)).state
    assert (type(out), out.households, out.back.reason) == (flow.TakenOut, 3, "")


def test_a_file_with_everybody_wants_two():
    """Reason, name and passphrase of a second person; no printer is offered for a table."""
    table = step(OUT, flow.PaperSaid(1)).state
    assert table.fitting == OUTLETS[:1]
    assert step(table, form("報告", "鈴木", secrets=("",))).state.missing == 2
    taken = step(table, form("報告", "鈴木", secrets=("secret word",)))
    order = effect(taken, flow.TakeOutPaper)
    assert (order.paper, order.who, order.secret.reveal()) == (Paper.TABLE, "鈴木", "secret word")
    assert "secret word" not in repr(taken)
    back = step(taken.state, flow.Failed(flow.Work.KEEP, "wrong_passphrase", "ちがいます。")).state
    assert (type(back), back.sentence, back.reason) == (flow.TakeOut, "ちがいます。", "報告")


def test_with_nowhere_to_go_nothing_is_made():
    """No stick, no printer: it is said, and no list comes into being."""
    taken = step(flow.TakeOut((), Paper.HANDOVER), form())
    assert taken.state.code == "no_outlet"
    assert not any(isinstance(each, flow.TakeOutPaper) for each in taken.effects)


def test_the_shelters_code_is_drawn_anew_each_minute():
    """It stands there until somebody leaves it, in whatever language, with the minute's own code."""
    opened = step(flow.Staff(), flow.Digit(9))
    effect(opened, flow.DrawCode)
    drawn = step(opened.state, flow.CodeDrawn(b"1"))
    assert effect(drawn, flow.StartTimer).seconds == 60
    again = step(drawn.state, flow.TimeUp())
    effect(again, flow.DrawCode)
    assert again.state.png == b"1"
    assert effect(step(again.state, flow.LanguageChosen("en")), flow.Speak).language == "en"
    assert type(step(again.state, flow.Back()).state) is flow.Staff


def test_who_moves_on_takes_a_slip_along():
    """After 転出, and from a household's card; not after anything else."""
    moved = flow.Changed(row(), flow.Change.MOVED)
    slip = step(moved, flow.Letter("T"))
    assert effect(slip, flow.DrawSlip).household == row().household.id
    assert step(flow.Changed(row(), flow.Change.OUT), flow.Letter("T")).effects == ()
    drawn = step(slip.state, flow.SlipDrawn(b"png", OUTLETS)).state
    put = effect(step(drawn, flow.Enter()), flow.PutSlip)
    assert put.outlet == OUTLETS[0]
    assert step(drawn, flow.PutOut("laser")).state.where == "laser"
    assert step(drawn, flow.Back()).state == moved
    card = flow.HouseholdCard(row(), flow.Roster())
    effect(step(card, flow.Letter("G")), flow.DrawSlip)


def test_closing_says_first_how_things_stand():
    """What HQ lacks and who is here is read at once, and again after sending."""
    opened = step(flow.Keeping(), flow.ChoreOpened(flow.Chore.CLOSING))
    effect(opened, flow.ReadClosing)
    assert step(opened.state, flow.Enter()).state == opened.state
    again = step(opened.state, flow.Letter("R"))
    effect(again, flow.TrySync)
    effect(again, flow.ReadClosing)


def test_erasing_wants_a_second_person_and_a_reason_for_what_hq_lacks():
    """Nothing is ordered before all of it is there; then once, with the certificate's place."""
    closing = step(flow.Closing(), flow.ClosingRead(FACTS, OUTLETS[:1])).state
    pair = step(closing, flow.Enter()).state
    assert step(pair, form("", "", secrets=("",))).state.missing == 1
    order = effect(step(pair, form("", "鈴木", secrets=("x",))), flow.EraseShelter)
    assert (order.who, order.reason, order.outlet) == ("鈴木", "", OUTLETS[0])
    lacking = step(flow.Closing(), flow.ClosingRead(flow.ClosingFacts(5, 0, 0), OUTLETS[:1])).state
    forced = step(lacking, flow.Enter()).state
    assert step(forced, form("", "鈴木", secrets=("x",))).state.missing == 0
    sent = step(forced, form("水没", "鈴木", secrets=("x",)))
    assert effect(sent, flow.EraseShelter).reason == "水没"
    done = step(sent.state, flow.ShelterErased("/media/c.txt", "…")).state
    effect(step(done, flow.Enter()), flow.Quit)


def test_an_erasure_that_was_cut_off_locks_the_desk():
    """Whatever is left is finished when the desk begins again; nobody goes on with half a store."""
    working = flow.Working(flow.Chore.CLOSING, flow.ClosingPair(flow.Closing(FACTS, OUTLETS)))
    taken = step(working, flow.Failed(flow.Work.KEEP, "closing_cut_off", "ディスクに 書けません。"))
    assert type(taken.state) is flow.Locked
    effect(taken, flow.Lock)
