"""A household's whole stay, on the real store: every step is an act, every act can be taken back."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from at_desk import access, supervisor
from kiosk.core import slip as slips
from kiosk.core.access import Role
from kiosk.core.acts import Fullness, Opening, Shelter, Source, Topic
from kiosk.core.household import Consent, Method, Mode, Need, Pet, PetKind, Relation, Sex, Stay
from kiosk.core.roll import Whereabouts
from kiosk.desk import AlreadyHere, Arrival, Desk, Received
from kiosk.errors import KnownError
from kiosk.store import opening


@pytest.fixture
def family(desk):
    """見本 太郎, 花子 and 次郎, received at the desk."""
    people = [
        desk.new_person(name=f"見本　{given}", kana=f"ミホン　{kana}", sex=sex, relation=relation)
        for given, kana, sex, relation in (
            ("太郎", "タロウ", Sex.MALE, Relation.HEAD),
            ("花子", "ハナコ", Sex.FEMALE, Relation.SPOUSE),
            ("次郎", "ジロウ", Sex.MALE, Relation.CHILD),
        )
    ]
    return received(desk, desk.new_household(people, address="見本市城山1丁目2番3号"))


def received(desk, household, method=Method.DESK, source=None):
    outcome = desk.receive(Arrival(method, household, source))
    assert isinstance(outcome, Received)
    return outcome.row


def now(ledger, row):
    found = ledger.get(row.household.id)
    assert found is not None
    return found


def test_a_whole_card_comes_back(data):
    """Everything that can be written on the card is there after reopening, as it was written."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        row = received(desk, whole_card(desk))
        assert store.ledger.get(row.household.id).household == row.household
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        assert store.ledger.get(row.household.id).household == row.household
        assert store.ledger.problems() == []
        assert (store.ledger.counts().provisional, store.ledger.counts().supplies) == (1, 3)


def whole_card(desk):
    person = desk.new_person(
        name="𠮷田　﨑", age=80, provisional=True, needs=frozenset({Need.DEMENTIA}), note="つえ"
    )
    return desk.new_household(
        [person],
        no_address=True,
        stay=Stay.TENT,
        area="体育館 A-3",
        pets=(Pet(PetKind.DOG, 2), Pet(PetKind.BIRD, 1)),
        languages=("vi", "en"),
        embassy="VN",
        consent=Consent.RELATIVES,
        supplies=3,
        note="夜は 車",
        absent=(desk.new_person(name="𠮷田　遠", sex=Sex.FEMALE),),
    )


def test_counted_first_and_written_down_later(desk, ledger):
    """A queue of two hundred: heads now, names when there is time; one household, one reception."""
    row = received(desk, desk.heads(3), Method.COUNT)
    named = [
        replace(person, name=name, sex=Sex.FEMALE)
        for person, name in zip(row.household.members, "甲乙丙", strict=True)
    ]
    desk.amend(replace(row.household, members=tuple(named)))
    assert [found.household.id for found in desk.roster("甲")] == [row.household.id]
    assert (desk.counts().households, desk.counts().women, now(ledger, row).receptions) == (1, 3, 1)
    assert ledger.by_method()["count"] == 1
    assert ledger.problems() == []


def test_a_family_arrives_piecemeal(desk, ledger, family):
    """The grandmother comes an hour later: her family is suggested, and stays one household."""
    grandmother = desk.new_person(kana="ミホン　ウメ", sex=Sex.FEMALE)
    late = desk.new_household([grandmother], address="見本市城山１－２－３")
    assert [row.household.id for row in desk.similar(late)] == [family.household.id]
    desk.add_members(family.household.id, [grandmother])
    assert (desk.counts().households, desk.counts().persons) == (1, 4)
    assert [row.household.id for row in desk.roster("ウメ")] == [family.household.id]
    assert ledger.problems() == []


def test_others_of_the_same_name_elsewhere_are_not_suggested(desk, family):
    """見本さん of another address is another family."""
    assert family
    stranger = desk.new_household([desk.new_person(kana="ミホン　トメ")], address="見本市港町9")
    assert desk.similar(stranger) == []


def test_a_family_is_offered_in_a_village_of_one_surname(desk, family):
    """Sixty newer households of the name, each of another house, hide nobody who lives in this one."""
    desk.amend(replace(family.household, address="見本市城山1-2-3"))
    for house in range(60):
        newer = [desk.new_person(name="見本　花子", kana="ミホン　ハナコ")]
        received(desk, desk.new_household(newer, address=f"見本市本町9-{house}"))
    late = desk.new_household([desk.new_person(kana="ミホン　ウメ")], address="見本市城山1丁目2番3号")
    assert [row.household.id for row in desk.similar(late)] == [family.household.id]


def test_the_head_leaves_and_another_speaks_for_the_household(desk, ledger, family):
    """One leaves for hospital, the counts drop at once, and there is a new representative."""
    head, spouse, _ = family.household.members
    desk.leave(family.household.id, [head.id], "見本病院")
    desk.new_representative(family.household.id, spouse.id)
    row = now(ledger, family)
    assert (row.whereabouts, desk.counts().persons) == (Whereabouts.HERE, 2)
    assert row.elsewhere == {head.id: Whereabouts.LEFT}
    heads = [person.id for person in row.household.members if person.relation is Relation.HEAD]
    assert heads == [spouse.id]
    assert ledger.problems() == []


def test_the_pass_of_a_household_that_is_out_brings_it_back(desk, ledger):
    """Shown again at the door, a household that went out is back: no second reception."""
    source = Source(Method.APP, "431001", b"12345678", 1)
    row = received(desk, desk.new_household([desk.new_person(name="甲")]), Method.APP, source)
    desk.away(row.household.id, destination="買い物")
    assert desk.counts().persons == 0
    back = desk.receive(Arrival(Method.APP, desk.new_household([desk.new_person(name="甲")]), source))
    assert isinstance(back, Received)
    assert back.returned
    assert (desk.counts().persons, now(ledger, row).receptions) == (1, 1)
    assert isinstance(desk.receive(Arrival(Method.APP, row.household, source)), AlreadyHere)


def test_an_older_pass_never_covers_a_newer_card(desk, ledger):
    """They left, and come again with last year's pass: received, with this year's card."""
    new = Source(Method.APP, "431001", b"12345678", 7)
    row = received(desk, desk.new_household([desk.new_person(name="新")], phone="2"), Method.APP, new)
    desk.leave(row.household.id)
    old = desk.new_household([desk.new_person(name="旧")], phone="1")
    back = received(desk, old, Method.APP, replace(new, revision=6))
    assert (back.household.id, back.household.phone) == (row.household.id, "2")
    assert [person.name for person in now(ledger, row).present] == ["新"]
    assert ledger.problems() == []


def test_moving_on_to_another_shelter(desk, ledger, family):
    """Who moved is not here, and the counts say so."""
    desk.move(family.household.id, "4310010002", destination="城東小学校")
    assert now(ledger, family).whereabouts is Whereabouts.MOVED
    assert desk.counts().households == 0


def test_the_next_shelter_takes_a_household_over_without_a_network(desk, ledger, family, tmp_path):
    """A slip carries the card and the ids; what one shelter lets go the other lets in."""
    key = bytes(32)
    desk.keep_secret(family.household.id)
    head, spouse, son = (person.id for person in family.household.members)
    desk.leave(family.household.id, [son])
    desk.move(family.household.id, "4310010002")
    text = slips.write(desk.hand_over(family.household.id, "4310010001"), key)
    opening.open_shelter(tmp_path / "next", opening.practice_sheet(), opening.PRACTICE_STAFF)
    with opening.unlocked(tmp_path / "next", opening.PRACTICE_PASSPHRASE) as other:
        there = Desk(other.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("別の係"))
        taken = there.take_over(slips.read(text, key))
        assert isinstance(taken, Received)
        assert taken.row.household.id == family.household.id
        assert [person.id for person in taken.row.present] == [head, spouse]
        assert taken.row.household.secrecy
        assert isinstance(there.take_over(slips.read(text, key)), AlreadyHere)
        assert there.counts().persons == 2
        assert other.ledger.problems() == []
    assert desk.counts().persons == 0
    assert ledger.problems() == []


def test_a_slip_of_a_drill_brings_nobody_into_a_disaster(desk, family):
    """Drill and disaster never mix."""
    slip = replace(desk.hand_over(family.household.id, "x"), mode=Mode.DISASTER)
    with pytest.raises(KnownError, match="other_mode"):
        desk.take_over(slip)


def test_two_receptions_of_one_family_are_merged_and_parted_again(desk, ledger, family):
    """By app and on paper: merged they are one household of three, and both originals are kept."""
    twice = received(desk, desk.new_household([desk.new_person(name="見本　太郎")]), Method.PAPER)
    pair = (twice.household.members[0].id, family.household.members[0].id)
    merged = desk.merge(twice.household.id, family.household.id, [pair])
    assert (desk.counts().households, desk.counts().persons) == (1, 3)
    assert [row.household.id for row in desk.roster("見本")] == [family.household.id]
    assert now(ledger, twice).whereabouts is Whereabouts.MERGED
    assert ledger.problems() == []
    desk.undo(merged)
    assert (desk.counts().households, desk.counts().persons) == (2, 4)
    assert len(desk.roster("見本")) == 2
    assert ledger.problems() == []


def test_secrecy_takes_a_household_out_of_every_list(desk, ledger, family):
    """支援措置: not found, not listed, not told of on the telephone; still counted."""
    desk.amend(replace(family.household, consent=Consent.ANYONE))
    desk.keep_secret(family.household.id, "相談を うけた")
    assert desk.roster() == []
    assert desk.roster("ミホン") == []
    assert desk.inquire("見本　太郎", relative=True, reason="電話") == []
    assert desk.counts().persons == 3
    assert ledger.roster(secret=True) != []
    assert ledger.problems() == []


def test_lifting_secrecy_needs_a_reason_and_lifts_only_what_was_known(desk, family):
    """What was set once more, by somebody who knew why, stays set."""
    desk.keep_secret(family.household.id)
    with pytest.raises(KnownError, match="reason_needed"):
        desk.end_secrecy(family.household.id, " ")
    with pytest.raises(KnownError, match="second_person_needed"):
        desk.end_secrecy(family.household.id, "本人の 申し出")
    desk.end_secrecy(family.household.id, "本人の 申し出", supervisor("主任", 2).actor)
    assert len(desk.roster()) == 1
    desk.keep_secret(family.household.id)
    assert desk.roster() == []


def test_an_amendment_does_not_lift_secrecy(desk, family):
    """A card written on a desk that had not heard of the secrecy leaves it set."""
    desk.keep_secret(family.household.id)
    desk.amend(replace(family.household, secrecy=False, phone="090"))
    assert desk.roster() == []


def test_who_consented_is_told_of_among_many_of_the_name(desk, family):
    """A hundred newer households of the same name, none of which consented, hide nobody who did."""
    desk.amend(replace(family.household, consent=Consent.ANYONE))
    for _ in range(100):
        received(desk, desk.new_household([desk.new_person(name="見本　花子", kana="ミホン　ハナコ")]))
    (told,) = desk.inquire("ミホン", relative=False, reason="電話")
    assert told.household.id == family.household.id


def test_inquiries_follow_consent_and_are_written_down(desk, ledger, family):
    """Nobody is told without consent; relatives only what relatives may know; who asked is in the log."""

    def told(*, relative):
        return len(desk.inquire("ミホン", relative=relative, reason="電話 本人の兄"))

    assert (told(relative=False), told(relative=True)) == (0, 0)
    desk.amend(replace(family.household, consent=Consent.RELATIVES))
    assert (told(relative=False), told(relative=True)) == (0, 1)
    desk.amend(replace(family.household, consent=Consent.ANYONE))
    assert (told(relative=False), told(relative=True)) == (1, 1)
    answered = [note for _, note in ledger.notes() if note.topic is Topic.SEEN]
    assert [len(note.about) for note in answered] == [0, 0, 0, 1, 1, 1]
    assert {note.action for note in answered} == {"answer_inquiry"}


def test_who_looks_at_a_card_is_in_the_log_before_it_is_shown(desk, ledger, family):
    """If it can not be written down, the view is refused; receiving goes on when it can."""
    assert desk.look_at(family.household.id, "本人の 希望").household == family.household
    [(_, note)] = ledger.notes()
    assert (note.action, note.about, note.staff) == ("view_card", (family.household.id,), "係")
    (pages,) = ledger._connection.execute("PRAGMA page_count").fetchone()
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")

    def look_until_full():
        for _ in range(500):
            desk.look_at(family.household.id, "x" * 400)

    with pytest.raises(KnownError, match="not_audited"):
        look_until_full()
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    assert ledger.problems() == []


def test_one_tap_out_one_tap_in(desk, ledger, family):
    """A card tied to a person takes that person out and brings them back."""
    person = family.household.members[1]
    desk.tie_token(family.household.id, person.id, b"k" * 16)
    assert desk.tap(b"nobody") is None
    out = desk.tap(b"k" * 16)
    assert (out.out, out.row.elsewhere, desk.counts().persons) == (True, {person.id: Whereabouts.AWAY}, 2)
    back = desk.tap(b"k" * 16)
    assert (back.out, back.row.elsewhere, desk.counts().persons) == (False, {}, 3)
    desk.undo(back.committed)
    assert desk.counts().persons == 2
    assert ledger.problems() == []


def test_a_tie_that_is_taken_back_is_none(desk, ledger, family):
    """An undone tie finds nobody any more, also after the views are made anew."""
    tied = desk.tie_token(family.household.id, family.household.members[1].id, b"k" * 16)
    desk.undo(tied)
    assert desk.tap(b"k" * 16) is None
    ledger.rebuild()
    assert desk.tap(b"k" * 16) is None
    assert ledger.problems() == []


def test_a_card_stands_for_one_person_and_is_given_on_when_they_left(desk, ledger, family):
    """Whoever is here or only out keeps theirs; a card of somebody who left serves the next."""
    first, second = family.household.members[:2]
    desk.tie_token(family.household.id, first.id, b"k" * 16)
    desk.tie_token(family.household.id, first.id, b"k" * 16)
    with pytest.raises(KnownError, match="token_taken"):
        desk.tie_token(family.household.id, second.id, b"k" * 16)
    desk.away(family.household.id, [first.id])
    with pytest.raises(KnownError, match="token_taken"):
        desk.tie_token(family.household.id, second.id, b"k" * 16)
    desk.leave(family.household.id, [first.id])
    desk.tie_token(family.household.id, second.id, b"k" * 16)
    assert desk.tap(b"k" * 16).person == second.id
    ledger.rebuild()
    assert desk.tap(b"k" * 16).person == second.id
    assert ledger.problems() == []


def test_the_shelters_own_state(desk, ledger):
    """開設状況, 定員状況 and 職員数 are said as somebody looked, and the latest word holds."""
    assert desk.shelter().opening is Opening.UNKNOWN
    state = Shelter(Mode.DRILL, None, Opening.OPENED, 100, 0, 200, Fullness.SPACE, 4, 2, 150)
    desk.report_shelter(state)
    desk.report_shelter(replace(state, fullness=Fullness.FULL, checked_at=160))
    assert desk.shelter() == replace(state, fullness=Fullness.FULL, checked_at=160)
    assert ledger.problems() == []


def test_what_a_role_may_not_do_is_refused_before_anything_is_written(desk, ledger, family):
    """A volunteer receives and looks nobody up; a receptionist takes back only what they did themselves."""
    circumstances = (ledger, Mode.DRILL, lambda: None, os.urandom)
    volunteer = Desk(*circumstances, access(Role.VOLUNTEER, "ボランティア"))
    receptionist = Desk(*circumstances, access(Role.RECEPTIONIST, "受付"))
    auditor = Desk(*circumstances, access(Role.AUDITOR, "監査"))
    before = ledger.head
    for refused in (
        lambda: volunteer.roster("ミホン"),
        lambda: volunteer.look_at(family.household.id),
        lambda: receptionist.undo(family),
        lambda: receptionist.end_secrecy(family.household.id, "理由"),
        lambda: receptionist.secret_roster("理由"),
        lambda: auditor.receive(Arrival(Method.COUNT, auditor.heads(1))),
        auditor.roster,
    ):
        with pytest.raises(KnownError, match="not_allowed"):
            refused()
    assert ledger.head == before
    own = received(receptionist, receptionist.heads(1), Method.COUNT)
    receptionist.undo(own)
    assert auditor.counts() == desk.counts()


def test_a_card_under_secrecy_is_not_there_for_who_may_not_know(desk, ledger, family):
    """The refusal is the one for a household that never came; a supervisor says why, and it is in the log."""
    desk.keep_secret(family.household.id)
    receptionist = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, access(Role.RECEPTIONIST, "受付"))
    nobody = desk.heads(1).id
    sentences = set()
    for household in (family.household.id, nobody):
        with pytest.raises(KnownError, match="not_in_roster") as refused:
            receptionist.look_at(household)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    assert desk.look_at(family.household.id, "保護の ため").household.id == family.household.id
    assert [row.household.id for row in desk.secret_roster("保護の ため")] == [family.household.id]
    assert [note.action for _, note in ledger.notes()][-2:] == ["view_card", "secret_roster"]


def test_nobody_can_be_done_to_who_is_not_in_the_roster(desk):
    """A household that never came is one clear sentence."""
    with pytest.raises(KnownError, match="not_in_roster"):
        desk.leave(desk.heads(1).id)


def test_an_erased_household_keeps_its_heads(desk, ledger, family):
    """Its sealed parts erased, it is still counted, and the views follow the log."""
    ledger._connection.execute("UPDATE event SET sealed = NULL WHERE household = ?", (family.household.id,))
    ledger.rebuild()
    assert (desk.counts().persons, desk.roster("ミホン")) == (3, [])
    assert ledger.problems() == []


@settings(
    max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
class Stays(RuleBasedStateMachine):
    """Any order of acts and undoings leaves views that follow from the log."""

    homes = Bundle("homes")
    done = Bundle("done")

    @initialize()
    def open_desk(self):
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        data = Path(self.folder.name) / "kiosk"
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
        self.store = opening.unlock(data, opening.PRACTICE_PASSPHRASE)
        self.desk = Desk(self.store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))

    def teardown(self):
        if hasattr(self, "store"):
            assert self.store.ledger.problems() == []
            self.store.ledger.close()
            self.folder.cleanup()

    @rule(target=homes, count=st.integers(1, 3), stay=st.sampled_from(Stay))
    def receive(self, count, stay):
        return received(self.desk, replace(self.desk.heads(count), stay=stay)).household.id

    @rule(
        target=done, home=homes, what=st.sampled_from(["leave", "away", "return_", "move"]), one=st.booleans()
    )
    def go(self, home, what, one):
        row = self.store.ledger.get(home)
        if row.whereabouts is Whereabouts.VOID:
            return None
        who = [row.household.members[0].id] if one else []
        return getattr(self.desk, what)(home, persons=who)

    @rule(target=done, home=homes, name=st.sampled_from(["甲", "乙"]))
    def join(self, home, name):
        if self.store.ledger.get(home).whereabouts is Whereabouts.VOID:
            return None
        return self.desk.add_members(home, [self.desk.new_person(name=name)])

    @rule(target=done, home=homes, phone=st.sampled_from(["", "090"]))
    def amend(self, home, phone):
        row = self.store.ledger.get(home)
        if row.whereabouts is Whereabouts.VOID:
            return None
        return self.desk.amend(replace(row.household, phone=phone))

    @rule(target=done, one=homes, other=homes)
    def merge(self, one, other):
        standing = [self.store.ledger.get(home).whereabouts for home in (one, other)]
        if one == other or Whereabouts.VOID in standing:
            return None
        return self.desk.merge(one, other)

    @rule(target=done, home=homes)
    def hide(self, home):
        if self.store.ledger.get(home).whereabouts is Whereabouts.VOID:
            return None
        return self.desk.keep_secret(home)

    @rule(home=homes)
    def take_back_reception(self, home):
        self.desk.undo(self.store.ledger.get(home))

    @rule(committed=done)
    def take_back(self, committed):
        if committed is not None:
            self.desk.undo(committed)

    @invariant()
    def the_sum_rule(self):
        if hasattr(self, "desk"):
            counts = self.desk.counts()
            assert counts.persons == counts.men + counts.women + counts.sex_unknown
            listed = self.store.ledger.roster(secret=True, limit=1000)
            here = sum(len(row.present) for row in listed)
            assert counts.persons + counts.outside_persons == here

    @invariant()
    def kept_sums_are_the_sums(self):
        if hasattr(self, "desk"):
            kept = self.desk.counts(), self.store.ledger.by_method()
            self.store.ledger.parts.views.forget_totals()
            assert (self.desk.counts(), self.store.ledger.by_method()) == kept


TestStays = Stays.TestCase
