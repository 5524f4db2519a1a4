"""Whose fault it is: the two roots of every exception of ours.

This module knows no device and no screen. Expected outcomes (a refused pass, a wrong PIN) are values,
not exceptions; what is raised is either something a person can act on, or our bug.
"""

from __future__ import annotations


class KioskError(Exception):
    """The root of everything this program raises on purpose."""


class KnownError(KioskError):
    """Something outside the program is wrong, and a person can do something about it.

    `code` is stable and meant for programs (`disk_full`); `sentence` is one clear sentence for staff,
    in Japanese, that holds no personal data; `english` is the same sentence for the command line.
    """

    def __init__(self, code: str, sentence: str, english: str | None = None) -> None:
        super().__init__(f"{code}: {english or sentence}")
        self.code = code
        self.sentence = sentence
        self.english = english or sentence


class Malformed(KnownError):
    """Bytes or text from outside that are not what their format says.

    Raised by every decoder of the core and of the wire; `code` names what is wrong (`malformed`,
    `too_large`, `not_canonical` ...). The offending bytes are never part of the message.
    """

    def __init__(self, code: str, english: str) -> None:
        super().__init__(code, "データの 形が 正しくありません。", english)


class BugError(KioskError):
    """Our own mistake: shown with an apology, never swallowed."""
