"""What the headers say of the patients, as the release keeps it: sex, age, ethnic group. One row a person."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.core.errors import ItemError

if TYPE_CHECKING:
    from curator.audit.model import File, Looked

_TAGS = {0x00100040: "sex", 0x00101010: "age", 0x00102160: "group"}
_AGE = re.compile(r"(\d{3})([DWMY])")
_LOADED = 64 << 20
#: Names of the columns that are made of headers.
COLUMNS = ("sex", "age", "group")


@dataclass
class PeopleProbe:
    """Reads the three attributes of each object."""

    name: str = "privacy-people"
    version: int = 1

    def wants(self, file: File) -> bool:
        """DICOM objects."""
        return file.kind == "dicom"

    def parameters(self) -> Mapping[str, Any]:
        """The bytes alone decide."""
        return {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Read one object. Raises ItemError when it cannot be followed to its end."""
        from curator.formats.dicom.ranged import file_range
        from curator.formats.dicom.walk import parse

        long = file.size > _LOADED and isinstance(stream, io.BufferedReader)
        _, nodes = parse(file_range(stream.fileno(), file.size) if long else stream.read())
        found = dict.fromkeys(COLUMNS, "")
        for node in nodes:
            if node.tag in _TAGS and node.items is None:
                found[_TAGS[node.tag]] = bytes(node.value[:64]).decode("latin-1").strip("\0 ")
        return found


def band(age: str, years: int) -> str:
    """Return the band of an age such as ``045Y``, for example 40-49; empty when there is none."""
    match = _AGE.fullmatch(age)
    if match is None:
        return ""
    number = int(match[1]) if match[2] == "Y" else 0
    first = number // years * years
    return f"{first}-{first + years - 1}"


def rows_of(seen: Iterable[Looked], years: int) -> dict[str, tuple[str, str, str]]:
    """Return each person's folder to sex, band of the youngest age, ethnic group.

    Parameters
    ----------
    seen
        What the probe found, file by file.
    years
        Width of the bands.

    Raises
    ------
    ItemError
        The code of a file that could not be read.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for one in seen:
        if one.found is None:
            raise ItemError(one.code or "AUP-002")
        person = one.file.path.rpartition("clean/")[2].partition("/")[0]
        row = found.setdefault(person, {name: set() for name in COLUMNS})
        for name in COLUMNS:
            if one.found[name]:
                row[name].add(one.found[name])
    return {
        person: (_first(row["sex"]), band(_first(row["age"]), years), _first(row["group"]))
        for person, row in found.items()
    }


def _first(values: set[str]) -> str:
    return min(values, default="")
