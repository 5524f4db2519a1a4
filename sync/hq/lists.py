"""The signed list of issuers that HQ hands on to desks: DIR/trust.txt. Its service could sign none.

The records officer signs it with the master (`kiosk.core.trust_list`); desks believe the root of their own
sheet and not HQ. It refuses to know passes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.core import trust_list
from kiosk.core.keys import Master, MunicipalKeys
from kiosk.core.trust import Issuer
from kiosk.core.trust_list import SignedList
from kiosk.errors import KnownError, Malformed
from kiosk.files import mark_of, write_whole
from sync.hq.authority import Authority

FILE = "trust.txt"
MAX_FILE = 64 * 1024
MAX_ISSUERS_FILE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """The list that is handed on."""

    number: int
    text: str


def read_issuers(path: Path) -> list[Issuer]:
    """The issuers of a trust file (docs/formats/trust.md), revoked ones among them.

    Raises:
        KnownError: `bad_issuer_file`.
    """
    try:
        with path.open("rb") as file:
            return list(trust_list.from_rows(json.loads(file.read(MAX_ISSUERS_FILE))))
    except (OSError, ValueError, RecursionError, Malformed) as error:
        raise KnownError(
            "bad_issuer_file",
            "発行者の 鍵の ファイルが 正しくありません。",
            f"{path.name} is not a list of issuers' public keys",
        ) from error


def sign(who: Authority, master: Master, issuers: Iterable[Issuer], number: int) -> str:
    """The list of these issuers as the officer signs it; of a key that stands twice the last counts."""
    once = {one.kid: one for one in issuers}
    signed = SignedList(who.municipality, number, tuple(once.values()))
    return trust_list.write(signed, MunicipalKeys.derive(master).root)


def check(who: Authority, text: str) -> SignedList:
    """The list in a text, if this HQ's municipality signed it.

    Raises:
        Malformed: as `kiosk.core.trust_list.read_own`.
    """
    return trust_list.read_own(text.strip(), who.root_key, who.municipality)


def hand_on(data: Path, who: Authority, text: str) -> SignedList:
    """Let desks have this list from now on.

    Raises:
        Malformed: as `check`.
        KnownError: `older_list` when a newer one is handed on already; `disk_full`, `disk_unwritable`.
    """
    signed, before = check(who, text), Lists(data, who).newest()
    if before is not None and signed.number < before.number:
        raise KnownError(
            "older_list",
            "この 信頼リストは いまのものより 古いので 使いません。",
            "HQ hands on a newer trust list already",
        )
    write_whole(data / FILE, f"{text.strip()}\n".encode(), mode=0o644)
    return signed


class Lists:
    """What lies in HQ's data folder, looked at each time and read again when it changed.

    Any thread may call.
    """

    def __init__(self, data: Path, who: Authority) -> None:
        self._file = data / FILE
        self._who = who
        self._read: tuple[object, Handed | None] = (None, None)

    def newest(self) -> Handed | None:
        """The list to hand on; None while there is none that desks would believe."""
        mark = mark_of(self._file)
        if mark is None:
            return None
        known, handed = self._read
        if mark != known:
            handed = self._now()
            self._read = (mark, handed)
        return handed

    def _now(self) -> Handed | None:
        with suppress(OSError, UnicodeDecodeError, Malformed):
            with self._file.open(encoding="utf-8") as file:
                text = file.read(MAX_FILE).strip()
            return Handed(check(self._who, text).number, text)
        return None
