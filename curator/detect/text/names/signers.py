# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who signs without a title: agree - FOREST, Kind regards / A Major, -H.S., counts correct KB/MT; who stands in a list before an age.

Each is told by where it stands: the end of a line behind what one attests, the line below a closing, an item's head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_given, lexicon
from curator.detect.text.words.hints import Marks, at_lines
from curator.detect.text.words.spots import Spots, beginning
from curator.detect.text.words.vocabulary import CAPITAL, COLON, LOOSE, TITLE, tables, word_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NOBODY = frozenset(tables()["nobody"].split())
_STRICT = _NOBODY - frozenset(tables()["surnames"].split())
#: A capitalized word or two with which a line ends behind a dash, a slash or a stop.
_END = re.compile(
    r"(?:(?<=[ .;,)\d])[-–—~]{1,3}[ ]?|[ ]/{1,2}[ ]|[.;:][ ])((?:(?:de|van|von|la|del|Dr\.?)[ ])?[^\W\d_a-z][\w'’-]{1,24})(?:,?[ ](?:\d{3,4}|\d\d?:\d\d(?:[ ]?[ap]m)?|MD|DO|RN|NP|PA|PA-C))?\.?[ ]*$"
)
#: What tells, in the same line, that somebody has seen what stands above.
_ATTEST = re.compile(
    r"\b(?:agree[sd]?|seen|examined|reviewed|discussed|noted|verified|attest(?:ed)?|concurs?|co-?sign(?:ed)?|staffed|signed|approved|acknowledged|cleared|checked|ok(?:ay)?(?:['’]?d|ed)?|present for|rounds|read back|RN)\b",
    re.IGNORECASE,
)
_ATTESTS = Marks(" ok ", "ok to", "OK to", "Ok to", "igned off", "agree", "Agree", "AGREE", "seen", "Seen", "SEEN", "examined", "reviewed", "Reviewed", "discuss", "Discuss", "noted", "verified", "Verified", "attest", "concur", "cosign", "staffed", "signed", "Signed", "approved", "cleared", "checked", "present for")  # fmt: skip
#: A name that is the line below a closing.
_CLOSED = re.compile(
    r"(?:egards|ncerely|[Yy]ours|truly|aithfully|heers|wishes|hanks|hank you|spectfully|armly),?!?[ ]*\n{1,4}[ ]{0,12}((?:[^\W\d_a-z][\w'’-]*\.?[ ](?:(?:de|van|von|der|la|del)[ ]){0,2}){0,3}[^\W\d_a-z][\w'’-]+)(?=[ ]*(?:\n|\Z|,))"
)
_CLOSES = Marks("egards", "ncerely", "yours", "Yours", "truly", "aithfully", "heers", "wishes", "thanks", "hank you", "spectfully", "armly")  # fmt: skip
#: Two who checked: counts correct KB/MT, verified x2 SM / LP.
_TWO = re.compile(r"[/&](?<=[A-Z][A-Z ][/&])[ ]?([A-Z]{2,3})\b(?![/-])")
_TWO_BACK = re.compile(
    r"\b(?:[Vv]erif\w*|[Cc]orrect|CORRECT|[Cc]ounts?|[Ww]itness\w*|[Cc]hecked|[Dd]ouble[ -]check\w*|[Cc]o-?sign\w*|[Ii]nit\w*|RNs?|by|with|staff|x ?2)[ :]{1,2}(?:x ?2 |by |RNs? )?\(?([A-Z]{2,3}) ?$"
)
_TWOS = Marks("erif", "orrect", "ount", "itness", "hecked", "ouble", "osign", "nitial", " RNs", "staff")
#: Initials of whom a case is about, before the age: Case 4 of 9. V.P. 34F; Case 2: KLM, 61M.
_CASE = re.compile(
    r"ase \d{1,2}(?: of \d{1,2})?[.:)]?[ ]{1,3}((?:[A-Z]\.){2,3}|[A-Z]{2,3}),?[ ]{1,3}(?=\d{1,3}[ ]?(?:[MF]\b|y/?o|y\.o|yr|-year))"
)
_CASED = Marks("case ", "Case ")
#: Initials with a hyphen behind their label: Initials R-W.
_HYPHENED = re.compile(r"\b(?:[Ii]nit(?:ial)?s?|INITIALS?)\b[ :.#]{1,5}([A-Z]-[A-Z](?:-[A-Z])?)(?![\w-])")
_INITIALS = Marks("nitial", "NITIAL", "nits")
#: Who stands in a list before an age below two, an age behind a comma, a room: [1] Lee 7mo, 5) Day, 3 yo, (4) Young 9d.
_ITEM = at_lines(
    r"[ \t>]{0,4}(?:(?:\d{1,2}[.)]|\[\d{1,2}\]|\(\d{1,2}\)|#\d{1,2}:?|(?:[Rr]m|[Rr]oom|[Bb]ed|[Bb]ay|[Cc]rib)[ ]?\d{1,4}[A-Z]?[-:]?|\d{1,4}[A-Z]?[-:]|[-*•])[ \t]{1,4})((?:[A-Z][a-z]{1,4}[ ])?[^\W\d_a-z][^\W\d_A-Z][\w'’-]*(?:, [A-Z][\w'’-]*\.?)?)(?=,?[ ](?:\d{1,3}[ ]?(?:[MF]\b|y/?o|y\.o|yr|y\b|mo?\b|mos\b|m/o|wks?\b|w\b|d\b|\+\d)|\((?:(?:[Rr]m|[Bb]ed)[ ]?\d|\d{1,2}[ ]?(?:[FMy)]|mo|wk))))"
)
#: A name with a glottal stop: Fa'asavalu, Ka'ahumanu; no word is shortened so.
_BREATHED = re.compile(
    r"['’ʻ](?<![^\W\d_]{4}['’ʻ])(?<=[a-z]['’ʻ])(?<!\b[a-z]['’ʻ])(?<![ (][a-z][a-z]['’ʻ])(?!ing\b|ers?\b)[a-zà-ÿ]{3,}(?:[-'’][A-Za-z]{3,})*"
)
_BREATHED_PLAINLY = re.compile(_BREATHED.pattern.replace("['’ʻ]", "'"))
#: A child of a school's log before the grade: Precious gr 5, Justice, 4th grade, Stan T. (gr 2).
_GRADE = re.compile(
    r"(?<![\w.-])([^\W\d_a-z][^\W\d_A-Z]{1,15}(?:[ ][A-Z]\b\.?)?),?[ ]\(?(?:gr\.? ?(?:K\b|\d{1,2}\b)|[Gg]rade (?:K\b|\d{1,2}\b)|\d{1,2}(?:st|nd|rd|th)[ ]gr(?:ade)?\b)"
)
_GRADES = Marks(" gr ", "gr.", "(gr", "grade ")
_SCHOOL = Marks("chool", "nurse", "Nurse", "recess", "RECESS", "eacher", "class", "playground", "monkey bars")


def signers(text: str, found: Spots) -> Iterator[Finding]:
    """Yield who signs, and who stands in a list.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    medical, flags = lexicon().medical, found.flags
    if _ATTESTS.held(text, flags):
        yield from _attested(text)
    if _CLOSES.held(text, flags):
        for match in _CLOSED.finditer(text):
            last = word_of(re.split(r"[ ]", match[1])[-1].split("-")[0].split("'")[0] or "x")
            if last.low not in _NOBODY or " " in match[1]:
                yield _name(match, 1, "name.closing-line")
    if _TWOS.held(text, flags):
        for match in _TWO.finditer(text):
            first = _TWO_BACK.search(text, max(0, match.start() - 36), match.start())
            pair = (first[1].lower(), match[1].lower()) if first else ("", "")
            if first and not _DEGREES.intersection(pair) and not medical.issuperset(pair):
                yield Finding(first.start(1), first.end(1), Category.NAME, "initials", "name.initials-two", 0.6)
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-two", 0.6)
    if _INITIALS.held(text, flags):
        for match in _HYPHENED.finditer(text):
            yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials", 0.7)
    if _AGAINS.held(text, flags):
        for match in beginning(found, _AGAIN, _BEGINS):
            if _SPEAKS.search(text, max(0, match.start() - 36), match.start()) and (
                is_given(fold(match[1])) or fold(match[1].split("-")[0]) in lexicon().given
            ):
                yield _name(match, 1, "name.again")
    if "'" in text or "’" in text or "ʻ" in text:
        for match in (_BREATHED_PLAINLY if text.isascii() else _BREATHED).finditer(text):
            start = match.start()
            while start and text[start - 1].isalpha():
                start -= 1
            yield Finding(start, match.end(), Category.NAME, "name", "name.apostrophe", 0.6)
    if not found.numbers:
        return
    if _CASED.held(text, flags):
        for match in _CASE.finditer(text):
            if "." in match[1] or match[1].lower() not in medical:
                yield Finding(match.start(1), match.end(1), Category.NAME, "initials", "name.initials-aged", 0.6)
    for match in _ITEM(text):
        if _heads(
            match[1].split(",")[0], text[match.start()] if text[match.start()] != "\n" else text[match.start() + 1]
        ):
            yield _name(match, 1, "name.item")
    if _GRADES.held(text, flags) and _SCHOOL.held(text, flags):
        for match in _GRADE.finditer(text):
            word = word_of(match[1].split(" ")[0])
            if word.kind not in "MA" and word.low not in _NOBODY:
                yield _name(match, 1, "name.grade")


#: Somebody who begins a message with a name in small letters: hi dr roe, its gene again.
_AGAIN = re.compile(
    r"(?:its|it['’]s|it is|this is|im|i['’]m|my name is) ([a-z][a-z'’-]{1,18})(?= (?:again|here|from|calling|and i|ur|your|in rm|in room)\b)"
)
_BEGINS = frozenset(["its", "it", "this", "im", "i", "my"])
_SPEAKS = re.compile(r"(?:(?:^|[.!?\n][ ]?)|\b(?:[Hh]i|[Hh]ello|[Hh]ey)\b[^.!?\n]{0,28}[ ,!])$")
_AGAINS = Marks("its ", " it", "this is ", "im ", "my name is")
_DEGREES = frozenset(["rn", "md", "np", "pa", "do", "pt", "ot", "or", "and", "lpn", "cna"])


def _attested(text: str) -> Iterator[Finding]:
    """Yield who signs at a line's end behind what one attests."""
    line, size = 0, len(text)
    while line < size:
        end = text.find("\n", line)
        end = size if end < 0 else end
        tail = text[max(line, end - 48) : end].rstrip(" .")
        last = tail[tail.rfind(" ") + 1 :]
        if len(tail) > 5 and (last[:1].isupper() or last[:1] in _BEFORE or last[:1].isdecimal() or last[-1:] == "m"):
            match = _END.search(text, max(line, end - 48), end)
            if match and _signs(match[1]) and _ATTEST.search(text, max(line, match.start() - 60), match.start() + 1):
                yield _name(match, 1, "name.attested")
        line = end + 1


#: Marks that may stand right before who signs.
_BEFORE = frozenset("-–—~/")


def _signs(name: str) -> bool:
    """Say whether a word at a line's end may be who signs."""
    word = word_of(re.split(r"[-'’]", name.rsplit(" ", 1)[-1])[0] or "x")
    known = word.kind in "GSRgsrnu" or (word.kind == "U" and word.points > 0.2) or (word.kind == "M" and word.listed)
    return known and word.low not in _STRICT and not (word.flags & (COLON | TITLE) and not word.flags & LOOSE)


def _heads(name: str, bullet: str) -> bool:
    """Say whether what an item begins with may be somebody."""
    parts = name.split(" ")
    word = word_of(re.split(r"['’-]", parts[-1])[0] or "x")
    if word.low in _NOBODY or word.flags & COLON or not word.flags & CAPITAL:
        return False
    if len(parts) > 1 and word_of(parts[0]).kind in "MA":
        return False
    return (
        word.kind in "GSRgsrnu"
        or (word.kind == "U" and bullet not in "-*•" and word.points > 0.2)
        or (word.kind == "M" and word.listed and bullet not in "-*•")
    )


def _name(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(match.start(group), match.end(group), Category.NAME, "name", rule, 0.6)
