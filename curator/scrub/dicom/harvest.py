"""Pass 1: what one object tells about the person, the study and their identifiers, from the header alone.

What it returns holds identifiers and goes into the vault; ``where`` alone holds none. It must never put a value into an
error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from curator.core.errors import CuratorError, ItemError
from curator.formats.dicom.encoding import header
from curator.formats.dicom.ranged import Ranged
from curator.formats.dicom.repeats import Repeats
from curator.formats.dicom.walk import parse
from curator.identifiers.spelling import word_list
from curator.scrub.dicom.cleaning import name_of
from curator.scrub.dicom.dates import OLDEST, age_years, read_date, read_moment, read_time
from curator.scrub.dicom.decide import BIRTH_DATE, STRING_VRS, effective_vr
from curator.scrub.dicom.descriptors_terms import is_maker
from curator.scrub.dicom.facilities import is_facility, short_name
from curator.scrub.dicom.matcher import MORE, fold, is_registered_uid
from curator.scrub.dicom.model import Harvest
from curator.scrub.dicom.moments import CLOCK_VRS, TIMEZONE, Moments, Stamp, parts_of
from curator.scrub.dicom.rules import data_text
from curator.scrub.dicom.structured import asked_of_items, told
from curator.scrub.dicom.text import DEFAULT, Encodings, character_set, decode
from curator.scrub.dicom.tree import Node, read_tree

_PATIENT_ID, _ISSUER = 0x00100020, 0x00100021
_SOP_CLASS, _SOP_INSTANCE, _STUDY, _SERIES, _MODALITY = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00080060
_CHARACTER_SET = 0x00080005
_MAKERS = (0x00080070, 0x00081090)
#: (date, time) attributes of study, series, acquisition and content; and one that is both.
_MOMENTS = ((0x00080020, 0x00080030), (0x00080021, 0x00080031), (0x00080022, 0x00080032), (0x00080023, 0x00080033))
_ACQUISITION = 0x0008002A
#: A date beyond it is a placeholder for "never".
_LAST_DAY = "21000101"
_LONGEST, _MOST_KNOWN = 256, 500
#: Categories whose values name places and machines: not searched when they merely repeat the maker's name.
_THINGS = frozenset({"device", "institution"})
#: Categories whose values are lines of text, in which a backslash parts nothing.
_ONE_VALUE = frozenset({"address", "institution_address"})
_SHORT_COUNTS = frozenset({"id", "accession", "name"})
#: Attributes of the data set's own level that are looked at by themselves.
_WANTED = frozenset(
    (_PATIENT_ID, _ISSUER, _SOP_CLASS, _SOP_INSTANCE, _STUDY, _SERIES, _MODALITY, _ACQUISITION, TIMEZONE, *_MAKERS)
) | {tag for pair in _MOMENTS for tag in pair}

_FILLERS = frozenset("0x")
#: Figures in a row that no model is called by, and what a name has besides figures: a word, or a letter before a few.
_LONG_RUN = re.compile(r"\d{5}")
_OF_A_NAME = re.compile(
    r"(?<![^\W\d_])(?!(?:sn|ser|nr|no|id|inv)(?![^\W\d_]))[^\W\d_]{2,}|(?<![^\W_])[^\W\d_]\d{1,3}(?!\d)", re.IGNORECASE
)

#: Headers of elements that tell nothing, as far as this process has met them, and how many it remembers.
_silent: set[bytes] = set()
_MOST_SILENT = 4096
#: Sequences that this process has met, without what tells nothing.
_repeats = Repeats()


@lru_cache(maxsize=4096)  # the headers of a series repeat each other
def is_placeholder(text: str) -> bool:
    """Say whether a patient ID or name says nothing about who it is: blank, ``0``, ``ANON``, ``XXX`` and their like."""
    folded = fold(text)
    if not folded or folded in _placeholders():
        return True
    return set(folded) <= _FILLERS or (len(folded) > 2 and len(set(folded)) == 1)


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(word_list("placeholders"))


@cache
def _categories() -> dict[int, str]:
    raw = tomllib.loads(data_text("identifiers.toml"))
    return {int(entry.split()[0], 16): category for category, entries in raw.items() for entry in entries}


def harvest(data: bytes | Ranged) -> Harvest:
    """Read one object's header.

    Parameters
    ----------
    data
        The whole file, at hand or to be read in ranges.

    Returns
    -------
    Harvest

    Raises
    ------
    ItemError
        DCM-001 to 029 from the structure, DCM-045 when it cannot be read.
    """
    failed = False
    try:
        return _harvest(data)
    except (CuratorError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever it is, its text may quote the file
        failed = True
    if failed:
        raise ItemError("DCM-045")
    raise AssertionError


class _Trait(NamedTuple):
    """What an attribute can tell: its VR, its name in a path, and the category of identifier that its values are."""

    vr: str
    name: str
    category: str
    wanted: bool


@lru_cache(maxsize=8192)
def _trait(tag: int, vr: str | None) -> _Trait | None:
    """Return what an attribute can tell; None when it holds no text."""
    found = effective_vr(tag, vr)[0] or vr or ""
    if found not in STRING_VRS:  # a text that poses as bytes is read as a text
        return None
    if tag == BIRTH_DATE or found in {"DA", "DT"}:
        category = "birth_date" if tag == BIRTH_DATE else "date"
    elif found in {"AS", "TM", "UI"}:
        category = {"AS": "age", "TM": "time", "UI": "uid"}[found]
    else:
        category = "name" if found == "PN" else _categories().get(tag, "")
    return _Trait(found, name_of(tag), category, tag in _WANTED)


def _harvest(data: bytes | Ranged) -> Harvest:
    structure, nodes = parse(data, _repeats, _silent)
    texts = {}  # of the data set's own level
    known: set[tuple[str, str]] = set()
    where: set[tuple[str, str]] = set()
    births: set[str] = set()
    days: set[str] = set()
    long: list[str] = []
    stamps: list[Stamp] = []
    over = False

    def enter(place: str, category: str, text: str) -> None:
        parts = [text] if category in _ONE_VALUE else text.split("\\")
        values = [part.strip() for part in parts if not is_placeholder(part)]
        least = 1 if category in _SHORT_COUNTS else 3
        known.update((category, value[:_LONGEST]) for value in values if len(value) >= least)
        long.extend(value for value in values if len(value) > _LONGEST)
        if values:
            where.add((place, category))

    for path, place, tag, trait, text in _texts(nodes, "", DEFAULT, every=False):
        if trait.wanted and not path:
            texts[tag] = text
        category = trait.category
        if not text or not category:
            continue
        if trait.vr in CLOCK_VRS:
            stamps.append(Stamp(place, not path, tag, trait.vr, parts_of(text)))
        if category == "time":
            continue
        if category in {"date", "birth_date"}:
            (births if category == "birth_date" else days).update(_days(trait.vr, text))
            where.add((path + trait.name, category))
        elif category == "age":
            over = over or any((age_years(part.strip()) or 0) > OLDEST for part in text.split("\\"))
        elif category == "uid":
            if any(part and not is_registered_uid(part) for part in text.split("\\")):
                where.add((path + trait.name, category))
        else:
            enter(path + trait.name, category, text)
    for path, category, text in _told(nodes, "", DEFAULT):
        if category == "age":
            over = True
        elif text:
            enter(path, category, text)
    known.update(("birth_date", day) for day in births)
    known.update(("date", day) for day in sorted(days)[:_MOST_KNOWN])
    if len(days) > _MOST_KNOWN or long:
        known.add((MORE, "1"))  # what cannot be searched for whole is not silently left unsearched
    facilities = [value for category, value in known if category == "institution" and is_facility(value)]
    places = {*facilities, *filter(None, map(short_name, facilities))}
    known.update(("institution", value) for value in places)
    makers = [fold(texts.get(tag, "")) for tag in _MAKERS]
    patient = texts.get(_PATIENT_ID, "")
    return Harvest(
        patient_id=patient,
        issuer=texts.get(_ISSUER, ""),
        placeholder=is_placeholder(patient),
        sop_instance_uid=texts.get(_SOP_INSTANCE, "") or structure.meta_sop_instance,
        study_uid=texts.get(_STUDY, ""),
        series_uid=texts.get(_SERIES, ""),
        sop_class=texts.get(_SOP_CLASS, "") or structure.meta_sop_class,
        modality=texts.get(_MODALITY, ""),
        transfer_syntax=structure.transfer_syntax,
        first=_first(texts),
        zero=Moments(stamps, texts.get(TIMEZONE, "")).zero(),
        last_date=max((day for day in days if day < _LAST_DAY), default=None),
        birth_dates=tuple(sorted(births)),
        over_89=over,
        known=tuple(
            sorted(
                (category, value)
                for category, value in known
                if category not in _THINGS or value in places or not _is_of_maker(category, value, makers)
            )
        ),
        where=tuple(sorted(where)),
    )


def _is_of_maker(category: str, value: str, makers: list[str]) -> bool:
    """Say whether a place or machine is called what its maker is, or by plain words of the maker's or model's name.

    A value with figures is so only as a whole, and no place is: figures within the model's name may be the number of
    one machine, which somebody wrote there (SOMATOM Force 88213).
    """
    folded = fold(value)
    if any(map(str.isdigit, value)):
        whole = category == "device" and folded in makers and is_maker(value, machine=True)
        return whole and not _is_number(value)
    if folded in makers and is_maker(value, machine=True):
        return True
    return makers[0].startswith(folded) or (is_maker(value) and any(folded in maker for maker in makers))


def _is_number(value: str) -> bool:
    """Say whether a value with figures is a number and no name: by long figures, or since no word is beside them."""
    return _LONG_RUN.search(value) is not None or not _OF_A_NAME.search(value)


def texts_of(data: bytes | Ranged) -> Iterator[str]:
    """Yield the text of every string element of an object, at every depth.

    Raises
    ------
    ItemError
        As :func:`harvest`.
    """
    yield from (text for *_, text in _texts(read_tree(data).nodes, "", DEFAULT, every=True) if text)


def _texts(
    nodes: list[Node], path: str, encodings: Encodings, *, every: bool
) -> Iterator[tuple[str, int, int, _Trait, str]]:
    """Yield path, a number for the data set or item, tag, traits and text of string elements at every depth.

    All of them, or those that can tell of whom or when. Private ones too.
    """
    for node in nodes:
        if node.tag == _CHARACTER_SET and node.items is None:
            found = character_set(bytes(node.value))
            encodings = found[1] if found is not None else DEFAULT
    for node in nodes:
        if node.items is not None:
            below = f"{path}{name_of(node.tag)}/"
            for item in node.items:
                yield from _texts(item, below, encodings, every=every)
            continue
        trait = _trait(node.tag, node.vr)
        if trait is None or not (every or trait.category or trait.wanted):
            if not every and node.vr is not None and len(_silent) < _MOST_SILENT and node.tag not in asked_of_items():
                _silent.add(header(node.tag, node.vr))
            continue
        if node.fragments:
            continue
        value = bytes(node.value)
        text = decode(value, encodings)
        # Unfit bytes are searched for as what they most likely are.
        yield (
            path,
            id(nodes),
            node.tag,
            trait,
            (value.decode("utf-8", "replace") if text is None else text).strip("\0 "),
        )


def _told(nodes: list[Node], path: str, encodings: Encodings) -> Iterator[tuple[str, str, str]]:
    """Yield path, category and text of every content item whose concept holds an identifier or an age over 89."""
    for node in nodes:
        if node.tag == _CHARACTER_SET and node.items is None:
            found = character_set(bytes(node.value))
            encodings = found[1] if found is not None else DEFAULT
    for node in nodes:
        if not node.items:
            continue
        below = f"{path}{name_of(node.tag)}/"
        for item in node.items:
            category, text = told(item)
            if category:
                value = bytes(text.value) if text is not None and text.items is None else b""
                read = decode(value, encodings)
                yield below[:-1], category, (value.decode("utf-8", "replace") if read is None else read).strip("\0 ")
            yield from _told(item, below, encodings)


@lru_cache(maxsize=4096)
def _days(vr: str, text: str) -> frozenset[str]:
    found = set()
    for part in text.split("\\"):
        moment = read_moment(part.strip()) if vr == "DT" else None
        day = read_date(moment[0] if moment else part.strip())
        if day is not None:
            found.add(f"{day.year:04d}{day.month:02d}{day.day:02d}")
    return frozenset(found)


def _first(texts: dict[int, str]) -> tuple[str, int] | None:
    """Return the earliest moment among those of study, series, acquisition and content."""
    found = []
    pairs = [(texts.get(day, ""), texts.get(time, "")) for day, time in _MOMENTS]
    moment = read_moment(texts.get(_ACQUISITION, ""))
    if moment is not None and moment[1]:
        pairs.append((moment[0], moment[1]))
    for day_text, time_text in pairs:
        time = read_time(time_text)
        day = read_date(day_text)
        if time is not None:
            found.append((f"{day.year:04d}{day.month:02d}{day.day:02d}" if day else "", time[0]))
    return min(found, key=lambda moment: (not moment[0], moment), default=None)
