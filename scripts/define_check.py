"""Checks a define.xml and the transport files that it describes, with code of its own, by facts of the standards.

    python scripts/define_check.py PACKAGE/data/ecopy/"STATISTICAL DATA"/case_level_data.zip

Define-XML 2.1 (CDISC, 15 May 2019) on ODM 1.3.2: required elements and attributes, the order of elements, values of
closed lists, unique OIDs, references that resolve and are used; TS-140 (SAS XPORT 5): variables, types and lengths as
described, values within their code lists. Prints one line a finding; exit 0 when there is none, 1 otherwise. Needs the
standard library alone, and nothing of the program whose output it judges. It is no schema validation: extensions of
ODM that no case-level data set here uses (value lists, methods, analysis results) are said to be unknown, not passed.
"""

from __future__ import annotations

import re
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

ODM, DEF = "{http://www.cdisc.org/ns/odm/v1.3}", "{http://www.cdisc.org/ns/def/v2.1}"
LINK, LANG = "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}"
NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?")
YES = {"Yes", "No"}
#: Element: attributes that it must have, others that it may have; children in their order with least and most.
MANY = 1 << 30
SHAPE = {
    ODM + "ODM": (
        ["FileType", "FileOID", "CreationDateTime", "ODMVersion", DEF + "Context"],
        ["AsOfDateTime", "Originator", "SourceSystem", "SourceSystemVersion"],
        [(ODM + "Study", 1, 1)],
    ),
    ODM + "Study": (["OID"], [], [(ODM + "GlobalVariables", 1, 1), (ODM + "MetaDataVersion", 1, 1)]),
    ODM + "GlobalVariables": (
        [],
        [],
        [(ODM + "StudyName", 1, 1), (ODM + "StudyDescription", 1, 1), (ODM + "ProtocolName", 1, 1)],
    ),
    ODM + "MetaDataVersion": (
        ["OID", "Name", DEF + "DefineVersion"],
        ["Description", DEF + "CommentOID"],
        [
            (DEF + "Standards", 0, 1),
            (ODM + "ItemGroupDef", 1, MANY),
            (ODM + "ItemDef", 1, MANY),
            (ODM + "CodeList", 0, MANY),
            (DEF + "CommentDef", 0, MANY),
            (DEF + "leaf", 0, MANY),
        ],
    ),
    DEF + "Standards": ([], [], [(DEF + "Standard", 1, MANY)]),
    DEF + "Standard": (["OID", "Name", "Type", "Version"], ["PublishingSet", "Status", DEF + "CommentOID"], []),
    ODM + "ItemGroupDef": (
        ["OID", "Name", "Repeating", "IsReferenceData", "Purpose", DEF + "Structure", DEF + "ArchiveLocationID"],
        ["SASDatasetName", "Domain", DEF + "StandardOID", DEF + "IsNonStandard", DEF + "HasNoData", DEF + "CommentOID"],
        [(ODM + "Description", 1, 1), (ODM + "ItemRef", 1, MANY), (DEF + "Class", 0, 1), (DEF + "leaf", 1, 1)],
    ),
    ODM + "ItemRef": (["ItemOID", "Mandatory"], ["OrderNumber", "KeySequence", "Role"], []),
    DEF + "Class": (["Name"], [], []),
    DEF + "leaf": (["ID", LINK + "href"], [], [(DEF + "title", 1, 1)]),
    DEF + "title": ([], [], []),
    ODM + "ItemDef": (
        ["OID", "Name", "DataType"],
        ["Length", "SignificantDigits", "SASFieldName", DEF + "DisplayFormat", DEF + "CommentOID"],
        [(ODM + "Description", 1, 1), (ODM + "CodeListRef", 0, 1), (DEF + "Origin", 1, MANY)],
    ),
    ODM + "CodeListRef": (["CodeListOID"], [], []),
    DEF + "Origin": (["Type"], ["Source"], [(ODM + "Description", 0, 1)]),
    ODM + "CodeList": (
        ["OID", "Name", "DataType"],
        ["SASFormatName", DEF + "StandardOID", DEF + "IsNonStandard", DEF + "CommentOID"],
        [(ODM + "Description", 0, 1), (ODM + "CodeListItem", 0, MANY), (ODM + "EnumeratedItem", 0, MANY)],
    ),
    ODM + "CodeListItem": (["CodedValue"], ["Rank", "OrderNumber"], [(ODM + "Decode", 1, 1)]),
    ODM + "EnumeratedItem": (["CodedValue"], ["Rank", "OrderNumber"], []),
    ODM + "Decode": ([], [], [(ODM + "TranslatedText", 1, MANY)]),
    ODM + "Description": ([], [], [(ODM + "TranslatedText", 1, MANY)]),
    ODM + "TranslatedText": ([], [LANG + "lang"], []),
    DEF + "CommentDef": (["OID"], [], [(ODM + "Description", 1, 1)]),
    **{ODM + name: ([], [], []) for name in ("StudyName", "StudyDescription", "ProtocolName")},
}
#: (element, attribute): the values that it may have.
CLOSED = {
    (ODM + "ODM", "FileType"): {"Snapshot"},
    (ODM + "ODM", "ODMVersion"): {"1.3.2"},
    (ODM + "ODM", DEF + "Context"): {"Submission", "Other"},
    (ODM + "ItemGroupDef", "Repeating"): YES,
    (ODM + "ItemGroupDef", "IsReferenceData"): YES,
    (ODM + "ItemGroupDef", "Purpose"): {"Tabulation", "Analysis"},
    (ODM + "ItemGroupDef", DEF + "IsNonStandard"): {"Yes"},
    (ODM + "CodeList", DEF + "IsNonStandard"): {"Yes"},
    (ODM + "CodeList", "DataType"): {"text", "integer", "float"},
    (ODM + "ItemRef", "Mandatory"): YES,
    (ODM + "ItemDef", "DataType"): {
        "text",
        "integer",
        "float",
        "datetime",
        "date",
        "time",
        "partialDate",
        "partialTime",
        "partialDatetime",
        "incompleteDatetime",
        "durationDatetime",
        "intervalDatetime",
    },
    (DEF + "Origin", "Type"): {
        "Assigned",
        "Collected",
        "Derived",
        "Not Available",
        "Other",
        "Predecessor",
        "Protocol",
    },
    (DEF + "Origin", "Source"): {"Investigator", "Sponsor", "Subject", "Vendor"},
    (DEF + "Class", "Name"): {
        "ADAM OTHER",
        "BASIC DATA STRUCTURE",
        "DEVICE LEVEL ANALYSIS DATASET",
        "EVENTS",
        "FINDINGS",
        "FINDINGS ABOUT",
        "INTERVENTIONS",
        "MEDICAL DEVICE BASIC DATA STRUCTURE",
        "MEDICAL DEVICE OCCURRENCE DATA STRUCTURE",
        "OCCURRENCE DATA STRUCTURE",
        "REFERENCE DATA STRUCTURE",
        "RELATIONSHIP",
        "SPECIAL PURPOSE",
        "STUDY REFERENCE",
        "SUBJECT LEVEL ANALYSIS DATASET",
        "TRIAL DESIGN",
    },
}


def short(tag: str) -> str:
    return tag.replace(ODM, "").replace(DEF, "def:").replace(LINK, "xlink:").replace(LANG, "xml:")


def shape(one: ET.Element) -> Iterator[str]:
    """Hold an element and what stands in it against the table."""
    known = SHAPE.get(one.tag)
    if known is None:
        yield f"{short(one.tag)}: an element that is unknown here"
        return
    must, may, children = known
    for name in must:
        if not one.get(name, "").strip():
            yield f"{short(one.tag)}: lacks {short(name)}"
    for name, value in one.attrib.items():
        if name not in must and name not in may:
            yield f"{short(one.tag)}: has {short(name)}, which is unknown here"
        allowed = CLOSED.get((one.tag, name))
        if allowed is not None and value not in allowed:
            yield f"{short(one.tag)}: {short(name)} is none of the values of its list"
    order = [tag for tag, _, _ in children]
    places = [order.index(child.tag) if child.tag in order else -1 for child in one]
    if any(place < 0 for place in places):
        yield f"{short(one.tag)}: holds an element that does not belong there"
    elif places != sorted(places):
        yield f"{short(one.tag)}: its elements stand in another order than the standard's"
    for at, (tag, least, most) in enumerate(children):
        if not least <= places.count(at) <= most:
            yield f"{short(one.tag)}: holds {places.count(at)} of {short(tag)}"
    if not children and one.tag in {DEF + "title", ODM + "TranslatedText", ODM + "StudyName"} and not one.text:
        yield f"{short(one.tag)}: is empty"
    for child in one:
        yield from shape(child)


def references(version: ET.Element, names: set[str]) -> Iterator[str]:
    """OIDs are unique, each reference resolves, nothing is defined and never used, each file is there."""
    groups, items, lists = (version.findall(ODM + tag) for tag in ("ItemGroupDef", "ItemDef", "CodeList"))
    oids = Counter(one.get("OID") for one in version.iter() if one.get("OID") and one.tag != ODM + "Study")
    oids[version.get("OID")] += 0
    leaves = {one.get("ID"): one for one in version.iter(DEF + "leaf")}
    oids.update(list(leaves))
    yield from (f"OID stands twice: {oid}" for oid, count in oids.items() if count > 1)
    known_items = {one.get("OID") for one in items}
    known_lists = {one.get("OID") for one in lists}
    used_items = [ref.get("ItemOID") for group in groups for ref in group.findall(ODM + "ItemRef")]
    used_lists = [ref.get("CodeListOID") for item in items for ref in item.findall(ODM + "CodeListRef")]
    for what, used, known in (("ItemDef", used_items, known_items), ("CodeList", used_lists, known_lists)):
        yield from (f"{what} {oid} is referred to and not defined" for oid in sorted(set(used) - known))
        yield from (f"{what} {oid} is defined and never used" for oid in sorted(known - set(used)))
    standards = {one.get("OID") for one in version.iter(DEF + "Standard")}
    comments = {one.get("OID") for one in version.iter(DEF + "CommentDef")}
    for one in version.iter():
        for name, known in ((DEF + "StandardOID", standards), (DEF + "CommentOID", comments)):
            if one.get(name) is not None and one.get(name) not in known:
                yield f"{short(one.tag)}: {short(name)} does not resolve"
    for group in groups:
        leaf = leaves.get(group.get(DEF + "ArchiveLocationID"))
        if leaf is None:
            yield f"{group.get('OID')}: its def:ArchiveLocationID is no leaf"
        elif leaf.get(LINK + "href") not in names:
            yield f"{group.get('OID')}: the file of its leaf is not there"
    described = {leaf.get(LINK + "href") for leaf in leaves.values()}
    yield from (f"{name}: is described by no leaf" for name in sorted(names - described) if name.endswith(".xpt"))


def standards(root: ET.Element, version: ET.Element) -> Iterator[str]:
    """Metadata for a submission name standards and classes; a data set of no standard has no class (section 5.3)."""
    submission = root.get(DEF + "Context") == "Submission"
    if submission and version.find(DEF + "Standards") is None:
        yield "MetaDataVersion: def:Context is Submission, and no def:Standards is named"
    for group in version.findall(ODM + "ItemGroupDef"):
        own, classed = group.get(DEF + "IsNonStandard") == "Yes", group.find(DEF + "Class") is not None
        if own and classed:
            yield f"{group.get('OID')}: def:IsNonStandard and a def:Class exclude each other"
        elif submission and not own and not classed:
            yield f"{group.get('OID')}: lacks the def:Class that a submission needs"


def numbered(version: ET.Element) -> Iterator[str]:
    """Orders and keys count from 1 without a gap; what a type needs is there; names are SAS names."""
    for group in version.findall(ODM + "ItemGroupDef"):
        refs = group.findall(ODM + "ItemRef")
        for name, all_ in (("OrderNumber", True), ("KeySequence", False)):
            found = [ref.get(name) for ref in refs if all_ or ref.get(name) is not None]
            if sorted(int(one) if one and one.isdigit() else 0 for one in found) != list(range(1, len(found) + 1)):
                yield f"{group.get('OID')}: {name} does not count from 1 without a gap"
        if any(ref.get("KeySequence") and ref.get("Mandatory") != "Yes" for ref in refs):
            yield f"{group.get('OID')}: a key that is not mandatory"
        if group.get(DEF + "StandardOID") is None and group.get(DEF + "IsNonStandard") is None:
            yield f"{group.get('OID')}: names neither a standard nor that it follows none"
        if not NAME.fullmatch(group.get("SASDatasetName", "")):
            yield f"{group.get('OID')}: SASDatasetName is no name of a data set"
    for item in version.findall(ODM + "ItemDef"):
        kind = item.get("DataType")
        if kind in {"text", "integer", "float"} and not item.get("Length", "").isdigit():
            yield f"{item.get('OID')}: lacks the Length that its DataType needs"
        if (kind == "float") != (item.get("SignificantDigits") is not None):
            yield f"{item.get('OID')}: SignificantDigits goes with float, and only with it"
        if not NAME.fullmatch(item.get("SASFieldName", "")):
            yield f"{item.get('OID')}: SASFieldName is no name of a variable"
    for one in version.findall(ODM + "CodeList"):
        values = [child.get("CodedValue") for child in one if child.get("CodedValue") is not None]
        if not values or len(set(values)) != len(values):
            yield f"{one.get('OID')}: holds no term, or one twice"


def transport(data: bytes) -> tuple[str, list[tuple[str, str, int, str]], list[bytes], int]:
    """Return name, variables (name, type, length, label), rows and row length of a transport file (TS-140)."""
    if len(data) % 80 or data[:20] != b"HEADER RECORD*******" or data[20:28] != b"LIBRARY ":
        raise ValueError("is no transport file of whole records")
    start = data.index(b"HEADER RECORD*******NAMESTR ")
    member = data.index(b"HEADER RECORD*******DSCRPTR ") + 80
    name = data[member + 8 : member + 16].decode("ascii").strip()
    count = int(data[start + 54 : start + 58])
    found = []
    for at in range(count):
        part = data[start + 80 + 140 * at :][:140]
        kind, _, length, number, field, label = struct.unpack(">hhhh8s40s", part[:56])
        if number != at + 1:
            raise ValueError("numbers its variables with a gap")
        found.append((field.decode("ascii").strip(), "num" if kind == 1 else "char", length, label.decode().strip()))
    rest = data[start + 80 + -(-140 * count // 80) * 80 :]
    if rest[:28] != b"HEADER RECORD*******OBS     ":
        raise ValueError("has no header of observations")
    width, body = sum(length for _, _, length, _ in found), rest[80:]
    whole = [body[at : at + width] for at in range(0, len(body) - width + 1, width)]
    # The last record is filled with blanks; rows that are all blank belong to that filling.
    while whole and not whole[-1].strip(b" ") and len(body) - len(whole) * width + width < 80:
        whole.pop()
    return name, found, whole, width


def described(version: ET.Element, files: dict[str, bytes]) -> Iterator[str]:
    """Hold each data set's description against its file."""
    items = {one.get("OID"): one for one in version.findall(ODM + "ItemDef")}
    terms = {
        one.get("OID"): {child.get("CodedValue") for child in one if child.get("CodedValue") is not None}
        for one in version.findall(ODM + "CodeList")
    }
    leaves = {one.get("ID"): one.get(LINK + "href") for one in version.iter(DEF + "leaf")}
    for group in version.findall(ODM + "ItemGroupDef"):
        href = leaves.get(group.get(DEF + "ArchiveLocationID"), "")
        if href not in files:
            continue
        try:
            name, variables, rows, _ = transport(files[href])
        except (ValueError, struct.error, UnicodeDecodeError) as error:
            yield f"{href}: {error if isinstance(error, ValueError) else 'cannot be read'}"
            continue
        refs = sorted(group.findall(ODM + "ItemRef"), key=lambda ref: int(ref.get("OrderNumber", "0")))
        wanted = [items[ref.get("ItemOID")] for ref in refs if ref.get("ItemOID") in items]
        if name != group.get("SASDatasetName"):
            yield f"{href}: holds a data set of another name"
        said = [
            (one.get("SASFieldName"), "char" if one.get("DataType") == "text" else "num", int(one.get("Length", "0")))
            for one in wanted
        ]
        if said != [variable[:3] for variable in variables]:
            yield f"{href}: its variables are not those that are described, in that order"
            continue
        texts = [" ".join("".join(one.find(ODM + "Description").itertext()).split()) for one in wanted]
        if texts != [label for _, _, _, label in variables]:
            yield f"{href}: a label is not the one that is described"
        yield from _values(href, list(zip(refs, wanted, variables, strict=True)), rows, terms)


def _values(href: str, columns: list[tuple], rows: list[bytes], terms: dict) -> Iterator[str]:
    at, keys = 0, [()] * len(rows)
    for ref, item, (name, kind, length, _) in columns:
        cells = [row[at : at + length] for row in rows]
        at += length
        if kind == "char":
            texts = [cell.decode("ascii", "replace").rstrip() for cell in cells]
            listed = item.find(ODM + "CodeListRef")
            allowed = terms.get(listed.get("CodeListOID")) if listed is not None else None
            if allowed is not None and set(texts) - allowed - {""}:
                yield f"{href}: {name} holds a value that is not in its code list"
        missing = [not cell.strip(b" ") if kind == "char" else cell == b"." + bytes(7) for cell in cells]
        if ref.get("Mandatory") == "Yes" and any(missing):
            yield f"{href}: {name} is mandatory and missing in a row"
        if ref.get("KeySequence"):
            keys = [(*key, cell) for key, cell in zip(keys, cells, strict=True)]
    if len(set(keys)) != len(keys):
        yield f"{href}: two rows have the same key"


def check(files: dict[str, bytes]) -> list[str]:
    """Return what is wrong with a define.xml and the files beside it."""
    data = files.get("define.xml")
    if data is None:
        return ["there is no define.xml"]
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return ["define.xml: declares a document type or entities"]
    try:
        root = ET.fromstring(data)
    except ET.ParseError:
        return ["define.xml: is not well-formed XML"]
    found = list(shape(root))
    if root.tag != ODM + "ODM":
        return found
    if not STAMP.fullmatch(root.get("CreationDateTime", "")):
        found.append("ODM: CreationDateTime is no date and time of ISO 8601")
    version = root.find(f"{ODM}Study/{ODM}MetaDataVersion")
    if version is None:
        return found
    if not re.fullmatch(r"2\.1\.\d+", version.get(DEF + "DefineVersion", "")):
        found.append("MetaDataVersion: def:DefineVersion is not 2.1")
    found += references(version, set(files))
    found += standards(root, version)
    found += numbered(version)
    return found or list(described(version, files))


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: define_check.py FILE.zip", file=sys.stderr)
        return 2
    with zipfile.ZipFile(sys.argv[1]) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = check(files)
    for line in found:
        print(f"FAIL  {line}")
    if not found:
        print("PASS  define.xml keeps the rules, and the files are as it describes them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
