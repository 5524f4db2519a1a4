"""What lies in a write-ahead log that SQLite did not take up when it opened it.

SQLite reads the log up to the first frame whose checksum does not fit, and calls the rest nothing. After a
crash that is right: the rest is a write that was never acknowledged. But a damaged frame looks the same,
and takes all that follows with it. This module tells that there is a rest; whether something is missing is
for the witness and the outbox to say. Format: https://www.sqlite.org/fileformat2.html section 4.
"""

from __future__ import annotations

from pathlib import Path

_HEADER, _FRAME_HEADER = 32, 24
_SALTS_AT, _FRAME_SALTS_AT = 16, 8


def unread_frames(path: Path, used: int, page_size: int) -> int:
    """How many frames of the present generation lie behind the `used` ones that SQLite took up.

    A frame belongs to the generation when one of its two salts does: a damaged salt alone hides none.
    Part of a frame counts as one. 0 without a file.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
            size = file.seek(0, 2)
            frame = _FRAME_HEADER + page_size
            salts = header[_SALTS_AT : _SALTS_AT + 4], header[_SALTS_AT + 4 : _SALTS_AT + 8]
            found = 0
            for start in range(_HEADER + used * frame, size, frame):
                file.seek(start + _FRAME_SALTS_AT)
                mine = file.read(8)
                found += any(mine) and (mine[:4] == salts[0] or mine[4:] == salts[1])
    except OSError:
        return 0
    return found
