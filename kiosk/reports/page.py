"""A report as one HTML page that stands alone: style and charts inside, printable on A4, no script.

The page is built as a tree and written by the standard library's serialiser, so that no text can become
markup. It loads nothing from anywhere; its policy forbids it to.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from kiosk.core.household import Mode
from kiosk.core.words import MODE_WORDS
from kiosk.reports import svg
from kiosk.reports.report import BarChart, Report, ShareChart, Table

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
@page { size: A4; margin: 14mm }
* { box-sizing: border-box }
html { print-color-adjust: exact; -webkit-print-color-adjust: exact }
body { margin: 0; background: #f2f2f2; color: #1a1a1a; line-height: 1.6;
  font: 16px/1.6 "BIZ UDPGothic", "BIZ UDPゴシック", "Noto Sans JP", "Noto Sans CJK JP", sans-serif }
main { max-width: 960px; margin: 0 auto; padding: 32px 24px }
header { border-top: 8px solid #0017c1; background: #fff; border-radius: 8px; padding: 24px 32px }
h1 { font-size: 32px; line-height: 1.4; margin: 0 0 8px }
h2 { font-size: 24px; line-height: 1.4; margin: 0 0 16px }
.mode { display: inline-block; font-size: 18px; font-weight: 700; vertical-align: middle;
  border: 2px solid; border-radius: 32px; padding: 0 16px; margin-left: 16px }
.drill { color: #c74700; background: #ffeee2 }
.disaster { color: #ce0000; background: #fdeeee }
dl { display: flex; flex-wrap: wrap; gap: 4px 32px; margin: 0 }
dl div { display: flex; gap: 8px }
dt { color: #595959 }
dd { margin: 0 }
.warning { background: #ce0000; color: #fff; font-size: 24px; font-weight: 700; text-align: center;
  border-radius: 8px; padding: 16px 24px; margin: 16px 0 0 }
section { background: #fff; border-radius: 8px; padding: 24px 32px; margin-top: 16px; break-inside: avoid }
svg { display: block; width: 100%; height: auto; font-family: inherit }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #949494; padding: 8px 6px; text-align: left; vertical-align: middle }
th { font-size: 14px; line-height: 1.4 }
tbody th { white-space: nowrap }
thead th { border-bottom: 2px solid #0017c1; background: #e8f1fe; vertical-align: bottom }
.number { text-align: right; white-space: nowrap }
.total > * { border-top: 2px solid #1a1a1a; font-weight: 700 }
ul { color: #333; font-size: 14px; margin: 16px 0 0; padding-left: 20px }
.key { color: #333; font-size: 14px; margin: 8px 0 0 }
@media print {
  body { background: #fff; font-size: 10.5pt }
  main { max-width: none; padding: 0 }
  header, section { border-radius: 0; padding: 12px 0 }
  h1 { font-size: 20pt }
  h2 { font-size: 14pt; margin-bottom: 8px }
  th, ul, .key { font-size: 9pt }
  th, td { padding: 4px 6px }
}
"""


def html(report: Report) -> str:
    """The whole page."""
    root = Element("html", {"lang": "ja"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    _add(head, "title", report.title)
    _add(head, "style", STYLE)
    main = SubElement(SubElement(root, "body"), "main")
    _header(main, report)
    for table, chart in zip(report.tables, (*report.charts, *(None,) * len(report.tables)), strict=False):
        if chart is not None:
            _chart(main, chart)
        _table(main, table)
    for chart in report.charts[len(report.tables) :]:
        _chart(main, chart)
    if report.notes:
        section = _add(main, "section")
        _add(section, "h2", "備考")
        _notes(section, report.notes)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _add(parent: Element, tag: str, text: str = "", css: str = "") -> Element:
    element = SubElement(parent, tag, {"class": css} if css else {})
    element.text = text
    return element


def _header(main: Element, report: Report) -> None:
    header = _add(main, "header")
    title = _add(header, "h1", report.title)
    if report.mode is not None:
        css = "mode drill" if report.mode is Mode.DRILL else "mode disaster"
        _add(title, "span", MODE_WORDS[report.mode], css)
    facts = _add(header, "dl")
    for label, value in report.facts:
        line = _add(facts, "div")
        _add(line, "dt", label)
        _add(line, "dd", value)
    if report.warning:
        _add(main, "p", report.warning, "warning").set("role", "alert")


def _chart(main: Element, chart: BarChart | ShareChart) -> None:
    section = _add(main, "section")
    _add(section, "h2", chart.title)
    if isinstance(chart, BarChart):
        section.append(svg.bar_chart(chart))
        _add(section, "p", chart.key, "key")
    else:
        section.append(svg.share_chart(chart))


def _table(main: Element, table: Table) -> None:
    section = _add(main, "section")
    _add(section, "h2", table.title)
    grid = _add(section, "table")
    head = _add(_add(grid, "thead"), "tr")
    for column in table.columns:
        _add(head, "th", column.title, "number" if column.number else "").set("scope", "col")
    body = _add(grid, "tbody")
    for row in table.rows:
        line = _add(body, "tr", css="total" if row.total else "")
        for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
            if place:
                _add(line, "td", cell, "number" if column.number else "")
            else:
                _add(line, "th", cell).set("scope", "row")
    _notes(section, table.notes)


def _notes(section: Element, notes: tuple[str, ...]) -> None:
    if notes:
        listed = _add(section, "ul")
        for note in notes:
            _add(listed, "li", note)
