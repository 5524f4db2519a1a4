"""Joins the rooms: the one place that knows every class.

It turns what a camera or a card gave into plain core values, and makes a `ui.station.Reception` of real
or simulated devices, a store and a sync process. It decides nothing about receptions.
"""

from kiosk.wiring.cards import CardSide, household_of_card
from kiosk.wiring.devices import Devices, real_devices
from kiosk.wiring.founding import FoundingStation
from kiosk.wiring.processes import end_process, start_process, start_sync, sync_of
from kiosk.wiring.sheets import read_sheet_picture
from kiosk.wiring.station import DeskStation

__all__ = [
    "CardSide",
    "DeskStation",
    "Devices",
    "FoundingStation",
    "end_process",
    "household_of_card",
    "read_sheet_picture",
    "real_devices",
    "start_process",
    "start_sync",
    "sync_of",
]
