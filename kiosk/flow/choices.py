"""What can be chosen on the pages of a household's card, in the order in which it stands there.

The flow turns a position into a value here, and the screens draw the same lists: neither can show what
the other does not mean.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from kiosk.core.access import Role
from kiosk.core.acts import Fullness, Opening
from kiosk.core.household import Consent, Need, PetKind, Relation, Sex, Stay
from kiosk.core.locking import IDLE_MINUTES
from kiosk.settings import Theme, Volume

NEED_PAGES: tuple[tuple[Need, ...], ...] = (
    (
        # What decides where somebody is led at once comes first.
        Need.FEVER,
        Need.INJURY,
        Need.MEDICAL_POWER,
        Need.WHEELCHAIR,
        Need.PREGNANT,
        Need.INFANT,
        Need.ALLERGY,
        Need.CARE_LEVEL,
    ),
    (
        Need.MEDICATION,
        Need.MEDICAL_CARE,
        Need.BEDRIDDEN,
        Need.DEMENTIA,
        Need.HEARING,
        Need.SIGHT,
        Need.TODDLER,
        Need.FORMULA_MILK,
    ),
    (
        Need.PHYSICAL_DISABILITY,
        Need.INTELLECTUAL_DISABILITY,
        Need.MENTAL_DISABILITY,
        Need.LANGUAGE,
        Need.ASSISTANCE_DOG,
        Need.ELDERLY_ALONE,
        Need.ELDERLY_HOUSEHOLD,
    ),
)
"""The chips, eight a page: keys 1 to 8."""

STAYS: tuple[Stay, ...] = (Stay.SHELTER, Stay.CAR, Stay.TENT, Stay.HOME)
CONSENTS: tuple[Consent, ...] = (Consent.NOBODY, Consent.RELATIVES, Consent.ANYONE)
PETS: tuple[PetKind, ...] = (PetKind.DOG, PetKind.CAT, PetKind.BIRD, PetKind.OTHER)
MOST_PETS = 20
MOST_PORTIONS = 99
LANGUAGES: tuple[str, ...] = ("en", "zh-Hans", "ko", "vi", "pt", "tl", "ne", "es", "id", "my", "ja-easy")
"""Asked at the desk; BCP 47, やさしい日本語 apart."""
EMBASSIES: tuple[str, ...] = ("", "CN", "KR", "VN", "PH", "BR", "NP", "ID", "MM", "US", "PE", "TH")
"""Countries whose citizens are many here; the first is nobody's."""
SEXES: tuple[Sex, ...] = (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN)
RELATIONS: tuple[Relation, ...] = tuple(relation for relation in Relation if relation is not Relation.UNKNOWN)
OPENINGS: tuple[Opening, ...] = (Opening.NOT_OPENED, Opening.OPENED, Opening.CLOSED)
FULLNESSES: tuple[Fullness, ...] = (Fullness.SPACE, Fullness.CROWDED, Fullness.FULL)
DESTINATIONS: Mapping[str, str] = {
    "home": "自宅",
    "hospital": "病院",
    "work": "仕事・学校",
    "relatives": "親せき・知人",
    "shelter": "ほかの避難所",
    "other": "そのほか",
}
"""Where somebody goes who goes: the word of `destination.*`, and what is written down."""
DESKS = tuple("ABCDEFGH")
"""The letter before a laptop's reception numbers: another one for each laptop of a shelter."""
ROLES: tuple[Role, ...] = (
    Role.SUPERVISOR,
    Role.RECEPTIONIST,
    Role.VOLUNTEER,
    Role.HEALTH,
    Role.AUDITOR,
)
SETTINGS: Mapping[str, tuple[object, ...]] = {
    "lock_minutes": tuple(IDLE_MINUTES),
    "theme": tuple(Theme),
    "volume": tuple(Volume),
    "second_window": (False, True),
    "still": (False, True),
}
"""What each setting may be; cameras and readers are whatever is plugged in."""


class Paper(enum.Enum):
    """What can be taken out of the roster, and on what terms (as `kiosk.core.access` has it for each)."""

    ROSTER = "roster"
    TABLE = "table"
    CARDS = "cards"
    HANDOVER = "handover"

    @property
    def wants_reason(self) -> bool:
        """Whether it is written down why."""
        return self is not Paper.HANDOVER

    @property
    def wants_second(self) -> bool:
        """Whether it takes two: everybody is in it, and it can be carried away."""
        return self in {Paper.TABLE, Paper.CARDS}

    @property
    def on_paper(self) -> bool:
        """Whether a printer can do anything with it."""
        return self is not Paper.TABLE


MOST_STAFF = 999


class Page(enum.Enum):
    """The pages of a household's card that change one thing."""

    STAY = "stay"
    AREA = "area"
    CONSENT = "consent"
    PETS = "pets"
    SUPPLIES = "supplies"
    LANGUAGES = "languages"
    EMBASSY = "embassy"
    ADDRESS = "address"
    PHONE = "phone"
    NOTE = "note"


TYPED = frozenset({Page.ADDRESS, Page.PHONE, Page.NOTE})
"""Pages with a line of text; AREA has one where the shelter has named no areas."""


class Show(enum.Enum):
    """Which households a roster shows."""

    ALL = "all"
    HERE = "here"
    AWAY = "away"
    LEFT = "left"
    DOUBLE = "double"


PAGE_KEYS: Mapping[str, Page] = dict(zip("SWCPBLEADN", Page, strict=True))
"""The letters that open a page of the card."""
