"""Reads the opening sheet that somebody photographed or holds before a camera.

It refuses to know what the sheet says.
"""

from __future__ import annotations

import time
from contextlib import closing

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
    from kiosk.camera.child import DecoderProcess  # noqa: PLC0415 - as above
    from kiosk.camera.grabber import newest_of  # noqa: PLC0415 - as above

    shown = frames.open_source(source)
    live = shown.pace is frames.Pace.LIVE
    # A picture that anybody may bring is read where it can break nothing.
    decoder, ends = DecoderProcess(spare=False), time.monotonic() + SHEET_SECONDS
    try:
        decoder.start()  # before the first frame comes, so that no reading waits for it
        with closing(newest_of(shown, SHEET_SECONDS) if live else frames.in_order(shown)) as coming:
            for frame in coming:
                for text in decoder.read(frame.image, thorough=not live).reading.texts:
                    if text.startswith(sheet.PREFIX):
                        return text
                if time.monotonic() > ends:
                    break
    finally:
        decoder.stop()
    raise KnownError(
        "no_sheet_seen",
        "開設シートの コードが 見つかりません。明るい所で まっすぐ 見せてください。",
        "no opening sheet was seen",
    )
