"""The officer's help for a shelter that can not open its laptop: `hq recover`.

It needs the master and what the shelter sent, and nothing of HQ's: it works on the officer's own computer,
offline. It reads no name of an evacuee, and gives out no key: the answer opens only with the passphrase
that the shelter chose.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from kiosk.core import key_slots, recovery
from kiosk.core.key_slots import KeySlots
from kiosk.core.keys import MunicipalKeys
from kiosk.core.recovery import REQUEST_PREFIX, Answer, Request
from kiosk.errors import KnownError, Malformed
from sync.hq import authority


def read(path: Path) -> Request | KeySlots:
    """What the shelter sent: a request, or (to see whether the master fits) a copy of its key slots.

    Raises:
        KnownError: `bad_request_file`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(key_slots.MAX_FILE + 1)
        if data.lstrip().startswith(REQUEST_PREFIX.encode()):
            return Request.from_text(data.decode("ascii"))
        return KeySlots.from_bytes(data)
    except (OSError, UnicodeDecodeError, Malformed) as error:
        raise KnownError(
            "bad_request_file",
            "避難所からの ファイルを 読めません。もう一度 送ってもらってください。",
            "the file is neither a recovery request nor a laptop's key slots, or it is damaged",
        ) from error


def see_that_it_is_theirs(request: Request, number: str) -> None:
    """Compare what the officer heard on the telephone with what lies here; spaces and hyphens aside.

    Raises:
        KnownError: `other_number`: somebody may have put their own request in its place.
    """
    heard = "".join(sign for sign in unicodedata.normalize("NFKC", number) if sign.isdecimal())
    if heard != request.fingerprint.replace("-", ""):
        raise KnownError(
            "other_number",
            "番号が ちがいます。避難所に 電話して、もう一度 番号を きいてください。",
            "the number is not this request's: it may have been exchanged on its way",
        )


def answer(master: Path, request: Request) -> Answer:
    """Let the one who asks in again.

    Raises:
        KnownError: `bad_master`, `other_master`.
    """
    try:
        return recovery.answer(request, _keys(master).records)
    except Malformed as error:
        raise _other_master() from error


def see_that_it_opens(master: Path, slots: KeySlots) -> None:
    """A drill: would this master open that store? Nothing is given out.

    Raises:
        KnownError: `bad_master`, `other_master`, `slots_altered`.
    """
    try:
        opened = slots.open_with_master(_keys(master).records)
    except Malformed as error:
        raise _other_master() from error
    if not slots.verify(opened):
        raise KnownError(
            "slots_altered",
            "鍵の ファイルが 書きかえられています。",
            "the master fits, but the key slots were changed by somebody who may not",
        )


def _keys(master: Path) -> MunicipalKeys:
    return MunicipalKeys.derive(authority.read_master(master))


def _other_master() -> KnownError:
    return KnownError(
        "other_master",
        "この マスター鍵では 開けません。この避難所の 開設シートを 作った マスター鍵を 使ってください。",
        "this is not the master under which the shelter was opened",
    )
