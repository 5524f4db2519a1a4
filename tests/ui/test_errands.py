"""Who carries out what the flow asks for."""

from kiosk import flow
from kiosk.flow import effects, orders
from kiosk.flow.kinds import kinds_in
from ui.errands import AT_ONCE, ERRANDS
from ui.keeping import FOUNDING, KEEPING

BY_THE_BRIDGE = {flow.OpenDesk, flow.Receive, flow.StartTimer, flow.Sound, flow.Speak, flow.Lock, flow.Quit}


def test_every_effect_is_somebodys_errand():
    """Nothing the flow can ask for is left without one, and only one, that does it."""
    doers = [*BY_THE_BRIDGE, *AT_ONCE, *ERRANDS, *FOUNDING, *KEEPING]
    assert len(doers) == len(set(doers))
    assert set(doers) == set(kinds_in(flow.Effect, effects, orders))


def test_the_desks_thread_does_what_is_for_the_desk():
    """An effect's kind tells which thread it is for, and the tables of errands agree."""
    assert set(kinds_in(flow.ForDesk, effects)) == {*ERRANDS, flow.OpenDesk, flow.Receive}
    assert set(kinds_in(flow.Order, orders)) == {*FOUNDING, *KEEPING}
