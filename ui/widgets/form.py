"""Lines to fill in, each under its name; some hold secrets, which are typed anew each time they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.flow import FormSent, Secret
from ui import theme
from ui.theme import Scale
from ui.widgets.fields import Field, SecretField
from ui.widgets.text import Text
from ui.words import Words


class Form(QWidget):
    """Texts in one row and secrets in the next, or all in one. `sent`: Enter was pressed in one of them."""

    sent = Signal()

    def __init__(
        self,
        scale: Scale,
        words: Words,
        texts: Sequence[str],
        secrets: Sequence[str],
        *,
        together: bool = False,
    ) -> None:
        """`texts` and `secrets` are keys of the words, in the order of the form; `together` in one row."""
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(scale.px(10))
        self.labels: dict[Field, Text] = {}
        self._holders: dict[Field, QWidget] = {}
        self.texts, self.secrets = (
            [kind(scale, words.plain(key), theme.BODY, height=theme.TARGET) for key in keys]
            for kind, keys in ((Field, texts), (SecretField, secrets))
        )
        row = QHBoxLayout()
        for keys, fields in ((texts, self.texts), (secrets, self.secrets)):
            if not together:
                row = QHBoxLayout()
            row.setSpacing(scale.px(16))
            for key, field in zip(keys, fields, strict=True):
                holder = QWidget()
                column = QVBoxLayout(holder)
                column.setContentsMargins(0, 0, 0, 0)
                column.setSpacing(scale.px(2))
                label = Text(scale, theme.BODY, colour=theme.INK_SOFT)
                label.say(words(key))
                self.labels[field] = label
                field.returnPressed.connect(self.sent)
                column.addWidget(label)
                column.addWidget(field)
                self._holders[field] = holder
                row.addWidget(holder, 1)
            if fields and not together:
                rows.addLayout(row)
        if together:
            rows.addLayout(row)

    @property
    def fields(self) -> list[Field]:
        """All of them, in order."""
        return [*self.texts, *self.secrets]

    def filled(self) -> FormSent:
        """What stands in the fields that are shown."""
        return FormSent(
            tuple(field.text() for field in self.texts),
            tuple(Secret(field.text()) for field in self.secrets),
        )

    def show_texts(self, *texts: str, wipe: bool) -> None:
        """Put these into the fields that hold no secret; `wipe` the others: a refused one is typed anew."""
        for field, text in zip(self.texts, texts, strict=False):
            field.show_text(text)
        if wipe:
            self.forget_secrets()

    def name_of(self, place: int) -> str:
        """What the field at this place is called."""
        return self.labels[self.fields[place]].text()

    def show_field(self, field: Field, *, there: bool) -> None:
        """A field with its name, or neither."""
        self._holders[field].setVisible(there)

    def forget_secrets(self) -> None:
        """A refused secret is typed anew, an accepted one does not stay in a widget."""
        for field in self.secrets:
            field.clear()

    def forget(self) -> None:
        """Nothing stays."""
        for field in self.fields:
            field.clear()

    def begin(self) -> None:
        """Type at once, into the first empty field."""
        shown = [field for field in self.fields if field.isVisibleTo(self)]
        first = next((field for field in shown if not field.text()), shown[0] if shown else None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
