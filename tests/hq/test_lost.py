"""Who was on the lost laptop, in one command, for the officer with the master and for nobody else."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest
from click.testing import CliRunner

from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Method, Mode, Need
from kiosk.core.keys import MunicipalKeys
from kiosk.desk import Arrival, Desk
from kiosk.errors import KnownError
from kiosk.store import backup, opening, restoring
from people import BOSS, BOSS_SECRET, QUICK
from sync import outbox
from sync.hq import authority, lost
from sync.hq.cli import hq as command
from sync.hq.erasure import erase_household
from sync.wire import decode_batch, decode_counts, decode_registration, encode_batch

NOW = 1_800_000_000.0


@pytest.fixture
def data(tmp_path, hq):
    """A kiosk of this city with everybody a laptop may know of."""
    folder = tmp_path / "kiosk"
    sheet = next(one for (_, mode), one in hq.sheets.items() if mode is Mode.DISASTER)
    opening.open_shelter(folder, sheet.text, opening.Staff(BOSS, BOSS_SECRET, QUICK))
    with opening.unlocked(folder, BOSS_SECRET) as store:
        desk = Desk(store.ledger, Mode.DISASTER, lambda: None, os.urandom, store.access)

        def receive(name, method=Method.DESK, source=None, **known):
            person = desk.new_person(name=name, birth=BirthDate(1980, 2, 17))
            return desk.receive(Arrival(method, desk.new_household([person], **known), source)).row

        stays = receive("見本　一", phone="090-1", address="城山町")
        desk.add_members(
            stays.household.id, [desk.new_person(name="見本　後", needs=frozenset({Need.DEMENTIA}))]
        )
        desk.leave(receive("見本　去").household.id)
        desk.undo(receive("見本　誤"))
        desk.keep_secret(receive("見本　秘").household.id)
        renamed = receive("見本　旧")
        head = replace(renamed.household.members[0], name="見本　新")
        absent = (desk.new_person(name="見本　留守"),)
        desk.amend(replace(renamed.household, members=(head,), absent=absent, address=""))
        receive("見本　券", Method.APP, Source(Method.APP, "431001", b"k"))
        desk.receive(Arrival(Method.COUNT, desk.heads(4)))
        store.ledger.publish()
    return folder


def bring(hq, folder):
    """Everything in the outbox to HQ, without a network."""
    box = outbox.folder(folder)
    for former in (None, *{name.device for name in outbox.segments(box)}):
        if (words := outbox.read_registration(box, former)) is not None:
            hq.intake.register(*decode_registration(words))
    hq.intake.report(*decode_counts(outbox.read_counts(box)))
    segments = [outbox.read_segment(box, name) for name in outbox.segments(box)]
    hq.intake.receive(decode_batch(encode_batch(segments)))
    return outbox.read_link(box).device


def who(hq, device, length=32):
    records = MunicipalKeys.derive(authority.read_master(hq.master)).records
    with hq.database.read() as connection:
        return lost.who_was_on(connection, device.hex()[:length], records)


NAMES = {"見本　一", "見本　後", "見本　去", "見本　誤", "見本　秘", "見本　新", "見本　留守", "見本　券"}


def names(found):
    return {person.name for home in found.households for person in home.people.values()}


def test_everybody_who_ever_stood_on_it_is_named_once(hq, data):
    """Who left, who was taken back, who hides, who was only named; heads by their number."""
    found = who(hq, bring(hq, data), length=8)
    assert names(found) == NAMES
    assert (len(found.households), found.persons) == (7, len(NAMES) + 4)
    assert (found.sensitive, sum(home.secrecy for home in found.households)) == (1, 1)
    assert (found.missing, found.unopened, found.erased) == (0, 0, 0)
    first = found.households[0]
    assert (first.number, first.address, first.phone) == ("A-001", "城山町", "090-1")


def test_a_restored_laptop_was_the_one_before_too(hq, data, tmp_path):
    """What it had received under its former id lay on the same disk."""
    with opening.unlocked(data, BOSS_SECRET) as store:
        copy = backup.write(store, tmp_path / "copy.kiosk-backup", lambda: NOW)
    other = tmp_path / "other"
    restoring.restore(copy.path, other, BOSS_SECRET, wall=lambda: NOW)
    bring(hq, data)
    with opening.unlocked(other, BOSS_SECRET) as store:
        desk = Desk(store.ledger, Mode.DISASTER, lambda: None, os.urandom, store.access)
        desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name="見本　次")])))
        store.ledger.publish()
    found = who(hq, bring(hq, other))
    assert len(found.devices) == 2
    assert names(found) == NAMES | {"見本　次"}


def test_what_is_not_known_is_said(hq, data):
    """Events that never came, parts that were erased: as numbers, not as silence."""
    device = bring(hq, data)
    gone = next(home for home in who(hq, device).households if home.number == "A-001")
    with hq.database.write() as connection:
        erase_household(connection, gone.id)
    with opening.unlocked(data, BOSS_SECRET) as store:
        desk = Desk(store.ledger, Mode.DISASTER, lambda: None, os.urandom, store.access)
        desk.receive(Arrival(Method.COUNT, desk.heads(2)))
        store.ledger.publish()
    hq.intake.report(*decode_counts(outbox.read_counts(outbox.folder(data))))
    found = who(hq, device)
    assert (found.missing, found.erased) == (1, 2)
    assert found.persons == len(NAMES) + 4
    assert next(home for home in found.households if home.id == gone.id).nameless == 2


def test_another_master_opens_nothing(hq, data):
    """It counts persons, and names none."""
    device = bring(hq, data)
    stranger = MunicipalKeys.derive(authority.Master(bytes(32))).records
    with hq.database.read() as connection:
        found = lost.who_was_on(connection, device.hex(), stranger)
    assert names(found) == set()
    assert found.persons == len(NAMES) + 4 - 1  # who was only named as absent is in no public part
    assert found.unopened > 0


@pytest.mark.parametrize("called", ["", "zz", "00" * 16])
def test_a_laptop_nobody_knows(hq, data, called):
    """It is refused in one sentence."""
    bring(hq, data)
    with hq.database.read() as connection, pytest.raises(KnownError, match="unknown_device"):
        lost.who_was_on(connection, called, MunicipalKeys.derive(authority.Master(bytes(32))).records)


def test_one_command_answers(hq, data, database_url):
    """For people and for programs."""
    device = bring(hq, data)
    typed = ["records", "lost", "--data", str(hq.data), "--master", str(hq.master), device.hex()[:12]]
    typed += [] if database_url is None else ["--database", database_url]
    text = CliRunner().invoke(command, typed, catch_exceptions=False).stdout
    assert text.splitlines()[0] == "7世帯 12人"
    assert "【支援措置】見本　秘" in text
    answer = json.loads(CliRunner().invoke(command, [*typed, "--json"], catch_exceptions=False).stdout)
    assert (answer["persons"], answer["sensitive_persons"], answer["secret_households"]) == (12, 1, 1)
