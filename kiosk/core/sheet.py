r"""The opening sheet (開設シート): one signed QR code that makes any laptop a shelter's kiosk, offline.

It opens no data: it carries public keys, names and a registration token. It is signed by the
municipality's root key, which it also carries: the paper itself, handed over by the officer, is what
a desk trusts; the signature shows that nobody altered it and ties later lists to the same root.

    ESRO1: + Base45( CBOR [ body, Ed25519 signature over "ESR1 sheet\0" ‖ body ] )
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.core import base45, cbor, shelter_code
from kiosk.core.household import Mode
from kiosk.core.shelter_code import ShelterCode
from kiosk.core.trust import Algorithm, Issuer
from kiosk.errors import Malformed

PREFIX = "ESRO1:"
DOMAIN = b"ESR1 sheet\0"
FORMAT = 1
LIMIT = 2048


@dataclass(frozen=True, slots=True)
class OpeningSheet:
    """What a laptop must know to be a shelter's kiosk."""

    series: bytes
    """8 bytes: this shelter's series of sheets; reissued after a loss."""
    mode: Mode
    municipality: str
    """Six digits, e.g. 431001 for Kumamoto."""
    shelter: str
    """The shelter's id in the city's open data."""
    name: str
    hq_url: str
    ca_pin: bytes
    """SHA-256 of HQ's CA certificate (DER), or empty for plain HTTP on loopback in practice."""
    root_key: bytes
    records_key: bytes
    transfer_key: bytes
    """32 bytes: seals transfer slips between the shelters of one municipality and mode."""
    token: bytes
    """16 bytes; HQ keeps only its hash and a cap on devices."""
    issuers: tuple[Issuer, ...] = ()
    endorsement: bytes = field(default=b"", compare=False)
    """64 bytes by the root, with which the desk shows its shelter code; made by `write`."""

    @property
    def code(self) -> ShelterCode:
        """What phones are shown of the shelter."""
        return ShelterCode(self.mode, self.municipality, self.shelter, self.name, self.series)


def write(sheet: OpeningSheet, root: Ed25519PrivateKey) -> str:
    """The signed text of the code."""
    body = cbor.dumps(
        [
            FORMAT,
            sheet.series,
            int(sheet.mode),
            sheet.municipality,
            sheet.shelter,
            sheet.name,
            sheet.hq_url,
            sheet.ca_pin,
            sheet.root_key,
            sheet.records_key,
            sheet.transfer_key,
            sheet.token,
            [[i.issuer, int(i.algorithm), i.key, i.valid_from, i.valid_to] for i in sheet.issuers],
            shelter_code.endorse(sheet.code, root),
        ]
    )
    return PREFIX + base45.encode(cbor.dumps([body, root.sign(DOMAIN + body)]))


def read(text: str) -> OpeningSheet:
    """Read and check a sheet's text.

    Raises:
        Malformed: `not_a_sheet` for any other text, `bad_signature` for an altered one, else as
            `kiosk.core.cbor.loads`.
    """
    if not text.startswith(PREFIX):
        raise Malformed("not_a_sheet", "this is not an opening sheet")
    outer = cbor.loads(base45.decode(text.removeprefix(PREFIX)), limit=LIMIT)
    try:
        body, signature = outer
        value = cbor.loads(body, limit=LIMIT)
        form, series, mode, municipality, shelter, name, url, pin, root, records, *rest = value
        transfer, token, rows, endorsement = rest
        if form != FORMAT:
            raise Malformed("unknown_format", "an opening sheet of another version")
        issuers = tuple(_issuer(*row) for row in rows)
        Ed25519PublicKey.from_public_bytes(root).verify(signature, DOMAIN + body)
        sizes = [(series, 8), (root, 32), (records, 32), (transfer, 32), (token, 16), (endorsement, 64)]
        texts = [municipality, shelter, name, url]
        if pin != b"":
            sizes.append((pin, 32))
        if any(not isinstance(part, bytes) or len(part) != size for part, size in sizes):
            raise Malformed("malformed", "a part of the sheet has the wrong size")
        if any(not isinstance(part, str) for part in texts):
            raise Malformed("malformed", "a part of the sheet is not text")
        keys = (root, records, transfer, token)
        return OpeningSheet(
            series, Mode(mode), municipality, shelter, name, url, pin, *keys, issuers, endorsement
        )
    except InvalidSignature as error:
        raise Malformed("bad_signature", "the opening sheet was altered") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not an opening sheet") from error


def _issuer(issuer: object, algorithm: object, key: object, valid_from: object, valid_to: object) -> Issuer:
    if (
        not isinstance(issuer, str)
        or type(algorithm) is not int
        or not isinstance(key, bytes)
        or type(valid_from) is not int
        or type(valid_to) is not int
    ):
        raise Malformed("malformed", "an issuer on the sheet is not one")
    return Issuer(issuer, Algorithm(algorithm), key, valid_from, valid_to)
