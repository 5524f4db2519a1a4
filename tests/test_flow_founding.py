"""A laptop without a shelter leads from the sheet to a desk, and nowhere else."""

from keeping import SHEET, form
from kiosk import flow
from kiosk.flow import step
from walking import effect, through

GOOD = "correct horse battery"


def test_a_fresh_laptop_looks_for_a_sheet():
    """The first screen asks for the sheet, and pictures of one are looked for by themselves."""
    begun = flow.begin_founding()
    assert begun.state == flow.ShowSheet()
    effect(begun, flow.FindPictures)


def test_a_sheet_seen_is_asked_nothing_more_than_who_and_which_desk():
    """From the sheet over name and passphrase to a founded shelter, then the lock screen."""
    asked = step(flow.ShowSheet(), flow.SheetSeen(SHEET)).state
    taken = through(asked, flow.Chosen(1), form(" 田中 ", secrets=(GOOD, GOOD)))
    found = effect(taken, flow.Found)
    assert (found.name, found.desk, found.secret.reveal()) == ("田中", 1, GOOD)
    assert GOOD not in repr(taken)
    done = step(taken.state, flow.ShelterFounded()).state
    assert done == flow.Founded(SHEET, 1)
    effect(step(done, flow.Enter()), flow.Lock)


def test_a_form_is_filled_in_from_above_without_blame():
    """Enter in a half-filled form names the next empty field, and no sound accuses anybody."""
    first = flow.FirstStaff(SHEET)
    for event, missing in (
        (form("", secrets=("", "")), 0),
        (form("田中", secrets=("", "")), 1),
        (form("田中", secrets=(GOOD, "")), 2),
    ):
        taken = step(first, event)
        assert (taken.state.missing, taken.effects) == (missing, ())


def test_two_different_passphrases_found_nothing():
    """A slip of the finger is said, and both are typed anew."""
    taken = step(flow.FirstStaff(SHEET), form("田中", secrets=(GOOD, "corect horse battery")))
    assert (taken.state.code, taken.state.name) == ("secrets_differ", "田中")
    assert not any(isinstance(each, flow.Found) for each in taken.effects)


def test_a_refused_passphrase_leads_back_to_the_form():
    """What the store refuses is said in its own sentence, with the name still there."""
    sent = step(flow.FirstStaff(SHEET), form("田中", secrets=("12345678", "12345678"))).state
    back = step(sent, flow.Failed(flow.Work.KEEP, "weak_passphrase", "短いです。")).state
    assert (back.name, back.code, back.sentence) == ("田中", "weak_passphrase", "短いです。")


def test_a_strangers_code_rings_once():
    """A code that is no sheet is said once, however long it is held up."""
    refused = flow.SheetRefused("not_a_sheet", "ちがいます。")
    first = step(flow.ShowSheet(), refused)
    effect(first, flow.Sound)
    assert step(first.state, refused).effects == ()


def test_a_picture_or_a_code_as_text_is_read():
    """One of the pictures found, or whatever was typed, goes to be read; nothing typed is nothing."""
    found = step(flow.ShowSheet(), flow.PicturesFound(("/media/a.png", "/media/b.png"))).state
    assert effect(step(found, flow.Chosen(1)), flow.ReadSheet).told == "/media/b.png"
    assert step(found, flow.Enter()) == flow.Step(found)
    typed = through(found, flow.Typed(" ESRO1:X "), flow.Enter())
    assert effect(typed, flow.ReadSheet).told == "ESRO1:X"
    failed = step(typed.state, flow.Failed(flow.Work.KEEP, "malformed", "読めません。")).state
    assert (failed.reading, failed.sentence) == (False, "読めません。")
