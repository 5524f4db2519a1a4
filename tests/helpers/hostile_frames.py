"""Frames that mean harm, or look as if: made to stop, slow or mislead whatever reads codes."""

from __future__ import annotations

import random

import cv2
import numpy as np
import segno

LARGEST = (4096, 2304)
HD = (1280, 720)


def _noise(rng, draw):
    wide, high = rng.choice([HD, (640, 480), (1920, 1080)])
    kind = rng.randrange(4)
    if kind == 0:
        return draw.integers(0, 256, (high, wide), np.uint8)
    if kind == 1:
        return (draw.random((high, wide)) < rng.uniform(0.3, 0.7)).astype(np.uint8) * 255
    cell = rng.randint(2, 12)
    grid = draw.integers(0, 2 if kind == 2 else 256, (high // cell + 1, wide // cell + 1)).astype(np.uint8)
    grid = grid * 255 if kind == 2 else grid
    return cv2.resize(grid, (wide, high), interpolation=cv2.INTER_NEAREST)


def _size(rng, draw):
    """Sizes that no camera has."""
    shape = rng.choice(
        [(1, 1), (1, 4096), (4096, 1), (20, 20), (21, 21), (22, 4000), (2304, 4096), (2200, 2200), (7, 9000)]
    )
    return draw.integers(0, 256, shape, np.uint8) if rng.random() < 0.5 else np.full(shape, 255, np.uint8)


def _symbol(rng, text=None):
    """A code's modules, 0 dark and 255 light, with a quiet zone."""
    kinds = {
        "bytes": lambda: rng.randbytes(rng.randint(1, 2300)),
        "digits": lambda: "".join(rng.choices("0123456789", k=rng.randint(1, 5000))),
        "kanji": lambda: "漢字" * rng.randint(1, 400),
        "letters": lambda: "ESR1:" + "".join(rng.choices("ABC0123 $%*+-./:", k=rng.randint(0, 3000))),
    }
    content = kinds[rng.choice(list(kinds))]() if text is None else text
    code = segno.make_qr(content, error="l", mask=rng.randrange(8), boost_error=False)
    grid = np.array([[0 if dark else 255 for dark in row] for row in code.matrix], np.uint8)
    return np.pad(grid, rng.choice([0, 1, 4]), constant_values=255)


def _placed(grid, rng, size=HD):
    """Modules as a picture that fills a frame, or more than that."""
    wide, high = size
    scale = max(1, int(high / grid.shape[0] * rng.uniform(0.4, 1.4)))
    code = np.kron(grid, np.ones((scale, scale), np.uint8))[:high, :wide]
    frame = np.full((high, wide), rng.randint(0, 255), np.uint8)
    top, left = rng.randint(0, high - code.shape[0]), rng.randint(0, wide - code.shape[1])
    frame[top : top + code.shape[0], left : left + code.shape[1]] = code
    return frame


def _random_bytes(rng, _draw):
    """A code of random bytes, digits, kanji or letters, up to the largest."""
    return _placed(_symbol(rng), rng)


def _giant(rng, _draw):
    """A code larger than the view, or filling the largest frame."""
    return _placed(_symbol(rng, "9" * rng.choice([10, 7000])), rng, rng.choice([HD, LARGEST]))


def _mutated(rng, _draw):
    """A code with modules flipped in its format, its version, its timing or anywhere."""
    grid = _symbol(rng).copy()
    side = grid.shape[0]
    for _ in range(rng.choice([1, 3, 20, side * side // 20, side * side // 4])):
        row, column = rng.randrange(side), rng.randrange(side)
        if rng.random() < 0.5:
            row, column = rng.choice([8, 12, side - 13, 6]), rng.randrange(side)
        grid[min(row, side - 1), column] ^= 255
    return _placed(grid, rng) if rng.random() < 0.8 else cv2.GaussianBlur(_placed(grid, rng), (0, 0), 2)


def _random_symbol(rng, draw):
    """Finder squares, timing and format as they should be, and chance everywhere else."""
    version = rng.randint(1, 40)
    grid = np.array(segno.make_qr("1", version=version, mask=rng.randrange(8)).matrix, np.uint8)
    side = grid.shape[0]
    chance = draw.integers(0, 2, grid.shape, np.uint8)
    chance[:9, :9] = grid[:9, :9]
    chance[:9, -8:] = grid[:9, -8:]
    chance[-8:, :9] = grid[-8:, :9]
    chance[6], chance[:, 6] = grid[6], grid[:, 6]
    assert chance.shape == (side, side)
    return _placed(np.pad((1 - chance) * 255, 4, constant_values=255).astype(np.uint8), rng)


def _many(rng, _draw):
    """Thirty codes in one view."""
    frame = np.full((720, 1280), 255, np.uint8)
    for place in range(30):
        grid = _symbol(rng, rng.randbytes(rng.randint(1, 20)).hex())
        scale = max(1, 110 // grid.shape[0])
        code = np.kron(grid, np.ones((scale, scale), np.uint8))[:119, :120]
        top, left = place // 10 * 240 + rng.randint(0, 100), place % 10 * 128
        frame[top : top + code.shape[0], left : left + code.shape[1]] = code
    return frame


def _eyes(rng, draw):
    """Hundreds of finder squares and nothing else: every three of them could be a code."""
    eye = np.full((9, 9), 255, np.uint8)
    eye[1:8, 1:8], eye[2:7, 2:7], eye[3:6, 3:6] = 0, 255, 0
    scale = rng.choice([1, 2, 3, 5])
    tile = np.kron(eye, np.ones((scale, scale), np.uint8))
    high, wide = rng.choice([(720, 1280), (1080, 1920)])
    frame = np.tile(tile, (high // tile.shape[0] + 1, wide // tile.shape[1] + 1))[:high, :wide].copy()
    keep = draw.random((high // 16 + 1, wide // 16 + 1)) < rng.uniform(0.5, 1)
    mask = np.kron(keep, np.ones((16, 16), bool))[:high, :wide]
    return np.where(mask, frame, 255).astype(np.uint8)


def _walls(rng, draw):
    """Walls of squares at any distance, slanted, blurred, noisy, up to four thousand pixels wide."""
    wide, high = rng.choice([(640, 480), HD, (1920, 1080), (2560, 1440), (3840, 2160)])
    module, gap = rng.choice([1, 2, 2, 3, 4, 6, 8, 14]), rng.choice([1, 2, 3, 6, 8, 10, 15, 20, 40, 80])
    side = 7 * module + gap
    tile = np.full((side, side), 255, np.uint8)
    for inset, value in ((0, 0), (1, 255), (2, 0)):
        tile[inset * module : (7 - inset) * module, inset * module : (7 - inset) * module] = value
    frame = np.tile(tile, (high // side + 1, wide // side + 1))[:high, :wide]
    if rng.random() < 0.3:
        middle = (wide / 2, high / 2)
        turn = cv2.getRotationMatrix2D(middle, rng.uniform(-45, 45), rng.uniform(0.5, 1.5))
        frame = cv2.warpAffine(frame, turn, (wide, high), borderValue=255)
    if rng.random() < 0.3:
        frame = cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.4, 2.5))
    if rng.random() < 0.3:
        frame = cv2.absdiff(frame, draw.integers(0, rng.randint(5, 160), frame.shape, np.uint8))
    return 255 - frame if rng.random() < 0.2 else frame


def _stripes(rng, _draw):
    rows, columns = np.mgrid[0:720, 0:1280]
    period, angle = rng.uniform(2, 40), rng.uniform(0, np.pi)
    wave = np.sin(2 * np.pi * (rows * np.sin(angle) + columns * np.cos(angle)) / period)
    return ((wave > rng.uniform(-0.5, 0.5)) * 255).astype(np.uint8)


def _blurred(rng, draw):
    return cv2.GaussianBlur(_random_bytes(rng, draw), (0, 0), rng.uniform(0.5, 8))


def _in_colour(rng, draw):
    """A view that lies in memory backwards, in colour."""
    grey = rng.choice([_noise, _random_bytes, _mutated])(rng, draw)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)[::-1, ::-1]


KINDS = {
    "noise": _noise,
    "size": _size,
    "random_bytes": _random_bytes,
    "giant": _giant,
    "mutated": _mutated,
    "random_symbol": _random_symbol,
    "many": _many,
    "eyes": _eyes,
    "walls": _walls,
    "stripes": _stripes,
    "blurred": _blurred,
    "in_colour": _in_colour,
}


def hostile(rng: random.Random):
    """A kind of harm by name, and a frame of bytes that holds it."""
    kind = rng.choice(list(KINDS))
    return kind, KINDS[kind](rng, np.random.default_rng(rng.randrange(2**32)))
