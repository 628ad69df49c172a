"""The detectors of all 18 categories asked about what is left: texts, tables, JSON, descriptors.

What the program itself writes is excused by its form: tags, codes drawn by key, the first of January of a year, names
of standards. It says how many of which category; it must never say what.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit.privacy.foreign import (
    RASTERS,
    VOLUMES,
    as_utf8,
    encoded_texts,
    is_plain,
    packed_texts,
    parquet_notes,
    volume_texts,
    words_in,
)
from curator.audit.privacy.named import AGE, BIRTH, MEMBERS, TABLES, told_by_name, told_in_object
from curator.audit.privacy.objects import policy_of
from curator.audit.privacy.pictures import is_office, is_workbook
from curator.core.errors import CuratorError, ItemError
from curator.identifiers.categories import Category

if TYPE_CHECKING:
    from curator.audit.model import File, Subject
    from curator.formats.dicom.structure import Node
    from curator.identifiers.findings import Finding

_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
#: Attributes that name a maker, a coding scheme's owner, this program's method: no person and no site of care.
_OF_MAKERS = frozenset({0x00080070, 0x00080115, 0x00080116, 0x00081090, 0x00120063, 0x00181020, 0x00080104, 0x00020013})
#: Sequences of equipment whose makers are named alike.
_MAKERS_WORDS = re.compile(r"(?i)\b(?:medical systems|healthcare|imaging|technologies|gmbh|inc|corp|ltd|e\.v\.)\b")
_CODE = re.compile(r"(?=[A-Z2-7]*[2-7])(?=[A-Z2-7]*[A-Z])P?[A-Z2-7]{16}")
_MADE_UID = re.compile(r"(?:urn:oid:)?2\.25\.\d+|(?:urn:oid:)?[0-2](?:\.\d+)+")
_URL_OF_STANDARDS = re.compile(
    r"(?i)(?:https?://|urn:)(?:[a-z0-9-]+\.)*(?:hl7\.org|w3\.org|openxmlformats\.org|purl\.org|loinc\.org|snomed\.info"
    r"|unitsofmeasure\.org|nema\.org|ihe\.net|invalid|microsoft\.com|json-schema\.org|ihtsdo\.org|nih\.gov|who\.int)\b"
)
_JANUARY = re.compile(r"(?:1[89]|20)\d\d(?:-?01-?01)?(?:T?[0:.+Z-]*)?")
#: What the scrubber writes in an identifier's place.
_TAG = re.compile(rf"\[(?:{'|'.join(one.name.replace('_', ' ') for one in Category)})\]")
_LONGEST_TAG = 24
_OR_OLDER = re.compile(r"\s*(?:\+|or older|years? or older|and older)", re.IGNORECASE)


@dataclass
class ProseProbe:
    """Asks the detectors.

    Parameters
    ----------
    dates
        Dates finer than a year are findings.
    ages
        Ages over 89 are findings.
    facilities
        Names of facilities are findings.
    everything
        All files are data, not only those below clean/, and none of them is the program's own.
    year
        In which a year of birth is judged that stands without a study; 0 where none is.
    """

    dates: bool = True
    ages: bool = True
    facilities: bool = True
    everything: bool = False
    year: int = 0
    name: str = "privacy-prose"
    version: int = 6

    def wants(self, file: File) -> bool:
        """What a reader can read of the data; journal, ledger and policy are the program's own.

        Of images the metadata are looked at by the probe of containers.
        """
        return file.kind not in RASTERS and file.size > 0 and (self.everything or file.path.startswith("clean/"))

    def parameters(self) -> Mapping[str, Any]:
        """Return what is a finding, and a mark of the detectors' version."""
        from curator import __version__

        said = {"dates": self.dates, "ages": self.ages, "facilities": self.facilities, "program": __version__}
        return {**said, "everything": self.everything, "year": self.year}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Ask about one file.

        Returns
        -------
        dict
            ``found`` by category and kind, ``zips``, ``texts``, and ``unread`` where something was read, but not all.

        Raises
        ------
        ItemError
            AUP-002 when nothing of it can be read, AUP-003 when it is too much.
        """
        from curator.detect.text import detectors
        from curator.detect.text.protocol import find_all
        from curator.identifiers.findings import merge

        asked = detectors(facilities=self.facilities, weighed=False)
        found: Counter[str] = Counter()
        zips = texts = 0
        unread = False
        try:
            for kind, text in self._texts(file, stream, found):
                texts += 1
                for one in merge(find_all(text, asked)):
                    if self._excused(kind, text, one):
                        continue
                    if one.kind == "zip":
                        zips += 1
                    found[f"{one.category.value}:{one.kind}"] += 1
        except ItemError:
            # What was found stands; without it, the file was not looked at.
            if not found:
                raise
            unread = True
        return {"found": dict(sorted(found.items())), "zips": zips, "texts": texts, "unread": unread}

    def _texts(self, file: File, stream: BinaryIO, found: Counter[str]) -> Iterator[tuple[str, str]]:
        """Yield (kind, text) of everything that can be read in a file, and count in ``found`` what its fields tell."""
        try:
            if file.kind in {"dicom", "dicomdir"}:
                nodes = _elements(stream)
                self._add(found, told_in_object(nodes, self.year, strange=self.everything))
                yield from (("dicom", text) for text in _values(nodes, ()))
            elif file.kind in VOLUMES:
                yield from ((file.kind, text) for text in volume_texts(file.kind, stream))
            elif file.kind == "archive" and not is_office(stream):
                yield from ((file.kind, text) for text in packed_texts(stream, file.size))
            else:
                yield from self._readable("excel" if file.kind == "archive" else file.kind, stream, found)
        except (CuratorError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - whatever a reader raises may quote the file
            raise ItemError("AUP-002") from None

    def _readable(self, kind: str, stream: BinaryIO, found: Counter[str]) -> Iterator[tuple[str, str]]:
        from curator.audit.privacy.laboratory import RANGED, WithoutRanges, ranges_in
        from curator.scrub.ranges import is_measured
        from curator.scrub.readable import readable_texts

        if kind == "hdf5":
            raise ItemError("AUP-002")
        if is_plain(kind):
            try:
                stream = as_utf8(stream)
            except ItemError:
                yield from ((kind, text) for text in words_in(stream))
                raise ItemError("AUP-002") from None
        if kind == "parquet":
            yield from ((kind, text) for text in parquet_notes(stream))
            stream.seek(0)
        named = kind in MEMBERS or (kind in TABLES and (kind != "excel" or is_workbook(stream)))
        ranges = ranges_in(stream) if named and kind in TABLES else Counter[str]()
        stream.seek(0)
        shown = WithoutRanges(kind, stream) if kind in RANGED else stream
        asked = ""
        for text in readable_texts(kind, shown):  # type: ignore[arg-type]  # read() is all that these kinds ask for
            # In a row of a narrative's table the last words before a range say what was measured; a day is no range.
            if ranges.get(text, 0) or (kind == "cda" and asked and is_measured(text, beside=True, asked=asked)):
                ranges[text] -= 1
                continue
            if kind == "cda" and any(map(str.isalpha, text)) and not _TAG.fullmatch(text.strip()):
                asked = text
            yield kind, text
            if self.everything and is_plain(kind):
                yield from ((kind, part) for part in encoded_texts(text))
        if named:
            stream.seek(0)
            self._add(found, told_by_name(kind, stream, self.year))

    def _add(self, found: Counter[str], told: Counter[str]) -> None:
        found.update({what: count for what, count in told.items() if self.ages or what not in {AGE, BIRTH}})

    def _excused(self, kind: str, text: str, one: Finding) -> bool:
        value = text[one.start : one.end]
        if _CODE.fullmatch(_word(text, one)) is not None or _in_tag(text, one):
            return True
        if one.category is Category.DATE:
            if one.kind in {"age", "birth-year"}:
                return not self.ages or _OR_OLDER.match(text, one.end) is not None or value.strip() in {"90", "90+"}
            return not self.dates or _JANUARY.fullmatch(value.strip()) is not None
        if one.kind == "uid":
            return _MADE_UID.fullmatch(value) is not None and (
                kind == "cda" or value.startswith(("2.25.", "urn:oid:2.25.", "1.2.840.10008.", "2.16.840.1.113883."))
            )
        if one.category is Category.URL:
            return _URL_OF_STANDARDS.match(value) is not None
        if one.kind in {"code", "iban"} or one.rule.startswith("cue."):
            return "hl7-org" in value
        if one.kind == "file":
            return value.endswith("Content_Types].xml")
        if kind == "dicom" and one.rule == "name.lexicon":
            return True  # devices' words in capitals, which the cleaning of descriptors knows better
        return kind == "dicom" and one.kind == "facility" and _MAKERS_WORDS.search(value) is not None


def _word(text: str, one: Finding) -> str:
    """Return the whole word that a finding begins or ends in: a made code may hold letters that read like a label."""
    start, end = one.start, one.end
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end]


def _in_tag(text: str, one: Finding) -> bool:
    """Say whether a finding is within a tag: behind "SSN", [RECORD NUMBER] reads like a name."""
    near = _TAG.finditer(text, max(0, one.start - _LONGEST_TAG), one.end + _LONGEST_TAG)
    return any(tag.start() <= one.start and one.end <= tag.end() for tag in near)


def _elements(stream: BinaryIO) -> list[Node]:
    import io

    from curator.formats.dicom.ranged import file_range
    from curator.formats.dicom.walk import parse

    size = stream.seek(0, 2)
    stream.seek(0)
    long = size > (64 << 20) and isinstance(stream, io.BufferedReader)
    _, nodes = parse(file_range(stream.fileno(), size) if long else stream.read())
    return nodes


def _values(nodes: list[Node], terms: tuple[str, ...]) -> Iterator[str]:
    from curator.audit.closed.header import readings
    from curator.audit.privacy.objects import vr_of

    for node in nodes:
        if node.tag == 0x00080005 and node.items is None:
            terms = tuple(part.strip(" \0") for part in bytes(node.value).decode("latin-1").split("\\"))
    for node in nodes:
        if node.items is not None:
            for item in node.items:
                yield from _values(item, terms)
        elif vr_of(node) in _TEXT_VRS and node.tag not in _OF_MAKERS and not node.fragments:
            # The first reading is the declared one; another is another script for the same bytes.
            for text in readings(bytes(node.value), terms):
                yield text.strip("\0 ").replace("^", " ") if node.vr == "PN" else text.strip("\0 ")
                break


def prose_probe(subject: Subject) -> ProseProbe:
    """Return the probe for a subject's data under its policy; without one, everything is a finding."""
    policy = policy_of(subject)
    return ProseProbe(
        dates=policy is None or str(policy.dates) not in {"shift", "keep"},
        ages=policy is None or str(policy.ages) != "keep",
        facilities=policy is None or policy.facilities,
        everything=subject.kind == "folder",
        year=_year(subject),
    )


def _year(subject: Subject) -> int:
    """Return the year in which ages are judged: the project's, as the scrub does; of a folder, the present one."""
    from curator.core.clock import SystemClock

    if subject.kind == "folder":
        return SystemClock().now().year
    return 0 if subject.project is None else subject.project.config.project_date.year
