"""A household's stay through the flow's table: going and coming, its card, doubles, what staff need."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_input import FOUR, OUT, SHELTER, any_input
from kiosk import flow
from kiosk.core.acts import Area, Fullness, Source
from kiosk.core.counts import Counts
from kiosk.core.household import (
    Consent,
    Household,
    Method,
    Need,
    Person,
    Pet,
    PetKind,
    Relation,
    Sex,
    Stay,
)
from kiosk.core.roll import Whereabouts
from kiosk.desk import AlreadyHere
from kiosk.flow import Change, Masked, Room, step
from kiosk.flow.choices import DESTINATIONS, LANGUAGES, NEED_PAGES, PAGE_KEYS, RELATIONS, Page, Show
from kiosk.overview import Looking, ShiftSheet, double
from walking import ASK, CODE, RECEIVED, SOURCE, WATCH, committed, effect, household, person, row, through


def asked(standing=None, **known):
    standing = standing or row(FOUR)
    return flow.WhatNow(standing, frozenset(range(len(standing.household.members))), **known)


def card(standing=None, back=None):
    return flow.HouseholdCard(standing or row(FOUR), back or flow.Roster())


# Going and coming


@pytest.mark.parametrize(("key", "change"), [("O", Change.OUT), ("L", Change.LEFT), ("M", Change.MOVED)])
def test_a_household_goes_with_one_key(key, change):
    """One key says where the whole household goes; it is shown, and one key takes it back."""
    taken = step(asked(), flow.Letter(key))
    go = effect(taken, flow.Go)
    assert (go.change, go.household, go.persons) == (change, FOUR.id, ())
    shown = step(taken.state, flow.Written(row(FOUR), committed(9)))
    assert shown.state.change is change
    assert effect(shown, flow.StartTimer).seconds == flow.DONE_SECONDS
    assert effect(step(shown.state, flow.Back()), flow.Undo).what == committed(9)


def test_enter_says_what_is_likeliest():
    """Here: they go out. One is out: that one is back. Gone: they are back."""
    assert effect(step(asked(), flow.Enter()), flow.Go).change is Change.OUT
    back = effect(step(asked(OUT), flow.Enter()), flow.Go)
    assert (back.change, back.persons) == (Change.BACK, (FOUR.members[2].id,))
    gone = row(FOUR, elsewhere=dict.fromkeys((who.id for who in FOUR.members), Whereabouts.LEFT))
    assert asked(gone).offers == (Change.BACK,)


def test_some_of_a_family_go_and_say_where_to():
    """Unticked members stay; where they go is written down in words."""
    taken = through(asked(), flow.Digit(1), flow.Chosen(1), flow.DestinationChosen(1), flow.Letter("O"))
    go = effect(taken, flow.Go)
    assert go.persons == (FOUR.members[2].id, FOUR.members[3].id)
    assert go.destination == DESTINATIONS["hospital"]


def test_nobody_chosen_goes_nowhere():
    """With nobody ticked nothing is offered, and no key writes anything."""
    nobody = asked()
    for place in range(1, 5):
        nobody = step(nobody, flow.Digit(place)).state
    assert nobody.offers == ()
    assert type(step(nobody, flow.Enter()).state) is flow.WhatNow
    assert type(step(nobody, flow.Letter("L")).state) is flow.WhatNow


def test_a_question_nobody_answers_goes_away_and_writes_nothing():
    """Whoever walks on leaves everything as it was."""
    taken = step(asked(), flow.TimeUp())
    assert taken.state == flow.Ready()
    assert not any(isinstance(each, flow.Go) for each in taken.effects)


def test_the_next_visitors_code_is_received_while_another_is_asked():
    """A screen that asks what now keeps every way in open."""
    other = flow.CodeAccepted(household("田中", number=2), Source(Method.APP, "city", b"2", 1), WATCH)
    assert type(step(asked(source=SOURCE), other).state) is flow.Receiving
    assert type(step(flow.Changed(row(), Change.OUT), other).state) is flow.Receiving


def test_staff_say_who_goes_from_the_roster():
    """F3, the row, one key; then the roster again for the next, and the ready screen if nobody goes on."""
    opened = step(flow.Ready(), flow.OutOpened())
    rows = step(opened.state, flow.RosterFound("", (row(FOUR),))).state
    what = step(rows, flow.Enter()).state
    assert type(what) is flow.WhatNow
    shown = through(what, flow.Letter("O"), flow.Written(row(FOUR), committed())).state
    assert step(shown, flow.Enter()).state.going
    assert type(step(shown, flow.TimeUp()).state) is flow.Ready


def test_what_can_not_be_written_comes_back_to_where_it_was():
    """A failed write says so and leads back with everything still chosen."""
    before = step(asked(), flow.Digit(1)).state
    failed = through(
        before, flow.Letter("O"), flow.Failed(flow.Work.CHANGE, "disk_full", "空きが ありません。")
    )
    assert (failed.state.code, failed.state.back) == ("disk_full", before)
    assert step(failed.state, flow.Enter()).state == before


def test_two_phones_when_the_first_is_here_already():
    """The second phone's turn comes, and the first is only told its number."""
    other = flow.CodeAccepted(household("田中", number=2), Source(Method.APP, "city", b"2", 1), WATCH)
    seen = through(flow.Ready(), CODE, other, AlreadyHere(row()))
    assert type(seen.state) is flow.Seen
    assert effect(step(seen.state, flow.TimeUp()), flow.Receive).arrival.household == other.household


# Needs


def test_a_need_is_one_touch_and_closing_writes_it():
    """Chips are ticked by one touch each and written by one act when the page is closed."""
    done = flow.Done(row())
    taken = through(done, flow.NeedsOpened(), flow.Chosen(0), flow.Digit(4), flow.Enter())
    (who,) = effect(taken, flow.Amend).household.members
    assert who.needs == {NEED_PAGES[0][0], NEED_PAGES[0][3]}


def test_needs_may_be_skipped():
    """Esc, or nothing ticked, writes nothing."""
    done = flow.Done(row())
    opened = step(done, flow.Letter("N")).state
    assert through(opened, flow.Digit(1), flow.Back()).state == done
    assert step(opened, flow.Enter()).state == done


def test_needs_told_are_kept_when_nobody_closes_the_page():
    """What was ticked was told: the page that times out keeps it."""
    taken = through(flow.Done(row()), flow.NeedsOpened(), flow.Digit(1), flow.TimeUp())
    assert effect(taken, flow.Amend).household.members[0].needs == {Need.FEVER}


def test_every_need_has_its_chip():
    """The pages hold every need once, eight a page at most."""
    chips = [need for page in NEED_PAGES for need in page]
    assert sorted(chips) == sorted(Need)
    assert max(map(len, NEED_PAGES)) <= 8


def test_needs_go_from_person_to_person_and_page_to_page():
    """0 is the next person, 9 the next page; a family's page keeps them for its own saving."""
    family = flow.Family(row(FOUR), FOUR, frozenset({1, 2}), flow.Done(row(FOUR)))
    taken = through(family, flow.NeedsOpened(), flow.Digit(0), flow.Digit(9), flow.Digit(3), flow.Enter())
    assert type(taken.state) is flow.Family
    assert taken.state.household.members[2].needs == {NEED_PAGES[1][2]}
    assert not any(isinstance(each, flow.Amend) for each in taken.effects)


# The card


def test_a_card_opens_only_after_its_trace():
    """Nothing of a card is shown before it is written down who looks; without a trace it stays shut."""
    roster = flow.Roster(rows=(row(FOUR),))
    taken = step(roster, flow.Enter())
    assert effect(taken, flow.LookAt).household == FOUR.id
    assert type(taken.state) is flow.Writing
    assert type(step(taken.state, flow.Written(row(FOUR))).state) is flow.HouseholdCard
    refused = step(taken.state, flow.Failed(flow.Work.LOOK, "not_audited", "開けません。"))
    assert refused.state == flow.Notice("not_audited", "開けません。", back=roster)


@pytest.mark.parametrize("masked", list(Masked))
def test_what_is_masked_shows_only_while_it_is_held(masked):
    """Held, asked of the ledger, shown; let go, masked. An answer that comes too late shows nothing."""
    held = step(card(), flow.Held(masked))
    assert effect(held, flow.Uncover).masked is masked
    assert not held.state.shown
    assert step(held.state, flow.Uncovered()).state.shown
    gone = through(held.state, flow.LetGo(), flow.Uncovered()).state
    assert (gone.holding, gone.shown) == (None, False)
    refused = step(held.state, flow.Failed(flow.Work.LOOK, "not_allowed", "できません。")).state
    assert (refused.shown, refused.sentence) == (False, "できません。")


@pytest.mark.parametrize(
    ("page", "events", "name", "value"),
    [
        (Page.STAY, [flow.Digit(2)], "stay", Stay.CAR),
        (Page.CONSENT, [flow.Chosen(1)], "consent", Consent.RELATIVES),
        (Page.EMBASSY, [flow.Chosen(3)], "embassy", "VN"),
        (Page.PETS, [flow.Digit(1), flow.Digit(1), flow.Digit(2), flow.Fewer(0), flow.Enter()], "pets",
         (Pet(PetKind.DOG, 1), Pet(PetKind.CAT, 1))),
        (Page.LANGUAGES, [flow.Digit(4), flow.Digit(1), flow.Digit(4), flow.Enter()], "languages", ("en",)),
        (Page.SUPPLIES, [flow.Digit(1), flow.Digit(2), flow.Plus(), flow.Enter()], "supplies", 13),
        (Page.NOTE, [flow.Typed("夜は 静かに"), flow.Enter()], "note", "夜は 静かに"),
        (Page.PHONE, [flow.Typed("09012345678"), flow.Enter()], "phone", "09012345678"),
        (Page.ADDRESS, [flow.NotKnown()], "no_address", True),
    ],
)  # fmt: skip
def test_a_page_of_the_card_is_one_amendment(page, events, name, value):
    """Each page changes one thing by one act; what is chosen by one touch is written by that touch."""
    key = next(key for key, opened in PAGE_KEYS.items() if opened is page)
    taken = through(card(), flow.Letter(key), *events)
    assert getattr(effect(taken, flow.Amend).household, name) == value
    assert type(taken.state.then) is flow.HouseholdCard


def test_a_page_left_as_it_is_writes_nothing():
    """Enter without a change, and Esc after one, both lead back to the card."""
    for last in (flow.Enter(), flow.Back()):
        opened = through(card(), flow.Letter("L"))
        left = step(
            opened.state if isinstance(last, flow.Enter) else step(opened.state, flow.Digit(1)).state, last
        )
        assert type(left.state) is flow.HouseholdCard
        assert not any(isinstance(each, flow.Amend) for each in left.effects)


def test_an_area_is_picked_from_those_the_shelter_named():
    """The page shows how full each area is; a touch moves the household there."""
    opened = step(card(), flow.PageOpened(Page.AREA))
    effect(opened, flow.ReadShelter)
    areas = step(opened.state, flow.ShelterRead(SHELTER, {"体育館": 58})).state
    assert areas.areas == (("体育館", 58, 60), ("教室", 0, 0))
    assert effect(step(areas, flow.Digit(2)), flow.Amend).household.area == "教室"


def test_languages_and_pages_have_their_keys():
    """Every page has a letter of its own, and no letter has two pages."""
    assert set(PAGE_KEYS.values()) == set(Page)
    assert len(LANGUAGES) == len(set(LANGUAGES))
    assert not set(PAGE_KEYS) & set("OFTKX")


def test_secrecy_is_set_with_one_touch_and_lifted_with_a_reason_and_a_second_person():
    """支援措置 protects at once; lifting it is refused until a reason and a second person are told."""
    taken = step(card(), flow.SecrecyWanted())
    assert effect(taken, flow.KeepSecret).household == FOUR.id
    hidden = card(row(household("a", secrecy=True)))
    asks = step(hidden, flow.SecrecyWanted()).state
    assert type(asks) is flow.EndingSecrecy
    assert step(asks, flow.EndingSaid("理由", "", flow.Secret("x"))).state.missing
    said = step(asks, flow.EndingSaid("理由", "田中", flow.Secret("hush")))
    assert (effect(said, flow.EndSecrecy).reason, effect(said, flow.EndSecrecy).who) == ("理由", "田中")
    assert "hush" not in repr(said)


def test_details_after_a_count_are_asked_like_anybody_elses():
    """F1 on a person of a card asks name and birth, and amends that person and nobody else."""
    counted = row(Household(FOUR.id, tuple(Person(who.id) for who in FOUR.members)))
    member = through(card(counted), flow.PersonChosen(1), flow.Enter()).state
    assert type(member) is flow.MemberCard
    taken = through(
        member,
        ASK,
        flow.Typed("ヤマダ\u3000カズコ"),
        flow.Digit(2),
        flow.Digit(7),
        flow.Digit(0),
        flow.Enter(),
    )
    people = effect(taken, flow.Amend).household.members
    assert (people[1].kana, people[1].sex, people[1].age) == ("ヤマダ\u3000カズコ", Sex.FEMALE, 70)
    assert (people[0], people[2]) == (Person(FOUR.members[0].id), Person(FOUR.members[2].id))


def test_correcting_keeps_what_is_not_told():
    """A kana corrected drops a written name it does not belong to; a birth not told stays as it was."""
    known = row(household("山田\u3000花", number=3))
    known = row(
        known.household.__class__(
            known.household.id, (person("山田\u3000花", kana="ヤマダ\u3000ハナ", age=7),)
        )
    )
    member = flow.MemberCard(card(known))
    same = effect(through(member, ASK, flow.Enter(), flow.Erase(), flow.Enter()), flow.Amend)
    assert (same.household.members[0].name, same.household.members[0].age) == ("山田\u3000花", 7)
    other = effect(
        through(member, ASK, flow.Typed("ヤマダ\u3000ハル"), flow.Enter(), flow.Enter()), flow.Amend
    )
    assert (other.household.members[0].name, other.household.members[0].kana) == (None, "ヤマダ\u3000ハル")


def test_a_person_is_corrected_with_one_touch_each():
    """Sex, relation, guardian, representative and mistake are one act each."""
    member = flow.MemberCard(flow.HouseholdCard(row(FOUR), flow.Roster(), 1))
    assert effect(step(member, flow.Digit(2)), flow.Amend).household.members[1].sex is Sex.FEMALE
    said = effect(step(member, flow.RelationSaid(RELATIONS.index(Relation.SPOUSE))), flow.Amend)
    assert said.household.members[1].relation is Relation.SPOUSE
    assert effect(step(member, flow.Letter("P")), flow.Amend).household.members[1].provisional
    assert effect(step(member, flow.Letter("R")), flow.Represent).person == FOUR.members[1].id
    struck = effect(step(member, flow.Letter("X")), flow.Amend)
    assert struck.removed == (FOUR.members[1].id,)
    assert len(struck.household.members) == 3


# Roster, doubles


def test_a_search_of_staff_is_sifted_and_walked_with_keys():
    """Sieves look through everything, arrows choose, Enter opens; the same sieve again shows all."""
    roster = flow.Roster()
    away = step(roster, flow.ShowChosen(Show.AWAY))
    assert effect(away, flow.FindRoster).everything
    found = step(
        away.state,
        flow.RosterFound("", (row(FOUR, "A-001"), row(OUT.household, "A-002", elsewhere=OUT.elsewhere))),
    ).state
    assert [one.number for one in found.shown] == ["A-002"]
    everybody = step(found, flow.ShowChosen(Show.AWAY)).state
    below = step(everybody, flow.RowMoved(1)).state
    assert (below.at, below.chosen.number) == (1, "A-002")
    assert step(below, flow.RowMoved(1)).state.at == 1


def test_two_households_are_merged_into_the_earlier_one_and_it_can_be_undone():
    """Side by side, the later goes into the earlier with its pairs; the undo takes back the merge."""
    one = row(household("山田\u3000太郎", number=1, address="栄町"), "A-001", received_at=1)
    two = row(household("山田\u3000太郎", "山田\u3000花", number=2, address="栄町"), "B-001", received_at=2)
    pair = double(two, one)
    listed = step(flow.Doubles(), flow.DoublesFound((pair,))).state
    both = step(listed, flow.Enter()).state
    assert both.double.together == 2
    merge = effect(step(both, flow.Enter()), flow.Merge)
    assert (merge.household, merge.into) == (two.household.id, one.household.id)
    assert merge.same == ((two.household.members[0].id, one.household.members[0].id),)
    shown = through(both, flow.Enter(), flow.Written(one, committed(5))).state
    assert effect(step(shown, flow.Back()), flow.Undo).what == committed(5)
    effect(step(both, flow.Back()), flow.FindDoubles)


def test_who_may_be_the_same_family_is_offered_while_the_number_shows():
    """After a reception by app or card a similar household is offered for a look; nothing waits for it."""
    done = through(flow.Ready(), CODE, RECEIVED)
    about = effect(done, flow.FindSimilar).household
    mine, other = RECEIVED.row, row(household("山田", number=7), "A-007")
    offered = step(done.state, flow.SimilarFound(about, (mine, other)))
    assert offered.state.similar == (other,)
    effect(offered, flow.StartTimer)
    looked = step(offered.state, flow.Letter("K")).state
    assert type(looked) is flow.Compare
    assert type(step(looked, flow.Back()).state) is flow.Done


# What only staff need


@pytest.mark.parametrize("place", range(len(Room)))
def test_every_room_is_one_digit_away_and_esc_leads_back(place):
    """The staff's menu opens each screen by its digit; staff's screens speak the desk's own language."""
    opened = step(flow.Staff(), flow.Digit(place + 1))
    assert type(opened.state) is not flow.Staff
    back = step(opened.state, flow.Back()).state
    assert type(back) in {flow.Staff, flow.Ready}


def test_a_staffs_screen_does_not_stay_open_untouched():
    """Every staff's screen waits a while and then closes; coming to it ends a visitor's language."""
    opened = step(flow.Ready(), flow.RosterOpened())
    assert effect(opened, flow.StartTimer).seconds == flow.STAFF_SECONDS
    assert effect(opened, flow.Speak).language == ""
    for state in flow.STATES:
        assert not issubclass(state, flow.StaffScreen) or (state, flow.TimeUp) in flow.TABLE
    assert type(step(card(), flow.TimeUp()).state) is flow.Ready


def test_an_inquiry_wants_a_name_and_who_asks():
    """Nothing is asked of the ledger before both are told; another name or asker clears the answer."""
    inquiry = flow.Inquiry()
    assert step(inquiry, flow.Enter()).state.missing == "name"
    named = step(inquiry, flow.Typed("ヤマダ\u3000タロu")).state
    assert step(named, flow.Enter()).state.missing == "relative"
    taken = through(named, flow.Digit(1), flow.Enter())
    ask = effect(taken, flow.Inquire)
    assert (ask.relative, bool(ask.reason)) == (True, True)
    answered = step(taken.state, flow.Answered(ask.text, (row(FOUR),))).state
    assert answered.answer == (row(FOUR),)
    assert step(answered, flow.Digit(2)).state.answer is None
    assert step(answered, flow.Typed("x")).state.answer is None


def test_nobody_here_and_nobody_to_be_told_of_are_one_answer():
    """The state that is drawn is the same for who is not here and for who may not be told of."""
    asking = flow.Inquiry("ヤマダ", relative=False, asking=True)
    nobody = step(asking, flow.Answered("ヤマダ", ())).state
    assert nobody == flow.Inquiry("ヤマダ", relative=False, answer=())


def test_only_who_was_asked_for_is_named():
    """Of a household told of, only the one whose name was asked is shown, by whole or given name."""
    kana = household("ヤマダ\u3000タロウ", "ヤマダ\u3000ハナ")
    for text, names in (("ヤマダ\u3000ハナ", 1), ("ハナ", 1), ("ヤマダ", 2), ("タナカ", 0)):
        assert len(flow.Inquiry(text, relative=True, answer=(row(kana),)).named) == names


def test_the_shelters_state_is_reported_as_somebody_just_looked():
    """Opening, fullness and staff are changed by touch; Enter reports them, also when nothing changed."""
    board = step(flow.ShelterBoard(), flow.ShelterRead(SHELTER, {"体育館": 3})).state
    changed = through(
        board, flow.FullnessSaid(2), flow.Letter("S"), flow.Letter("S"), flow.Counted("helpers", -1)
    ).state
    report = effect(step(changed, flow.Enter()), flow.ReportShelter).shelter
    assert (report.fullness, report.staff, report.helpers) == (Fullness.FULL, 2, 0)
    saved = step(step(changed, flow.Enter()).state, flow.ShelterRead(report, {})).state
    assert (saved.saved, saved.said) == (True, report)
    effect(step(board, flow.Enter()), flow.ReportShelter)


def test_areas_are_named_changed_and_removed():
    """An area needs a name; its capacity may be unknown."""
    board = step(flow.ShelterBoard(), flow.ShelterRead(SHELTER, {})).state
    new = step(board, flow.Plus()).state
    assert step(new, flow.Enter()).state.missing
    added = through(new, flow.Typed("保健室"), flow.CapacityTyped("x12人"), flow.Enter()).state
    assert added.draft.areas[-1] == Area("保健室", 12)
    gone = through(added, flow.Chosen(0), flow.NotKnown()).state
    assert [area.name for area in gone.draft.areas] == ["教室", "保健室"]


def test_devices_are_tried_without_receiving_anybody():
    """Codes and cards on the devices' screen are only seen; the camera goes on looking."""
    devices = flow.Devices()
    assert flow.watches_codes(devices)
    taken = through(devices, CODE, flow.CardPlaced(WATCH))
    assert taken.state == flow.Devices(code_seen=True, card_seen=True)
    assert effect(step(devices, flow.Letter("S")), flow.Sound).name == "ok"
    effect(step(devices, flow.TrialWanted("sync")), flow.TrySync)


def test_the_audit_is_read_page_by_page():
    """Newest first, so many a page, and no further than there is."""
    entries = tuple(Looking(at, "係", "view_card", "", ("A-001",)) for at in range(flow.AUDIT_SHOWN + 1))
    audit = step(flow.Audit(), flow.AuditRead(entries)).state
    assert step(audit, flow.More()).state.first == flow.AUDIT_SHOWN
    assert through(audit, flow.More(), flow.More()).state.first == flow.AUDIT_SHOWN
    assert step(audit, flow.RowMoved(-1)).state.first == 0


def test_the_shift_ends_with_a_locked_desk():
    """引きつぎ shows the sheet; 交代する locks, and the next staff are asked for their passphrase."""
    shift = step(flow.Staff(), flow.RoomOpened(Room.SHIFT))
    effect(shift, flow.ReadShift)
    sheet = step(shift.state, flow.ShiftRead(ShiftSheet(Counts(), SHELTER))).state
    locked = step(sheet, flow.Enter())
    effect(locked, flow.Lock)
    assert locked.state == flow.Locked()


def test_help_for_an_error_keeps_every_way_open():
    """くわしく shows the steps; a code, F1 and F5 still work from there, and Esc leads back to the notice."""
    notice = flow.Notice("reader_lost")
    explained = step(notice, flow.Letter("H")).state
    assert explained == flow.Help(notice)
    assert type(step(explained, CODE).state) is flow.Receiving
    assert type(step(explained, ASK).state) is flow.AskName
    assert step(explained, flow.Back()).state == notice


@given(st.integers(0, 1 << 32))
def test_no_run_of_inputs_ends_the_desk_or_receives_nobody(seed):
    """Whatever comes in whatever order, every answer is a state, and only households with people go on."""
    rng = random.Random(seed)
    state = rng.choice([flow.begin(asks=True), flow.begin(asks=False), flow.begin_founding()]).state
    for _ in range(120):
        taken = step(state, any_input(rng))
        state = taken.state
        assert type(state) in flow.STATES
        for each in taken.effects:
            assert not isinstance(each, flow.Receive) or each.arrival.household.members
            assert not isinstance(each, flow.Join) or each.members
            assert not isinstance(each, flow.Amend) or each.household.members
