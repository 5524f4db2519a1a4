"""Whom this laptop believes, beside its store: no passphrase is needed to know it.

    sheet.txt          the opening sheet, with the issuers it was printed with
    trust.txt          the newest list that the same root signed, brought on a USB stick
    inbox/trust.txt    the same, as the sync process lays it down
    pass-keys.cbor     pass keys, each wrapped to this device's agreement key

Lists are checked each time they are read, so that whoever can write the files can not make the desk believe
more. Pass keys open only with the device's own key, which lies in the store. It refuses to know passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.core import cbor, keys, trust_list
from kiosk.core.acts import Key
from kiosk.core.pass_key import KEY_SIZE, PassKey
from kiosk.core.sheet import OpeningSheet
from kiosk.core.trust import TrustList
from kiosk.core.trust_list import SignedList
from kiosk.errors import KnownError, Malformed
from kiosk.files import mark_of, write_whole
from kiosk.store import opened_as
from sync import outbox, wire

TRUST, PASS_KEYS = "trust.txt", "pass-keys.cbor"
INBOX = Path("inbox") / TRUST
WRAP_PURPOSE = b"ESR2 pass key"
MAX_KEYS_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Belief:
    """What this laptop goes by."""

    sheet: OpeningSheet
    newest: SignedList | None
    """The list that counts; None while only the sheet speaks."""
    damaged: bool = False
    """A list is there that can not be believed: what it said is unknown."""

    @property
    def trust(self) -> TrustList:
        """The issuers, as `kiosk.core.entry_pass.verify` asks for them."""
        lists = () if self.newest is None else (self.newest,)
        return TrustList(trust_list.believed(self.sheet.issuers, lists))


def read(data: Path) -> Belief | None:
    """What the laptop whose folder this is believes; None before it was opened."""
    try:
        return under(opened_as.read_sheet(data), data)
    except KnownError:
        return None


def under(sheet: OpeningSheet, data: Path) -> Belief:
    """What a laptop that was opened with this sheet believes."""
    lists, damaged = [], False
    for _, text in _lists(data):
        try:
            lists.append(_of_ours(text, sheet))
        except KnownError:
            damaged = True
    return Belief(sheet, max(lists, key=lambda one: one.number, default=None), damaged)


class Watch:
    """What an open desk believes now: its files are looked at each time and read again when one changed.

    A list that HQ sent or that came on a stick counts from the next pass on. What counted once is kept
    whatever lies in the inbox later, so that an older list revives no revoked key. One thread at a time.
    """

    def __init__(self, data: Path, sheet: OpeningSheet, agreement: X25519PrivateKey) -> None:
        """`sheet` and the device's `agreement` key, which opens its pass keys, are the open store's."""
        self._data = data
        self._sheet = sheet
        self._agreement = agreement
        self._files: object = None
        self._newest: SignedList | None = None
        self._trust = TrustList()

    def trust(self) -> TrustList:
        """The issuers and pass keys that count now."""
        files = tuple(mark_of(self._data / name) for name in (TRUST, INBOX, PASS_KEYS))
        if files != self._files:
            self._files = files
            _keep_what_came(self._data, self._sheet)
            newest = under(self._sheet, self._data).newest
            if newest is not None and (self._newest is None or newest.number > self._newest.number):
                self._newest = newest
            self._trust = Belief(self._sheet, self._newest).trust.with_pass_keys(
                pass_keys(self._data, self._agreement)
            )
        return self._trust


def _keep_what_came(data: Path, sheet: OpeningSheet) -> None:
    """A newer list in the inbox becomes this laptop's own: what is laid there later may be older."""
    found: dict[Path, SignedList] = {}
    for path, text in _lists(data):
        with suppress(KnownError):
            found[path] = _of_ours(text, sheet)
    came, own = found.get(data / INBOX), found.get(data / TRUST)
    if came is not None and (own is None or came.number > own.number):
        with suppress(OSError, KnownError):
            write_whole(data / TRUST, (data / INBOX).read_bytes(), mode=0o644)


def _lists(data: Path) -> Iterator[tuple[Path, str]]:
    for path in (data / TRUST, data / INBOX):
        with suppress(OSError, UnicodeDecodeError):
            yield path, path.read_text(encoding="utf-8").strip()


def _of_ours(text: str, opening: OpeningSheet) -> SignedList:
    return trust_list.read_own(text, opening.root_key, opening.municipality)


def take_list(data: Path, text: str) -> SignedList:
    """Believe a list from now on, when the root of this laptop's sheet signed it.

    Raises:
        KnownError: `not_opened`; `older_list` when a newer one is believed already; `disk_full` or
            `disk_unwritable`. Malformed as `kiosk.core.trust_list.read_own`.
    """
    belief = _opened(data)
    signed = _of_ours(text.strip(), belief.sheet)
    if belief.newest is not None and signed.number < belief.newest.number:
        raise KnownError(
            "older_list",
            "この 信頼リストは いまのものより 古いので 使いません。",
            "a newer trust list is in use here already",
        )
    write_whole(data / TRUST, f"{text.strip()}\n".encode(), mode=0o644)
    return signed


def take_pass_key(data: Path, key: PassKey) -> None:
    """Let this device open what is sealed to `key`; it is kept wrapped to the device's own key.

    Raises:
        KnownError: `not_opened`, `disk_full`, `disk_unwritable`.
    """
    _opened(data)
    wrapped = keys.wrap(_agreement_public(data), key.private.private_bytes_raw(), WRAP_PURPOSE + key.kid)
    rows = [[kid, other] for kid, other in _wrapped(data) if kid != key.kid]
    write_whole(data / PASS_KEYS, cbor.dumps([*rows, [key.kid, wrapped]]))


def pass_key_ids(data: Path) -> list[bytes]:
    """The ids of the pass keys that this device can open, once its store is unlocked."""
    return [kid for kid, _ in _wrapped(data)]


def pass_keys(data: Path, agreement: X25519PrivateKey) -> tuple[PassKey, ...]:
    """The pass keys, opened with the device's own key; one that does not open is left out."""
    return tuple(_opened_keys(_wrapped(data), agreement))


def _opened_keys(rows: Iterable[tuple[bytes, bytes]], agreement: X25519PrivateKey) -> Iterator[PassKey]:
    for kid, wrapped in rows:
        # A laptop that was restored has a new key of its own: what was wrapped to the old one is given again.
        with suppress(Malformed, ValueError):
            key = PassKey(
                X25519PrivateKey.from_private_bytes(keys.unwrap(agreement, wrapped, WRAP_PURPOSE + kid))
            )
            if key.kid == kid:
                yield key


def _wrapped(data: Path) -> list[tuple[bytes, bytes]]:
    try:
        rows = cbor.loads((data / PASS_KEYS).read_bytes(), limit=MAX_KEYS_FILE)
        return [
            (kid, wrapped) for kid, wrapped in rows if isinstance(kid, bytes) and isinstance(wrapped, bytes)
        ]
    except (OSError, Malformed, TypeError, ValueError):
        return []


def _opened(data: Path) -> Belief:
    belief = read(data)
    if belief is None:
        raise KnownError(
            "not_opened",
            "このパソコンは まだ 避難所の受付に なっていません。",
            "this folder is no kiosk yet: open a shelter first",
        )
    return belief


def _agreement_public(data: Path) -> bytes:
    """The device's own key, from the words with which it registers."""
    words = outbox.read_registration(outbox.folder(data))
    if words is not None:
        with suppress(Malformed, KeyError, IndexError):
            first = wire.decode_registration(words)[0].segment.events[0]
            public = first.public[Key.AGREEMENT_KEY]
            if isinstance(public, bytes) and len(public) == KEY_SIZE:
                return public
    raise KnownError(
        "not_registered",
        "このパソコンの かぎが 見つかりません。受付を 一度 開いてください。",
        "this device's own key was not found in its outbox",
    )
