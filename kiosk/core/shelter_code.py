r"""The shelter code: what a shelter shows to phones, so that an app knows for certain where it is.

    ESRS1: + Base45( CBOR [ body, root signature ] )                              on a poster
    ESRS1: + Base45( CBOR [ body, root signature, moment, device signature ] )    on a desk's screen
    body     CBOR [ 1, mode, municipality, shelter, name, series ]
    moment   CBOR [ device key, seconds since 1970 ]

docs/formats/shelter-code.md is the whole format. The root signature is on the laptop's opening sheet, so a
desk shows a code that phones believe with no network and without the root's key. It opens nothing and names
nobody. It refuses to know clocks, screens and what an app does with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core import base45, cbor
from kiosk.core.household import Mode
from kiosk.errors import Malformed

PREFIX = "ESRS1:"
DOMAIN = b"ESR1 shelter\0"
NOW_DOMAIN = b"ESR1 shelter now\0"
FORMAT = 1
LIMIT = 1024
SERIES_SIZE, KEY_SIZE, SIGNATURE_SIZE = 8, 32, 64
_MAX_TEXT = 200
_MAX_TIME = 1 << 40


@dataclass(frozen=True, slots=True)
class ShelterCode:
    """Which shelter, of which municipality, in a disaster or a drill."""

    mode: Mode
    municipality: str
    """Six digits."""
    shelter: str
    """The shelter's id in the city's open data."""
    name: str
    series: bytes
    """8 bytes: of the opening sheet by which the shelter was opened."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A desk's own word that the code was made just then: a photograph of yesterday's is told apart at HQ."""

    device_key: bytes
    """32 bytes: the device's signing key, known to HQ from its registration."""
    at: int
    """Seconds since 1970, by the desk's clock."""


def endorse(code: ShelterCode, root: Ed25519PrivateKey) -> bytes:
    """The root's signature (64 bytes), made when the opening sheet is."""
    return root.sign(DOMAIN + _body(code))


def write(
    code: ShelterCode, endorsement: bytes, now: int | None = None, device: Ed25519PrivateKey | None = None
) -> str:
    """The text for a poster; with the moment and the device's key, the text for a screen."""
    body = _body(code)
    parts: list[Any] = [body, endorsement]
    if device is not None:
        moment = cbor.dumps([device.public_key().public_bytes_raw(), int(now or 0)])
        parts += [moment, device.sign(NOW_DOMAIN + body + moment)]
    return PREFIX + base45.encode(cbor.dumps(parts))


def read(text: str, root_key: bytes) -> tuple[ShelterCode, Moment | None]:
    """Read and check a shelter code under the municipality's root key (32 bytes).

    A moment that comes back is signed by the device it names; whether that device is a desk of this shelter
    is for HQ to know.

    Raises:
        Malformed: `not_a_shelter_code`, `bad_signature`, `unknown_format`; else `malformed`,
            `not_canonical`, `too_deep`, `too_large`.
    """
    if not isinstance(text, str) or not text.startswith(PREFIX) or len(text) > 2 * LIMIT:
        raise Malformed("not_a_shelter_code", "this is not a shelter code")
    parts = cbor.loads(base45.decode(text.removeprefix(PREFIX)), limit=LIMIT)
    if (
        not isinstance(parts, list)
        or len(parts) not in (2, 4)
        or not all(isinstance(p, bytes) for p in parts)
    ):
        raise _malformed()
    body, endorsement, *rest = parts
    _check(root_key, endorsement, DOMAIN + body)
    code = _read_body(body)
    if not rest:
        return code, None
    told, signature = rest
    moment = _read_moment(told)
    _check(moment.device_key, signature, NOW_DOMAIN + body + told)
    return code, moment


def _body(code: ShelterCode) -> bytes:
    return cbor.dumps([FORMAT, int(code.mode), code.municipality, code.shelter, code.name, code.series])


def _read_body(body: bytes) -> ShelterCode:
    value = cbor.loads(body, limit=LIMIT, depth=1)
    if not isinstance(value, list) or not value or type(value[0]) is not int or value[0] != FORMAT:
        raise Malformed("unknown_format", "a shelter code of another version")
    if len(value) != 6 or type(value[1]) is not int or value[1] not in tuple(Mode):
        raise _malformed()
    _, mode, municipality, shelter, name, series = value
    texts = (municipality, shelter, name)
    if any(not isinstance(one, str) or len(one) > _MAX_TEXT for one in texts):
        raise _malformed()
    if not isinstance(series, bytes) or len(series) != SERIES_SIZE:
        raise _malformed()
    return ShelterCode(Mode(mode), municipality, shelter, name, series)


def _read_moment(told: bytes) -> Moment:
    value = cbor.loads(told, limit=LIMIT, depth=1)
    if not isinstance(value, list) or len(value) != 2:
        raise _malformed()
    key, at = value
    if not isinstance(key, bytes) or len(key) != KEY_SIZE or type(at) is not int or not 0 <= at < _MAX_TIME:
        raise _malformed()
    return Moment(key, at)


def _check(key: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature as error:
        raise Malformed("bad_signature", "the shelter code was altered, or is another city's") from error
    except ValueError as error:
        raise _malformed() from error


def _malformed() -> Malformed:
    return Malformed("malformed", "not a shelter code")
