"""Whether a camera's pictures are alive: a fold over what a live source gives.

A sensor's noise never gives the same picture twice, so a picture that repeats is a driver that lost its
camera; and a picture without any light is a closed shutter or a hand's cover. Neither is an error that a
driver reports. No clock is read here, and nothing is opened.
"""

from __future__ import annotations

import zlib

import numpy as np

from kiosk.errors import KnownError

FROZEN_AFTER = DARK_AFTER = 2.0
"""Seconds of the same picture, or of darkness, that chance does not bring."""
FROZEN_FRAMES = 5
"""And so many of the same: a slow camera is not a frozen one."""
BLACK = 24
"""No part of a dark picture is lighter: video's black is 16, and sensors add some noise."""

_SENTENCES = {
    "no_camera": (
        "カメラが 見つかりません。 ケーブルを たしかめて ください。",
        "no camera was found: check its cable",
    ),
    "no_stream": (
        "ネットワークの カメラに つながりません。",
        "the camera at this address does not answer",
    ),
    "camera_lost": (
        "カメラの 画像が 届きません。 ケーブルを たしかめて ください。",
        "the camera stopped giving pictures: check its cable",
    ),
    "camera_stalled": (
        "カメラの 画像が 止まっています。 ケーブルを 抜いて、 もう一度 さして ください。",
        "the camera does not answer: unplug it and plug it in again",
    ),
    "camera_frozen": (
        "カメラの 画像が 動いていません。 ケーブルを 抜いて、 もう一度 さして ください。",
        "the camera repeats one picture: unplug it and plug it in again",
    ),
    "camera_dark": (
        "カメラの 画像が まっくらです。 レンズの カバーを 開けるか、 明るくして ください。",
        "the camera sees nothing but darkness: open its cover, or make light",
    ),
}


def trouble(code: str) -> KnownError:
    """What is wrong with a camera, in a sentence: one of the codes above."""
    return KnownError(code, *_SENTENCES[code])


class Health:
    """What the pictures of one camera tell of it. It goes on when the camera is opened again."""

    def __init__(self) -> None:
        self._print = 0
        self._same_since = self._last = 0.0
        self._same = 0
        self._dark_since: float | None = None

    def saw(self, at: float, image: np.ndarray, *, noisy: bool = True) -> None:
        """Take in the picture of moment `at`, in seconds; one that is not `noisy` may repeat itself."""
        seen = zlib.crc32(np.ascontiguousarray(image[::16]).data)
        if noisy and self._same and seen == self._print:
            self._same += 1
        else:
            self._print, self._same, self._same_since = seen, 1, at
        if not _is_dark(image):
            self._dark_since = None
        elif self._dark_since is None:
            self._dark_since = at
        self._last = at

    @property
    def problem(self) -> str:
        """`camera_dark`, `camera_frozen`, or nothing.

        Dark comes first: what a closed shutter shows is often the same black, and opening it helps.
        """
        if self._dark_since is not None and self._last - self._dark_since >= DARK_AFTER:
            return "camera_dark"
        repeats = self._same >= FROZEN_FRAMES and self._last - self._same_since >= FROZEN_AFTER
        return "camera_frozen" if repeats else ""


def _is_dark(image: np.ndarray) -> bool:
    sample = image[::16, ::16]
    # A hot pixel is no light.
    return bool(sample.mean() <= BLACK and np.percentile(sample, 99) <= BLACK)
