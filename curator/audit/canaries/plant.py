"""Planting canaries into a copy of a file, in memory: into texts as lines of their own, into headers as descriptors.

Records take them where a person's words stand in them (:mod:`curator.audit.canaries.records`), tables in their columns
of free text (:mod:`curator.audit.canaries.tables`), PDF reports on a page of their own
(:mod:`curator.audit.canaries.reports`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curator.audit.canaries.made import Canary
from curator.audit.canaries.records import into_cda, into_fhir, into_hl7, into_json
from curator.audit.canaries.reports import into_pdf
from curator.audit.canaries.tables import into_table
from curator.core.errors import ItemError
from curator.formats import textcode

if TYPE_CHECKING:
    from curator.scrub.treatment import Treatment

#: Kinds, as the journal names them, into which canaries are planted.
KINDS = frozenset({"dicom", "text", "json", "ndjson", "fhir", "hl7", "cda", "csv", "excel", "parquet", "pdf"})
_RECORDS = {
    "json": into_json,
    "ndjson": into_json,
    "fhir": into_fhir,
    "hl7": into_hl7,
    "cda": into_cda,
    "pdf": into_pdf,
}
_TABLES = frozenset({"csv", "excel", "parquet"})
#: Largest file that is copied.
MOST = 64 << 20
_LONG = (0x00204000, 0x001021B0, 0x00104000, 0x00324000)
_SHORT = (0x00081030, 0x0008103E, 0x00181030, 0x00321060)
_MOST_SHORT = 64


def planted(kind: str, data: bytes, canaries: Sequence[Canary], treatment: Treatment) -> bytes:
    """Return a copy of a file with canaries.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    data
        The file.
    canaries
        What is planted, each in a place of its own.
    treatment
        The policy: it says which columns of a table are free text.

    Raises
    ------
    ItemError
        When the file cannot be read, has no place for free text (AUP-007), or its encoding does not take them.
    """
    if kind == "dicom":
        return _into_object(data, canaries)
    if kind in _TABLES:
        return into_table(data, canaries, treatment)
    return _RECORDS.get(kind, _into_text)(data, canaries)


def _into_text(data: bytes, canaries: Sequence[Canary]) -> bytes:
    stream = io.BytesIO(data)
    coding = textcode.detect(stream)
    text = "".join(textcode.decoded(stream, coding))
    lines = text.splitlines(keepends=True) or [""]
    end = "\r\n" if "\r\n" in text else "\n"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    step = max(1, len(lines) // (len(canaries) + 1))
    for at, one in reversed(list(enumerate(canaries))):
        lines.insert(min(len(lines), (at + 1) * step), one.sentence + end)
    try:
        return data[: coding.skip] + "".join(lines).encode("utf-8" if coding.name == "mixed" else coding.name)
    except UnicodeEncodeError:
        raise ItemError("TXT-021") from None


def _into_object(data: bytes, canaries: Sequence[Canary]) -> bytes:
    from curator.formats.dicom.read import guarded, read_dataset

    dataset, _ = read_dataset(data)
    with guarded():
        from pydicom.dataset import Dataset
        from pydicom.sequence import Sequence as Items

        item = Dataset()
        taken: set[int] = set()
        for at, one in enumerate(canaries):
            holder = item if at % 4 == 3 else dataset
            short = _SHORT[at // 2 % len(_SHORT)]
            free = short not in taken and len(one.sentence) <= _MOST_SHORT
            tag, vr = (short, "LO") if at % 2 and free else (_LONG[at // 2 % len(_LONG)], "LT")
            before = str(holder[tag].value or "") if tag in holder and vr == "LT" else ""
            taken.add(tag)
            holder.add_new(tag, vr, f"{before}; {one.sentence}" if before else one.sentence)
        if len(item):
            # Inside of a sequence, as orders are kept.
            dataset.add_new(0x00400275, "SQ", Items([item]))
        out = io.BytesIO()
        dataset.save_as(out, enforce_file_format=True)
        return out.getvalue()
