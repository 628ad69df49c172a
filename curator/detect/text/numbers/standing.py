# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Numbers and codes that the place where they stand gives away, with no label that a list knows.

Behind a person's name, behind a number sign, behind an abbreviation in capitals, behind a degree, or in groups that only
identifiers are written in. Measures, times, years, prices and codes of services are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.fields.groups import groups
from curator.detect.text.fields.values import STOPS as _STOPS
from curator.detect.text.fields.values import unit_behind
from curator.detect.text.lists.lexicon import words_of
from curator.detect.text.numbers.persons import person_before
from curator.detect.text.numbers.registered import registered
from curator.detect.text.words.anycase import Before
from curator.detect.text.words.vocabulary import DEGREE, known, word_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A code around a run of digits: letters before it, further groups behind it.
_CODE = re.compile(
    r"(?:[A-Z]{1,4}-?|(?<=#))?\d{2,12}(?:(?:[-.]|[ ](?=\d{2}))[A-Z0-9]{1,8}(?![a-z]|:\d)){0,4}(?:-?[A-Z])?(?![\w%/]|[.,:]\d|-\w)"
)
_SIGNED = re.compile(r"[A-Z]{1,4} \d[\d -]{2,12}\d(?![\w%/]|[.,:]\d|-\w)")
#: A lone code; groups parted by blanks only where the blank leads to two digits.
_PLAIN = re.compile(r"[A-Z]{0,4}-?\d[\dA-Z]{0,11}(?:[-.][A-Z0-9]{1,8}){0,4}(?![\w%/]|[.,:]\d|-\w)")
_SIGN_LETTERS = re.compile(r"(?<=#)[A-Z]{1,4} $")
_LETTERS_BACK = re.compile(r"(?<![^\W_])(?:[A-Z]{1,4}-?|[A-Z]{1,3}[0-9]{1,4}[A-Z-])$")
_SIGN = re.compile(
    r"(?:\w['’.)]{0,2}[ ]?#[ ]?:?[ ]?|\b[^\W\d_]{2,20}[ ](?:[Nn]o\.|[Nn]r\.?|[Nn]um(?:ber)?\.?|NO\.?|N[º°o]\.?|№|ID|Id|[Cc]ode|[Rr]ef\.?)[ ]?:?[ ]?|[(,;][ ]?(?:no|nr|num|number)\b\.?[ ]?:?[ ]?)$"
)
#: What is counted, dosed or published behind a number sign or an abbreviation.
_NO_SIGN = Before(
    r"\b(?:disp(?:ense)?d?|tabs?|caps?|qty|quantity|pills?|refills?|dose|CPT|ICD|HCPCS|DRG|MS-DRG|NDC|LOINC|SNOMED|RxNorm|RxCUI|NCT|PMID|PMCID|OMIM|ATC|CVX|rs|chr|zip|(?:under|procedures?|billing|tariff|fee|item|schedule|benefit|diagnos\w+|OPCS|CCSD|ACHI|MBS|revenue|condition|occurrence|taxonomy|service|claims?|error|fault|reason|status|denial|response|colou?r|lesson|dental|surgical|CDT|ADA|occ(?:upation)?|the|and|with|by|as|a|to|we|i|they|should|can|would|not) code|CPT codes?|ICD codes?|modifier|models?|product|style|images?|slices?|series|room|rm|bed|apt|suite|ste|tx)\b[.:]?[ ]?(?:no\.?|#|code)?[ ]?[:#]?[ ]?$",
)
_ABBREVIATION = re.compile(r"(?<![^\W_])([A-Z]{2,8})[ ]?[ :#.-][ ]?$")
#: Abbreviations behind which a long number is a result, a dose, a time, a place or a public code.
_NO_ABBREVIATION = frozenset(words_of("measures.txt"))
_DEGREE = re.compile(
    r",[ ](?:[A-Z][A-Za-z]{0,3}\.?){1,4}(?:-[A-Z]{1,5})?(?:,[ ](?:[A-Z][A-Za-z]{0,3}\.?){1,4}(?:-[A-Z0-9]{1,5})?){0,2}[ ,]{1,2}[(#]?$"
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?!\d)")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")
_DATE = re.compile(
    r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:\d{4}|\d{2})$|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}$|\d{1,2}[-/.]\d{1,2}$|(?:19|20)\d{6}$|\d{1,2}[-. ]?[A-Z]{3}[-. ]?\d{2,4}$"
)
#: A range, a diagnosis, a pregnancy, a variant of a gene: no code of a person.
_PUBLIC = re.compile(
    r"\d{1,3}[-.]\d{1,3}$|\d{5}-\d\d$|[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?$|G\d{1,2}P\d|[A-Z]\d{2,4}[A-Z]$|\d{1,3} \d{2,3}(?: \d{2,3})?$"
)
_PHONE = re.compile(r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}$|[2-9]\d\d \d{7}$")
#: A record number in groups of three, as some hospitals write it.
_DOTTED = re.compile(r"\d{3}[.]\d{3}$|\d{3} \d{3} \d{2,3}$")
_BEHIND = re.compile(r"[ ]?(?:y(?:ea)?rs?\b|y/?o\b|years|patients|steps|copies|kcal|cells|hrs\b|hours|mi\b)")
_ENDS = re.compile(r"\s?[.;,)]?(?:\s|$)(?<=[.;,)\n])|\s*$")
#: A word with a capital, or a comma behind a word, right before a place.
_CAPITAL = re.compile(r"(?:[A-Z][a-z'’]{2,20}(?:[ ][-–])?|[a-z]{2},|[a-z]{3}:)[ ]$")
_SPACED = re.compile(r"(?P<a>\d{2,6})(?: \d{2,7}){1,4}(?: \d)?(?: [A-Z])?(?![\w%/:-]|\.\d|,\d| \d)", re.ASCII)


#: Where a code may begin: five digits and more, or four that are no year and stand behind a sign or a bracket.
#: Figures that a hyphen or a slash joins to others are part of what begins before them.
#: Four digits alone behind a word in small letters are never a code, unless the word is one for a number; a year never is.
_CANDIDATE = re.compile(
    r"[0-9](?<![0-9.$€£+<>~=,a-z][0-9])(?<!\d[/-][0-9])(?!(?<=[a-z] [0-9])(?<!(?:ode|[Rr]ef|ber) [0-9])(?<!(?:um|[Nn][or]|Id) [0-9])[0-9]{2,3}(?:[,;:)/%\n]|[.](?![A-Z0-9])|[ ](?!\d)|$))(?!(?<= [0-9])(?<![A-Z] [0-9])(?:(?<=1)[89]|(?<=2)0)[0-9]{2}(?:[,;:)/%\n]|[.](?![A-Z0-9])|[ ](?!\d)|$))(?:(?=[0-9]{4}|[0-9]{1,3}[-.][0-9A-Z]{2,9}(?![%/])|[0-9]{2} [0-9]{3,4}(?![.:%/][0-9]|[0-9])|[0-9]{3}-|-[0-9]{4}(?![0-9-]))|(?=[0-9]{3}(?![0-9%/]|[.,:][0-9]))(?<![ ][12][09])(?<=[#(. :DdERoOreA-Z][0-9]))"
)


#: What stands behind the first one, two or three figures of a code, and what never stands before one.
_GOES_ON: tuple[frozenset[str], ...] = (frozenset(), frozenset("-"), frozenset("-."), frozenset("-. "))
_NEVER_BEFORE = frozenset(".$€£+<>~=,abcdefghijklmnopqrstuvwxyz")


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
        size = end - start
        # Fewer than four figures begin a code only before a mark that goes on.
        if start < done or (size < 4 and text[end : end + 1] not in _GOES_ON[size]):
            continue
        before = text[start - 1] if start else "\n"
        if before in _NEVER_BEFORE or not _CANDIDATE.match(text, start):
            continue
        begin = start
        if before == " ":
            if text[max(0, start - 3) : start - 1].isupper() and (
                head := _SIGN_LETTERS.search(text, max(0, start - 6), start)
            ):
                begin = head.start()
        elif before.isalpha() or (before == "-" and start > 1 and text[start - 2].isalpha()):
            head = _LETTERS_BACK.search(text, max(0, start - 8), start)
            if head is None:
                continue
            begin = head.start()
        match = (_SIGNED if begin < start and before == " " else _CODE).match(text, begin)
        value = match[0] if match else ""
        many = sum(map(str.isdecimal, value)) > 4
        if match is None or not many or _away(text, value, match.end()):
            refused = value if many else ""
            match = _PLAIN.match(text, begin)
            if match is None or match[0] == refused:
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
    """Say what a code is by what stands before it; each rule is only tried where its last mark stands."""
    digits = sum(map(str.isdecimal, value))
    if digits < 3:
        return None
    head = max(text.rfind("\n", max(0, start - 90), start) + 1, start - 90, 0)
    lead = text[max(head, start - 40) : start]
    bare = lead.rstrip(" \t")
    last = bare[-1:]
    word = bare.endswith(_SIGN_WORDS)
    if (last in {"#", ".", ":"} or word) and (digits > 3 or len(value) > 4) and _SIGN.search(lead):
        if _NO_SIGN.holds(lead, 0, len(lead)) or (digits == 4 and last != "#" and _TIME.match(value)):
            return None
        end = max(end, groups(text, start, _STOPS))
        return Finding(start, end, Category.OTHER, "code", "place.number-sign", 0.6)
    if digits < 4 or not last:
        return None
    pager = _PAGER.match(value) is not None
    if (
        (last.isupper() or last in "(#,")
        and "," in lead
        and (pager or ((digits > 4 or not value.isdecimal()) and "." not in value))
        and _degree(lead)
    ):
        if pager:
            return Finding(start, end, Category.PHONE, "phone", "place.degree", 0.6)
        return Finding(start, end, Category.LICENSE, "license", "place.degree", 0.6)
    if "(" in lead and "icen" in lead and _LICENSED.search(lead):
        return Finding(start, end, Category.LICENSE, "license", "place.licensed", 0.7)
    if digits > 4 or last in "(#/":
        sure = not _ROUND.match(value) and (digits > 5 or "-" in value or value[0] == "0")
        if person_before(text[head:start], sure=sure):
            if pager:
                return Finding(start, end, Category.PHONE, "phone", "place.person", 0.7)
            return Finding(start, end, Category.RECORD_NUMBER, "mrn", "place.person", 0.7)
    if digits > 4 and (last.isupper() or last in ":#.-") and not _ROUND.match(value):
        sign = _ABBREVIATION.search(lead)
        begin = max(head, start - 40) + sign.start(1) if sign else start
        if (
            sign
            and sign[1] not in _NO_ABBREVIATION
            and not _NO_SIGN.holds(lead, 0, len(lead))
            and not registered(text, begin, end)
        ):
            return Finding(start, end, Category.OTHER, "code", "place.abbreviation", 0.5)
    return None


_SIGN_WORDS = ("ID", "Id", "ode", "Ref", "ref", "umber", "um", "No", "Nr", "no", "nr", "NO", "Nº", "N°", "№")
_PAGER = re.compile(r"\d-\d{4}$|\d{3}-\d{4}$")
_LICENSED = re.compile(r"\blicen[sc]ed (?:in|by) [A-Z][\w. ]{1,20}[ ]?\((?:no\.? )?$")
#: A round figure, which is a count or a price rather than a code.
_ROUND = re.compile(r"\d{2,3}000?$|\d{1,3}\.\d{3}$|\d{5}$(?<=00)")


def _degree(lead: str) -> bool:
    """Say whether what leads to a place ends with a name's degree: ", LADC", ", MD"."""
    match = _DEGREE.search(lead)
    if match is None:
        return False
    words = re.findall(r"[A-Za-z]+", match[0].replace(".", ""))
    return (
        all(word.upper() == word or len(word) < 4 for word in words)
        and words[-1].upper() not in _NO_ABBREVIATION
        and words[-1].isupper()
        and any((known.get(word) or word_of(word)).flags & DEGREE or len(word) > 3 for word in words)
    )


#: Words of calling in the clause before a number of seven figures, and somebody right before one.
_CALLED = Before(
    r"(?:\b(?:call(?:ed|s|ing)?(?: back)?|phone[ds]?|ph|tel|telephone|cell|mobile|mob|text(?:ed|s)?|ring|rang|reach(?:ed|able)?|contact(?:s|ed)?|number|dial(?:ed)?|voicemail|vm|landline|pager|emergency|nok|hm|wk)\b[^.;\n]{0,40}|\([chwm]\) ?|\b[chwm]: ?|@ ?)$"
)
_SOMEBODY = Before(
    r"(?:\b(?:mom|mother|mum|dad|father|wife|husband|hubby|spouse|partner|son|daughter|dtr|sister|sis|brother|bro|aunt|uncle|niece|nephew|cousin|grand\w{2,7}|gma|gpa|nana|papa|neighbou?r|friend|roommate|caregiver|guardian|poa|hcpoa|hcp|proxy|surrogate|landlord|landlady|sponsor|boyfriend|girlfriend|bf|gf|fianc[eé]e?|parents?|home|work|office|desk|upstairs|downstairs|next door)(?:['’]s)?[ ,:(#]{1,3}|[\"”][ ]?\(?|[^\W\d_a-z][^\W\d_]{1,20},? \()$"
)


def _dialed(text: str, start: int, end: int, last: str) -> bool:
    """Say whether seven figures are dialed: words of calling or somebody stand before, and no measure goes on behind."""
    if not _OVER.match(text, end):
        return False
    head = max(text.rfind("\n", max(0, start - 48), start) + 1, start - 48, 0)
    if _TIME.match(last) and _MEASURED.holds(text, head, start):
        return False
    return _CALLED.holds(text, head, start) or _SOMEBODY.holds(text, head, start)


#: What is measured, before a value and its time: glucose 234 1130.
_MEASURED = Before(
    r"\b(?:glucose|sugars?|bg|cbg|fsbs|fsbg|bs|accu-?check|poc|wt|weight|plt|platelets|na|cl|ck|cpk|ldh|alp|alt|ast|bnp|trop|ddimer|d-dimer|ferritin|map|sbp|uop|urine|output|out|in|volume|vol|residual|pvr|rate|peak|flow|pef|dose|k|mg|ca|co2|hco3|cr|bun|hgb|hct|wbc|hr|bp|o2|spo2|tsh|psa|crp|esr|ns|lr|bolus|emesis|stool|drain|jp|ng|tf|po|iv|void(?:ed)?|cath)[ :=]{1,3}(?:was |of |is )?$"
)


#: What goes on behind a number of a telephone.
_OVER = re.compile(
    r"[ ]{0,2}(?:[.,;:)\"]|$|\n|[/|]|[-–][ ]|\([chwm]\)|(?:and|or|to|if|when|for|at|w(?:or)?k|cell|home|mobile|after|before|until|till|with|who|he|she|they|is|was|as|by|any|til|x|ext|h|c|w|m|leave|between|daytime|evenings?)\b)|[ ]{2}",
    re.IGNORECASE,
)


def spaced(text: str, start: int) -> Finding | None:
    """Return groups of digits parted by blanks that only an identifier is written in: 61 044188 2 07, 418 827 706."""
    match = _SPACED.match(text, start)
    if match is None or unit_behind(text, match.end()) or _BEHIND.match(text, match.end()):
        return None
    parts = [part for part in match[0].split(" ") if part.isdecimal()]
    sizes = [len(part) for part in parts]
    if (
        sizes == [3, 4]
        and parts[0][0] > "1"
        and (_YEAR.match(parts[1]) is None or _CALLED.holds(text, max(0, start - 40), start))
        and (
            (_ENDS.match(text, match.end()) and _CAPITAL.search(text, max(0, start - 24), start))
            or _dialed(text, start, match.end(), parts[1])
        )
    ):
        return Finding(start, match.end(), Category.PHONE, "phone", "form.phone-spaced", 0.5)
    if sum(sizes) < 8 or any(_YEAR.match(part) for part in parts if len(part) == 4):
        return None
    if sizes in ([3, 3, 3], [3, 3, 4], [3, 3, 2, 2]):
        pass
    elif (
        max(sizes) < 4
        or (all(_TIME.match(part) for part in parts if len(part) == 4) and max(sizes) == 4)
        or (len(sizes) == 2 and (min(sizes) < 3 or sizes[0] < 3))
    ):
        return None
    if start and not (text[start - 1] in " \t\n(:#.,;-/|" and not text[max(0, start - 2) : start - 1].isdecimal()):
        return None
    digits = sum(sizes)
    if sizes in ([3, 7], [3, 3, 4], [3, 4, 3]) or (digits in {9, 10} and sizes == [3, 3, 3]):
        return Finding(start, match.end(), Category.PHONE, "phone", "form.phone-spaced", 0.5)
    return Finding(start, match.end(), Category.OTHER, "number", "form.spaced", 0.5)
