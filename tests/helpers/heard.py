"""Sheets of paper that remember what is written and drawn on them, and watch their edges."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.paper.page import Sheet

LINE_BEGINS = 4
"""Millimetres above the foot of a page below which no line begins."""
PARAGRAPH_ENDS = 29 / 30
"""The part of a page's height below which no paragraph ends: a centimetre of A4, half of one of a card."""


@dataclass
class Heard:
    """What stands on all sheets made since it listens."""

    pages: list[list[str]] = field(default_factory=list)
    """The lines and paragraphs of each page, in the order in which they were written."""
    squares: list[tuple[str, float]] = field(default_factory=list)
    """Each code, and how many millimetres wide it is."""

    @property
    def said(self):
        """Every line and paragraph."""
        return [text for page in self.pages for text in page]


def listen(monkeypatch, *modules):
    """What is written on the sheets that these modules make from now on."""
    heard = Heard()

    class Listening(Sheet):
        def add_page(self):
            heard.pages.append([])
            super().add_page()

        def write(self, text, left, top, size, **how):
            heard.pages[-1].append(text)
            assert left >= 0
            assert left + how["width"] <= self.paper.w + 0.01, text
            assert 0 <= top <= self.paper.h - LINE_BEGINS, text
            return super().write(text, left, top, size, **how)

        def paragraph(self, text, left, top, size, **how):
            heard.pages[-1].append(text)
            height = super().paragraph(text, left, top, size, **how)
            assert top + height <= self.paper.h * PARAGRAPH_ENDS, text
            return height

        def square(self, text, left, top, size):
            heard.squares.append((text, size))
            return super().square(text, left, top, size)

    for module in modules:
        monkeypatch.setattr(module, "Sheet", Listening)
    return heard
