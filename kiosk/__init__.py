"""shelter-kiosk: the reception of an evacuation shelter.

Kept import-light on purpose: the central service loads `kiosk.core` and must not load a desk with it.
"""

__version__ = "0.1.0"
