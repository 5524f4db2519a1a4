"""Reads the QR codes in one frame: a first look at every frame, further looks while the frame's time lasts.

zxing-cpp alone reads three hard frames of four in a tenth of a frame's time; what it does not read is
looked at again in other ways (`kiosk.camera.looks`), the one that reads most for its time first. It only
reads; what a text means is not known here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np

from kiosk.camera.crowd import Crowd
from kiosk.camera.looks import LOOKS, zxing
from kiosk.camera.picture import Reading, as_grey, at_most
from kiosk.core.clock import MonotonicClock

SMALLEST_CODE = 21
"""Modules a side of a version 1 code: no frame narrower than that holds one."""
BUDGET = 0.028
"""Seconds for all looks at one frame; a webcam brings the next one after 33 ms."""
CROWDED = 0.12
"""Seconds that one look may take by its cost: a live picture that is slower to look at is not a phone held
up, or the laptop is too slow for this look."""
THOROUGH_BUDGET = 1.0
"""Seconds for a picture that no other follows."""
LIVE_SIDE, STILL_SIDE = 1920, 2560
"""Looks work on at most so many pixels a side; a still picture's first look on more. A hostile or huge
picture must not cost more than its time, and no webcam's frame is larger."""
CROWDED_SIDE = 1280
"""On so many pixels a side at a picture that is crowded: what webcams are asked for."""
SAME = 14
"""Greys by which a part of a picture may differ and the scene still be the same: sensors are noisy."""
_THUMBNAIL = (64, 36)


class Decoder:
    """The cascade of one camera.

    It remembers which look read last, because the next frame shows the same phone, and which looks the time
    did not reach, so that they get their turn. A scene at which every look was taken in vain gets the
    first look and one other at a time until something in it changes: an empty desk need not keep a
    laptop's fan running.
    """

    def __init__(self, clock: MonotonicClock = time.perf_counter) -> None:
        self._clock = clock
        self._turns = _Turns(len(LOOKS))
        self._vain: set[int] = set()
        self._scene: np.ndarray | None = None

    def read(self, frame: np.ndarray, *, thorough: bool = False) -> Reading:
        """Read a grey (rows, columns) or BGR (rows, columns, 3) frame of bytes.

        A live frame is looked at for `BUDGET`, a still one `thorough`ly, in every way there is. Nothing in a
        picture makes it fail.

        Raises:
            Malformed: `bad_frame` for any other array.
        """
        begun = self._clock()
        grey = as_grey(frame)
        if min(grey.shape) < SMALLEST_CODE:
            return Reading()
        grey, crowd = _thinned(grey, thorough=thorough)
        if crowd.too_many:
            return Reading()
        first = zxing(grey)
        if first.texts:
            self._scene = None
            return first
        unit = self._clock() - begun
        smaller = at_most(grey, LIVE_SIDE)
        only_one = not thorough and self._is_known(smaller)
        ends = begun + (THOROUGH_BUDGET if thorough else BUDGET)
        if crowd.many and self._clock() > ends:
            return first
        for place in self._places(unit, ends, only_one=only_one):
            look = LOOKS[place]
            self._vain.add(place)
            if not thorough and (unit * look.cost > CROWDED or crowd.rows > look.most_squares):
                continue
            try:
                texts = look.read(smaller).texts
            except (cv2.error, MemoryError):
                continue
            if texts:
                self._turns.read_by(place)
                self._scene = None
                return Reading(texts, located=True)
        return first

    def _places(self, unit: float, ends: float, *, only_one: bool) -> Iterator[int]:
        """The looks to take, by their places in `LOOKS`, while the time lasts."""
        for nth, place in enumerate(self._turns.begin(only_one=only_one)):
            # One is always taken, however slow the laptop.
            if nth and self._clock() + unit * LOOKS[place].cost > ends:
                late = self._turns.left_over(place)
                if late is not None:
                    yield late
                return
            yield place

    def _is_known(self, grey: np.ndarray) -> bool:
        """Whether every look was taken at this scene in vain."""
        scene = cv2.resize(grey, _THUMBNAIL, interpolation=cv2.INTER_AREA)
        same = self._scene is not None and int(cv2.absdiff(scene, self._scene).max()) <= SAME
        if not same:
            self._scene, self._vain = scene, set()
        return same and len(self._vain) == len(LOOKS)


class _Turns:
    """Whose turn it is among so many looks.

    A frame begins with the look that read the frame before, then come all in their order, which is by what
    they read for their time. Those that its time does not reach have their turn one by one, each at the
    end of every other frame: on the slowest laptop too every look is taken.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._read: int | None = None
        self._left = self._round = 0
        # The first frame takes none of them: a lone one has its time and no more.
        self._waited = True

    def begin(self, *, only_one: bool) -> Iterator[int]:
        """The looks of a frame, in turn; `only_one` goes on round, one a frame."""
        if only_one:
            yield self._round
            self._round = (self._round + 1) % self._count
            return
        read, self._read = self._read, None
        if read is not None:
            yield read
        yield from (place for place in range(self._count) if place != read)

    def left_over(self, place: int) -> int | None:
        """The frame's time ran out before this look: the one of it and those behind it whose turn it is."""
        self._waited = not self._waited
        if not self._waited:
            return None
        late = self._left if place <= self._left < self._count else place
        self._left = late + 1
        return late

    def read_by(self, place: int) -> None:
        """This look read the frame."""
        self._read = place


def _thinned(grey: np.ndarray, *, thorough: bool) -> tuple[np.ndarray, Crowd]:
    """The picture at the size at which it is looked at, and how crowded it is there."""
    grey = at_most(grey, STILL_SIDE if thorough else LIVE_SIDE)
    crowd = Crowd.of(grey)
    if crowd.some and not thorough and max(grey.shape) > CROWDED_SIDE:
        grey = at_most(grey, CROWDED_SIDE)
        crowd = Crowd.of(grey)
    if crowd.too_many:
        # Noise is gone at half the size, and so are squares too small to be a code's.
        grey = at_most(grey, max(grey.shape) // 2)
        crowd = Crowd.of(grey)
    return grey, crowd


def read_codes(frame: np.ndarray) -> list[str]:
    """The texts of the QR codes in a frame, read by the live cascade in this process.

    `frame` is grey (rows, columns) or BGR (rows, columns, 3), of bytes. Each frame is read as if it were the
    first of its camera. An unreadable frame gives an empty list.

    Raises:
        Malformed: `bad_frame` for any other array.
    """
    return list(Decoder().read(frame).texts)
