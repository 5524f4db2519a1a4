"""Staff accounts: who may open the store, and what the log says of it."""

from __future__ import annotations

import pytest

import people
from kiosk.core.access import Role
from kiosk.core.acts import Kind
from kiosk.core.staff import Change, StaffEvent
from kiosk.errors import KnownError
from kiosk.store import device, opening, slots
from kiosk.store.accounts import Accounts
from kiosk.store.gate import Gate


@pytest.fixture
def data(tmp_path):
    folder = people.open_shelter(tmp_path / "kiosk")
    people.add(folder)
    return folder


def logged(store):
    log = store.ledger._log
    return [
        StaffEvent.from_bytes(log.open(event.device, event.seq))
        for event in log.events()
        if event.kind == Kind.STAFF
    ]


def test_each_comes_in_with_their_own_secret_and_role(data):
    """A receptionist's PIN opens the same store, as a receptionist."""
    for secret, name, role in (
        (people.BOSS_SECRET, people.BOSS, Role.SUPERVISOR),
        (people.DESK_PIN, people.DESK, Role.RECEPTIONIST),
    ):
        for given in (None, name):
            with people.unlocked(data, secret, given) as store:
                assert (store.staff, store.actor.role) == (name, role)


def test_nobody_comes_in_under_anothers_name(data):
    """The right secret of somebody else opens nothing."""
    assert not people.opens(data, people.DESK_PIN, people.BOSS)
    assert not people.opens(data, people.BOSS_SECRET, people.DESK)
    assert not people.opens(data, people.BOSS_SECRET, "だれか")


def test_only_a_supervisor_keeps_accounts(data):
    """A receptionist changes nobody's account but the own secret."""
    with people.unlocked(data, people.DESK_PIN) as store:
        accounts = people.accounts(store)
        for act in (
            accounts.list,
            lambda: accounts.add("次郎", Role.SUPERVISOR, "じろうの ことば"),
            lambda: accounts.remove(people.BOSS),
            lambda: accounts.rename(people.BOSS, "花子"),
            lambda: accounts.reset(people.BOSS, "あたらしい ことば"),
            lambda: accounts.unblock(people.DESK),
        ):
            with pytest.raises(KnownError, match="not_allowed"):
                act()
        accounts.change_own_secret("739182")
    assert not people.opens(data, people.DESK_PIN)
    assert people.opens(data, "739182")


def test_the_list_says_who_and_how_and_no_secret(data):
    """Names, roles, kinds of secret, whether it opens here only, and wrong tries."""
    assert not people.opens(data, "000111", people.DESK)
    with people.unlocked(data) as store:
        assert people.accounts(store).list() == [
            {
                "name": people.BOSS,
                "role": "supervisor",
                "secret": "passphrase",
                "this_laptop_only": False,
                "wrong_tries": 0,
            },
            {
                "name": people.DESK,
                "role": "receptionist",
                "secret": "pin",
                "this_laptop_only": True,
                "wrong_tries": 1,
            },
        ]


def test_who_is_removed_is_out_at_once_and_for_good(data):
    """No secret of theirs opens the store any more; the others come in as before."""
    with people.unlocked(data) as store:
        people.accounts(store).remove(people.DESK)
        assert store.ledger.problems() == []
    assert not people.opens(data, people.DESK_PIN)
    assert people.opens(data, people.BOSS_SECRET)


def test_the_last_supervisor_stays(data):
    """A store without anybody who may keep accounts can not come to be."""
    with people.unlocked(data) as store:
        accounts = people.accounts(store)
        with pytest.raises(KnownError, match="last_supervisor"):
            accounts.remove(people.BOSS)
        accounts.add("副責任者", Role.SUPERVISOR, "ふくせきにんしゃの ことば")
        accounts.remove(people.BOSS)
    assert people.opens(data, "ふくせきにんしゃの ことば")
    assert not people.opens(data, people.BOSS_SECRET)


def test_a_new_name_keeps_the_secret(data):
    """Somebody who is renamed comes in with what they know."""
    with people.unlocked(data) as store:
        people.accounts(store).rename(people.DESK, "受付　花子")
    with people.unlocked(data, people.DESK_PIN, "受付　花子") as store:
        assert store.staff == "受付　花子"


def test_a_reset_replaces_the_forgotten_secret(data):
    """A supervisor gives a new one; the old one is worth nothing, also with an old copy of the slots."""
    old = (data / slots.NAMES[0]).read_bytes()
    with people.unlocked(data) as store:
        people.accounts(store).reset(people.DESK, "739182")
    assert people.opens(data, "739182")
    assert not people.opens(data, people.DESK_PIN)
    for name in slots.NAMES:
        (data / name).write_bytes(old)
    with pytest.raises(KnownError, match="store_damaged"), people.unlocked(data, people.DESK_PIN):
        pass


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda accounts: accounts.add(people.DESK, Role.HEALTH, "べつの ことばです"), "name_taken"),
        (lambda accounts: accounts.add(f" {people.BOSS} ", Role.HEALTH, "べつの ことばです"), "name_taken"),
        (lambda accounts: accounts.add("次郎", Role.SUPERVISOR, "482916"), "passphrase_needed"),
        (lambda accounts: accounts.add("次郎", Role.VOLUNTEER, "111111"), "weak_pin"),
        (lambda accounts: accounts.add("次郎", Role.HEALTH, "みじかい"), "weak_passphrase"),
        (lambda accounts: accounts.add("", Role.HEALTH, "べつの ことばです"), "bad_staff_name"),
        (lambda accounts: accounts.add("practice", Role.HEALTH, "べつの ことばです"), "bad_staff_name"),
        (lambda accounts: accounts.rename(people.DESK, people.BOSS), "name_taken"),
        (lambda accounts: accounts.remove("だれか"), "no_such_staff"),
        (lambda accounts: accounts.reset("だれか", "739182"), "no_such_staff"),
        (lambda accounts: accounts.reset(people.BOSS, "739182"), "passphrase_needed"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(data, act, code):
    """A refusal has a code, and neither slots nor log were touched."""
    before = (data / slots.NAMES[0]).read_bytes()
    with people.unlocked(data) as store:
        head = store.ledger.head
        with pytest.raises(KnownError) as caught:
            act(people.accounts(store))
        assert caught.value.code == code
        assert store.ledger.head == head
    assert (data / slots.NAMES[0]).read_bytes() == before


def test_every_change_is_in_the_log_with_who_did_it(data):
    """Added, renamed, changed, reset, unblocked, removed: each an event, its names sealed."""
    with people.unlocked(data) as store:
        accounts = people.accounts(store)
        accounts.rename(people.DESK, "受付　花子")
        accounts.reset("受付　花子", "739182")
        accounts.unblock("受付　花子")
        accounts.change_own_secret("べつの とても ながい ことば")
        accounts.remove("受付　花子")
        events = logged(store)
    assert [event.change for event in events] == [
        Change.ADDED,
        Change.RENAMED,
        Change.SECRET_RESET,
        Change.UNBLOCKED,
        Change.SECRET_CHANGED,
        Change.REMOVED,
    ]
    assert {event.by for event in events} == {people.BOSS}
    outbox = b"".join(path.read_bytes() for path in (data / "outbox").rglob("*") if path.is_file())
    assert outbox
    assert "受付".encode() not in outbox


def test_if_the_log_can_not_be_written_nothing_is_changed(data, monkeypatch):
    """No account changes without its event."""
    with people.unlocked(data) as store:

        def full(*_arguments):
            raise KnownError("disk_full", "ディスクが いっぱいです。", "the disk is full")

        monkeypatch.setattr(store.ledger, "append_plain", full)
        with pytest.raises(KnownError, match="disk_full"):
            people.accounts(store).remove(people.DESK)
    assert people.opens(data, people.DESK_PIN)


def test_a_supervisor_takes_back_a_wait(data):
    """Who mistyped for minutes is let to the keyboard again."""
    gate = Gate(data, sleep=lambda _: None)
    who = slots.load(data).find(people.DESK).id
    for _ in range(4):
        gate.enter(who)
    with pytest.raises(KnownError, match="must_wait"):
        opening.unlock(data, people.DESK_PIN, name=people.DESK)
    with people.unlocked(data) as store:
        people.accounts(store).unblock(people.DESK)
    with people.unlocked(data, people.DESK_PIN, people.DESK):
        pass


def test_on_another_laptop_only_a_long_passphrase_opens(data, monkeypatch, tmp_path):
    """A copied folder is worth nothing to who knows a PIN or a short passphrase, and staff are told why."""
    with people.unlocked(data) as store:
        people.accounts(store).add("短い人", Role.HEALTH, "みじかめ ことば")
    monkeypatch.setenv(device.FOLDER_VARIABLE, str(tmp_path / "another laptop"))
    for secret in (people.DESK_PIN, "みじかめ ことば"):
        with pytest.raises(KnownError, match="other_laptop"):
            opening.unlock(data, secret, gate=people.patient(data))
    assert people.opens(data, people.BOSS_SECRET)


def test_the_laptops_secret_lies_outside_the_folder_and_can_be_forgotten(data):
    """It is not beside the database, only its owner reads it, and once forgotten a PIN opens nothing."""
    store = slots.load(data).store
    path = device.path_of(store)
    assert not path.is_relative_to(data)
    assert path.stat().st_mode & 0o077 == 0
    secret = path.read_bytes()
    assert all(secret not in file.read_bytes() for file in data.rglob("*") if file.is_file())
    device.forget(store)
    assert device.read(store) is None
    with pytest.raises(KnownError, match="other_laptop"):
        opening.unlock(data, people.DESK_PIN, gate=people.patient(data))
    device.forget(store)


def test_a_second_person_is_known_by_their_own_secret(data):
    """For what two must do, the other types their own; a wrong one is refused."""
    with people.unlocked(data) as store:
        accounts = people.accounts(store)
        assert accounts.second(people.DESK, people.DESK_PIN).name == people.DESK
        with pytest.raises(KnownError, match="wrong_passphrase"):
            accounts.second(people.DESK, people.BOSS_SECRET)


def test_real_accounts_cost_what_they_must(data):
    """Without a test's wish an account is made at full cost."""
    with people.unlocked(data) as store:
        slot = Accounts(store).add("次郎", Role.HEALTH, "べつの ことばです")
    assert slot.cost.memory_kib >= 64 * 1024
    assert slot.cost.passes >= 3


def test_another_role_comes_with_another_secret(data):
    """A receptionist becomes a supervisor by a reset with a passphrase; a PIN is not enough for it."""
    with people.unlocked(data) as store:
        accounts = people.accounts(store)
        with pytest.raises(KnownError) as caught:
            accounts.reset(people.DESK, "739164", Role.SUPERVISOR)
        assert caught.value.code == "passphrase_needed"
        accounts.reset(people.DESK, "いちろうの ことば", Role.SUPERVISOR)
    with people.unlocked(data, "いちろうの ことば") as store:
        assert (store.staff, store.actor.role) == (people.DESK, Role.SUPERVISOR)
        assert logged(store)[-1].role == Role.SUPERVISOR
    assert not people.opens(data, people.DESK_PIN)


def test_the_last_supervisor_stays_one(data):
    """Nobody is made less while nobody else could make them more again."""
    with people.unlocked(data) as store, pytest.raises(KnownError) as caught:
        people.accounts(store).reset(people.BOSS, "ちがう ことば です", Role.RECEPTIONIST)
    assert caught.value.code == "last_supervisor"
