# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Identifiers that tell themselves by their form in digits: telephone, SSN, card, IP, UID, NPI, long numbers.

Codes with letters are in ``codes.py``, addresses of the net in ``links.py``. Letters that optical character recognition
puts for digits are read as digits where the form is plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.values import unit_behind
from curator.detect.text.numbers.cards import is_card
from curator.detect.text.numbers.checks import luhn_holds, npi_holds
from curator.detect.text.numbers.codes import codes
from curator.detect.text.numbers.links import addresses
from curator.detect.text.numbers.pagers import heads, pagers, seconds
from curator.detect.text.numbers.standing import spaced, standing
from curator.detect.text.words.hints import ANY
from curator.detect.text.words.vocabulary import MISREAD
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

__all__ = ["addresses", "numbers"]

#: Seven digits and marks between them, at least; the test of what stands before comes second, as in ``dates.py``.
_CLUSTER = re.compile(r"[0-9](?<![0-9][0-9])(?:[0-9]|[-./:() –‑]{1,3}(?=[0-9(])){6,80}")
_RUN = re.compile(r"[0-9]+")
_SSN = re.compile(r"(?!000)\d{3}([- .]|[–‑]| - |- )\d{2}\1\d{4}(?![\d-])(?![^\W\d_]|\.\d)")
_HIC = re.compile(r"\d{3}-\d{2}-\d{4}-?[A-Z]\d?(?![\w-])")
_SSN_MASKED = re.compile(r"[xX*#](?<![\w-].)[xX*#]{2}[- ]?[xX*#]{2}[- ]?\d{4}(?![\d-])")
_SSN_LAST = re.compile(
    r"\b(?:SSN?|[Ss]oc(?:ial)?\.?(?: [Ss]ec(?:urity)?)?)[ #.]{0,2}\((?:last|final) ?(?:4|four)(?: digits)?\)[:# ]{1,3}(\d{4})(?!\w)"
)
#: The number of a court's case: 21-cv-00394.
_DOCKET = re.compile(r"-(?:cv|cr|mc|jv|dr|fc|pr|sc|tr|CV|CR|MC|JV|DR|FC|PR|SC|TR)-\d{3,6}(?!\w)")
_DOCKET_YEAR = re.compile(r"(?<![\w-])(?:\d:)?\d{2,4}$")
_CARD_MASKED = re.compile(r"[xX*•](?<![\w-].)[xX*•]{3}[ -]?(?:[xX*•]{4}[ -]?){1,2}\d{4}(?![\w-])")
_MASK_PLAINLY = re.compile(r"[xX*#](?<![\w-].)[xX*#]{2}")
_MASK = re.compile(r"[xX*#•](?<![\w-].)[xX*#•]{2}")
_PHONE = re.compile(
    r"(?:(?:\+?1|001)[-. ]{0,3})?(?:\(\s?\d{3}\s?\)[-. ]{0,3}|\d{3}[-./ –‑]{1,3})(?:\d{3}[-. –‑]{1,3}|(?<=\))\d{3}|(?<=\) )\d{3})\d{4}(?![\d])(?!-\d)(?!\.\d)"
    r"(?:,?\s?(?:x|ext\.?|extension|#)\s?:?\s?\d{1,6})?", re.IGNORECASE)  # fmt: skip
_PHONE_LONG = re.compile(
    r"(?:\+\s?\(?[1-9]\d{0,2}\)?[-. /]{0,2}|00[1-9]\d{0,2}[-. /])(?:\(0?\d{1,5}\)|\d{1,5})(?:[-. /]{0,2}(?:\d{2,5}|\d(?=[-. ]\d))){1,6}(?!\d)(?:,?\s?(?:x|ext\.?|extension|#)\s?\d{1,6})?|\+[1-9]\d{7,14}(?!\d)",
    re.IGNORECASE,
)
_PHONE_NATIONAL = re.compile(
    r"(?:\(0\d{1,5}\)[-. /]{0,2}|0\d{1,5}[-/ .])(?:\d{2,5}[-. ]?){1,4}(?<=\d)(?![\d/:])|0[1-9](?:[ .]\d\d){4}(?!\d)|0[1-9]\d{8,9}(?![\w.-])"
)
_PHONE_SHORT = re.compile(
    r"[2-9]\d{2}[-.]\d{4}(?![\w/-]|\.\d)(?:,?\s?(?:x|ext\.?|extension)\s?\d{1,6})?", re.IGNORECASE
)
_PHONE_TEN = re.compile(
    r"1?[2-9]\d{2}[2-9]\d{6}(?=,?\s?(?:x|ext\.?|extension)\s?\d)(?:,?\s?(?:x|ext\.?|extension)\s?\d{1,6})",
    re.IGNORECASE,
)
_VANITY = re.compile(
    r"[2-9](?=\d\d\)?[-. ])(?<![\w.].)\d{2}\)?[-. ](?:\d{3}[-. ][A-Z]{4}|(?<=8[03-8]{2}[-. ])(?=[A-Z0-9-]{7,12}(?!\w))(?:[A-Z0-9]{2,8}-)?[A-Z][A-Z0-9]{2,9}(?:-[A-Z0-9]{1,8})?)(?!\w)"
)
_VANITY_HEAD = re.compile(r"(?<!\w)(?:\+?1[-. ])?\(?$")
_CARD = re.compile(r"(?:\d{4}[ -]){3}\d{1,7}(?![\w-])|3[47]\d{2}[ -]\d{6}[ -]\d{5}(?![\w-])|\d{13,19}(?![\w.-])")
_ZIP4 = re.compile(r"\d{5}-\d{4}(?![\w-])")
_IPV4 = re.compile(
    r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d|0\d\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d|0\d\d)(?!\d|\.\d)(?::\d{2,5}(?!\d))?(?:/(?:3[0-2]|[12]?\d)(?![\d/]))?"
)
_IP_BEFORE = re.compile(
    r"\b(?:ip(?:v4)?|address|addr|host|server|login|logged|from|client|via|gateway|dns|subnet|ping)\b[\w\s:=(]{0,20}$",
    re.IGNORECASE,
)
_IP_PATH = re.compile(r"/[A-Za-z][^\s<>\"'`|{}\\^]{1,400}")
_NO_IP = re.compile(
    r"\b(?:version|ver|v|release|build|firmware|software|section|icd|chapter|step|oid|rev|ec|enzyme)\.?\s?$",
    re.IGNORECASE,
)
_IPV6_CANDIDATE = re.compile(
    r"(?<![\w:.])\[?(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{2})([0-9A-Fa-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?:%\w{1,15})?(?:\](?::\d{2,5})?)?(?:/\d{1,3})?(?![\w:])"
)
_THREE_COLONS = re.compile(r":[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:")
_UID = re.compile(
    r"[012](?:\.(?:0|[1-9]\d*)){5,}(?![\d.]*\d)|(?:1\.2\.(?:840|826|276|392|250|752|124|156|410)|1\.3\.(?:6|12|46|51)|2\.16\.\d{3}|2\.25)(?:\.\d+){1,60}"
)
_LONG = re.compile(
    r"\d{7,}(?![\w%]|,\d|\.\d|\s?(?:mg|mcg|units?|iu|cells|copies|/|k/|cfu|ml|x\s?10|dollars|eur))", re.IGNORECASE
)
_GROUPED = re.compile(r"\d{2,6}(?:-\d{2,8}){1,4}(?:-\d)?[A-Z]?(?![\w-])")
_OCR = re.compile(
    r"[0-9OolISBZ(](?<![\w./-].)(?:(?<=[0-9(])(?=[-0-9/.() –]{0,15}[OolISBZ])|(?<![0-9(])(?=[-OolISBZ/.() –]{0,15}[0-9]))(?:(?P<ssn>X{2}(?P<part>[-–‑])X{2}(?P=part)X{4})|(?P<date>X?(?P<mark> ?[-/.] ?)[0-3OolI]?X(?P=mark)(?:[12lI]X{3}|X{2})|X{3}(?P<dash>[-/])[01OolI]?X(?P=dash)[0-3OolI]?X)"
    r"|(?P<phone>(?:[-. ]X{3}|X{2,3})(?:\)[-. –‑]?|[-. –‑])\s?X{3}[-. –‑]X{4}(?:,?[ ]?(?:[xX]|[eE]xt\.?|#)[ ]?X{2,6})?)|(?P<ip>X{0,2}\.X{1,3}\.X{1,3}\.X{1,3}))(?![\w-]|[/.]\d)".replace("X", "[0-9OolISBZ]")
)  # fmt: skip
_SPEAKS_FAX = re.compile(
    r"\b(?:e?fax(?:ed)?|facsimile|telefax|fx|f|t[ée]l[ée]copie)\b[\w \t()]{0,16}[.:#)]?\s{0,3}(?:(?:is|to|at|no|number|num|line|back|nr)\b\.?:?\s*){0,3}[(+]?$",
    re.IGNORECASE,
)
_FAX_BEHIND = re.compile(
    r"\s?[(\[]?(?:fax|facsimile|f\))(?!\w)(?!\s?[:#(+]?\s?(?:is|no|number)?\s?[:.]?\s?[(+]?\d)", re.IGNORECASE
)
_OTHER_THAN_FAX = re.compile(r"\b(?:phone|tel|telephone|cell|mobile|call|pager)\b", re.IGNORECASE)


_SPEAKS_PHONE = re.compile(r"(?<![^\W_])(?:[chwmopt]|ph|cell|tel|hm|wk|mob)[:.)]\s?$|[/|;] [pPtTcC] $", re.IGNORECASE)
#: A number in brackets, or behind a number sign, beside a name.
_OF_PERSON = (
    re.compile(r"\((?<=[^\W\d_.] \()(?:[A-Z]{1,3}-?\d|\d\d)(?:\d|[ .-](?=\d)){4,14}[A-Z]?(?=\))"),
    re.compile(
        r"#(?<=[^\W\d_.] #)(?:(?:[A-Z]{1,3}-?\d|\d\d)(?:\d|[ .-](?=\d)){4,14}[A-Z]?(?=\))|[A-Z]{0,3}-?\d(?:\d|[.-](?=\d)){4,14}[A-Z]?(?!\w))"
    ),
)
_DIAGNOSIS = re.compile(r"(?:[A-Z]\d\d\.\w{1,4}|[EV]?\d{2,3}\.\d{1,2}|(?:19|20)\d\d[-–](?:19|20)?\d\d)\)")
#: Codes of services and drugs, which are no one's.
_PUBLIC = re.compile(r"\b(?:CPT|HCPCS|NDC|LOINC|SNOMED|RxNorm|ICD(?:-10)?|[Cc]odes?|[DJG]\d{4})\b[^\n]{0,30}$")
#: The sign of a public code right before it.
_PUBLIC_SIGN = re.compile(
    r"\b(?:NDC|SNOMED(?:[ -]?CT)?|RxNorm|RXCUI|RxCUI|LOINC|PMID|PMCID|OMIM|MeSH|NCT|DOI|MedDRA)[ :#]{0,2}$",
    re.IGNORECASE,
)
#: A code of a service with its modifier.
_MODIFIED = re.compile(r"9[0-9]{4}-[0-9]{2}$")
#: A telephone and a fax number in one.
_PAIR = re.compile(r"[2-9]\d{2}[2-9]\d{6}/[2-9]\d{2}[2-9]\d{6}(?!\d)")
_CALLED = re.compile(r"\d{3}-\d{4}\)|[2-9]\d{2}[2-9]\d{6}\)")
_NAME_BEFORE = re.compile(r"[^\W\d_a-z][^\W\d_]{1,20}(?:['’-][^\W\d_]{1,20})?,? (?:[A-Z][^\W\d_]{0,20}\.? )?[(#]$")

#: A record number that a dictation has run into its label: mrnq27631.
_GLUED = re.compile(r"(?<![^\W_])mrn[a-z#]?(\d{4,10})(?!\w)")


def numbers(text: str, runs: list[tuple[int, int]], flags: int = ANY) -> Iterator[Finding]:
    """Yield numbers and codes that their form gives away.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end; none means no number.
    flags
        What its words show.
    """
    if runs:
        last, count = 0, len(runs)
        for cluster in _CLUSTER.finditer(text):
            begin, stop = cluster.span()
            if begin and (text[begin - 1].isalpha() or text[begin - 1] == "_"):
                begin = _behind_code(text, begin, stop)
            while last < count and runs[last][0] < begin:
                last += 1
            while last < count and runs[last][0] < stop:
                start, end = runs[last]
                end = min(end, stop)
                last += 1
                first = text[start - 1] if start else " "
                if (
                    end - start > 2
                    or text[start] == "0"
                    or first in "(+"
                    or text[end : end + 1] in {".", "-"}
                    or (text[start] == "1" and (end - start == 1 or text[end : end + 1] == " "))
                ):
                    yield from _run(text, start, end)
        yield from codes(text, runs)
        yield from standing(text, runs)
        yield from pagers(text, runs, flags)
        yield from heads(text, runs, flags)
        yield from seconds(text, runs)
        for match in _OCR.finditer(text) if flags & MISREAD else ():
            yield from _misread(text, match)
        for match in _GLUED.finditer(text) if "mrn" in text else ():
            yield Finding(match.start(1), match.end(1), Category.RECORD_NUMBER, "mrn", "cue.mrn-glued", 0.9)
        for match in _of_person(text):
            if (
                not _DIAGNOSIS.match(text, match.start() + 1)
                and _NAME_BEFORE.search(text, max(0, match.start() - 30), match.start() + 1)
                and not _PHONE.match(text, match.start() + 1)
                and not _DATE_LIKE.match(text, match.start() + 1)
                and not _CALLED.match(text, match.start() + 1)
            ):
                yield Finding(
                    match.start() + 1, match.end(), Category.RECORD_NUMBER, "mrn", "form.number-of-person", 0.55
                )
        for match in _vanities(text, runs):
            head = _VANITY_HEAD.search(text, max(0, match.start() - 4), match.start())
            yield _phone(text, head.start() if head else match.start(), match.end(), 0.9)
    if "last" in text and runs:
        for match in _SSN_LAST.finditer(text):
            yield Finding(match.start(1), match.end(1), Category.SSN, "ssn", "form.ssn-last", 0.9)
    if "-" in text and runs:
        for match in _DOCKET.finditer(text):
            year = _DOCKET_YEAR.search(text, max(0, match.start() - 7), match.start())
            if year:
                yield Finding(year.start(), match.end(), Category.OTHER, "case", "form.docket", 0.7)
    if (_MASK_PLAINLY if text.isascii() else _MASK).search(text):
        for form, category, kind in ((_SSN_MASKED, Category.SSN, "ssn"), (_CARD_MASKED, Category.ACCOUNT, "card")):
            for match in form.finditer(text):
                yield Finding(match.start(), match.end(), category, kind, f"form.{kind}", 0.96)
    if "::" in text or _THREE_COLONS.search(text):
        yield from _ipv6(text)


def _vanities(text: str, runs: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield telephone numbers with letters; three figures lead to them, beyond ASCII other figures as well."""
    if not text.isascii():
        yield from _VANITY.finditer(text)
        return
    done = 0
    for start, end in runs:
        if end - start == 3 and start >= done and text[start] > "1" and text[end : end + 1] in _VANITY_GAPS:
            match = _VANITY.match(text, start)
            if match:
                done = match.end()
                yield match


#: What may stand behind the first three figures of such a number.
_VANITY_GAPS = frozenset(")-. ")


def _of_person(text: str) -> Iterator[re.Match[str]]:
    """Yield numbers in brackets, or behind a number sign, behind a blank."""
    for mark, form in zip((" (", " #"), _OF_PERSON, strict=True):
        if mark in text:
            yield from form.finditer(text)


def _behind_code(text: str, begin: int, stop: int) -> int:
    """Return where the first run that no letter touches begins."""
    run = _RUN.match(text, begin)
    return min(stop, run.end() + 1) if run else stop


def _run(text: str, start: int, end: int) -> Iterator[Finding]:
    before = text[start - 1] if start else " "
    if before.isalnum() or before == "_":
        return
    size, after = end - start, text[end : end + 1]
    if after == " " and size < 7 and text[end + 1 : end + 2].isdecimal() and (found := spaced(text, start)):
        yield found
    loose = before not in ".-/" or (before == "-" and not text[max(0, start - 2) : start - 1].isalnum())
    if size <= 6 and after == "-" and before not in "-/.":
        yield from _grouped(text, start)
    if loose and (size == 3 or before in "(+" or text[start] in "01" or (size in {10, 11} and after in ", xe")):
        yield from _phones(text, start, size, before)
    if size == 3 and after and after in "- –‑." and before != "-":
        match = _SSN.match(text, start)
        if match and (match[1] not in ". " or match[0][0] != "0"):
            yield Finding(start, match.end(), Category.SSN, "ssn", "form.ssn", 0.98)
        else:
            yield from _at(_HIC, text, start, Category.HEALTH_PLAN, "plan", 0.9)
    if size == 10 and after == "/" and before != "/" and (pair := _PAIR.match(text, start)):
        yield _phone(text, start, pair.end(), 0.8)
    if size <= 3:
        if after == "." and before not in ".-":
            yield from _dotted(text, start, size)
    elif size >= 7:
        yield from _long(text, start, end, before)
    elif size == 5 and after == "-":
        yield from _at(_ZIP4, text, start, Category.GEOGRAPHY, "zip", 0.9)
    elif size == 4 and after in {" ", "-"}:
        match = _CARD.match(text, start)
        if match and (sure := is_card(text, start, match[0])) is not None:
            yield Finding(start, match.end(), Category.ACCOUNT, "card", "form.card", 0.95 if sure else 0.8)


def _at(form: re.Pattern[str], text: str, start: int, category: Category, kind: str, trust: float) -> Iterator[Finding]:
    match = form.match(text, start)
    if match:
        yield Finding(start, match.end(), category, kind, f"form.{kind}", trust)


def _grouped(text: str, start: int) -> Iterator[Finding]:
    """Yield groups of digits that are no range, no date and no telephone: 31-53594, 79-46-98."""
    match = _GROUPED.match(text, start)
    if (
        match is None
        or _MODIFIED.match(match[0])
        or unit_behind(text, match.end())
        or _PUBLIC.search(text, max(0, start - 40), start)
    ):
        return
    sizes = [len(part) for part in match[0].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").split("-")]
    if (match[0][-1].isalpha() or sizes[-1] < 2) and (sum(sizes) < 8 or len(sizes) < 3):
        return
    if len(sizes) == 2 and (sum(sizes) < 7 or abs(sizes[0] - sizes[1]) < 2 or (sizes[0] == 4 and sizes[1] == 2)):
        return
    if len(sizes) > 2 and (
        (len(sizes) > 3 and max(sizes) < 3)
        or sum(sizes) < 6
        or sizes == [3, 3, 4]
        or (len({*sizes}) == 1 and sum(sizes) < 6)
    ):
        return
    if len(sizes) == 3 and sizes in ([2, 2, 2], [2, 2, 4], [4, 2, 2]) and _DATE_LIKE.match(match[0]):
        return
    yield Finding(start, match.end(), Category.OTHER, "number", "form.grouped", 0.4)


_DATE_LIKE = re.compile(
    r"(?:0\d|1[0-2])-(?:[0-2]\d|3[01])-|(?:[0-2]\d|3[01])-(?:0\d|1[0-2])-|(?:19|20)\d\d-(?:0\d|1[0-2])-"
)


#: Object identifiers of standards and their code systems: HL7 (but 3, which its members have), its value sets, DICOM, IHE,
#: DIMDI, X.500, the United States' own tests. Whoever else has an arc gives numbers below it to what is theirs.
_STANDARD = re.compile(
    r"(?:2\.16\.840\.1\.113883\.(?:[124567]|1\d|2[0-2])(?:\.\d{1,5}){0,6}|2\.16\.840\.1\.113762\.1\.4(?:\.\d{1,5}){1,3}|2\.16\.840\.1\.101\.3(?:\.\d{1,4}){1,8}|1\.2\.840\.10008(?:\.\d{1,4}){1,9}"
    r"|1\.3\.6\.1\.4\.1\.19376(?:\.\d{1,4}){1,9}|1\.2\.276\.0\.76(?:\.\d{1,4}){1,4}|1\.0\.(?:3166|639|5218)(?:\.\d{1,3}){0,4}|2\.5\.(?:4|29)\.\d{1,3})(?![.\w])"
)


def _dotted(text: str, start: int, size: int) -> Iterator[Finding]:
    if size == 1 and text[start] in "012":
        for spot in _at(_UID, text, start, Category.OTHER, "uid", 0.97):
            if _STANDARD.match(text, start, spot.end) is None:
                yield spot
    match = _IPV4.match(text, start)
    if match and not _NO_IP.search(text, max(0, start - 12), start):
        plain = all(len(part) == 1 for part in match[0].split(".")[:4])
        path = _IP_PATH.match(text, match.end())
        if path:
            yield Finding(start, match.end() + len(path[0].rstrip(".,;:!?)]")), Category.URL, "url", "form.url", 0.97)
        elif not plain or _IP_BEFORE.search(text, max(0, start - 30), start):
            yield Finding(start, match.end(), Category.IP, "ip", "form.ip", 0.96)


def _long(text: str, start: int, end: int, before: str) -> Iterator[Finding]:
    size = end - start
    if before in ".,$€£/+-" and not (before == "-" and not text[max(0, start - 2) : start - 1].isalnum()):
        return
    if size >= 13 and _CARD.match(text, start) and size <= 19 and luhn_holds(text[start:end]):
        yield Finding(start, end, Category.ACCOUNT, "card", "form.card", 0.8)
    if before == ":" and text[max(0, start - 2) : start - 1].isalnum():
        return
    match = _LONG.match(text, start)
    if match and not (size < 10 and _PUBLIC_SIGN.search(text, max(0, start - 16), start)):
        if (
            size == 10
            and text[start] > "1"
            and text[start + 3] > "1"
            and _SPEAKS_PHONE.search(text, max(0, start - 12), start)
        ):
            yield _phone(text, start, end, 0.9)
        else:
            yield Finding(start, end, Category.OTHER, "number", "form.number", 0.5)
    if size == 10 and text[start] in "12" and npi_holds(text[start:end]) and not text[end : end + 1].isalpha():
        yield Finding(start, end, Category.LICENSE, "npi", "form.npi", 0.8)


def _phones(text: str, start: int, size: int, before: str) -> Iterator[Finding]:
    if before in "(+":
        start -= 1
        if before == "(" and start and text[start - 1] == "+":
            start -= 1
    if _PUBLIC_SIGN.search(text, max(0, start - 16), start):
        return
    for form, trust in _PHONES:
        if form is _PHONE_SHORT and (size != 3 or before == "("):
            continue
        match = form.match(text, start)
        if match is None and form is _PHONE and before == "(":
            match = form.match(text, start + 1)  # a number in brackets
        if match:
            if form in _COUNTED and not 8 <= sum(map(str.isdecimal, match[0])) <= _COUNTED[form]:
                continue
            yield _phone(text, match.start(), match.end(), trust)
            return


def _phone(text: str, start: int, end: int, trust: float) -> Finding:
    fax = _SPEAKS_FAX.search(text, max(0, start - 36), start)
    told = (fax and not _OTHER_THAN_FAX.search(fax[0])) or _FAX_BEHIND.match(text, end)
    category = Category.FAX if told else Category.PHONE
    kind = category.name.lower()
    return Finding(start, end, category, kind, f"form.{kind}", trust)


#: So many digits some of them have at most.
_COUNTED = {_PHONE_NATIONAL: 13, _PHONE_LONG: 21}
_PHONES = ((_PHONE, 0.94), (_PHONE_LONG, 0.93), (_PHONE_TEN, 0.9), (_PHONE_NATIONAL, 0.8), (_PHONE_SHORT, 0.75))
_MISREAD = {"ssn": (Category.SSN, 0.97), "date": (Category.DATE, 0.94), "phone": (Category.PHONE, 0.93), "ip": (Category.IP, 0.94)}  # fmt: skip


def _misread(text: str, match: re.Match[str]) -> Iterator[Finding]:
    kind = next(kind for kind in _MISREAD if match[kind])
    letters = sum(mark.isalpha() or mark == "|" for mark in match[0])
    digits = sum(mark.isdecimal() for mark in match[0])
    if (
        letters
        and digits >= letters
        and not (kind == "phone" and match[0][0] in "01OolI|" and match[0][1:2] not in "-. ")
    ):
        start = match.start()
        if kind == "date":
            start += match[0][0] == "("
            if not _is_misread_date(text[start : match.end()]):
                return
        category, trust = _MISREAD[kind]
        if kind == "phone":
            head = _COUNTRY_ONE.search(text, max(0, match.start() - 4), match.start())
            yield _phone(text, head.start() if head else match.start(), match.end(), trust)
        else:
            yield Finding(start, match.end(), category, kind, f"form.{kind}-misread", trust)


_COUNTRY_ONE = re.compile(r"(?<!\w)\+?[1lI][-. –]{1,2}$")
_AS_DIGITS = str.maketrans("OolISBZ", "0011582")


def _is_misread_date(value: str) -> bool:
    if not value[0].isalnum():  # nothing but a bracket stands before the first mark
        return False
    parts = [int(part) for part in re.split(r" ?[-/.] ?", value.translate(_AS_DIGITS))]
    if parts[0] > 99:
        return 1900 <= parts[0] <= 2099 and 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31
    return 1 <= min(parts[:2]) <= 12 and max(parts[:2]) <= 31


def _ipv6(text: str) -> Iterator[Finding]:
    from ipaddress import IPv6Address

    for match in _IPV6_CANDIDATE.finditer(text):
        if match[1].count(":") < 2 or not any(mark.isalnum() for mark in match[1]):
            continue
        try:
            IPv6Address(match[1])
        except ValueError:
            continue
        yield Finding(match.start(), match.end(), Category.IP, "ip", "form.ip", 0.97)
