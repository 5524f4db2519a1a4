"""Frames as a webcam would see them: a phone held up with a code on its screen, and what goes wrong then.

Drawn, not photographed, and the same for the same seed. Made for demonstrations, practice, measurements
and tests of machines that have no camera; a figure got from these frames says so. How hard each condition
is was set by what two public decoders, zxing and zbar, read of it alone in an earlier study of ours, not
by what our cascade reads. It refuses to know what a text means and how it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from kiosk.camera import draw, optics, surroundings

WIDTH, HEIGHT, PER_SECOND = 1280, 720, 30
Size = tuple[int, int]
HD: Size = (WIDTH, HEIGHT)
VGA: Size = (640, 480)
"""Frames, as (wide, high)."""
FOCAL = 0.86
"""A webcam's focal length, in widths of its frame: about 60 degrees from side to side."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp mirrored in the glass: place and reach in widths of the code, degrees, strength."""

    at: tuple[float, float] = (0.0, 0.0)
    reach: tuple[float, float] = (0.2, 0.15)
    angle: float = 0.0
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Ripple:
    """Beats of two grids, and bands of a flickering screen: periods in pixels, degrees, strengths."""

    period: float = 12.0
    angle: float = 0.0
    strength: float = 0.0
    bend: float = 0.0
    band_period: float = 80.0
    band_phase: float = 0.0
    band_strength: float = 0.0
    band_duty: float = 0.6


@dataclass(frozen=True, slots=True)
class Hand:
    """How far a hand moved while the shutter was open: pixels, degrees, how bent its path was."""

    length: float = 0.0
    angle: float = 0.0
    curve: float = 0.0


@dataclass(frozen=True, slots=True)
class Webcam:
    """What the camera itself does to every picture."""

    noise: float = 4.0
    """Standard deviation of the sensor's noise in the dark, of 255."""
    bend: float = 0.0
    vignette: float = 0.0
    smear: float = 0.0
    sharpen: float = 0.0
    quality: int = 88
    """Of its motion JPEG, of 100."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How a phone is held before the camera, and how well the camera sees it."""

    size: Size = HD
    across: float = 420.0
    """Width of the code with its quiet zone, in pixels, before tilting."""
    rotation: float = 0.0
    """Degrees in the picture's plane."""
    tilt: tuple[float, float] = (0.0, 0.0)
    """Degrees about the picture's horizontal and vertical axes."""
    centre: tuple[float, float] = (0.5, 0.5)
    """Place of the code's middle, in widths and heights of the frame."""
    blur: float = 0.6
    """Radius in pixels of the disc that the lens makes of a point."""
    hand: Hand = Hand()
    light: tuple[float, float] = (25.0, 225.0)
    """Darkest and lightest grey of the screen."""
    shade: tuple[float, float] = (0.0, 0.0)
    """How much darker the far side is, and the angle the light comes from."""
    room: float = 1.0
    """How light the room is beside a well-lit one."""
    lamp: Lamp = Lamp()
    ripple: Ripple = Ripple()
    cracks: int = 0
    """Blows that the glass took."""
    inverted: bool = False
    """Light modules on dark, as some apps show codes at night."""
    camera: Webcam = Webcam()


Change = Callable[[Scene, np.random.Generator], Scene]


def held_up(rng: np.random.Generator, size: Size = HD) -> Scene:
    """A phone held up by someone who wants it read: small tilts, no reflections."""
    high = size[1]
    return Scene(
        size=size,
        across=float(rng.uniform(0.55, 0.82) * high),
        rotation=float(rng.normal(0, 6)),
        tilt=(float(rng.normal(0, 6)), float(rng.normal(0, 6))),
        centre=(float(rng.uniform(0.42, 0.58)), float(rng.uniform(0.45, 0.55))),
        blur=float(rng.uniform(0.4, 0.9)),
        light=(float(rng.uniform(12, 45)), float(rng.uniform(190, 240))),
        shade=(float(rng.uniform(0, 0.2)), float(rng.uniform(0, 360))),
        camera=Webcam(
            noise=float(rng.uniform(1.5, 5)),
            bend=float(rng.uniform(0, 0.03)),
            vignette=float(rng.uniform(0, 0.2)),
            sharpen=float(rng.uniform(0, 0.8)),
            quality=int(rng.integers(75, 95)),
        ),
    )


def _either(rng: np.random.Generator) -> float:
    return float(rng.choice((-1.0, 1.0)))


def _tilted(scene: Scene, rng: np.random.Generator) -> Scene:
    far, near = float(rng.uniform(25, 52)) * _either(rng), float(rng.uniform(-22, 22))
    return replace(scene, tilt=(far, near) if rng.random() < 0.5 else (near, far))


def _rotated(scene: Scene, rng: np.random.Generator) -> Scene:
    return replace(scene, rotation=float(rng.uniform(-180, 180)))


def _moved(scene: Scene, rng: np.random.Generator) -> Scene:
    length = float(rng.uniform(0.004, 0.018)) * scene.size[1]
    return replace(
        scene, hand=Hand(length, angle=float(rng.uniform(0, 180)), curve=float(rng.uniform(-0.2, 0.2)))
    )


def _blurred(scene: Scene, rng: np.random.Generator) -> Scene:
    return replace(scene, blur=float(rng.uniform(0.002, 0.0046)) * scene.size[1])


def _mirroring(scene: Scene, rng: np.random.Generator) -> Scene:
    at = (float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.4, 0.4)))
    reach = (float(rng.uniform(0.08, 0.4)), float(rng.uniform(0.05, 0.2)))
    lamp = Lamp(at, reach, float(rng.uniform(0, 180)), float(rng.uniform(0.5, 1.3)))
    return replace(scene, lamp=lamp)


def _rippling(scene: Scene, rng: np.random.Generator) -> Scene:
    ripple = Ripple(angle=float(rng.uniform(0, 180)), bend=float(rng.uniform(0, 0.5)))
    kind = rng.integers(3)
    if kind != 1:
        period, strength = float(rng.uniform(3, 40)), float(rng.uniform(0.12, 0.5))
        ripple = replace(ripple, period=period, strength=strength)
    if kind != 0:
        ripple = replace(
            ripple,
            band_period=float(rng.uniform(0.06, 0.45)) * scene.size[1],
            band_phase=float(rng.random()),
            band_strength=float(rng.uniform(0.25, 0.75)),
            band_duty=float(rng.uniform(0.4, 0.75)),
        )
    return replace(scene, ripple=ripple)


def _dim(scene: Scene, rng: np.random.Generator) -> Scene:
    dark = float(rng.uniform(3, 12))
    camera = replace(
        scene.camera,
        noise=float(rng.uniform(4, 8.5)),
        smear=float(rng.uniform(0, 0.7)),
        sharpen=0.0,
        quality=int(rng.integers(70, 90)),
    )
    light = (dark, dark + float(rng.uniform(8, 28)))
    return replace(scene, light=light, camera=camera, room=float(rng.uniform(0.08, 0.4)))


def _cut_off(scene: Scene, rng: np.random.Generator) -> Scene:
    """Over one edge of the frame or over a corner, by a few modules up to what no correction makes good."""
    wide, high = scene.size
    code = scene.across * 0.92
    over = float(rng.uniform(-0.09, 0.06)) * code
    x, y = scene.centre
    sides = rng.permutation(4)[: 1 + (rng.random() < 0.25)]
    for side in sides:
        inset = code / 2 - over
        if side < 2:
            x = inset / wide if side else 1 - inset / wide
        else:
            y = inset / high if side == 2 else 1 - inset / high
    quarter = float(rng.choice((0, 90, 180, 270)))
    return replace(scene, centre=(x, y), rotation=scene.rotation + quarter)


def _far(scene: Scene, rng: np.random.Generator) -> Scene:
    return replace(
        scene,
        across=float(rng.uniform(0.25, 0.45)) * scene.size[1],
        centre=(float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.3, 0.7))),
    )


def _cracked(scene: Scene, rng: np.random.Generator) -> Scene:
    return replace(scene, cracks=int(rng.integers(1, 4)))


def _combined(scene: Scene, rng: np.random.Generator) -> Scene:
    """Two or three slight troubles at once, as evenings at a school's entrance have them."""
    mild: tuple[Change, ...] = (
        lambda seen, _: replace(seen, tilt=(float(rng.uniform(-35, 35)), float(rng.uniform(-35, 35)))),
        lambda seen, _: replace(seen, rotation=float(rng.uniform(-45, 45))),
        lambda seen, _: replace(
            seen, hand=Hand(float(rng.uniform(0.003, 0.008)) * seen.size[1], float(rng.uniform(0, 180)))
        ),
        lambda seen, _: replace(seen, blur=float(rng.uniform(0.002, 0.0032)) * seen.size[1]),
        lambda seen, _: replace(
            seen,
            lamp=Lamp(
                (float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.5, 0.5))),
                (float(rng.uniform(0.1, 0.3)), float(rng.uniform(0.05, 0.15))),
                float(rng.uniform(0, 180)),
                float(rng.uniform(0.3, 0.7)),
            ),
        ),
        lambda seen, _: replace(
            seen,
            light=(20.0, float(rng.uniform(60, 110))),
            room=0.5,
            camera=replace(seen.camera, noise=float(rng.uniform(4, 7))),
        ),
        lambda seen, _: replace(seen, across=float(rng.uniform(0.45, 0.6)) * seen.size[1]),
    )
    for chosen in rng.permutation(len(mild))[: int(rng.integers(2, 4))]:
        scene = mild[int(chosen)](scene, rng)
    return scene


CONDITIONS: dict[str, Change] = {
    "held_up": lambda scene, _rng: scene,
    "tilt": _tilted,
    "rotation": _rotated,
    "motion": _moved,
    "defocus": _blurred,
    "glare": _mirroring,
    "moire": _rippling,
    "low_light": _dim,
    "partly_outside": _cut_off,
    "small": _far,
    "inverted": lambda scene, _rng: replace(scene, inverted=True),
    "crack": _cracked,
    "combination": _combined,
}
"""What can go wrong, each from a scene that was well held up."""


def photograph(text: str, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """One frame of (high, wide, 3) BGR bytes that shows `text` as a code on a phone."""
    room = surroundings.room(scene.size, rng) * scene.room
    dark, light = scene.light
    code = draw.modules(text)
    code = (255 - code if scene.inverted else code).astype(np.float32) / 255
    phone = surroundings.phone(code, scene.cracks, rng)
    screen: np.ndarray = np.where(
        phone.picture < 0, dark * 0.5, dark + phone.picture * (light - dark)
    ).astype(np.float32)
    turn = optics.turned((*scene.tilt, scene.rotation))
    scale = scene.across / phone.across
    middle = np.array(scene.centre) * scene.size
    focal = FOCAL * scene.size[0]
    placed = optics.seen_from((phone.outline - phone.middle) * scale, turn, focal) + middle
    # Drawn at twice the size and shrunk, so that module edges fall between pixels as on a sensor.
    matrix = np.diag([2.0, 2.0, 1.0]) @ cv2.getPerspectiveTransform(
        phone.outline.astype(np.float32), placed.astype(np.float32)
    )
    twice = (scene.size[0] * 2, scene.size[1] * 2)
    # A texture finer than the sensor is averaged, not picked from.
    share = min(1.0, 2.4 * scale)
    if share < 0.8:
        screen = np.asarray(cv2.resize(screen, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))
        matrix = matrix @ np.diag([1 / share, 1 / share, 1.0])
    glass = _through_the_glass(
        cv2.warpPerspective(screen, matrix, twice, flags=cv2.INTER_LINEAR), scene, middle * 2
    )
    mask = cv2.warpPerspective(np.ones_like(screen), matrix, twice)
    drawn = cv2.resize(glass, scene.size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(mask, scene.size, interpolation=cv2.INTER_AREA)
    return _as_bgr(_through_the_lens(room * (1 - mask) + drawn * mask, scene, rng), scene.camera, rng)


def empty(rng: np.random.Generator, size: Size = HD) -> np.ndarray:
    """One frame of the room without a code, shaped as `photograph`'s: much in it may look like one."""
    camera = Webcam(noise=float(rng.uniform(1, 8)), quality=int(rng.integers(70, 95)))
    scene = Scene(size, blur=float(rng.uniform(0, 1.2)), camera=camera)
    return _as_bgr(
        _through_the_lens(surroundings.room(size, rng, decoys=int(rng.integers(0, 5))), scene, rng),
        camera,
        rng,
    )


def clip(
    text: str, rng: np.random.Generator, frames: int = 20, at_rest: Scene | None = None
) -> Iterator[np.ndarray]:
    """A hand that comes into view and steadies: first empty or blurred frames, then ones like `at_rest`.

    Without `at_rest` the phone is held well.
    """
    scene = held_up(rng) if at_rest is None else at_rest
    x, y = scene.centre
    for place in range(frames):
        away = max(0.0, 1 - place / (frames * 0.6))
        if away > 0.8:
            yield empty(rng, scene.size)
            continue
        # No hand is quite still.
        drift = rng.normal(0, 0.004, 2)
        moved = replace(
            scene,
            centre=(x + float(drift[0]), y + away * 0.5 + float(drift[1])),
            hand=Hand(away * 30, float(rng.uniform(60, 120))) if away > 0.05 else scene.hand,
            rotation=scene.rotation + away * 25 + float(rng.normal(0, 0.7)),
        )
        yield photograph(text, moved, rng)


def _through_the_glass(screen: np.ndarray, scene: Scene, middle: np.ndarray) -> np.ndarray:
    """What happens to the screen's light before it leaves the glass, at twice the frame's size."""
    ripple, lamp = scene.ripple, scene.lamp
    if scene.shade[0]:
        screen = optics.uneven(screen, *scene.shade)
    if ripple.strength:
        screen = optics.moire(screen, ripple.period * 2, ripple.angle, ripple.strength, ripple.bend)
    if ripple.band_strength:
        screen = optics.bands(
            screen, ripple.band_period * 2, ripple.band_phase, ripple.band_strength, ripple.band_duty
        )
    if lamp.strength:
        wide = scene.across * 2
        at = (float(middle[0] + lamp.at[0] * wide), float(middle[1] + lamp.at[1] * wide))
        reach = (lamp.reach[0] * wide, lamp.reach[1] * wide)
        screen = optics.glare(screen, at, reach, lamp.angle, lamp.strength)
    return screen


def _through_the_lens(grey: np.ndarray, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    camera = scene.camera
    grey = optics.lens(np.asarray(grey, np.float32), camera.bend)
    grey = optics.defocus(np.clip(grey, 0, 400), scene.blur)
    grey = optics.motion(grey, scene.hand.length, scene.hand.angle, scene.hand.curve)
    if camera.vignette:
        grey = optics.vignette(grey, camera.vignette)
    grey = optics.sensor(np.clip(grey, 0, 255), camera.noise, rng)
    return optics.squeeze(optics.sharpen(optics.smear(grey, camera.smear), camera.sharpen), camera.quality)


def _as_bgr(grey: np.ndarray, camera: Webcam, rng: np.random.Generator) -> np.ndarray:
    """With the tint that a white balance leaves, and the colour noise of a cheap sensor."""
    tint = rng.uniform(0.94, 1.06, 3).astype(np.float32)
    small = (grey.shape[1] // 4, grey.shape[0] // 4)
    speckle = rng.standard_normal((small[1], small[0], 3), np.float32) * (camera.noise / 3)
    wide = cv2.resize(speckle, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    colour = np.asarray(wide, np.float32)
    # What colour adds, grey must not lose: the three still weigh to the grey that was measured.
    weights = np.array((0.114, 0.587, 0.299), np.float32)
    colour -= (colour @ weights)[:, :, np.newaxis]
    tint /= float(tint @ weights)
    seen = grey.astype(np.float32)[:, :, np.newaxis] * tint + colour
    return np.asarray(np.clip(np.rint(seen), 0, 255), np.uint8)
