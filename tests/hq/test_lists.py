"""The list of issuers that HQ hands on: what its own root signed, the newest, and nothing else."""

import os

import pytest

from kiosk.core.entry_pass import IssuerKey
from kiosk.core.keys import Master
from kiosk.errors import KnownError
from sync.hq import authority, lists

ISSUER = IssuerKey.generate("431001").trusted()


@pytest.fixture
def data(tmp_path):
    return tmp_path / "hq"


@pytest.fixture
def who(tmp_path, data):
    return authority.initialise(
        data, tmp_path / "master", "431001", "熊本市", "http://127.0.0.1:8440", os.urandom
    )


@pytest.fixture
def sign(who, tmp_path):
    return lambda number: lists.sign(who, Master((tmp_path / "master").read_bytes()), [ISSUER], number)


def test_the_newest_list_is_handed_on_while_hq_serves(data, who, sign):
    """A list that is laid while HQ serves is handed on at the next question; an older one is refused."""
    served = lists.Lists(data, who)
    assert served.newest() is None
    lists.hand_on(data, who, sign(5))
    assert (served.newest().number, served.newest().text) == (5, sign(5))
    lists.hand_on(data, who, sign(7))
    assert served.newest().number == 7
    with pytest.raises(KnownError, match="older_list"):
        lists.hand_on(data, who, sign(6))
    assert served.newest() is served.newest()


def test_hq_hands_on_nothing_that_desks_would_not_believe(data, who, sign):
    """What lies there damaged, or of another city, is as good as none."""
    served = lists.Lists(data, who)
    for text in ("", "hello", sign(5)[:-4], "\udc80".encode("utf-8", "surrogatepass")):
        (data / lists.FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
        assert served.newest() is None
    with pytest.raises(KnownError):
        lists.hand_on(data, who, sign(5)[:-4])
