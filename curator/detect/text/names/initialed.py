# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Initials of staff and patients by their place, and what somebody likes to be called.

Behind who checked, typed or was dictated to; in a column where lines end; of a numbered case before its age; where a
text ends. A nickname behind its label, or in quotes beside a relation. Never a unit, a route, a degree or a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import kind_of, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NEVER = frozenset(tables()["initial_never"].split()) | frozenset(tables()["dotted_terms"].split())
#: Who did something, and the letters of who it was: Machine chk: JAS, dictated to MTO, chk'd AJP, done DLB.
_DONE = re.compile(
    r"\b(?:(?:[Dd]ictated|[Rr]ead|[Rr]eported|[Gg]iven|[Pp]honed|[Cc]alled|[Hh]anded) (?:back )?(?:to|by)|(?:[Cc]hec?ke?d?|[Cc]h?k['’]?d|[Ee]ntered|[Vv]erified|[Tt]yped|[Tt]ypist|[Pp]roof(?:read|ed)?|[Ss]cribed?|[Dd]ict(?:ated)?|[Tt]ranscribed|[Pp]repared|[Dd]ra(?:wn|w)(?: up)?|[Ww]itness(?:ed)?|[Cc]ounted|[Rr]ecorded|[Ii]nitial(?:s|ed)?|[Ss]canned|[Kk]eyed|[Ff]iled|[Cc]o-?signed|[Cc]ollected|[Ll]abell?ed|[Ll]ogged|[Dd]one|[Tt]ech|Rad|[Aa]uthor|[Rr]elief|[Ss]igned|[Rr]eleased|[Pp]lated|[Ss]tained|[Cc]ut|[Gg]rossed|[Ss]creened|[Pp]lanned|[Mm]easured|[Cc]alled|[Aa]dmin(?:istered)?|[Aa]ttested|[Aa]pproved|[Aa]uthorized|[Cc]leared|[Rr]eviewed|[Ss]een|[Oo]rdered|[Pp]laced|[Rr]emoved|[Ii]nserted|[Ff]lushed|[Cc]hanged|QC|[Ww]asted?|[Cc]onsultant|[Rr]egistrar|[Ff]ellow|[Ii]ntern|(?:[Nn]ight|[Dd]ay|[Cc]harge|[Ff]loat|[Ff]rom) RN)(?: (?:by|with|w/))?:?)[ ]{1,2}(?:[A-Z]{2,3}/)?"
    r"((?:[A-Z]\.){2,3}|[A-Z]{3}|[A-Z]{2}(?=[ ]*(?:[,;)\n]|$|[ ]\d|[ ]{2}))|[A-Z]-[A-Z]{1,2}|[a-z]{2,3}(?=[ ]*(?:[;)\n]|$|[.]?$|[ ]\d)))(?![\w'’-]|/[a-z])"
)
_DONES = Marks("check", "Check", "chk", "Chk", "ckd", "ck'd", "ictated", "entered", "Entered", "verified", "Verified", "typed", "Typed", "ypist", "roof", "cribe", "repared", "drawn", "rawn up", "itness", "ounted", "ecorded", "nitial", "canned", "keyed", "filed", "osign", "ollected", "abel", "ogged", "done", "Done", "Tech", "tech", "Rad ", "uthor", "elief", "igned", "eleased", "lated", "tained", "rossed", "creened", "lanned", "easured", "called", "Called", "phoned", "handed", "given to", "read to", "dmin ", "dministered", "ttested", "pproved", "uthorized", "leared", "eviewed", "seen", "Seen", "rdered", "laced", "emoved", "nserted", "lushed", "hanged", " QC", "QC ", "aste", "onsultant", "egistrar", "ellow", "ntern", " RN")  # fmt: skip
#: Words with which these begin.
_CUES = frozenset(tables()["done_cues"].split())
_MORE = re.compile(r"(?:, | and | & |/| / )([A-Z]{2,3})(?=[ ]*(?:[.,;)\n]|$| \d))")
_PLACED = re.compile(
    r"(?i)seen|ordered|placed|removed|inserted|flushed|changed|cleared|reviewed|collected|screened|measured|planned|called|given|done|cut|wasted?\b"
)
#: Initials of a numbered case or patient before the age: Pt #7: "ETW" 75 RH M.
_CASE = re.compile(
    r"\b(?:[Pp]t|[Pp]atient|[Cc]ase|[Ss]ubject|[Rr]esident|[Cc]lient|[Cc]hild|[Ii]nfant|[Bb]aby|[Dd]onor) ?#? ?\d{0,3}[:.)-]?[ ]{1,2}[\"“'(]{0,1}((?:[A-Z]\.){2,3}|[A-Z]{2,3})[\"”')]{0,1},?[ ]{1,2}(?=\d{1,3}[ ]?(?:[MF]\b|y|RH|LH|[a-z]{0,2}/?o\b|-year|mo\b|wk\b|d\b|G\d))"
)
_CASES = Marks("case", "Case", "pt ", "Pt ", "atient", "ubject", "esident", "lient", "hild", "nfant", "aby ", "onor")
_CASED = frozenset(["pt", "patient", "case", "subject", "resident", "client", "child", "infant", "baby", "donor"])
#: Letters with which a line ends behind a gap, or behind anything where the line begins with a time or a day.
_COLUMN = re.compile(
    r"[ ]{2,}(?:[YN][ ]{1,2})?([a-z]{2,3}|[A-Z]{2,3})[ ]*$|\t([a-z]{2,3}|[A-Z]{2,3})[ ]*$|\|[ ]?([a-z]{2,3}|[A-Z]{2,3})[ ]*\|?$"
)
_TIMED = re.compile(r"[ \t|\[]{0,4}(?:\d{1,2}:\d\d|[0-2]\d[0-5]\d\b|\d{1,2}[/-]\d{1,2})")
_TIMED_END = re.compile(r"[ ]([a-z]{2,3}|[A-Z]{2,3})[ ]*$")
#: Where a text ends: letters behind a stop, a bracket or a slash, dotted, hyphened or with a second capital.
_END = re.compile(
    r"(?:(?<=[.!?)\]] )|(?<=[.!?)\]]  )|(?<=\n)|(?<= /)|(?<= -)|(?<=\n-)|\A-)(?:((?:[A-Z]\.){2,3})|([A-Z]-[A-Z]{1,2})|([A-Z](?:Mc|Mac|O['’]|D['’]|De|Di|La|Le|Van)[A-Z])|(?<=/)([a-z]{2,3}))[ ]*\s*$"
)
#: Letters behind a sentence that ends in a small word: tol well lm; site clean (DK).
_LAST = re.compile(r"[a-z]{3,} (?:\(([A-Z]{2,3})\)[.]?|([bcdfghjklmnpqrstvwxz][a-z]?[bcdfghjklmnpqrstvwxz]))\s*\Z")
#: What somebody is called, behind its label: Preferred .......... Skip; Name I like: Gunnel; Call me: Buddy.
_LABEL = re.compile(
    r"\b(?:[Pp]refer(?:red|s)?(?: (?:name|to be called|being called))?|PREFERRED(?: NAME)?|[Nn]ame (?:I|pt|patient|he|she|they|you|resident|child) (?:likes?|prefers?|uses?|goes by)|[Ll]ikes? to be (?:called|addressed as)|wants to be (?:called|addressed as)|[Cc]all me|[Nn]ickname|[Kk]nown as|KNOWN AS|[Gg]oes by|[Tt]o be called|addressed as|[Nn]ame used|[Nn]ame to use|[Aa]ddress (?:me|him|her) as)(?:[ ]?[:=][ ]{0,20}|[ ]?[.]{2,40}:?[ ]{0,20}|[ ]{3,40}|(?<=[a-z] as)[ ]|(?<=called)[ ]|(?<=goes by)[ ])[\"“]?"
    r"((?:(?:Pastor|Father|Sister|Brother|Coach|Doc|Chief|Captain|Capt|Sgt|Big|Little|Old|Miss|Ms|Mr|Mrs|Aunt|Auntie|Uncle|Papa|Mama|Nana|Grandma|Grandpa|Pop|Ma|Pa)\.?[ ])?[^\W\d_a-z][^\W\d_A-Z][\w'’-]{0,14})(?![\w:])"
)
_LABELS = Marks("refer", "PREFERRED", "ame I ", "ame pt", "ame patient", "ame he", "ame she", "ame they", "ame you", "ame resident", "ame child", "to be called", "addressed as", "all me", "ickname", "nown as", "KNOWN AS", "oes by", "ame used", "ame to use", "ddress me", "ddress him", "ddress her")  # fmt: skip
_NO_LABEL = frozenset(
    [
        "language",
        "pharmacy",
        "pronouns",
        "provider",
        "method",
        "contact",
        "number",
        "phone",
        "time",
        "date",
        "name",
        "lab",
        "hospital",
        "none",
        "same",
        "english",
        "spanish",
        "arabic",
        "mandarin",
        "french",
        "learning",
        "visual",
        "home",
        "first",
        "generic",
        "brand",
        "oral",
        "not",
        "unknown",
        "yes",
        "no",
        "he",
        "she",
        "they",
        "him",
        "her",
        "contact",
        "email",
        "text",
        "mail",
        "learner",
        "spoken",
        "written",
    ]
)
#: A nickname in quotes beside a relation, or with a title of familiarity: "Bug" (granddaughter, 6); "Doc Little"; IC "Chief Dale".
_QUOTED = re.compile(
    r"[\"“]((?:[Dd]oc|[Cc]hief|[Cc]oach|[Cc]apt|[Ss]arge|[Bb]ig|[Ll]il|[Ll]ittle|[Oo]ld|[Uu]ncle|[Aa]unt(?:ie)?|[Mm]iss|[Nn]urse|[Nn]onna|[Mm]ama|[Pp]apa|[Ff]ather|[Ss]ister|[Gg]randma|[Gg]ranny|[Pp]op)[ ][^\W\d_a-z][^\W\d_A-Z]{1,14})[.,]?[\"”]"
    r"|[\"“]([^\W\d_a-z][^\W\d_A-Z]{1,12})[\"”](?=[ ]?(?:\((?:his|her|the )?(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister|grand\w+|niece|nephew|aunt|uncle|cousin|friend|neighbou?r|partner|fianc\w+|roommate|dog|cat|twin|baby|girlfriend|boyfriend|step\w+|caregiver|aide)\b|to (?:his|her|the|their) (?:family|friends|grandkids|wife|husband|kids|unit|crew)))"
)


def initialed(found: Spots) -> Iterator[Finding]:
    """Yield such initials and nicknames.

    Parameters
    ----------
    found
        The words of a text.
    """
    text, flags = found.text, found.flags
    medical, words = lexicon().medical, lexicon().words
    if _DONES.held(text, flags):
        for start in compress(found.spans, map(_CUES.__contains__, found.order)):
            match = _DONE.match(text, start[0])
            if match is None:
                continue
            low = match[1].lower()
            if (
                low in _NEVER
                or (match[1].isalpha() and low in medical and not (" by" in match[0] and match[1].isupper()))
                or (match[1].islower() and low in words)
            ):
                continue
            # Who only ordered or placed is told by "by": what else stands there is what was placed.
            if _PLACED.match(match[0]) and " by" not in match[0] and "." not in match[1]:
                continue
            yield _initials(match, 1, "name.initials-done")
            end = match.end(1)
            while more := _MORE.match(text, end):
                if more[1].lower() in _NEVER or more[1].lower() in medical:
                    break
                yield _initials(more, 1, "name.initials-done")
                end = more.end(1)
    if _CASES.held(text, flags):
        for start in compress(found.spans, map(_CASED.__contains__, found.order)):
            match = _CASE.match(text, start[0])
            if match is None:
                continue
            low = match[1].lower()
            quoted = "." in match[1] or '"' in match[0] or "“" in match[0]
            if low not in _NEVER and (quoted or low not in medical):
                yield _initials(match, 1, "name.initials-case")
    yield from _relatives(found)
    yield from _columns(text)
    last = _END.search(text, max(0, len(text) - 16)) if _may_end(text) else None
    if last:
        letters = last[last.lastindex or 1].replace(".", "").lower()
        never = letters in _DEGREES if last[1] else letters in _NEVER
        if not never and not (last[4] and (last[4] in words or last[4] in medical)):
            yield _initials(last, last.lastindex or 1, "name.initials-end")
    tail = _LAST.search(text, max(0, len(text) - 24))
    if tail:
        group = tail.lastindex or 1
        low = tail[group].lower()
        if low not in _NEVER and low not in medical and low not in words:
            yield _initials(tail, group, "name.initials-end")
    if _LABELS.held(text, flags):
        for match in _LABEL.finditer(text):
            if fold(match[1]).split(" ")[0] not in _NO_LABEL and (
                kind_of(match[1].split(" ")[0]) != "M" or is_name(fold(match[1]))
            ):
                yield Finding(match.start(1), match.end(1), Category.NAME, "name", "name.called", 0.6)
    if '"' in text or "“" in text:
        for match in _QUOTED.finditer(text):
            group = match.lastindex or 1
            yield Finding(match.start(group), match.end(group), Category.NAME, "name", "name.nickname", 0.6)


#: A relation of somebody, of whom a letter alone is told: meet my nephew T and his teacher.
_KIN = frozenset(["son", "daughter", "wife", "husband", "brother", "sister", "mother", "father", "mom", "dad", "mum", "aunt", "uncle", "niece", "nephew", "cousin", "grandson", "granddaughter", "grandmother", "grandfather", "stepson", "stepdaughter", "fiance", "fiancee", "girlfriend", "boyfriend", "partner", "friend", "roommate", "neighbor", "caregiver", "sitter"])  # fmt: skip
_OF_WHOM = frozenset(["my", "your", "his", "her", "our", "their", "s", "older", "younger", "oldest", "youngest", "eldest", "little", "twin", "best"])  # fmt: skip
_LETTER_ENDS = re.compile(
    r"['’]s\b|[ ]*[,.!?](?!\w)| (?:and|is|was|has|had|who|will|said|says|told|came|died|lives|lived|does|did|also|called|here|helps|thinks|drove|brought|found|took|gave|[a-z]{3,10}ed)\b"
)


def _relatives(found: Spots) -> Iterator[Finding]:
    """Yield the letter by which a relative is told."""
    words, spans, text = found.words, found.spans, found.text
    letters: set[str] = set()
    for at in found.marks:
        word = words[at]
        if word.kind != "I" or at < 2 or word.low == "i":
            continue
        if words[at - 1].low not in _KIN or words[at - 2].low not in _OF_WHOM:
            continue
        start, end = spans[at]
        behind = _LETTER_ENDS.match(text, end) if text[spans[at - 1][1] : start] in {" ", ", "} else None
        # A group of blood stands behind a relation at a sentence's end, and so does an article.
        if behind and (word.low not in "abo" or behind[0][:1] in {" ", "'", "’"}):
            yield Finding(start, end, Category.NAME, "initials", "name.initials-kin", 0.6)
            letters.add(word.low)
    for at in found.marks if letters else ():
        # The same one again, who is spoken to: nice to meet you, J.
        start, end = spans[at]
        if (
            words[at].kind == "I"
            and words[at].low in letters
            and text[start - 2 : start] == ", "
            and text[end : end + 1] in {".", ",", "?", "!"}
            and not text[end + 1 : end + 2].isalnum()
        ):
            yield Finding(start, end, Category.NAME, "initials", "name.initials-kin", 0.6)


def _may_end(text: str) -> bool:
    """Say whether a text ends in a capital, in one before a stop, or shortly behind a slash, as initials do."""
    tail = text[-17:].rstrip()
    return tail[-1:].isupper() or (tail[-1:] == "." and tail[-2:-1].isupper()) or "/" in tail


def _columns(text: str) -> Iterator[Finding]:
    """Yield letters with which several lines of a table end: who read back, who turned the patient."""
    if text.count("\n") < 1:
        return
    ends: list[tuple[int, int, str]] = []
    start, size = 0, len(text)
    while start < size:
        end = text.find("\n", start)
        end = size if end < 0 else end
        tail = text[max(start, end - 12) : end].rstrip(" |\t")
        # Only a line that ends with two or three letters apart is looked at.
        if len(tail) > 4 and tail[-1].isalpha() and not tail[-4:].isalpha():
            match = _COLUMN.search(text, max(start, end - 14), end)
            if match is None and _TIMED.match(text, start, end):
                match = _TIMED_END.search(text, max(start, end - 12), end)
            if match:
                group = match.lastindex or 1
                ends.append((match.start(group), match.end(group), match[group]))
        start = end + 1
    if len(ends) < 2:
        return
    medical, words = lexicon().medical, lexicon().words
    sure = sum(
        low not in _NEVER and (low not in medical) and (low in _TITLED or not (letters.islower() and low in words))
        for _, _, letters in ends
        for low in [letters.lower()]
    )
    kept = [item for item in ends if item[2].lower() not in _NEVER]
    if (
        not sure
        or len(kept) < 2
        or 2 * len(kept) < len(ends)
        or (sure < 2 and not all(item[2].islower() for item in kept))
    ):
        return
    for start, end, _ in kept:
        yield Finding(start, end, Category.NAME, "initials", "name.initials-column", 0.6)


#: What dotted capitals are besides somebody where a text ends.
_DEGREES = frozenset(["md", "do", "rn", "np", "pa", "us", "uk", "am", "pm", "dc", "er", "ed", "or", "iv", "po", "im", "dds", "dmd", "phd", "ad", "bc", "usa", "lpn", "dpm", "dvm", "od", "ny", "la", "icu"])  # fmt: skip
#: Titles that are initials in such a column.
_TITLED = frozenset(["mrs", "ms", "jr", "sr"])


def _initials(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(match.start(group), match.end(group), Category.NAME, "initials", rule, 0.6)
