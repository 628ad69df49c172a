"""What a page shows: its content streams carried out, every visible character with its place (ISO 32000-2, 8 and 9).

Whatever shows something that cannot be read as text (pictures, shadings, outlines, unmapped fonts), and whatever is not
understood, holds the file back. Characters that a reader cannot see are left out and counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from curator.core.errors import ItemError
from curator.scrub.document.fonts import Font, read_font
from curator.scrub.document.geometry import (
    EVERYWHERE,
    IDENTITY,
    Box,
    Matrix,
    Paths,
    Point,
    at,
    bounds,
    inside,
    overlap,
    times,
)
from curator.scrub.document.marks import Mark, direction, middle, uncovered
from curator.scrub.document.objects import MOST_STREAM, Meter, Page, array, dictionary, number, plain, stream_bytes

#: Limits of one page: characters, operators, forms in forms, forms drawn.
MOST_MARKS = 50_000
MOST_OPERATORS = 1_000_000
MOST_DEPTH = 8
MOST_FORMS = 2_000
#: Least size in points that is read by people.
_LEAST = 1.0


@dataclass(frozen=True)
class _State:
    ctm: Matrix = IDENTITY
    clip: Box = EVERYWHERE
    font: Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    words: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    mode: int = 0
    rise: float = 0.0
    white: bool = False
    opaque: bool = True
    unseen: bool = False


@dataclass
class Canvas:
    """Carries out the content of one page.

    Attributes
    ----------
    marks
        The visible characters.
    hidden
        How many characters are not visible.
    """

    page: Page
    layers_off: frozenset[int]
    fonts: dict[int, Font]
    meter: Meter
    marks: list[Mark] = field(default_factory=list, repr=False)
    hidden: int = 0
    _state: _State = field(default_factory=_State)
    _stack: list[_State] = field(default_factory=list)
    _tm: Matrix = IDENTITY
    _tlm: Matrix = IDENTITY
    _paths: Paths = field(default_factory=Paths)
    _order: int = 0
    _forms: int = 0
    _layers: list[bool] = field(default_factory=list)
    _numeric: dict[str, tuple[int, Callable[..., None]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """List the operators that take numbers alone, with how many."""
        self._numeric = {
            "q": (0, self._save),
            "Q": (0, self._restore),
            "cm": (6, self._transform),
            "m": (2, lambda *v: self._paths.move(self._points(*v)[0])),
            "l": (2, lambda *v: self._paths.line(self._points(*v)[0])),
            "c": (6, lambda *v: self._paths.curve(self._points(*v))),
            "v": (4, lambda *v: self._paths.curve(self._points(*v))),
            "y": (4, lambda *v: self._paths.curve(self._points(*v))),
            "re": (4, self._rectangle),
            "W": (0, self._paths.clip),
            "W*": (0, self._paths.clip),
            "g": (1, self._gray),
            "rg": (3, self._rgb),
            "k": (4, self._cmyk),
            "BT": (0, self._begin),
            "ET": (0, lambda: None),
            "Tc": (1, lambda value: self._set(spacing=value)),
            "Tw": (1, lambda value: self._set(words=value)),
            "Tz": (1, lambda value: self._set(stretch=value / 100)),
            "TL": (1, lambda value: self._set(leading=value)),
            "Tr": (1, lambda value: self._set(mode=int(value))),
            "Ts": (1, lambda value: self._set(rise=value)),
            "Td": (2, self._next),
            "TD": (2, self._next_leading),
            "Tm": (6, self._place),
            "T*": (0, self._newline),
        }

    def draw(self) -> None:
        """Carry out the page's content.

        Raises
        ------
        ItemError
            PDF-001 and PDF-003 to PDF-007.
        """
        contents = plain(self.page.entries.get("/Contents"))
        parts = contents if isinstance(contents, list) else [] if contents is None else [contents]
        if len(parts) > 5_000:
            raise ItemError("PDF-003")
        data = b"\n".join(stream_bytes(part, self.meter) for part in parts)
        if len(data) > MOST_STREAM:
            raise ItemError("PDF-003")
        self._run(data, dictionary(self.page.entries.get("/Resources"), missing=True), 0)
        seen = uncovered(self.marks, self._paths.fills)
        self.hidden += len(self.marks) - len(seen)
        self.marks = seen
        if self._paths.may_be_writing(text=bool(self.marks)):
            raise ItemError("PDF-007")

    def _run(self, data: bytes, resources: dict[str, Any], depth: int) -> None:
        from pypdf.generic import ContentStream, DecodedStreamObject

        if depth > MOST_DEPTH:
            raise ItemError("PDF-003")
        source = DecodedStreamObject()
        source.set_data(data)
        base, layers = len(self._stack), len(self._layers)
        for operands, operator in ContentStream(source, None, forced_encoding="bytes").operations:
            self._order += 1
            if self._order > MOST_OPERATORS:
                raise ItemError("PDF-003")
            self._do(operator.decode("latin-1"), operands, resources, depth)
        if len(self._stack) > base:
            self._state = self._stack[base]
            del self._stack[base:]
        del self._layers[layers:]

    def _do(self, operator: str, operands: Any, resources: dict[str, Any], depth: int) -> None:
        if operator in _IGNORED:
            return
        numeric = self._numeric.get(operator)
        if numeric is not None:
            values = [number(one, 0.0) for one in operands]
            if len(values) != numeric[0]:
                raise ItemError("PDF-004")
            numeric[1](*values)
        elif operator in _PAINT:
            self._paint(operator)
        elif operator in _SHOWING:
            self._show_operator(operator, operands)
        elif operator == "Tf" and len(operands) == 2:
            self._set(font=self._font(resources, plain(operands[0])), size=number(operands[1], 0.0))
        elif operator in {"sc", "scn"}:
            self._color(operands, resources)
        elif operator in {"SC", "SCN"}:
            self._pattern(operands, resources)
        elif operator in {"cs", "CS"}:
            if operator == "cs":
                self._set(white=False)
        elif operator == "Do":
            self._object(self._entry(resources, "/XObject", operands), resources, depth)
        elif operator == "gs":
            self._graphics(dictionary(self._entry(resources, "/ExtGState", operands)))
        elif operator in {"BMC", "BDC"}:
            self._layers.append(operator == "BDC" and self._layer_off(operands, resources))
        elif operator == "EMC":
            if self._layers:
                self._layers.pop()
        elif operator in {"INLINE IMAGE", "BI", "ID", "EI", "sh"}:
            raise ItemError("PDF-005")
        else:
            raise ItemError("PDF-004")

    def _set(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)

    @staticmethod
    def _entry(resources: dict[str, Any], kind: str, operands: Any) -> Any:
        found = dictionary(resources.get(kind), missing=True).get(plain(operands[0])) if len(operands) == 1 else None
        if found is None:
            raise ItemError("PDF-004")
        return found

    def _font(self, resources: dict[str, Any], name: Any) -> Font:
        resource = dictionary(resources.get("/Font"), missing=True).get(name)
        if resource is None:
            raise ItemError("PDF-006")
        key = getattr(resource, "idnum", None)
        if key is None:
            return read_font(resource, self.meter)
        if key not in self.fonts:
            self.fonts[key] = read_font(resource, self.meter)
        return self.fonts[key]

    # Graphics state and paths.

    def _save(self) -> None:
        if len(self._stack) > 500:
            raise ItemError("PDF-003")
        self._stack.append(self._state)

    def _restore(self) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def _transform(self, *values: float) -> None:
        self._set(ctm=times((values[0], values[1], values[2], values[3], values[4], values[5]), self._state.ctm))

    def _points(self, *values: float) -> list[Point]:
        return [at(self._state.ctm, x, y) for x, y in zip(values[::2], values[1::2], strict=True)]

    def _rectangle(self, x: float, y: float, width: float, height: float) -> None:
        self._paths.rectangle(self._points(x, y, x + width, y, x + width, y + height, x, y + height))

    def _paint(self, operator: str) -> None:
        covers = operator in _FILLING and self._state.opaque and not any(self._layers)
        self._set(clip=self._paths.paint(self._state.clip, self._order, covers=covers, white=self._state.white))

    def _gray(self, value: float) -> None:
        self._set(white=value > 0.95)

    def _rgb(self, red: float, green: float, blue: float) -> None:
        self._set(white=min(red, green, blue) > 0.95)

    def _cmyk(self, *inks: float) -> None:
        self._set(white=max(inks) < 0.05)

    def _color(self, operands: Any, resources: dict[str, Any]) -> None:
        if self._pattern(operands, resources):
            self._set(white=False)
            return
        values = [number(one, 0.0) for one in operands]
        # One number may be a tint, whose full ink is 1, so it is never taken for white.
        self._set(white=(len(values) == 3 and min(values) > 0.95) or (len(values) == 4 and max(values) < 0.05))

    def _pattern(self, operands: Any, resources: dict[str, Any]) -> bool:
        name = plain(operands[-1]) if len(operands) else None
        if not isinstance(name, str):
            return False
        pattern = dictionary(dictionary(resources.get("/Pattern"), missing=True).get(name))
        shading = dictionary(pattern.get("/Shading"), missing=True)
        if int(number(pattern.get("/PatternType"), 0)) != 2 or int(number(shading.get("/ShadingType"), 0)) not in {
            2,
            3,
        }:
            raise ItemError("PDF-005")
        return True

    def _graphics(self, entries: dict[str, Any]) -> None:
        if "/Font" in entries:
            raise ItemError("PDF-004")
        mask = plain(entries.get("/SMask"))
        if mask is not None and mask != "/None":
            raise ItemError("PDF-005")
        if "/ca" in entries:
            alpha = number(entries["/ca"], 1.0)
            self._set(opaque=alpha > 0.95, unseen=alpha < 0.02)
        blend = plain(entries.get("/BM"))
        if blend is not None and blend not in {"/Normal", "/Compatible"}:
            self._set(opaque=False)

    def _object(self, resource: Any, resources: dict[str, Any], depth: int) -> None:
        form = dictionary(resource)
        kind = plain(form.get("/Subtype"))
        if kind == "/Image":
            raise ItemError("PDF-005")
        self._forms += 1
        if kind != "/Form" or self._forms > MOST_FORMS:
            raise ItemError("PDF-004" if kind != "/Form" else "PDF-003")
        before, tm, tlm = self._state, self._tm, self._tlm
        matrix = [number(one, 0.0) for one in array(form.get("/Matrix"), missing=True)] or list(IDENTITY)
        if len(matrix) != 6:
            raise ItemError("PDF-001")
        self._transform(*matrix)
        sides = [number(one, 0.0) for one in array(form.get("/BBox"), missing=True)]
        if len(sides) == 4:
            corners = [(sides[0], sides[1]), (sides[2], sides[1]), (sides[2], sides[3]), (sides[0], sides[3])]
            self._set(clip=overlap(bounds([at(self._state.ctm, *one) for one in corners]), before.clip))
        self._layers.append(self._is_off(form.get("/OC")))
        own = dictionary(form.get("/Resources"), missing=True)
        self._run(stream_bytes(resource, self.meter), own or resources, depth + 1)
        self._layers.pop()
        self._state, self._tm, self._tlm = before, tm, tlm

    def _layer_off(self, operands: Any, resources: dict[str, Any]) -> bool:
        if len(operands) != 2 or plain(operands[0]) != "/OC":
            return False
        name = plain(operands[1])
        return (
            self._is_off(dictionary(resources.get("/Properties"), missing=True).get(name))
            if isinstance(name, str)
            else False
        )

    def _is_off(self, reference: Any) -> bool:
        return getattr(reference, "idnum", None) in self.layers_off

    # Text.

    def _begin(self) -> None:
        self._tm = self._tlm = IDENTITY

    def _next(self, x: float, y: float) -> None:
        self._tm = self._tlm = times((1.0, 0.0, 0.0, 1.0, x, y), self._tlm)

    def _next_leading(self, x: float, y: float) -> None:
        self._set(leading=-y)
        self._next(x, y)

    def _place(self, *values: float) -> None:
        self._tm = self._tlm = (values[0], values[1], values[2], values[3], values[4], values[5])

    def _newline(self) -> None:
        self._next(0.0, -self._state.leading)

    def _show_operator(self, operator: str, operands: Any) -> None:
        wanted = 3 if operator == '"' else 1
        if len(operands) != wanted:
            raise ItemError("PDF-004")
        if operator == '"':
            self._set(words=number(operands[0], 0.0), spacing=number(operands[1], 0.0))
        if operator in {"'", '"'}:
            self._newline()
        for part in array(operands[-1]) if operator == "TJ" else [operands[-1]]:
            item = plain(part)
            if isinstance(item, bytes):
                self._show(item)
            elif isinstance(item, str):
                raise ItemError("PDF-004")
            else:
                moved = -number(item, 0.0) / 1000 * self._state.size * self._state.stretch
                self._tm = times((1.0, 0.0, 0.0, 1.0, moved, 0.0), self._tm)

    def _show(self, data: bytes) -> None:
        state = self._state
        if state.font is None:
            raise ItemError("PDF-006")
        whole = times(self._tm, state.ctm)
        sign = -1.0 if state.size * state.stretch < 0 else 1.0
        across = math.hypot(whole[0], whole[1])
        size = abs((whole[0] * whole[3] - whole[1] * whole[2]) * state.size) / across if across else 0.0
        angle = direction(math.degrees(math.atan2(sign * whole[1], sign * whole[0])))
        seen = state.mode not in {3, 7} and not state.unseen and size >= _LEAST and not any(self._layers)
        bold, mono, done = state.font.bold, state.font.mono, 0.0
        for text, width, blank in state.font.decode(data):
            step = (width / 1000 * state.size + state.spacing + (state.words if blank else 0.0)) * state.stretch
            x, y, advance = whole[4] + done * whole[0], whole[5] + done * whole[1], step * across * sign
            done += step
            center = middle(x, y, advance, size, angle)
            if not (seen and inside(center, self.page.box) and inside(center, state.clip)):
                self.hidden += 1
                continue
            if len(self.marks) >= MOST_MARKS:
                raise ItemError("PDF-003")
            self.marks.append(Mark(text, x, y, advance, size, angle, bold, mono, self._order, state.white))
        self._tm = times((1.0, 0.0, 0.0, 1.0, done, 0.0), self._tm)


_IGNORED = frozenset(["w", "J", "j", "M", "d", "ri", "i", "MP", "DP", "BX", "EX", "G", "RG", "K", "h"])
_FILLING = frozenset(["f", "F", "f*", "B", "B*", "b", "b*"])
_PAINT = _FILLING | {"S", "s", "n"}
_SHOWING = frozenset(["Tj", "TJ", "'", '"'])
