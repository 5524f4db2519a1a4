"""Where text is typed: romaji that becomes kana on any keyboard, and passphrases."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from kiosk.core.names import romaji_to_kana
from ui import theme
from ui.theme import Scale

_NUMBER = re.compile("^([A-Za-zアイウエオ])[-ー]?([0-9])")
_VOWELS = dict(zip("アイウエオ", "AIUEO", strict=True))
LONGEST = 60
"""Characters: longer than any name, shorter than a slip of the keyboard."""
LONGEST_NOTE = 200
"""A reason, an address, a note: a sentence or two."""
LONGEST_SECRET = 1024


class Field(QLineEdit):
    """A line of text with the desk's look."""

    typed = Signal(str)
    """What stands there after an edit by a person."""

    def __init__(self, scale: Scale, name: str, size: float = theme.NAME, height: float = 88) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(scale.font(size, bold=True))
        self.setFixedHeight(scale.px(height))
        self.setMaxLength(LONGEST)
        # A drag would take the text out of the field; nothing may leave it but through the state.
        self.setDragEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.textEdited.connect(self._edited)
        line, ring, radius = scale.px(3), scale.px(4), scale.px(14)
        self.setStyleSheet(
            f"QLineEdit {{ background: {theme.PAPER.name()}; color: {theme.INK.name()};"
            f" border: {line}px solid {theme.LINE.name()}; border-radius: {radius}px;"
            f" padding: 0 {scale.px(20)}px; }}"
            f" QLineEdit:focus {{ border: {ring}px solid {theme.PRIMARY.name()}; }}"
        )

    def _edited(self, _text: str) -> None:
        self.typed.emit(self.text())

    def show_text(self, text: str) -> None:
        """Show the state's text; the cursor stays where it is while it is the same."""
        if text != self.text():
            self.setText(text)


class SecretField(Field):
    """A passphrase or a PIN: not shown, and no input method learns it."""

    def __init__(self, scale: Scale, name: str, size: float = theme.NAME, height: float = 88) -> None:
        super().__init__(scale, name, size, height)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(LONGEST_SECRET)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)


class KanaField(Field):
    """What is typed in romaji or kana stands there as katakana. No input method is needed.

    Digits and `+` are not names: they are the screen's keys, and pass.
    """

    def __init__(self, scale: Scale, name: str, size: float = theme.NAME, height: float = 88) -> None:
        super().__init__(scale, name, size, height)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData)

    def _edited(self, text: str) -> None:
        before, after = text[: self.cursorPosition()], text[self.cursorPosition() :]
        kana = romaji_to_kana(before)
        if kana != before:
            self.setText(kana + after)
            self.setCursorPosition(len(kana))
        super()._edited(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are typed; digits and plus belong to the screen."""
        if event.text() and event.text() in "0123456789+":
            event.ignore()
        else:
            super().keyPressEvent(event)


class SearchField(KanaField):
    """As KanaField, for names and for reception numbers: what turns out to be `A-012` is one."""

    def _edited(self, text: str) -> None:
        super()._edited(_NUMBER.sub(_as_number, text))
        if (number := _NUMBER.match(self.text())) is not None:
            self.setText(_as_number(number) + self.text()[number.end() :])
            self.typed.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only plus is the screen's."""
        if event.text() == "+":
            event.ignore()
        else:
            Field.keyPressEvent(self, event)


def _as_number(begun: re.Match[str]) -> str:
    """The letter of a desk, which may have become kana, and the dash behind it."""
    return f"{_VOWELS.get(begun[1], begun[1].upper())}-{begun[2]}"
