"""What the ledger promises."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from at_desk import supervisor
from kiosk.core.acts import Source
from kiosk.core.household import Method, Mode, Need, Sex, Stay
from kiosk.core.roll import Whereabouts
from kiosk.desk import AlreadyHere, Arrival, Desk, Received
from kiosk.errors import BugError, KnownError
from kiosk.store import opening
from kiosk.store.cipher import DatabaseError
from kiosk.store.log import entry_of
from sync import outbox, wire

CANARY = "金糸雀　カナリア"


def family(desk, *names, **known):
    return desk.new_household(
        [desk.new_person(name=name, kana=name, sex=Sex.FEMALE) for name in names], **known
    )


def receive(desk, household, method=Method.DESK, source=None, stopwatch=None):
    outcome = desk.receive(Arrival(method, household, source, stopwatch))
    assert isinstance(outcome, Received)
    return outcome.row


def test_what_was_received_is_there_after_reopening(data):
    """A reception outlives the program, byte for byte."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        from kiosk.desk import Desk

        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        # 𠮷 is outside the basic plane, 﨑 changes under NFKC, the third carries a variation selector.
        people = [
            desk.new_person(
                name="𠮷田　﨑葛\U000e0100", kana="ヨシダ　サキ", needs=frozenset({Need.WHEELCHAIR})
            )
        ]
        row = receive(desk, desk.new_household(people, address="熊本市中央区", phone="09000000000"))
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        assert store.ledger.get(row.household.id) == row
        assert store.ledger.problems() == []


def test_the_same_pass_is_never_received_twice(desk):
    """A household that is here is recognised, not counted again."""
    source = Source(Method.APP, "431001", b"12345678", 1)
    row = receive(desk, family(desk, "山田　花子"), Method.APP, source)
    again = desk.receive(Arrival(Method.APP, family(desk, "山田　花子"), source))
    assert again == AlreadyHere(row)
    assert desk.counts().persons == 1


def test_undo_takes_a_reception_back_and_the_pass_may_come_again(desk, ledger):
    """An undone reception counts nobody; the same pass is then received under its old id and number."""
    source = Source(Method.APP, "431001", b"12345678", 1)
    row = receive(desk, family(desk, "山田　花子"), Method.APP, source)
    desk.undo(row)
    assert desk.counts().persons == 0
    assert desk.roster() == []
    assert ledger.by_method()["app"] == 0
    again = receive(desk, family(desk, "山田　花子"), Method.APP, source)
    assert (again.household.id, again.number) == (row.household.id, row.number)
    assert ledger.problems() == []


def test_a_household_that_left_is_received_anew(desk, ledger):
    """Leaving lowers the counts at once and keeps the household's place in the tables by method."""
    source = Source(Method.CARD, "", b"card", 0)
    row = receive(desk, family(desk, "山田　花子"), Method.CARD, source)
    desk.leave(row.household.id)
    assert desk.counts().households == 0
    assert ledger.by_method()["card"] == 1
    assert ledger.get(row.household.id).whereabouts is Whereabouts.LEFT
    receive(desk, family(desk, "山田　花子"), Method.CARD, source)
    assert desk.counts().households == 1


def test_count_only_counts_heads_and_names_nobody(desk, ledger):
    """Four heads are four persons of unknown sex in one household."""
    receive(desk, desk.heads(4), Method.COUNT)
    counts = desk.counts()
    assert (counts.persons, counts.sex_unknown, counts.households) == (4, 4, 1)
    assert ledger.problems() == []


@pytest.mark.parametrize("count", [0, -1, 100])
def test_impossible_head_counts_are_refused_with_a_sentence(desk, count):
    """Nobody, or a hundred people, is a slip of the finger."""
    with pytest.raises(KnownError) as caught:
        desk.heads(count)
    assert caught.value.code == "bad_count"


def test_those_who_stay_outside_are_counted_apart(desk):
    """Car, tent and home stayers are 避難所外 and not in the shelter's total."""
    receive(desk, family(desk, "車中　泊", stay=Stay.CAR))
    counts = desk.counts()
    assert (counts.persons, counts.outside_persons, counts.outside_households) == (0, 1, 1)


def test_people_are_found_by_kana_name_given_name_and_number(desk):
    """Two kana are enough, hiragana or katakana."""
    row = receive(desk, desk.new_household([desk.new_person(name="森　一郎", kana="モリ　イチロウ")]))
    for text in ("もり", "モリ", "森", "いちろう", row.number.lower()):
        assert [found.household.id for found in desk.roster(text)] == [row.household.id], text
    assert desk.roster("ハヤシ") == []


def test_numbers_count_up_and_are_never_given_twice(data):
    """A-001, A-002 … go on after a restart and after an undo."""
    from kiosk.desk import Desk

    numbers = []
    for _ in range(2):
        with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
            desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
            rows = [receive(desk, desk.heads(1), Method.COUNT) for _ in range(2)]
            desk.undo(rows[1])
            numbers += [row.number for row in rows]
    assert numbers == ["A-001", "A-002", "A-003", "A-004"]


def test_an_event_can_not_be_changed_replaced_or_deleted(desk, ledger):
    """The log refuses every way of rewriting it, INSERT OR REPLACE included."""
    receive(desk, desk.heads(1), Method.COUNT)
    connection = ledger._connection
    for statement in (
        "UPDATE event SET at = at + 1 WHERE seq = 2",
        "DELETE FROM event WHERE seq = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
        (
            "INSERT INTO event SELECT device, seq + 7, at, kind, public, household, sealed, sealed_hash,"
            " zeroblob(32), signature FROM event WHERE seq = 2"
        ),
    ):
        with pytest.raises(DatabaseError):
            connection.execute(statement)
    assert ledger.problems() == []


def test_an_erased_sealed_part_leaves_the_chain_standing(desk, ledger):
    """The personal part may be erased; hashes and signatures still verify."""
    receive(desk, family(desk, "山田　花子"))
    ledger._connection.execute("UPDATE event SET sealed = NULL WHERE seq = 2")
    ledger.rebuild()
    assert ledger.problems() == []


def test_no_name_reaches_the_disk_in_clear(data):
    """Neither database, write-ahead log nor outbox holds a name that can be read."""
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        from kiosk.desk import Desk

        desk = Desk(store.ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
        receive(desk, family(desk, CANARY, address="秘密町1-2-3"))
        store.ledger.publish()
        files = [path for path in data.rglob("*") if path.is_file()]
        assert any(path.name.endswith("-wal") for path in files)
        contents = {path.name: path.read_bytes() for path in files}
    for name, content in contents.items():
        for secret in (CANARY, "秘密町"):
            assert secret.encode() not in content, name
    assert not contents["store.db"].startswith(b"SQLite format 3")


def test_a_wrong_passphrase_is_one_sentence(data):
    """It opens nothing and says so."""
    with pytest.raises(KnownError) as caught:
        opening.unlock(data, "wrong passphrase")
    assert caught.value.code == "wrong_passphrase"


def test_a_second_program_on_the_same_store_is_refused(data, store):
    """Two programs can not write one ledger."""
    assert store
    with pytest.raises(KnownError) as caught:
        opening.unlock(data, opening.PRACTICE_PASSPHRASE)
    assert caught.value.code == "store_in_use"


def test_the_lock_holds_as_long_as_the_store_is_open(data, store):
    """Another process can not even read, and there is no shared memory that a full disk could kill us by."""
    store.ledger.publish()
    script = (
        "import sys, sqlcipher3.dbapi2 as db\n"
        "c = db.connect(sys.argv[1], timeout=0.1)\n"
        "c.execute(f'PRAGMA key = \"x\\'{\"00\" * 48}\\'\"')\n"
        "c.execute('BEGIN IMMEDIATE')\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", script, str(data / opening.DATABASE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "locked" in other.stderr
    assert not list(data.glob("*-shm"))


def test_a_store_that_is_not_encrypted_is_never_opened(data):
    """Plain SQLite where the store should be is a bug of ours, said before anything is written."""
    import sqlite3

    (data / opening.DATABASE).unlink()
    plain = sqlite3.connect(data / opening.DATABASE)
    plain.execute("CREATE TABLE name (text)")
    plain.close()
    with pytest.raises(BugError):
        opening.unlock(data, opening.PRACTICE_PASSPHRASE)


def test_one_damaged_copy_of_the_key_slots_does_no_harm(data):
    """The slots are kept twice."""
    (data / "keys.cbor").write_bytes(b"\xff" * 100)
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        assert store.ledger.head[0] == 1


def test_a_folder_that_is_no_kiosk_says_what_to_do(tmp_path):
    """Unlocking nothing points to the opening sheet."""
    with pytest.raises(KnownError) as caught:
        opening.unlock(tmp_path, "passphrase")
    assert caught.value.code == "not_opened"


def test_opening_twice_is_refused(data):
    """A kiosk with people in it is never made anew."""
    with pytest.raises(KnownError) as caught:
        opening.open_shelter(data, opening.practice_sheet(), opening.PRACTICE_STAFF)
    assert caught.value.code == "already_opened"


def test_segments_carry_the_whole_log_and_verify(desk, ledger, data):
    """What lies in the outbox is the log: every event once, signed, chained."""
    for _ in range(120):
        receive(desk, family(desk, "山田　太郎", "山田　花子", address="熊本市中央区手取本町1-1"))
    laid = ledger.publish()
    folder = outbox.folder(data)
    names = outbox.segments(folder, ledger.device)
    assert laid == len(names) - 1 > 1
    expected, chain = 1, bytes(32)
    for name in names:
        content = outbox.read_segment(folder, name)
        assert len(content) <= wire.SEGMENT_TARGET
        segment = wire.decode_segment(content)
        assert (segment.first, segment.previous) == (expected, chain)
        assert segment.is_signed_by(ledger._identity.sign_public)
        expected, chain = segment.last + 1, segment.hashes()[-1]
    assert (expected - 1, chain) == ledger.head


def test_a_lost_segment_file_is_laid_again_with_the_same_bytes(desk, ledger, data):
    """Segments are immutable: the file can be lost, its bytes can not change."""
    receive(desk, desk.heads(2), Method.COUNT)
    ledger.publish()
    folder = outbox.folder(data)
    before = {path.name: path.read_bytes() for path in folder.glob("*.seg")}
    for path in folder.glob("*.seg"):
        path.unlink()
    ledger.lay_missing()
    assert {path.name: path.read_bytes() for path in folder.glob("*.seg")} == before


def test_a_full_disk_is_one_sentence_and_nothing_is_acknowledged(desk, ledger):
    """The transaction rolls back; the desk goes on when there is room again."""
    row = receive(desk, desk.heads(1), Method.COUNT)
    (pages,) = ledger._connection.execute("PRAGMA page_count").fetchone()
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")

    def receive_until_full():
        for _ in range(500):
            receive(desk, family(desk, *["山田　花子"] * 9, note="x" * 400))

    with pytest.raises(KnownError) as caught:
        receive_until_full()
    assert caught.value.code == "disk_full"
    standing = len(ledger.households())
    assert ledger.counts().households == standing
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    receive(desk, desk.heads(1), Method.COUNT)
    assert len(ledger.households()) == standing + 1
    assert ledger.get(row.household.id) == row
    assert ledger.problems() == []


def test_the_stopwatch_ends_with_the_commit(desk, ledger, session):
    """Each intake's commit time is known, the last one's too."""
    for _ in range(3):
        receive(desk, desk.heads(1), Method.COUNT, stopwatch=session.stopwatch())
    rows = ledger.intakes()
    assert len(rows) == 3
    assert all(row.commit_us > 0 for row in rows)
    assert [row.timing.start for row in rows] == sorted(row.timing.start for row in rows)


def test_tampering_with_the_log_is_found(desk, ledger):
    """A changed byte in the log breaks the chain, and the check names the event."""
    receive(desk, desk.heads(1), Method.COUNT)
    receive(desk, desk.heads(1), Method.COUNT)
    connection = ledger._connection
    connection.execute("DROP TRIGGER event_stays")
    connection.execute("UPDATE event SET at = at + 1 WHERE seq = 2")
    assert any("event 2" in problem for problem in ledger.problems())


def test_views_made_anew_are_the_same(desk, ledger):
    """The views can be thrown away at any time."""
    rows = [
        receive(desk, family(desk, "山田　太郎"), Method.APP, Source(Method.APP, "1", bytes([n])))
        for n in range(4)
    ]
    desk.undo(rows[0])
    desk.leave(rows[1].household.id)
    before = (ledger.counts(), ledger.by_method(), desk.roster())
    ledger.rebuild()
    assert (ledger.counts(), ledger.by_method(), desk.roster()) == before


def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path):
    """Kill -9 in the middle: every printed ACK is there, and the log verifies."""
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", "kiosk.cli", "write-forever", "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "READY\n"
        time.sleep(0.3)
        child.send_signal(signal.SIGKILL)
        acknowledged = {
            line.split()[2] for line in child.stdout if line.startswith("ACK ") and line.endswith("\n")
        }
        child.stdout.close()
        child.wait()
        assert acknowledged
        with opening.unlocked(tmp_path, opening.PRACTICE_PASSPHRASE) as store:
            assert acknowledged <= {identity.hex() for identity in store.ledger.households()}
            assert store.ledger.problems() == []


def test_a_device_reports_only_whom_it_put_in_itself(tmp_path):
    """Two desks of a shelter have each other's logs: together they report every household once."""
    sheet = opening.practice_sheet()
    with ExitStack() as stack:
        ledgers = []
        for letter in "AB":
            folder = tmp_path / letter
            opening.open_shelter(folder, sheet, opening.PRACTICE_STAFF, desk=letter)
            ledgers.append(stack.enter_context(opening.unlocked(folder, opening.PRACTICE_PASSPHRASE)).ledger)
        one, other = ledgers
        for ledger, persons in ((one, 2), (other, 5)):
            at = Desk(ledger, Mode.DRILL, lambda: None, os.urandom, supervisor())
            row = at.receive(Arrival(Method.COUNT, at.heads(persons))).row
            ledger.publish()
        take_in(one, other)
        assert (one.counts().persons, reported(one), reported(other)) == (7, 2, 5)
        # They go to the other desk, which puts them in again.
        at = Desk(one, Mode.DRILL, lambda: None, os.urandom, supervisor())
        at.leave(row.household.id)
        at.return_(row.household.id)
        assert (one.counts().persons, reported(one)) == (7, 7)
        take_in(other, one)
        assert (other.counts().persons, reported(other)) == (7, 0)
        for ledger in ledgers:
            assert ledger.problems() == []
            before = ledger.parts.views.contents()
            ledger.rebuild()
            assert ledger.parts.views.contents() == before


def take_in(ledger, peer):
    """A peer's log beside our own, as an exchange between desks brings it."""
    peer.publish()
    with ledger.parts.transaction():
        taken = ledger.parts.segments.take_back(peer.device, peer.parts.outbox)
        for event in taken.events:
            ledger.parts.views.take(entry_of(event))


def reported(ledger):
    """The persons of the report that HQ gets."""
    ledger.publish()
    report, _, _ = wire.decode_counts(outbox.read_counts(ledger.parts.outbox))
    assert sum(report.by_method.values()) == report.values.get("households", 0)
    return report.values.get("persons", 0)
