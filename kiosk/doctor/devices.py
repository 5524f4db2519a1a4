"""Readers, cards, cameras and what reads codes: each tried as the desk would, with no secret or person."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from card_reader import service
from card_reader.errors import CardError
from card_reader.reader import CardDesk
from kiosk import selftest
from kiosk.checkup import Check, Finding, TooSlow, Words, absent, attention, broken, ok, within
from kiosk.doctor.patient import Patient
from kiosk.errors import KnownError

if TYPE_CHECKING:
    from card_reader.channel import Presence, ReaderPort
    from kiosk.camera.trial import Trial

GROUP = Words("機器", "Devices")

CAMERA_SECONDS = 8.0
"""A camera that needs longer for its first picture and one second more hangs."""
MOST_CAMERAS = 4
"""Where the system does not list its cameras, so many are tried."""
SLOW_CAMERA = 10.0
"""Pictures a second below which a phone must be held up noticeably longer."""
WANTED_HEIGHT = 720

_INSTALL_PCSCD = Words(
    "係の人に pcscd を 入れてもらい、パソコンを 起動し直してください。",
    "Install the package pcscd and restart the laptop.",
)
_START_PCSCD = Words(
    "パソコンを 起動し直してください。直らないときは 係の人に pcscd.socket を 有効に してもらってください。",
    "Restart the laptop; if that does not help: systemctl enable --now pcscd.socket.",
)


def card_service(patient: Patient) -> Finding:
    """The way from this program to any reader."""
    try:
        opened = patient.port()
    except ImportError:
        return broken(
            "card_library_missing",
            Words(
                "カードの 部品（PC/SC）が 読みこめません。", "The library of the card service does not load."
            ),
            Words(
                "係の人に libpcsclite1 を 入れてもらってください。カード以外の 受付は できます。",
                "Install libpcsclite1; reception without cards goes on.",
            ),
        )
    with opened as port:
        try:
            count = len(port.look())
        except CardError:
            return _why_shut(patient)
    return ok(Words("カードの サービスは 動いています。", "The card service answers."), readers=count)


def _why_shut(patient: Patient) -> Finding:
    if patient.platform == "win32":
        # Windows starts its service with the first reader and stops it with the last.
        return absent(
            "service_stopped",
            Words("カードの サービスは 止まっています。", "The card service does not run."),
            Words("カードの 読取り機を つなぐと 動きます。", "It starts when a reader is plugged in."),
        )
    door = service.door(patient.root, patient.platform)
    if door in ("forbidden", "open"):
        return broken(
            "service_forbidden",
            Words(
                "カードの サービスは 動いていますが、この利用者には 使わせません。",
                "The card service runs, but does not let this user in.",
            ),
            Words(
                "画面の前で ログインし直すか、係の人に polkit の 許可を たのんでください。",
                "Log in at the laptop itself, or let polkit allow org.debian.pcsc-lite.access_pcsc.",
            ),
            door=door,
        )
    to_do = _START_PCSCD if service.is_installed(patient.root) else _INSTALL_PCSCD
    says = Words("カードの サービス（pcscd）が 動いていません。", "The card service (pcscd) does not run.")
    if service.plugged(patient.root, patient.platform):
        return broken("service_stopped", says, to_do, door=door)
    return absent("service_stopped", says, to_do, door=door)


def readers(patient: Patient) -> Sequence[Finding]:
    """Each reader by its name, what lies on it, and readers that are plugged in for nothing."""
    try:
        opened = patient.port()
    except ImportError:
        return [_no_reader(0)]
    with opened as port:
        try:
            seen = port.look()
        except CardError:
            seen = {}
        is_free = not patient.desk_runs()
        found = [_reader(port, name, there, ask_card=is_free) for name, there in seen.items()]
    plugged = service.plugged(patient.root, patient.platform)
    found += [_without_driver(reader.model) for reader in plugged if not reader.has_driver]
    if not seen:
        found += [_not_seen(reader.model) for reader in plugged if reader.has_driver]
    return found or [_no_reader(len(plugged))]


def _reader(port: ReaderPort, name: str, there: Presence, *, ask_card: bool) -> Finding:
    hint = Words("", "")
    if "PaSoRi 3.0" in name:  # how Windows names an RC-S380
        hint = Words(
            "カードが 読めないときは、ソニーの「PC/SCアクティベーター for Type B」を 入れてください。",
            "If cards can not be read, install Sony's PC/SC Activator for Type B.",
        )
    if not there.card:
        says = Words(f"{name}：使えます。カードは のっていません。", f"{name}: ready, no card on it.")
        return ok(says, hint, reader=name, card="none")
    if not ask_card:
        says = Words(
            f"{name}：カードが のっています（受付で 使用中）。", f"{name}: a card is on it; the desk uses it."
        )
        return ok(says, hint, reader=name, card="not_asked")
    try:
        # The counter of tries is asked, which costs none: the whole way to the card and back.
        CardDesk(port).tries_left(reader=name)
    except CardError as error:
        if error.code == "no_pin_set":
            return _answers(name, hint)
        return _card_trouble(name, error.code)
    return _answers(name, hint)


def _answers(name: str, hint: Words) -> Finding:
    says = Words(f"{name}：マイナンバーカードが 答えました。", f"{name}: a My Number card answers.")
    return ok(says, hint, reader=name, card="my_number")


def _card_trouble(name: str, code: str) -> Finding:
    if code == "not_my_number_card":
        return ok(
            Words(
                f"{name}：マイナンバーカードではない カードが のっています。",
                f"{name}: the card on it is not a My Number card.",
            ),
            Words("そのカードを 取ってください。", "Take that card away."),
            reader=name,
            card="other",
        )
    return attention(
        "card_silent",
        Words(f"{name}：カードが のっていますが、答えません。", f"{name}: the card on it does not answer."),
        Words(
            "カードを 置き直してください。ほかの カードのソフトが あれば 終わらせてください。",
            "Put the card on again, and end other programs that use cards.",
        ),
        reader=name,
        card=code,
    )


def _without_driver(model: str) -> Finding:
    return broken(
        "reader_without_driver",
        Words(
            f"{model}：このパソコン（Linux）では 使えない 読取り機です。",
            f"{model}: Linux has no PC/SC driver for this reader.",
        ),
        Words(
            "RC-S300 など、マイナンバーカードに 対応した 読取り機に かえてください。",
            "Use a reader such as the RC-S300, which reads My Number cards with the CCID driver.",
        ),
        reader=model,
    )


def _not_seen(model: str) -> Finding:
    return broken(
        "reader_not_seen",
        Words(
            f"{model}：つながっていますが、カードの サービスから 見えません。",
            f"{model}: plugged in, but the card service does not see it.",
        ),
        Words(
            "さし直してください。直らないときは 係の人に libccid を 入れてもらってください。",
            "Plug it in again; if that does not help, install libccid and restart pcscd.",
        ),
        reader=model,
    )


def _no_reader(plugged: int) -> Finding:
    return absent(
        "no_reader",
        Words("カードの 読取り機は つながっていません。", "No card reader is attached."),
        Words(
            "カードでも 受け付けるなら、読取り機を つないでください。",
            "To receive people by card, plug a reader in.",
        ),
        plugged=plugged,
    )


def cameras(patient: Patient) -> Sequence[Finding]:
    """Each camera: does it open, and what do its pictures look like?"""
    listed = patient.cameras(patient.root, patient.platform)
    if listed is not None:
        found = [_camera(patient, camera.number, camera.name) for camera in listed]
    else:
        # A system that does not list them: tried by number until one is not there.
        found = []
        for number in range(MOST_CAMERAS):
            finding = _camera(patient, number)
            if finding.numbers.get("trouble") == "no_camera":
                break
            found.append(finding)
    return found or [
        absent(
            "no_camera",
            Words("カメラは つながっていません。", "No camera is attached."),
            Words(
                "QRコードで 受け付けるなら、カメラを つないでください。",
                "To receive people by code, plug a camera in.",
            ),
        )
    ]


def _camera(patient: Patient, number: int, called: str = "") -> Finding:
    from kiosk.camera.trial import try_out  # noqa: PLC0415 - a library that does not load fails its own check

    name = f"camera:{number}" + (f"（{called}）" if called else "")
    if not _may_open(patient.root / f"dev/video{number}"):
        return broken(
            "camera_forbidden",
            Words(f"{name}：この利用者には 使わせません。", f"{name}: this user may not open it."),
            Words(
                "係の人に、この利用者を video グループに 入れてもらってください。",
                "Add this user to the group video and log in again.",
            ),
            camera=number,
        )
    try:
        trial = within(CAMERA_SECONDS, lambda: try_out(patient.camera(number), clock=patient.monotonic))
    except TooSlow:
        return broken(
            "camera_hangs",
            Words(f"{name}：答えが ありません。", f"{name}: does not answer."),
            Words("カメラを さし直してください。", "Plug the camera in again."),
            camera=number,
        )
    except KnownError as error:
        if patient.desk_runs():
            says = Words(f"{name}：受付の 画面が 使っています。", f"{name}: the desk uses it.")
            return ok(says, camera=number, in_use=True)
        return broken(
            "camera_silent",
            Words(f"{name}：画像が 出ません。", f"{name}: {error.english}."),
            Words(
                "さし直してください。ほかの ソフトが カメラを 使っていれば 終わらせてください。",
                "Plug it in again, and end other programs that use it.",
            ),
            camera=number,
            trouble=error.code,
        )
    return _judge(name, number, trial)


def _may_open(node: Path) -> bool:
    """Whether this user may; a node that is busy, gone, or of another system is told by trying it."""
    return not node.exists() or os.access(node, os.R_OK | os.W_OK)


def _judge(name: str, index: int, trial: Trial) -> Finding:
    size = f"{trial.width}×{trial.height}"
    numbers: dict[str, int | float | str | bool | None] = {
        "camera": index,
        "width": trial.width,
        "height": trial.height,
        "per_second": trial.per_second,
        "light": trial.light,
        "opened_ms": trial.opened_ms,
        "form": trial.form,
    }
    if trial.problem == "camera_dark":
        return attention(
            "camera_dark",
            Words(f"{name}：まっ黒です。", f"{name}: its pictures are black."),
            Words(
                "レンズの ふたを 取り、部屋を 明るくしてください。",
                "Take the cap off the lens, or make some light.",
            ),
            **numbers,
        )
    if trial.problem == "camera_frozen":
        return broken(
            "camera_frozen",
            Words(f"{name}：画像が 止まっています。", f"{name}: its picture does not change."),
            Words("カメラを さし直してください。", "Plug the camera in again."),
            **numbers,
        )
    if trial.per_second < SLOW_CAMERA:
        return attention(
            "camera_slow",
            Words(
                f"{name}：1秒に {trial.per_second:g}枚しか とれません。",
                f"{name}: {trial.per_second:g} pictures/s.",
            ),
            Words(
                "部屋を 明るくするか、パソコン本体の USBに 直接 さしてください。",
                "Make more light, or plug it into the laptop itself.",
            ),
            **numbers,
        )
    if trial.height < WANTED_HEIGHT:
        return attention(
            "camera_small",
            Words(
                f"{name}：画像が 小さい カメラです（{size}）。", f"{name}: its pictures are small ({size})."
            ),
            Words(
                "QRコードを 近づけて もらってください。別の カメラが あれば そちらを 使ってください。",
                "Codes must be held closer; use another camera if there is one.",
            ),
            **numbers,
        )
    return ok(
        Words(
            f"{name}：うつっています（{size}、1秒に {trial.per_second:g}枚）。",
            f"{name}: {size}, {trial.per_second:g} pictures/s{', ' + trial.form if trial.form else ''}.",
        ),
        **numbers,
    )


def decoder(_patient: Patient) -> Finding:
    """The process that reads codes."""
    return selftest.check_decoder()


def second_look(_patient: Patient) -> Finding:
    """The library that reads some of the codes the first one can not."""
    if selftest.zbar_reads():
        return ok(
            Words("読みにくい QRコードの ための 部品も あります。", "zbar reads codes: the second look.")
        )
    says = Words(
        "読みにくい QRコードの ための 部品（zbar）が ありません。受付は できます。",
        "zbar is missing: there is no second look at hard codes; reception goes on.",
    )
    return attention("no_second_look", says, selftest.INSTALL_ZBAR)


def fonts(_patient: Patient) -> Finding:
    """The letters of the screen."""
    return selftest.check_fonts()


CHECKS: tuple[Check[Patient], ...] = (
    Check("card_service", Words("カードのサービス", "card service"), card_service, group=GROUP),
    Check("reader", Words("読取り機", "reader"), readers, seconds=15.0, group=GROUP),
    Check(
        "camera", Words("カメラ", "camera"), cameras, seconds=MOST_CAMERAS * CAMERA_SECONDS + 5, group=GROUP
    ),
    Check("decoder", Words("QRコード", "decoder"), decoder, seconds=25.0, group=GROUP),
    Check("second_look", Words("QRコード補助", "second look"), second_look, group=GROUP),
    Check("fonts", Words("文字", "fonts"), fonts, group=GROUP),
)
