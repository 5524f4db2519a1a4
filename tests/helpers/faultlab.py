"""A process whose disk can be recorded, broken and filled: the stage on which faults are played.

`Stage` starts one Python with `faults.c` loaded before libc and forks a child for each job, so that a
thousand rounds do not load a thousand interpreters. What a job does is `tests/faults/stage.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from powercut import scratch

HERE = Path(__file__).resolve().parents[1] / "faults"
ROOT = HERE.parents[1]


def library(folder: Path) -> Path:
    """The preload library, compiled into `folder`; the test is skipped where there is no compiler for it."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("faults are played on Linux, with a C compiler")
    built = folder / "faults.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", built, HERE / "faults.c", "-ldl", "-lpthread"], check=True
    )
    return built


class Stage:
    """The process; use it as a context. `play` runs a job to its end, `begin` lets one run."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="faults-")
        self._process = subprocess.Popen(
            [sys.executable, HERE / "stage.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ
            | {
                "LD_PRELOAD": str(library(Path(self._folder.name))),
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE.parent / "helpers"))),
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._folder.cleanup()

    def begin(self, **job: object) -> int:
        """Start a job; the process id of the child that does it."""
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> int:
        """Wait for the job; what its child ended with (minus the signal that killed it)."""
        return int(self._process.stdout.readline())

    def play(self, **job: object) -> int:
        """A job from beginning to end."""
        self.begin(**job)
        return self.end()


@contextmanager
def laboratory() -> Iterator[tuple[Stage, Path]]:
    """A stage, and a folder for what is played on it."""
    with tempfile.TemporaryDirectory(prefix="soak-", dir=scratch()) as name, Stage() as stage:
        yield stage, Path(name)
