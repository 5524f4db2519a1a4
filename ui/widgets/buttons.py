"""Buttons: each a QAbstractButton with a name, a role and the key that does the same."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui import theme
from ui.theme import Scale
from ui.widgets.icons import draw_icon
from ui.widgets.paint import box, fitted, focus_ring, key_cap, key_width, painter_for, ring_width
from ui.widgets.typeset import Setting, draw, set_in_lines
from ui.words import Phrase

LEADING = 1.25
"""Lines on a button stand closer than in a text."""

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


_COMING_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Kind(Enum):
    """How much a button asks to be pressed."""

    FIRST = "first"
    SECOND = "second"
    QUIET = "quiet"
    FINAL = "final"
    """What can not be taken back."""


_FILLED = (Kind.FIRST, Kind.FINAL)


class Control(QAbstractButton):
    """What all buttons share: the focus ring, the pressed look, and which keys are theirs.

    Space presses the button that has the focus. Enter does so only when the person went there with Tab:
    otherwise Enter belongs to the screen, whatever was touched last.
    """

    def __init__(self, scale: Scale, name: str) -> None:
        super().__init__()
        self.scale = scale
        self._key = ""
        self.setText(name)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tabbed = False
        self._ring = False

    @property
    def key(self) -> str:
        """The key that does the same, as it is printed on the control; empty where there is none."""
        return self._key

    def press_by(self, key: str) -> None:
        """Be pressed by this key wherever the focus is, while it can be seen."""
        self._key = key
        self.setAccessibleDescription(" ".join(filter(None, (self.accessibleDescription(), key))))
        QShortcut(key, self, self.click)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring unless a finger or mouse brought the focus."""
        # A window that comes back to the front brings the focus back as it was.
        if event.reason() not in _COMING_BACK:
            self._tabbed = event.reason() in _BY_KEYBOARD
            self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, and Enter after Tab; everything else is the screen's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._tabbed and not event.isAutoRepeat():
                self.click()
            else:
                event.ignore()
        elif event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Select, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Repaint as the pointer comes and goes."""
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)

    def body(self, painter: QPainter, radius: float) -> QRectF:
        """The area to draw in, after the focus ring if there is one."""
        if self.hasFocus() and self._ring:
            focus_ring(painter, QRectF(self.rect()), radius, self.scale)
        return self.inner()

    def inner(self) -> QRectF:
        """The area within the focus ring if there is one."""
        inset = ring_width(self.scale) if self.hasFocus() and self._ring else 0
        return QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)


class BigButton(Control):
    """The button of the desk: icon, words, a smaller second line, and its key."""

    def __init__(
        self,
        scale: Scale,
        title: str | Phrase,
        *,
        icon: str = "",
        subtitle: str = "",
        key: str = "",
        kind: Kind = Kind.SECOND,
        size: float = theme.LEAD,
        height: float = theme.TARGET,
    ) -> None:
        self._title = Phrase.of(title) if isinstance(title, str) else title
        super().__init__(scale, self._title.plain)
        self._icon, self._subtitle, self._key, self._kind, self._size = icon, subtitle, key, kind, size
        self.setAccessibleDescription(" ".join(filter(None, (subtitle, key))))
        self.setFixedHeight(scale.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, title: str | Phrase, subtitle: str | None = None) -> None:
        """Stand for something else."""
        self._subtitle = self._subtitle if subtitle is None else subtitle
        self._title = Phrase.of(title) if isinstance(title, str) else title
        self.setText(self._title.plain)
        self.setAccessibleName(self._title.plain)
        self.setAccessibleDescription(" ".join(filter(None, (self._subtitle, self._key))))
        self.updateGeometry()
        self.update()

    def become(self, kind: Kind, key: str) -> None:
        """Ask to be pressed more, or less, and by this key."""
        self._kind, self._key = kind, key
        self.setAccessibleDescription(" ".join(filter(None, (self._subtitle, key))))
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for its words."""
        return QSize(round(self._words_width()) + self._around_words(), self.height())

    def minimumSizeHint(self) -> QSize:
        """Words shrink a little, or take two lines, before the button does."""
        share = 0.6 if " " in self.text() and self.height() >= self.scale.px(theme.TARGET) else 0.8
        return QSize(round(self._words_width() * share) + self._around_words(), self.height())

    def _words_width(self) -> float:
        return max(
            QFontMetricsF(self.scale.font(self._size, bold=True)).horizontalAdvance(self.text()),
            QFontMetricsF(self.scale.font(theme.SMALL)).horizontalAdvance(self._subtitle),
        )

    def _around_words(self) -> int:
        px = self.scale.px
        return px(48) + (px(self._size * 1.5 + 12) if self._icon else 0) + (px(72) if self._key else 0)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Fill, line, ink."""
        pressed, hover = self.isDown(), self.underMouse()
        match self._kind:
            case Kind.FIRST:
                fill = theme.PRIMARY_DEEP if pressed or hover else theme.PRIMARY
                return fill, fill, theme.ON_FILL
            case Kind.SECOND:
                return (
                    theme.PRIMARY_TINT if pressed or hover else theme.PAPER,
                    theme.PRIMARY,
                    theme.PRIMARY,
                )
            case Kind.FINAL:
                fill = theme.RED_DEEP if pressed or hover else theme.RED
                return fill, fill, theme.ON_FILL
            case Kind.QUIET:
                return theme.GREY if pressed or hover else theme.PAPER, theme.LINE, theme.INK_SOFT

    def _set(self, width: float, height: float) -> tuple[Setting, Setting, bool]:
        """Words and second line at the largest size at which both are inside, and whether they are."""
        px = self.scale.px
        if self._title.plain != self.text():
            self._title = Phrase.of(self.text())
        title = self.scale.font(self._size, bold=self._kind is not Kind.QUIET)
        small = self.scale.font(theme.SMALL)
        least = px(theme.LEAST)
        while True:
            above = set_in_lines(self._title, title, width, leading=LEADING)
            below = set_in_lines(Phrase.of(self._subtitle), small, width, leading=LEADING)
            inside = (
                above.inside(width, height)
                and below.inside(width, height)
                and above.height + below.height <= height
                and len(below.lines) <= 1 + (small.pixelSize() <= least)
            )
            if inside or (title.pixelSize() <= least and small.pixelSize() <= least):
                return above, below, inside
            title.setPixelSize(max(least, title.pixelSize() - 1))
            small.setPixelSize(max(least, small.pixelSize() - 1))

    def _layout(self, area: QRectF) -> tuple[Setting, Setting, float]:
        """Words, second line, and the icon's side within an area; no icon where words need its room."""
        px = self.scale.px
        room = area.width() - px(32) - (key_width(self._key, self.scale) + px(12) if self._key else 0)
        icon = px(self._size * 1.35) if self._icon else 0
        gap = px(14) if icon else 0
        title, below, inside = self._set(room - icon - gap, area.height() - px(8))
        if icon and not inside:
            icon = 0
            title, below, inside = self._set(room, area.height() - px(8))
        return title, below, icon

    def settings(self) -> tuple[Setting, Setting]:
        """Words and second line as they are drawn."""
        return self._layout(self.inner())[:2]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon and words as one group in the middle, the key at the right."""
        px = self.scale.px
        painter = painter_for(self)
        fill, line, ink = self._colours()
        radius = px(12)
        area = self.body(painter, radius + px(6))
        box(painter, area, radius, fill, line, px(2))
        title, below, icon = self._layout(area)
        right = area.right() - px(16)
        if self._key:
            dark = self._kind in _FILLED
            right = key_cap(painter, right, area.center().y(), self._key, self.scale, dark=dark) - px(12)
        left, gap = area.left() + px(16), px(14) if icon else 0
        width = max(title.width, below.width)
        start = max(left, left + (right - left - icon - gap - width) / 2)
        if icon:
            draw_icon(painter, self._icon, QRectF(start, area.center().y() - icon / 2, icon, icon), ink)
        top = area.center().y() - (title.height + below.height) / 2
        words = QRectF(start + icon + gap, top, right - start - icon - gap, title.height)
        draw(painter, title, words, theme.ALIGN_LEFT, ink)
        words.moveTop(words.bottom())
        words.setHeight(below.height)
        quiet = theme.ON_FILL if self._kind in _FILLED else theme.INK_SOFT
        draw(painter, below, words, theme.ALIGN_LEFT, quiet)
        painter.end()


class PadKey(Control):
    """A key of the pad: big, with an edge that gives way."""

    def __init__(self, scale: Scale, label: str, name: str, *, icon: str = "", key: str = "") -> None:
        """A digit is its own key; `key` is printed on one with words."""
        super().__init__(scale, label)
        self._icon, self._cap = icon, key
        self.setAccessibleDescription(key)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(scale.px(theme.TARGET))

    @property
    def key(self) -> str:
        """A digit's own; another's where there is room to print it."""
        if len(self.text()) == 1:
            return self.text()
        return self._cap if self.height() >= self.scale.px(theme.TARGET_FIRST) else ""

    def sizeHint(self) -> QSize:
        """As drawn in the pictures."""
        return QSize(self.scale.px(178), self.scale.px(118))

    def minimumSizeHint(self) -> QSize:
        """A thumb."""
        return QSize(self.scale.px(88), self.scale.px(theme.TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A white key with a grey lower edge; keys with words are grey."""
        px = self.scale.px
        painter = painter_for(self)
        area = self.body(painter, px(18))
        radius, lip = px(14), px(5)
        wordy = len(self.text()) > 1
        face = theme.GREY if wordy else theme.PAPER
        if self.isDown():
            face, lip = theme.PRIMARY_TINT, px(1)
        box(painter, area, radius, theme.LINE)
        top = area.adjusted(0, 0, 0, -lip)
        box(painter, top, radius, face, theme.LINE, px(2))
        if wordy and self.key:
            key_cap(painter, top.right() - px(6), top.top() + px(22), self.key, self.scale, dark=False)
            top = top.adjusted(0, px(32), 0, 0)
        painter.setPen(theme.INK)
        font = self.scale.font(theme.LEAD if wordy else theme.SIGN, bold=True)
        if not wordy:
            font.setPixelSize(min(font.pixelSize(), round(top.height() * 0.66)))
        # Words say more than the sign where both do not fit.
        icon = px(34) if self._icon else 0
        if icon and QFontMetricsF(font).horizontalAdvance(self.text()) > top.width() - icon - px(28):
            icon = 0
        font = fitted(
            self.text(), font, top.width() - (icon + px(10) if icon else 0) - px(12), px(theme.LEAST)
        )
        width = QFontMetricsF(font).horizontalAdvance(self.text()) + (icon + px(10) if icon else 0)
        left = top.center().x() - width / 2
        if icon:
            draw_icon(
                painter, self._icon, QRectF(left, top.center().y() - icon / 2, icon, icon), theme.INK_SOFT
            )
            left += icon + px(10)
        painter.setFont(font)
        painter.drawText(
            QRectF(left, top.top(), top.right() - left, top.height()), theme.ALIGN_LEFT, self.text()
        )
        painter.end()
