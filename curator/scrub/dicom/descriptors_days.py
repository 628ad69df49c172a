# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Where a day of the year stands in a short imaging text without its year: 12/25, LMP 02/14, Mar 21, 14.3. of whom it is known.

Two numbers with a stroke are mostly no day: a vertebra and the next, a share, a view, an image of several. So a pair is a
day when it can be nothing else, when a word beside it says so, or when it is a day that the person's headers have.
Must take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.identifiers.spelling import MONTHS, word_list
from curator.scrub.dicom.matcher import Matcher

_LATE = r"(?:1[3-9]|2\d|3[01])"
_D, _M = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_PAIR = rf"(?:{_M}/{_D}|{_D}/{_M})"
_END = r"(?![\w%/+]|[.,-]\d)"
#: A pair that cannot be two of anything small: one number is a month's, the other is greater; with both points of German too.
_SURE = re.compile(
    rf"(?<![\w.,/+:-])(?:{_LATE}/{_M}|{_M}/{_LATE})(?:/\d)?{_END}|(?<![\w.,/]){_M} {_LATE} (?:0\d|1\d|2[0-6])$"
    rf"|(?<![\w.,/+:-]){_LATE}\.(?:0[1-9]|1[0-2])\.(?![\w/]|[.,-]?\d)"
)
#: Words before a pair that make a day of it, and such as follow it.
_CUED = re.compile(
    r"(?<![a-z])(?:lmp|inj(?:ected|ection)?|on|since|from|dated?|dos|doi|doa|priors?|comparison|comp|compared?(?: (?:to|with))?|f/u|fu|follow[- ]?up|until|till|through|thru|as of"
    r"|seen|admitted|admit|adm|resched(?:uled)?(?: to| for)?|discharged|dc'?d|surgery|born|birth ?day|b-?day|dob|geb(?:oren)?\.?(?: am)?|nato(?: il)?|nata(?: il)?|nacid[oa](?: el)?|(?-i:[Nn]ac)\.?|n[ée]e?(?: le)|expires?|due|scheduled|sched|performed|done|taken|acquired|scanned|imaged|vom|seit|bis|zum|(?-i:am|le|du|del|el))"
    rf"(?: (?:study|exam|scan|film|films|ct|mr|mri|xr|us|pet|cxr|from|of|on|dated?|\d{{3,4}} ?(?:hrs?|h))){{0,2}}[ :=.(@-]{{1,3}}(?P<day>{_PAIR}(?:/\d)?|0\d-[0-3]\d|[0-3]\d-0\d|{_D}\.{_M}\.){_END}"
    rf"|(?<![\w.,/+:-])(?P<before>{_PAIR}){_END}(?=[ )]{{1,2}}(?:comparison|compare[ds]?|priors?|f/u|fu|follow[- ]?up|visit|appt|appointment|admission|discharge|surgery|injection)(?![a-z]))"
    rf"|(?<![a-z])(?:e?gfr|cr|creat(?:inine)?|bun|inr|hgb|hb|wbc|psa|plt|hct|a1c|tsh|crp|d-dimer) ?[:=]? ?[\d.,]+ ?\((?P<lab>{_PAIR})\)",
    re.IGNORECASE,
)
#: What counts something before a pair, and what is counted or measured behind it.
_COUNTS = re.compile(
    r"(?:^|[^a-z])(?:images?|ima?|img|slices?|sl|series|ser|se|phases?|ph|echo(?:es)?|doses?|grades?|scores?|pain|gcs|mmse|moca|acuity|va|od|os|frames?|fr|views?|parts?|sets?|pages?|pg|weeks?|wk|b|te|tr|ti|fov"
    r"|matrix|thk|window|level|ratio|bp|rr|hr|bed|vol|volumes?|acq|run|cut|disc|nr|nodes?|fx|fractions?|kv|ma|gy|isolette|gauge|ga"
    r"|[lr]ao|cra|cran(?:ial)?|cau|caud(?:al)?|angles?|fa|flip|etl|bw|dyn|meas|steps?|slides?|cores|ln|slabs?|stations?|stacks?|zoom|gates?|phq|ess|aofas|vas|promis|sense|i?pat|grappa|asset|sms|mb|asir(?:-?v)?|idose|safire|admire|kernel"
    r"|delays?|mpr|thin|thick|teeth|tooth|zahn|zaehne|zähne|dents?|dientes?|denti|segments?|segs?|ribs?|toes?|digits?|echo times?)[ .:=#(]{0,2}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"[ -]?(?:of (?:the |a )?)?(?:mm|cm|ml|cc|%|x|nodes?|lymph|ln|slices?|images?|views?|doses?|strength|normal|saline|ns|mg|kg|mci|mbq|gy|cgy|hz|ms|sec|hrs?|hours?|h|weeks?|wks?|days?|months?|mos?|years?|yrs?|phases?|echo|fx|fractions?|points?|levels?|positive"
    r"|french|fr|gauge|inch|kv|ma|hu|thick|thickness|cleaned|full|teaspoons?|tabs?|mins?|minutes?|cores?|stents?|jj|pf|pfourier|eeg|system|electrodes?|[lr]ao|cra|cran|cau|caud)(?![a-z])",
    re.IGNORECASE,
)
_MOST_BEFORE = 12
#: A third, a half or a quarter before what it is one of: 1/3 distal, 2/3 of the tendon.
_SHARE = re.compile(
    r"(?:1/[2345]|2/[35]|3/[45]) ?(?:of|dist|prox|moy|med|mid|inf|sup|ext|int|lat|ant|post|upp|low|cent|cran|caud|do |de |da |del |des )",
    re.IGNORECASE,
)
#: Months that are written as terms or words of English are, in the cases in which they are months.
_ENGLISH = "|".join(
    f"{name[:3]}(?:{name[3:]})?" for name in MONTHS if name[:3] not in {"mar", "may", "oct", "dec", "sep"}
)
_DAY_OF_MONTH = rf"(?:[-./ ]|\. ){_D}(?:st|nd|rd|th)?(?![\w.]|,\d| ?(?:mm|cm|ml|ms|%|x\b))"
_NAMED = re.compile(
    rf"(?<![A-Za-z])(?:(?:Mar|May|Oct|Dec|Sept?|DEC|MAY){_DAY_OF_MONTH}|(?i:{_ENGLISH}){_DAY_OF_MONTH})|(?<![A-Za-z])(?:Mar|MAR|May|MAY|Oct|OCT|Dec|DEC|Sep|SEP)[-/]{_D}(?![\w.-]|,\d)"
)
_SPOKEN = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
_ORDINAL = rf"(?:{_SPOKEN}|(?:twenty|thirty)[- ](?:{_SPOKEN}))"
#: A verb is no month: the first may be a cyst.
_LONG_MONTH = (
    "(?:(?-i:May)|" + "|".join((*(name for name in MONTHS if name != "may"), "jan", "feb", "aug", "sept", "nov")) + ")"
)
_IN_WORDS = re.compile(
    rf"(?<![a-z])(?:the )?{_ORDINAL}(?: day)?(?:(?: of| in)? {_LONG_MONTH}| of may)(?![a-z])|(?<![a-z])(?:{_LONG_MONTH}(?: the)?|may the) {_ORDINAL}(?![a-z])",
    re.IGNORECASE,
)
_MAY_SPEAK = re.compile(_SPOKEN, re.IGNORECASE)
_YEAR_DAY = re.compile(
    r"(?<![\w.-])(?!(?:19|20)00/[1-3])(?:19|20)\d\d/[0-3]\d\d(?![\w/.-])|(?<![\w.-])(?:19|20)\d\d([-./])(?:1[3-9]|2\d|3[01])\1(?:0?[1-9]|1[0-2])(?![\w/.-])"
)
#: A segment of the spine before a pair: L 4/5.
_GLUED = re.compile(r"(?<![^\W_])[CTLS] ?$")
_NUMBERS = re.compile(
    r"(?<![\w.,:+])(\d{1,2})([-./ ])(\d{1,2})(\.?)(?![\w/%]|[.,-]\d)|(?<![\w.,:+/-])(\d\d)(\d\d)(?![\w%/-]|[.,]\d)"
)
_PARAMETER = re.compile(r"(?:^|[^a-z])(?:matrix|fov|b|te|tr|ti|x|ms|kernel|window|level)[ =:]{0,2}$", re.IGNORECASE)
_MEASURED = re.compile(r" ?(?:mm|cm|ml|ms|msec|hu|hz|x|mg|kg|mci|%)(?![a-z])| ?x ?\d", re.IGNORECASE)


def day_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of days of the year, whoever they are of."""
    if "/" in text or " " in text or "." in text or "-" in text:
        for match in _SURE.finditer(text):
            if not counts(text, *match.span()):
                yield match.span()
        for match in _CUED.finditer(text):
            span = next(match.span(name) for name in ("day", "before", "lab") if match[name])
            if not _COUNTED.match(text, span[1]) and not _SHARE.match(text, span[0]):
                yield span
        yield from (match.span() for match in _NAMED.finditer(text))
        for match in _YEAR_DAY.finditer(text):
            if not _PARAMETER.search(text, max(0, match.start() - _MOST_BEFORE), match.start()):
                yield match.span()


def spoken_day_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of days that are written in words: fourteenth of March."""
    if _MAY_SPEAK.search(text):
        yield from (match.span() for match in _IN_WORDS.finditer(text))


def counts(text: str, start: int, end: int) -> bool:
    """Say whether what stands around two numbers makes images, doses or a measure of them."""
    return (
        _COUNTS.search(text[max(0, start - _MOST_BEFORE) : start]) is not None
        or _COUNTED.match(text, end) is not None
        or _SHARE.match(text, start) is not None
    )


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return where a month's name and a day stand, in either order, and the number of each beginning of a name."""
    found = {name: f"{at:02d}" for at, names in enumerate(word_list("months"), 1) for name in names}
    name = "(" + "|".join(sorted(found, key=lambda one: (-len(one), one))) + ")[a-z]{0,7}"
    gap = r"\.?[-./_ ]{0,3}"
    form = rf"(?<![a-z]){name}{gap}(\d{{1,2}})(?:st|nd|rd|th)?(?![\d.]\d|\d)|(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)?{gap}(?:of |de )?{name}(?![a-z])"
    return re.compile(form, re.IGNORECASE), found


def known_day_spans(text: str, matcher: Matcher, *, dated: bool) -> list[tuple[int, int]]:
    """Return half-open ranges of the person's birth date, and of other days of the headers, without a year.

    Parameters
    ----------
    text
        One value.
    matcher
        Knows the person's days.
    dated
        Whether other days than that of birth go.
    """
    found: list[tuple[int, int]] = []
    if not any(map(str.isdigit, text)):
        return found
    plain = text.replace("_", " ")
    for match in _NUMBERS.finditer(plain):
        start, end = match.span()
        if match[5]:
            keys, sure, firm = _keys(match[5], match[6]), True, False
        else:
            first, sign, second = match[1], match[2], match[3]
            two = len(first) == len(second) == 2 and (first[0] == "0" or second[0] == "0")
            sure = sign in "-/" or (sign == "." and bool(match[4])) or two
            firm = sign == "/" or (sign == "." and bool(match[4])) or (sign == "-" and two)
            keys = _keys(first, second)
        before = plain[max(0, start - _MOST_BEFORE) : start]
        if not keys or _GLUED.search(before) or _PARAMETER.search(before) or _MEASURED.match(plain, end):
            continue
        if (sure and any(key in matcher.birthdays for key in keys)) or (
            dated and firm and any(key in matcher.days for key in keys) and not counts(plain, start, end)
        ):
            found.append((start, end))
    form, months = _names()
    for match in form.finditer(plain):
        name, day = (match[1], match[2]) if match[1] else (match[4], match[3])
        if f"{months[name.lower()]}{day.zfill(2)}" in matcher.birthdays:
            found.append(match.span())
    return found


def _keys(first: str, second: str) -> list[str]:
    """Return what two numbers are as month and day, in either order: MMDD."""
    pairs = {(first, second), (second, first)}
    return [f"{month.zfill(2)}{day.zfill(2)}" for month, day in pairs if 1 <= int(month) <= 12 and 1 <= int(day) <= 31]
