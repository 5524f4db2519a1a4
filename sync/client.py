"""HQ as a device sees it: seven requests, each with a value or one clear sentence for an answer.

Whatever the network or something pretending to be HQ does becomes `HqTrouble`; no answer is trusted to be
short, quick or sensible. Redirects are not followed and proxies of the environment are not asked: a
captive portal is not HQ. It knows HTTP, no files, and does not decide when to try again.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from kiosk.core.clock import MonotonicClock
from kiosk.core.events import HASH_SIZE
from kiosk.core.ids import DEVICE_SIZE, DeviceId
from kiosk.errors import KnownError, Malformed
from sync.wire import MAX_SEGMENT, MAX_SMALL, Segment, decode_batch, encode_batch

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
"""The longest silence; HQ says nothing until a batch is on its disk."""
ANSWER_SECONDS = 60.0
"""The longest answer, however it drips."""
MAX_ANSWER = 64 * 1024
MAX_RECORDS = 2 * MAX_SEGMENT + MAX_SMALL
"""Of events that HQ gives back: about 64 KiB, and the segment that passes that."""
CBOR = "application/cbor"
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)

Head = tuple[int, bytes]
"""Number and hash of the last event HQ has of a device."""


class HqTrouble(KnownError):
    """HQ did not do what it was asked.

    `code` is `hq_unreachable` (no network, or HQ itself is in trouble: try again), `hq_nonsense`
    (something answered that is not HQ) or `hq_refused`; with the last, `detail` is HQ's own code.
    """

    def __init__(self, code: str, sentence: str, english: str, detail: str = "") -> None:
        super().__init__(code, sentence, english)
        self.detail = detail


def unreachable(english: str) -> HqTrouble:
    """No network, or HQ can not write now."""
    return HqTrouble("hq_unreachable", "本部と つながりません。記録は この パソコンに あります。", english)


def nonsense(english: str) -> HqTrouble:
    """Something answered that is not HQ."""
    return HqTrouble(
        "hq_nonsense", "本部では ない ものが こたえました。ネットワークを 確かめてください。", english
    )


def refused(detail: str) -> HqTrouble:
    """HQ answered, and said no. The sentence is ours: HQ's words are not shown unread."""
    sentence = _REFUSALS.get(detail, "本部が 受け取りませんでした。本部に 連絡してください。")
    return HqTrouble("hq_refused", sentence, f"HQ refused: {detail}", detail)


_REFUSALS = {
    "unknown_token": "この 開設シートを 本部は 知りません。本部に 連絡してください。",
    "too_many_devices": "この 開設シートで 登録できる 台数を 超えました。本部に 連絡してください。",
    "revoked": "この 端末か 開設シートは 使えなく されています。本部に 連絡してください。",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What HQ has now, and its clock (milliseconds since 1970; None when it did not say)."""

    heads: Mapping[DeviceId, Head]
    now: int | None = None
    trust: int | None = None
    """The number of the newest list of issuers that HQ hands on; None when it has none."""


@dataclass(frozen=True, slots=True)
class Gap:
    """HQ needs earlier events first: those from `send_from` on."""

    send_from: int


@dataclass(frozen=True, slots=True)
class Fork:
    """HQ has other events under these numbers; it keeps both branches."""

    heads: Mapping[DeviceId, Head]
    parted: Mapping[DeviceId, int] = field(default_factory=dict)
    """The first number under which HQ has another event, of each device of which it said so."""


class HqClient:
    """One HQ, by its URL. Used by one thread."""

    def __init__(self, url: str, monotonic: MonotonicClock = time.monotonic) -> None:
        """Get ready; nothing is sent yet.

        Raises:
            KnownError: `bad_link` when the address is not one, or not this computer's: there is no TLS yet.
        """
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not _is_loopback(parts.hostname):
            raise KnownError(
                "bad_link",
                "本部の アドレスが 正しくありません。開設シートを もう一度 読み取ってください。",
                "without TLS, HQ's address is http:// on this computer",
            )
        self._url = url.rstrip("/")
        self._monotonic = monotonic
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Accept-Encoding": "identity", "User-Agent": "shelter-kiosk"})
        self.requests = 0
        self.sent_bytes = 0
        """Bytes of bodies sent, whether they arrived or not."""

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def register(self, registration: bytes) -> Answer:
        """Make this device known (`sync.wire.encode_registration`). Harmless to repeat.

        Raises:
            HqTrouble: `hq_refused` with detail `unknown_token`, `revoked` or `too_many_devices`, or others.
        """
        return self._answer(*self._ask("POST", "/v1/devices", registration))

    def report_counts(self, counts: bytes) -> Answer:
        """Send a counts report (`sync.wire.encode_counts`); the answer holds the device's head.

        Raises:
            HqTrouble: `hq_refused` with detail `unknown_device` before registration, or others.
        """
        return self._answer(*self._ask("PUT", "/v1/counts", counts))

    def heads(self, device: DeviceId) -> Answer:
        """What HQ has of a device; without it in `heads`, HQ does not know it.

        Raises:
            HqTrouble: as ever.
        """
        return self._answer(*self._ask("GET", f"/v1/heads?device={device.hex()}"))

    def trust_list(self) -> str:
        """The newest list of issuers that HQ hands on, unchecked.

        Raises:
            HqTrouble: as ever.
        """
        status, value = self._ask("GET", "/v1/trust")
        text = value.get("list")
        if status == 200 and isinstance(text, str):
            return text
        raise self._trouble(status, value)

    def push(self, segments: Sequence[bytes]) -> Answer | Gap | Fork:
        """Send whole segments, as they are.

        Raises:
            HqTrouble: `hq_refused` with detail `unknown_device`, `too_large` …, or others.
        """
        status, value = self._ask("POST", "/v1/segments", encode_batch(segments))
        if status == 409 and _code(value) == "gap":
            send_from = value.get("send_from")
            if type(send_from) is not int or send_from < 1:
                raise nonsense("a gap without a number")
            return Gap(send_from)
        if status == 409 and _code(value) == "fork":
            return Fork(_heads(value), _parted(value))
        return self._answer(status, value)

    def ask_back(self, ask: bytes) -> tuple[Segment, ...]:
        """Ask for events that this laptop sent (`sync.wire.encode_ask`): the next few segments, unverified.

        None are left to give when it is empty.

        Raises:
            HqTrouble: `hq_refused` with detail `unknown_device`, `bad_signature`, `not_yours` …, or others.
        """
        status, data = self._exchange("POST", "/v1/segments/asked", ask, MAX_RECORDS)
        if status != 200:
            raise self._trouble(status, _json(status, data))
        try:
            return decode_batch(data).segments
        except Malformed as error:
            raise nonsense("events that are none") from error

    def _answer(self, status: int, value: dict[str, Any]) -> Answer:
        if status == 200:
            return Answer(_heads(value), _natural(value.get("now")), _natural(value.get("trust")))
        raise self._trouble(status, value)

    @staticmethod
    def _trouble(status: int, value: dict[str, Any]) -> HqTrouble:
        code = _code(value)
        if status >= 500:
            return unreachable(f"HQ is in trouble itself (status {status})")
        if 400 <= status < 500 and code:
            return refused(code)
        return nonsense(f"an answer that is not HQ's (status {status})")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
        """One request; its status and its JSON object (empty for a 5xx that has none)."""
        status, data = self._exchange(method, path, body, MAX_ANSWER)
        return status, _json(status, data)

    def _exchange(self, method: str, path: str, body: bytes | None, most: int) -> tuple[int, bytes]:
        """One request; its status and what it says, of `most` bytes."""
        self.requests += 1
        self.sent_bytes += len(body or b"")
        try:
            with self._session.request(
                method,
                self._url + path,
                data=body,
                headers={"Content-Type": CBOR} if body is not None else None,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, self._read(response, most)
        # Bodies are read past requests, so urllib3's own errors come through.
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise unreachable("HQ can not be reached") from error

    def _read(self, response: requests.Response, most: int) -> bytes:
        """The whole body, if it is short and comes in time."""
        ends, parts, size = self._monotonic() + ANSWER_SECONDS, [], 0
        while part := response.raw.read1(4096):
            parts.append(part)
            size += len(part)
            if size > most:
                raise nonsense("an answer longer than any of HQ's")
            if self._monotonic() > ends:
                raise unreachable("HQ answers too slowly")
        declared = response.headers.get("Content-Length")
        if declared is not None and declared != str(size):
            raise unreachable("the answer was cut short")
        return b"".join(parts)


def _json(status: int, data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        if status >= 500:
            return {}
        raise nonsense(f"an answer that is not HQ's (status {status})") from error
    if not isinstance(value, dict):
        raise nonsense("an answer that is not HQ's")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _natural(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 53 else None


def _code(value: Mapping[str, Any]) -> str:
    """HQ's error code: a word of ours, or nothing."""
    error = value.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _parted(value: Mapping[str, Any]) -> dict[DeviceId, int]:
    """Where branches part, as far as HQ says so sensibly: without it they are kept all the same."""
    found: dict[DeviceId, int] = {}
    troubles = value.get("troubles")
    for trouble in troubles if isinstance(troubles, list) else []:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            device, seq = DeviceId(bytes.fromhex(trouble["device"])), trouble["parted"]
            if type(seq) is int and 0 < seq < 1 << 53 and len(device) == DEVICE_SIZE:
                found[device] = min(seq, found.get(device, seq))
    return found


def _heads(value: Mapping[str, Any]) -> dict[DeviceId, Head]:
    heads = value.get("heads")
    if not isinstance(heads, dict):
        raise nonsense("an answer without heads")
    result: dict[DeviceId, Head] = {}
    for name, pair in heads.items():
        try:
            seq, digest = pair
            device, digest = bytes.fromhex(name), bytes.fromhex(digest)
        except (ValueError, TypeError) as error:
            raise nonsense("a head that is none") from error
        if type(seq) is not int or seq < 0 or len(device) != DEVICE_SIZE or len(digest) != HASH_SIZE:
            raise nonsense("a head that is none")
        result[DeviceId(device)] = (seq, digest)
    return result
