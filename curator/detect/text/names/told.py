# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names that their place in a form, a chat or a sentence tells, whatever words they are.

Spelled out letter by letter; behind the label of a form; from a ward and acting; beside their own initials; before a
relation in brackets. Only a word that a list of names holds or that no list knows is taken, never a term alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.lexicon import data_text, fold, is_name, lexicon
from curator.detect.text.words.vocabulary import kind_of
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


def told(text: str) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    text
        The text.
    """
    yield from spelled(text)
    if ":" in text or " BY " in text:
        yield from _labeled(text)
    yield from _initials(text)
    yield from _sentences(text)
    yield from _chats(text)


def _made(start: int, end: int, rule: str) -> Finding:
    return Finding(start, end, Category.NAME, "name", f"name.{rule}", 0.65)


_LETTER = r"(?:[A-Za-z](?:[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12})?)"
_SPELLED = re.compile(
    rf"(?<![\w'’./-])(?:(?:double|capital|big)[ ])?{_LETTER}(?:(?:-|\.?[ ]|,[ ]?|\.,?[ ]?)(?:double[ ])?{_LETTER}){{1,16}}\.?(?![\w'’-])",
)
_SPELLS = re.compile(
    r"\b(?:spell(?:ed|ing|s|t)?|capital|last name|first name|surname|middle name|maiden name|letters?|that['’]?s|it['’]?s|name(?: is|['’]s)?|goes by)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
_AS_IN = re.compile(r"[ ](?:as in|for|like|is for|as)[ ][A-Za-z]{2,12}")
_BREAK = re.compile(r"[A-Za-z]-[A-Za-z]-[A-Za-z]-[A-Za-z]")


def spelled(text: str) -> Iterator[Finding]:
    """Yield names spelled letter by letter: K R Z Y W I C K I, N-A-K-A-M-U-R-A, P as in Peter, A, T, E, L."""
    low = text.lower()
    told_by = any(word in low for word in ("spell", "name", "capital", "that's", "that’s", "it's", "letter"))
    if not told_by and "-" not in text:
        return
    for match in _SPELLED.finditer(text):
        value = match[0]
        named = _AS_IN.search(value)
        letters = re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", value)
        if len(letters) < 2:
            continue
        lead = text[max(0, match.start() - 40) : match.start()]
        spells = _SPELLS.search(lead) is not None or re.match(r",? (?:with|is (?:the|his|her|my)|last name|first name)\b", text[match.end() : match.end() + 20]) is not None
        hyphened = _BREAK.search(value) is not None
        if named and (spells or len(letters) > 2):
            pass
        elif hyphened and (len(letters) > 4 or spells):
            pass
        elif len(letters) < (3 if _SURE_SPELL.search(lead) else 4) and not (_SURE_SPELL.search(lead) and value.isupper()):
            continue
        elif not spells and len(letters) < 5:
            continue
        if not named and " a " in f" {value} " and len(letters) < 4 and not value.isupper():
            continue
        if re.fullmatch(r"(?:[ABCDEI],? ?){2,5}", value) and not spells:
            continue
        yield _made(match.start(), match.end(), "spelled")


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
        kind = kind_of(word)
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
        today stat routine final addendum dear re both all patient monday tuesday wednesday thursday friday saturday sunday january february april june july august september october november december department medical center health""".split()
    )
    return (words | stay) - frozenset(["grace", "pa", "name"]) | frozenset(["name"])


@cache
def _form() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w'’/-])(?P<label>(?i:{_any('labels')}))(?:[ ]?\((?:print|printed|patient|parent|optional|RN|MD)\))?(?:[ ]?[:=][ ]{{0,4}}|(?<=BY)[ ]{{1,3}}|(?<=[Bb]y)[ ]?:[ ]{{1,3}})(?P<rank>(?:(?i:{_any('ranks')})[ ]){{0,2}})(?P<name>{_FULL}(?:,[ ]?{_FULL})?)(?P<on>[ ]?\.?)"
    )


#: What ends a value of a form.
_ENDED = re.compile(r"[ ]*(?:$|\n|[,;|/(\[\]).]|[ ]{2}|[ ](?:@|at|on|by|RN|MD|NP|PA|DO|LPN|CNA|and|&|-|–|—|w/|\d|\(|[a-z]))")
_DEGREE = frozenset("rn md np pa do lpn cna phd dds dpm pharmd mbbs frcs facp msw lcsw crna dnp aprn cnm rd pt ot slp ms ma bs ba".split())


def _labeled(text: str) -> Iterator[Finding]:
    for match in _form().finditer(text):
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
                continue
            end = start + len("".join(parts[:-2]))
            name = text[start:end]
        if not _ENDED.match(text, end):
            continue
        label = fold(match["label"])
        weak = label in _WEAK
        words = re.findall(r"[^\W\d_]+", name)
        if not _fits(name, strict=weak):
            continue
        if weak and (len(words) < 2 or not all(is_name(fold(word)) or kind_of(word) in "uI" for word in words)):
            continue
        if len(words) == 1 and words[0].isupper() and len(words[0]) < 4 and not match["rank"] and not is_name(fold(words[0])):
            continue
        yield _made(start, end, "form")


_WEAK = frozenset("re cc from attn staff charge signature anesthesia assistant contact firma pharm tech rn operator user visitor driver monitor agent name son parent partner poa proxy hcp notified fellow intern pt patient client resident scrub coordinator author sec dict consultant anesthesia nurse".split())

_BESIDE = re.compile(rf"(?<![\w.])((?:{_UP}\.?){{2,4}})(?:[ ]?[-–=:]|[ ])[ ]{{0,2}}({_N}(?:[ ](?:{_PARTICLE}[ ])?{_N}){{1,3}})")
_LEGEND = re.compile(r"(?:^|\n)[^\n]{0,40}\b[Ii]nitial(?:s|ed)?\b[^\n:]{0,40}:?([^\n]{3,200})")
_PAIR = re.compile(rf"(?<![\w.])((?:{_UP}\.[ ]?){{2,3}}|{_UP}{{2,3}})(?![\w.])")
_NO_PAIR = frozenset("rn md np pa do pt ot lpn cna id am pm ok yes no na hipaa po iv im sq prn ii iii iv us uk dob ssn mrn er ed icu ent ob gyn gi cc hr bp abn npp roi aob poa dnr dni bmi".split())
#: Who is told of in brackets behind a name.
_KIN = re.compile(
    rf"(?<![\w.])({_FULL}|(?:{_UP}\.){{2,3}})[ ]\((?:(?:her|his|pt['’]?s?|the|older|younger|eldest|ex-?|step-?|late|adult|twin|great-?|grand-?)[ -]?){{0,2}}(?:husband|wife|spouse|partner|son|daughter|dtr|mother|father|mom|mum|dad|sister|brother|sis|bro|fianc[ée]e?|fiancée|boyfriend|girlfriend|bf|gf|aunt|uncle|niece|nephew|cousin|grandson|granddaughter|grandmother|grandfather|grandma|grandpa|neighbou?r|friend|roommate|caregiver|carer|guardian|landlord|poa|hcp|nok|in-law|mother-in-law|father-in-law|son-in-law|daughter-in-law)\b"
)
_DOTTED = re.compile(rf"(?<![\w.])({_UP}\.[ ]?{_UP}\.)(?:['’]s)?(?=[ ](?:is|was|says|said|called|wants|helps|lives|will|can|has|supv|and|who|to)\b|[ ]\(|,[ ](?:her|his|the)\b)")
_TITLED = re.compile(rf"\b(?:Drs?|Mrs?|Ms|Mx|Prof|Doctor|Nurse|Sr|Sra|Dra|Dott|Herr|Frau|Sister)\.?[ ]((?:{_UP}\.[ -]?){{1,3}}[ ]?(?:{_PARTICLE}[ ])?{_N})")


def _initials(text: str) -> Iterator[Finding]:
    for match in _BESIDE.finditer(text):
        letters = [mark for mark in match[1] if mark.isalpha()]
        words = [word for word in re.findall(r"[^\W\d_]+", match[2]) if word[0].isupper()]
        heads = [fold(word)[:1] for word in words]
        folded = [fold(mark)[:1] for mark in letters]
        if len(folded) > 1 and folded[0] == heads[0] and _follows(folded, heads) and _fits(match[2].split(" ")[0]):
            yield _made(*match.span(1), "beside-initials")
            end = match.start(2)
            for word in match[2].split(" "):
                if fold(word) in _DEGREE and word.isupper():
                    break
                end += len(word) + 1
            yield _made(match.start(2), end - 1, "beside-initials")
    if "nitial" in text:
        for match in _LEGEND.finditer(text):
            for pair in _PAIR.finditer(text, *match.span(1)):
                bare = fold("".join(mark for mark in pair[1] if mark.isalpha()))
                if bare not in _NO_PAIR and bare not in lexicon().words:
                    yield _made(pair.start(), pair.start() + len(pair[1].rstrip()), "initials-form")
    if "(" in text:
        for match in _KIN.finditer(text):
            if "." in match[1][:2] or _fits(match[1]):
                yield _made(*match.span(1), "kin-behind")
    if "." in text:
        for match in _DOTTED.finditer(text):
            if fold("".join(mark for mark in match[1] if mark.isalpha())) not in _NO_PAIR | _DEGREE:
                yield _made(*match.span(1), "initials-doing")
        for match in _TITLED.finditer(text):
            if fold(re.findall(r"[^\W\d_]+", match[1])[-1]) not in _DEGREE:
                yield _made(*match.span(1), "titled-initial")


def _follows(letters: list[str], heads: list[str]) -> bool:
    """Say whether initials are those of a name, in their order; a middle one need not be written out."""
    at = 0
    for letter in letters:
        if at < len(heads) and letter == heads[at]:
            at += 1
    return at >= min(2, len(heads)) and letters[-1] in heads[1:]


@cache
def _from_ward() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|(?<=[.!?\n:;]\s)|(?<=\n)|(?<=[.!?:;]))({_N}(?:[ ]{_N})?)[ ](?:from|in|with|at|over in|over at|down in|up in|of)[ ](?i:{_any('wards')})[ ](?:(?:and|just|also|still|now|already|again)[ ])?(?i:{_any('does')})\b"
    )


@cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"\b((?i:{_any('roles')}))[ ]({_N}(?:[ ](?:{_PARTICLE}[ ])?{_N}){{0,2}})")


@cache
def _warded() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])({_N}(?:[ ]{_N})?)[ ]\((?i:{_any('wards')})\)|\b(?i:{_any('wards')})[ ]\(({_N})\)")


@cache
def _office() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])({_FULL}),[ ](?i:{_any('offices')})\b|\b(?i:notary public),[ ]({_FULL})(?=,)")


_GAELIC = re.compile(rf"(?<![\w'’-])(?:Mac|Ní|Nic|Ó|Uí|Ua)[ ]({_N}(?:-(?:Mac|Ó|Ní)[ ]{_N})?)")
_PATIENT = re.compile(rf"\b(?:my|our|this|the|another|a)?[ ]?(?:pt|patient|resident|client)[ ]({_N})(?=[ ]from[ ]({_N})\b)")
_HANDED = re.compile(rf"\b(?:handed|given|shown|reported|faxed|passed|signed out|handoff|report|relayed|read|phoned)(?:[ ]off)?[ ]to[ ]({_N})(?=[ ](?:@|at[ ])[ ]?\d|[ ]\d\d?:?\d\d\b)")
_BESIDES = re.compile(rf"\b(?:with|w/|by|from|to|see|ask|call|saw|met|told|page|paged|per|and|for)[ ]({_N})[ ](?:or|and|&)[ ]({_N})(?=[ ](?:here|in|at|on|if|for|to|who|will|can|is|are|were|today|tomorrow|again)\b|[.,;)\n]|['’]s)")
_PA = re.compile(rf"(?<![\w'’-])Pa[ ]({_N})(?=['’]s|[ ,.;)\n]|$)")
_LISTED = re.compile(rf"(?:^|\n)[ \t]*#?[ ]?\d{{1,3}}[.)]?[ ]{{1,6}}({_FULL},[ ]?{_FULL})(?=[ ]{{2}}|\t|[ ]?\||[ ](?:MRN|DOB|\d{{1,3}}[ ]?[MFyY]))")
_AFTER_CODE = re.compile(rf"(?<=[\w-]\d)[A-Z]?[.,;][ ]({_N}(?:[ ]{_N})?)(?=[ ]*(?:\n|$|[.!?]))|(?<=\d)[A-Z][.][ ]({_N}(?:[ ]{_N})?)(?=[ ]*(?:\n|$|[.!?]))")


def _sentences(text: str) -> Iterator[Finding]:
    for match in _from_ward().finditer(text):
        if _fits(match[1]):
            yield _made(*match.span(1), "from-ward")
    for match in _role().finditer(text):
        start, end = match.span(2)
        name = match[2]
        spoken = match[1].lower() in {"mister", "missus", "madam", "madame", "miz"}
        words = name.split(" ")
        while words and not _fits(" ".join(words)):
            words.pop()
        if not words:
            continue
        end = start + len(" ".join(words))
        if match[1][0].isupper() and match[1].lower() not in {"chaplain", "notary public", "pastor", "rabbi", "imam", "nurse", "officer", "deputy", "trooper"} and not spoken and text[match.start() - 1 : match.start()] not in {"\n", ""}:
            continue
        if name.isupper() and len(name) < 4:
            continue
        yield _made(start, end, "role-before")
    if "(" in text:
        for match in _warded().finditer(text):
            group = 1 if match[1] else 2
            if _fits(match[group], strict=True) and (group == 1 or is_name(fold(match[group]))) and not match[group].isupper() and fold(match[group]) not in lexicon().medical:
                if group == 2 and kind_of(match[2]) not in "GSRUun":
                    continue
                if group == 1 and " " not in match[1] and kind_of(match[1]) in "srg" and not _in_list(text, match.start(), match.end()):
                    continue
                yield _made(*match.span(group), "warded")
    for match in _office().finditer(text):
        group = 1 if match[1] else 2
        if _fits(match[group]):
            yield _made(*match.span(group), "office")
    if "Mac " in text or "Ní " in text or "Nic " in text or "Ó " in text or "Uí " in text:
        for match in _GAELIC.finditer(text):
            if fold(match[1]) not in {"os", "pro", "book", "mini", "air", "address"} and kind_of(match[1]) not in "M":
                yield _made(match.start(), match.end(1), "gaelic")
    for match in _PATIENT.finditer(text):
        if is_name(fold(match[1])) or kind_of(match[1]) in "uU":
            yield _made(*match.span(1), "patient-from")
            if kind_of(match[2]) != "M":
                yield Finding(*match.span(2), Category.GEOGRAPHY, "city", "place.patient-from", 0.6)
    if " to " in text:
        for match in _HANDED.finditer(text):
            if _fits(match[1]) and not (match[1].isupper() and len(match[1]) < 4):
                yield _made(*match.span(1), "handed")
    if " or " in text or " and " in text or "&" in text:
        for match in _BESIDES.finditer(text):
            kinds = kind_of(match[1]), kind_of(match[2])
            if "G" in kinds and all(kind in "GSRuUn" for kind in kinds) and not match[1].isupper() and not match[2].isupper():
                yield _made(*match.span(1), "besides")
                yield _made(*match.span(2), "besides")
    if "Pa " in text:
        for match in _PA.finditer(text):
            if kind_of(match[1]) in "GSRU":
                yield _made(match.start(), match.end(1), "hmong")
    for match in _LISTED.finditer(text):
        if _fits(match[1]):
            yield _made(*match.span(1), "listed")
    for match in _AFTER_CODE.finditer(text):
        group = 1 if match[1] else 2
        words = match[group].split(" ")
        if len(words) > 1 and _fits(match[group]) and any(kind_of(word) in "GSRu" for word in words):
            yield _made(*match.span(group), "after-code")


def _in_list(text: str, start: int, end: int) -> bool:
    """Say whether a word with a ward behind it stands between commas, as in a list of who is there."""
    return text[max(0, start - 2) : start] in {", ", ": "} or text[end : end + 2] == ", "


_ITS = re.compile(r"(?:\b(?:hi|hello|hey|hiya|morning|good morning|good afternoon|good evening|evening)\b[^.\n!?]{0,24}?|(?<=[:\]] )|(?:^|(?<=\n)))(?:it['’]?s|it is|this is|im|i['’]m|i am|me name['’]?s|my name is|my name['’]?s)[ ](?:just[ ])?([a-zà-ÿ][\w'’-]*(?:[ ][a-zà-ÿ][\w'’-]*)?)(?=[ ]here\b|[,.!]|[ ]from\b|[ ]calling\b|\n|$)", re.IGNORECASE)


@cache
def _acted() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any('acts')})[ ]by[ ]([a-zà-ÿ][a-zà-ÿ'’-]{{1,20}})(?=[ ]\d{{1,2}}:?\d\d\b|\*|[ ]?\d{{1,2}}[ ]?(?:am|pm)|[ ]\d)", re.IGNORECASE)


def _chats(text: str) -> Iterator[Finding]:
    low = text.lower()
    if "hi" in low or "hello" in low or "hey" in low or "its " in low or "it's " in low or "im " in low:
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
    if " by " in low:
        for match in _acted().finditer(text):
            folded = fold(match[1])
            if folded not in _set("nobody") and (is_name(folded) or folded not in lexicon().words) and folded not in lexicon().medical:
                yield _made(*match.span(1), "acted")
