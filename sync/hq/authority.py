"""HQ's standing under the municipality's master: public halves, and an operations key the root certified.

The master stays with the records officer, in a file outside HQ's data; HQ refuses to serve while one
lies inside. What HQ holds can count and can be replaced; it opens no sealed part.

    DIR/authority.json    what is public
    DIR/operations.key    the operations key, 32 bytes
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.core import cbor
from kiosk.core.ids import Randomness
from kiosk.core.keys import Master, MunicipalKeys
from kiosk.errors import KnownError
from kiosk.files import write_whole
from sync.wire import is_signed

FILE, OPERATIONS = "authority.json", "operations.key"
FORMAT = 1
OPERATIONS_DOMAIN = b"ESR1 operations\0"
MASTER_SIZE = 32
PORT = 8440
"""Where HQ listens unless it is told otherwise, and opening sheets say so."""
_DEEP = 10_000
"""So many files at most are looked at for a master: a data folder of ours holds a dozen."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who this HQ is. The keys are 32 bytes each."""

    municipality: str
    """Six digits."""
    name: str
    hq_url: str
    """Where kiosks find this HQ: printed on opening sheets."""
    ca_pin: bytes
    """SHA-256 of the CA certificate (DER) that HQ's certificate comes from; empty without TLS."""
    root_key: bytes
    records_key: bytes
    operations_key: bytes
    certificate: bytes
    """The root's signature over the operations key."""


def operations_message(municipality: str, operations_key: bytes) -> bytes:
    """What the root signs to certify an operations key."""
    return OPERATIONS_DOMAIN + cbor.dumps([FORMAT, municipality, operations_key])


def initialise(
    data: Path, master_file: Path, municipality: str, name: str, hq_url: str, randomness: Randomness
) -> Authority:
    """Make HQ's keys in `data`, under the master in `master_file`, which is made if it is not there.

    Raises:
        KnownError: `already_initialised`, `master_inside_data`, `bad_master`, `disk_full` or
            `disk_unwritable`.
    """
    if (data / FILE).exists():
        raise KnownError(
            "already_initialised", "本部の データは もう あります。", "HQ's data are there already"
        )
    if _is_inside(master_file, data):
        raise _master_inside()
    if not master_file.exists():
        write_whole(master_file, randomness(MASTER_SIZE), mode=0o400)
    keys = MunicipalKeys.derive(read_master(master_file))
    operations = Ed25519PrivateKey.from_private_bytes(randomness(32))
    public = operations.public_key().public_bytes_raw()
    authority = Authority(
        municipality,
        name,
        hq_url,
        b"",
        keys.root_public,
        keys.records_public,
        public,
        keys.root.sign(operations_message(municipality, public)),
    )
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(data / OPERATIONS, operations.private_bytes_raw(), mode=0o600)
    write_whole(data / FILE, _to_json(authority), mode=0o600)
    return authority


def load(data: Path) -> Authority:
    """Who this HQ is.

    Raises:
        KnownError: `not_initialised` or `bad_authority`.
    """
    try:
        value = json.loads((data / FILE).read_bytes())
        authority = Authority(
            value["municipality"],
            value["name"],
            value["hq_url"],
            *(
                bytes.fromhex(value[key])
                for key in ("ca_pin", "root_key", "records_key", "operations_key", "certificate")
            ),
        )
    except FileNotFoundError as error:
        raise KnownError(
            "not_initialised",
            "本部の データが ありません。先に hq init を してください。",
            "there is no HQ here yet; run `hq init` first",
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _bad_authority() from error
    message = operations_message(authority.municipality, authority.operations_key)
    if not is_signed(authority.root_key, message, authority.certificate):
        raise _bad_authority()
    return authority


def read_master(path: Path) -> Master:
    """The master from the officer's file.

    Raises:
        KnownError: `bad_master`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MASTER_SIZE + 1)
    except OSError as error:
        raise _bad_master("the master file can not be read") from error
    if len(data) != MASTER_SIZE:
        raise _bad_master("this is not a master file")
    return Master(data)


def officers_master(path: Path, authority: Authority, data: Path) -> Master:
    """The master, shown to be this HQ's own and to lie outside its data.

    Raises:
        KnownError: `bad_master` or `master_inside_data`.
    """
    if _is_inside(path, data):
        raise _master_inside()
    master = read_master(path)
    if MunicipalKeys.derive(master).root_public != authority.root_key:
        raise _bad_master("this is another municipality's master")
    return master


def refuse_master_inside(data: Path, authority: Authority) -> None:
    """See that no master of this HQ lies in its data folder, under whatever name.

    Raises:
        KnownError: `master_inside_data`.
    """
    for path in _files(data):
        try:
            if path.stat().st_size != MASTER_SIZE:
                continue
            keys = MunicipalKeys.derive(Master(path.read_bytes()))
        except OSError:
            continue
        if keys.root_public == authority.root_key:
            raise _master_inside()


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            seen += 1
            if seen > _DEEP:
                return
            yield Path(parent) / name


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _to_json(authority: Authority) -> bytes:
    value = {
        "municipality": authority.municipality,
        "name": authority.name,
        "hq_url": authority.hq_url,
        "ca_pin": authority.ca_pin.hex(),
        "root_key": authority.root_key.hex(),
        "records_key": authority.records_key.hex(),
        "operations_key": authority.operations_key.hex(),
        "certificate": authority.certificate.hex(),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _master_inside() -> KnownError:
    return KnownError(
        "master_inside_data",
        "マスター鍵が 本部の データの 中に あります。外に 出して、係の人が 保管してください。",
        "the master must lie outside HQ's data, with the records officer",
    )


def _bad_master(english: str) -> KnownError:
    return KnownError("bad_master", "マスター鍵の ファイルが 正しくありません。", english)


def _bad_authority() -> KnownError:
    return KnownError(
        "bad_authority",
        "本部の 鍵の ファイルが こわれています。",
        "HQ's authority.json is damaged or was altered",
    )
