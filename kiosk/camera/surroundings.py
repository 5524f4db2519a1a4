"""What a reception desk's camera has before it: a room full of things, and a phone with a code on it.

Drawn for `kiosk.camera.synthetic`. The room holds what a detector must not take for a code. It refuses to
know what is done to the light on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

MODULE = 8
"""Pixels a module on the drawn phone."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone's front as drawn, seen straight."""

    picture: np.ndarray
    """Its light, 0 to 1 of what its screen can; -1 where it is body, not screen."""
    outline: np.ndarray
    """Its corners (4, 2), as x and y."""
    middle: np.ndarray
    """The code's middle, as x and y."""
    across: float
    """The code's width with its quiet zone."""


def phone(code: np.ndarray, cracks: int, rng: np.random.Generator) -> Phone:
    """A phone that shows `code` (one value a module, 0 dark to 1 light, with its quiet zone)."""
    face = np.kron(code, np.ones((MODULE, MODULE), np.float32))
    side = face.shape[0]
    margin, rim = side // 14, side // 30
    background = 1.0 if rng.random() < 0.7 else float(rng.uniform(0.1, 0.95))
    high, wide = int(side * rng.uniform(1.5, 2.0)), side + 2 * margin
    screen = np.full((high, wide), background, np.float32)
    top = (high - side) // 2
    ink = 0.0 if background > 0.5 else 1.0
    for _ in range(int(rng.integers(2, 7))):
        above = rng.random() < 0.5
        row = int(rng.uniform(0.02, 0.85) * top) + (0 if above else top + side)
        if row + side // 30 < (top if above else high):
            length = int(rng.uniform(0.2, 0.9) * wide)
            _writing(screen[row : row + side // 30, margin : margin + length], ink, rng)
    screen[top : top + side, margin : margin + side] = face
    for _ in range(cracks):
        screen = _blow(screen, (margin, top, side), rng)
    screen = cv2.copyMakeBorder(screen, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=-1.0)
    high, wide = screen.shape
    outline = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    middle = np.array((margin + rim + side / 2, top + rim + side / 2), np.float32)
    return Phone(screen, outline, middle, float(side))


def _writing(place: np.ndarray, ink: float, rng: np.random.Generator) -> None:
    """Something like a line of letters."""
    high, wide = place.shape
    letter = max(high, 3)
    for left in range(0, wide - letter, letter + 2):
        if rng.random() < 0.85:
            mask = np.kron(rng.random((4, 4)) < 0.45, np.ones((letter // 4 + 1, letter // 4 + 1)))
            part = place[:, left : left + letter]
            part[mask[:high, :letter].astype(bool)[: part.shape[0], : part.shape[1]]] = ink


def _blow(screen: np.ndarray, code: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
    """Cracks from one point in or near the code: lines that hide, edges that shift what lies behind."""
    left, top, side = code
    start = np.array((left + rng.uniform(-0.1, 1.1) * side, top + rng.uniform(-0.1, 1.1) * side))
    shift = float(rng.uniform(0, 0.9)) * MODULE
    angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 8))))
    paths = [_ray(start, float(angle), side * float(rng.uniform(0.25, 1.3)), rng) for angle in angles]
    if shift > 1 and len(paths) > 3:
        screen = _shifted(screen, start, (float(angles[0]), float(angles[2])), shift)
    for path in paths:
        light = float(rng.choice((0.0, 0.1, 0.9, 1.0)))
        wide = max(1, round(float(rng.uniform(0.15, 0.95)) * MODULE))
        cv2.polylines(screen, [np.round(path).astype(np.int32)], isClosed=False, color=light, thickness=wide)
        if rng.random() < 0.6:
            # A crack mirrors beside its shadow.
            beside = np.round(path + rng.uniform(0.4, 1.2) * MODULE).astype(np.int32)
            cv2.polylines(screen, [beside], isClosed=False, color=1 - light, thickness=max(1, wide // 2))
    if rng.random() < 0.5:
        hub = tuple(round(float(value)) for value in start)
        cv2.circle(screen, hub, int(rng.uniform(1, 5) * MODULE), float(rng.uniform(0, 1)), -1)
    return screen


def _ray(start: np.ndarray, angle: float, length: float, rng: np.random.Generator) -> np.ndarray:
    steps = int(rng.integers(4, 10))
    points, at = [start], start
    for _ in range(steps):
        angle += float(rng.normal(0, 0.25))
        at = at + np.array((np.cos(angle), np.sin(angle))) * length / steps
        points.append(at)
    return np.array(points)


def _shifted(screen: np.ndarray, start: np.ndarray, sector: tuple[float, float], shift: float) -> np.ndarray:
    """One splinter stands a little off: what is behind it is seen displaced."""
    rows, columns = np.mgrid[0 : screen.shape[0], 0 : screen.shape[1]].astype(np.float32)
    angle = np.mod(np.arctan2(rows - start[1], columns - start[0]), 2 * np.pi)
    inside = (angle >= sector[0]) & (angle <= sector[1])
    middle = sum(sector) / 2
    moved = cv2.remap(
        screen,
        (columns + shift * np.cos(middle)).astype(np.float32),
        (rows + shift * np.sin(middle)).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(np.where(inside, moved, screen))


def room(size: tuple[int, int], rng: np.random.Generator, decoys: int | None = None) -> np.ndarray:
    """A wall with shading, things with edges, and `decoys` that look a little like codes; (high, wide)."""
    wide, high = size
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    slope = rng.uniform(-40, 40, 2)
    picture = rng.uniform(80, 170) + slope[0] * columns / wide + slope[1] * rows / high
    grain = rng.standard_normal((high // 24 + 1, wide // 24 + 1), np.float32) * rng.uniform(2, 14)
    picture = (picture + cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)).astype(np.float32)
    for _ in range(int(rng.integers(3, 9))):
        corner = np.array((rng.uniform(-0.1, 0.9) * wide, rng.uniform(-0.1, 0.9) * high))
        reach = np.array((rng.uniform(0.03, 0.3) * wide, rng.uniform(0.05, 0.5) * high))
        grey = float(rng.uniform(20, 220))
        if rng.random() < 0.6:
            low, far = (tuple(int(v) for v in point) for point in (corner, corner + reach))
            cv2.rectangle(picture, low, far, grey, -1)
        else:
            axes = tuple(int(v) for v in reach / 2)
            cv2.ellipse(
                picture, tuple(int(v) for v in corner), axes, float(rng.uniform(0, 180)), 0, 360, grey, -1
            )
    for _ in range(int(rng.integers(0, 3)) if decoys is None else decoys):
        _DECOYS[int(rng.integers(len(_DECOYS)))](picture, rng)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 2.5))), np.float32)


def _place(
    picture: np.ndarray, rng: np.random.Generator, low: float, most: float
) -> tuple[np.ndarray, float]:
    """A square somewhere in the picture, and a light grey for it."""
    high, wide = picture.shape
    side = int(rng.uniform(low, most) * high)
    left, top = int(rng.integers(0, wide - side)), int(rng.integers(0, high - side))
    return picture[top : top + side, left : left + side], float(rng.uniform(150, 235))


def _poster(picture: np.ndarray, rng: np.random.Generator) -> None:
    place, light = _place(picture, rng, 0.2, 0.5)
    place[:] = light
    line = max(3, place.shape[0] // int(rng.integers(12, 30)))
    for top in range(line, place.shape[0] - 2 * line, int(line * 1.7)):
        _writing(place[top : top + line, line : -line or None], 30.0, rng)


def _checks(picture: np.ndarray, rng: np.random.Generator) -> None:
    place, light = _place(picture, rng, 0.15, 0.5)
    cell = int(rng.integers(3, 20))
    rows, columns = np.mgrid[0 : place.shape[0], 0 : place.shape[1]]
    place[:] = np.where((rows // cell + columns // cell) % 2, light, rng.uniform(10, 90))


def _blinds(picture: np.ndarray, rng: np.random.Generator) -> None:
    place, light = _place(picture, rng, 0.3, 0.7)
    period = int(rng.integers(4, 24))
    along = np.arange(place.shape[0]) // period % 2
    place[:] = np.where(along[:, np.newaxis] if rng.random() < 0.5 else along, light, light * 0.55)


def _bars(picture: np.ndarray, rng: np.random.Generator) -> None:
    place, light = _place(picture, rng, 0.15, 0.4)
    widths = np.repeat(rng.random(60) < 0.5, rng.integers(1, 5, 60))
    row = np.resize(widths, place.shape[1])
    place[: place.shape[0] // 2] = np.where(row, 25.0, light)


def _dots(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Random modules with a border, as other kinds of codes have."""
    place, light = _place(picture, rng, 0.12, 0.35)
    count = int(rng.integers(10, 40))
    grid = (rng.random((count, count)) < 0.5).astype(np.float32)
    grid[0], grid[:, 0] = 0, 0
    side = place.shape[0]
    place[:] = cv2.resize(grid, (side, side), interpolation=cv2.INTER_NEAREST) * (light - 25) + 25


def _eyes(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Squares in squares, as the corners of a code have them, with nothing or noise between."""
    place, light = _place(picture, rng, 0.15, 0.4)
    count = int(rng.integers(21, 45))
    grid = (rng.random((count, count)) < rng.choice((0.0, 0.5))).astype(np.float32)
    eye = np.zeros((9, 9), np.float32)
    eye[1:8, 1:8], eye[2:7, 2:7], eye[3:6, 3:6] = 1, 0, 1
    for row, column in ((0, 0), (0, count - 9), (count - 9, 0))[: int(rng.integers(1, 4))]:
        grid[row : row + 9, column : column + 9] = eye
    side = place.shape[0]
    dark = cv2.resize(grid, (side, side), interpolation=cv2.INTER_NEAREST)
    place[:] = light - dark * (light - 25)


_DECOYS: tuple[Callable[[np.ndarray, np.random.Generator], None], ...] = (
    _poster,
    _checks,
    _blinds,
    _bars,
    _dots,
    _eyes,
)
