"""FeliCa cards (transit cards, many employees' and students' cards): their number, and nothing else.

A FeliCa card has no My Number application and tells no name, so nobody is received by one. Its IDm, eight
bytes that the card shows to every reader, can serve as a token: a family that holds up the same card at
the gate again is the same person or family. Here is only how it is read.

The IDm is no secret and can be imitated: it may find a household again, never prove who somebody is.

`FFCA000000` is no command to the card but to the reader (PC/SC part 3). A contact reader passes it on to
whatever card it holds, so it is sent only where the reader's own ATR says FeliCa; `apdu.is_allowed`
refuses it everywhere else.

It refuses to know what an IDm is kept for.
"""

from __future__ import annotations

from typing import Final

from card_reader import apdu
from card_reader.channel import Channel, Clock
from card_reader.conversation import LIMITS, Conversation, Limits, converse
from card_reader.errors import CardError, malformed

IDM_BYTES: Final = 8


def read_idm(channel: Channel, *, clock: Clock, limits: Limits = LIMITS) -> bytes:
    """Return the IDm of the FeliCa card on `channel`, 8 bytes.

    Raises:
        CardError: `not_my_number_card` when the reader does not say that it is FeliCa (nothing is sent
            then), `malformed` for an answer that is no IDm, or what the channel raises.
    """
    if not apdu.is_felica(channel.atr):
        raise CardError("not_my_number_card", "not a FeliCa card either")
    idm, _ = converse(channel, _idm(), clock=clock, limits=limits)
    return idm


def _idm() -> Conversation[bytes]:
    answer = apdu.response((yield apdu.GET_IDM))
    if not answer.ok or len(answer.data) != IDM_BYTES:
        raise malformed("the reader did not tell the IDm")
    return answer.data
