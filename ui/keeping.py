"""What the desk's thread is sent for by those who look after the laptop: each order, and what answers it.

Runs on the desk's thread only; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kiosk import flow
from kiosk.flow import Input
from kiosk.flow.choices import DESKS
from ui.keeper import Founder


def _sheet(founder: Founder, order: flow.ReadSheet) -> Input:
    return flow.SheetSeen(founder.read_sheet(order.told))


def _pictures(founder: Founder, _order: flow.FindPictures) -> Input:
    return flow.PicturesFound(tuple(founder.pictures()))


def _found(founder: Founder, order: flow.Found) -> Input:
    founder.found(order.sheet, order.name, order.secret, DESKS[order.desk])
    return flow.ShelterFounded()


FOUNDING: Mapping[type, Callable[[Founder, Any], Input]] = {
    flow.ReadSheet: _sheet,
    flow.FindPictures: _pictures,
    flow.Found: _found,
}
"""What is done before there is a shelter."""
