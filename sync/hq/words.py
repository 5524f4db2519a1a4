"""Words and numbers that HQ's commands and pages share."""

from __future__ import annotations

import datetime as dt

from kiosk.core.household import Method

PORT = 8440
JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")
METHODS = {
    Method.APP: "アプリ",
    Method.CARD: "カード",
    Method.DESK: "聞き取り",
    Method.PAPER: "紙",
    Method.COUNT: "人数だけ",
}
