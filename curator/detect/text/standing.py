# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Numbers and codes that the place where they stand gives away, with no label that a list knows.

Behind a person's name, behind a number sign, behind an abbreviation in capitals, behind a degree, or in groups that only
identifiers are written in. Measures, times, years, prices and codes of services are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lexicon import lexicon
from curator.detect.text.values import unit_behind
from curator.detect.text.vocabulary import DEGREE, known, word_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A code around a run of digits: letters before it, further groups behind it.
_CODE = re.compile(
    r"(?:[A-Z]{1,4}-?|(?<=#))?\d{2,12}(?:(?:[-.]|[ ](?=\d{2}))[A-Z0-9]{1,8}(?![a-z:])){0,4}(?:-?[A-Z])?(?![\w%/]|[.,:]\d|-\w)"
)
#: A lone code; groups parted by blanks only where the blank leads to two digits.
_PLAIN = re.compile(r"[A-Z]{0,4}-?\d[\dA-Z]{0,11}(?:[-.][A-Z0-9]{1,8}){0,4}(?![\w%/]|[.,:]\d|-\w)")
_LETTERS_BACK = re.compile(r"(?<![^\W_])(?:[A-Z]{1,4}-?|[A-Z]{1,3}[0-9]{1,4}[A-Z-])$")
_SIGN = re.compile(
    r"(?:[^\W\d_]['’.)]{0,2}[ ]?#[ ]?:?[ ]?|\b[^\W\d_]{2,20}[ ](?:[Nn]o\.|[Nn]r\.?|[Nn]um(?:ber)?\.?|NO\.?|N[º°o]\.?|№|ID|Id|[Cc]ode|[Rr]ef\.?)[ ]?:?[ ]?|[(,;][ ]?(?:no|nr|num|number)\b\.?[ ]?:?[ ]?)$"
)
#: What is counted, dosed or published behind a number sign or an abbreviation.
_NO_SIGN = re.compile(
    r"\b(?:disp(?:ense)?d?|tabs?|caps?|qty|quantity|pills?|refills?|dose|CPT|ICD|HCPCS|DRG|MS-DRG|NDC|LOINC|SNOMED|RxNorm|RxCUI|NCT|PMID|PMCID|OMIM|ATC|rs|chr|no|zip|code|codes|modifier|room|rm|bed|apt|suite|ste|unit|box|protocol|catalog)\b[.:]?[ ]?(?:no\.?|#|code)?[ ]?[:#]?[ ]?$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"(?<![^\W_])([A-Z]{2,8})[ ]?[ :#.-][ ]?$")
#: Abbreviations behind which a long number is a result, a dose, a time, a place or a public code.
_NO_ABBREVIATION = frozenset(
    """CK CPK BNP NTPROBNP PROBNP PLT PLTS WBC RBC ANC ALC AEC VL HCG BHCG HCT HGB LDH AFP CEA TG ALT AST GGT PSA RNA DNA CFU CPT ICD HCPCS DRG NDC ZIP SNOMED RXNORM LOINC CA IU IV PO BID TID QID CD FT MIN PCR EBV CMV HIV
    HBV HCV HPV HSV HTLV IGG IGM IGA IGE TRAB TSH CRP ESR GFR EGFR UA SPEC MG ML MCG UNITS HR BP RR MAP ICP CPP CO CI SVR PVR SV EF AT ON OF TO IN BY AND OR FOR THE AM PM EST PST CST MST EDT UTC GMT HRS AL AK AZ AR CO CT DE FL GA HI ID IL
    IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR SW NW SE HWY RR CR RD ST AVE PMID DOI ISO NCT AUC DLP TLC FVC DLCO PVC PVCS SCORE FEV TEE CTA MRI CXR XR US DEXA SUV
    TOTAL AVG MAX USD EUR GBP STEPS KCAL CAL WAT FY YEAR COPIES LOG TITER ANA DSDNA FERRITIN FERR TNI TROP DDIMER DIMER LIPASE AMYLASE CFDNA VWF RV LV RA LA OD OS OU TA FC FR PA SBP DBP AB RBBB LBBB BIN PCN TEMP TMAX WT HT BMI POC FSBG BG BS SAT SATS SPO PH OF DX""".split()
)  # fmt: skip
_DEGREE = re.compile(
    r",[ ](?:[A-Z][A-Za-z]{0,3}\.?){1,4}(?:-[A-Z]{1,5})?(?:,[ ](?:[A-Z][A-Za-z]{0,3}\.?){1,4}(?:-[A-Z0-9]{1,5})?){0,2}[ ,]{1,2}[(#]?$"
)
_BACK = re.compile(r"([^\W\d_](?:[^\W\d_]|['’.‐-](?=[^\W\d_])){0,24}\.?)([ \t,^]{0,10})$")
_JOINT = re.compile(r"[ \t]{0,24}(?:,|\||\(|#|/|-|–|:|;|\[|=|MRN)?[ \t]{0,24}[(#]?$")
_TITLE = frozenset(
    "mr mrs ms miss mx pt patient pat pts re for client resident sr sra srta herr frau mme m name nom nombre baby dear veteran member".split()
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?!\d)")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")
_DATE = re.compile(
    r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})$|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}$|\d{1,2}[-/.]\d{1,2}$|(?:19|20)\d{6}$|\d{1,2}[-. ]?[A-Z]{3}[-. ]?\d{2,4}$"
)
#: A range, a diagnosis, a pregnancy, a variant of a gene: no code of a person.
_PUBLIC = re.compile(r"\d{1,3}[-.]\d{1,3}$|\d{5}-\d\d$|[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$|G\d{1,2}P\d|[A-Z]\d{2,4}[A-Z]$|\d{1,3} \d{2,3}(?: \d{2,3})?$")
_PHONE = re.compile(r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$|\d{3}[-.]\d{4}$|[2-9]\d\d \d{7}$")
#: A record number in groups of three, as some hospitals write it.
_DOTTED = re.compile(r"\d{3}[.]\d{3}$|\d{3} \d{3} \d{2,3}$")
_BEHIND = re.compile(r"[ ]?(?:y(?:ea)?rs?\b|y/?o\b|years|patients|steps|copies|kcal|cells|hrs\b|hours|mi\b)")
_SPACED = re.compile(
    r"(?P<a>\d{2,6})(?: \d{2,7}){1,4}(?: \d)?(?: [A-Z])?(?![\w%/:-]|\.\d|,\d| \d)", re.ASCII
)


def standing(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield numbers that their place gives away.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    """
    done = 0
    for start, end in runs:
        if start < done or end - start < 2:
            continue
        before = text[start - 1] if start else "\n"
        if before in ".,/$€£+<>~=" and end - start < 5 and before != "/":
            continue
        begin = start
        if before.isalpha() or (before == "-" and start > 1 and text[start - 2].isalpha()):
            head = _LETTERS_BACK.search(text, max(0, start - 8), start)
            if head is None:
                continue
            begin = head.start()
        match = _CODE.match(text, begin)
        value = match[0] if match else ""
        if match is None or sum(mark.isdecimal() for mark in value) < 5 or _away(text, value, match.end()):
            match = _PLAIN.match(text, begin)
            if match is None:
                continue
            value = match[0]
            if _away(text, value, match.end()):
                continue
        found = _judge(text, begin, match.end(), value)
        if found:
            done = found.end
            yield found


def _away(text: str, value: str, end: int) -> bool:
    """Say whether a value is a date, a year, a telephone number or a measure."""
    return bool(
        _DATE.match(value)
        or (_PUBLIC.match(value) and not _DOTTED.match(value))
        or (len(value) == 4 and _YEAR.match(value))
        or _PHONE.match(value)
        or unit_behind(text, end)
        or _BEHIND.match(text, end)
    )


def _judge(text: str, start: int, end: int, value: str) -> Finding | None:
    """Say what a code is by what stands before it."""
    digits = sum(mark.isdecimal() for mark in value)
    line = text.rfind("\n", max(0, start - 90), start) + 1
    head = max(line, start - 90)
    last = text[start - 1 : start]
    if last == "#" or last in ".:" or text[max(0, start - 2) : start - 1] in {"#", ".", ":"} or (last == " " and digits > 2):
        if (digits > 3 or (digits > 2 and len(value) > 4)) and _SIGN.search(text, max(head, start - 30), start):
            if _NO_SIGN.search(text, max(head, start - 30), start) or (digits == 4 and _TIME.match(value) and "#" not in text[max(0, start - 3) : start]):
                return None
            return Finding(start, end, Category.OTHER, "code", "place.number-sign", 0.6)
    if digits < 4:
        return None
    if digits > 4 or text[max(0, start - 1) : start] in {"(", "#", "/"}:
        made = _person(text, start, head)
        if made:
            return Finding(start, end, Category.RECORD_NUMBER, "mrn", "place.person", 0.7)
    if (digits > 4 or not value.isdecimal()) and "." not in value and _degree(text, max(head, start - 40), start):
        return Finding(start, end, Category.LICENSE, "license", "place.degree", 0.6)
    if digits > 4:
        sign = _ABBREVIATION.search(text, max(head, start - 14), start)
        if sign and sign[1] not in _NO_ABBREVIATION and not _ROUND.match(value) and not _NO_SIGN.search(text, max(head, start - 30), start):
            return Finding(start, end, Category.OTHER, "code", "place.abbreviation", 0.5)
    return None


#: A round figure, which is a count or a price rather than a code.
_ROUND = re.compile(r"\d{2,3}000?$|\d{1,3}\.\d{3}$|\d{5}$(?<=00)")


def _degree(text: str, head: int, start: int) -> bool:
    """Say whether a name's degree stands right before a place: ", LADC", ", MD"."""
    match = _DEGREE.search(text, head, start)
    if match is None:
        return False
    words = re.findall(r"[A-Za-z]+", match[0].replace(".", ""))
    return all(word.upper() == word or len(word) < 4 for word in words) and words[-1].upper() not in _NO_ABBREVIATION and words[-1].isupper() and any((known.get(word) or word_of(word)).flags & DEGREE or len(word) > 3 for word in words)


def _person(text: str, start: int, head: int) -> bool:
    """Say whether a person's name ends right before a place."""
    joint = _JOINT.search(text, head, start)
    at = joint.start() if joint else start
    words: list[tuple[str, str]] = []
    while len(words) < 4:
        match = _BACK.search(text, max(head, at - 40), at)
        if match is None or (words and match[2].strip(" \t,^") == "" and len(match[2]) > 1 and "," not in match[2] and "^" not in match[2]):
            break
        words.append((match[1], match[2]))
        at = match.start()
        if at and text[at - 1] not in " \t,^":
            break
    if not words or not words[0][0][0].isupper():
        return bool(words and len(words) > 1 and words[1][0].lower().rstrip(".") in _TITLE and _name(words[0][0]) > 1)
    titled = any(word.lower().rstrip(".") in _TITLE for word, _ in words[1:3])
    names: list[tuple[int, str]] = []
    for word, gap in words:
        if not word[0].isupper() or word.lower().rstrip(".") in _TITLE:
            break
        names.append((_name(word), gap))
    ranks = [rank for rank, _ in names]
    joined = any("," in gap or "^" in gap for _, gap in names[1:])
    parted = text[joint.start() : start].strip() != "" or text[joint.start() : start].count(" ") > 1 if joint else False
    if titled and ranks and max(ranks) > 0:
        return True
    if len(ranks) < 2 or min(ranks[:2]) < 0:
        return False
    if joined:
        return sum(ranks[:3]) > 1
    return sum(ranks[:2]) > 2 and (parted or at <= head + 1 or sum(ranks[:2]) > 3)


_RANKS = {"G": 2, "S": 2, "R": 2, "n": 2, "g": 1, "s": 1, "r": 1, "u": 2, "U": 1, "I": 0, "W": -1, "M": -2, "A": 0, "": -1}


def _name(word: str) -> int:
    """Return how much a word is a name, below zero when it is another word."""
    if word.lower() in lexicon().medical:
        return -2
    entry = known.get(word) or word_of(word)
    if not entry.kind:
        return 2 if entry.listed and word.lower() not in lexicon().words else -1
    return _RANKS[entry.kind]


def spaced(text: str, start: int) -> Finding | None:
    """Return groups of digits parted by blanks that only an identifier is written in: 61 044188 2 07, 418 827 706."""
    match = _SPACED.match(text, start)
    if match is None or unit_behind(text, match.end()) or _BEHIND.match(text, match.end()):
        return None
    parts = [part for part in match[0].split(" ") if part.isdecimal()]
    sizes = [len(part) for part in parts]
    if sum(sizes) < 8 or any(_YEAR.match(part) for part in parts if len(part) == 4):
        return None
    if sizes in ([3, 3, 3], [3, 3, 4], [3, 3, 2, 2]):
        pass
    elif max(sizes) < 4 or all(_TIME.match(part) for part in parts if len(part) == 4) and max(sizes) == 4:
        return None
    elif len(sizes) == 2 and (min(sizes) < 3 or sizes[0] < 3):
        return None
    if start and not (text[start - 1] in " \t\n(:#.,;-/|" and not text[max(0, start - 2) : start - 1].isdecimal()):
        return None
    digits = sum(sizes)
    if sizes in ([3, 7], [3, 3, 4], [3, 4, 3]) or (digits in {9, 10} and sizes == [3, 3, 3]):
        return Finding(start, match.end(), Category.PHONE, "phone", "form.phone-spaced", 0.5)
    return Finding(start, match.end(), Category.OTHER, "number", "form.spaced", 0.5)
