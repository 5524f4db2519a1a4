"""The devices' endpoints, /v1: wire values in, JSON out. The format is docs/formats/sync.md.

An answer is given after the commit. What a laptop asks back is the one answer that is no JSON: bytes as they
are kept. It knows HTTP and `Intake`, no tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kiosk.core.ids import DEVICE_SIZE, DeviceId
from kiosk.errors import Malformed
from sync.hq.bodies import BadBody, read_body
from sync.hq.giving_back import GivesBack
from sync.hq.intake import Head, Intake, Trouble
from sync.hq.lists import Handed
from sync.hq.refusals import Refused
from sync.wire import (
    MAX_BATCH,
    MAX_SEGMENT,
    MAX_SMALL,
    decode_ask,
    decode_batch,
    decode_counts,
    decode_registration,
)

CBOR = "application/cbor"
MAX_ASKED = 100
_STATUS = {"unknown_device": 403, "revoked": 403, "bad_signature": 403, "gap": 409, "fork": 409}
_MESSAGES = {
    "unknown_device": "HQ does not know this device",
    "revoked": "this device was revoked",
    "bad_signature": "the signature is not the device's",
    "gap": "events before these are missing",
    "fork": "HQ has other events under these numbers",
}


def error_answer(status: int, code: str, message: str, **more: Any) -> JSONResponse:  # noqa: ANN401 - JSON is any value by nature
    """`{"error": {"code", "message"}, …}`."""
    return JSONResponse({"error": {"code": code, "message": message}, **more}, status)


def _heads(heads: Mapping[DeviceId, Head]) -> dict[str, list[int | str]]:
    return {device.hex(): [seq, digest.hex()] for device, (seq, digest) in heads.items()}


def router(
    intake: Intake, give_back: GivesBack, newest: Callable[[], Handed | None] = lambda: None
) -> APIRouter:
    """The endpoints over one intake.

    `give_back` answers a laptop that lost events, `newest` tells the list of issuers that is handed on.
    """
    routes = APIRouter(prefix="/v1")
    _hand_on(routes, newest)
    _give_back(routes, give_back)

    def told(heads: Mapping[DeviceId, Head], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is any value by nature
        handed = newest()
        trust = {} if handed is None else {"trust": handed.number}
        return {"heads": _heads(heads), "now": intake.now(), **trust, **more}

    @routes.get("/health")
    async def health() -> JSONResponse:
        """Whether HQ is there, and its clock."""
        return JSONResponse({"ok": True, "now": intake.now()})

    @routes.post("/devices")
    async def register(request: Request) -> JSONResponse:
        """Register a device by its opening sheet's token."""
        data = await read_body(request, MAX_SEGMENT + 2 * MAX_SMALL)
        registered = await run_in_threadpool(intake.register, *decode_registration(data))
        heads, mode = {registered.device: registered.head}, registered.mode.name.lower()
        return JSONResponse(told(heads, shelter=registered.shelter, mode=mode))

    @routes.put("/counts")
    async def counts(request: Request) -> JSONResponse:
        """Take a device's own counts; answers with its head, so that events may follow at once."""
        report, message, signature = decode_counts(await read_body(request, MAX_SMALL))
        head = await run_in_threadpool(intake.report, report, message, signature)
        return JSONResponse(told({report.device: head}))

    @routes.get("/heads")
    async def heads(request: Request) -> JSONResponse:
        """What HQ has of these devices; those it does not know are left out."""
        asked = _devices(request.query_params.getlist("device"))
        known = await run_in_threadpool(intake.heads, asked)
        return JSONResponse(told(known))

    @routes.post("/segments")
    async def segments(request: Request) -> JSONResponse:
        """Take a batch of segments."""
        batch = decode_batch(await read_body(request, MAX_BATCH))
        taken = await run_in_threadpool(intake.receive, batch)
        answer: dict[str, Any] = {"heads": _heads(taken.heads), "now": intake.now()}
        if not taken.troubles:
            return JSONResponse(answer)
        first = taken.troubles[0]
        if first.send_from is not None:
            answer["send_from"] = first.send_from
        return error_answer(
            _STATUS[first.code],
            first.code,
            _MESSAGES[first.code],
            troubles=[_trouble(trouble) for trouble in taken.troubles],
            **answer,
        )

    return routes


def _hand_on(routes: APIRouter, newest: Callable[[], Handed | None]) -> None:
    @routes.get("/trust")
    async def trust() -> JSONResponse:
        """The newest signed list of issuers: what is in it is public, and its signature is the root's."""
        handed = newest()
        if handed is None:
            return error_answer(404, "not_found", "HQ has no list of issuers to hand on")
        return JSONResponse({"list": handed.text})


def _give_back(routes: APIRouter, give_back: GivesBack) -> None:
    @routes.post("/segments/asked")
    async def asked(request: Request) -> Response:
        """What HQ has of a laptop past an event: the next few segments; none when that is all."""
        ask = decode_ask(await read_body(request, MAX_SMALL))
        return Response(await run_in_threadpool(give_back, *ask), media_type=CBOR)


def _devices(texts: list[str]) -> list[DeviceId]:
    if not 0 < len(texts) <= MAX_ASKED:
        raise BadBody(400, "malformed", f"ask for 1 to {MAX_ASKED} devices")
    try:
        devices = [DeviceId(bytes.fromhex(text)) for text in texts]
    except ValueError as error:
        raise BadBody(400, "malformed", "a device is 32 hexadecimal digits") from error
    if any(len(device) != DEVICE_SIZE for device in devices):
        raise BadBody(400, "malformed", "a device is 32 hexadecimal digits")
    return devices


def _trouble(trouble: Trouble) -> dict[str, Any]:
    said: dict[str, Any] = {"device": trouble.device.hex(), "first": trouble.first, "code": trouble.code}
    for name in ("send_from", "parted"):
        if getattr(trouble, name) is not None:
            said[name] = getattr(trouble, name)
    return said


async def refuse_body(_request: Request, error: Exception) -> JSONResponse:
    """The answer to a body we do not read."""
    if not isinstance(error, BadBody):
        raise error
    return error_answer(error.status, error.code, error.message)


async def refuse_malformed(_request: Request, error: Exception) -> JSONResponse:
    """The answer to bytes that are not what their format says: never a word of them."""
    if not isinstance(error, Malformed):
        raise error
    return error_answer(413 if error.code == "too_large" else 400, error.code, error.english)


async def refuse(_request: Request, error: Exception) -> JSONResponse:
    """The answer to what a rule forbids."""
    if not isinstance(error, Refused):
        raise error
    return error_answer(400 if error.code in _NOT_WELL_FORMED else 403, error.code, error.english)


_NOT_WELL_FORMED = {"not_a_registration"}
