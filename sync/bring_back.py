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
from sync.outbox import SegmentName
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
    if transport is None or sign_key is None:
        return False
    reach = _reach(folder, device, sign_key)
    if reach is None:
        return False
    after, previous = reach
    inbox = outbox.inbox(folder.parent)
    while after < upto:
        given = hq.ask_back(encode_ask(Ask(asker, device, after), transport))
        if not given:
            return False
        for segment in given:
            link = outbox.read_link(folder)
            if link is None or link.device != asker:
                return False  # the shelter was closed meanwhile, and nothing is laid where all was erased
            if not _continues(segment, device, after, previous, sign_key):
                return False
            outbox.write_segment(inbox, device, segment.first, segment.last, segment.data)
            after, previous = segment.last, segment.hashes()[-1]
    return True


def _continues(segment: Segment, device: DeviceId, after: int, previous: bytes, sign_key: bytes) -> bool:
    place = (segment.device, segment.first, segment.previous)
    return place == (device, after + 1, previous) and segment.is_signed_by(sign_key)


def _reach(folder: Path, device: DeviceId, sign_key: bytes) -> tuple[int, bytes] | None:
    """How far the files here lead: number and hash of the last event; None if the outbox's end is damaged.

    Of the inbox only what continues counts: what does not, HQ gives again.
    """
    after, previous = 0, GENESIS
    led = list(outbox.following(outbox.segments(folder, device), 0))
    if led:
        segment = _read(folder, led[-1])
        if segment is None:
            return None
        after, previous = segment.last, segment.hashes()[-1]
    inbox = outbox.inbox(folder.parent)
    for name in outbox.segments(inbox, device):
        segment = _read(inbox, name)
        if segment is not None and _continues(segment, device, after, previous, sign_key):
            after, previous = segment.last, segment.hashes()[-1]
    return after, previous


def _read(folder: Path, name: SegmentName) -> Segment | None:
    try:
        return decode_segment(outbox.read_segment(folder, name) or b"")
    except Malformed:
        return None


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
