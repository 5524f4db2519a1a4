"""A household of a pass as JSON: what `kiosk pass issue` reads and what `kiosk scan --json` prints.

Described in docs/formats/pass.md. One shape both ways, so that what was read can be issued again.
"""

from __future__ import annotations

from typing import Any

from kiosk.core.dates import BirthDate
from kiosk.core.entry_pass import HOUSEHOLD_KEY_SIZE, Accepted, Member, PassHousehold
from kiosk.core.household import Need, Relation, Sex
from kiosk.core.ids import Randomness
from kiosk.errors import KnownError, Malformed

_TEXTS = ("postcode", "address", "phone", "home_shelter")
_NAMES = ("family", "given", "family_kana", "given_kana")
_HOUSEHOLD = frozenset({"id", "revision", "members", *_TEXTS})
_MEMBER = frozenset({"birth_date", "sex", "relation", "needs", "note", *_NAMES})


def accepted_to_json(accepted: Accepted) -> dict[str, Any]:
    """The household, and who vouches for it until when (seconds since 1970)."""
    return {
        **household_to_json(accepted.household),
        "issuer": accepted.issuer,
        "issued": accepted.issued,
        "expires": accepted.expires,
        "pass_id": accepted.pass_id.hex(),
    }


def household_to_json(household: PassHousehold) -> dict[str, Any]:
    """The household alone."""
    return {
        "id": household.key.hex(),
        "revision": household.revision,
        **{name: getattr(household, name) for name in _TEXTS},
        "members": [
            {
                **{name: getattr(member, name) for name in _NAMES},
                "birth_date": member.birth.iso if member.birth else None,
                "sex": int(member.sex),
                "relation": member.relation.name.lower(),
                "needs": [need.name.lower() for need in sorted(member.needs)],
                "note": member.note,
            }
            for member in household.members
        ],
    }


def household_from_json(value: object, randomness: Randomness) -> PassHousehold:
    """Read a household; without an `id` it is given a fresh one.

    Raises:
        KnownError: `bad_household`, which names the field that is wrong and never its content.
    """
    row = _object(value, _HOUSEHOLD, "the household")
    members = row.get("members")
    if not isinstance(members, list) or not members:
        raise _bad("members")
    identity = row.get("id")
    try:
        key = randomness(HOUSEHOLD_KEY_SIZE) if identity is None else bytes.fromhex(identity)
    except (TypeError, ValueError) as error:
        raise _bad("id") from error
    texts = {name: _text(row, name) or "" for name in _TEXTS}
    revision = _whole(row, "revision", 1)
    return PassHousehold(key, tuple(_member(member) for member in members), revision, **texts)


def _member(value: object) -> Member:
    row = _object(value, _MEMBER, "a member")
    needs = row.get("needs", [])
    if not isinstance(needs, list):
        raise _bad("needs")
    try:
        birth = BirthDate.parse(text) if (text := _text(row, "birth_date")) else None
    except Malformed as error:
        raise _bad("birth_date") from error
    try:
        sex = Sex(_whole(row, "sex", 0))
    except ValueError as error:
        raise _bad("sex") from error
    try:
        relation = Relation[(_text(row, "relation") or "unknown").upper()]
    except KeyError as error:
        raise _bad("relation") from error
    try:
        wanted = frozenset(Need[str(need).upper()] for need in needs)
    except KeyError as error:
        raise _bad("needs") from error
    family, given, family_kana, given_kana = (_text(row, name) or None for name in _NAMES)
    return Member(
        family, given, family_kana, given_kana, birth, sex, relation, wanted, _text(row, "note") or ""
    )


def _object(value: object, known: frozenset[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(what)
    if unknown := sorted(value.keys() - known - {"issuer", "issued", "expires", "pass_id"}):
        raise _bad(f"{what}: unknown field {unknown[0][:30]!r}; known are {', '.join(sorted(known))}")
    return value


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise _bad(name)
    return value


def _whole(row: dict[str, Any], name: str, default: int) -> int:
    value = row.get(name, default)
    if type(value) is not int:
        raise _bad(name)
    return value


def _bad(field: str) -> KnownError:
    return KnownError(
        "bad_household",
        f"世帯の ファイルの 「{field}」が 正しくありません。",
        f"the household file is wrong at: {field}",
    )
