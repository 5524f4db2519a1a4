"""The flow table: every pair has an answer, and the answers keep the desk's promises."""

import dataclasses
import itertools
import re
import sys

import pytest

from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Method, Sex
from kiosk.desk import AlreadyHere, Received
from kiosk.flow import effects, orders, step
from kiosk.flow.inputs import hands, keepers, world
from kiosk.flow.kinds import kinds_in
from kiosk.timing import Session
from walking import (
    ASK,
    CODE,
    RECEIVED,
    SOURCE,
    TODAY,
    TOWNS,
    WATCH,
    committed,
    digits,
    effect,
    household,
    person,
    row,
    through,
)

LEAF = re.compile(r"kiosk\.flow\.(choices|effects|kinds|orders|values|(inputs|states)\.[a-z]+)")
"""Where the flow's classes are written."""


def test_every_state_answers_every_input_or_leaves_it_on_purpose():
    """Every (state, input) pair has an answer or is deliberately ignored, never both."""
    for state, event in itertools.product(flow.STATES, flow.INPUTS):
        answered, ignored = (state, event) in flow.TABLE, event in flow.IGNORED[state]
        assert answered != ignored, f"{state.__name__}, {event.__name__}"


def test_no_state_and_no_input_is_forgotten():
    """Every state answers something, and every input is answered somewhere; the table knows no others."""
    # A staff's screen ends untouched by itself: that alone is no answer to anybody.
    assert {state for state, event in flow.TABLE if event is not flow.TimeUp} == set(flow.STATES)
    assert {event for _, event in flow.TABLE} == set(flow.INPUTS)


def test_a_name_of_the_flow_means_one_class():
    """Whatever a module of the flow defines stands under its name in `kiosk.flow`; none covers another."""
    leaves = [module for name, module in sys.modules.items() if LEAF.fullmatch(name)]
    assert len(leaves) > 10
    for module in leaves:
        for name, found in vars(module).items():
            if isinstance(found, type) and found.__module__ == module.__name__ and not name.startswith("_"):
                assert getattr(flow, name) is found, f"{name} of {module.__name__}"


def test_every_input_module_holds_inputs_only():
    """A class among the inputs that does not say that it is one would be left out of every list."""
    for module in (hands, keepers, world):
        assert set(kinds_in(object, module)) == set(kinds_in(flow.Told, module)), module.__name__


def test_every_effect_says_who_carries_it_out():
    """A class among the effects is one of them; only the step that holds them is none."""
    assert set(kinds_in(object, effects, orders)) - {flow.Step} == set(kinds_in(flow.Effect, effects, orders))


def test_a_code_is_received_at_once_and_asks_nobody():
    """A code goes from ready to the ledger with no touch, and the number shows for six seconds."""
    taken = step(flow.Ready(), CODE)
    arrival = effect(taken, flow.Receive).arrival
    assert (arrival.method, arrival.source, arrival.stopwatch) == (Method.APP, SOURCE, WATCH)
    done = step(taken.state, RECEIVED)
    assert done.state == flow.Done(RECEIVED.row, SOURCE)
    assert effect(done, flow.StartTimer).seconds == flow.DONE_SECONDS
    ready = step(done.state, flow.TimeUp())
    assert ready.state == flow.Ready(flow.Just(RECEIVED.row, SOURCE))
    assert step(ready.state, flow.TimeUp()).state == flow.Ready()


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
    """The same code while its number shows changes nothing; a moment later it says もう すんでいます."""
    done = through(flow.Ready(), CODE, RECEIVED).state
    assert step(done, CODE) == flow.Step(done)
    seen = through(done, flow.TimeUp(), CODE)
    assert seen.state == flow.Seen(RECEIVED.row, SOURCE)
    assert not any(isinstance(each, flow.Receive) for each in seen.effects)
    assert step(seen.state, CODE) == flow.Step(seen.state)


def test_a_pass_shown_again_later_is_asked_what_now():
    """Once the moment is over, a household that is here is asked what it wants, and nothing is done yet."""
    later = through(flow.Ready(), CODE, AlreadyHere(row(household("山田", "和子"))))
    assert later.state.chosen == {0, 1}
    assert later.state.offers[0] is flow.Change.OUT
    assert not any(isinstance(each, flow.Go) for each in later.effects)
    assert step(later.state, CODE) == flow.Step(later.state)


def test_a_pass_shown_twice_within_seconds_is_told_that_it_is_done():
    """Though another family came in between, whoever shows the same phone again hears もう すんでいます."""
    again = dataclasses.replace(CODE, again=True)
    here = AlreadyHere(row(household("山田", "和子")))
    seen = through(flow.Ready(), again, here)
    assert seen.state == flow.Seen(here.row, SOURCE)
    assert effect(seen, flow.Sound).name == "attention"


def test_who_was_out_is_back_without_a_touch():
    """A household that was out is back by showing its code; an undo takes back the return, nothing else."""
    back = committed(seq=7)
    taken = through(flow.Ready(), CODE, Received(row(), back, returned=True))
    assert taken.state.change is flow.Change.BACK
    assert effect(step(taken.state, flow.Back()), flow.Undo).what == back


def test_the_fourth_digit_submits_and_no_digit_is_ever_printed():
    """Four digits go to the card without Enter, and no repr of state, input or effect holds one."""
    taken = flow.Step(step(flow.Ready(), flow.CardPlaced(WATCH)).state)
    printed = []
    for event in digits("7913"):
        taken = step(taken.state, event)
        printed += [repr(event), repr(taken.state), repr(taken.effects)]
    # Where an object lies in memory is no digit of anybody's.
    printed = [re.sub("0x[0-9a-f]+", "", text) for text in printed]
    assert effect(taken, flow.ReadCard).digits.reveal() == "7913"
    assert isinstance(taken.state, flow.Reading)
    assert not any(digit in text for text in printed for digit in ("79", "791", "=7", "'7'", "value"))


def test_a_passphrase_is_never_printed():
    """Neither the input nor the effect of unlocking prints the passphrase."""
    event = flow.PassphraseEntered(flow.Secret("correct horse"))
    taken = step(flow.Locked(), event)
    assert "horse" not in repr(event) + repr(taken)
    assert effect(taken, flow.OpenDesk).passphrase.reveal() == "correct horse"


def test_a_card_is_received_with_its_fourth_digit():
    """Card and four digits: the holder is received, timed since the card was placed; nobody confirms."""
    read = flow.CardRead(household(), Source(Method.CARD, "", b"k"))
    taken = through(flow.Ready(), flow.CardPlaced(WATCH), *digits("1234"), read)
    arrival = effect(taken, flow.Receive).arrival
    assert (arrival.method, arrival.source, arrival.stopwatch) == (Method.CARD, read.source, WATCH)


def test_a_cards_holder_says_with_one_digit_how_many_came():
    """The number shows a little longer for a card; a digit adds the others to the household."""
    done = through(
        flow.Ready(),
        flow.CardPlaced(WATCH),
        *digits("1234"),
        flow.CardRead(household(), Source(Method.CARD, "", b"k")),
        Received(row(method=Method.CARD), committed()),
    )
    assert effect(done, flow.StartTimer).seconds == flow.CARD_SECONDS
    taken = step(done.state, flow.Digit(4))
    assert len(effect(taken, flow.Join).members) == 3
    four = row(household("a", "b", "c", "d"), method=Method.CARD)
    again = step(taken.state, flow.Written(four, committed(2)))
    assert (type(again.state), again.state.row) == (flow.Done, four)
    assert not again.state.asks_family


def family(*names, here=None):
    home = household(*names)
    ticked = frozenset(range(len(names))) if here is None else here
    return flow.Family(row(home), home, ticked, flow.Done(row(home)))


def test_whoever_is_not_here_is_kept_as_absent():
    """Members unticked after the reception are struck out, not forgotten; added ones have no name yet."""
    taken = through(family("山田\u3000太郎", "山田\u3000和子"), flow.Digit(2), flow.Plus(), flow.Enter())
    amend = effect(taken, flow.Amend)
    assert [member.name for member in amend.household.members] == ["山田\u3000太郎", None]
    assert [member.name for member in amend.household.absent] == ["山田\u3000和子"]
    assert amend.removed == (household("a", "b").members[1].id,)


def test_a_family_left_as_it_is_writes_nothing():
    """Enter without a change goes back to the number."""
    taken = step(family("山田"), flow.Enter())
    assert type(taken.state) is flow.Done
    assert not any(isinstance(each, flow.Amend) for each in taken.effects)


def test_nobody_can_not_be_received():
    """Nobody ticked says so and stays; 全員 heals it."""
    taken = through(family("山田"), flow.Chosen(0), flow.Enter())
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
    """Kana, sex, wareki whose last digit turns the page, and a town's first kana make a household."""
    taken = through(
        flow.Ready(),
        ASK,
        flow.Typed("ヤマダ\u3000ケn"),
        flow.Digit(1),
        flow.Letter("S"),
        *digits("550217"),
        flow.Enter(),
        flow.Typed("サカ"),
        flow.Enter(),
    )
    arrival = effect(taken, flow.Receive).arrival
    (member,) = arrival.household.members
    assert (member.kana, member.birth, member.sex) == ("ヤマダ\u3000ケン", BirthDate(1980, 2, 17), Sex.MALE)
    assert (arrival.method, arrival.household.address) == (Method.DESK, "小田原市栄町")


def test_a_family_is_asked_one_by_one_with_the_town_once():
    """After each birth the next name begins with the family name; nothing more typed leads to the town."""
    first = through(flow.Ready(), ASK, flow.Typed("ヤマダ\u3000ケン"), flow.Enter(), flow.Enter())
    assert first.state.kana == "ヤマダ\u3000"
    second = through(first.state, flow.Typed("ヤマダ\u3000アキ"), flow.Digit(2), flow.Enter())
    town = step(second.state, flow.Enter())
    assert type(town.state) is flow.AskTown
    home = effect(through(town.state, flow.Typed("しろ"), flow.Enter()), flow.Receive).arrival.household
    assert [member.kana for member in home.members] == ["ヤマダ\u3000ケン", "ヤマダ\u3000アキ"]
    assert [member.sex for member in home.members] == [Sex.UNKNOWN, Sex.FEMALE]
    assert home.address == "小田原市城山"


def test_a_digit_too_many_makes_up_nobody():
    """A digit typed after the date is complete does not add a person who was never named."""
    more = through(
        flow.Ready(), ASK, flow.Typed("ヤマダ\u3000ケン"), flow.Enter(), *digits("198002171")
    ).state
    assert type(more) is flow.AskName
    assert len(more.asked.people) == 1


@pytest.mark.parametrize(
    ("typed", "birth", "age"),
    [
        ("S29", BirthDate(1954), None),
        ("S2903", BirthDate(1954, 3), None),
        ("S290300", BirthDate(1954, 3), None),
        ("1954", BirthDate(1954), None),
        ("195403", BirthDate(1954, 3), None),
        ("72", None, 72),
        ("101", None, 101),
        ("0", None, 0),
    ],
)
def test_as_much_of_a_birth_is_taken_as_is_known(typed, birth, age):
    """Year, year and month, a whole date or only an age: what is known is written down and no more."""
    page = through(flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Enter()).state
    for letter in typed:
        page = step(page, flow.Digit(int(letter)) if letter.isdigit() else flow.Letter(letter)).state
    if type(page) is flow.AskBirth:
        page = step(page, flow.Enter()).state
    (told,) = page.asked.people
    assert (told.birth, told.age) == (birth, age)


@pytest.mark.parametrize("typed", ["S550230", "20991231", "S553", "131", "19545", "S1"])
def test_a_date_that_can_not_be_stays_on_the_page(typed):
    """A day that does not exist, lies in the future or is half typed is not taken, and not lost."""
    page = through(flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Enter()).state
    for letter in typed:
        page = step(page, flow.Digit(int(letter)) if letter.isdigit() else flow.Letter(letter)).state
    stayed = step(page, flow.Enter()).state
    assert (stayed.text, stayed.wrong) == (typed, True)


def test_somebody_without_a_name_is_received_and_waited_for():
    """0 on the name's page: a person whose name nobody knows, with an age, marked 保護者確認待ち."""
    taken = through(flow.Ready(), ASK, flow.Digit(0), *digits("4"), flow.Enter(), flow.Enter(), flow.Enter())
    (lost,) = effect(taken, flow.Receive).arrival.household.members
    assert (lost.called, lost.age, lost.provisional) == (None, 4, True)


def test_an_address_may_be_refused():
    """申告なし is an answer: received without an address, and it is known that it was asked."""
    asked = flow.Asked(WATCH, TODAY, TOWNS, (person(),), town="小田原市栄町")
    home = effect(through(flow.AskTown(asked), flow.Digit(0), flow.Enter()), flow.Receive).arrival.household
    assert (home.address, home.no_address) == ("", True)
    told = through(flow.AskTown(asked), flow.Digit(0), flow.Digit(2), flow.Enter())
    assert effect(told, flow.Receive).arrival.household.address == "小田原市城山"


def test_a_family_that_comes_piecemeal_joins_by_the_staffs_word():
    """Who may be the same family is looked for as the town is told; 9 joins them, Enter receives anew."""
    asked = flow.Asked(WATCH, TODAY, TOWNS, (person(kana="ヤマダ\u3000ジロウ"),))
    found = step(flow.AskTown(asked), flow.Digit(1))
    about = effect(found, flow.FindSimilar).household
    assert about.address == "小田原市栄町"
    there = row(household("山田\u3000太郎"), "A-012")
    offered = step(found.state, flow.SimilarFound(about, (there,))).state
    assert type(step(offered, flow.Enter()).state) is flow.Receiving
    joined = step(offered, flow.Digit(9))
    assert effect(joined, flow.Join).household == there.household.id
    shown = step(joined.state, flow.Written(there, committed(3)))
    assert (shown.state.change, shown.state.row.number) == (flow.Change.JOINED, "A-012")
    assert effect(step(shown.state, flow.Back()), flow.Undo).what == committed(3)


def test_who_may_be_the_same_is_only_offered_for_the_town_that_is_told():
    """An answer to an earlier town is dropped, and 9 does nothing while nobody is found."""
    asked = flow.Asked(WATCH, TODAY, TOWNS, (person(),))
    town = step(flow.AskTown(asked), flow.Digit(1)).state
    late = step(town, flow.SimilarFound(household(address="小田原市城山"), (row(),))).state
    assert late.similar == ()
    assert step(late, flow.Digit(9)) == flow.Step(late)


def test_going_back_loses_nothing_that_was_typed():
    """Esc leads back page by page with everything still there, and from the first page home."""
    town = through(
        flow.Ready(), ASK, flow.Typed("ヤマダ"), flow.Digit(1), *digits("19800217"), flow.Enter()
    ).state
    assert type(town) is flow.AskTown
    more = step(town, flow.Back()).state
    assert len(more.asked.people) == 1
    birth = step(more, flow.Back()).state
    assert (birth.text, birth.sex) == ("19800217", Sex.MALE)
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
    assert effect(taken, flow.Undo).what == RECEIVED.row
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
