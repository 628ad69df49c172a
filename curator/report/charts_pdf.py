"""Drawings as vector strokes of a PDF. Loaded only with reportlab at hand."""

from __future__ import annotations

import io
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus.flowables import Flowable

from curator.report.drawing import Drawing, Path, Raster, Word
from curator.report.pngs import plain_png
from curator.report.words import Visible

FONT, BOLD = "Vera", "VeraBd"


class Figure(Flowable):  # type: ignore[misc]
    """A drawing that takes its place in the text, made smaller when the page is narrower.

    Parameters
    ----------
    drawing
        Shapes in points, y downward.
    visible
        Makes texts fit to be shown with the font.
    """

    def __init__(self, drawing: Drawing, visible: Visible) -> None:
        super().__init__()
        self.drawing = drawing
        self.visible = visible
        self.scale = 1.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the points that the drawing takes of those at hand."""
        self.scale = min(1.0, width / self.drawing.width, (height - 2) / self.drawing.height if height > 300 else 1.0)
        return self.drawing.width * self.scale, self.drawing.height * self.scale

    def draw(self) -> None:
        """Draw on the canvas at hand."""
        canvas = self.canv
        canvas.scale(self.scale, self.scale)
        for shape in self.drawing.shapes:
            if isinstance(shape, Path):
                self._path(canvas, shape)
            elif isinstance(shape, Raster):
                picture = ImageReader(io.BytesIO(plain_png(shape.png)))
                y = self.drawing.height - shape.y - shape.height
                canvas.drawImage(picture, shape.x, y, shape.width, shape.height, mask="auto")
            else:
                self._word(canvas, shape)

    def _path(self, canvas: Any, shape: Path) -> None:
        path = canvas.beginPath()
        for at, (x, y) in enumerate(shape.points):
            (path.lineTo if at else path.moveTo)(x, self.drawing.height - y)
        if shape.closed:
            path.close()
        if shape.stroke:
            canvas.setStrokeColor(shape.stroke)
            canvas.setLineWidth(shape.width)
            canvas.setDash(*([list(shape.dash)] if shape.dash else []))
        if shape.fill:
            canvas.setFillColor(shape.fill)
        canvas.drawPath(path, stroke=int(bool(shape.stroke)), fill=int(bool(shape.fill)))

    def _word(self, canvas: Any, shape: Word) -> None:
        text, font = self.visible(shape.text), BOLD if shape.bold else FONT
        wide = stringWidth(text, font, shape.size)
        size = shape.size * min(1.0, shape.room / wide) if shape.room and wide else shape.size
        canvas.saveState()
        canvas.setFillColor(shape.color)
        canvas.setFont(font, size)
        canvas.translate(shape.x, self.drawing.height - shape.y)
        if shape.turned:
            canvas.rotate(90)
        draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
        draw[shape.anchor](0, 0, text)
        canvas.restoreState()
