# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Pagers and extensions that a single letter or the word behind tells: Roe (p20417), Weiss b4471, LCSW x4471, 41120 pager.

Never a count, a year, a vitamin or a level of the spine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.words.hints import ANY, Marks, at_lines
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NUMBER = r"(?:\d{1,2}-\d{4}|\d{3}-\d{4}|\d{4,6})"
#: A letter before: behind a bracket, a name or a degree.
_LETTER = re.compile(
    rf"(?:(?<=\()|(?<=[^\W\d_] )|(?<=[,@;:=/&] )|(?<=\. )|(?<=\D\.  )|(?<=\n))(?:[pbx]#?|[pP]gr?[.:#]?[ ]?|\((?:p|b|x|pg|pgr|pager)\.?\)[ ]?#?)({_NUMBER})(?![\w/%]|[.,:]\d|-\d)"
)
#: The same with a blank between.
_LETTER_APART = re.compile(
    rf"(?:(?<=\()|(?<=[^\W\d_] )|(?<=, )|(?<=\n))(?:[pP]gr?[.:#]?[ ]|\((?:p|b|x|pg|pgr|pager)\.?\)[ ])({_NUMBER})(?![\w/%]|[.,:]\d|-\d)"
)
#: A blank behind the x, where the line ends: overnight: Roe x 86273.
_X_APART = re.compile(
    r"(?:(?<=[^\W\d_] )|(?<=[^\W\d_], ))[xX][ ]((?:\d-\d{4}|\d{5}|(?!(?:19|20)\d\d)\d{4}))(?=[ ]*(?:[;)\n]|\.?$)|[ ]{2,}[A-Za-z]|[ ](?:pls|please|for|if|after|until|or|w/|with|w)\b)"
)
#: A degree before, as a signature has it.
_DEGREE = re.compile(
    r"\b(?:MD|DO|M\.D\.|D\.O\.|RN|NP|PA(?:-C)?|PGY-?\d|MS-?[34]|PharmD|LCSW|MSW|CRNA|APRN|FNP|DPM|PhD)[,]?[ ]{1,2}[(#]?((?!(?:19|20)\d\d\b)(?:\d-\d{4}|\d{5}))(?![\w/%:-]|\.\d)"
)
#: The word behind.
_WORD = re.compile(rf"(?<![\w/.,:$-])#?((?!(?:19|20)\d\d\b){_NUMBER})(?=[ ]?\(?(?:pager|pgr|beeper|bpr|bleep)\b)")
#: A word before and five digits in two groups, as phones within a house are dialed.
_HOUSE = re.compile(
    r"\b(?:[Pp]hone|[Pp]h|[Uu]nit|[Dd]esk|[Ss]tation|[Ff]loor|[Ll]ine|[Cc]all|[Tt]el|[Oo]ffice|[Ll]ab|[Ee]xt|[Cc]ell|[Pp]age|[Bb]edside|[Rr]oom|[Pp]od|[Cc]harge|[Cc]lerk|[Ss]ecretary|HUC|[Uu]ro(?:logy)?|[Oo]rtho|ENT|[Nn]euro(?:logy)?|[Nn]sgy|NSGY|[Cc]ards|[Cc]ardiology|[Rr]enal|GI|[Hh]eme|[Oo]nc|[Pp]sych|[Ss]urgery|[Vv]ascular|IR|[Pp]harm(?:acy)?|[Bb]lood bank|[Mm]icro|[Pp]ath|[Rr]ads|[Rr]adiology|PACU|[MSNCP]?ICU|L&D|OB|[Gg]yn|[Aa]nesthesia|[Tt]ransport|[Ss]ecurity|[Ii]nterpreter|[Dd]ietary|[Cc]haplain|[Oo]perator|[Dd]ispatch|[Hh]ouse sup|[Bb]ed board|RT|PT|OT|SLP|RN|CM|SW|MD|NP|PA)[ :.#@]{1,3}(\d-\d{4})(?![\w/-]|\.\d)"
)

#: Behind a name and a service, where a line ends: Ana Roe, acute pain, 9825.
_SERVICE = re.compile(
    r"[^\W\d_a-z][\w'’-]+\.?[ ][^\W\d_a-z][\w'’.-]*(?:[ ][^\W\d_a-z][\w'’.-]*)?,[ ](?:[A-Za-z]+(?:[ /&-][A-Za-z]+){0,3},[ ])?((?!(?:19|20)\d\d\b)(?:\d-\d{4}|\d{4,5}))(?=\.?[ ]*(?:\n|$))"
)


#: What may stand right before a number that a letter, a sign or a degree tells of.
_BEFORE = frozenset("pbxPBXgGrR#.:) (")
#: What stands before the blank behind a letter, a figure or a letter with which a degree ends, and the words behind.
_APART = frozenset("gr.:#)xX")
_CROSSES = frozenset("xX")
_DEGREED = frozenset("DONPACWM.0123456789")
_WORDS = Marks("pager", "pgr", "beeper", "bpr", "bleep")


def pagers(text: str, runs: list[tuple[int, int]], flags: int = ANY) -> Iterator[Finding]:
    """Yield pagers and extensions.

    Parameters
    ----------
    text
        The text.
    runs
        Where its runs of digits begin and end.
    flags
        What its words show.
    """
    worded = _WORDS.held(text, flags)
    for start, end in runs:
        size = end - start
        if size > 6 or (size < 4 and text[end : end + 1] != "-") or (start and text[start - 1] == "-"):
            continue
        before = text[start - 1] if start else "\n"
        stop = end + 16
        if before in _BEFORE:
            if before != " ":
                yield from _in(_LETTER, text, start - 12, start, stop)
            elif text[start - 2 : start - 1] in _APART:
                form = _X_APART if text[start - 2 : start - 1] in _CROSSES else _LETTER_APART
                yield from _in(form, text, start - 12, start, stop)
            if text[max(0, start - 5) : start].rstrip(" ,(#")[-1:] in _DEGREED:
                yield from _in(_DEGREE, text, start - 12, start, stop)
            if text[start - 2 : start - 1] == ",":
                yield from _in(_SERVICE, text, start - 90, start, stop)
            if size == 1:
                yield from _in(_HOUSE, text, start - 12, start, stop)
        if worded and text[end : end + 1] in _AROUND:
            yield from _in(_WORD, text, start - 1, start, stop)


#: The second of two telephone numbers that a slash parts.
_SECOND = re.compile(r"/(?<=\d{4}/)(?:\(?\d{3}\)?[-. ])?\d{3}[-.]\d{4}(?![\d/-])")


#: One behind a letter and a slash: F/701-555-0188.
_SLASHED = re.compile(
    r"/(?<![\w/][A-Za-z]/)(?<=([FfPpTtCcHhWwMm])/)[ ]?(\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4})(?![\d-])"
)


#: The last figures alone of a second number in the same exchange: ph 555-201-9937, fx -9938; (701) 555-0182, fax 0183.
_TAIL = re.compile(
    r"\d[-. ]\d{4},?;?[ ]{1,2}\(?(?P<sort>[Ff]a?x|FAX|FX|[Cc]ell|[Cc]|[Ww]ork|[Ww]k|[Hh]ome|[Hh]m|[Pp]h|[Tt]el|[Oo]ffice|[Aa]lt|or|and|&)[.:#]{0,2}[ ]?-?$"
)
_TAIL_OVER = re.compile(r"(?![\w/:%-]|[.,]\d)")


def seconds(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield the second telephone number behind a slash: 701-555-0134/555-0135.

    Parameters
    ----------
    text
        The text; it has digits.
    runs
        Where its runs of digits begin and end.
    """
    for match in _SLASHED.finditer(text) if "/" in text else ():
        fax = match[1] in "Ff"
        category = Category.FAX if fax else Category.PHONE
        yield Finding(match.start(2), match.end(2), category, category.name.lower(), "form.phone-slash", 0.85)
    last = 0
    for start, end in runs:
        near, last = start - last < 12, end
        if not near or end - start != 4:
            continue
        tail = _TAIL.search(text, max(0, start - 20), start)
        hyphen = text[start - 1] == "-"
        if tail and (hyphen or tail["sort"] not in {"or", "and", "&"}) and _TAIL_OVER.match(text, end):
            category = Category.FAX if tail["sort"][0] in "fF" else Category.PHONE
            yield Finding(start - hyphen, end, category, category.name.lower(), "form.phone-tail", 0.75)
    for match in _SECOND.finditer(text) if "/" in text else ():
        yield Finding(match.start() + 1, match.end(), Category.PHONE, "phone", "form.phone-second", 0.8)


def _in(form: re.Pattern[str], text: str, begin: int, start: int, stop: int) -> Iterator[Finding]:
    """Yield what a form finds around a place, if it is the number that begins there."""
    match = form.search(text, max(0, begin), stop)
    if match and match.start(1) == start:
        yield Finding(match.start(1), match.end(1), Category.PHONE, "extension", "form.pager", 0.6)


#: What stands behind a number that the word behind tells, or between its groups.
_AROUND = frozenset(" (-")


#: A record's number at the head of a line, before a family name, a comma and a given name.
_HEAD = at_lines(
    r"[ \t]{0,4}#?(\d(?:[ -]?\d){4,11})[ \t|,]{1,4}(?=[^\W\d_a-z][^\W\d_]+(?:['’ -][^\W\d_]+)?,[ ]?[^\W\d_a-z])"
)


#: A register's letters, year and number: Reg. OP/18/064417.
_REGISTER = re.compile(r"/(?<=[A-Z]{2}/)(?:(?:19|20)\d\d|\d\d)/\d{4,7}(?![\w/])")
_LETTERS = re.compile(r"(?<![\w/])[A-Z]{2,4}$")
#: The number of an officer's badge.
_BADGE = re.compile(
    r"\b(?:Ofc|Officer|Det|Detective|Dep|Deputy|Sgt|Sergeant|Trooper|Tpr|Agent)\.? (?:[A-Z]\.? )?[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)?,? ?\(?(?:#|[Bb]adge(?: no\.?| number)? ?#?) ?(\d{2,6})\b"
)
_OFFICERS = Marks("Ofc", "Officer", "Det", "Dep", "Sgt", "Sergeant", "Trooper", "Tpr", "Agent")
#: A record's number behind a family name, a comma, a given name and a comma.
_BEHIND_NAME = re.compile(r", #?(\d{5,9})(?=[,;)]| \()")
_NAME_AHEAD = re.compile(r"(?<![\w'’-])[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*, [^\W\d_a-z][^\W\d_]+(?: [A-Z]\.?)?$")


#: The last four of a veteran's number behind the name in capitals, alone, with the name's letter or in brackets:
#: BOHLANDER, KARL   0494; MILLER,ROY L M2210; Doe, Jane (D4471).
_LAST_FOUR = re.compile(
    r"\d{4}(?:(?=[ \t]{2}|[ \t]*\n|[ \t]*$|\)|[ \t]+(?:DOB|AGE|SEX|MALE|FEMALE)\b)|(?P<loose>(?![\w/-]|\.\d)))"
)
_LAST_NAME = re.compile(
    r"(?<![\w'’-])(?P<letter>[^\W\d_a-z])(?P<rest>[^\W\d_]+)(?:[ '’-][^\W\d_a-z][^\W\d_]+){0,3},[ ]?[^\W\d_a-z](?:[^\W\d_]|['’-])*(?:[ ][^\W\d_a-z][^\W\d_]*\.?){0,2}$"
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d$")


def _last_four(text: str, runs: list[tuple[int, int]]) -> Iterator[Finding]:
    """Yield the last four figures behind a name: a number alone that may be a time only where there is one such line."""
    hits: list[tuple[int, int]] = []
    for start, end in runs:
        if end - start != 4 or not start:
            continue
        letter = text[start - 1] if text[start - 1].isupper() else ""
        begin = start - len(letter)
        before = text[begin - 2 : begin] if begin > 1 else ""
        apart = before in {"  ", " (", " \t", "\t\t"}
        match = _LAST_FOUR.match(text, start) if apart or (letter and before[-1:] == " ") else None
        if match is None or (match["loose"] is not None and not letter):
            continue
        lead = text[max(0, begin - 70) : begin].rstrip(" \t(")
        name = _LAST_NAME.search(lead) if lead[-1:].isalpha() or lead[-1:] == "." else None
        if name and (letter == name["letter"] or (not letter and apart and name["rest"].isupper())):
            hits.append((begin, end))
    times = sum(_CLOCK.match(text[start:end]) is not None for start, end in hits)
    for start, end in hits:
        if times < 2 or not _CLOCK.match(text[start:end]):
            yield Finding(start, end, Category.SSN, "ssn", "form.ssn-last-four", 0.7)


def heads(text: str, runs: list[tuple[int, int]], flags: int = ANY) -> Iterator[Finding]:
    """Yield records' numbers that stand at the head of a line, before who they are of.

    Parameters
    ----------
    text
        The text; it has digits.
    runs
        Where its runs of digits begin and end.
    flags
        What its words show.
    """
    if "," in text:
        yield from _last_four(text, runs)
    for match in _REGISTER.finditer(text) if "/" in text else ():
        letters = _LETTERS.search(text, max(0, match.start() - 5), match.start())
        if letters:
            yield Finding(letters.start(), match.end(), Category.RECORD_NUMBER, "mrn", "form.register", 0.7)
    for match in _HEAD(text):
        yield Finding(match.start(1), match.end(1), Category.RECORD_NUMBER, "mrn", "form.head", 0.6)
    for match in _BADGE.finditer(text) if ("#" in text or "adge" in text) and _OFFICERS.held(text, flags) else ():
        yield Finding(match.start(1), match.end(1), Category.OTHER, "badge", "form.badge", 0.6)
    for match in _BEHIND_NAME.finditer(text):
        if _NAME_AHEAD.search(text, max(0, match.start() - 60), match.start()):
            yield Finding(match.start(1), match.end(1), Category.RECORD_NUMBER, "mrn", "form.behind-name", 0.6)
