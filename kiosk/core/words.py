"""What the city's papers, pages and commands call things, in the words of its own forms and of EEI.

What the desk's screens say stands in `resources/words`, in many languages; these are for staff, in one.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.core.acts import Fullness, Opening
from kiosk.core.household import Method, Mode

MODE_WORDS: Mapping[Mode, str] = {Mode.DISASTER: "災害", Mode.DRILL: "訓練"}
METHOD_WORDS: Mapping[Method, str] = {
    Method.APP: "アプリ",
    Method.CARD: "カード",
    Method.DESK: "聞き取り",
    Method.PAPER: "紙",
    Method.COUNT: "人数だけ",
}
"""受付方式."""
OPENING_WORDS: Mapping[Opening, str] = {
    Opening.NOT_OPENED: "未開設",
    Opening.OPENED: "開設",
    Opening.CLOSED: "閉鎖",
    Opening.UNKNOWN: "不明",
    Opening.PERMANENT: "常設",
}
"""開設状況, as EEI and L-Alert say it."""
FULLNESS_WORDS: Mapping[Fullness, str] = {
    Fullness.UNKNOWN: "不明",
    Fullness.SPACE: "空き",
    Fullness.CROWDED: "混雑",
    Fullness.FULL: "定員一杯",
}
"""定員状況."""
