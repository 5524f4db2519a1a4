"""Bringing back from HQ what this laptop sent and has lost: into the inbox, where the desk finds it.

Asked for with the transport key, the only one the sync process holds. Each segment is verified before it is
laid, as the desk will again: that it continues what lies here, and that this laptop once signed it, so that
nobody in HQ's place can fill the disk. It does not decide what becomes of the laptop then.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core.acts import sign_key_in
from kiosk.core.events import GENESIS
from kiosk.core.ids import DeviceId
from kiosk.errors import Malformed
from sync import outbox
from sync.wire import Ask, Segment, decode_registration, decode_segment, encode_ask


class GivesBack(Protocol):
    """HQ, as far as it gives back: `sync.client.HqClient`, or a working fake."""

    def ask_back(self, ask: bytes) -> Sequence[Segment]:
        """The next few segments, unverified; none when that is all."""


def bring_back(folder: Path, hq: GivesBack, asker: DeviceId, device: DeviceId, upto: int) -> bool:
    """Lay into the inbox what HQ has of `device` up to event `upto` and no file here has; whether all came.

    `folder` is the outbox, `asker` the device this laptop is now.

    Raises:
        HqTrouble: as `HqClient.ask_back`.
        KnownError: `disk_full`, `disk_unwritable`, `outbox_unreadable`.
    """
    transport, sign_key = _transport_key(folder), _sign_key(folder, asker, device)
    after, previous = _reach(folder, device)
    if transport is None or sign_key is None or previous is None:
        return False
    inbox = outbox.inbox(folder.parent)
    while after < upto:
        given = hq.ask_back(encode_ask(Ask(asker, device, after), transport))
        if not given:
            return False
        for segment in given:
            continues = (segment.device, segment.first, segment.previous) == (device, after + 1, previous)
            if not continues or not segment.is_signed_by(sign_key):
                return False
            outbox.write_segment(inbox, device, segment.first, segment.last, segment.data)
            after, previous = segment.last, segment.hashes()[-1]
    return True


def _reach(folder: Path, device: DeviceId) -> tuple[int, bytes | None]:
    """How far the files here lead without a gap: number and hash of the last event, None if it is damaged."""
    places = (outbox.inbox(folder.parent), folder)
    folders = {name: place for place in places for name in outbox.segments(place, device)}
    led = list(outbox.following(sorted(folders), 0))
    if not led:
        return 0, GENESIS
    try:
        segment = decode_segment(outbox.read_segment(folders[led[-1]], led[-1]) or b"")
    except Malformed:
        return led[-1].last, None
    return led[-1].last, segment.hashes()[-1]


def _transport_key(folder: Path) -> Ed25519PrivateKey | None:
    data = outbox.read_transport(folder)
    try:
        return None if data is None else Ed25519PrivateKey.from_private_bytes(data)
    except ValueError:
        return None


def _sign_key(folder: Path, asker: DeviceId, device: DeviceId) -> bytes | None:
    """The key that signed the device's log, from its registration: its id comes from the key."""
    data = outbox.read_registration(folder, None if device == asker else device)
    try:
        first = None if data is None else decode_registration(data)[0].segment.events[0]
    except Malformed:
        return None
    return sign_key_in(first) if first is not None and first.device == device else None
