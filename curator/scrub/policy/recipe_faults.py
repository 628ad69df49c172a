"""Where a recipe that deid's parser does not take is wrong: a line's number and what may stand there, never its words.

It explains a refusal and decides none: a recipe that nothing here objects to is refused all the same.
"""

from __future__ import annotations

import re

#: What lines of a section begin with.
_BEGINS = {
    "header": ("ADD", "BLANK", "JITTER", "KEEP", "REMOVE", "REPLACE"),
    "values": ("FIELD", "SPLIT"),
    "fields": ("FIELD",),
}
_TESTS = ("contains", "notcontains", "equals", "notequals", "missing", "present", "empty")
#: Tests of pixels, which have a refusal of their own.
_PIXELS = ("coordinates", "keepcoordinates", "ctpcoordinates", "ctpkeepcoordinates")
_SECTIONS = "%header, %filter, %fields and %values"


def fault(text: str) -> str:
    """Say which line of a recipe is wrong and why; empty when none is told.

    Parameters
    ----------
    text
        The recipe.
    """
    lines = [(number, line.split("#", 1)[0].strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        return "it has no line but comments and blanks"
    number, first = lines[0]
    if not first.upper().startswith("FORMAT"):
        return f"line {number} does not say FORMAT dicom, with which a recipe begins"
    if first.split()[1:] != ["dicom"]:
        return f"line {number} names another format than dicom"
    section, labelled = "", False
    for number, line in lines[1:]:
        if line.startswith("%"):
            section, labelled = line.strip("% \t\r").split(" ", 1)[0].lower(), False
            if section not in {*_BEGINS, "filter", "labels"}:
                return f"line {number} begins a section that is not known; known are {_SECTIONS}"
        elif not section:
            return f"line {number} stands before the first section; known are {_SECTIONS}"
        elif section == "filter":
            labelled = labelled or line.upper().startswith("LABEL")
            if said := _of_filter(line, labelled):
                return f"line {number} {said}"
        elif section in _BEGINS and (said := _of_action(line, section)):
            return f"line {number} {said}"
    return ""


def _of_action(line: str, section: str) -> str:
    words = line.split()
    if words[0] not in _BEGINS[section]:
        return f"begins with no action of %{section}; known are {', '.join(_BEGINS[section])}, in capitals"
    if len(words) == 1:
        return "names no field"
    return "has no value behind its field" if len(words) == 2 and words[0] in {"ADD", "JITTER", "REPLACE"} else ""


def _of_filter(line: str, labelled: bool) -> str:
    if line.upper().startswith("LABEL"):
        return "" if len(line.split()) > 1 else "names no label"
    if not labelled:
        return "stands before the LABEL of its filter"
    words = re.sub(r"^(?:\+|\|\|)\s*", "", line).split()
    if not words or words[0].lower() not in {*_TESTS, *_PIXELS}:
        return f"begins with no test of a filter; known are {', '.join(_TESTS)}"
    return "names no field" if len(words) == 1 else ""
