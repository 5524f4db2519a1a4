"""Charts as SVG elements: bars with a mark for what they are compared with, and shares of a whole.

Drawn in whole and tenth units from exact fractions; every bar is labelled in words, so that no colour
carries meaning alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from kiosk.reports.figures import decimal
from kiosk.reports.report import Bar, BarChart, ShareChart

WIDTH = 720
LEFT, RIGHT = 124, 104
"""Room for the labels left of the axis, and for the last figure right of it."""
ROW, BAR = 60, 32
TICKS = 5
FONT = 16
"""Height of a label; a wide letter is as broad, a digit half."""
GREY, LINE, INK = "#595959", "#d9d9d9", "#1a1a1a"


def bar_chart(chart: BarChart) -> Element:
    """Horizontal bars from zero, with an axis in the chart's unit."""
    height = ROW * len(chart.bars) + 36
    svg = _svg(height, chart.title, "。".join(f"{bar.label} {bar.text}" for bar in chart.bars))
    step, count = axis(max((end_of(bar) for bar in chart.bars), default=Fraction(0)))
    scale = Fraction(WIDTH - LEFT - RIGHT) / (step * count)
    for place in range(count + 1):
        x = LEFT + step * place * scale
        _add(svg, "line", x1=x, x2=x, y1=4, y2=height - 34, stroke=LINE, stroke_width=1)
        label = f"{shortest(step * place)}{chart.unit}"
        _words(svg, label, x=x, y=height - 12, fill=GREY, font_size=14, text_anchor="middle")
    for place, bar in enumerate(chart.bars):
        _draw_bar(svg, bar, place * ROW, scale)
    return svg


def end_of(bar: Bar) -> Fraction:
    """How far a bar, its pale part or its mark reaches."""
    return max(bar.value or Fraction(0), bar.reach or Fraction(0), bar.mark or Fraction(0))


def axis(highest: Fraction) -> tuple[Fraction, int]:
    """Step and number of steps of an axis that holds `highest`: a step is 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return Fraction(1), 1
    power = Fraction(1)
    while power * 10 * TICKS < highest:
        power *= 10
    while power * TICKS >= highest:
        power /= 10
    step = next(power * times for times in (2, 5, 10) if power * times * TICKS >= highest)
    return step, int(-(-highest // step))


def shortest(value: Fraction) -> str:
    """A multiple of a step, in as many decimals as it has."""
    places = 0
    while value * 10**places % 1:
        places += 1
    return decimal(value, places)


def _draw_bar(svg: Element, bar: Bar, top: int, scale: Fraction) -> None:
    middle = top + ROW // 2
    _words(svg, bar.label, x=0, y=middle - 2, fill=INK, font_size=FONT, font_weight=700)
    _words(svg, bar.under, x=0, y=middle + 18, fill=GREY, font_size=14)
    end = Fraction(LEFT)
    for amount, opacity in ((bar.reach, "0.25"), (bar.value, "1")):
        if amount:
            size = max(Fraction(1), amount * scale)
            end = max(end, LEFT + size)
            _add(
                svg,
                "rect",
                x=LEFT,
                y=middle - BAR // 2,
                width=size,
                height=BAR,
                rx=min(Fraction(4), size / 2),
                fill=bar.colour,
                fill_opacity=opacity,
            )
    words = end + 10
    if bar.mark is not None:
        x = LEFT + bar.mark * scale
        _add(svg, "line", x1=x, x2=x, y1=middle - 24, y2=middle + 22, stroke=INK, stroke_width=2)
        _add(svg, "path", d=f"M{_unit(x - 7)} {middle - 26}h14l-7 10z", fill=INK)
        if end - 10 < x < words + FONT * len(bar.text):
            words = max(words, x + 12)
    _words(svg, bar.text, x=words, y=middle + 6, fill=INK, font_size=18, font_weight=700)


def share_chart(chart: ShareChart) -> Element:
    """One bar a line, cut into parts, with each part's figure below it in a fixed place."""
    row = 86
    said = "。".join(
        f"{label} " + "、".join(f"{part.label} {part.text}" for part in parts) for label, parts in chart.lines
    )
    svg = _svg(row * len(chart.lines), chart.title, said)
    for place, (label, parts) in enumerate(chart.lines):
        top = place * row
        whole = sum(part.amount for part in parts) or 1
        _words(svg, label, x=0, y=top + 28, fill=INK, font_size=FONT, font_weight=700)
        x = Fraction(LEFT)
        for number, part in enumerate(parts):
            size = Fraction(part.amount * (WIDTH - LEFT), whole)
            _add(svg, "rect", x=x, y=top + 6, width=size, height=BAR, fill=part.colour)
            x += size
            under = LEFT + Fraction(number * (WIDTH - LEFT), len(parts))
            _add(svg, "rect", x=under, y=top + 50, width=14, height=14, rx=2, fill=part.colour)
            _words(svg, f"{part.label} {part.text}", x=under + 22, y=top + 63, fill=INK, font_size=FONT)
    return svg


def _svg(height: int, title: str, said: str) -> Element:
    svg = Element(
        "svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": f"{title}。{said}"}
    )
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    return svg


Attribute = Fraction | int | str


def _attributes(values: dict[str, Attribute]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        yield name.replace("_", "-"), _unit(value) if isinstance(value, Fraction) else str(value)


def _unit(value: Fraction) -> str:
    return decimal(value, 1).removesuffix(".0")


def _add(svg: Element, tag: str, **attributes: Attribute) -> Element:
    return SubElement(svg, tag, dict(_attributes(attributes)))


def _words(svg: Element, words: str, **attributes: Attribute) -> None:
    _add(svg, "text", **attributes).text = words
