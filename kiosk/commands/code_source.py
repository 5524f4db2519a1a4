"""Where a code's text comes from on the command line: the text itself, a file, a picture, standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.errors import KnownError

MAX_FILE = 1024 * 1024


def texts_of(source: str, is_wanted: Callable[[str], bool]) -> list[str]:
    """The texts in `source`: one, or each line of a text file, or each wanted code of a picture.

    Texts of a picture that are not wanted come only when nothing else is in it, so that the answer can be
    about them.

    Raises:
        KnownError: `no_file`, `no_code`, or what kept the picture from being read.
    """
    if is_wanted(source):
        return [source]
    if source == "-":
        return _lines(sys.stdin.read(MAX_FILE))
    path = Path(source)
    if not _is_file(path):
        return [source]
    head = _head(path)
    if path.suffix.lower() == ".txt" or is_wanted(head.decode("ascii", "replace")):
        try:
            with path.open(encoding="utf-8") as file:
                return _lines(file.read(MAX_FILE))
        except (OSError, UnicodeDecodeError) as error:
            raise _no_file() from error
    texts = _in_picture(path)
    return [text for text in texts if is_wanted(text)] or texts[:1]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()] or [""]


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except OSError as error:
        raise _no_file() from error


def _no_file() -> KnownError:
    return KnownError("no_file", "ファイルを 読めません。", "the file can not be read")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text can be too long for a name, or hold what no name does
        return False


def _in_picture(path: Path) -> list[str]:
    from kiosk.camera import picture  # noqa: PLC0415 - only pictures need OpenCV
    from kiosk.camera.child import DecoderProcess  # noqa: PLC0415 - as above

    decoder = DecoderProcess(spare=False)
    try:
        texts = decoder.read(picture.load(path), thorough=True).reading.texts
    finally:
        decoder.stop()
    if not texts:
        raise KnownError("no_code", "QRコードが 見つかりません。", "no code could be read in this picture")
    return list(texts)
