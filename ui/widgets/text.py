"""Text with readings above its characters, and names exactly as written."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui import fonts, theme
from ui.theme import Scale
from ui.widgets import typeset
from ui.widgets.paint import painter_for
from ui.widgets.typeset import Setting
from ui.words import Part, Phrase


class Text(QLabel):
    """A phrase: wraps at its spaces, sets readings above, and shrinks rather than losing a character.

    `tight` leaves little air above and below, for numbers. It is a QLabel so that assistive technology
    finds the plain text; the drawing is its own.
    """

    def __init__(
        self,
        scale: Scale,
        size: float = theme.BODY,
        *,
        bold: bool = False,
        colour: QColor = theme.INK,
        align: Qt.AlignmentFlag = theme.ALIGN_LEFT,
        wrap: bool = False,
        tight: bool = False,
    ) -> None:
        super().__init__()
        self._leading = 1.12 if tight else theme.LINE_HEIGHT
        self._scale, self._size, self._bold, self._colour = scale, size, bold, colour
        self._align, self._wrap = align, wrap
        self._pieces: typeset.Pieces = typeset.plain_pieces
        self._phrase = Phrase(())
        self._drawn: tuple[tuple[object, ...], Setting] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(scale.font(size, bold=bold))
        # Fixed would hold a wrapping text to the height of one line.
        height = QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, height)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def say(self, phrase: Phrase) -> None:
        """Show this phrase."""
        if phrase != self._phrase:
            self._phrase, self._drawn = phrase, None
            self.setText(phrase.plain)
            self.setAccessibleName(phrase.plain)
            self.updateGeometry()
            self.update()

    def paint_in(self, colour: QColor) -> None:
        """Change the colour."""
        self._colour = colour
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Only a wrapping text does."""
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at a width."""
        return round(self._set(width if self._wrap else typeset.UNBOUNDED).height) or self._bare_height()

    def sizeHint(self) -> QSize:
        """One line, or for a wrapping text whatever width there is."""
        (width, height) = self._natural()
        return QSize(min(width, self.maximumWidth()), height)

    def minimumSizeHint(self) -> QSize:
        """It shrinks before it is cut: the width is whatever the layout has."""
        width, height = self._natural()
        return QSize(round(width * 0.5) if not self._wrap else self._scale.px(80), height)

    def _natural(self) -> tuple[int, int]:
        setting = self._set(typeset.UNBOUNDED)
        return round(setting.width) + 2, round(setting.height) or self._bare_height()

    def _bare_height(self) -> int:
        return round(self.font().pixelSize() * self._leading)

    def _set(self, width: float) -> Setting:
        return typeset.set_in_lines(
            self._phrase, self.font(), width, leading=self._leading, pieces=self._pieces
        )

    def setting(self) -> Setting:
        """The lines as they are drawn: at the largest size, up to the wanted one, at which all is inside."""
        asked = (self._phrase, self.width(), self.height(), self.font().key())
        if self._drawn is None or self._drawn[0] != asked:
            # Kept here and not in a cache of the program's: it goes with the text.
            setting = typeset.fit(
                self._phrase,
                self.font(),
                self.width(),
                self.height(),
                least=self._scale.px(theme.LEAST),
                leading=self._leading,
                wrap=self._wrap,
                pieces=self._pieces,
            )
            self._drawn = (asked, setting)
        return self._drawn[1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw line by line."""
        painter = painter_for(self)
        typeset.draw(painter, self.setting(), QRectF(self.rect()), self._align, self._colour)
        painter.end()


class NameLabel(Text):
    """A person's name, drawn from the string exactly as it was signed, read or typed.

    Every name on every screen goes through here: Qt ignores variation selectors, and this is the one
    place that draws them. Names are written in Japanese typefaces whatever language the screen speaks.
    """

    def __init__(
        self,
        scale: Scale,
        size: float = theme.NAME,
        *,
        bold: bool = True,
        align: Qt.AlignmentFlag = theme.ALIGN_LEFT,
        wrap: bool = False,
    ) -> None:
        super().__init__(scale, size, bold=bold, align=align, wrap=wrap)
        self._pieces = typeset.name_pieces(bold=bold)
        self.setFont(scale.font(size, bold=bold, families=theme.FAMILIES))
        self.name = ""

    def show_name(self, name: str) -> None:
        """Show a name; the string is kept as it is."""
        self.name = name
        self.setFont(self._scale.font(self._size, bold=self._bold, families=fonts.for_name(name)))
        self.say(Phrase((Part(name),)))
