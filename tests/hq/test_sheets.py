"""Opening sheets: signed, the same on every printing, and readable off the paper."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select

from headquarters import SHELTERS
from kiosk.camera.decode import read_codes
from kiosk.core import sheet
from kiosk.core.household import Mode
from kiosk.core.trust import Algorithm, Issuer
from kiosk.errors import KnownError
from sync.hq import authority, sheets, shelters, tables


def printed(hq, modes=tuple(Mode), issuers=(), chosen=SHELTERS):
    with hq.database.write() as connection:
        return sheets.make(
            connection,
            hq.authority,
            authority.read_master(hq.master),
            chosen,
            modes,
            issuers,
            randomness=os.urandom,
            now=1,
        )


def test_a_sheet_says_all_a_laptop_must_know(small_hq):
    """What is printed reads back as this shelter's, this HQ's and this mode's sheet."""
    issuer = Issuer("431001", Algorithm.ES256, b"\x02" + bytes(32))
    for one in printed(small_hq, issuers=[issuer]):
        read = sheet.read(one.text)
        assert read == one.sheet
        assert (read.root_key, read.records_key) == (
            small_hq.authority.root_key,
            small_hq.authority.records_key,
        )
        assert read.issuers == (issuer,)


def test_printing_again_gives_the_same_sheets(small_hq):
    """A second printing is the first one's copy: no laptop must be opened again."""
    first, second = printed(small_hq), printed(small_hq)
    assert [one.text for one in first] == [one.text for one in second]
    with small_hq.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.series)) == 4


def test_drill_and_disaster_share_no_secret(small_hq):
    """A drill's sheet is of no use in a disaster: series, token and transfer key differ."""
    drill, disaster = (
        printed(small_hq, [mode], chosen=SHELTERS[:1])[0].sheet for mode in (Mode.DRILL, Mode.DISASTER)
    )
    assert drill.series != disaster.series
    assert drill.token != disaster.token
    assert drill.transfer_key != disaster.transfer_key


def test_hq_does_not_hold_a_token(small_hq):
    """The token is on the paper alone; HQ's database has its hash."""
    tokens = [one.sheet.token for one in printed(small_hq)]
    small_hq.database.close()
    for path in small_hq.data.rglob("*"):
        assert not any(token in path.read_bytes() for token in tokens)


def test_the_code_is_read_by_the_desks_own_decoder(small_hq, tmp_path):
    """What is written as a picture, the desk's camera cascade reads; the paper is a PDF."""
    (one,) = printed(small_hq, [Mode.DRILL], chosen=SHELTERS[:1])
    (path,) = sheets.write([one], tmp_path / "paper" / "sheets.pdf")
    assert path.read_bytes().startswith(b"%PDF-")
    (picture,) = sheets.write([one], tmp_path / "codes" / "*.png")
    assert picture.name == "4310010001-drill.png"
    with Image.open(picture) as image:
        frame = np.asarray(image.convert("L"))
    assert read_codes(frame) == [one.text]


def test_too_many_issuers_make_no_sheet(small_hq):
    """A code nobody could scan is not printed."""
    issuers = [Issuer("431001", Algorithm.EDDSA, bytes([number]) * 32) for number in range(12)]
    with pytest.raises(KnownError) as refusal:
        printed(small_hq, issuers=issuers)
    assert refusal.value.code == "sheet_too_large"


def test_without_shelters_there_are_no_sheets(small_hq):
    """Asked for sheets before shelters, HQ says what to do first."""
    with pytest.raises(KnownError) as refusal:
        printed(small_hq, chosen=[])
    assert refusal.value.code == "no_shelters"


def test_any_shelters_name_fits_on_the_page(small_hq, tmp_path):
    """The longest name a CSV may bring is printed, and a strange id makes a harmless file name."""
    long = shelters.Shelter("../x y", "431001", "長" * 60)
    with small_hq.database.write() as connection:
        shelters.add_shelters(connection, [long], 1)
    (one,) = printed(small_hq, [Mode.DISASTER], chosen=[long])
    assert one.file_stem == "___x_y-disaster"
    assert sheets.pdf([one, replace(one, devices=7)])
    assert [path.parent for path in sheets.write([one], tmp_path / "codes")] == [tmp_path / "codes"]
