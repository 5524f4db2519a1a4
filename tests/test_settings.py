"""Settings: kept as chosen, and never a reason for a desk not to open."""

import os
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import settings
from kiosk.settings import Settings, Theme, Volume

PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60)


@given(
    st.builds(
        Settings,
        st.integers(1, 10),
        PRINTABLE,
        st.sampled_from(Theme),
        st.sampled_from(Volume),
        st.booleans(),
        st.booleans(),
    )
)
def test_what_is_chosen_is_read_again(tmp_path_factory, chosen):
    """Every choice comes back as it was made, whatever a device calls itself."""
    folder = tmp_path_factory.mktemp("data")
    settings.write(folder, chosen)
    assert settings.read(folder) == chosen


def test_without_a_file_everything_is_as_usual(tmp_path):
    """A laptop on which nobody chose anything has the defaults."""
    assert settings.read(tmp_path) == Settings()


@given(st.binary(max_size=300))
def test_no_file_keeps_a_desk_from_opening(tmp_path_factory, content):
    """Whatever stands in the file, settings come out of it."""
    folder = tmp_path_factory.mktemp("data")
    (folder / settings.NAME).write_bytes(content)
    assert isinstance(settings.read(folder), Settings)


@pytest.mark.parametrize(
    "line",
    [
        "lock_minutes = 0",
        "lock_minutes = 11",
        "lock_minutes = true",
        'theme = "pink"',
        "reader = 7",
        "still = 1",
    ],
)
def test_a_value_that_can_not_be_is_its_default(tmp_path, line):
    """One broken line costs that line and no other."""
    (tmp_path / settings.NAME).write_text(f'{line}\nvolume = "off"\nsomething = "new"\n', encoding="utf-8")
    assert settings.read(tmp_path) == Settings(volume=Volume.OFF)


def test_the_file_is_its_owners_and_says_nothing_of_anybody(tmp_path):
    """Only devices and choices stand in it, for the owner's eyes."""
    settings.write(tmp_path, Settings())
    path = tmp_path / settings.NAME
    names = {line.partition(" = ")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    assert names == {field.name for field in fields(Settings)}
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
