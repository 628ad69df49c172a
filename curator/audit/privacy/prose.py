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

from curator.audit.privacy.objects import policy_of
from curator.core.errors import CuratorError, ItemError
from curator.identifiers.categories import Category

if TYPE_CHECKING:
    from curator.audit.model import File, Subject
    from curator.formats.dicom.structure import Node
    from curator.identifiers.findings import Finding

_OTHERS = frozenset(
    {"dicomdir", "nifti", "nrrd", "metaimage", "image", "png", "jpeg", "gif", "tiff", "bmp", "webp", "hdf5"}
)
_OFFICE = b"PK\x03\x04"
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
        All files are data, not only those below clean/.
    """

    dates: bool = True
    ages: bool = True
    facilities: bool = True
    everything: bool = False
    name: str = "privacy-prose"
    version: int = 4

    def wants(self, file: File) -> bool:
        """What a reader can read of the data; journal, ledger and policy are the program's own."""
        return file.kind not in _OTHERS and file.size > 0 and (self.everything or file.path.startswith("clean/"))

    def parameters(self) -> Mapping[str, Any]:
        """Return what is a finding, and a mark of the detectors' version."""
        from curator import __version__

        return {"dates": self.dates, "ages": self.ages, "facilities": self.facilities, "program": __version__}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Ask about one file. Raises ItemError when it cannot be read whole."""
        from curator.detect.text import detectors
        from curator.detect.text.protocol import find_all
        from curator.identifiers.findings import merge

        asked = detectors(facilities=self.facilities, weighed=False)
        found: Counter[str] = Counter()
        zips = texts = 0
        for kind, text in _texts(file.kind, stream):
            texts += 1
            for one in merge(find_all(text, asked)):
                if self._excused(kind, text, one):
                    continue
                if one.kind == "zip":
                    zips += 1
                found[f"{one.category.value}:{one.kind}"] += 1
        return {"found": dict(sorted(found.items())), "zips": zips, "texts": texts}

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


def _texts(kind: str, stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of everything that can be read in a file."""
    from curator.audit.privacy.laboratory import RANGED, WithoutRanges
    from curator.scrub.readable import readable_texts

    head = stream.read(512)
    stream.seek(0)
    if kind == "archive":
        if not head.startswith(_OFFICE):
            raise ItemError("AUP-002")
        kind = "excel"
    try:
        if kind == "dicom":
            for text in _dicom(stream):
                yield "dicom", text
            return
        shown = WithoutRanges(kind, stream) if kind in RANGED else stream
        for text in readable_texts(kind, shown):  # type: ignore[arg-type]  # read() is all that these kinds ask for
            yield kind, text
    except (CuratorError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever a reader raises may quote the file
        raise ItemError("AUP-002") from None


def _dicom(stream: BinaryIO) -> Iterator[str]:
    import io

    from curator.formats.dicom.ranged import file_range
    from curator.formats.dicom.walk import parse

    size = stream.seek(0, 2)
    stream.seek(0)
    long = size > (64 << 20) and isinstance(stream, io.BufferedReader)
    _, nodes = parse(file_range(stream.fileno(), size) if long else stream.read())
    yield from _values(nodes, ())


def _values(nodes: list[Node], terms: tuple[str, ...]) -> Iterator[str]:
    from curator.audit.closed.header import readings
    from curator.audit.privacy.objects import dictionary_vr

    for node in nodes:
        if node.tag == 0x00080005 and node.items is None:
            terms = tuple(part.strip(" \0") for part in bytes(node.value).decode("latin-1").split("\\"))
    for node in nodes:
        if node.items is not None:
            for item in node.items:
                yield from _values(item, terms)
        elif (node.vr or dictionary_vr(node.tag)) in _TEXT_VRS and node.tag not in _OF_MAKERS and not node.fragments:
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
    )
