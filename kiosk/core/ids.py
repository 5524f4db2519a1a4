"""Identifiers: random, made for this incident, meaning nothing.

Randomness is passed in (`secrets.token_bytes` in life, a seeded generator in tests).
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import NewType

Randomness = Callable[[int], bytes]

DeviceId = NewType("DeviceId", bytes)
"""16 bytes: the first half of SHA-256 of the device's Ed25519 public key, so that an id proves its key."""
HouseholdId = NewType("HouseholdId", bytes)
"""16 random bytes."""
PersonId = NewType("PersonId", bytes)
"""8 random bytes, unique in an incident."""
IncidentId = NewType("IncidentId", bytes)
"""8 random bytes, given by HQ."""

DEVICE_SIZE, HOUSEHOLD_SIZE, PERSON_SIZE, INCIDENT_SIZE = 16, 16, 8, 8


def device_id(public_key: bytes) -> DeviceId:
    """The id that belongs to an Ed25519 public key (32 bytes)."""
    return DeviceId(sha256(public_key).digest()[:DEVICE_SIZE])


def new_household(randomness: Randomness) -> HouseholdId:
    """A fresh household id."""
    return HouseholdId(randomness(HOUSEHOLD_SIZE))


def new_person(randomness: Randomness) -> PersonId:
    """A fresh person id."""
    return PersonId(randomness(PERSON_SIZE))
