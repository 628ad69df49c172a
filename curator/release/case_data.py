"""Case-level data of a release: data sets of patients, series and labels as SAS transport files, with their define.xml.

Holds what the clean headers and the signed records say, nothing more: pseudonyms, reader ids, digests. Free texts of
labels stay in the records; a row names the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from curator.release.cases import OLDEST, SEXES, UNKNOWN, Series, code, number, words
from curator.release.define import DataSet, Variable, define_xml
from curator.release.facts import Facts
from curator.release.xport import LONGEST, Column, Value, transport

_SEX_CODES = {"male": "M", "female": "F", "other": "O"}
_FROM_HEADER = "From the header of the de-identified file, where all headers of the patient agree."
_FROM_SERIES = "From the header of the first file of the series, after de-identification."
_FROM_RECORD = "From the signed record of the label."


def _char(name: str, label: str, length: int, says: str, origin: str = "Collected", key: int = 0) -> Variable:
    return Variable(Column(name, label, "char", length), origin, says, key=key)


def _num(name: str, label: str, says: str, *, whole: bool = True, origin: str = "Collected") -> Variable:
    return Variable(Column(name, label, "num", 8), origin, says, whole=whole)


def _sexes() -> Variable:
    terms = tuple((short, SEXES[short]) for short in _SEX_CODES.values())
    return Variable(Column("SEX", "Sex", "char", 1), "Collected", _FROM_HEADER, terms)


CASES = DataSet(
    "CASES",
    "Patients of the release",
    "One record per patient",
    "cases.xpt",
    (
        _char("CASEID", "Pseudonym of the patient", 64, "Assigned by the program from a random key.", "Assigned", 1),
        _char("SITEID", "Site", 63, "The site of the project.", "Assigned"),
        _char("SPLIT", "Split of the dataset", 32, "From the signed assignment of patients to splits.", "Assigned"),
        _sexes(),
        _num("AGE", "Age in years at the earliest study", f"{_FROM_HEADER} 90 stands for over 89."),
        _char("ORIGIN", "Race or ethnicity by OMB category", 40, _FROM_HEADER),
        _num("HEIGHT", "Height in meters", _FROM_HEADER, whole=False),
        _num("WEIGHT", "Weight in kilograms", _FROM_HEADER, whole=False),
        _num("STUDIES", "Number of studies", "Counted.", origin="Derived"),
        _num("IMAGES", "Number of image files", "Counted.", origin="Derived"),
        _num("SAMPLES", "Number of files", "Counted.", origin="Derived"),
        _num("LABELS", "Number of labels that stand", "Counted.", origin="Derived"),
    ),
    repeating=False,
)

SERIES = DataSet(
    "SERIES",
    "Image series of the release",
    "One record per series",
    "series.xpt",
    (
        _char("CASEID", "Pseudonym of the patient", 64, "As in CASES.", "Assigned", 1),
        _char("STUDYUID", "New study instance UID", 64, "Assigned by the program.", "Assigned", 2),
        _char("SERIEUID", "New series instance UID", 64, "Assigned by the program.", "Assigned", 3),
        _char("MODALITY", "Modality", 16, _FROM_SERIES),
        _char("BODYPART", "Body part examined", 16, _FROM_SERIES),
        _char("LATERAL", "Laterality", 16, _FROM_SERIES),
        _char("MANUF", "Manufacturer", 64, _FROM_SERIES),
        _char("MODEL", "Manufacturer's model name", 64, _FROM_SERIES),
        _num("YEAR", "Year of the study as released", _FROM_SERIES),
        _num("KVP", "Peak kilovoltage", _FROM_SERIES, whole=False),
        _num("THICK", "Slice thickness in mm", _FROM_SERIES, whole=False),
        _num("TESLA", "Magnetic field strength", _FROM_SERIES, whole=False),
        _num("PIXEL", "Row spacing of pixels in mm", _FROM_SERIES, whole=False),
        _num("ROWS", "Rows", _FROM_SERIES),
        _num("COLS", "Columns", _FROM_SERIES),
        _num("FILES", "Number of files", "Counted.", origin="Derived"),
    ),
    repeating=True,
)

LABELS = DataSet(
    "LABELS",
    "Labels of the release",
    "One record per label",
    "labels.xpt",
    (
        _char("CASEID", "Pseudonym of the patient", 64, "As in CASES.", "Assigned", 1),
        _char("LABELID", "Label", 128, _FROM_RECORD, "Assigned", 2),
        _char("SAMPLE", "New UID of the labeled file or series", 64, "Last part of the path.", "Assigned"),
        _char("KIND", "Kind of label", 64, _FROM_RECORD),
        _char("CLASS", "Class that the label names", 60, f"{_FROM_RECORD} Blank where it names none."),
        _char("AUTHOR", "Reader", 64, _FROM_RECORD),
        _char("MEANING", "Meaning of the signature", 20, _FROM_RECORD),
        _char("STAGE", "Stage of reading", 64, _FROM_RECORD),
        _char("STATUS", "What became of the label", 32, "From the signed records about the label.", "Derived"),
        _char("TRUTH", "Basis of the truth", 32, _FROM_RECORD),
        _char("ORIGIN", "Whose work it is", 16, _FROM_RECORD),
        _char("GUIDELIN", "Guideline and version", 98, _FROM_RECORD),
        _char("SIGNED", "Time of signing in UTC", 20, _FROM_RECORD),
        _char("LEAFHASH", "Leaf hash of the record", 64, "SHA-256 by RFC 9162, section 2.1.1.", "Derived"),
    ),
    repeating=True,
)
DATA_SETS = (CASES, SERIES, LABELS)
_MEASURES = ("kvp", "slice_thickness", "field_strength", "pixel_spacing", "rows", "columns")
#: Values of headers whose words are kept.
_KNOWN = 1024


def _stated(text: str) -> str:
    return "" if text == UNKNOWN else text


def _ascii(text: str, most: int = LONGEST) -> str:
    """Return a text fit for a transport file; other letters become escapes, so that two texts stay two."""
    made = "".join(mark if mark.isprintable() else "?" for mark in text.encode("ascii", "backslashreplace").decode())
    return made if len(made) <= most else ""


def _case_rows(facts: Facts) -> Iterator[list[Value]]:
    site = facts.acquired[0]["site"] if facts.acquired else ""
    labels: dict[str, int] = {}
    for one in facts.labels:
        if one.stands:
            labels[one.patient] = labels.get(one.patient, 0) + 1
    for case in facts.cases:
        age = 90 if case.band == OLDEST else case.age
        yield [
            case.patient, site, facts.splits.get(case.patient, ""), _SEX_CODES.get(case.sex, ""), age,
            _stated(case.origin), case.height, case.weight, case.studies, case.images, case.samples,
            labels.get(case.patient, 0),
        ]  # fmt: skip


def year_of(series: Series) -> int | None:
    """Return the year of a series' study as its clean header states it."""
    text = series.values.get("study_date", "")[:4]
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


def _series_rows(facts: Facts) -> Iterator[list[Value]]:
    # What many headers state is looked at once.
    term = lru_cache(_KNOWN)(lambda text: _stated(code(text)))
    maker = lru_cache(_KNOWN)(lambda text: _ascii(_stated(words(text, facts.guard))))
    measure = lru_cache(_KNOWN)(number)
    for one in facts.series:
        said = one.values.get
        yield [
            one.patient, one.study, one.series, term(said("modality", "")), term(said("body_part", "")),
            term(said("laterality", "")), maker(said("manufacturer", "")), maker(said("model", "")), year_of(one),
            *[measure(said(name, "")) for name in _MEASURES], one.files,
        ]  # fmt: skip


def _uid(sample: str) -> str:
    """Return the file's name without its ending; of a series the folder's name."""
    folder, _, name = sample.rpartition("/")
    return name.rsplit(".", 1)[0] if name else folder.rpartition("/")[2]


def _label_rows(facts: Facts) -> Iterator[list[Value]]:
    for one in facts.labels:
        yield [
            one.patient, one.label, _uid(one.sample), one.kind, _ascii(one.named, 60),
            one.author, one.meaning, one.stage, one.status, one.truth, one.origin, one.guideline, one.signed, one.leaf,
        ]  # fmt: skip


def case_files(facts: Facts) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each transport file and of define.xml.

    Raises
    ------
    UsageError
        SUB-001 to SUB-004 for a value that the format cannot hold.
    """
    day = date.fromisoformat(facts.manifest["date"])
    for one, rows in ((CASES, _case_rows), (SERIES, _series_rows), (LABELS, _label_rows)):
        yield one.file, b"".join(transport(one.name, one.label, one.columns, rows(facts), day))
    said = facts.manifest
    yield "define.xml", define_xml(said["dataset"], said["version"], said["date"], said["program"], DATA_SETS)
