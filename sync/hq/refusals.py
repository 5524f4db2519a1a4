"""What HQ refuses a laptop, and in which words. It knows no tables."""

from __future__ import annotations

from kiosk.errors import KnownError


class Refused(KnownError):
    """HQ will not take this, and says which rule it breaks.

    Codes: `unknown_token`, `revoked`, `too_many_devices`, `not_a_registration`, `bad_signature`,
    `unknown_device`, `not_yours`.
    """


def bad_signature() -> Refused:
    """The signature is not the key's that was told."""
    return Refused("bad_signature", "署名が 正しくありません。", "the signature is not the device's")


def revoked() -> Refused:
    """A person has taken the right to speak to HQ back."""
    return Refused(
        "revoked",
        "この 端末か 開設シートは 使えなく されています。本部に 連絡してください。",
        "this device or its opening sheet was revoked",
    )


def unknown_device() -> Refused:
    """It never registered."""
    return Refused("unknown_device", "本部は この 端末を 知りません。", "HQ does not know this device")
