"""Drawings as SVG inside a page: presentation attributes alone, no style, no script, no outside reference."""

from __future__ import annotations

import base64
from html import escape

from curator.report.drawing import Drawing, Path, Raster, Shape
from curator.report.pngs import plain_png
from curator.report.words import Visible


def svg(drawing: Drawing, ident: str, title: str, description: str, visible: Visible) -> str:
    """Return a drawing as an ``svg`` element with a title and a description for those who do not see it.

    Parameters
    ----------
    drawing
        What to draw.
    ident
        A name that is unique on the page.
    title, description
        Plain texts.
    visible
        Makes texts fit to be shown.

    Returns
    -------
    str
        The element. Widths are a ceiling: it shrinks with the page.
    """
    shapes = "".join(_shape(shape, visible) for shape in drawing.shapes)
    width, height = _number(drawing.width), _number(drawing.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{ident}-t {ident}-d">'
        f'<title id="{ident}-t">{escape(visible(title))}</title>'
        f'<desc id="{ident}-d">{escape(visible(description))}</desc>{shapes}</svg>'
    )


def _shape(shape: Shape, visible: Visible) -> str:
    if isinstance(shape, Raster):
        place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}"'
        data = base64.b64encode(plain_png(shape.png)).decode()
        return f'<image {place} height="{_number(shape.height)}" href="data:image/png;base64,{data}"/>'
    if isinstance(shape, Path):
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
        strokes = f' stroke="{shape.stroke}" stroke-width="{_number(shape.width)}"' if shape.stroke else ""
        dashes = f' stroke-dasharray="{" ".join(map(_number, shape.dash))}"' if shape.dash else ""
        kind = "polygon" if shape.closed else "polyline"
        return f'<{kind} points="{points}" fill="{shape.fill or "none"}"{strokes}{dashes}/>'
    turn = f' transform="rotate(-90 {_number(shape.x)} {_number(shape.y)})"' if shape.turned else ""
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    bold = ' font-weight="bold"' if shape.bold else ""
    return (
        f'<text x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}" fill="{shape.color}"'
        f"{anchor}{bold}{turn}>{escape(visible(shape.text))}</text>"
    )


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
