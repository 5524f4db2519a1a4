"""Frames as a webcam would see them: a phone held up with a code on its screen, and what goes wrong then.

Drawn, not photographed, and the same for the same seed. Made for demonstrations, practice, measurements
and tests of machines that have no camera; a figure got from these frames says so. It refuses to know what
a text means and how it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kiosk.camera import draw

WIDTH, HEIGHT = 1280, 720


@dataclass(frozen=True, slots=True)
class Scene:
    """How a phone is held before the camera, and how well the camera sees it."""

    across: float = 420.0
    """Width of the code with its quiet zone, in pixels, before tilting."""
    rotation: float = 0.0
    """Degrees in the picture's plane."""
    tilt: tuple[float, float] = (0.0, 0.0)
    """Degrees about the picture's horizontal and vertical axes."""
    centre: tuple[float, float] = (0.5, 0.5)
    """Place of the code's middle, in widths and heights of the frame."""
    blur: float = 0.6
    """Standard deviation in pixels: a lens slightly out of focus."""
    motion: float = 0.0
    """Pixels the hand moved while the shutter was open."""
    noise: float = 4.0
    """Standard deviation of the sensor's noise, of 255."""
    light: tuple[float, float] = (25.0, 225.0)
    """Darkest and lightest grey of the screen."""
    glare: float = 0.0
    """Strength 0 to 1 of a lamp's reflection on the glass."""
    inverted: bool = False
    """Light modules on dark, as some apps show codes at night."""


def held_up(rng: np.random.Generator) -> Scene:
    """A phone held up by someone who wants it read: small tilts, no reflections."""
    return Scene(
        across=float(rng.uniform(360, 520)),
        rotation=float(rng.normal(0, 6)),
        tilt=(float(rng.normal(0, 7)), float(rng.normal(0, 7))),
        centre=(float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.42, 0.58))),
        blur=float(rng.uniform(0.4, 1.0)),
        noise=float(rng.uniform(2, 7)),
        light=(float(rng.uniform(15, 50)), float(rng.uniform(190, 240))),
    )


def _tilted(scene: Scene, rng: np.random.Generator) -> Scene:
    angles = rng.uniform(25, 45, 2) * rng.choice((-1, 1), 2)
    return replace(scene, tilt=(float(angles[0]), float(angles[1] / 2)))


def _dim(scene: Scene, rng: np.random.Generator) -> Scene:
    dark = float(rng.uniform(6, 14))
    return replace(scene, light=(dark, dark + float(rng.uniform(25, 50))), noise=7.0)


CONDITIONS: dict[str, Callable[[Scene, np.random.Generator], Scene]] = {
    "held_up": lambda scene, _rng: scene,
    "tilt": _tilted,
    "rotation": lambda scene, rng: replace(scene, rotation=float(rng.uniform(-180, 180))),
    "motion": lambda scene, rng: replace(scene, motion=float(rng.uniform(4, 10))),
    "defocus": lambda scene, rng: replace(scene, blur=float(rng.uniform(1.6, 2.6))),
    "glare": lambda scene, rng: replace(scene, glare=float(rng.uniform(0.5, 0.95))),
    "low_light": _dim,
    "small": lambda scene, rng: replace(scene, across=float(rng.uniform(170, 240))),
    "inverted": lambda scene, _rng: replace(scene, inverted=True),
}
"""What can go wrong, each from a scene that was well held up."""


def photograph(text: str, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """One frame of 720 by 1280 BGR bytes that shows `text` as a code on a phone."""
    frame = _room(rng)
    code = draw.modules(text)
    if scene.inverted:
        code = 255 - code
    dark, light = scene.light
    face = (dark + code.astype(np.float32) / 255 * (light - dark)).astype(np.float32)
    screen, corners = _phone(face, dark, light)
    outline = _corners_in_frame(scene, screen.shape, corners)
    matrix = cv2.getPerspectiveTransform(_outline(screen.shape), outline)
    # Drawn at twice the size and shrunk, so that module edges fall between pixels as on a sensor.
    double = np.diag([2.0, 2.0, 1.0]) @ matrix
    size = (WIDTH * 2, HEIGHT * 2)
    drawn = cv2.warpPerspective(screen, double, size, flags=cv2.INTER_LINEAR, borderValue=-1.0)
    drawn = cv2.resize(drawn, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.ones_like(screen), double, size)
    mask = cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    grey = np.where(mask > 0.99, drawn, frame)
    grey = _through_the_lens(grey, scene, outline, rng)
    return _as_bgr(grey)


def empty(rng: np.random.Generator) -> np.ndarray:
    """One frame of the room with nobody in it, shaped as `photograph`'s."""
    grey = _room(rng) + rng.normal(0, 4, (HEIGHT, WIDTH)).astype(np.float32)
    return _as_bgr(grey)


def _as_bgr(grey: np.ndarray) -> np.ndarray:
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, np.newaxis], 3, axis=2)


def clip(text: str, rng: np.random.Generator, frames: int = 20) -> Iterator[np.ndarray]:
    """A hand that comes into view and steadies: the first frames are empty or blurred, the last are clear."""
    at_rest = held_up(rng)
    for place in range(frames):
        away = max(0.0, 1 - place / (frames * 0.6))
        x, y = at_rest.centre
        if away > 0.8:
            yield empty(rng)
            continue
        yield photograph(
            text,
            replace(
                at_rest,
                centre=(x, y + away * 0.5),
                motion=away * 30,
                rotation=at_rest.rotation + away * 25,
            ),
            rng,
        )


def _room(rng: np.random.Generator) -> np.ndarray:
    """A wall, its shading and a few things with edges: what a detector must not take for a code."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    slope = rng.uniform(-0.03, 0.03, 2)
    room = rng.uniform(90, 150) + slope[0] * columns + slope[1] * rows
    for _ in range(int(rng.integers(3, 8))):
        left, top = int(rng.integers(0, WIDTH - 60)), int(rng.integers(0, HEIGHT - 60))
        wide, high = (int(part) for part in rng.integers(30, 300, 2))
        cv2.rectangle(room, (left, top), (left + wide, top + high), float(rng.uniform(30, 200)), -1)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 2.0), np.float32)


def _phone(face: np.ndarray, dark: float, light: float) -> tuple[np.ndarray, np.ndarray]:
    """The screen with the code on it, 8 pixels a module, and the code's corners there."""
    code = cv2.resize(face, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    side = code.shape[0]
    margin, rim = side // 12, side // 30
    screen = np.full((side + side // 2 + 2 * margin, side + 2 * margin), light, np.float32)
    top = (screen.shape[0] - side) // 2
    screen[top : top + side, margin : margin + side] = code
    screen[top // 3 : top // 3 + side // 30, margin : margin + side // 2] = dark
    screen = cv2.copyMakeBorder(screen, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=dark / 2)
    left, upper = margin + rim, top + rim
    corners = [(left, upper), (left + side, upper), (left + side, upper + side), (left, upper + side)]
    return screen, np.array(corners, np.float32)


def _outline(shape: tuple[int, ...]) -> np.ndarray:
    high, wide = shape[:2]
    return np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)


def _corners_in_frame(scene: Scene, shape: tuple[int, ...], corners: np.ndarray) -> np.ndarray:
    """Where the screen's corners fall: turned in space, then seen by a pinhole camera."""
    about_x, about_y, about_z = np.radians([*scene.tilt, scene.rotation])
    turn_x = np.array(
        [[1, 0, 0], [0, np.cos(about_x), -np.sin(about_x)], [0, np.sin(about_x), np.cos(about_x)]]
    )
    turn_y = np.array(
        [[np.cos(about_y), 0, np.sin(about_y)], [0, 1, 0], [-np.sin(about_y), 0, np.cos(about_y)]]
    )
    turn_z = np.array(
        [[np.cos(about_z), -np.sin(about_z), 0], [np.sin(about_z), np.cos(about_z), 0], [0, 0, 1]]
    )
    scale = scene.across / (corners[1, 0] - corners[0, 0])
    flat = (_outline(shape) - corners.mean(axis=0)) * scale
    solid = np.c_[flat, np.zeros(4)] @ (turn_z @ turn_y @ turn_x).T
    focal = 1100.0
    seen = solid[:, :2] * (focal / (focal + solid[:, 2:]))
    return np.asarray(seen + np.array(scene.centre) * (WIDTH, HEIGHT), np.float32)


def _through_the_lens(
    grey: np.ndarray, scene: Scene, outline: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    seen = grey
    if scene.glare:
        low, high = outline.min(axis=0), outline.max(axis=0)
        x, y = rng.uniform(low + (high - low) * 0.3, low + (high - low) * 0.7)
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * (scene.across * 0.16) ** 2))
        seen = seen + scene.glare * (255 - seen) * spot.astype(np.float32)
    if scene.motion >= 1:
        length = round(scene.motion)
        angle = rng.uniform(0, np.pi)
        kernel = np.zeros((length * 2 + 1, length * 2 + 1), np.float32)
        reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        start, end = (np.round(length + sign * reach).astype(int) for sign in (-1, 1))
        cv2.line(kernel, tuple(map(int, start)), tuple(map(int, end)), 1.0)
        seen = cv2.filter2D(seen, -1, kernel / kernel.sum())
    if scene.blur:
        seen = cv2.GaussianBlur(seen, (0, 0), scene.blur)
    return np.asarray(seen + rng.normal(0, scene.noise, seen.shape).astype(np.float32))
