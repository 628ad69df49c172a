# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""What counts as a value behind a label: codes with enough digits, telephone numbers, plates, user names.

A year, a date, a time, a decimal, a dose or a blood pressure is no code. Letters that optical character recognition
puts for digits count as digits beside a real one.
"""

from __future__ import annotations

import re
from enum import Enum

from curator.detect.text.fields.groups import groups
from curator.detect.text.fields.plates import near, plate
from curator.detect.text.lists.lexicon import lexicon


class Bond(Enum):
    """How surely a label tells of a value."""

    STRONG = "strong"
    PLAIN = "plain"
    WEAK = "weak"


_CHUNKS = re.compile(r"[A-Za-z0-9*•](?:[A-Za-z0-9*•]|:(?=[A-Z]{1,3}\d{3})|[-./_\\+‐‑–](?=[A-Za-z0-9*•])){0,60}")
_DEVICE = re.compile(r"[A-Za-z0-9(+=](?:[A-Za-z0-9]|[-./_+$()=:*&](?=[A-Za-z0-9(+/])){0,90}")
_EXTRA = re.compile(r" 0\d(?![\w:/%-]|\.\d)|(?<=\d{5}) [A-Z](?=[.;,)\n]|$)|(?<=\d) - \d{2,6}(?![\w:/%-]|\.\d)")
#: Digits that a form has each in its own box.
_APART = re.compile(r"\d(?:[ ](?:-[ ])?\d){6,15}(?![\w.:/%])")
_SSN_LIKE = re.compile(r"[0-9OolISBZ|]{3}[- .–‑]{1,3}[0-9OolISBZ|]{2}[- .–‑]{1,3}[0-9OolISBZ|]{4}(?![\w-])")
_DEVICE_GROUPS = re.compile(r"(?: \d{2,6}(?![\w:/%-]|\.\d)){1,3}(?: [A-Z\d](?![\w'’:/%-]))?")
#: Capitals, a blank and figures: LOT RHB 041.
_SPACED_LOT = re.compile(
    r"(?!(?:REF|EXP|LOT|QTY|MFG|SIZE|MODEL|AND|THE|OF|FOR|NO)\b)[A-Z]{2,4} \d{3,8}[A-Z]?(?![\w/%:-]|\.\d)"
)
_TAIL = re.compile(r"[-./_\\+](?:[A-Za-z]{4,}|(?<=[./\\])[A-Za-z]{2,})$|[.,–-]$")
_DATE = re.compile(
    r"\d{1,2}([-./])\d{1,2}\1(?:(?:19|20)\d\d|\d{2})$|[A-Za-z]{3,9}[-./]\d{1,2}(?:[-./](?:\d{4}|\d{2}))?$|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:T.*)?$|\d{1,2}[-/. ]?(?:[A-Z][a-z]{2,8}|[A-Z]{3}|[a-z]{3})[-/. ]?(?:\d{4}|\d{2})$"
)
_NO_CODE = re.compile(
    r"hl7-org$|NCT\d{8}$|\d{1,3}x\d{1,3}(?:x\d{1,3})?(?:mm|cm)?$|(?:19|20)\d\d$|\d{1,3}\.\d{1,2}$|\d{2,3}/\d{2,3}$|\d{1,2}/\d{1,2}$|\d{1,2}(?:st|nd|rd|th)$|\d{1,4}(?:am|pm)$|x\d{1,3}$|q\d{1,2}h?$|\d+-(?:year|day|week|month|hour|minute|point)s?(?:-old|-\d{1,2}-(?:month|week|day)s?(?:-old)?)?$|\d{1,2}[-–]\d/\d-(?:year|month|week|day)s?(?:-old)?$"
    r"|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d$|[a-z]{3,}\d{1,2}/\d{1,2}/\d{2,4}$|\d{1,4}(?:[-–]\d{1,4})?(?-i:mg|mcg|ml|mL|cc|kg|cm|mm|meq|mEq|units)(?:/(?:kg|hr?|day|min|d?l)){0,3}$|[CTLS]\d{1,2}[-/–][CTLS]?\d{1,2}$|(?-i:[a-z]{4,}\d)$|[a-z]{2,}\d+(?:\.\d+)?(?:mg|g|mmol|meq|ng|pg|u)/d?l$|ml/min/.*|figure-of-(?:8|eight)$",
    re.IGNORECASE,
)
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$|\d{4,5}-\d$")
_UNIT = re.compile(
    r"[ \t]?-?[ \t]?(?:mg|mcg|µg|g|gm|kg|lbs?|ml|mls|cc|l|dl|cm|mm|in|inch(?:es)?|feet|ft|units?|u|iu|meq|mmol|%|percent|°|degrees?|years?|yrs?|y/?o|yo|days?|hours?|hrs?|h|hs|weeks?|wks?|months?|mos?"
    r"|minutes?|mins?|sec(?:onds)?|times|x|puffs?|tab(?:let)?s?|caps?|doses?|bpm|mm ?hg|fr|french|ga|gauge|views?|of|people|visits?|mg/\w+|k\b|cells|joules?|beats|calories?|kcals?|m?gy|cgy|msv|steps|hz|am|pm|a\.m|p\.m)(?![^\W_])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r":\d\d")
#: What is normal of a result: 11.5-14.5, 0.450 - 4.500, 70-99.5.
_INTERVAL = re.compile(r"(?=[\d –-]*\d\.\d)\d{1,4}(?:\.\d{1,3})?[ ]?[-–][ ]?\d{1,4}(?:\.\d{1,3})?(?![\w-]|\.\d)")
_PHONE_FORM = re.compile(r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$|1[-.]\d{3}[-.]\d{3}[-.]\d{4}$")
_MORE = re.compile(
    r"[ ]?(?:,[ ]?(?:and|&|or)?|;|/|&|\band\b|\bor\b|\by\b|\bund\b|\bet\b)[ ]{0,2}#?(?=[A-Za-z0-9-]{0,6}\d)"
)
_AGE_BEHIND = re.compile(r"[ \t]?-?[ \t]?(?:y(?:ea)?rs?\b|y/?o|M\b|F\b|male|female)", re.IGNORECASE)

#: Capitals and digits in turn, which no measure has: K7X2L, HK7T2.
_MINGLED = re.compile(
    r"(?=.{5,14}$)(?=[A-Z]*\d[A-Z]*\d)(?=\d*[A-Z]\d*[A-Z])[A-Z0-9]+$(?<!N0)(?<!N1)(?<!N2)(?<!M0)(?<!M1)"
)
#: What rules out that a group belongs to a value: a unit or an age behind it.
STOPS = re.compile(rf"{_UNIT.pattern}|{_AGE_BEHIND.pattern}", re.IGNORECASE)

_OCR_PHONE = "[0-9OolISB]"
_PHONE = re.compile(
    rf"(?!\d{{1,3}}\b(?![-. ]{{1,2}}\d{{3}}|\)))[+(]{{0,2}}[\dOlI](?:{_OCR_PHONE}|[-./() –‑]{{1,2}}(?=[\dOolI(])){{6,19}}(?<=[0-9OolISB])(?:,?\s?(?:x|ext\.?|extension|poste|anexo|durchwahl)\s?\d{{1,6}})?(?![\w/])(?!\.\d)", re.IGNORECASE)  # fmt: skip
_NO_PHONE_STARTS = frozenset("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ")
_NO_PHONE = re.compile(
    r"\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})(?!\d)|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?!\d)|\d{4} \d{4}$|[\d ]*\d\d?/\d"
)
_FORMS = {
    "extension": re.compile(r"\(?((?:[pPbBxX]-?)?(?:\d{3}-\d{4}|\d{3,6}|\d{1,2}[ -]\d{4}))(?![\w/:-]|\.\d)"),
    "house": re.compile(r"(?:\d{1,2}-\d{4}|[1-9]\d{4})(?![\w/:%-]|[.,]\d| ?(?:mg|units|ml|steps|cells|miles|times|people|patients|days))"),
    "ip": re.compile(r"[\dOolISB]{1,3}(?:\s?[.,]\s?[\dOolISB]{1,3}){3}(?::\d{2,5})?(?:/\d{1,2})?|\[?(?=[0-9a-f]*:)[0-9a-f:.]{3,45}\]?", re.IGNORECASE),
    "zip": re.compile(r"[\dOl]{5}(?:-\d{4})?\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]\d[A-Z][ -]?\d[A-Z]\d\b|\d{5}-\d{3}\b|\d{4} ?[A-Z]{2}\b|\d{3}[ -]\d{2,4}\b|\d{6}\b|\d{4}\b", re.IGNORECASE),
    "date": re.compile(r"[\dOolI]{1,4}[-/. ]{1,3}[\dOolI]{1,2}[-/. ]{1,3}[\dOolI]{2,4}\b|[\dOolI]{8}\b|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d\d\b|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d\b"),
    "age": re.compile(r"(?:9\d|1[01]\d|12[0-5])(?![\w%/:-]|\.\d)"),
    "area": re.compile(r"[(]?[2-9]\d\d\b(?![-./ ]?\d)"),
    "user": re.compile(r"[^\s\"'“”<>()\[\]{},;]{3,64}"),
}  # fmt: skip
_MASKED_FOUR = re.compile(r"(?:[xX*•#.]{2,5}[- ]?){1,3}\d{4}\b|\.{2,3}\d{4}\b")

#: A dose or a measure that stands behind a number, and rules out that the number is a day.
_DOSE = re.compile(
    r"[ \t]?-?[ \t]?(?:mg|mcg|µg|gm?|kg|lbs?|mls?|cc|dl|cm|mm|inch(?:es)?|feet|ft|units?|iu|meq|mmol|%|percent|degrees?|years?|yrs?|y/?o|yo|days?|hours?|hrs?|weeks?|wks?|months?|mos|minutes?|mins?|seconds?|times|puffs?"
    r"|tab(?:let)?s?|caps(?:ules)?|doses?|bpm|mm ?hg|french|gauge|packs?|drinks?|cigarettes|pounds?|calories?|kcals?|hz|steps|reps|sets)(?![^\W_])",
    re.IGNORECASE,
)

#: What a unit begins with.
_DOSE_STARTS = frozenset("mgklcdifup%yhwstbrMGKLCDIFUPYHWSTBR")

Span = tuple[int, int]


def unit_behind(text: str, at: int) -> bool:
    """Say whether a dose's or a measure's unit stands at a place."""
    first = text[at : at + 4].lstrip(" \t-")[:1]
    return (first in _DOSE_STARTS or not first.isascii()) and _DOSE.match(text, at) is not None


def read(text: str, at: int, form: str, bond: Bond, *, marked: bool, signed: bool, gap: str) -> list[Span]:
    """Return the value that begins at a place, if there is one.

    Parameters
    ----------
    text, at
        Where to look.
    form
        The form's name, as ``value`` in cues.toml.
    bond
        How surely the label tells of a value.
    marked
        Whether a number word stands behind the label.
    signed
        Whether a colon or the like stands between.
    gap
        What stands between label and value.

    Returns
    -------
    list of tuple of int
        One half-open range, or none.
    """
    if form in {"id", "device"}:
        return _code(text, at, bond, device=form == "device", marked=marked, signed=signed, gap=gap)
    if form == "phone":
        return _phone(text, at)
    if form == "plate":
        return plate(text, at, strong=bond is Bond.STRONG, weak=bond is Bond.WEAK, sure=marked or signed)
    if form == "near":
        return near(text, at)
    if form == "user":
        return _user(text, at, sure=marked or signed)
    match = _FORMS[form].match(text, at)
    if match is None or (form == "ip" and not any(mark.isdigit() for mark in match[0])):
        return []
    if form == "age" and _UNIT.match(text, match.end()) and not _AGE_BEHIND.match(text, match.end()):
        return []
    if form == "extension" and (_UNIT.match(text, match.end()) or match[0] in {"911", "988"}):
        return []
    return [match.span(1) if form == "extension" else match.span()]


def more(text: str, at: int, form: str) -> list[Span]:
    """Return the further values of a list such as "A1234, A1235 and A1236"."""
    found: list[Span] = []
    while form in {"id", "device", "phone"} and len(found) < 50:
        joint = _MORE.match(text, at)
        if joint is None:
            break
        spans = read(text, joint.end(), form, Bond.PLAIN, marked=False, signed=False, gap="")
        if not spans:
            break
        found += spans
        at = spans[-1][1]
    return found


_MASKS = frozenset("xX*•#.")
_NO_DIGITS = str.maketrans("", "", "0123456789*•")
_NO_LIKES = str.maketrans("", "", "0123456789*•OolI")


def _digits(word: str) -> int:
    """Count digits, and what is read as one beside a real one."""
    real = len(word) - len(word.translate(_NO_DIGITS))
    return len(word) - len(word.translate(_NO_LIKES)) if real else 0


def _code(text: str, at: int, bond: Bond, *, device: bool, marked: bool, signed: bool, gap: str) -> list[Span]:
    strong = bond is Bond.STRONG
    first = text[at : at + 1]
    masked = _MASKED_FOUR.match(text, at) if first in _MASKS else None
    if masked:
        return [masked.span()]
    apart = _APART.match(text, at) if strong and first.isdecimal() else None
    if apart:
        return [apart.span()]
    ssn = _SSN_LIKE.match(text, at) if strong else None
    if ssn and _digits(ssn[0]) > 4:
        return [ssn.span()]
    lot = _SPACED_LOT.match(text, at) if device and strong and first.isupper() else None
    if lot and not unit_behind(text, lot.end()):
        return [lot.span()]
    match = (_DEVICE if device else _CHUNKS).match(text, at)
    if match is None or (first.islower() and match[0].isalpha() and not (device and strong)):  # most often a plain word
        return []
    start, end = match.span()
    while tail := _TAIL.search(text, start, end):
        if any(mark.isdecimal() for mark in tail[0]):
            break
        end = tail.start()
    if device and text[end - 1] == "(":
        end -= 1
    if end <= start:  # a box to tick: ( ) jewellery
        return []
    extra = (
        _EXTRA.match(text, end)
        if end - start > 4 and (bond is Bond.STRONG or marked or text[start].isupper())
        else None
    )
    if extra and sum(mark.isdecimal() for mark in text[start:end]) > 3 and not unit_behind(text, extra.end()):
        end = extra.end()
    if (
        device
        and bond is Bond.STRONG
        and (tail := _DEVICE_GROUPS.match(text, end))
        and not _UNIT.match(text, tail.end())
    ):
        end = tail.end()
    value = text[start:end]
    behind = text[end : end + 1]
    if behind == "@" or text.startswith("://", end):
        return []
    if (len(value) <= 5 or bond is Bond.STRONG or marked) and (grouped := groups(text, start, STOPS)) > end:
        end = grouped
        value = text[start:end]
    if (
        _is_date(value, sure=bond is Bond.STRONG and (marked or signed))
        or _NO_CODE.match(value)
        or _CLOCK.match(text, end)
        or _INTERVAL.match(text, start)
    ):
        return []
    digits = _digits(value)
    if value[-1] in _MASKS and value.rstrip("*").isalpha() and not value.startswith("*"):  # **LETTER OF NECESSITY**
        return []
    if not digits or (digits < 5 and not _LETTERED.match(value) and _UNIT.match(text, end)):
        return []
    if value.isdecimal() and len(value) <= 3 and _AGE_BEHIND.match(text, end):
        return []
    if bond is not Bond.STRONG and (_PHONE_FORM.match(value) or (not (marked or signed) and _SPREAD.fullmatch(value))):
        return []
    if "last" in gap or "ending" in gap or "ends" in gap:
        return [(start, end)] if digits >= 3 else []
    if _DIAGNOSIS.match(value) and bond is not Bond.STRONG:
        return []
    if marked and (bond is not Bond.WEAK or len(value) > 2):
        enough = digits >= 3 or (digits >= 2 and len(value) >= 4) or (digits and len(value) >= 6)
    elif bond is Bond.STRONG:
        enough = digits >= 3 or (digits >= 2 and len(value) >= 5) or (digits and (signed or device) and len(value) >= 6)
    elif bond is Bond.PLAIN:
        enough = digits >= 4 or (signed and digits >= 3) or _MINGLED.match(value) is not None
    else:
        enough = signed and digits >= 4
    return [(start, end)] if enough else []


#: So many of something, or from one to another: Abrysvo at 32-36.
_SPREAD = re.compile(r"\d{1,2}[-–]\d{1,2}")
#: Letters before figures, as no measure has them.
_LETTERED = re.compile(r"[A-Z]{2,6}-?\d{3,}")


_LETTERS = re.compile("[A-Za-z]+")
#: How the names of months begin, in the languages in which dates are read.
_MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ene", "abr", "ago", "dic", "mai", "okt", "dez", "mei", "fev", "avr", "set", "out", "gen", "mag", "giu", "lug", "ott", "jui"])  # fmt: skip


def _is_date(value: str, *, sure: bool) -> bool:
    """Say whether a value is a date and not a code; 34-22-70 is none, 12-10-70 none behind a sure label."""
    match = _DATE.match(value)
    if match is None:
        return False
    letters = _LETTERS.search(value)
    if letters and letters[0] != "T":
        return letters[0][:3].lower() in _MONTHS
    if match[1] is None:
        return True
    parts = [int(part) for part in value.split(match[1])]
    if min(parts[:2]) > 12 or max(parts[:2]) > 31:
        return False
    return match[1] != "-" or len(value) > 8 or not sure


def _phone(text: str, at: int) -> list[Span]:
    match = _PHONE.match(text, at) if text[at : at + 1] not in _NO_PHONE_STARTS else None
    if match is None or _NO_PHONE.match(match[0]):
        return []
    digits = sum(mark.isdecimal() for mark in match[0])
    if (
        digits < 6
        or digits > 22
        or (digits < 7 and sum(mark.isalpha() for mark in match[0]) == 0 and " " not in match[0])
    ):
        return []
    return [match.span()]


_PLAIN_WORD = re.compile(r"[A-Za-z]?[a-z]+$")


def _user(text: str, at: int, *, sure: bool) -> list[Span]:
    match = _FORMS["user"].match(text, at)
    if match is None:
        return []
    value = match[0].rstrip(".:!?*|")
    if len(value) < 3 or not any(mark.isalnum() for mark in value):
        return []
    known = value.lower() in lexicon().words or value.lower() in lexicon().medical
    if _PLAIN_WORD.match(value) and not sure and known:
        return []
    if not (
        sure
        or (value.islower() and not known and len(value) > 3)
        or any(mark.isdecimal() or mark in "_@" for mark in value)
    ):
        return []
    if value.count("-") + value.count("/") >= 2 and value.replace("-", "").replace("/", "").isdecimal():
        return []
    return [(at, at + len(value))]
