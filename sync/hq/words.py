"""Words and numbers that HQ's commands and pages share."""

from __future__ import annotations

from kiosk.core.acts import Fullness, Opening
from kiosk.core.household import Method

PORT = 8440
METHODS = {
    Method.APP: "アプリ",
    Method.CARD: "カード",
    Method.DESK: "聞き取り",
    Method.PAPER: "紙",
    Method.COUNT: "人数だけ",
}
OPENING_WORDS = {
    Opening.NOT_OPENED: "未開設",
    Opening.OPENED: "開設",
    Opening.CLOSED: "閉鎖",
    Opening.UNKNOWN: "不明",
    Opening.PERMANENT: "常設",
}
FULLNESS_WORDS = {
    Fullness.UNKNOWN: "不明",
    Fullness.SPACE: "空き",
    Fullness.CROWDED: "混雑",
    Fullness.FULL: "定員一杯",
}
"""The standard's words: EEI 開設状況, L-Alert's Status."""
