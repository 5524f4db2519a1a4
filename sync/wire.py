"""The bytes between a kiosk and everyone else: segments, batches, counts reports, registrations, asks.

Both ends share this module, so that a change of format breaks both in one commit. It is pure: no
sockets, no files, no clock. The formats are docs/formats/events.md and docs/formats/sync.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core import cbor, events
from kiosk.core.events import Event
from kiosk.core.ids import DEVICE_SIZE, DeviceId
from kiosk.errors import Malformed

FORMAT = 1
SEGMENT_TARGET = 16 * 1024
"""A segment is closed before it grows beyond this."""
MAX_SEGMENT = 64 * 1024
"""Larger than any we write: one event may have a large sealed part."""
MAX_BATCH = 1024 * 1024
MAX_EVENTS = 500
MAX_SMALL = 8 * 1024
MOST_COUNTED = 1 << 32
"""More people than there are; HQ can add up a million such reports."""
COUNTS_DOMAIN = b"ESR1 counts\0"
REGISTRATION_DOMAIN = b"ESR1 registration\0"
ASK_DOMAIN = b"ESR1 ask\0"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of one device's events, immutable, vouched for by one signature over its last hash."""

    device: DeviceId
    first: int
    previous: bytes
    """Hash of event `first - 1`; 32 zero bytes before the first."""
    events: tuple[Event, ...]
    signature: bytes
    data: bytes
    """The very bytes, which relays pass on unopened."""

    @property
    def last(self) -> int:
        """Number of the last event."""
        return self.first + len(self.events) - 1

    def hashes(self) -> list[bytes]:
        """The hash of each event, in order."""
        chain, result = self.previous, []
        for event in self.events:
            chain = event.hash(chain)
            result.append(chain)
        return result

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the device's key vouches for the whole segment."""
        return events.head_is_signed(public_key, self.device, self.last, self.hashes()[-1], self.signature)


def encode_segment(first_events: Sequence[Event], previous: bytes, signature: bytes) -> bytes:
    """The bytes of a segment.

    `first_events` are consecutive events of one device; `signature` is the device's over the last hash.
    """
    head = first_events[0]
    rows = [
        [
            event.at,
            event.kind,
            dict(event.public),
            [event.sealed_hash] if event.sealed is None else event.sealed,
        ]
        for event in first_events
    ]
    return cbor.dumps([FORMAT, head.device, head.seq, previous, rows, signature])


def decode_segment(data: bytes) -> Segment:
    """Read a segment; its signature is not checked here (`Segment.is_signed_by`).

    Raises:
        Malformed: `malformed`, `not_canonical`, `too_deep`, `too_large`, `unknown_format`.
    """
    value = cbor.loads(data, limit=MAX_SEGMENT)
    try:
        form, device, first, previous, rows, signature = value
        _expect_format(form, "a segment")
        _expect(
            _is_bytes(device, DEVICE_SIZE)
            and _is_bytes(previous, events.HASH_SIZE)
            and _is_bytes(signature, events.SIGNATURE_SIZE)
            and type(first) is int
            and isinstance(rows, list)
            and 0 < len(rows) <= MAX_EVENTS,
        )
        read = tuple(_event(DeviceId(device), first + place, row) for place, row in enumerate(rows))
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not a segment") from error
    return Segment(DeviceId(device), first, previous, read, signature, data)


def _event(device: DeviceId, seq: int, row: Any) -> Event:  # noqa: ANN401 - what CBOR gave
    at, kind, public, sealed = row
    _expect(type(at) is int and isinstance(kind, str) and isinstance(public, dict))
    if isinstance(sealed, list):
        (sealed_hash,) = sealed
        _expect(_is_bytes(sealed_hash, events.HASH_SIZE))
        event = Event(device, seq, at, kind, public, None, sealed_hash)
    else:
        _expect(isinstance(sealed, bytes))
        event = Event.make(device, seq, at, kind, public, sealed)
    events.check(event)
    return event


def _is_bytes(value: object, size: int) -> bool:
    return isinstance(value, bytes) and len(value) == size


def _expect(condition: bool) -> None:  # noqa: FBT001 - reads as the sentence it is
    if not condition:
        raise Malformed("malformed", "a part of the wrong kind or size")


def _expect_format(form: object, what: str) -> None:
    # `true` equals 1 in Python and not in CBOR: one value, one spelling.
    if type(form) is not int or form != FORMAT:
        raise Malformed("unknown_format", f"{what} of another version")


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request carries: whole segments."""

    segments: tuple[Segment, ...]


def encode_batch(segments: Iterable[bytes]) -> bytes:
    """A batch of encoded segments, passed on as they are."""
    return cbor.dumps([FORMAT, list(segments)])


def decode_batch(data: bytes) -> Batch:
    """Read a batch of at most 1 MiB and 500 events.

    Raises:
        Malformed: as `decode_segment`.
    """
    value = cbor.loads(data, limit=MAX_BATCH)
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[1], list)):
        raise Malformed("malformed", "not a batch")
    _expect_format(value[0], "a batch")
    if len(value[1]) > MAX_EVENTS:
        raise Malformed("too_large", "too many segments")
    segments = []
    total = 0
    for item in value[1]:
        _expect(isinstance(item, bytes))
        segments.append(decode_segment(item))
        total += len(segments[-1].events)
        if total > MAX_EVENTS:
            raise Malformed("too_large", f"more than {MAX_EVENTS} events")
    return Batch(tuple(segments))


@dataclass(frozen=True, slots=True)
class CountsReport:
    """What a device counts now, sent ahead of its events in one tiny request.

    `upto` is the number of the last event counted; `values` are `kiosk.core.counts.Counts` fields,
    `by_method` households by method word, both of this device's receptions only.
    """

    device: DeviceId
    upto: int
    at: int
    mode: int
    incident: bytes | None
    values: Mapping[str, int]
    by_method: Mapping[str, int]


def encode_counts(report: CountsReport, key: Ed25519PrivateKey) -> bytes:
    """A signed counts report (about 250 bytes)."""
    body = cbor.dumps(
        [
            FORMAT,
            report.device,
            report.upto,
            report.at,
            report.mode,
            report.incident,
            {name: value for name, value in report.values.items() if value},
            {name: value for name, value in report.by_method.items() if value},
        ]
    )
    return cbor.dumps([body, key.sign(COUNTS_DOMAIN + body)])


def decode_counts(data: bytes) -> tuple[CountsReport, bytes, bytes]:
    """Read a counts report: the report, and the signed message and signature for `is_signed`.

    Raises:
        Malformed: as `decode_segment`.
    """
    body, signature = _signed(data)
    value = cbor.loads(body, limit=MAX_SMALL)
    try:
        form, device, upto, at, mode, incident, values, by_method = value
        _expect_format(form, "a counts report")
        _expect(
            _is_bytes(device, DEVICE_SIZE)
            and _natural(upto)
            and _natural(at)
            and type(mode) is int
            and mode in (0, 1)
            and (incident is None or _is_bytes(incident, 8))
            and all(
                isinstance(k, str) and _natural(v, MOST_COUNTED)
                for part in (values, by_method)
                for k, v in part.items()
            ),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not a counts report") from error
    report = CountsReport(DeviceId(device), upto, at, mode, incident, values, by_method)
    return report, COUNTS_DOMAIN + body, signature


@dataclass(frozen=True, slots=True)
class Registration:
    """A device's first words to HQ: the token from its opening sheet and its first segment."""

    token: bytes
    segment: Segment


def encode_registration(token: bytes, segment: bytes, key: Ed25519PrivateKey) -> bytes:
    """A registration, signed by the device's key so that a token alone registers nobody."""
    body = cbor.dumps([FORMAT, token, segment])
    return cbor.dumps([body, key.sign(REGISTRATION_DOMAIN + body)])


def decode_registration(data: bytes) -> tuple[Registration, bytes, bytes]:
    """Read a registration: it, and the signed message and signature for `is_signed`.

    Raises:
        Malformed: as `decode_segment`.
    """
    body, signature = _signed(data, limit=MAX_SEGMENT + MAX_SMALL)
    value = cbor.loads(body, limit=MAX_SEGMENT + MAX_SMALL)
    try:
        form, token, segment = value
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", "not a registration") from error
    _expect_format(form, "a registration")
    _expect(_is_bytes(token, 16) and isinstance(segment, bytes))
    return Registration(token, decode_segment(segment)), REGISTRATION_DOMAIN + body, signature


@dataclass(frozen=True, slots=True)
class Ask:
    """A laptop asks for events that it sent and does not have any more: those of `device` past `after`.

    `asker` is the device that the laptop is now, `device` the same or one that it was before.
    """

    asker: DeviceId
    device: DeviceId
    after: int


def encode_ask(ask: Ask, transport_key: Ed25519PrivateKey) -> bytes:
    """A signed ask (about 110 bytes). `transport_key` is the asker's, the only one its sync process holds."""
    body = cbor.dumps([FORMAT, ask.asker, ask.device, ask.after])
    return cbor.dumps([body, transport_key.sign(ASK_DOMAIN + body)])


def decode_ask(data: bytes) -> tuple[Ask, bytes, bytes]:
    """Read an ask: it, and the signed message and signature for `is_signed`.

    Raises:
        Malformed: as `decode_segment`.
    """
    body, signature = _signed(data)
    value = cbor.loads(body, limit=MAX_SMALL)
    try:
        form, asker, device, after = value
    except (ValueError, TypeError) as error:
        raise Malformed("malformed", "not an ask") from error
    _expect_format(form, "an ask")
    _expect(_is_bytes(asker, DEVICE_SIZE) and _is_bytes(device, DEVICE_SIZE) and _natural(after))
    return Ask(DeviceId(asker), DeviceId(device), after), ASK_DOMAIN + body, signature


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of an Ed25519 public key (32 bytes) signed `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _natural(value: object, below: int = 1 << 63) -> bool:
    """Whether it is a number that a database holds."""
    return type(value) is int and 0 <= value < below


def _signed(data: bytes, limit: int = MAX_SMALL) -> tuple[bytes, bytes]:
    value = cbor.loads(data, limit=limit)
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], bytes)):
        raise Malformed("malformed", "not a signed message")
    _expect(_is_bytes(value[1], events.SIGNATURE_SIZE))
    return value[0], value[1]
