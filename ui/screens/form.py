"""What all forms have in common: lines to fill in, what comes next or was wrong, Esc and Enter below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from kiosk.flow import Typed
from ui import theme
from ui.screens.base import Screen
from ui.stage import Stage
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.form import Form
from ui.widgets.text import Text


class Filling(Protocol):
    """What a state says of a form that is being filled in."""

    @property
    def missing(self) -> int | None:
        """The place of the first line that is still empty; None before somebody wanted to go on."""

    @property
    def code(self) -> str:
        """What was wrong; empty when nothing was."""

    @property
    def sentence(self) -> str:
        """The same for people."""


Filled = TypeVar("Filled", bound=Filling)


class FormScreen(Screen[Filled]):
    """One card with a form. What was typed leaves it with Enter and as the screen is taken down.

    A screen puts `form` and `said` where it wants them in `content`, and ends with `end`.
    """

    enter: BigButton

    def __init__(
        self,
        stage: Stage,
        texts: Sequence[str],
        secrets: Sequence[str],
        *,
        together: bool = False,
        margin: float = 88,
        top: float = 2,
        padding: float,
        spacing: float,
    ) -> None:
        """`texts`, `secrets` and `together` as for `Form`; the first text is told as it is typed."""
        super().__init__(stage)
        self.content = self.one_card(margin=margin, top=top, padding=padding, spacing=spacing)
        self.form = Form(self.scale, self.words, texts, secrets, together=together)
        self.form.sent.connect(self._send)
        if self.form.texts:
            self.form.texts[0].typed.connect(lambda text: self.hands.put(Typed(text)))
        self.said = Text(self.scale, theme.BODY, bold=True, colour=theme.RED, wrap=True)

    def end(self, key: str, icon: str, *, back: str, sub: str = "", kind: Kind = Kind.FIRST) -> None:
        """Esc and Enter, which sends the form."""
        self.enter = self.button(
            key, self._send, icon=icon, cap="Enter", sub=sub, kind=kind, height=theme.TARGET_FIRST
        )
        away = self.back_button(back, height=theme.TARGET_FIRST)
        self.content.addLayout(self.across(away, self.enter, shares=(1, 2)))

    def _send(self) -> None:
        self.hands.put(self.form.filled())

    def show_form(self, state: Filled, *texts: str, rule: str) -> None:
        """The texts, and what comes next, what was wrong, or the `rule` that holds (a key of the words)."""
        self.form.show_texts(*texts, wipe=bool(state.code))
        if state.missing is not None:
            self.said.say(self.words("form.next", name=self.form.name_of(state.missing)))
        else:
            self.said.say(self.wrong(state.code, state.sentence) if state.code else self.words(rule))
        self.said.paint_in(theme.RED if state.code else theme.INK_SOFT)
        if self.isVisible() and (state.code or state.missing is not None):
            self.form.begin()

    def entered(self) -> None:
        """Type at once."""
        self.form.begin()

    def left(self) -> None:
        """Nothing that was typed stays."""
        self.form.forget()
