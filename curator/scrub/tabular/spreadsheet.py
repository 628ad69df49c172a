"""Writing a workbook of values from nothing (ECMA-376): no formula, comment, name, picture or link can be in it.

The same rows give the same bytes: parts are stored, not packed, under one fixed time stamp.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape

from curator.core.errors import ItemError
from curator.scrub.tabular.workbook import Value, serial

_MADE = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE = "application/vnd.openxmlformats-package"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: Numbers of the cell formats below: plain, a day, a day with its time.
_DAY, _MOMENT = 1, 2
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What a reader of workbooks would take for a letter's number; its first mark is then written as one itself.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MOST_TEXT = 32_767


class SpreadsheetWriter:
    """Writes sheets one after the other.

    Parameters
    ----------
    out
        Where to; written from its start to its end.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._parts = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
        self._sheets = 0

    def sheet(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write a sheet, named by its number, its header among the rows.

        Raises
        ------
        ItemError
            TAB-017 when a text is longer than a cell takes or holds what XML cannot say.
        """
        self._sheets += 1
        with self._parts.open(_info(f"xl/worksheets/sheet{self._sheets}.xml"), "w", force_zip64=True) as part:
            part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, 1):
                cells = "".join(_cell(value, f"{column(at)}{number}") for at, value in enumerate(row))
                part.write(f'<row r="{number}">{cells}</row>'.encode())
            part.write(b"</sheetData></worksheet>")

    def abandon(self) -> None:
        """Let go of the output, half written: it is thrown away."""
        with contextlib.suppress(ValueError, OSError):
            self._parts.close()

    def close(self) -> None:
        """Write what a workbook needs besides its sheets."""
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
        )
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        book_links = (
            f'<Relationships xmlns="{_LINKS}">{links}<Relationship Id="rId{self._sheets + 1}" Type="{_OFFICE}/styles" '
            'Target="styles.xml"/></Relationships>'
        )
        root = (
            f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        )
        types = (
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{kinds}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
        )
        for name, text in (
            ("xl/workbook.xml", workbook),
            ("xl/_rels/workbook.xml.rels", book_links),
            ("xl/styles.xml", _STYLES),
            ("_rels/.rels", root),
            ("[Content_Types].xml", types),
        ):
            self._parts.writestr(_info(name), _HEAD + text)
        self._parts.close()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MADE)
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


def column(at: int) -> str:
    """Return the letters of a column by its number from 0."""
    letters, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(value: Value, place: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, dt.date):
        day = serial(value)
        style = _DAY if day.is_integer() else _MOMENT
        return f'<c r="{place}" s="{style}"><v>{int(day) if day.is_integer() else repr(day)}</v></c>'
    text = value if isinstance(value, str) else str(value)
    if len(text) > _MOST_TEXT or _FORBIDDEN.search(text):
        raise ItemError("TAB-017")
    text = _ESCAPED.sub(r"_x005F\g<0>", text)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
