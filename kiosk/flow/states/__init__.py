"""States: what a screen draws. Each is a value; none knows where it leads.

A class in one of these modules is a state by being a `State`; it is listed nowhere else.
"""

from __future__ import annotations

from kiosk.flow.kinds import State, kinds_in
from kiosk.flow.states import closing, face, founding, keeping, papers, reception, staff, stay
from kiosk.flow.states.closing import *
from kiosk.flow.states.face import *
from kiosk.flow.states.founding import *
from kiosk.flow.states.keeping import *
from kiosk.flow.states.papers import *
from kiosk.flow.states.reception import *
from kiosk.flow.states.staff import *
from kiosk.flow.states.stay import *

STATES = kinds_in(State, closing, face, founding, keeping, papers, reception, staff, stay)
