"""避難所を とじる: this laptop forgets everything, and says so on paper.

Only when HQ has every event, or a supervisor takes it upon themselves, with a reason. Then the ways into
the store are destroyed first (both copies of the key slots, the laptop's own secret): from that moment
nothing here opens for anybody who does not hold the municipality's master and an older copy. The rest is
overwritten and removed after it. What is left is a certificate, signed with the device's key before that is
gone: what was erased, who did it, what HQ had. A closing that was cut off is finished by calling it again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import __version__
from kiosk.core.access import Action, Actor
from kiosk.core.clock import JAPAN, WallClock
from kiosk.core.household import Mode
from kiosk.core.ids import device_id
from kiosk.core.words import MODE_WORDS
from kiosk.errors import KnownError
from kiosk.files import sync_folder, write_whole, written_down
from kiosk.store import device, slots
from kiosk.store.opening import OpenStore
from kiosk.store.parts import AGAIN, DATABASE, Parts
from sync import outbox
from sync.wire import is_signed

FORMAT = 1
BEGUN = "closing.json"
_DOMAIN = b"ESR1 erasure\0"
_STEP = 1024 * 1024
_FIRST = (*slots.NAMES, "spare.keys", DATABASE)
"""In this order: the keys, what the keys open, and then the rest."""


def unsent(parts: Parts) -> int:
    """How many events HQ has not acknowledged, of this device and of those before it."""
    heads, missing = outbox.read_heads(parts.outbox), 0
    for one in parts.log.held:
        if parts.note(AGAIN + one.hex()) is not None:
            continue  # HQ has what both branches share, and what it lacked was said again
        here = parts.log.newest(one)
        seq, digest = heads.get(one, (0, b""))
        same = 0 < seq <= here.seq and parts.log.hash_at(one, seq) == digest
        missing += here.seq - (seq if same else 0)
    return missing


def close_shelter(
    store: OpenStore,
    target: Path,
    *,
    second: Actor | None,
    force: bool = False,
    reason: str = "",
    wall: WallClock,
) -> dict[str, Any]:
    """Erase this kiosk and lay its certificate at `target` (JSON; beside it the same as a text to print).

    The store is closed afterwards, whatever happens.

    Raises:
        KnownError: `not_allowed`, `second_person_needed`, `not_all_sent`, `reason_needed`,
            `certificate_inside`, `disk_full`, `disk_unwritable`: nothing was erased.
    """
    data, parts = store.vault.data, store.ledger.parts
    try:
        store.access.check(Action.CLOSE_SHELTER, second=second)
        _refuse_inside(target, data)
        store.ledger.publish()
        left = unsent(parts)
        if left and not force:
            raise KnownError(
                "not_all_sent",
                f"本部に 送っていない 記録が {left}件 あります。つながってから もう一度 してください。",
                f"HQ has not acknowledged {left} events; --force erases them all the same",
            )
        if force and not reason.strip():
            raise KnownError("reason_needed", "理由を 入れてください。", "--force needs a reason")
        statement = _statement(store, left, second, reason, wall) | {"target": str(target.absolute())}
        key = parts.identity.sign
        signed = {"statement": statement, "signature": key.sign(_DOMAIN + _bytes(statement)).hex()}
        write_whole(data / BEGUN, _pretty(signed))
        store_id = store.vault.slots.store
    finally:
        store.close()
    return _erase(data, signed, store_id, wall, key)


def resume(data: Path, wall: WallClock) -> dict[str, Any] | None:
    """Finish a closing that was cut off; None when there is none. Needs no secret: the decision was made.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`, `certificate_damaged`.
    """
    try:
        signed = json.loads((data / BEGUN).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        signed = {}
    if not verify(signed):
        raise KnownError(
            "certificate_damaged",
            "消去の 記録が こわれています。係の人を よんでください。",
            "closing.json in the data folder is damaged",
        )
    return _erase(data, signed, bytes.fromhex(signed["statement"]["store"]), wall, None)


def _statement(
    store: OpenStore, left: int, second: Actor | None, reason: str, wall: WallClock
) -> dict[str, Any]:
    parts, sheet = store.ledger.parts, store.sheet
    head = parts.log.newest()
    return {
        "format": FORMAT,
        "what": "erasure of a shelter's kiosk",
        "municipality": sheet.municipality,
        "shelter": sheet.shelter,
        "name": sheet.name,
        "mode": sheet.mode.name.lower(),
        "series": sheet.series.hex(),
        "store": store.vault.slots.store.hex(),
        "device": parts.identity.device.hex(),
        "former_devices": sorted(one.hex() for one in parts.log.held if one != parts.identity.device),
        "sign_key": parts.identity.sign_public.hex(),
        "last_event": head.seq,
        "last_hash": head.hash.hex(),
        "events": sum(parts.log.newest(one).seq for one in parts.log.devices()),
        "households": len(store.ledger.households()),
        "not_sent": left,
        "reason": reason,
        "by": store.actor.name,
        "second": None if second is None else second.name,
        "begun_at": _time(wall),
        "software": __version__,
        "method": "key slots, device secret and keys destroyed first (the database is AES-256);"
        " every file then overwritten once with random bytes, synced, truncated and removed",
        "files": [
            {"name": path.relative_to(store.vault.data).as_posix(), "bytes": path.stat().st_size}
            for path in _files(store.vault.data)
        ],
    }


def _erase(
    data: Path, signed: dict[str, Any], store_id: bytes, wall: WallClock, key: Ed25519PrivateKey | None
) -> dict[str, Any]:
    first = [data / name for name in _FIRST if (data / name).is_file()]
    device.forget(store_id)
    kept = data / BEGUN
    with written_down():
        for path in (*first, *(path for path in _files(data) if path not in first and path != kept)):
            # What another process of ours takes away meanwhile is gone as well.
            with suppress(FileNotFoundError):
                destroy(path)
        for folder in sorted((path for path in data.rglob("*") if path.is_dir()), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        sync_folder(data)
    completion = {
        "completed_at": _time(wall),
        "left": sorted(path.relative_to(data).as_posix() for path in _files(data) if path != kept),
    }
    # After a crash in between there is no key left that could sign this part: the statement still stands.
    message = _DOMAIN + _bytes(signed["statement"]) + _bytes(completion)
    signed |= {
        "completion": completion,
        "completion_signature": None if key is None else key.sign(message).hex(),
    }
    target = Path(signed["statement"]["target"])
    write_whole(target, _pretty(signed))
    write_whole(target.with_suffix(".txt"), as_text(signed).encode())
    with written_down():
        destroy(kept)
        if not any(data.iterdir()):
            data.rmdir()
    return signed


def destroy(path: Path) -> None:
    """Overwrite a file, on the disk, and remove it under another name.

    An SSD may keep the old bytes in cells that nobody can address; what makes them worthless is that the
    keys are gone.
    """
    with path.open("r+b") as file:
        left = file.seek(0, os.SEEK_END)
        file.seek(0)
        while left > 0:
            left -= file.write(os.urandom(min(left, _STEP)))
        file.flush()
        os.fsync(file.fileno())
        file.truncate(0)
        os.fsync(file.fileno())
    nameless = path.with_name(os.urandom(8).hex())
    path.rename(nameless)
    nameless.unlink()


def verify(signed: Mapping[str, Any]) -> bool:
    """Whether a certificate is what the device it names signed."""
    try:
        statement = signed["statement"]
        key = bytes.fromhex(statement["sign_key"])
        ok = device_id(key).hex() == statement["device"] and is_signed(
            key, _DOMAIN + _bytes(statement), bytes.fromhex(signed["signature"])
        )
        if not ok or signed.get("completion_signature") is None:
            return ok
        message = _DOMAIN + _bytes(statement) + _bytes(signed["completion"])
        return is_signed(key, message, bytes.fromhex(signed["completion_signature"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return False


def as_text(signed: Mapping[str, Any]) -> str:
    """The certificate for people and paper."""
    said, done = signed["statement"], signed.get("completion") or {}
    mode = MODE_WORDS[Mode[said["mode"].upper()]]
    sent = "すべて 本部に 送信済み" if not said["not_sent"] else f"未送信 {said['not_sent']}件"
    rows = {
        "避難所": f"{said['name']}（{said['shelter']}、{mode}）",
        "端末": said["device"],
        "消去した 記録": f"{said['events']}件（{said['households']}世帯）",
        "本部への 送信": sent,
        "理由": said["reason"] or "避難所の 閉鎖",
        "消去した 人": said["by"],
        "立ち会った 人": said["second"] or "―",
        "開始": said["begun_at"],
        "完了": done.get("completed_at", "―"),
        "残った ファイル": "、".join(done.get("left", ())) or "なし",
        "方法": "鍵を すべて 破棄し、ファイルを 上書きして 削除（データベースは AES-256 で 暗号化）",
        "署名": signed["signature"],
    }
    lines = (f"{name}：{value}" for name, value in rows.items())
    return "データ消去証明書\n\n" + "\n".join(lines) + "\n"


def _refuse_inside(target: Path, data: Path) -> None:
    if target.resolve().is_relative_to(data.resolve()):
        raise KnownError(
            "certificate_inside",
            "証明書は USBメモリなど、ほかの 場所に 書いてください。",
            "the certificate must lie outside the folder that is erased",
        )


def _files(data: Path) -> Iterator[Path]:
    """Every file of the data folder, links left alone."""
    for path in sorted(data.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _pretty(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _time(wall: WallClock) -> str:
    return dt.datetime.fromtimestamp(wall(), JAPAN).isoformat(timespec="seconds")
