"""Reads the opening sheet that somebody photographed or holds before a camera.

It refuses to know what the sheet says.
"""

from __future__ import annotations

import time

from kiosk.core import sheet
from kiosk.errors import KnownError

SHEET_SECONDS = 60.0
"""How long a sheet may be looked for before a camera."""


def read_sheet_picture(source: str) -> str:
    """The text of the opening sheet shown in a picture, a folder, a video or before a camera.

    Raises:
        KnownError: `no_sheet_seen`, or what kept the source from being opened.
    """
    from kiosk.camera import frames  # noqa: PLC0415 - OpenCV is loaded only where pictures are read
    from kiosk.camera.decode import Decoder  # noqa: PLC0415 - as above

    decoder, ends = Decoder(), time.monotonic() + SHEET_SECONDS
    for frame in frames.in_order(frames.open_source(source)):
        for text in decoder.read(frame.image, thorough=True).texts:
            if text.startswith(sheet.PREFIX):
                return text
        if time.monotonic() > ends:
            break
    raise KnownError(
        "no_sheet_seen",
        "開設シートの コードが 見つかりません。明るい所で まっすぐ 見せてください。",
        "no opening sheet was seen",
    )
