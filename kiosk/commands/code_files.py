"""Codes into files: pictures, text, and what is printed. The ending of the name says which.

It refuses to know what the codes say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.errors import KnownError
from kiosk.files import write_whole

ENDINGS = ".png, .svg, .txt or .pdf"


def write_codes(texts: Sequence[str], out: Path, pdf: Callable[[], bytes]) -> list[Path]:
    """Write each code as a picture, or all into one text file or one PDF; returns the files.

    Two pictures are `out` with -1 and -2 before its ending.

    Raises:
        KnownError: `bad_suffix`; `disk_full` or `disk_unwritable`.
    """
    suffix = out.suffix.lower()
    if suffix == ".txt":
        return _written({out: "".join(f"{text}\n" for text in texts).encode()})
    if suffix == ".pdf":
        return _written({out: pdf()})
    if suffix not in (".png", ".svg"):
        raise KnownError(
            "bad_suffix",
            "ファイル名は .png .svg .txt .pdf の どれかです。",
            f"the file must end in {ENDINGS}",
        )
    from kiosk.paper import code  # noqa: PLC0415 - only drawing needs segno

    draw = code.png if suffix == ".png" else code.svg
    if len(texts) == 1:
        return _written({out: draw(texts[0])})
    return _written({out.with_stem(f"{out.stem}-{place}"): draw(text) for place, text in enumerate(texts, 1)})


def _written(files: dict[Path, bytes]) -> list[Path]:
    for path, data in files.items():
        write_whole(path, data, durable=False)
    return list(files)
