"""Incidents and shelters at HQ: typed in, or imported from the city's open data.

The 39-column data set (指定緊急避難場所, 自治体標準オープンデータセット) as cities really publish it: a zero
lost to a spreadsheet, the whole address in one cell, a capacity that is a sentence, 連結標記 for 連結表記,
Shift_JIS. It knows columns and tables.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, insert, select, update

from kiosk.core.household import Mode
from kiosk.core.ids import INCIDENT_SIZE, IncidentId, Randomness
from kiosk.errors import KnownError
from sync.hq import tables

MAX_TEXT = 200
MAX_FILE = 16 * 1024 * 1024
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Shelter:
    """A shelter as HQ knows it; all but the first three may be empty."""

    id: str
    municipality: str
    name: str
    kana: str = ""
    address: str = ""
    phone: str = ""
    capacity: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; `left_out` holds line numbers of rows without a name."""

    added: int
    changed: int
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A disaster or a drill."""

    id: IncidentId
    name: str
    kind: str
    mode: Mode
    date: dt.date


def add_incident(
    connection: Connection, name: str, kind: str, mode: Mode, date: dt.date, randomness: Randomness, now: int
) -> Incident:
    """Write a new incident down."""
    incident = Incident(IncidentId(randomness(INCIDENT_SIZE)), clean(name), clean(kind), mode, date)
    if not incident.name:
        raise KnownError("no_name", "名前を 入れてください。", "an incident has a name")
    connection.execute(
        insert(tables.incident).values(
            id=incident.id,
            name=incident.name,
            kind=incident.kind,
            mode=int(mode),
            date=date.isoformat(),
            made_at=now,
        )
    )
    return incident


def find_incident(connection: Connection, text: str) -> IncidentId:
    """The incident with this id (16 hexadecimal digits) or this name.

    Raises:
        KnownError: `unknown_incident`, also when a name stands for several.
    """
    table = tables.incident
    rows = connection.execute(select(table.c.id, table.c.name)).all()
    found = [row.id for row in rows if text.lower() == row.id.hex() or text == row.name]
    if len(found) != 1:
        raise KnownError(
            "unknown_incident", "その 災害は ありません。", "no incident, or several, with this id or name"
        )
    return IncidentId(found[0])


def add_shelters(connection: Connection, shelters: Iterable[Shelter], now: int) -> Imported:
    """Write shelters down; one with a known id is brought up to date."""
    table, added, changed = tables.shelter, 0, 0
    known = set(connection.scalars(select(table.c.id)))
    for shelter in shelters:
        values = {field.name: getattr(shelter, field.name) for field in fields(shelter)}
        if shelter.id in known:
            connection.execute(update(table).where(table.c.id == shelter.id).values(**values))
            changed += 1
        else:
            connection.execute(insert(table).values(made_at=now, **values))
            known.add(shelter.id)
            added += 1
    return Imported(added, changed)


def find_shelters(connection: Connection, ids: Sequence[str] = ()) -> list[Shelter]:
    """Shelters by id, or all, in order of name.

    Raises:
        KnownError: `unknown_shelter`.
    """
    table = tables.shelter
    columns = [table.c[field.name] for field in fields(Shelter)]
    rows = connection.execute(select(*columns).order_by(table.c.name, table.c.id))
    shelters = [Shelter(*row) for row in rows]
    known = {shelter.id for shelter in shelters}
    if unknown := [identity for identity in ids if identity not in known]:
        raise KnownError("unknown_shelter", "その 避難所は ありません。", f"no shelter {unknown[0]!r} here")
    return [shelter for shelter in shelters if not ids or shelter.id in ids]


def read_open_data(data: bytes, municipality: str) -> tuple[list[Shelter], tuple[int, ...]]:
    """Shelters from the 39-column CSV, and the line numbers of rows that have no name.

    `municipality` (six digits) stands in where a row has no code. A row without an ID gets one from its
    place in the file.

    Raises:
        KnownError: `bad_csv`.
    """
    rows = csv.reader(io.StringIO(_text(data), newline=""))
    try:
        header = [_column(name) for name in next(rows, [])]
        if "名称" not in header:
            raise KnownError("bad_csv", "「名称」の 列が ありません。", "the CSV has no column 名称")
        shelters, left_out = {}, []
        for row in rows:
            values = dict(zip(header, (clean(cell) for cell in row), strict=False))
            if not any(values.values()):
                continue
            if not values.get("名称"):
                left_out.append(rows.line_num)
                continue
            shelter = _shelter(values, municipality, rows.line_num)
            shelters[shelter.id] = shelter
    except csv.Error as error:
        raise KnownError("bad_csv", "CSVを 読めません。", "this is not a CSV file") from error
    return list(shelters.values()), tuple(left_out)


def _shelter(values: Mapping[str, str], municipality: str, line: int) -> Shelter:
    def cell(*names: str) -> str:
        return next((values[name] for name in names if values.get(name)), "")

    code = municipal_code(cell("全国地方公共団体コード", "市区町村コード")) or municipality
    joined = "".join(
        cell(name)
        for name in ("所在地_都道府県", "所在地_市区町村", "所在地_町字", "所在地_番地以下")
        if cell(name) != "－"
    )
    return Shelter(
        cell("ID").removesuffix(".0") or f"{code}-{line:05}",
        code,
        cell("名称"),
        cell("名称_カナ"),
        cell("所在地_連結表記", "所在地_連結標記", "住所") or joined,
        cell("電話番号"),
        cell("想定収容人数"),
        cell("緯度"),
        cell("経度"),
    )


def _text(data: bytes) -> str:
    if len(data) > MAX_FILE:
        raise KnownError("bad_csv", "CSVが 大きすぎます。", "the CSV is larger than 16 MiB")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KnownError("bad_csv", "CSVの 文字コードが わかりません。", "the CSV is neither UTF-8 nor Shift_JIS")


def _column(name: str) -> str:
    return _NO_TEXT.sub("", name).strip().replace("\u3000", "").removeprefix("\ufeff")


def clean(text: str) -> str:
    """A cell's or an argument's text on one line, at most 200 characters; nothing else is changed."""
    return _NO_TEXT.sub(" ", text).strip()[:MAX_TEXT]


def municipal_code(text: str) -> str:
    """The six-digit code of a municipality, however a spreadsheet left it; empty when it is none.

    `11002` is 011002 when the check digit says so, else the five-digit code 11002 without its own.
    """
    digits = text.removesuffix(".0").strip()
    if not digits.isascii() or not digits.isdigit():
        return ""
    if len(digits) == 4 or (len(digits) == 5 and _check_digit(digits.zfill(6)[:5]) != digits[-1]):
        five = digits.zfill(5)
        return five + _check_digit(five)
    digits = digits.zfill(6)
    return digits if len(digits) == 6 else ""


def _check_digit(five: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(five, range(6, 1, -1), strict=True))
    return str((11 - total % 11) % 10)
