"""Whether a number behind a label is one of a make, of an isotope or of an image in a series, which nobody has alone.

A model's number stands on thousands of devices; what a label calls a serial, lot or reference number is found.
"""

from __future__ import annotations

import re

from curator.detect.text.fields.values import Span

#: Labels of a make, and the digits from which on a number behind one is more than that.
_MAKES, _MAKE_DIGITS = ("model",), 6
#: Things that go by their make when nothing says serial, lot or reference, and the digits of a number of their own.
_THINGS, _THING_DIGITS = ("implant", "prosthe", "graft", "mesh", "valve", "stent", "lead"), 5
#: What says that another number is the serial one.
_SERIAL_BEHIND = re.compile(r"(?:-\d\d)?(?: \([A-Za-z ]{1,12}\))?[,;]? ?(?:[sS]/?[nN]\b|SN\b|[Ss]er(?:ial)?\b)")
#: An isotope that is implanted.
_ISOTOPE = re.compile(r"(?:I|Pd|Cs|Ir|Au|Sr|Y|P|Co|Ra|Lu)-\d{2,3}")
#: Words of a study before an image's number.
_OF_SERIES = re.compile(
    r"\b(?:series|se|axial|coronal|sagittal|oblique|T1|T2|T1W|T2W|STIR|FLAIR|DWI|PD|slices?|sequence|localizer|scout|CT|MRI?|CTA|MRA)\b[^.;\n]{0,24}$",
    re.IGNORECASE,
)
_IMAGE_DIGITS = 7
#: Images of a study in brackets: (image #69-70, 135).
_IN_SERIES = re.compile(r"\d{1,3}(?:[-–]\d{1,3})?(?:(?:,|,? and|;) ?#?\d{1,3}(?:[-–]\d{1,3})?){0,6}")
#: A lead's make and its length: 5076-52.
_LENGTH = re.compile(r"\d{4}[A-Z]?-\d\d")


def is_make(text: str, label: Span, gap: str, span: Span, *, photo: bool) -> bool:
    """Say whether a value behind a label is the number of a make, or of an image in a series: model 5076, image 12-14.

    Parameters
    ----------
    text
        The text.
    label, span
        Where the label and the value stand.
    gap
        What stands between them.
    photo
        Whether the label is one of photographs, else of devices.
    """
    name, value = text[slice(*label)].lower(), text[slice(*span)]
    digits = sum(map(str.isdecimal, value))
    if photo:
        if not name.startswith("image"):
            return False
        if text[label[0] - 1 : label[0]] == "(" and "#" in text[label[1] : span[0]] and _IN_SERIES.fullmatch(value):
            return True
        return digits < _IMAGE_DIGITS and _OF_SERIES.search(text, max(0, label[0] - 48), label[0]) is not None
    if name == "series" or _ISOTOPE.fullmatch(value):
        return True
    alone = " " not in name
    if alone and name.startswith("lead") and _LENGTH.fullmatch(value):
        return True
    if name.startswith(_MAKES) or (name.startswith("lead") and alone and _SERIAL_BEHIND.match(text, span[1])):
        return digits < _MAKE_DIGITS or _LENGTH.fullmatch(value) is not None
    return name.startswith(_THINGS) and alone and gap == " " and digits < _THING_DIGITS


_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d"
_ONCE = re.compile(rf"[1-9][ ]{_CLOCK}")
_HOUR = re.compile(_CLOCK)
_HOURS = re.compile(rf"(?:^|(?<=[\n.;, ])){_CLOCK}(?=[ :][a-z])")
_PRESSURE = re.compile(r"\d{1,3}/\d{1,3}(?:/\d{1,3})?")
_LEAST_HOURS = 3


def is_once(text: str, label: Span, span: Span) -> bool:
    """Say whether what stands behind a label of pagers is an hour: epi x1 0342; md paged 1320, in a log of hours.

    Parameters
    ----------
    text
        The text.
    label, span
        Where the label and the value stand.
    """
    name = text[slice(*label)].lower()
    if name == "x":
        return _ONCE.fullmatch(text, *span) is not None
    if name != "paged" or not _HOUR.fullmatch(text, *span):
        return False
    return text[span[1] : span[1] + 1] in {" ", ",", "."} and len(_HOURS.findall(text)) > _LEAST_HOURS


def is_pressure(text: str, label: Span, span: Span) -> bool:
    """Say whether a value behind PA is the pressure of an artery, not a number of an authorization: PA 44/20/29."""
    return text[slice(*label)] == "PA" and _PRESSURE.fullmatch(text, *span) is not None
