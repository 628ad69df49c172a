"""ZIP codes in columns and members that are named after them: nobody can tell five digits in a text from a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.privacy.pictures import is_workbook
from curator.core.errors import CuratorError, ItemError

if TYPE_CHECKING:
    from curator.audit.model import File

_NAME = re.compile(
    r"(?i)(?:^|[^a-z])(?:zip|zip_?code|postal_?code|post_?code|plz)(?:[^a-z]|$)|^(?:.*[a-z])?(?:ZipCode|PostalCode)$"
)
_FINE = re.compile(r"\s*\d{4,5}(?:-?\d{4})?\s*")
_THREE = re.compile(r"\s*(\d{3})(?:\s*|[Xx*]{2}|00)\s*")
_MEMBER = re.compile(r'"(?:postalCode|zip|zipCode|zip_code|postal_code)"\s*:\s*"?([^",}\]]{1,20})')
_ELEMENT = re.compile(r"<postalCode[^>]*>([^<]{1,20})<")
_BLOCK = 4 << 20


@dataclass
class ZipProbe:
    """Looks at tables and documents with named fields.

    Parameters
    ----------
    everything
        All files are data, not only those below clean/.
    """

    everything: bool = False
    name: str = "privacy-zip"
    version: int = 2

    def wants(self, file: File) -> bool:
        """Tables, JSON, XML."""
        data = self.everything or file.path.startswith("clean/")
        return data and file.kind in {"csv", "parquet", "archive", "json", "ndjson", "fhir", "cda", "xml"}

    def parameters(self) -> Mapping[str, Any]:
        """The bytes alone decide."""
        return {}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Count codes. Raises ItemError when the file cannot be read whole."""
        fine = small = 0
        try:
            for value in _values(file.kind, stream):
                is_fine, is_small = judged(value)
                fine, small = fine + is_fine, small + is_small
        except (CuratorError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - whatever a reader raises may quote the file
            raise ItemError("AUP-002") from None
        return {"fine": fine, "small": small}


def judged(value: str) -> tuple[bool, bool]:
    """Say whether a code has more than three digits, and whether three are of an area of few people."""
    from curator.detect.text.replace import zip_prefix

    three = _THREE.fullmatch(value)
    if three is not None and not (
        value.strip().isdecimal() and len(value.strip()) == 5 and not value.strip().endswith("00")
    ):
        return False, three[1] != "000" and zip_prefix(three[1]) == "000"
    return _FINE.fullmatch(value) is not None, False


def _values(kind: str, stream: BinaryIO) -> Iterator[str]:
    if kind == "archive" and not is_workbook(stream):
        return
    if kind in {"csv", "parquet", "archive"}:
        from curator.scrub.tabular.medium import tables_of

        for table in tables_of(stream)[1]:
            places = [at for at, name in enumerate(table.names) if _NAME.search(name or "")]
            if places:
                yield from (str(row[at]) for row in table.rows() for at in places if at < len(row) and row[at])
        return
    held = ""
    while block := stream.read(_BLOCK):
        text = held + block.decode("utf-8", "replace")
        for pattern in (_MEMBER, _ELEMENT):
            yield from (match[1] for match in pattern.finditer(text) if match.end() > len(held))
        held = text[-200:]
