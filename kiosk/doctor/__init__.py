"""`kiosk doctor`: how this laptop and what is plugged into it are now, and what to do about it.

It asks for no passphrase, opens no store, reads no card and keeps no picture; it works before a shelter is
opened, while the desk is locked, and beside a desk that runs. What a build can check of itself without a
device is `kiosk.selftest`; whether the log is whole is `kiosk check`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import checkup
from kiosk.checkup import Check, Checked
from kiosk.doctor import devices, headquarters, machine, records
from kiosk.doctor.patient import Patient

__all__ = ["CHECKS", "Patient", "examine"]

CHECKS: tuple[Check[Patient], ...] = (*devices.CHECKS, *machine.CHECKS, *records.CHECKS, *headquarters.CHECKS)
"""In the order in which a person who sets the desk up comes upon them."""


def examine(patient: Patient) -> Iterator[Checked]:
    """Make every check in turn."""
    return checkup.run(CHECKS, patient, patient.monotonic)
