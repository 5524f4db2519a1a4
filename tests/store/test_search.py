"""Finding people in the real store: who is found, in which order, and who is not."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from at_desk import supervisor
from kiosk.core.dates import BirthDate
from kiosk.core.household import Method, Mode
from kiosk.core.roll import Whereabouts
from kiosk.desk import Arrival, Desk
from kiosk.invented import invent_household
from kiosk.store import opening
from kiosk.store.name_index import NameIndex


def received(desk, *names, **known):
    people = [desk.new_person(name=name, kana=kana) for name, kana in names]
    return desk.receive(Arrival(Method.DESK, desk.new_household(people, **known))).row


def found(desk, text):
    return [row.household.id for row in desk.roster(text)]


def test_typed_letter_by_letter_a_name_stays_found(desk):
    """From the first letter to the last, in Romaji, kana and kanji, with and without the given name."""
    row = received(desk, ("渡邉　幸子", "ワタナベ　サチコ"))
    received(desk, ("森　一", "モリ　ハジメ"))
    for typed in ("watanabe sachiko", "わたなべさちこ", "ﾜﾀﾅﾍﾞ", "渡辺幸子", "サチコ", row.number):
        for length in range(1, len(typed) + 1):
            assert row.household.id in found(desk, typed[:length]), typed[:length]


def test_who_begins_as_typed_comes_first_then_the_newest(desk):
    """The beginning of a name before its sound, its sound before its inside, in each the newest first."""
    inside = received(desk, ("大森　一", "オオモリ　イチ"))
    older = received(desk, ("森　一", "モリ　イチ"))
    newer = received(desk, ("森田　一", "モリタ　イチ"))
    sounds = received(desk, ("毛利　一", "モウリ　イチ"))
    assert found(desk, "モリ") == [row.household.id for row in (newer, older, sounds, inside)]


def test_the_limit_keeps_the_best(desk):
    """What the screen can not show is what fits least."""
    best = received(desk, ("森　一", "モリ　イチ"))
    for _ in range(5):
        received(desk, ("大森　一", "オオモリ　イチ"))
    assert [row.household.id for row in desk.roster("モリ", limit=1)] == [best.household.id]
    assert len(desk.roster("モリ", limit=3)) == 3


def test_another_name_is_found_and_the_old_one_is_not(desk):
    """A corrected name is found as it is now."""
    row = received(desk, ("真本　一", "マモト　イチ"))
    assert found(desk, "マモト")
    corrected = replace(row.household.members[0], name="見本　一", kana="ミホン　イチ")
    desk.amend(replace(row.household, members=(corrected,)))
    assert found(desk, "マモト") == []
    assert found(desk, "ミホン") == [row.household.id]


def test_who_left_is_found_and_who_was_never_here_is_not(desk):
    """Left or out: still found. Taken back: not, and found again when received again."""
    row = received(desk, ("見本　一", "ミホン　イチ"))
    desk.leave(row.household.id)
    assert desk.roster("ミホン")[0].whereabouts is Whereabouts.LEFT
    desk.undo(row)
    assert found(desk, "ミホン") == []


def test_merged_households_are_found_once(desk):
    """By the names of either, as the household that counts them; apart again, by their own."""
    one = received(desk, ("見本　一", "ミホン　イチ"))
    other = received(desk, ("三本　二", "サンボン　ニ"))
    merged = desk.merge(other.household.id, one.household.id)
    assert found(desk, "サンボン") == found(desk, "ミホン") == [one.household.id]
    desk.undo(merged)
    assert found(desk, "サンボン") == [other.household.id]


@pytest.mark.parametrize(
    "text", ["ミホン", "ミ", "見本", "ホン", "mi", "A-001", "1", "19800217", "2344", "島町"]
)
def test_who_is_kept_secret_is_found_by_nobody_but_those_who_may(desk, ledger, text):
    """By name, part, number, birth, telephone or address: as if nobody were there."""
    person = desk.new_person(name="見本　一", kana="ミホン　イチ", birth=BirthDate(1980, 2, 17))
    home = desk.new_household([person], phone="090-0000-2344", address="見本市島町5")
    row = desk.receive(Arrival(Method.DESK, home)).row
    assert found(desk, text) == [row.household.id]
    desk.keep_secret(row.household.id)
    assert found(desk, text) == []
    ledger.publish()
    assert found(desk, text) == []
    assert [one.household.id for one in ledger.roster(text, secret=True)] == [row.household.id]


def test_a_secret_household_costs_an_ordinary_search_nothing(desk, ledger):
    """No row of theirs is even looked at: the index answers an ordinary question without them."""
    row = received(desk, ("見本　一", "ミホン　イチ"))
    asked = []
    find = NameIndex.find

    def watched(index, questions, limit, *, secret):
        places = find(index, questions, limit, secret=secret)
        asked.append(places)
        return places

    desk.keep_secret(row.household.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NameIndex, "find", watched)
        assert desk.roster("ミホン") == []
        assert len(ledger.roster("ミホン", secret=True)) == 1
    assert [len(places) for places in asked] == [0, 1]


def test_lifted_secrecy_is_found_again(desk):
    """Somebody who may be told of again is found by all."""
    row = received(desk, ("見本　一", "ミホン　イチ"), secrecy=True)
    assert found(desk, "ミホン") == []
    desk.end_secrecy(row.household.id, "本人の申し出", supervisor("もうひとり", 2).actor)
    assert found(desk, "ミホン") == [row.household.id]


def test_places_that_were_exchanged_lead_to_the_right_people(desk, ledger):
    """A reception taken back and made again moves in the roster; nobody else is found in its stead."""
    rows = [received(desk, (f"見本　{kana}", f"ミホン　{kana}")) for kana in ("ア", "イ", "ウ", "エ")]
    assert len(found(desk, "ミホン")) == 4
    for row in rows[::2]:
        desk.undo(row)
    ledger.publish()
    for row in rows[::2]:
        desk.receive(Arrival(Method.DESK, row.household))
    for row, kana in zip(rows, "アイウエ", strict=True):
        assert found(desk, f"ミホン{kana}") == [row.household.id]
    assert ledger.problems() == []


def test_the_index_made_anew_answers_the_same(desk, ledger):
    """Thrown away and made again from the log, it finds the same people in the same order."""
    rng = random.Random(5)
    for _ in range(40):
        desk.receive(Arrival(Method.DESK, invent_household(rng).at_desk(os.urandom)))
        ledger.publish()
    asked = ["ア", "サ", "田", "ko", "19", "1", "2", "山", "イチ", "熊本", "S4"]
    before = [found(desk, text) for text in asked]
    assert sum(map(bool, before)) > 6
    ledger.rebuild()
    assert [found(desk, text) for text in asked] == before


def test_a_crash_before_the_index_is_written_loses_nobody(data):
    """Received, acknowledged, and the power went: found at the next start."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor("係"))
        received(desk, ("見本　一", "ミホン　イチ"))
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        assert len(store.ledger.roster("ミホン")) == 1


def test_what_does_not_change_a_name_does_not_write_the_index(desk, ledger):
    """Going out and coming back, all day, leaves the index as it is."""
    row = received(desk, ("見本　一", "ミホン　イチ"))
    ledger.publish()
    connection = ledger._connection
    before = connection.execute("SELECT * FROM search_data ORDER BY id").fetchall()
    for _ in range(3):
        desk.away(row.household.id)
        desk.return_(row.household.id)
        ledger.publish()
    assert connection.execute("SELECT * FROM search_data ORDER BY id").fetchall() == before


def test_who_is_erased_leaves_no_letter_in_the_index(desk, ledger):
    """Not only is the household not found: its terms are nowhere in the index's own tables."""
    for _ in range(3):
        received(desk, ("見本　一", "ミホン　イチ"))
        ledger.publish()
    row = received(desk, ("證菴　壽", "カナリヤ　ミドリ"))
    ledger.publish()
    assert found(desk, "カナリヤ")
    assert holds(ledger, "リヤ")
    ledger.erase(row.household.id, "係", "本人の求め")
    assert found(desk, "カナリヤ") == []
    assert not holds(ledger, "リヤ")
    assert not holds(ledger, "寿")
    assert len(found(desk, "ミホン")) == 3
    assert ledger.problems() == []


def holds(ledger, letters):
    """Whether the index's own tables hold these letters; a term is cut where one before begins alike."""
    blobs = ledger._connection.execute("SELECT block FROM search_data").fetchall()
    return any(letters.encode() in bytes(blob) for (blob,) in blobs)


def test_a_lost_part_of_the_index_is_told(desk, ledger):
    """Who was filed and is no longer in the index is a finding of the check."""
    received(desk, ("見本　一", "ミホン　イチ"))
    ledger.publish()
    assert ledger.problems() == []
    ledger._connection.execute("DELETE FROM search")
    assert any("index" in problem for problem in ledger.problems())
