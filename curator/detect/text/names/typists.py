# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Initials of who dictated and who typed, where a transcribed note says so: M.D./rjs, TR: gfl, T: 3/16/08 km, AGK/ch.

Never an abbreviation of medicine or a word: PA/lat, BP/hr, T: bid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import is_name, lexicon
from curator.detect.text.names.shapes import UP
from curator.detect.text.words.hints import Words, at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: A degree or initials, a slash, and small letters where a line or a column ends.
_SIGNED = re.compile(
    rf"(?:\b(?P<degree>M\.? ?D\.?|D\.?O\.?|N\.?P\.?|Ph\.?D\.?|R\.?N\.?|P\.?A\.?-C|D\.?P\.?M\.?|D\.?M\.?D\.?|D\.?D\.?S\.?)|(?<![\w.])(?P<lead>(?:{UP}\.){{2,3}}|[A-Z]{{2,3}}))[ ]{{0,2}}/[ ]?(?P<small>[a-z]{{2,3}})(?=[ ]{{2,}}|[ ]*(?:\n|\Z|\))|[ ]+(?:\d|cc\b|[DTdt]{{1,2}}:))"
)
#: What stands behind its slash: found far sooner.
_SIGNS = re.compile(r"/[ ]?[a-z]{2,3}(?=[ ]{2,}|[ ]*(?:\n|\Z|\))|[ ]+(?:\d|cc\b|[DTdt]{1,2}:))")
#: Who typed, behind a label of its own.
_LABELED = re.compile(
    r"(?:(?<=\n)|(?<=[ ]{2})|(?<=\t)|\A)[ ]{0,8}(?:TR|Tr|TRANS|Trans|TD|TB)[ ]?:[ ]{0,4}(?P<one>[a-z]{2,4}|[A-Z]{2,4})(?:[ ]?/[ ]?(?P<two>[a-z]{2,4}|[A-Z]{2,4}))?(?=[ ]{2,}|[ ]*(?:\n|\Z)|[ ]+[DT][DT]?:)"
)
_LABELS = re.compile(r"T(?:R|r|RANS|rans|D|B)[ ]?:")
#: The day of typing, perhaps an hour and a job, and letters.
_DATED = re.compile(
    r"\b(?:D?T|d?t)[ ]?:?[ ]{0,4}\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?(?:[ ]+\d{1,2}:?\d\d(?:[ ]?[AaPp]\.?(?:[Mm]\.?)?)?)?(?:[ ]+(?:Job|JOB|#)[ ]?#?[ ]?\d{3,})?[ ]+(?P<slash>/?)(?P<one>[a-z]{2,4})(?=[ ]*(?:\n|\Z)|[ ]+cc\b)"
)
_DAYS = re.compile(r"[Tt][ ]?:?[ ]{0,4}\d{1,4}[-/.]\d")
#: Who was on: RN: ASC / JMV    RT: mjd.
_ON = re.compile(
    r"\b(?:RN|RT|LPN|CNA|PCT|PCA|HO)[ ]?:[ ]{1,3}(?P<one>[A-Z]{2,3}|[a-z]{3})(?:[ ]?/[ ]?(?P<two>[A-Z]{2,3}|[a-z]{3}))?(?=[ ]{2,}|[ ]*(?:\n|\Z))"
)
_SHIFTS = re.compile(r"[RLCPH](?:N|T|PN|NA|C[TA]|O)[ ]?:[ ]")
#: Who read a film at night, and by what a note of a warehouse names a doctor or a typist: WET READ: JKwn SAT, [MD Number 1351].
_READ = re.compile(
    r"\b(?:WET|Wet|PRELIM(?:INARY)?|Prelim(?:inary)?) (?:READ|Read)(?: VERSION #?\d)?[ ]?:[ ]{1,3}(?P<one>[A-Za-z]{2,5}|[A-Z]{6,12})(?=[ ]{1,2}(?:MON|TUE|WED|THU|FRI|SAT|SUN|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|[ ]{1,2}\d{1,2}[/:]\d)"
)
_TYPED = re.compile(
    r"(?:^|\n)[ ]{0,4}TR[ ]?:[ ]?\n?[ ]?(?P<one>[a-z]{1,4}\d{0,3})(?:[ ]?/[ ]?(?P<two>[a-z]{1,4}\d{0,3}))?[ ]?(?=\n)"
)
_DAY = r"(?:\d{1,2}[ /-](?:[A-Z][a-z]{2,8}|\d{1,2})(?:[/-]\d{2,4})?|[A-Z][a-z]{2,8}\.? \d{1,2})"
_MONTHS = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Za-z]{0,6}"
)
#: Whose line of a log it is, behind its day: 8/30 NW: guar called.
_LOGGED = re.compile(rf"(?:\A|\n)[ ]{{0,4}}{_DAY}[ ]{{1,3}}(?P<one>[A-Z]{{2,3}}):[ ](?=\S)")
#: Who kept minutes, scored, read, typed or countersigned, behind a word that says so.
_KEPT = re.compile(
    r"\b(?:Minutes|Recorder|Scored|Scorer|Transcr|Transcribed|Transcriber|Transcriptionist|Typist|Typed|Scribe|Screener|Sonographer|[Cc]o-?sign(?:ed)?|Init|Initials|Checked|2nd check|[Cc]o-?signer)(?: by)?(?::[ ]{0,4}|[ ])(?P<one>[A-Z][a-z][A-Z]|[A-Z]\.[ ]?[A-Z]\.|[a-z]{2,3}|[A-Z]{2,3})(?=[ ]{2,}|[ ]*(?:\n|\Z)|[,;)])"
)
#: Small letters and a degree in capitals behind a sentence, a label or at the head of a line: Held heparin. jgl, PharmD.
_SMALL_SIGNED = re.compile(
    r"(?:(?<=[.!?)] )|(?<=\n)|(?<=[a-z]: ))(?P<one>[a-z]{2,3})(?:,[ ]?|[ ])(?:RN|LPN|LVN|CNA|MD|DO|NP|PA-C|PharmD|OTR(?:/L)?|COTA|PTA|DPT|SLP|RDN?|RVT|RDMS|RRT|RT\(R\)|LCSW|LMSW|MSW|CRNA|CNM|MLT|MLS)(?![\w/-])"
    rf"|(?:(?<=[.!?)] )|(?<=\n))(?P<before>[a-z]{{2,3}})/(?={UP}[a-z]{{2,14}},?[ ](?:RN|MD|DO|NP|PA|PA-C|CNM|CRNA)\b)"
)
#: An initial and a family name in small letters before a degree: returned call k. roe rn.
_SMALL_NAMED = re.compile(r"(?<![\w.])(?P<name>[a-z]\.[ ]?(?P<last>[a-z]{3,14}))(?=,?[ ](?:rn|lpn|md|do|np|pa|cna)\b)")
#: A typist's letters between slashes, or those of two in brackets, or behind a family name or a machine's voice.
_BETWEEN = re.compile(
    r"(?<=[ ])/(?P<one>[a-z]{3})/(?=[ ]{2,}|[ ]*(?:\n|\Z))|\b[A-Z]{4,}[ ]\((?P<first>[A-Z]{2,3})/(?P<second>[a-z]{2,3})\):|(?:\A|\n)[ ]{0,4}[A-Z][a-z]{2,14}/(?P<small>[a-z]{2,3})(?=[ ]{1,3}[DT][ ]?:?[ ]?\d)|\b(?P<voice>[A-Z]{2,3})/(?:voice|VR|vr|Dragon|dragon)\b|(?:\A|\n)[ ]{0,4}(?P<lead>(?:[A-Za-z]\.){2,3}|[A-Z]{2,3})[:/](?P<behind>[a-z]{2,3}|[A-Z]{2}\d)(?=[ ]{2,}|[ ]*(?:\n|\Z))|(?:(?<=[ ]{2})|(?<=\n))(?P<dictated>[a-z]{2,3})(?:/(?P<typed>[a-z]{2,3})(?=[ ]*(?:\n|\Z))|:(?P<typing>[a-z]{2,3})(?=[ ]*(?:\n|\Z)|[ ]{2,}))|(?<=[.] )(?P<signing>[A-Z]{2,3}):(?P<keying>[a-z]{2,3})(?=[ ]+\d)|\b(?P<scribed>[A-Z]{2,3})/[Ss]cribe\b|\b(?:[Dd]ictated|DICTATED|[Dd]ict|DICT)(?: by| BY)?[ ]?:[ ]{1,3}[A-Z][A-Za-z.'’-]{0,20}(?:[ ][A-Z][A-Za-z.'’-]{0,20}){0,3}/(?P<typist>[a-z]{2,3})(?=[ ]*(?:\n|\Z|[.,;]))|\b[DT][ ]?:[ ]{0,3}[^\s/]{6,12}/(?P<dated>[A-Z]{2,3})(?=[ ]{2,}|[ ]*(?:\n|\Z))"
)
#: Who typed, behind a worded day of typing: t: May 29 2014 nlh #0447190.
_WORDED = re.compile(
    rf"\b[Tt][ ]?:?[ ]{{1,4}}(?:{_MONTHS}\.? \d{{1,2}},? \d{{2,4}}|\d{{1,2}}[ -]{_MONTHS}[ -]\d{{2,4}})(?:[ ]\d{{1,2}}:?\d\d)?[ ]{{1,2}}(?P<one>[a-z]{{2,4}})(?=[ ]*(?:\n|\Z)|[ ]{{1,2}}(?:#|cc\b|Job|job|Doc|doc))"
)
#: Whose line of a log it is, before its hour: jpk 0930 - called back.
_HOURED = at_lines(r"[ ]{0,4}(?P<one>[a-z]{2,3})[ ][0-2]\d:?[0-5]\d[ ]?[-–:][ ]")
#: What letters of a sheet stand for: Initials key: DK = D. Roe RN; MJo = Marie Roe.
_KEY = re.compile(r"\b(?:[Ii]nitials?|INITIALS?)(?: (?:key|KEY|legend|Key|Legend))?[ ]?:[ ]?(?P<list>[^\n]{5,300})")
_ENTRY = re.compile(
    rf"(?P<letters>[A-Z]{{1,2}}[A-Za-z]{{1,2}})[ ]?=[ ]?(?P<name>(?:{UP}\.[ ]?)?{UP}[\w'’-]+(?:[ ]{UP}[\w'’-]*[a-z][\w'’-]*){{0,2}})"
)
#: Small letters and a degree at the end of a note or a line.
_DEGREE = re.compile(
    r"(?:(?<=[.!?)] )|(?<=\n)|\A)(?P<one>[a-z]{2,3}), ?(?:lcsw|licsw|lmsw|msw|rn|lpn|md|do|np|pa-c|pac|cna|slp|ot|otr|pt|dpt|rd|phd|psyd|lmft|lpc|lmhc|pharmd)(?=[ ]*(?:\n|\Z))"
)
#: What stands in the midst of the last two: found far sooner.
_SLASHED = re.compile(
    r"/[Ss]cribe\b|[/:](?:[A-Z]{2,3}\d?(?=[ ]{2}|[ ]*\n|$)|[a-z]{2,3}(?=[/).,;]|[ ]|\n|$)|voice\b|VR\b|vr\b|[Dd]ragon\b)"
)
_LETTERED = re.compile(r",(?<=[a-z]{2},)[ ]?[a-z]{2,7}(?:-c)?(?=[ ]*(?:\n|\Z))")
#: Words of which a text must have one for these forms.
_KEYS = Words(["initial", "initials"])
_KEEPERS = Words(["minutes", "recorder", "scored", "scorer", "transcr", "transcribed", "transcriber", "transcriptionist", "typist", "typed", "scribe", "screener", "sonographer", "cosign", "cosigned", "co-sign", "co-signed", "co-signer", "init", "initials", "checked", "check"])  # fmt: skip
_DEGREES = Words(["lcsw", "licsw", "lmsw", "msw", "rn", "lpn", "md", "do", "np", "pa", "pa-c", "pac", "cna", "slp", "ot", "otr", "pt", "dpt", "rd", "phd", "psyd", "lmft", "lpc", "lmhc", "pharmd"])  # fmt: skip
_LOUD_DEGREES = Words(["rn", "lpn", "lvn", "cna", "md", "do", "np", "pa", "pa-c", "pharmd", "otr", "cota", "pta", "dpt", "slp", "rd", "rdn", "rvt", "rdms", "rrt", "rt", "lcsw", "lmsw", "msw", "crna", "cnm", "mlt", "mls"])  # fmt: skip
#: Words that go on with a degree, and letters enough to be nothing but somebody's.
_JOINTS, _SURE = (
    frozenset(
        ["or", "and", "the", "np", "pa", "rn", "do", "md", "lat", "hr", "rr", "po", "iv", "im", "pr", "sc", "sq", "bp"]
    ),
    3,
)
#: What logs call a line of the machine's own, and what stands behind the same labels and slashes and is nobody.
_SYSTEMS = frozenset(["SYS", "AUTO", "SVC", "ADMIN", "BOT", "WEB", "EDI", "IVR"])
_NOBODY = frozenset(["ok", "no", "na", "ai", "vr", "ml", "kg", "mg", "cm", "by", "am", "pm", "yes", "n", "self", "all", "at", "as", "in", "on", "to", "of", "is", "it", "pt", "qa", "qc", "tbd", "pos", "neg", "wnl", "nad", "ap", "dl", "hpf", "lpf", "min", "hr", "day", "wk"])  # fmt: skip
_NEVER = frozenset(tables()["initial_never"].split())


def typists(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such initials.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    if "/" in text and _SIGNS.search(text):
        for match in _SIGNED.finditer(text):
            lead = match["lead"]
            if match["small"] in _JOINTS or (lead and not _may_be(lead.replace(".", ""))):
                continue
            if lead and len(lead) < _SURE and not _may_be(match["small"]):
                continue
            yield _initials(match, "small")
            if lead:
                yield _initials(match, "lead")
    if ":" in text:
        for form, heads in ((_LABELED, _LABELS), (_ON, _SHIFTS)):
            for match in form.finditer(text) if heads.search(text) else ():
                for part in ("one", "two"):
                    if match[part] and _may_be(match[part]):
                        yield _initials(match, part)
    if (" READ" in text or " Read" in text) and ":" in text:
        for match in _READ.finditer(text):
            yield _initials(match, "one")
    if "TR" in text:
        for match in _TYPED.finditer(text):
            for part in ("one", "two"):
                if match[part]:
                    yield Finding(match.start(part), match.end(part), Category.OTHER, "code", "name.typist", 0.7)
    forms = (
        (_LOGGED, ": " in text and found.numbers),
        (_KEPT, found.flags & _KEEPERS.bit),
        (_BETWEEN, _SLASHED.search(text)),
        (_SMALL_SIGNED, found.flags & _LOUD_DEGREES.bit),
        (_DEGREE, found.flags & _DEGREES.bit and _LETTERED.search(text)),
    )
    for form, held in forms:
        for match in form.finditer(text) if held else ():
            for part, letters in match.groupdict().items():
                if letters and (
                    "." in letters or part == "behind" or _is_hand(letters, surely=form in (_KEPT, _BETWEEN))
                ):
                    yield _initials(match, part)
    for match in _SMALL_NAMED.finditer(text) if found.flags & _DEGREES.bit and ". " in text else ():
        if is_name(match["last"]) and match["last"] not in lexicon().medical:
            yield Finding(*match.span("name"), Category.NAME, "name", "name.typist", 0.6)
    if found.numbers:
        logged = [match for match in _HOURED(text) if _may_be(match["one"])]
        for match in logged if len(logged) > 1 else ():
            yield _initials(match, "one")
    if found.flags & _KEYS.bit and "=" in text:
        yield from _keys(text)
    if ("T" in text or "t:" in text) and _DAYS.search(text):
        for match in _DATED.finditer(text):
            if match["slash"] or _may_be(match["one"]):
                yield _initials(match, "one")
    if "t: " in text or "T " in text or "T: " in text:
        for match in _WORDED.finditer(text):
            if _may_be(match["one"]):
                yield _initials(match, "one")


def _keys(text: str) -> Iterator[Finding]:
    """Yield the names of a sheet's key, and their letters wherever they stand."""
    letters = set[str]()
    for listed in _KEY.finditer(text):
        for match in _ENTRY.finditer(text, *listed.span("list")):
            letters.add(match["letters"])
            yield Finding(*match.span("name"), Category.NAME, "name", "name.key", 0.8)
    if letters:
        for match in re.finditer(rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, sorted(letters)))})(?![\w'’-])", text):
            yield Finding(*match.span(), Category.NAME, "initials", "name.key", 0.7)


def _is_hand(letters: str, *, surely: bool) -> bool:
    """Say whether letters are somebody's, where a form leaves little else (surely), or where terms stand as well."""
    if not surely:
        return letters not in _SYSTEMS and _may_be(letters)
    low = letters.lower()
    return low not in _NOBODY and low not in _JOINTS and (len(letters) < _SURE or low not in lexicon().words)


def _may_be(letters: str) -> bool:
    """Say whether letters are no term and no word."""
    known, low = lexicon(), letters.lower()
    return low not in _NEVER and low not in known.medical and not (letters.islower() and low in known.words)


def _initials(match: re.Match[str], part: str) -> Finding:
    return Finding(match.start(part), match.end(part), Category.NAME, "initials", "name.typist", 0.7)
