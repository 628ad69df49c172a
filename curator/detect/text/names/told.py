# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names that their place in a form, a chat or a sentence tells, whatever words they are.

Spelled out letter by letter; behind the label of a form; from a ward and acting; beside their own initials; before a
relation in brackets. Only a word that a list of names holds or that no list knows is taken, never a term alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from functools import cache

from curator.detect.text.lists.lexicon import data_text, fold, is_name, lexicon
from curator.detect.text.words.hints import at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import CAPITAL, kind_of
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_UP = r"[^\W\d_a-zà-öø-ÿāăąćčďđēęěğīįķļłńņňőœřśşšťūůűųźżžə]"
_N = rf"{_UP}[^\W\d_]*(?:['’‑-][^\W\d_]+){{0,3}}"
_PARTICLE = r"(?:de la|de los|de|del|da|dos|das|di|du|van der|van den|van de|van|von|der|den|ter|ten|la|le|el|al|bin|binti|ibn|abu|y|e|zu|af|St\.|Mac|Mc|Ní|Nic|Ó|Uí|Ua|O)"
_FULL = rf"(?:{_PARTICLE}[ ])?{_N}(?:[ ](?:{_PARTICLE}[ ])?(?:{_UP}\.|{_N}(?!:))){{0,3}}"


@cache
def _list(name: str) -> tuple[str, ...]:
    listed = tomllib.loads(data_text("told.toml"))[name]
    return tuple(dict.fromkeys(part.strip() for part in listed.replace("\n", " ").split(";")))


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_list(name))


@cache
def _any(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(_list(name), key=len, reverse=True))


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
        yield from _labeled(text)
    if "(" in text:
        yield from _brackets(text)
    lows = found.lows
    if found.told:
        yield from _words(text, found)
    yield from _guarded(text, found, lows)
    if not lows.isdisjoint(_SELF):
        yield from _chats(text, lows)
    if "by" in lows:
        yield from _acted_by(text)


def _made(start: int, end: int, rule: str) -> Finding:
    return Finding(start, end, Category.NAME, "name", f"name.{rule}", 0.65)


_LETTER = r"(?:[A-Za-z](?:[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12})?)"
_SPELLED = re.compile(
    rf"(?<![\w'’./-])(?:(?:double|capital|big)[ ])?{_LETTER}(?:(?:-|\.?[ ]|,[ ]?|\.,?[ ])(?:double[ ])?{_LETTER}){{1,16}}\.?(?![\w'’-])",
)
_SPELLS = re.compile(
    r"\b(?:spell(?:ed|ing|s|t)?|capital|last name|first name|surname|middle name|maiden name|letters?|that['’]?s|it['’]?s|name(?: is|['’]s)?|goes by)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
_AS_IN = re.compile(r"[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12}")
_BREAK = re.compile(r"[A-Za-z]-[A-Za-z]-[A-Za-z]-[A-Za-z]")


def _spelled(text: str, at: int) -> tuple[int, int] | None:
    """Return a name spelled letter by letter from a place: K R Z Y W I C K I, N-A-K-A-M-U-R-A, P as in Peter, A, T, E, L."""
    match = _SPELLED.match(text, at)
    if match is None:
        return None
    value = match[0]
    named = _AS_IN.search(value)
    letters = _SINGLE.findall(value)
    lead = text[max(0, at - 40) : at]
    sure = _SURE_SPELL.search(lead) is not None
    spells = sure or _SPELLS.search(lead) is not None or _SPELLS_ON.match(text, match.end()) is not None
    if len(letters) < 2 or (named and not spells and len(letters) < 3):
        return None
    if not named:
        if _BREAK.search(value):
            if len(letters) < 5 and not spells:
                return None
        elif len(letters) < (3 if sure else 4) and not (sure and value.isupper()):
            return None
        elif not spells and len(letters) < 5:
            return None
        if " a " in f" {value} " and len(letters) < 4 and not value.isupper():
            return None
        if not spells and _GRADES.fullmatch(value):
            return None
    return match.span()


_SINGLE = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
_SPELLS_ON = re.compile(r",? (?:with|is (?:the|his|her|my)|last name|first name)\b")
_GRADES = re.compile(r"(?:[ABCDEI],? ?){2,5}")
_SURE_SPELL = re.compile(r"\b(?:spell(?:ed|ing|s|t)?|last name|first name|surname)\b[^.\n]{0,30}$", re.IGNORECASE)


def _fits(name: str, *, strict: bool = False) -> bool:
    """Say whether a run of words may be somebody's name: each is known as one or unknown, none is a term."""
    words = re.findall(r"[^\W\d_]+", name)
    if not words:
        return False
    good = 0
    for word in words:
        folded = fold(word)
        if folded in _NO_ONE():
            return False
        kind = kind_of(word) if len(word) > 1 else "I"
        if kind == "I" or folded in _PARTICLES:
            continue
        listed = is_name(folded)
        if kind == "M" and not (listed and not word.isupper() and folded in lexicon().surnames):
            return False
        if kind in "W" and not listed:
            return False
        if kind == "A" and not listed:
            return False
        if strict and kind not in "GSRngsruU":
            return False
        good += 1
    return good > 0


_PARTICLES = frozenset("de la los del da dos das di du van von der den ter ten le el al bin binti ibn abu y e zu af st mac mc ní nic ó uí ua o".split())


@cache
def _NO_ONE() -> frozenset[str]:
    words = frozenset(word for phrase in _list("labels") for word in phrase.split()) | frozenset(word for phrase in _list("wards") for word in phrase.split())
    stay = frozenset(
        """none unknown same self pending other yes no see call date time phone age sex dob room unit signature signed print printed normal negative positive declined refused family staff team home clinic hospital office page note notes plan
        police ems security risk today stat routine final addendum dear re both all patient monday tuesday wednesday thursday friday saturday sunday spanish english french german italian polish tagalog hmong somali farsi dari pashto urdu hindi punjabi gujarati bengali arabic hebrew mandarin cantonese vietnamese khmer lao thai korean japanese russian ukrainian portuguese creole haitian amharic tigrinya swahili nepali burmese karen turkish greek romanian albanian asl january february april june july august september october november december department medical center health""".split()
    )
    known = lexicon()
    return frozenset(word for word in words if word not in known.frequent or word in known.medical) | stay


@cache
def _value() -> re.Pattern[str]:
    return re.compile(rf"(?:[ ]?\((?:print|printed|patient|parent|optional|RN|MD)\))?[ ]?[:=]?[ ]{{0,4}}(?P<rank>(?:(?i:{_any('ranks')})[ ]){{0,2}})(?P<name>{_FULL}(?:,[ ]?{_FULL})?)")


#: How far a label may reach back from its colon.
_FAR = 26
_CUT = re.compile(r"[\n\t|;.,()\[\]]|[ ]{2}")


def _label_before(text: str, at: int) -> str:
    """Return the longest label of a form that ends at a place, "" for none."""
    lead = text[max(0, at - _FAR) : at].rstrip(" ").lower()
    lead = _CUT.split(lead)[-1].lstrip(" -*•#>")
    labels = _set("labels")
    while lead:
        if lead in labels:
            return lead
        lead = lead.partition(" ")[2] if " " in lead else lead.partition("/")[2]
    return ""


#: What ends a value of a form.
_ENDED = re.compile(r"[ ]*(?:$|\n|[,;|/(\[\]).]|[ ]{2}|[ ](?:@|at|on|by|RN|MD|NP|PA|DO|LPN|CNA|and|&|-|–|—|w/|\d|\(|[a-z]))")
_DEGREE = frozenset("rn md np pa do lpn cna phd dds dpm pharmd mbbs frcs facp msw lcsw crna dnp aprn cnm rd pt ot slp ms ma bs ba".split())


def _labeled(text: str) -> Iterator[Finding]:
    at = text.find(":")
    while at > 0:
        ahead = text[at + 1 : at + 5].lstrip(" ")[:1]
        if ahead.isalpha() and text[at - 1] != ":":
            label = _label_before(text, at)
            if label:
                yield from _behind_label(text, at + 1, label)
        at = text.find(":", at + 1)
    at = text.find(" BY ")
    while at > 0:
        label = _label_before(text, at + 3)
        if label:
            yield from _behind_label(text, at + 3, label)
        at = text.find(" BY ", at + 3)


def _behind_label(text: str, at: int, label: str) -> Iterator[Finding]:
    match = _value().match(text, at)
    if match:
        start, end = match.span("name")
        name = match["name"]
        # What is behind a degree or the next label is none of the name.
        parts = re.split(r"(,?[ ]+)", name)
        while len(parts) > 1 and (fold(parts[-1].strip(".")) in _DEGREE and parts[-1].isupper()):
            parts = parts[:-2]
        name = "".join(parts)
        end = start + len(name)
        if text[end : end + 1] == ":" or re.match(r"[ ]{0,2}[a-z][\w /-]{0,20}:", text[end : end + 24]):
            parts = re.split(r"(,?[ ]+)", name)
            if len(parts) < 3:
                return
            end = start + len("".join(parts[:-2]))
            name = text[start:end]
        if not _ENDED.match(text, end):
            return
        weak = label in _WEAK
        words = re.findall(r"[^\W\d_]+", name)
        if not _fits(name, strict=weak):
            return
        if weak and (len(words) < 2 or not all(is_name(fold(word)) or kind_of(word) in "uI" for word in words)):
            return
        if len(words) == 1 and words[0].isupper() and len(words[0]) < 4 and not match["rank"] and not is_name(fold(words[0])):
            return
        yield _made(start, end, "form")


_WEAK = frozenset("re cc from attn staff charge signature anesthesia assistant contact firma pharm tech rn operator user visitor driver monitor agent name son parent partner poa proxy hcp notified fellow intern pt patient client resident scrub coordinator author sec dict consultant anesthesia nurse".split())

_BESIDE = re.compile(rf"(?<![\w.])((?:{_UP}\.?){{2,4}})(?:[ ]?[-–=:]|[ ])[ ]{{0,2}}({_N}(?:[ ](?:{_PARTICLE}[ ])?{_N}){{1,3}})")
_LEGEND = re.compile(r"(?:^|\n)[^\n]{0,40}\b[Ii]nitial(?:s|ed)?\b[^\n:]{0,40}:?([^\n]{3,200})")
_PAIR = re.compile(rf"(?<![\w.])((?:{_UP}\.[ ]?){{2,3}}|{_UP}{{2,3}})(?![\w.])")
_NO_PAIR = frozenset("rn md np pa do pt ot lpn cna id am pm ok yes no na hipaa po iv im sq prn ii iii iv us uk dob ssn mrn er ed icu ent ob gyn gi cc hr bp abn npp roi aob poa dnr dni bmi".split())
#: Who is told of in brackets behind a name.
_KIN = re.compile(
    r"(?:(?:her|his|pt['’]?s?|the|older|younger|eldest|ex-?|step-?|late|adult|twin|great-?|grand-?)[ -]?){0,2}(?:husband|wife|spouse|partner|son|daughter|dtr|mother|father|mom|mum|dad|sister|brother|sis|bro|fianc[ée]e?|fiancée|boyfriend|girlfriend|bf|gf|aunt|uncle|niece|nephew|cousin|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|neighbou?r|friend|roommate|caregiver|carer|guardian|landlord|poa|hcp|nok|in-law|mother-in-law|father-in-law|son-in-law|daughter-in-law)\b"
)
_DOTTED = re.compile(rf"(?<![\w.])({_UP}\.[ ]?{_UP}\.)(?:['’]s)?(?=[ ](?:is|was|says|said|called|wants|helps|lives|will|can|has|supv|and|who|to)\b|[ ]\(|,[ ](?:her|his|the)\b)")
_TITLED = re.compile(rf"\b(?:Drs?|Mrs?|Ms|Mx|Prof|Doctor|Nurse|Sr|Sra|Dra|Dott|Herr|Frau|Sister)\.?[ ]((?:{_UP}\.[ -]?){{1,3}}[ ]?(?:{_PARTICLE}[ ])?{_N})")


def _beside(text: str, at: int) -> Iterator[Finding]:
    """Yield initials right before the name that they are of, and the name: CAN Chukwuemeka Nwosu RN."""
    match = _BESIDE.match(text, at)
    if match is None:
        return
    letters = [fold(mark)[:1] for mark in match[1] if mark.isalpha()]
    heads = [fold(word)[:1] for word in _RUNS.findall(match[2]) if word[0].isupper()]
    if len(letters) > 1 and letters[0] == heads[0] and _follows(letters, heads) and _all_fit(match[2]):
        yield _made(*match.span(1), "beside-initials")
        end = match.start(2)
        for word in match[2].split(" "):
            if fold(word) in _DEGREE and word.isupper():
                break
            end += len(word) + 1
        yield _made(match.start(2), end - 1, "beside-initials")


def _all_fit(name: str) -> bool:
    """Say whether all words of a name but a degree behind it may be somebody's: Parkinson Disease is none."""
    words = [word for word in name.split(" ") if not (word.isupper() and fold(word) in _DEGREE)]
    return _fits(" ".join(words)) and not all(fold(word) in lexicon().eponyms or kind_of(word) in "WM" for word in words)


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
    return re.compile(rf"[ ](?:from|in|with|at|over in|over at|down in|up in|of)[ ](?i:{_any('wards')})[ ](?:(?:and|just|also|still|now|already|again)[ ])?(?i:{_any('does')})\b")


#: The last words of roles, and what each may be the end of.
@cache
def _role_ends() -> dict[str, tuple[str, ...]]:
    ends: dict[str, list[str]] = {}
    for role in _list("roles"):
        ends.setdefault(role.split(" ")[-1], []).append(role)
    return {last: tuple(roles) for last, roles in ends.items()}


_BEHIND_ROLE = re.compile(rf"[ ]((?:{_UP}\.[ ]?){{0,2}}(?:{_PARTICLE}[ ])?{_N}(?:[ ](?:{_PARTICLE}[ ])?{_N}){{0,2}})")
_LOUD_ROLES = frozenset(["chaplain", "pastor", "rabbi", "imam", "nurse", "officer", "deputy", "trooper"])
_SPOKEN = frozenset(["mister", "missus", "madam", "madame", "miz"])
_SPELLING = frozenset(["as", "like", "for"])


@cache
def _cues() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Return all words at which a rule begins, and of them titles, patients and words before a ward."""
    titles, patients, where = _set("titles"), _set("patients"), _set("where")
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
                    run = _spelled(text, start)
                    if run:
                        done = run[1]
                        yield _made(*run, "spelled")
                        continue
                    if word.upper and text[spans[at][1] : spans[at][1] + 1] == ".":
                        match = _DOTTED.match(text, start)
                        if match and fold("".join(mark for mark in match[1] if mark.isalpha())) not in _NO_PAIR | _DEGREE:
                            yield _made(*match.span(1), "initials-doing")
            if word.upper and following.flags & CAPITAL:
                yield from _beside(text, spans[at][0])


def _behind_cue(text: str, found: Spots, at: int) -> Iterator[Finding]:
    words, spans = found.words, found.spans
    low, (start, end) = words[at].low, spans[at]
    _all, titles, patients, _where = _cues()
    if low in titles and len(words[at + 1].low) == 1:
        match = _TITLED.match(text, start)
        if match and fold(_RUNS.findall(match[1])[-1]) not in _DEGREE:
            yield _made(*match.span(1), "titled-initial")
    if low in patients and at + 2 < len(words) and words[at + 2].low == "from":
        match = _PATIENT.match(text, start)
        if match and (is_name(fold(match[1])) or kind_of(match[1]) in "uU"):
            yield _made(*match.span(1), "patient-from")
            yield Finding(*match.span(2), Category.GEOGRAPHY, "city", "place.patient-from", 0.6)
    role = next((role for role in _role_ends().get(low, ()) if text[max(0, end - len(role)) : end].lower() == role), None)
    if role is None:
        return
    match = _BEHIND_ROLE.match(text, end)
    if match is None:
        return
    begin = end - len(role)
    if text[start].isupper() and role not in _LOUD_ROLES and role not in _SPOKEN and text[begin - 1 : begin] not in {"\n", ""} and text[begin - 2 : begin] != "  ":
        return
    parts = match[1].split(" ")
    while parts and not _fits(" ".join(parts)):
        parts.pop()
    if parts and not (match[1].isupper() and len(match[1]) < 4):
        yield _made(match.start(1), match.start(1) + len(" ".join(parts)), "role-before")


def _at_ward(text: str, found: Spots, at: int) -> Iterator[Finding]:
    """Yield who is from a ward and does something: Apisara from cards wants."""
    spans, first = found.spans, at - 1
    if text[spans[first][1] : spans[at][0]] != " " or _ward_does().match(text, spans[first][1]) is None:
        return
    if first and found.words[first - 1].flags & CAPITAL and text[spans[first - 1][1] : spans[first][0]] == " ":
        first -= 1
    start, end = spans[first][0], spans[at - 1][1]
    if _BEGINS.search(text, max(0, start - 2), start) and _fits(text[start:end]):
        yield _made(start, end, "from-ward")


_NAME_BEFORE = re.compile(rf"(?<![\w'’.-])({_N}(?:[ ]{_N})?)[ ]?$")
_KIN_BEFORE = re.compile(rf"(?<![\w.])({_FULL}|(?:{_UP}\.){{2,3}})[ ]$")
_NAME_IN = re.compile(rf"\(({_N})\)")


def _brackets(text: str) -> Iterator[Finding]:
    """Yield who stands before a ward or a relation in brackets, and in brackets behind a ward: March (path), psych (Twain)."""
    at = text.find("(")
    wards = _set("wards")
    while at >= 0:
        close = text.find(")", at, at + 40)
        inner = text[at + 1 : close].lower() if close > 0 else text[at + 1 : at + 30].lower()
        before = text[at - 1 : at]
        if before == " " and inner in wards and text[at - 2 : at - 1].isalpha():
            match = _NAME_BEFORE.search(text, max(0, at - 44), at)
            if match and _fits(match[1], strict=True) and not match[1].isupper() and (
                " " in match[1] or kind_of(match[1]) not in "srg" or _in_list(text, match.start(1), close + 1)
            ):
                yield _made(*match.span(1), "warded")
        elif before == " " and close > 0 and text[at + 1 : at + 2].isupper() and not inner[-1:].isdecimal():
            match = _NAME_IN.match(text, at)
            lead = text[max(0, at - 20) : at - 1].lower()
            if match and any(lead.endswith(ward) and not lead[: -len(ward)][-1:].isalpha() for ward in wards if lead.endswith(ward)) and _psych(match[1]):
                yield _made(*match.span(1), "warded")
        if before == " " and _KIN.match(inner):
            match = _KIN_BEFORE.search(text, max(0, at - 50), at)
            if match and ("." in match[1][:2] or _fits(match[1], strict=" " not in match[1])):
                yield _made(*match.span(1), "kin-behind")
        at = text.find("(", at + 1)


def _psych(word: str) -> bool:
    """Say whether a word in brackets is a name and no drug or finding."""
    return not word.isupper() and kind_of(word) in "GSRUun" and is_name(fold(word)) and _fits(word, strict=True)


@cache
def _office() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])({_FULL}),[ ](?i:{_any('offices')})\b|\b(?i:notary public),[ ]({_FULL})(?=,)")


_GAELIC = re.compile(rf"(?<![\w'’-])(?:Mac|Ní|Nic|Ó|Uí|Ua)[ ]({_N}(?:-(?:Mac|Ó|Ní)[ ]{_N})?)")
_PATIENT = re.compile(rf"\b(?:my|our|this|the|another|a)?[ ]?(?:pt|patient|resident|client)[ ]({_N})(?=[ ]from[ ]({_N})\b)")
_HANDED = re.compile(rf"\b(?:handed|given|shown|reported|faxed|passed|signed out|handoff|report|relayed|read|phoned)(?:[ ]off)?[ ]to[ ]({_N})(?=[ ](?:@|at[ ])[ ]?\d|[ ]\d\d?:?\d\d\b)")
_BESIDES = re.compile(rf"\b(?:with|w/|by|from|to|see|ask|call|saw|met|told|page|paged|per|and|for)[ ]({_N})[ ](?:or|and|&)[ ]({_N})(?=[ ](?:here|in|at|on|if|for|to|who|will|can|is|are|were|today|tomorrow|again)\b|[.,;)\n]|['’]s)")
_PA = re.compile(rf"(?<![\w'’-])Pa[ ]({_N})(?=['’]s|[ ,.;)\n]|$)")
_speakers = at_lines(rf"((?:de la|de los|de|del|da|dos|di|van der|van den|van de|van|von|der|den|ter|la|le|el|al|bin|abu)[ ]({_N}(?:[ ]{_N})?))(?=[ ]?(?:\([A-Za-z, ]{{2,12}}\))?:[ ])")
#: Initials alone in a line, as who signs below a note.
_alone = at_lines(rf"[ \t]{{0,100}}((?:{_UP}\.){{2,3}})[ \t]{{0,8}}(?![^\n])")
_listed = at_lines(rf"[ \t]*#?[ ]?\d{{1,3}}[.)]?[ ]{{1,6}}({_FULL},[ ]?{_FULL})(?=[ ]{{2}}|\t|[ ]?\||[ ](?:MRN|DOB|\d{{1,3}}[ ]?[MFyY]))")
_AFTER_CODE = re.compile(rf"[A-Z]?[.,;][ ]({_N}[ ]{_N})(?=[ ]*(?:\n|$|[.!?]))")


def _guarded(text: str, found: Spots, lows: Set[str]) -> Iterator[Finding]:
    if not lows.isdisjoint(_office_words()):
        for match in _office().finditer(text):
            group = 1 if match[1] else 2
            if _fits(match[group]):
                yield _made(*match.span(group), "office")
    if not lows.isdisjoint(_GAELS):
        for match in _GAELIC.finditer(text):
            if fold(match[1]) not in {"os", "pro", "book", "mini", "air", "address"} and kind_of(match[1]) not in "M":
                yield _made(match.start(), match.end(1), "gaelic")
    if "pa" in lows and "Pa " in text:
        for match in _PA.finditer(text):
            if kind_of(match[1]) in "GSRU":
                yield _made(match.start(), match.end(1), "hmong")
    if "nitial" in text:
        for match in _LEGEND.finditer(text):
            for pair in _PAIR.finditer(text, *match.span(1)):
                bare = fold("".join(mark for mark in pair[1] if mark.isalpha()))
                if bare not in _NO_PAIR and bare not in lexicon().words:
                    yield _made(pair.start(), pair.start() + len(pair[1].rstrip()), "initials-form")
    if not lows.isdisjoint(_HANDS):
        for match in _HANDED.finditer(text):
            if _fits(match[1]) and not (match[1].isupper() and len(match[1]) < 4):
                yield _made(*match.span(1), "handed")
    if ":" in text:
        for match in _speakers(text):
            if kind_of(match[2].split(" ")[0]) not in "M":
                yield _made(*match.span(1), "speaker")
    if "." in text and "\n" in text:
        for match in _alone(text):
            if fold("".join(mark for mark in match[1] if mark.isalpha())) not in _NO_PAIR | _DEGREE:
                yield _made(*match.span(1), "initials-alone")
    for at in found.given:
        start, end = found.spans[at]
        if text[end : end + 1] == "-" and text[end + 1 : end + 2].islower() and at + 1 < len(found.words) and found.spans[at + 1][0] == end + 1:
            second = found.words[at + 1]
            if is_name(second.folded) and second.folded not in lexicon().medical and second.folded not in lexicon().words:
                yield _made(start, found.spans[at + 1][1], "small-joined")
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
                if _fits(match[1]):
                    yield _made(*match.span(1), "listed")
        for _, end in found.numbers:
            mark = text[end : end + 1]
            if mark not in _STOPS and not mark.isupper():
                continue
            stop = end + 1 if mark.isupper() else end
            if text[stop : stop + 1] in {".", ",", ";"} and text[stop + 1 : stop + 2] == " " and text[stop + 2 : stop + 3].isupper():
                named = _AFTER_CODE.match(text, end)
                if named and _fits(named[1]) and any(kind_of(word) in "GSRu" for word in named[1].split(" ")):
                    yield _made(*named.span(1), "after-code")


def _besides(text: str, at: int) -> Iterator[Finding]:
    """Yield two names that stand together: with Fitz or Oksana here."""
    lead = text.rfind(" ", max(0, at - 24), at)
    begin = text.rfind(" ", max(0, lead - 8), lead) + 1 if lead > 0 else -1
    match = _BESIDES.match(text, begin) if begin >= 0 else None
    if match:
        kinds = kind_of(match[1]), kind_of(match[2])
        if "G" in kinds and all(kind in "GSRuUn" for kind in kinds) and not match[1].isupper() and not match[2].isupper():
            yield _made(*match.span(1), "besides")
            yield _made(*match.span(2), "besides")


_STOPS = frozenset(".,;")
_GAELS = frozenset(["mac", "ní", "nic", "ó", "uí", "ua"])
_HANDS = frozenset(["handed", "faxed", "passed", "relayed", "handoff", "phoned", "shown"])


@cache
def _office_words() -> frozenset[str]:
    return frozenset(phrase.split(" ")[0].split("-")[0] for phrase in _list("offices")) - {"notary"} | {"notary"}


def _in_list(text: str, start: int, end: int) -> bool:
    """Say whether a word with a ward behind it stands between commas, as in a list of who is there."""
    return text[max(0, start - 2) : start] in {", ", ": "} or text[end : end + 2] == ", "


_ITS = re.compile(r"(?:\b(?:hi|hello|hey|hiya|morning|good morning|good afternoon|good evening|evening)\b[^.\n!?]{0,24}?|(?<=[:\]] )|(?:^|(?<=\n)))(?:it['’]?s|it is|this is|im|i['’]m|i am|me name['’]?s|my name is|my name['’]?s)[ ](?:just[ ])?([a-zà-ÿ][\w'’-]*(?:[ ][a-zà-ÿ][\w'’-]*)?)(?=[ ]here\b|[,.!]|[ ]from\b|[ ]calling\b|\n|$)", re.IGNORECASE)


_SELF = frozenset(["its", "it", "im", "i", "this", "my", "me"])
_GREETS = frozenset(["hi", "hello", "hey", "hiya", "morning", "evening", "afternoon", "visitor", "its"])


def _chats(text: str, lows: Set[str]) -> Iterator[Finding]:
    if not lows.isdisjoint(_GREETS):
        for match in _ITS.finditer(text):
            words = match[1].split(" ")
            while len(words) > 1 and words[-1].lower() in {"here", "from", "again", "calling", "and", "the"}:
                words.pop()
            here = text.startswith(" here", match.start(1) + len(" ".join(words)))
            folded = [fold(word.replace("’", "'")) for word in words]
            if any(word in _set("nobody") or word in lexicon().medical for word in folded):
                continue
            if not all(is_name(word) or word not in lexicon().words for word in folded):
                continue
            if not here and len(words) == 1 and folded[0] in lexicon().words and folded[0] not in lexicon().given:
                continue
            end = match.start(1) + len(" ".join(words))
            yield _made(match.start(1), end, "its")
            # The same first name again, with the family's: hi its jay here, jay walker.
            first = re.escape(words[0])
            for more in re.finditer(rf"\b{first}(?:[ ]([a-zà-ÿ][\w'’-]+))?(?=[,.;!\n]|$)", text, re.IGNORECASE):
                last = fold((more[1] or "").replace("’", "'"))
                if not last or is_name(last) or last not in lexicon().words:
                    yield _made(more.start(), more.end(), "its-again")


def _acted_by(text: str) -> Iterator[Finding]:
    """Yield who did something at a time, in small letters: message deleted by fisher 17:14."""
    acts = _set("acts")
    at = text.find(" by ")
    while at > 0:
        if text[at + 4 : at + 5].islower() and text[max(0, at - 16) : at].rpartition(" ")[2].lower().strip("*(") in acts:
            match = _ACTOR.match(text, at + 4)
            folded = fold(match[1]) if match else ""
            if match and folded not in _set("nobody") and (is_name(folded) or folded not in lexicon().words) and folded not in lexicon().medical:
                yield _made(*match.span(1), "acted")
        at = text.find(" by ", at + 3)


_ACTOR = re.compile(r"([a-zà-ÿ][a-zà-ÿ'’-]{1,20})(?=[ ]\d{1,2}:?\d\d\b|\*|[ ]?\d{1,2}[ ]?(?:am|pm)|[ ]\d)")
