"""Rows to read and to choose, never to edit; as many as there are, drawn as far as they are seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import theme
from ui.theme import Scale
from ui.widgets import typeset
from ui.words import Phrase

Index = QModelIndex | QPersistentModelIndex
LEADING = 1.25


class Cells(QAbstractTableModel):
    """Texts in rows and columns; a row may have its own ink for one column."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self._heads = tuple(heads)
        self._rows: Sequence[tuple[str, ...]] = ()
        self._inks: dict[tuple[int, int], QColor] = {}

    def show_rows(
        self, rows: Sequence[tuple[str, ...]], inks: dict[tuple[int, int], QColor] | None = None
    ) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows, self._inks = rows, inks or {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """As many as there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """As many as have heads."""
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's text or ink."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._inks.get((index.row(), index.column()))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The heads."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None


class _Written(QStyledItemDelegate):
    """Draws a cell as the style does and its text as a label would: whole, on two lines, variants and all."""

    def __init__(self, scale: Scale, table: QWidget) -> None:
        super().__init__(table)
        self._scale = scale

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, then text."""
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        widget = cell.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, widget)
        inset = self._scale.px(8)
        room = QRectF(cell.rect).adjusted(inset, 0, -inset, 0)
        setting = typeset.fit(
            Phrase.of(text),
            QFont(cell.font),
            room.width(),
            room.height(),
            least=self._scale.px(theme.LEAST),
            leading=LEADING,
            pieces=typeset.name_pieces(bold=False),
        )
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.save()
        colour = ink if isinstance(ink, QColor) else theme.INK
        typeset.draw(painter, setting, room, theme.ALIGN_LEFT, colour)
        painter.restore()


class Table(QTableView):
    """The desk's look for a table. A touch on a row chooses it; the arrow keys are the screen's."""

    touched = Signal(int)

    def __init__(self, scale: Scale, name: str, heads: Sequence[str], widths: Sequence[int]) -> None:
        """`widths` are reference pixels; 0 takes what is left."""
        super().__init__()
        px = scale.px
        self.cells = Cells(heads)
        self.setModel(self.cells)
        self.setItemDelegate(_Written(scale, self))
        self.setAccessibleName(name)
        self.setFont(scale.font(theme.BODY))
        head = self.horizontalHeader()
        head.setFont(scale.font(theme.SMALL))
        head.setDefaultAlignment(theme.ALIGN_LEFT)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionsClickable(False)
        head.setFixedHeight(px(48))
        head.setHighlightSections(False)
        for column, width in enumerate(widths):
            if width:
                self.setColumnWidth(column, px(width))
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(theme.TARGET))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.clicked.connect(lambda index: self.touched.emit(index.row()))
        self.setStyleSheet(
            f"QTableView {{ border: none; background: {theme.PAPER.name()};"
            f" alternate-background-color: {theme.SKY_TOP.name()}; color: {theme.INK.name()};"
            f" selection-background-color: {theme.PRIMARY_TINT.name()};"
            f" selection-color: {theme.INK.name()}; }}"
            f" QTableView::item {{ padding-left: {px(8)}px; border: none; }}"
            f" QTableView::item:selected {{ border-top: {px(2)}px solid {theme.PRIMARY.name()};"
            f" border-bottom: {px(2)}px solid {theme.PRIMARY.name()}; }}"
            f" QHeaderView::section {{ background: {theme.PAPER.name()}; color: {theme.INK_SOFT.name()};"
            f" border: none; border-bottom: {px(2)}px solid {theme.LINE.name()}; padding-left: {px(8)}px; }}"
            + theme.scroll_bar(scale, 20)
        )

    def choose(self, row: int) -> None:
        """Mark a row, and bring it into sight."""
        if 0 <= row < self.cells.rowCount():
            self.selectRow(row)
            self.scrollTo(self.cells.index(row, 0))
        else:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the screen's."""
        event.ignore()
