"""What staff should know of store, disk and reporting, as one line on the ready screen: the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.core.notices import DISK_SENTENCES, Disk
from ui.station import Surroundings
from ui.theme import Scale
from ui.widgets.panels import Message, Pill
from ui.words import Words

BRIEF = 40
"""Characters that have room beside the head-count."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to know. `tone` is one of `Message.TONES`."""

    tone: str
    sentence: str


def news(around: Surroundings) -> Sequence[News]:
    """All there is to know, the gravest first: what keeps from writing, then what wants a person."""
    disk = DISK_SENTENCES[around.disk]
    refused = around.disk not in {Disk.ROOM, Disk.LOW}
    grave = [News("error", disk)] if refused else []
    serious = [News("attention", one.sentence) for one in around.notices if one.serious]
    sync = [News("attention", around.sync.says)] if around.sync.says else []
    low = [News("attention", disk)] if around.disk is Disk.LOW else []
    done = [News("ok", one.sentence) for one in around.notices if not one.serious]
    return (*grave, *serious, *sync, *low, *done)


class NewsLine(Pill):
    """The first of the news in its tone, and how many more there are; not there when there is none."""

    def __init__(self, scale: Scale, words: Words) -> None:
        super().__init__(scale, height=36, bold=True)
        self._words = words
        self.hide()

    def show_news(self, told: Sequence[News]) -> None:
        """Say the first; what takes more than one line is said in full under 送信と 機械."""
        self.setVisible(bool(told))
        if not told:
            return
        first, *others = told
        more = self._words.plain("devices.news_more", n=len(others)) if others else ""
        fill, line, ink, icon, _ = Message.TONES[first.tone]
        self.show_state(f"{_brief(first.sentence)}{more}", icon, ink, fill, line)


def _brief(sentence: str) -> str:
    """What happened, without what to do, where both do not fit into a line."""
    return sentence if len(sentence) <= BRIEF else sentence.partition("。")[0] + "。"
