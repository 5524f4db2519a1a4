"""What stands between a code and a decoder: glass, light, lens, shutter, sensor and compression.

Each is a function on a grey picture of floats (rows, columns), 0 dark and 255 light, so that the order in
which they act can be read off the caller. It refuses to know what is in the picture.
"""

from __future__ import annotations

import cv2
import numpy as np

Grey = np.ndarray
"""(rows, columns) of float32."""


def _grid(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return rows, columns


def turned(angles: tuple[float, float, float]) -> np.ndarray:
    """The rotation (3, 3) by degrees about the horizontal, the vertical and the viewing axis."""
    x, y, z = np.radians(angles)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x)


def seen_from(points: np.ndarray, turn: np.ndarray, focal: float) -> np.ndarray:
    """Where flat points (n, 2) about the origin fall when turned in space before a pinhole camera."""
    solid = np.c_[points, np.zeros(len(points))] @ turn.T
    return np.asarray(solid[:, :2] * (focal / (focal + solid[:, 2:])), np.float32)


def lens(picture: Grey, bend: float) -> Grey:
    """A wide lens bends straight lines: `bend` is the share by which the corners move inward (barrel)."""
    if not bend:
        return picture
    high, wide = picture.shape
    rows, columns = _grid(picture.shape)
    x, y = (columns - wide / 2) / (wide / 2), (rows - high / 2) / (wide / 2)
    factor = 1 + bend * (x * x + y * y)
    map_x, map_y = x * factor * (wide / 2) + wide / 2, y * factor * (wide / 2) + high / 2
    return cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def uneven(picture: Grey, strength: float, angle: float) -> Grey:
    """Light from one side: up to `strength` darker at the far side, `angle` in degrees."""
    rows, columns = _grid(picture.shape)
    high, wide = picture.shape
    along = (columns / wide - 0.5) * np.cos(np.radians(angle)) + (rows / high - 0.5) * np.sin(
        np.radians(angle)
    )
    return np.asarray(picture * (1 - strength * np.clip(along + 0.5, 0, 1)), np.float32)


def glare(
    picture: Grey,
    at: tuple[float, float],
    reach: tuple[float, float],
    angle: float,
    strength: float,
) -> Grey:
    """A lamp mirrored in the glass: an oval at `at` (x, y) of `reach` pixels, lifting towards white and past.

    A `strength` above 1 burns the middle out.
    """
    rows, columns = _grid(picture.shape)
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = (columns - at[0]) * cosine + (rows - at[1]) * sine
    across = (rows - at[1]) * cosine - (columns - at[0]) * sine
    spot = np.exp(-0.5 * ((along / reach[0]) ** 2 + (across / reach[1]) ** 2))
    return np.asarray(picture + strength * 255 * spot, np.float32)


def moire(picture: Grey, period: float, angle: float, strength: float, bend: float) -> Grey:
    """The beat of a screen's pixels against the sensor's: ripples of `period` pixels, slightly bent.

    It takes light away where the screen shines, so dark modules change less than light ones.
    """
    rows, columns = _grid(picture.shape)
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = columns * cosine + rows * sine
    across = rows * cosine - columns * sine
    wave = np.sin(2 * np.pi * (along + bend * np.sin(across / (period * 9)) * period * 2) / period)
    cross = np.sin(2 * np.pi * across / (period * 1.37))
    ripple = 0.7 * wave + 0.3 * cross
    return np.asarray(picture * (1 - strength * (0.5 + 0.5 * ripple)), np.float32)


def bands(picture: Grey, period: float, phase: float, strength: float, duty: float) -> Grey:
    """A dimmed screen flickers while the shutter rolls down: darker bands `period` rows apart.

    `duty` is the lit share of a flicker; `strength` 1 would be black between.
    """
    rows = np.arange(picture.shape[0], dtype=np.float32)
    place = ((rows / period + phase) % 1.0).astype(np.float32)
    # Each row is exposed for a while, which softens the edges of a band.
    edge = 0.12
    lit = np.clip((duty - np.abs(place - 0.5) * 2) / edge + 0.5, 0, 1)
    return np.asarray(picture * (1 - strength * (1 - lit))[:, np.newaxis], np.float32)


def defocus(picture: Grey, radius: float) -> Grey:
    """A lens out of focus spreads each point over a disc of `radius` pixels."""
    if radius < 0.3:
        return picture
    reach = int(np.ceil(radius)) + 1
    # Drawn four times as fine: the discs that matter here are two and three pixels small.
    side = (2 * reach + 1) * 4
    rows, columns = _grid((side, side))
    middle = (side - 1) / 2
    disc = ((rows - middle) ** 2 + (columns - middle) ** 2 <= (radius * 4) ** 2).astype(np.float32)
    kernel = cv2.resize(disc, (2 * reach + 1, 2 * reach + 1), interpolation=cv2.INTER_AREA)
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def motion(picture: Grey, length: float, angle: float, curve: float) -> Grey:
    """A hand moving `length` pixels while the shutter is open, on a path bent by `curve` of that."""
    if length < 0.5:
        return picture
    side = 2 * int(np.ceil(length)) + 3
    kernel = np.zeros((side, side), np.float32)
    for step in np.linspace(-0.5, 0.5, 8 * side):
        bend = curve * (0.25 - step * step) * 4 - curve * 2 / 3
        x = length * (step * np.cos(np.radians(angle)) - bend * np.sin(np.radians(angle)))
        y = length * (step * np.sin(np.radians(angle)) + bend * np.cos(np.radians(angle)))
        left, top = int(np.floor(x)), int(np.floor(y))
        over_x, over_y = x - left, y - top
        for row, share_y in ((top, 1 - over_y), (top + 1, over_y)):
            for column, share_x in ((left, 1 - over_x), (left + 1, over_x)):
                place = (row + side // 2, column + side // 2)
                if 0 <= place[0] < side and 0 <= place[1] < side:
                    kernel[place] += share_x * share_y
    return cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def vignette(picture: Grey, strength: float) -> Grey:
    """Corners darker by `strength`."""
    rows, columns = _grid(picture.shape)
    high, wide = picture.shape
    away = ((columns / wide - 0.5) ** 2 + (rows / high - 0.5) ** 2) * 2
    return np.asarray(picture * (1 - strength * away), np.float32)


def sensor(picture: Grey, noise: float, rng: np.random.Generator) -> Grey:
    """Noise of `noise` greys in the dark, and more where more light falls (shot noise)."""
    if not noise:
        return picture
    lit = np.sqrt(np.clip(picture, 0, 255) / 255)
    spread = noise * (0.6 + 0.6 * lit)
    return np.asarray(picture + spread * rng.standard_normal(picture.shape, np.float32), np.float32)


def smear(picture: Grey, strength: float) -> Grey:
    """What webcams do against noise in poor light: flatten it, and fine edges with it."""
    if not strength:
        return picture
    bytes_ = np.clip(picture, 0, 255).astype(np.uint8)
    flat = cv2.bilateralFilter(bytes_, 5, 12 + 30 * strength, 1 + 1.5 * strength)
    return np.asarray(picture * (1 - strength) + flat.astype(np.float32) * strength, np.float32)


def sharpen(picture: Grey, strength: float) -> Grey:
    """What webcams do to look crisp: halos along edges."""
    if not strength:
        return picture
    soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
    return np.asarray(picture + strength * (picture - soft), np.float32)


def squeeze(picture: Grey, quality: int) -> np.ndarray:
    """As bytes, once through a webcam's motion JPEG at `quality` of 100."""
    bytes_ = np.clip(picture, 0, 255).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE))
