"""The answer key of the MIDI-B bench in the form of the validation script: what must stay and what must go, by place.

Made from what was put into the files and from the tables of the standard (rules.py). It never looks at what the
measured program makes of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midiset.make import Made, walk
from midiset.people import WORDS
from midiset.phrases import Part, words_of
from midiset.rules import rule_of, safe_private, type_of

#: The script's ten actions. `pixels_hidden` is not among them here: what is burned into pixels is not made.
ACTIONS = (
    "tag_retained", "text_notnull", "text_retained", "text_removed", "date_shifted", "uid_changed", "uid_consistent",
    "patid_consistent", "pixels_retained",
)  # fmt: skip
_COLUMNS = ("Modality", "SOPClassUID", "PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_REGISTERED = "1.2.840.10008."
_BYTES = {"OB", "OW", "OF", "OD", "OL", "OV", "UN"}
#: What a program that cleans a file writes of itself, and what hangs on how it encodes: of no interest to the key.
_OWN = {
    "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence", "SpecificCharacterSet",
    "LongitudinalTemporalInformationModified",
}  # fmt: skip
_LETTERS: dict[str, str] = WORDS["letters"]


@dataclass(frozen=True)
class Check:
    """One check of the script.

    Parameters
    ----------
    action
        One of `ACTIONS`.
    place, name, value
        Where, the attribute's name, and the value in the source file.
    text
        What must stay or go; the digest for pixels.
    group, category
        How the script counts it: ``hipaa``, ``dicom`` or ``tcia``, and the subcategory.
    """

    action: str
    place: str
    name: str
    value: str
    text: str
    group: str
    category: str

    def entry(self) -> dict[str, Any]:
        """Return the check as the script reads it: values and texts stand in angle brackets."""
        said: dict[str, dict[str, str | None]] = {
            "hipaa": {"z": None, "m": None},
            "dicom": {"p15": None, "iod": None, "safe": None},
            "tcia": {"ptkb": None, "p15": None, "rev": None},
        }
        column = {"hipaa": "m", "dicom": "iod"}.get(self.group, "p15")
        if self.group == "tcia":
            column = "ptkb" if "PTKB" in self.category else "rev" if "REV" in self.category else "p15"
        said[self.group][column] = self.category
        return {
            "action": f"<{self.action}>",
            "action_text": f"<{self.text}>",
            "answer_category_v2": {**said, "prev_cat": ""},
            "value": f"<{self.value}>",
            "tag": f"<{self.place.rsplit('<', 1)[1]}",
            "tag_ds": self.place,
            "tag_name": f"<{self.name}>",
        }


def checks(made: Made, known: frozenset[str]) -> Iterator[Check]:
    """Yield the checks of one file.

    Parameters
    ----------
    made
        The file with what was put into it.
    known
        The Study, Series and SOP Instance UIDs of the whole set: what the mapping tells of.
    """
    data = made.data
    for here, element in walk(data):
        if element.keyword in _OWN or not element.tag.element or element.tag.group == 2 or element.VR == "SQ":
            continue
        if element.keyword == "PixelData":
            if "[" in here:  # an icon: the script looks at the image itself
                continue
            yield Check(
                "pixels_retained",
                here,
                element.name,
                "",
                hashlib.md5(element.value).hexdigest(),
                "tcia",
                "TCIA-P15-PIX-K",
            )
            continue
        if element.tag.group >> 8 == 0x60:  # an overlay plane goes with its data, which Table E.1-1 removes
            continue
        if element.VR in _BYTES or (element.tag.is_private and element.tag.element < 0x100):
            continue
        value = _shown(element)
        nested = "[" in here
        kind = 0 if nested else type_of(element.keyword, str(data.Modality))
        # A code sequence, an asked procedure or a reference may go whole where the profile says so.
        may_go = nested and _may_go(here)
        yield from _of(element, here, value, made.parts.get(here), known, kind, may_go)


def _shown(element: Any) -> str:
    """Return a value as the script's file index shows it; it writes tags with a blank, as pydicom 2 does."""
    if element.value is None:
        return ""
    shown = str(element.value).strip()
    return re.sub(r"\(([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})\)", r"(\1, \2)", shown) if element.VR == "AT" else shown


def _may_go(here: str) -> bool:
    above = [int(group + number, 16) for group, number in re.findall(r"\(([0-9a-f]{4}),([0-9a-f]{4})\)", here)[:-1]]
    rules = [rule_of(tag) for tag in above]
    return (
        any(rule is not None and rule.action not in {"keep", "clean", "U"} for rule in rules)
        or "," + '"' in here.rsplit("<", 1)[0]
    )


def _of(
    element: Any, here: str, value: str, parts: list[Part] | None, known: frozenset[str], kind: int, may_go: bool
) -> Iterator[Check]:
    def check(action: str, group: str, category: str, text: str | None = None) -> Check:
        return Check(action, here, element.name, value, value if text is None else text, group, category)

    if kind == 1 and value:
        yield check("text_notnull", "dicom", "DICOM-IOD-1")
    if kind:
        yield check("tag_retained", "dicom", f"DICOM-IOD-{kind}")
    if not value:
        return
    if element.tag.is_private:
        safe = (
            element.tag.group,
            str(element.private_creator or "").upper(),
            element.tag.element & 0xFF,
        ) in safe_private()
        yield check("text_retained", "tcia", "TCIA-PTKB-K") if safe else check("text_removed", "tcia", "TCIA-PTKB-X")
        return
    rule = rule_of(int(element.tag))
    keeps = not may_go
    if element.VR == "UI":
        yield from _uid(check, value, known, rule is not None, keeps)
    elif element.keyword == "PatientID" and "[" not in here:
        yield check("patid_consistent", "dicom", "DICOM-P15-BASIC-C")
        yield check("text_removed", "hipaa", "HIPAA-H")
    elif element.VR in {"DA", "DT"} and (rule is None or rule.action == "clean"):
        yield check("date_shifted", "hipaa", "HIPAA-C")
    elif parts is not None:
        yield from _descriptor(check, parts, rule.category if rule else "TCIA-REV", keeps)
    elif element.VR == "PN" or (rule is not None and rule.action not in {"keep", "clean"}):
        letter = "A" if element.VR == "PN" else _LETTERS.get(element.keyword)
        if letter:
            yield check("text_removed", "hipaa", f"HIPAA-{letter}")
        elif rule is not None:
            yield check("text_removed", "tcia", rule.category)
    elif keeps:
        yield check("text_retained", "tcia", rule.category if rule else "TCIA-REV")


def _uid(check: Any, value: str, known: frozenset[str], listed: bool, keeps: bool) -> Iterator[Check]:
    if value.startswith(_REGISTERED):
        if keeps:
            yield check("text_retained", "tcia", "TCIA-REV")
        return
    if listed:
        yield check("uid_changed", "hipaa", "HIPAA-R")
    if value in known:
        yield check("uid_consistent", "dicom", "DICOM-P15-BASIC-U")


def _descriptor(check: Any, parts: Iterable[Part], category: str, keeps: bool) -> Iterator[Check]:
    for part in parts:
        if part.slot:
            yield check("text_removed", "hipaa", f"HIPAA-{_LETTERS[part.slot]}", part.text)
        elif keeps and words_of(part):
            yield check("text_retained", "tcia", category, words_of(part))


def write(target: Path, files: Iterable[Made]) -> dict[str, int]:
    """Write the key into a new SQLite file; return how many checks there are of each action."""
    listed = list(files)
    levels = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    known = frozenset(str(made.data[name].value) for made in listed for name in levels)
    counts = dict.fromkeys(ACTIONS, 0)
    target.unlink(missing_ok=True)
    base = sqlite3.connect(target)
    with base:
        base.execute(f"CREATE TABLE answer_data ({', '.join(_COLUMNS)}, AnswerData)")
        for made in listed:
            answers = {}
            for number, check in enumerate(checks(made, known)):
                answers[str(number)] = check.entry()
                counts[check.action] += 1
            row = [str(made.data.get(name, "")) for name in _COLUMNS]
            base.execute(
                f"INSERT INTO answer_data VALUES ({', '.join('?' * 7)})",
                [*row, json.dumps(answers, ensure_ascii=False)],
            )
    base.close()
    return counts
