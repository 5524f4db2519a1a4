"""What a window really writes, where, how large and in which colour, whatever wrote it.

Each widget is painted alone onto a device that keeps the text instead of drawing it. So the same questions
are put to labels, buttons, tables and fields, and to those of tomorrow: is all of it inside, does nothing
lie on anything, is it large enough, can it be told from its ground? The window must be shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPaintDevice, QPaintEngine, QRegion, QTransform
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QWidget

from kiosk import flow
from kiosk.core.counts import Counts
from kiosk.core.household import Mode
from ui import fonts, pictures, theme
from ui.app import application
from ui.screens import SCREENS
from ui.screens.outcome import WaitScreen
from ui.stage import Ambient, Place
from ui.widgets.buttons import BigButton, Control
from ui.widgets.panels import Pill
from ui.widgets.text import NameLabel, Text
from ui.widgets.views import CameraView, CardArt
from ui.window import Window

SLACK = 1.5
"""Pixels of a 1366x768 window by which a letter may lean out: fonts say where ink is, rounding otherwise."""
ART = (CameraView, CardArt)
"""Pictures of things: what is written in them is drawn, not said."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One run of text on the window."""

    widget: QWidget
    text: str
    ink: QRectF
    """In the widget's own pixels."""
    size: int
    """Of its font, in pixels."""
    colour: QColor

    def on(self, window: QWidget) -> QRectF:
        """Where it is in the window."""
        return self.ink.translated(QPointF(self.widget.mapTo(window, QPoint())))


class _Engine(QPaintEngine):
    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.kept: list[tuple[str, QRectF, int, QColor]] = []
        self._transform, self._colour = QTransform(), QColor()

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state) -> None:
        self._transform, self._colour = QTransform(state.transform()), QColor(state.pen().color())

    def drawTextItem(self, place, item) -> None:
        # Read from what Qt hands over before this returns; the item itself does not live longer.
        ink = QFontMetricsF(item.font()).tightBoundingRect(item.text()).translated(place)
        kept = (str(item.text()), self._transform.mapRect(ink), item.font().pixelSize(), self._colour)
        if kept[0].strip() and self._colour.alpha():
            self.kept.append(kept)

    def _nothing(self, *_drawn) -> None:
        """Only text is kept."""

    drawPixmap = drawImage = drawPath = drawPolygon = _nothing
    drawEllipse = drawRects = drawLines = drawPoints = drawTiledPixmap = _nothing


class _Paper(QPaintDevice):
    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.engine = _Engine()
        metric = QPaintDevice.PaintDeviceMetric
        self._metrics = {
            metric.PdmWidth: widget.width(),
            metric.PdmHeight: widget.height(),
            metric.PdmDpiX: 96,
            metric.PdmDpiY: 96,
            metric.PdmPhysicalDpiX: 96,
            metric.PdmPhysicalDpiY: 96,
            metric.PdmDevicePixelRatio: 1,
            metric.PdmDevicePixelRatioScaled: 1 << 16,
            metric.PdmDepth: 32,
            metric.PdmNumColors: 1 << 24,
        }

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, asked) -> int:
        return self._metrics.get(asked, 0)


def writings(window: QWidget) -> list[Writing]:
    """Everything the window writes now."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        paper = _Paper(widget)
        widget.render(paper, QPoint(), QRegion(), QWidget.RenderFlag(0))
        found += [Writing(widget, *kept) for kept in paper.engine.kept]
    return found


def _scrolled(widget: QWidget) -> bool:
    """Whether what is outside can be scrolled into view."""
    above = widget
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def _readings(widget: QWidget) -> set[str]:
    phrase = getattr(widget, "_phrase", None) or getattr(widget, "_title", None)
    if isinstance(widget, QWidget) and hasattr(phrase, "parts"):
        return {part.reading for part in phrase.parts if part.reading}
    return set()


def cut(written: list[Writing], factor: float) -> Iterator[str]:
    """Text that stands out of its widget or was shortened."""
    slack = SLACK * max(1.0, factor)
    for one in written:
        room = QRectF(one.widget.rect()).adjusted(-slack, -slack, slack, slack)
        inside = room.contains(one.ink)
        if _scrolled(one.widget) and not isinstance(one.widget, QLineEdit):
            inside = one.ink.left() >= room.left() and one.ink.right() <= room.right()
        if not inside or "…" in one.text:
            yield f"cut: {one.text!r} of {type(one.widget).__name__}, {one.ink} in {one.widget.size()}"
    for widget in {one.widget for one in written}:
        if isinstance(widget, Text) and not isinstance(widget, NameLabel) and not widget.setting().whole:
            yield f"a word is broken: {widget.text()!r}"
        if isinstance(widget, BigButton) and not all(part.whole for part in widget.settings()):
            yield f"a word is broken: {widget.text()!r}"


def overlapping(window: QWidget, written: list[Writing]) -> Iterator[str]:
    """Text on text, and controls on controls."""
    placed = [
        (one, one.on(window)) for one in written if not isinstance(one.widget, ART) and not _hidden(one)
    ]
    placed.sort(key=lambda pair: pair[1].left())
    for place, (one, ink) in enumerate(placed):
        for other, more in placed[place + 1 :]:
            if more.left() > ink.right():
                break
            common = ink.intersected(more)
            if common.width() > SLACK and common.height() > SLACK:
                yield f"overlap: {one.text!r} and {other.text!r}"
    solid = [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, (Text, Control, Pill, QLineEdit)) and widget.isVisible()
    ]
    for one, other in itertools.combinations(solid, 2):
        if one.isAncestorOf(other) or other.isAncestorOf(one):
            continue
        common = _seen(one, window).intersected(_seen(other, window))
        if common.width() > 1 and common.height() > 1:
            yield f"overlap: {type(one).__name__} {one.text()!r} and {type(other).__name__} {other.text()!r}"


def _hidden(one: Writing) -> bool:
    return _scrolled(one.widget) and not one.widget.visibleRegion().contains(one.ink.center().toPoint())


def _seen(widget: QWidget, window: QWidget) -> QRectF:
    area = QRectF(widget.visibleRegion().boundingRect())
    return area.translated(QPointF(widget.mapTo(window, QPoint())))


def clipped(window: QWidget) -> Iterator[str]:
    """Controls whose edge lies outside of what they stand in: there was no room for all of it."""
    for control in window.findChildren(Control):
        if control.isVisible() and not _scrolled(control):
            lost = control.height() - control.visibleRegion().boundingRect().height()
            if lost > 1 or control.width() - control.visibleRegion().boundingRect().width() > 1:
                yield f"clipped: {type(control).__name__} {control.text()!r} by {lost} pixels"


def too_small(written: list[Writing], factor: float) -> Iterator[str]:
    """Text below 20 pixels, and instructions below 24, of a 1366x768 window; readings and art apart."""
    for one in written:
        if isinstance(one.widget, ART) or one.text in _readings(one.widget):
            continue
        asked = getattr(one.widget, "_size", theme.LEAST) if isinstance(one.widget, Text) else theme.LEAST
        least = theme.BODY if asked >= theme.BODY else theme.LEAST
        if one.size < int(least * factor):
            yield f"small: {one.text!r} at {one.size} px, {least * factor:.1f} wanted"


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """From 1 to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def pale(window: QWidget, written: list[Writing], least: float = 4.5) -> Iterator[str]:
    """Text that can hardly be told from what it lies on, as the picture shows it."""
    shot = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = shot.devicePixelRatio()
    rim_width = 2 * min(1.0, window.height() / theme.HEIGHT)
    pixels = np.frombuffer(shot.constBits(), np.uint32).reshape(shot.height(), shot.width())
    for one in written:
        area = one.on(window).adjusted(-rim_width, -rim_width, rim_width, rim_width)
        left, top = max(0, int(area.left() * ratio)), max(0, int(area.top() * ratio))
        patch = pixels[top : int(area.bottom() * ratio), left : int(area.right() * ratio)]
        disabled = not one.widget.isEnabled()
        if not patch.size or disabled or isinstance(one.widget, ART):
            continue
        # Its rim is ground whatever is written within.
        rim = np.concatenate((patch[0], patch[-1], patch[:, 0], patch[:, -1]))
        values, counts = np.unique(rim, return_counts=True)
        ground = QColor(int(values[counts.argmax()]) | 0xFF000000)
        reached = contrast(one.colour, ground)
        if reached < least:
            yield f"pale: {one.text!r} {one.colour.name()} on {ground.name()}: {reached:.2f}"


def ugly(window: QWidget) -> list[str]:
    """Everything wrong with what the window shows now; nothing when it is well."""
    factor = min(window.width() / theme.WIDTH, window.height() / theme.HEIGHT)
    written = writings(window)
    return [
        *cut(written, factor),
        *clipped(window),
        *overlapping(window, written),
        *too_small(written, factor),
        *pale(window, written),
    ]


def speaks(state: flow.State) -> bool:
    """Whether a visitor may choose a language here: then it is drawn in all of them."""
    answer = flow.step(state, flow.LanguageChosen("en"))
    return any(isinstance(effect, flow.Speak) for effect in answer.effects)


def walk(
    language: str,
    size: tuple[int, int],
    dress: theme.Dress = theme.Dress.LIGHT,
    *,
    mode: Mode = Mode.DRILL,
    where: Callable[[flow.State], bool] = lambda _: True,
) -> Iterator[tuple[str, list[str]]]:
    """Show every state that `kiosk screenshots` knows; yields each one's name and what is wrong with it."""
    theme.dress(theme.Look(dress))
    try:
        application()
        fonts.load_rarer()
        window = Window(Place("城山小学校 避難所", "受付 1番", mode, 200), pictures._NoHands(), language)
        window.resize(*size)
        window.show()
        window.show_ambient(Ambient(pictures.NOW, pictures._around(), Counts(persons=132)))
        for name, state in pictures.states():
            if not where(state):
                continue
            if SCREENS[type(state)] is WaitScreen:
                window._state = state
                window._put_up()
            else:
                window.show_state(flow.Ready())
                window.show_state(state)
            settle()
            yield name, ugly(window)
        window.close()
        window.deleteLater()
        settle()
    finally:
        theme.dress(theme.Look())


def settle() -> None:
    """Let Qt lay out, paint and delete what it put off."""
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
