"""Lists of issuers on their way from the records officer over HQ to a desk's inbox."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from kiosk.core import trust_list
from kiosk.core.entry_pass import IssuerKey
from kiosk.core.household import Mode
from kiosk.errors import KnownError, Malformed
from kiosk.store import belief, opening
from sync import outbox
from sync.hq import authority, lists
from sync.runner import Runner

ISSUERS = [IssuerKey.generate("431001").trusted() for _ in range(2)]


@pytest.fixture
def device(hq, line, folder):
    laid = hq.device()
    laid.receive(2)
    laid.lay(folder, line.url)
    return laid


def hand_on(hq, number):
    text = lists.sign(hq.authority, authority.read_master(hq.master), ISSUERS, number)
    lists.hand_on(hq.data, hq.authority, text)
    return text


def test_a_newer_list_comes_with_the_next_contact_and_once(hq, line, folder, runner, device):
    """HQ's answer tells its number; the list is fetched after the receptions, and not again."""
    text = hand_on(hq, 5)
    runner.round()
    assert outbox.read_trust(folder) == text
    assert line.seen[-1] == ("GET", "/v1/trust")
    assert ("POST", "/v1/segments") in line.seen[:-1]
    line.seen.clear()
    runner.round()
    assert line.seen == [("PUT", "/v1/counts")]
    newer = hand_on(hq, 6)
    runner.round()
    assert outbox.read_trust(folder) == newer
    assert device


def test_a_revoked_key_is_not_believed_at_an_open_desk_after_the_next_contact(hq, line, tmp_path):
    """From the officer's signature over HQ to the pass that is refused: nobody touches the laptop."""
    data = tmp_path / "desk"
    opening.open_shelter(data, hq.sheets["4310010001", Mode.DRILL].text, opening.PRACTICE_STAFF)
    laid = outbox.folder(data)
    with opening.unlocked(data, opening.PRACTICE_PASSPHRASE) as store:
        watch = belief.Watch(data, store.sheet, store.ledger.identity.agreement)
        assert watch.trust().find(ISSUERS[0].kid) is None
        hand_on(hq, 5)
        outbox.write_link(laid, replace(outbox.read_link(laid), hq_url=line.url))
        with contextlib.closing(Runner(laid)) as runner:
            runner.round()
            assert watch.trust().find(ISSUERS[0].kid) is not None
            gone = replace(ISSUERS[0], revoked=True)
            master = authority.read_master(hq.master)
            lists.hand_on(hq.data, hq.authority, lists.sign(hq.authority, master, [gone], 6))
            runner.round()
        assert watch.trust().find(ISSUERS[0].kid) is None


def test_a_process_that_starts_again_knows_what_lies_there(hq, line, folder, runner, device):
    """The list is not fetched anew at each start."""
    hand_on(hq, 5)
    runner.round()
    line.seen.clear()
    Runner(folder).round()
    assert line.seen == [("PUT", "/v1/counts")]
    assert device


def test_without_a_list_nothing_is_asked_or_laid(hq, line, folder, runner, device):
    """An HQ that never signed one costs no request and leaves no file."""
    assert hq.database
    runner.round()
    assert ("GET", "/v1/trust") not in line.seen
    assert not (outbox.inbox(folder.parent) / outbox.TRUST).exists()
    assert device


@pytest.mark.parametrize("text", ["", "hello", "ESRT1:", "ESRT1:ABC", "ESRT1:" + "0" * 60_000])
def test_what_is_no_list_is_not_laid_and_stops_nothing(hq, folder, device, text, monkeypatch):
    """Something that answers in HQ's place, or an HQ gone mad, keeps no reception from being sent."""
    hand_on(hq, 5)
    runner = Runner(folder)
    monkeypatch.setattr("sync.client.HqClient.trust_list", lambda _: text)
    assert runner.round().state == "synced"
    assert outbox.read_trust(folder) == ""
    assert hq.head(device)[0] == 2
    runner.close()


def test_an_older_list_is_not_laid_over_a_newer_one(hq, folder, runner, device, monkeypatch):
    """Whatever number is told: the list in the inbox only ever becomes newer."""
    newer = hand_on(hq, 9)
    runner.round()
    older = lists.sign(hq.authority, authority.read_master(hq.master), ISSUERS, 3)
    monkeypatch.setattr("sync.client.HqClient.trust_list", lambda _: older)
    monkeypatch.setattr("sync.hq.lists.Lists.newest", lambda _: lists.Handed(10, older))
    runner.round()
    assert outbox.read_trust(folder) == newer
    assert device


def test_the_number_of_a_list_can_be_told_without_its_key(hq):
    """Whoever carries a list knows which it is, and no nonsense passes for one."""
    text = hand_on(hq, 1_700_000_000)
    assert trust_list.number_of(text) == 1_700_000_000
    for wrong in ("", "ESR1:AB", text[:20], text.lower()):
        with pytest.raises(Malformed):
            trust_list.number_of(wrong)
    assert issubclass(Malformed, KnownError)
