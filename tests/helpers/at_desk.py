"""Who stands at a desk in the tests."""

from __future__ import annotations

from kiosk.core.access import Access, Actor, Role


def access(role, name="係", number=1):
    """Somebody of this role; another `number` is another person."""
    return Access(Actor(bytes([number] * 8), name, role))


def supervisor(name="係", number=1):
    """Somebody who may do nearly everything."""
    return access(Role.SUPERVISOR, name, number)
