"""Every test here is watched: no command of any of them may reach for a My Number."""

from __future__ import annotations

from traces import lawful, trespass

__all__ = ["lawful", "trespass"]
