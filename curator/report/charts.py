"""Bars, lines, matrices and outlined pictures laid out as drawings, and each chart's numbers as a table.

A chart says everything twice: by place and by written number, by color and by hatch, stroke or marker. What cannot be
drawn (None, not finite) is said to be missing, never drawn as zero.
"""

from __future__ import annotations

import math

from curator.report.drawing import Drawing, Pen, Raster, text_width
from curator.report.model import Bars, Cell, Lines, Matrix, Picture, Table
from curator.report.scale import Scale, finite, spanned
from curator.report.style import GRID, INK, MUTED, PAPER, color, dash, tint
from curator.report.words import number

Chart = Bars | Lines | Matrix | Picture

#: Points of a drawing's width: that of a letter page's text.
WIDTH = 520.0
_BARS, _SERIES, _ROWS, _COLUMNS = 32, 12, 24, 14
_SHADE = "#0a5c99"


def drawings(chart: Chart) -> list[Drawing]:
    """Lay a chart out, in several drawings when it is long."""
    if isinstance(chart, Bars):
        step = max(1, _BARS // max(1, len(chart.series)))
        ends = range(0, max(1, len(chart.labels)), step)
        return [_bars(chart, start, min(start + step, len(chart.labels))) for start in ends]
    if isinstance(chart, Lines):
        return [_lines(chart, start) for start in range(0, max(1, len(chart.series)), _SERIES)]
    if isinstance(chart, Matrix):
        rows = range(0, max(1, len(chart.rows)), _ROWS)
        return [_matrix(chart, row, at) for row in rows for at in range(0, max(1, len(chart.columns)), _COLUMNS)]
    return [_picture(chart)]


def _bars(chart: Bars, start: int, end: int) -> Drawing:
    pen = Pen()
    intervals = [one for row in chart.intervals for one in row if one is not None]
    every = [value for _, values in chart.series for value in values]
    limits = [limit for one in intervals for limit in one]
    low, high = spanned([*every, *limits, *(at for _, at in chart.marks)], chart.low, chart.high)
    names = tuple(name for name, _ in chart.series)
    left = min(0.36 * WIDTH, max((text_width(name, 9) for name in chart.labels[start:end]), default=0) + 12)
    right = 118.0 if intervals else 64.0
    scale = Scale(low, high, left, WIDTH - right)
    top = pen.legend(names, WIDTH, 2, bars=True) if len(names) > 1 else 4.0
    top += 13 * len(chart.marks) + 4
    thick, gap = (13, 7) if len(names) == 1 else (10, 9)
    bottom = top + (end - start) * (thick * max(1, len(names)) + gap)
    for tick in scale.ticks():
        pen.line((scale.at(tick), top - 2), (scale.at(tick), bottom), stroke=GRID, width=0.6)
        pen.word(scale.at(tick), bottom + 12, scale.tick(tick), size=8, anchor="middle", color=MUTED)
    y = top
    zero = scale.at(0.0)
    for label in range(start, end):
        middle = y + thick * len(names) / 2 + 3
        pen.word(left - 6, middle, chart.labels[label], room=left - 8, anchor="end")
        for index, (_, values) in enumerate(chart.series):
            value = values[label]
            interval = chart.intervals[index][label] if index < len(chart.intervals) else None
            _bar(pen, scale, zero, y, thick, index, value, interval)
            y += thick
        y += gap
    if low < 0 < high:
        pen.line((zero, top - 2), (zero, bottom), width=1.0)
    for row, (name, at) in enumerate(chart.marks):
        level = top - 6 - 13 * (len(chart.marks) - 1 - row)
        pen.line((scale.at(at), level - 2), (scale.at(at), bottom), width=1.2, dash=(4, 3))
        _beside(pen, scale.at(at), level, f"{name}: {number(at)}")
    if chart.unit:
        pen.word((left + WIDTH - right) / 2, bottom + 25, chart.unit, room=WIDTH - left, anchor="middle", color=MUTED)
    return pen.drawing(WIDTH, bottom + (32 if chart.unit else 18))


def _bar(
    pen: Pen,
    scale: Scale,
    zero: float,
    y: float,
    thick: float,
    index: int,
    value: float | None,
    interval: tuple[float, float] | None,
) -> None:
    if value is None or not math.isfinite(value):
        pen.word(scale.start + 3, y + thick - 3, "not computed", size=8, color=MUTED)
        return
    at = scale.at(value)
    pen.bar(min(zero, at), y + 1, abs(at - zero), thick - 2, index)
    said = number(value)
    if interval is not None and len(finite(interval)) == 2:
        ends = [scale.at(limit) for limit in interval]
        middle = y + thick / 2
        for stroke, width in ((PAPER, 3.2), (INK, 1.1)):
            pen.line((ends[0], middle), (ends[1], middle), stroke=stroke, width=width)
            for limit in ends:
                pen.line((limit, middle - 3), (limit, middle + 3), stroke=stroke, width=width)
        said += f"  ({number(interval[0])} to {number(interval[1])})"
    pen.word(scale.end + 6, y + thick - 3, said, size=8)


def _beside(pen: Pen, x: float, y: float, text: str) -> None:
    """Write the name of a mark on the side where there is room."""
    leftward = x + 4 + text_width(text, 8) > WIDTH
    pen.word(x - 4 if leftward else x + 4, y, text, size=8, anchor="end" if leftward else "start", room=0.7 * WIDTH)


def _lines(chart: Lines, first: int) -> Drawing:
    pen = Pen()
    chosen = chart.series[first : first + _SERIES]
    every = [value for _, values in chart.series for value in values]
    low, high = spanned([*every, *(at for _, at in chart.marks)], chart.low, chart.high)
    top = pen.legend(tuple(name for name, _ in chosen), WIDTH, 2, bars=False) + 8
    left, bottom = 54.0, top + 190
    widest = max((text_width(name, 8) for name in chart.axis), default=1.0)
    right = WIDTH - max(8.0, min(widest / 2, 54.0))
    scale = Scale(low, high, bottom, top)
    for tick in scale.ticks():
        pen.line((left, scale.at(tick)), (right, scale.at(tick)), stroke=GRID, width=0.6)
        pen.word(left - 5, scale.at(tick) + 3, scale.tick(tick), size=8, anchor="end", color=MUTED)
    pen.line((left, bottom), (right, bottom), stroke=MUTED)
    if low < 0 < high:
        pen.line((left, scale.at(0)), (right, scale.at(0)), width=1.0)
    step = (right - left - 16) / max(1, len(chart.axis) - 1)
    places = [left + 8 + step * at for at in range(len(chart.axis))]
    skip = max(1, math.ceil(min(widest + 10, 110) / max(step, 0.001))) if len(chart.axis) > 1 else 1
    for at in range(0, len(chart.axis), skip):
        pen.line((places[at], bottom), (places[at], bottom + 4), stroke=MUTED)
        pen.word(places[at], bottom + 14, chart.axis[at], size=8, anchor="middle", color=MUTED, room=108)
    for index, (_, values) in enumerate(chosen):
        run: list[tuple[float, float]] = []
        for at, value in [*enumerate(values), (len(values), None)]:
            if value is not None and math.isfinite(value):
                run.append((places[at], scale.at(value)))
                continue
            if len(run) > 1:
                pen.line(*run, stroke=color(index), width=1.8, dash=dash(index))
            for x, y in run:
                pen.marker(x, y, index)
            run = []
    for name, at_value in chart.marks:
        y = scale.at(at_value)
        said = f"{name}: {number(at_value)}"
        pen.line((left, y), (right, y), width=1.2, dash=(4, 3))
        pen.box(right - text_width(said, 8) - 2, y - 11, text_width(said, 8), 9, fill=PAPER)
        pen.word(right - 2, y - 3, said, size=8, anchor="end", room=0.7 * WIDTH)
    if chart.unit:
        pen.word(10, (top + bottom) / 2, chart.unit, anchor="middle", turned=True, color=MUTED, room=bottom - top)
    return pen.drawing(WIDTH, bottom + 20)


def _matrix(chart: Matrix, row: int, column: int) -> Drawing:
    pen = Pen()
    rows, columns = chart.rows[row : row + _ROWS], chart.columns[column : column + _COLUMNS]
    lead = 16.0 if chart.row_title else 0.0
    left = lead + min(150.0, max((text_width(name, 9) for name in rows), default=0) + 10)
    wide = min(70.0, (WIDTH - left - 2) / max(1, len(columns)))
    longest = max((text_width(name, 9) for name in columns), default=0)
    turned = longest > wide - 4
    top = (16.0 if chart.column_title else 2.0) + (min(longest, 110.0) + 8 if turned else 16)
    high = 22.0
    if chart.column_title:
        middle = left + wide * len(columns) / 2
        pen.word(middle, 11, chart.column_title, bold=True, anchor="middle", room=2 * min(middle, WIDTH - middle))
    if chart.row_title:
        room = max(high * len(rows), 60.0)
        pen.word(11, top + high * len(rows) / 2, chart.row_title, bold=True, anchor="middle", turned=True, room=room)
    for at, name in enumerate(columns):
        x = left + wide * (at + 0.5)
        if turned:
            pen.word(x + 3, top - 5, name, turned=True, room=112)
        else:
            pen.word(x, top - 5, name, anchor="middle", room=wide)
    most = max([abs(value) for value in finite(value for line in chart.values for value in line)], default=0.0) or 1.0
    for down, name in enumerate(rows):
        y = top + high * down
        pen.word(left - 5, y + high / 2 + 3, name, anchor="end", room=left - lead - 6)
        for at in range(len(columns)):
            value = chart.values[row + down][column + at]
            known = value is not None and math.isfinite(value)
            share = abs(value) / most if known and value is not None else 0.0
            pen.box(left + wide * at, y, wide, high, fill=tint(_SHADE, share), stroke=MUTED)
            text = number(value, chart.decimals)
            x, ink = left + wide * (at + 0.5), PAPER if share > 0.6 else INK
            pen.word(
                x, y + high / 2 + 3, text, size=min(9.0, (wide - 2) / (0.62 * len(text))), anchor="middle", color=ink
            )
    return pen.drawing(WIDTH, top + high * len(rows) + 6)


def _picture(picture: Picture) -> Drawing:
    pen = Pen()
    scale = min(WIDTH / picture.width, 290.0 / picture.height, 8.0)
    width, height = picture.width * scale, picture.height * scale
    pen.shapes.append(Raster(0, 0, width, height, picture.png))
    for index, outline in enumerate(picture.outlines):
        for ring in outline.rings:
            points = [
                (min(max(x, 0.0), picture.width) * scale, min(max(y, 0.0), picture.height) * scale) for x, y in ring
            ]
            if not points:
                continue
            points.append(points[0])
            pen.line(*points, stroke=PAPER, width=3.4)
            pen.line(*points, stroke=color(index), width=1.8, dash=dash(index))
            if len(ring) == 1:
                pen.marker(*points[0], index, 4)
    below = height + 6
    if picture.outlines:
        below = pen.legend(tuple(outline.name for outline in picture.outlines), WIDTH, below, bars=False)
    return pen.drawing(WIDTH, below)


def numbers(chart: Bars | Lines | Matrix) -> Table:
    """Return a chart's numbers as a table, for those who do not see it and those who want to copy them."""
    if isinstance(chart, Matrix):
        head = (chart.row_title or "Row", *chart.columns)
        body = tuple(
            (Cell(name), *(Cell(number(value, chart.decimals)) for value in line))
            for name, line in zip(chart.rows, chart.values, strict=True)
        )
        return Table(f"Numbers of: {chart.caption}", head, body, tuple(range(1, len(head))))
    places = chart.labels if isinstance(chart, Bars) else chart.axis
    intervals = chart.intervals if isinstance(chart, Bars) else ()
    head = ("", *(f"{name} ({chart.unit})" if chart.unit else name for name, _ in chart.series))
    rows = []
    for at, place in enumerate(places):
        cells = [Cell(place)]
        for index, (_, values) in enumerate(chart.series):
            interval = intervals[index][at] if index < len(intervals) else None
            span = "" if interval is None else f" ({number(interval[0])} to {number(interval[1])})"
            cells.append(Cell(number(values[at]) + span))
        rows.append(tuple(cells))
    if chart.series:
        rows += [(Cell(name), Cell(number(at)), *(Cell("") for _ in chart.series[1:])) for name, at in chart.marks]
    return Table(f"Numbers of: {chart.caption}", head, tuple(rows), tuple(range(1, len(head))))
