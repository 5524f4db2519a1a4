"""Inputs: what people, devices and the ledger said, as values. They know no state.

A class here or in `hands`, `keepers`, `world` is an input by being a `Told`; it is listed nowhere else.
"""

from __future__ import annotations

from typing import get_args

from kiosk.desk import AlreadyHere as AlreadyHere
from kiosk.desk import Received as Received
from kiosk.desk import Tapped as Tapped
from kiosk.flow.inputs import hands, keepers, world
from kiosk.flow.inputs.hands import *
from kiosk.flow.inputs.keepers import *
from kiosk.flow.inputs.world import *
from kiosk.flow.kinds import Told, kinds_in

Input = Told | AlreadyHere | Received | Tapped
"""What was said; what the desk's use-cases answered is taken as it is."""
INPUTS: tuple[type, ...] = (
    *kinds_in(Told, hands, keepers, world),
    *(answer for answer in get_args(Input) if answer is not Told),
)
