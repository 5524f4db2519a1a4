"""The house stands as it was drawn: rooms, doors, and what may be carried through them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest

from kiosk import cli

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("kiosk", "sync", "card_reader", "ui", "resources")
MODULES = sorted(path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
CHECKED = [*MODULES, *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests").rglob("*.py")))]

ONE_ROOM = {
    # foreign package → the only place that may know it
    "PySide6": "ui/",
    "shiboken6": "ui/",
    "smartcard": "card_reader/pcsc.py",
    "sqlcipher3": "kiosk/store/",
    "sqlite_utils": "kiosk/store/",
    "zxingcpp": "kiosk/camera/",
    "pyzbar": "kiosk/camera/",
    "cv2": "kiosk/camera/",
    "xlsxwriter": "kiosk/reports/",
    "requests": "sync/client.py",
    "fastapi": "sync/hq/",
    "starlette": "sync/hq/",
    "uvicorn": "sync/hq/",
    "sqlalchemy": "sync/hq/",
    "alembic": "sync/hq/",
    "jinja2": "sync/hq/",
    "psycopg": "sync/hq/",
}
HEAVY = ("PySide6", "cv2", "zxingcpp", "sqlcipher3", "smartcard", "fastapi", "sqlalchemy", "numpy")


def parsed(module):
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def imported(module):
    """Top-level names a module imports anywhere, also inside functions."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_dependencies_point_inward():
    """Every contract of import-linter holds."""
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_else_owns_our_names(room):
    """Distributions called kiosk, sync and resources exist elsewhere: none is installed beside us."""
    assert set(packages_distributions()[room]) == {"shelter-kiosk"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_for(module):
    """Every module opens with a docstring."""
    assert ast.get_docstring(parsed(module))


@pytest.mark.parametrize(("package", "home"), ONE_ROOM.items())
def test_a_foreign_package_lives_in_one_room(package, home):
    """What knows a device, a window, a database or a network knows it in one place."""
    strangers = [m for m in MODULES if package in imported(m) and not m.startswith(home)]
    assert strangers == []


def test_the_card_reader_knows_nothing_of_ours():
    """The card room can be carried into another house."""
    ours = set(ROOMS) - {"card_reader"}
    for module in MODULES:
        if module.startswith("card_reader/"):
            assert not ours & set(imported(module)), module


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("kiosk.core.events", (*HEAVY, "kiosk.desk", "click")),
        ("kiosk.cli", HEAVY),
        ("sync.hq.cli", HEAVY),
        ("sync.hq.commands.trust", HEAVY),
        ("kiosk.reports.formats", (*HEAVY, "kiosk.store", "kiosk.desk")),
        ("sync.wire", (*HEAVY, "kiosk.desk")),
        (
            "sync.hq.app",
            ("PySide6", "cv2", "zxingcpp", "sqlcipher3", "smartcard", "kiosk.desk", "kiosk.store"),
        ),
    ],
)
def test_what_is_not_needed_is_not_loaded(module, absent):
    """HQ loads no desk, the core loads no device, and `kiosk --help` waits for neither."""
    code = f"import sys, {module}; print(*[name for name in {absent!r} if name in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_listed_command_works(name):
    """What `--help` promises can be loaded, and says in a sentence what it does."""
    loaded = cli.cli.get_command(click.Context(cli.cli), name)
    assert loaded.help
    assert cli.COMMANDS[name][1].endswith((".", "?"))


CODES_AND_REASON = r"(: [A-Z]+\d+(, [A-Z]+\d+)*|\[[a-z-]+(, ?[a-z-]+)*\])?\s+(--?|#) \S.*"


@pytest.mark.parametrize("module", CHECKED)
def test_an_exemption_carries_its_reason(module):
    """Whoever switches a check off says which one, and why, on the same line."""
    for number, line in enumerate((ROOT / module).read_text(encoding="utf-8").splitlines(), 1):
        mark = re.search(r"(?<![\"'(|])# (noqa|type: ignore|pragma: no cover)(.*)$", line)
        assert mark is None or re.fullmatch(CODES_AND_REASON, mark[2]), f"{module}:{number}"
