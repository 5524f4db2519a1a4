"""The flow table: every pair has an answer, and the answers keep the desk's promises."""

import datetime as dt
import itertools
import random
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Household, Method, Person
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Whereabouts
from kiosk.desk import AlreadyHere, Received
from kiosk.flow import step
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Session

TODAY = dt.date(2026, 9, 1)
WATCH = Session(lambda: 0.0, 1).stopwatch()
TOWNS = (flow.Town("小田原市栄町", "サカエチョウ"), flow.Town("小田原市城山", "シロヤマ"))


def person(name="山田\u3000太郎"):
    return Person(PersonId(b"p" * 8), name)


def household(*names):
    return Household(HouseholdId(b"h" * 16), tuple(person(name) for name in names or ("山田\u3000太郎",)))


def row(**known):
    return RosterRow(household(), "A-001", Method.APP, Whereabouts.HERE, 0, DeviceId(b"d" * 16), 1, **known)


SOURCE = Source(Method.APP, "city", b"1", 1)
CODE = flow.CodeAccepted(household(), SOURCE, WATCH)
RECEIVED = Received(row(), Committed(DeviceId(b"d" * 16), 1, 0, HouseholdId(b"h" * 16), 900))
ASK = flow.AskOpened(WATCH, TODAY, TOWNS)


def through(state, *events):
    """The last step after these inputs."""
    taken = flow.Step(state)
    for event in events:
        taken = step(taken.state, event)
    return taken


def digits(text):
    return [flow.Digit(int(letter)) for letter in text]


def effect(taken, kind):
    found = [effect for effect in taken.effects if isinstance(effect, kind)]
    assert len(found) == 1
    return found[0]


def test_every_state_answers_every_input_or_leaves_it_on_purpose():
    """Every (state, input) pair has an answer or is deliberately ignored, never both."""
    states, inputs = typing.get_args(flow.State), typing.get_args(flow.Input)
    assert set(flow.STATES) == set(states)
    for state, event in itertools.product(states, inputs):
        answered, ignored = (state, event) in flow.TABLE, event in flow.IGNORED[state]
        assert answered != ignored, f"{state.__name__}, {event.__name__}"


def test_a_code_is_received_at_once_and_asks_nobody():
    """A code goes from ready to the ledger with no touch, and the number shows for six seconds."""
    taken = step(flow.Ready(), CODE)
    arrival = effect(taken, flow.Receive).arrival
    assert (arrival.method, arrival.source, arrival.stopwatch) == (Method.APP, SOURCE, WATCH)
    done = step(taken.state, RECEIVED)
    assert done.state == flow.Done(RECEIVED.row, SOURCE)
    assert effect(done, flow.StartTimer).seconds == flow.DONE_SECONDS
    assert step(done.state, flow.TimeUp()).state == flow.Ready()


def test_nothing_is_called_received_before_the_ledger_says_so():
    """Whatever is pressed while the ledger writes, only its answer leads on."""
    receiving = step(flow.Ready(), CODE).state
    for event in (flow.Enter(), flow.Back(), flow.TimeUp(), *digits("1"), flow.CardPlaced(WATCH)):
        assert step(receiving, event).state == receiving


def test_two_phones_in_one_picture_are_both_received():
    """A second phone in the same picture waits until the first has seen its number."""
    other = flow.CodeAccepted(household("田中"), Source(Method.APP, "city", b"2", 1), WATCH)
    done = through(flow.Ready(), CODE, other, CODE, RECEIVED)
    assert effect(done, flow.StartTimer).seconds == flow.NEXT_SECONDS
    assert effect(step(done.state, flow.TimeUp()), flow.Receive).arrival.household == other.household


def test_a_phone_still_held_up_does_not_come_in_twice():
    """The same code seen again while its number shows changes nothing."""
    done = through(flow.Ready(), CODE, RECEIVED).state
    assert step(done, CODE) == flow.Step(done)
    seen = through(flow.Ready(), CODE, AlreadyHere(row())).state
    assert isinstance(seen, flow.Seen)
    assert step(seen, CODE) == flow.Step(seen)


def test_the_fourth_digit_submits_and_no_digit_is_ever_printed():
    """Four digits go to the card without Enter, and no repr of state, input or effect holds one."""
    taken = flow.Step(step(flow.Ready(), flow.CardPlaced(WATCH)).state)
    printed = []
    for event in digits("7913"):
        taken = step(taken.state, event)
        printed += [repr(event), repr(taken.state), repr(taken.effects)]
    assert effect(taken, flow.ReadCard).digits.reveal() == "7913"
    assert isinstance(taken.state, flow.Reading)
    assert not any(digit in text for text in printed for digit in ("79", "791", "=7", "'7'", "value"))


def test_a_passphrase_is_never_printed():
    """Neither the input nor the effect of unlocking prints the passphrase."""
    event = flow.PassphraseEntered(flow.Secret("correct horse"))
    taken = step(flow.Locked(), event)
    assert "horse" not in repr(event) + repr(taken)
    assert effect(taken, flow.OpenDesk).passphrase.reveal() == "correct horse"


def test_a_card_leads_through_who_is_here_to_the_ledger():
    """Card, four digits, Enter: the holder is received by card, timed since the card was placed."""
    read = flow.CardRead(household(), Source(Method.CARD, "", b"k"))
    taken = through(flow.Ready(), flow.CardPlaced(WATCH), *digits("1234"), read)
    assert taken.state.here == {0}
    arrival = effect(step(taken.state, flow.Enter()), flow.Receive).arrival
    assert (arrival.method, arrival.source, arrival.stopwatch) == (Method.CARD, read.source, WATCH)


def test_whoever_is_not_here_is_kept_as_absent():
    """Members unticked at the desk are not counted and not forgotten; added ones come without a name."""
    start = flow.Family(WATCH, Method.CARD, household("山田\u3000太郎", "山田\u3000和子"), frozenset({0, 1}))
    home = effect(through(start, flow.Digit(2), flow.Plus(), flow.Enter()), flow.Receive).arrival.household
    assert [member.name for member in home.members] == ["山田\u3000太郎", None]
    assert [member.name for member in home.absent] == ["山田\u3000和子"]


def test_nobody_can_not_be_received():
    """入る with nobody ticked says so and stays; 全員 heals it."""
    start = flow.Family(WATCH, Method.CARD, household(), frozenset({0}))
    taken = through(start, flow.Chosen(0), flow.Enter())
    assert taken.state.nobody
    assert through(taken.state, flow.Letter("A")).state.here == {0}


def test_a_wrong_pin_asks_again_with_the_tries_left_and_keeps_the_last_try():
    """Two tries left ask again; one left is never spent and leads to asked entry, still on its watch."""
    reading = flow.Reading(WATCH)
    again = step(reading, flow.CardFailed("wrong_secret", 2))
    assert again.state == flow.Pin(WATCH, wrong=True, tries_left=2)
    last = step(reading, flow.CardFailed("wrong_secret", 1))
    assert last.state == flow.Notice("last_try_refused", stopwatch=WATCH)
    assert step(reading, flow.CardFailed("wrong_secret", 0)).state.code == "blocked"
    later = flow.AskOpened(Session(lambda: 9.0, 1).stopwatch(), TODAY)
    assert step(last.state, later).state.asked.stopwatch is WATCH


def test_a_card_taken_away_wipes_its_digits():
    """A card removed while digits are typed asks to place it again, and holds no digit."""
    taken = through(flow.Ready(), flow.CardPlaced(WATCH), *digits("12"), flow.CardRemoved())
    assert taken.state == flow.Notice("card_removed", stopwatch=WATCH)


@pytest.mark.parametrize(
    "code",
    ["blocked", "no_pin_set", "not_my_number_card", "card_removed", "malformed", "timeout", "reader_lost"],
)
def test_a_card_that_can_not_be_read_keeps_every_other_way_open(code):
    """After any failure of a card a code, another card, asked entry and count-only are one step away."""
    notice = step(flow.Reading(WATCH), flow.CardFailed(code)).state
    assert notice.code == code
    assert isinstance(step(notice, CODE).state, flow.Receiving)
    assert isinstance(step(notice, flow.CardPlaced(WATCH)).state, flow.Pin)
    assert isinstance(step(notice, ASK).state, flow.AskName)
    assert isinstance(step(notice, flow.CountOpened(WATCH)).state, flow.AskCount)


def test_an_asked_entry_takes_name_birth_and_town():
    """Kana, wareki and a town's first kana make a household received by asking."""
    taken = through(
        flow.Ready(),
        ASK,
        flow.Typed("ヤマダ\u3000ケn"),
        flow.Enter(),
        flow.Letter("S"),
        *digits("550217"),
        flow.Enter(),
        flow.Typed("サカ"),
        flow.Enter(),
    )
    arrival = effect(taken, flow.Receive).arrival
    (member,) = arrival.household.members
    assert (member.kana, member.birth) == ("ヤマダ\u3000ケン", BirthDate(1980, 2, 17))
    assert (arrival.method, arrival.household.address) == (Method.DESK, "小田原市栄町")


def test_a_family_is_asked_one_by_one_with_the_town_once():
    """The next member starts with the family name, and the town stays."""
    first = through(flow.Ready(), ASK, flow.Typed("ヤマダ\u3000ケン"), flow.Enter(), flow.Enter())
    second = through(first.state, flow.Typed("しろ"), flow.Plus())
    assert second.state.kana == "ヤマダ\u3000"
    taken = through(second.state, flow.Typed("ヤマダ\u3000アキ"), flow.Enter(), flow.Enter(), flow.Enter())
    home = effect(taken, flow.Receive).arrival.household
    assert [member.kana for member in home.members] == ["ヤマダ\u3000ケン", "ヤマダ\u3000アキ"]
    assert home.address == "小田原市城山"


@pytest.mark.parametrize("typed", ["S550230", "20991231", "S55"])
def test_a_date_that_can_not_be_stays_on_the_page(typed):
    """A day that does not exist, lies in the future or is half typed is not taken, and not lost."""
    page = through(flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Enter()).state
    for letter in typed:
        page = step(page, flow.Digit(int(letter)) if letter.isdigit() else flow.Letter(letter)).state
    stayed = step(page, flow.Enter()).state
    assert (stayed.text, stayed.wrong) == (typed, True)


def test_an_unknown_day_is_taken_as_unknown():
    """A birth date without its day is written down without it."""
    page = through(flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Enter(), flow.Letter("S"), *digits("200800"))
    assert page.state.birth == BirthDate(1945, 8, 0)


def test_going_back_loses_nothing_that_was_typed():
    """Esc leads back page by page with everything still there, and from the first page home."""
    town = through(
        flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Enter(), *digits("19800217"), flow.Enter()
    ).state
    birth = step(town, flow.Back()).state
    assert birth.text == "19800217"
    name = step(birth, flow.Back()).state
    assert name.kana == "ヤマダ"
    assert step(name, flow.Back()).state == flow.Ready()


def test_count_only_takes_three_keys():
    """F5, a digit, Enter: so many heads, nothing else known."""
    taken = through(flow.Ready(), flow.CountOpened(WATCH), flow.Digit(4), flow.Enter())
    arrival = effect(taken, flow.Receive).arrival
    assert arrival.method is Method.COUNT
    assert len(arrival.household.members) == 4
    assert through(flow.Ready(), flow.CountOpened(WATCH), flow.Digit(0), flow.Enter()).state.count == 0


def test_a_reception_can_be_taken_back_while_it_shows():
    """Esc on done takes the reception back and says so once the ledger has."""
    taken = through(flow.Ready(), CODE, RECEIVED, flow.Back())
    assert effect(taken, flow.Undo).row == RECEIVED.row
    assert step(taken.state, flow.Undone()).state == flow.Notice("undone")


def test_a_full_disk_keeps_the_household_for_another_try():
    """A household that could not be written stays, with the sentence, and Enter tries again."""
    receiving = step(flow.Ready(), CODE).state
    taken = step(receiving, flow.Failed(flow.Work.RECEIVE, "disk_full", "空きが ありません。"))
    assert (taken.state.code, taken.state.sentence) == ("disk_full", "空きが ありません。")
    assert not any(isinstance(effect, flow.StartTimer) for effect in taken.effects)
    assert effect(step(taken.state, flow.Enter()), flow.Receive).arrival == receiving.arrival


def test_a_failed_search_never_passes_for_a_failed_reception():
    """Failures of other work do not touch a household that is being written."""
    receiving = step(flow.Ready(), CODE).state
    assert step(receiving, flow.Failed(flow.Work.ROSTER, "busy")).state == receiving


def test_an_old_search_never_replaces_a_newer_one():
    """Rows found for an earlier text are dropped."""
    roster = through(flow.Ready(), flow.RosterOpened(), flow.Typed("ヤマd"))
    assert effect(roster, flow.FindRoster).text == "ヤマ"
    assert step(roster.state, flow.RosterFound("ヤ", (row(),))).state.rows == ()
    assert step(roster.state, flow.RosterFound("ヤマ", (row(),))).state.rows == (row(),)


def test_the_next_visitor_finds_the_desks_own_language():
    """Going home always ends the last visitor's language."""
    taken = through(flow.Ready(), CODE, RECEIVED)
    english = step(taken.state, flow.LanguageChosen("en"))
    assert effect(english, flow.Speak).language == "en"
    assert effect(step(english.state, flow.TimeUp()), flow.Speak).language == ""


def test_a_wrong_passphrase_says_so_and_asks_again():
    """A wrong passphrase leads back to the question with the ledger's sentence."""
    taken = through(
        flow.begin(asks=True).state,
        flow.PassphraseEntered(flow.Secret("x")),
        flow.Failed(flow.Work.OPEN, "wrong_passphrase", "ちがいます。"),
    )
    assert taken.state == flow.Locked(code="wrong_passphrase", sentence="ちがいます。")
    assert step(taken.state, flow.Opened()).state == flow.Ready()


def any_input(rng):
    """One input of a random kind with plausible values."""
    makers = (
        lambda: CODE,
        lambda: flow.CodeRefused("not_a_pass"),
        lambda: flow.CardPlaced(WATCH),
        flow.CardRemoved,
        lambda: flow.CardRead(household(), SOURCE),
        lambda: flow.CardFailed("wrong_secret", rng.choice([None, 0, 1, 2])),
        lambda: flow.DeviceChanged("reader", working=False),
        lambda: flow.Digit(rng.randrange(10)),
        lambda: flow.Letter(rng.choice("MTSHRA")),
        lambda: flow.Typed(rng.choice(["", "ヤマダ\u3000ケn", "サカ", "x"])),
        flow.Enter,
        flow.Back,
        flow.Erase,
        flow.Everyone,
        flow.Plus,
        flow.NotKnown,
        lambda: flow.Chosen(rng.randrange(-1, 9)),
        lambda: ASK,
        lambda: flow.CountOpened(WATCH),
        flow.RosterOpened,
        flow.StaffOpened,
        flow.HelpWanted,
        lambda: flow.LanguageChosen("en"),
        lambda: flow.PassphraseEntered(flow.Secret("x")),
        flow.QuitWanted,
        flow.TimeUp,
        flow.Opened,
        lambda: RECEIVED,
        lambda: AlreadyHere(row()),
        flow.Undone,
        lambda: flow.RosterFound("", (row(),)),
        lambda: flow.Failed(rng.choice(list(flow.Work)), "disk_full", "x"),
    )
    return rng.choice(makers)()


@given(st.integers(0, 1 << 32))
def test_no_run_of_inputs_ends_the_desk_or_receives_nobody(seed):
    """Whatever comes in whatever order, every answer is a state, and only households with people go on."""
    rng = random.Random(seed)
    state = flow.begin(asks=rng.random() < 0.5).state
    for _ in range(60):
        taken = step(state, any_input(rng))
        state = taken.state
        assert type(state) in flow.STATES
        for each in taken.effects:
            assert not isinstance(each, flow.Receive) or each.arrival.household.members
