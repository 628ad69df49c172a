# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names that their place in a form, a chat or a sentence tells, whatever words they are.

Spelled out letter by letter; behind the label of a form; from a ward and acting; beside their own initials; before a
relation in brackets. Only a word that a list of names holds or that no list knows is taken, never a term alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.names.forms import labeled_names
from curator.detect.text.names.shapes import DEGREES, FULL, NAME, PARTICLE, UP, any_of, fits, listed, listed_set, made
from curator.detect.text.names.speakers import orders
from curator.detect.text.names.spelled import spelled_at
from curator.detect.text.words.anew import begins_anew
from curator.detect.text.words.hints import Words, at_lines
from curator.detect.text.words.speech import SPOKEN
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding


def told(text: str, found: Spots) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    if ":" in text or " BY " in text:
        yield from labeled_names(text)
    if "(" in text:
        yield from _brackets(text)
    if found.told:
        yield from _words(text, found)
    yield from _guarded(text, found)
    if found.flags & _SELF.bit:
        yield from _chats(text, found)
    if "by" in found.lows:
        yield from _acted_by(text)


_BESIDE = re.compile(
    rf"(?<![\w.])((?:{UP}\.?){{2,4}})(?:[ ]?[-–=:]|[ ])[ ]{{0,2}}({NAME}(?:[ ](?:{PARTICLE}[ ])?{NAME}){{1,3}})"
)
_LEGEND = re.compile(
    r"(?:^|\n)[^\n]{0,40}\b[Ii]nitial(?:s|ed)?[ ]?(?:each|here|every|below|verified|on each|per line|next to|beside|in the box|boxes|lines?|:|\()[^\n:]{0,40}:?([^\n]{3,200})"
)
_PAIR = re.compile(rf"(?<![\w.])((?:{UP}\.[ ]?){{2,3}}|{UP}{{2,3}})(?![\w.])")
_NO_PAIR = listed_set("no_pair")
#: Who is told of in brackets behind a name.
_KIN = re.compile(
    r"(?:(?:her|his|pt['’]?s?|the|older|younger|eldest|ex-?|step-?|late|adult|twin|great-?|grand-?)[ -]?){0,2}(?:husband|wife|spouse|partner|son|daughter|dtr|mother|father|mom|mum|dad|sister|brother|sis|bro|fianc[ée]e?|fiancée|boyfriend|girlfriend|bf|gf|aunt|uncle|niece|nephew|cousin|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|neighbou?r|friend|roommate|caregiver|carer|guardian|landlord|poa|hcp|nok|in-law|mother-in-law|father-in-law|son-in-law|daughter-in-law)\b"
)
_DOTTED = re.compile(
    rf"(?<![\w.])({UP}\.[ ]?{UP}\.)(?:['’]s)?(?=[ ](?:is|was|says|said|called|wants|helps|lives|will|can|has|supv|and|who|to)\b|[ ]\(|,[ ](?:her|his|the)\b)"
)
_TITLED = re.compile(
    rf"\b(?:Drs?|Mrs?|Ms|Mx|Prof|Doctor|Nurse|Sr|Sra|Dra|Dott|Herr|Frau|Sister)\.?[ ]((?:{UP}\.[ -]?){{1,3}}[ ]?(?:{PARTICLE}[ ])?{NAME})"
)


def _beside(text: str, at: int) -> Iterator[Finding]:
    """Yield initials right before the name that they are of, and the name: CAN Chukwuemeka Nwosu RN."""
    match = _BESIDE.match(text, at)
    if match is None:
        return
    letters = [fold(mark)[:1] for mark in match[1] if mark.isalpha()]
    heads = [fold(word)[:1] for word in _RUNS.findall(match[2]) if word[0].isupper()]
    if len(letters) > 1 and letters[0] == heads[0] and _follows(letters, heads) and _all_fit(match[2]):
        yield made(*match.span(1), "beside-initials")
        end = match.start(2)
        for word in match[2].split(" "):
            if fold(word) in DEGREES and word.isupper():
                break
            end += len(word) + 1
        yield made(match.start(2), end - 1, "beside-initials")


def _all_fit(name: str) -> bool:
    """Say whether all words of a name but a degree behind it may be somebody's: Parkinson Disease is none."""
    words = [word for word in name.split(" ") if not (word.isupper() and fold(word) in DEGREES)]
    return fits(" ".join(words)) and not all(fold(word) in lexicon().eponyms or kind_of(word) in "WM" for word in words)


_RUNS = re.compile(r"[^\W\d_]+")


def _follows(letters: list[str], heads: list[str]) -> bool:
    """Say whether initials are those of a name, in their order; a middle one need not be written out."""
    at = 0
    for letter in letters:
        if at < len(heads) and letter == heads[at]:
            at += 1
    return at >= min(2, len(heads)) and letters[-1] in heads[1:]


_BEGINS = re.compile(r"(?:^|[.!?\n:;]\s?|\n)$")


@cache
def _ward_does() -> re.Pattern[str]:
    return re.compile(
        rf"[ ](?:from|in|with|at|over in|over at|down in|up in|of)[ ](?i:{any_of('wards')})[ ](?:(?:and|just|also|still|now|already|again)[ ])?(?i:{any_of('does')})\b"
    )


#: The last words of roles, and what each may be the end of.
@cache
def _role_ends() -> dict[str, tuple[str, ...]]:
    ends: dict[str, list[str]] = {}
    for role in listed("roles"):
        ends.setdefault(role.split(" ")[-1], []).append(role)
    return {last: tuple(roles) for last, roles in ends.items()}


_BEHIND_ROLE = re.compile(rf"[ ]((?:{UP}\.[ ]?){{0,2}}(?:{PARTICLE}[ ])?{NAME}(?:[ ](?:{PARTICLE}[ ])?{NAME}){{0,2}})")
_LOUD_ROLES = frozenset(["chaplain", "pastor", "rabbi", "imam", "nurse", "officer", "deputy", "trooper"])
_SPOKEN = frozenset(["mister", "missus", "madam", "madame", "miz"])
_SPELLING = frozenset(["as", "like", "for"])


@cache
def _cues() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Return all words at which a rule begins, and of them titles, patients and words before a ward."""
    titles, patients, where = listed_set("titles"), listed_set("patients"), listed_set("where")
    return frozenset(_role_ends()) | titles | patients | where, titles, patients, where


def _words(text: str, found: Spots) -> Iterator[Finding]:
    """Yield what is told at a word: its role, its ward, its initials, its letters."""
    words, spans = found.words, found.spans
    cues, _titles, _patients, where = _cues()
    last, done = len(words) - 1, 0
    for at in found.told:
        word = words[at]
        low = word.low
        if low in cues:
            if at < last and words[at + 1].flags & CAPITAL:
                yield from _behind_cue(text, found, at)
            if at and low in where and words[at - 1].flags & CAPITAL:
                yield from _at_ward(text, found, at)
        if len(low) < 4 and at < last:
            following = words[at + 1]
            if len(low) == 1:
                start = spans[at][0]
                if start >= done and (len(following.low) == 1 or following.low in _SPELLING):
                    run = spelled_at(text, start)
                    if run:
                        done = run[1]
                        yield made(*run, "spelled")
                        continue
                    if word.upper and text[spans[at][1] : spans[at][1] + 1] == ".":
                        alone = _ALONE.match(text, start)
                        if alone and not text[text.rfind("\n", 0, start) + 1 : start].strip():
                            letters = fold(alone[1].replace(".", ""))
                            if letters not in _NO_PAIR | DEGREES:
                                yield made(*alone.span(1), "initials-alone")
                        match = _DOTTED.match(text, start)
                        if (
                            match
                            and fold("".join(mark for mark in match[1] if mark.isalpha())) not in _NO_PAIR | DEGREES
                            and not orders(match[1], 1)
                        ):
                            yield made(*match.span(1), "initials-doing")
            if word.upper and following.flags & CAPITAL and (following.low[0] == low[0] or len(following.low) == 1):
                yield from _beside(text, spans[at][0])


def _behind_cue(text: str, found: Spots, at: int) -> Iterator[Finding]:
    words, spans = found.words, found.spans
    low, (start, end) = words[at].low, spans[at]
    _all, titles, patients, _where = _cues()
    if low in titles and len(words[at + 1].low) == 1:
        match = _TITLED.match(text, start)
        if match and fold(_RUNS.findall(match[1])[-1]) not in DEGREES and not _anew(found, at, match.end(1)):
            yield made(*match.span(1), "titled-initial")
    if low in patients and at + 2 < len(words) and words[at + 2].low == "from":
        match = _PATIENT.match(text, start)
        if match and (is_name(fold(match[1])) or kind_of(match[1]) in "uU"):
            yield made(*match.span(1), "patient-from")
            yield Finding(*match.span(2), Category.GEOGRAPHY, "city", "place.patient-from", 0.6)
    role = next(
        (role for role in _role_ends().get(low, ()) if text[max(0, end - len(role)) : end].lower() == role), None
    )
    if role is None:
        return
    match = _BEHIND_ROLE.match(text, end)
    if match is None:
        return
    begin = end - len(role)
    if (
        text[start].isupper()
        and role not in _LOUD_ROLES
        and role not in _SPOKEN
        and text[begin - 1 : begin] not in {"\n", ""}
        and text[begin - 2 : begin] != "  "
    ):
        return
    parts = match[1].split(" ")
    while parts and not fits(" ".join(parts)):
        parts.pop()
    if parts and not (match[1].isupper() and len(match[1]) < 4):
        yield made(match.start(1), match.start(1) + len(" ".join(parts)), "role-before")


def _anew(found: Spots, at: int, end: int) -> bool:
    """Say whether the last word of a name behind a title begins the next sentence: by Dr. X. She has."""
    spans = found.spans
    last = bisect_left(spans, (end, 0)) - 1
    first = last
    while first > at and spans[first - 1][1] == spans[first][0] - 1 and found.text[spans[first][0] - 1] in "-'’":
        first -= 1
    lead = found.text[spans[first - 1][1] : spans[first][0]]
    return first - at > 1 and lead[:1] == "." and begins_anew(found, first, last)


def _at_ward(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield who is from a ward and does something: Apisara from cards wants."""
    spans, first = found.spans, at - 1
    if text[spans[first][1] : spans[at][0]] != " " or _ward_does().match(text, spans[first][1]) is None:
        return
    if first and found.words[first - 1].flags & CAPITAL and text[spans[first - 1][1] : spans[first][0]] == " ":
        first -= 1
    start, end = spans[first][0], spans[at - 1][1]
    if _BEGINS.search(text, max(0, start - 2), start) and fits(text[start:end]):
        yield made(start, end, "from-ward")


_NAME_BEFORE = re.compile(rf"(?<![\w'’.-])({NAME}(?:[ ]{NAME})?)[ ]?$")
_KIN_BEFORE = re.compile(rf"(?<![\w.])({FULL}|(?:{UP}\.){{2,3}})[ ]$")
_NAME_IN = re.compile(rf"\(({NAME})\)")


def _brackets(text: str) -> Iterator[Finding]:
    """Yield who stands before a ward or a relation in brackets, and in brackets behind a ward: March (path), psych (Twain)."""
    at = text.find("(")
    wards = listed_set("wards")
    while at >= 0:
        close = text.find(")", at, at + 40)
        inner = text[at + 1 : close].lower() if close > 0 else text[at + 1 : at + 30].lower()
        before = text[at - 1 : at]
        if before == " " and inner in wards and text[at - 2 : at - 1].isalpha():
            match = _NAME_BEFORE.search(text, max(0, at - 44), at)
            if (
                match
                and fits(match[1], strict=True)
                and not match[1].isupper()
                and (" " in match[1] or kind_of(match[1]) not in "srg" or _in_list(text, match.start(1), close + 1))
            ):
                yield made(*match.span(1), "warded")
        elif before == " " and close > 0 and text[at + 1 : at + 2].isupper() and not inner[-1:].isdecimal():
            match = _NAME_IN.match(text, at)
            lead = text[max(0, at - 20) : at - 1].lower()
            if (
                match
                and any(
                    lead.endswith(ward) and not lead[: -len(ward)][-1:].isalpha()
                    for ward in wards
                    if lead.endswith(ward)
                )
                and _psych(match[1])
            ):
                yield made(*match.span(1), "warded")
        if before == " " and _KIN.match(inner):
            match = _KIN_BEFORE.search(text, max(0, at - 50), at)
            if match and ("." in match[1][:2] or fits(match[1], strict=" " not in match[1])):
                yield made(*match.span(1), "kin-behind")
        at = text.find("(", at + 1)


def _psych(word: str) -> bool:
    """Say whether a word in brackets is a name and no drug or finding."""
    return not word.isupper() and kind_of(word) in "GSRUun" and is_name(fold(word)) and fits(word, strict=True)


@cache
def _office() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])({FULL}),[ ](?i:{any_of('offices')})\b|\b(?i:notary public),[ ]({FULL})(?=,)")


_GAELIC = re.compile(rf"(?<![\w'’-])(?:Mac|Ní|Nic|Ó|Uí|Ua)[ ]({NAME}(?:-(?:Mac|Ó|Ní)[ ]{NAME})?)")
_PATIENT = re.compile(
    rf"\b(?:my|our|this|the|another|a)?[ ]?(?:pt|patient|resident|client)[ ]({NAME})(?=[ ]from[ ]({NAME})\b)"
)
_HANDED = re.compile(
    rf"\b(?:handed|given|shown|reported|faxed|passed|signed out|handoff|report|relayed|read|phoned)(?:[ ]off)?[ ]to[ ]({NAME})(?=[ ](?:@|at[ ])[ ]?\d|[ ]\d\d?:?\d\d\b)"
)
_BESIDES = re.compile(
    rf"\b(?:with|w/|by|from|to|see|ask|call|saw|met|told|page|paged|per|and|for)[ ]({NAME})[ ](?:or|and|&)[ ]({NAME})(?=[ ](?:here|in|at|on|if|for|to|who|will|can|is|are|were|today|tomorrow|again)\b|[.,;)\n]|['’]s)"
)
_PA = re.compile(rf"(?<![\w'’-])Pa[ ]({NAME})(?=['’]s|[ ,.;)\n]|$)")
_speakers = at_lines(
    rf"((?:de la|de los|de|del|da|dos|di|van der|van den|van de|van|von|der|den|ter|la|le|el|al|bin|abu)[ ]({NAME}(?:[ ]{NAME})?))(?=[ ]?(?:\([A-Za-z, ]{{2,12}}\))?:[ ])"
)
_PARTED = Words(["de", "del", "da", "dos", "di", "van", "von", "der", "den", "ter", "bin", "abu", "la", "le"])
#: Initials alone in a line, as who signs below a note.
_ALONE = re.compile(rf"((?:{UP}\.){{2,3}})[ \t]{{0,8}}(?![^\n])")
_listed = at_lines(
    rf"[ \t]*#?[ ]?\d{{1,3}}[.)]?[ ]{{1,6}}({FULL},[ ]?{FULL})(?=[ ]{{2}}|\t|[ ]?\||[ ](?:MRN|DOB|\d{{1,3}}[ ]?[MFyY]))"
)
_AFTER_CODE = re.compile(rf"[A-Z]?[.,;][ ]({NAME}[ ]{NAME})(?=[ ]*(?:\n|$|[.!?]))")


def _guarded(text: str, found: Spots) -> Iterator[Finding]:
    if found.flags & _OFFICERS.bit:
        for match in _office().finditer(text):
            group = 1 if match[1] else 2
            if fits(match[group]):
                yield made(*match.span(group), "office")
    if found.flags & _GAELS.bit:
        for match in _GAELIC.finditer(text):
            if fold(match[1]) not in {"os", "pro", "book", "mini", "air", "address"} and kind_of(match[1]) != "M":
                yield made(match.start(), match.end(1), "gaelic")
    if "pa" in found.lows and "Pa " in text:
        for match in _PA.finditer(text):
            if kind_of(match[1]) in "GSRU":
                yield made(match.start(), match.end(1), "hmong")
    if "nitial" in text:
        for match in _LEGEND.finditer(text):
            for pair in _PAIR.finditer(text, *match.span(1)):
                bare = fold("".join(mark for mark in pair[1] if mark.isalpha()))
                if bare not in _NO_PAIR and bare not in lexicon().words:
                    yield made(pair.start(), pair.start() + len(pair[1].rstrip()), "initials-form")
    if found.flags & _HANDS.bit:
        for match in _HANDED.finditer(text):
            if fits(match[1]) and not (match[1].isupper() and len(match[1]) < 4):
                yield made(*match.span(1), "handed")
    if found.flags & _PARTED.bit:
        for match in _speakers(text):
            if kind_of(match[2].split(" ")[0]) != "M":
                yield made(*match.span(1), "speaker")
    for at in found.given:
        start, end = found.spans[at]
        if (
            text[end : end + 1] == "-"
            and text[end + 1 : end + 2].islower()
            and at + 1 < len(found.words)
            and found.spans[at + 1][0] == end + 1
        ):
            second = found.words[at + 1]
            if (
                is_name(second.folded)
                and second.folded not in lexicon().medical
                and second.folded not in lexicon().words
            ):
                yield made(start, found.spans[at + 1][1], "small-joined")
    for joint in (" or ", " and "):
        at = text.find(joint)
        while at > 0:
            after = at + len(joint)
            if text[after : after + 1].isupper() and text[at - 1].isalpha():
                yield from _besides(text, at)
            at = text.find(joint, after)
    if found.numbers:
        if "," in text:
            for match in _listed(text):
                if fits(match[1]) and any(kind_of(word) in "GSRu" for word in _RUNS.findall(match[1])):
                    yield made(*match.span(1), "listed")
        for _, end in found.numbers:
            mark = text[end : end + 1]
            if mark not in _STOPS and not mark.isupper():
                continue
            stop = end + 1 if mark.isupper() else end
            if (
                text[stop : stop + 1] in {".", ",", ";"}
                and text[stop + 1 : stop + 2] == " "
                and text[stop + 2 : stop + 3].isupper()
            ):
                named = _AFTER_CODE.match(text, end)
                if named and fits(named[1]) and any(kind_of(word) in "GSRu" for word in named[1].split(" ")):
                    yield made(*named.span(1), "after-code")


def _besides(text: str, at: int) -> Iterator[Finding]:
    """Yield two names that stand together: with Fitz or Oksana here."""
    lead = text.rfind(" ", max(0, at - 24), at)
    begin = text.rfind(" ", max(0, lead - 8), lead) + 1 if lead > 0 else -1
    match = _BESIDES.match(text, begin) if begin >= 0 else None
    if match:
        kinds = kind_of(match[1]), kind_of(match[2])
        if (
            "G" in kinds
            and all(kind in "GSRuUn" for kind in kinds)
            and not match[1].isupper()
            and not match[2].isupper()
        ):
            yield made(*match.span(1), "besides")
            yield made(*match.span(2), "besides")


_STOPS = frozenset(".,;")
_GAELS = Words(["mac", "ní", "nic", "ó", "uí", "ua"])
_HANDS = Words(["handed", "faxed", "passed", "relayed", "handoff", "phoned", "shown"])


_OFFICERS = Words([phrase.split(" ")[0].split("-")[0] for phrase in listed("offices")] + ["notary"])


def _in_list(text: str, start: int, end: int) -> bool:
    """Say whether a word with a ward behind it stands between commas, as in a list of who is there."""
    return text[max(0, start - 2) : start] in {", ", ": "} or text[end : end + 2] == ", "


_ITS = re.compile(
    r"(?:\b(?:hi|hello|hey|hiya|morning|good morning|good afternoon|good evening|evening)\b[^.\n!?]{0,24}?|(?<=[:\]] )|(?:^|(?<=\n)))(?:it['’]?s|it is|this is|im|i['’]m|i am|me name['’]?s|my name is|my name['’]?s)[ ](?:just[ ])?([a-zà-ÿ][\w'’-]*(?:[ ][a-zà-ÿ][\w'’-]*)?)(?=[ ]here\b|[,.!]|[ ]from\b|[ ]calling\b|\n|$)",
    re.IGNORECASE,
)


_SELF = Words(["its", "it", "im", "i", "this", "my", "me"])
_GREETS = Words(["hi", "hello", "hey", "hiya", "morning", "evening", "afternoon", "visitor", "its"])


def _chats(text: str, found: Spots) -> Iterator[Finding]:
    if found.flags & _GREETS.bit:
        for match in _ITS.finditer(text):
            words = match[1].split(" ")
            while len(words) > 1 and words[-1].lower() in {"here", "from", "again", "calling", "and", "the"}:
                words.pop()
            here = text.startswith(" here", match.start(1) + len(" ".join(words)))
            folded = [fold(word.replace("’", "'")) for word in words]
            if any(word in listed_set("nobody") or word in lexicon().medical for word in folded):
                continue
            if not all(is_name(word) or word not in lexicon().words for word in folded):
                continue
            if all(word in lexicon().words for word in folded) and (folded[0] in SPOKEN or not is_given(folded[0])):
                continue  # it's pretty constant
            if not here and len(words) == 1 and folded[0] in lexicon().words and folded[0] not in lexicon().given:
                continue
            end = match.start(1) + len(" ".join(words))
            yield made(match.start(1), end, "its")
            # The same first name again, with the family's: hi its jay here, jay walker.
            first = re.escape(words[0])
            for more in re.finditer(rf"\b{first}(?:[ ]([a-zà-ÿ][\w'’-]+))?(?=[,.;!\n]|$)", text, re.IGNORECASE):
                last = fold((more[1] or "").replace("’", "'"))
                if not last or is_name(last) or last not in lexicon().words:
                    yield made(more.start(), more.end(), "its-again")


def _acted_by(text: str) -> Iterator[Finding]:
    """Yield who did something at a time, in small letters: message deleted by fisher 17:14."""
    acts = listed_set("acts")
    at = text.find(" by ")
    while at > 0:
        if (
            text[at + 4 : at + 5].islower()
            and text[max(0, at - 16) : at].rpartition(" ")[2].lower().strip("*(") in acts
        ):
            match = _ACTOR.match(text, at + 4)
            folded = fold(match[1]) if match else ""
            if (
                match
                and folded not in listed_set("nobody")
                and (is_name(folded) or folded not in lexicon().words)
                and folded not in lexicon().medical
            ):
                yield made(*match.span(1), "acted")
        at = text.find(" by ", at + 3)


_ACTOR = re.compile(r"([a-zà-ÿ][a-zà-ÿ'’-]{1,20})(?=[ ]\d{1,2}:?\d\d\b|\*|[ ]?\d{1,2}[ ]?(?:am|pm)|[ ]\d)")
