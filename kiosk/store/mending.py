"""Putting right what can be made anew from the log: views, segments, the words for HQ.

The log is the truth, so none of this loses anything. A damaged database is for `salvage`.
"""

from __future__ import annotations

from kiosk.core.sheet import OpeningSheet
from kiosk.store import inspection, succession
from kiosk.store.ledger import Ledger
from sync import outbox


def mend(ledger: Ledger, sheet: OpeningSheet) -> None:
    """Make anew whatever of a sound log's surroundings is not as the log says.

    Raises:
        KnownError: `disk_full`, `disk_unwritable`, `read_only`, `store_damaged`.
    """
    parts = ledger.parts
    if not inspection.views_follow(parts):
        ledger.rebuild()
    known = parts.segments.remembered()
    for name in known:
        if outbox.read_segment(parts.outbox, name) != parts.segments.segment(name):
            parts.segments.lay(name)
    for device in parts.log.held:
        for name in outbox.segments(parts.outbox, device):
            if name not in known:
                (parts.outbox / str(name)).unlink(missing_ok=True)
    succession.lay_first_words(parts, sheet, anew=True)
    ledger.publish()
