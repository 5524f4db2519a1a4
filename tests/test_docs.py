"""The pages lead somewhere: every link and every file they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
ROOMS = "kiosk|sync|card_reader|ui|resources|tests|docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page):
    """A reader who follows a link inside the project finds a page or a picture."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_named_exists(page):
    """A path in code letters, given from the top of the project, is there."""
    named = re.findall(rf"`((?:{ROOMS})/[\w./-]*[\w/])`", page.read_text(encoding="utf-8"))
    assert not [path for path in named if not (ROOT / path).exists()]


def test_both_readmes_tell_the_same():
    """The Japanese page has the commands, pictures and links of the English one."""
    english, japanese = (
        set(
            re.findall(
                r"\]\(([^)]+)\)|^(\./run \w+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        for name in ("README.md", "README.ja.md")
    )
    assert english - {("README.ja.md", "")} == japanese - {("README.md", "")}
