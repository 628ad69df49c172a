# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names of people: by title, role, relation, signature and letter form, by lexicon, and by being named elsewhere in the text.

Capital letters make a candidate, points for and against decide. An eponym before its disease or its device, a section's
header, a drug or a word is no name until its surroundings say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from curator.detect.text.contexts import eponym, told
from curator.detect.text.lexicon import fold, lexicon
from curator.detect.text.spots import Spots
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_LETTER = r"[^\W\d_]"
_MARKS = "̀-ͯ"
#: One capitalized word, with apostrophes, hyphens and combining marks inside.
_TOKEN = re.compile(
    rf"(?<![\w'’])(?:[{_UPPER}][{_MARKS}]*(?:{_LETTER}|[{_MARKS}])*(?:['’ʻ‐‑-](?:{_LETTER}|[{_MARKS}])+)*|(?:[dlO]['’]|al-|el-|ben-|van|de|Mc)[{_UPPER}]{_LETTER}+)"
)
_GAP = re.compile(
    r"(?:\.?[ ]{1,2}|\.|,[ ])(?:(?:de la|de los|de las|van der|van den|von der|bin|ibn|bint|abu|de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|zu|y|e|al|el|st\.|af|ben|bar|san|mac)[ ])?$"
)
_TITLES = frozenset(
    [
        "dr",
        "drs",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "prof",
        "professor",
        "doctor",
        "sir",
        "madam",
        "nurse",
        "rev",
        "reverend",
        "rabbi",
        "pastor",
        "fr",
        "father",
        "sra",
        "sr",
        "srta",
        "señor",
        "señora",
        "mme",
        "mlle",
        "herr",
        "frau",
        "dra",
        "judge",
        "officer",
        "sgt",
        "lt",
        "capt",
    ]
)
_DOTTED = _TITLES | {"st", "ste", "wm", "chas", "jas", "th"}
#: Words that are names too, but before a name say who it is.
_ROLES = frozenset(["husband", "wife", "mother", "father", "son", "daughter", "brother", "sister", "dear", "trial"])
_LOOSE = frozenset({"father", "nurse", "officer", "judge", "doctor"})
_AFTER = re.compile(
    r",?[ ]+(?:\(?(?:DOB|dob|D\.O\.B|MRN|mrn|SSN|aka)\b|is (?:a|an|the)\b|was (?:seen|admitted|evaluated|born)\b|\d{1,2}[-/]?(?:\d|[A-Z]{3}|year|yo|y/o)"
    r"|\((?:wife|husband|son|daughter|mother|father|brother|sister|spouse|friend|partner|neighbor)\)|\d{4}-\d\d)"
)
_AND_TITLED = re.compile(rf"(?:,| and|, and| &|/)[ ]?([{_UPPER}][\w'’-]+)")
_PERSON_VERB = re.compile(
    r"(?:['’]s)?[ ](?:states?|stated|reports?|reported|says?|said|called|calls|agrees?|agreed|denies|denied|visits?|visited|lives?|works?|worked|wants?|wanted|asked|asks|feels|"
    r"felt|has (?:been|a|had|no)|had|was (?:seen|born|discharged|admitted|brought|present)|is (?:a|an|doing|here|currently|able|in)|came|went|returned|returns|remains|tolerated|presented|presents|"
    r"understands|verbalized|refused|refuses|requested|requests|took|takes|who|will (?:call|visit|bring|return|need)|can be reached|at bedside|and (?:her|his) |drove|drives)\b"
)
_SUFFIX = re.compile(r",?[ ](?:Jr|Sr|II|III|IV)\b\.?")
_WEAK = frozenset(
    [
        "patient",
        "pt",
        "client",
        "resident",
        "by",
        "with",
        "and",
        "from",
        "to",
        "of",
        "for",
        "that",
        "mr",
        "ms",
        "about",
        "when",
        "if",
        "has",
        "is",
        "was",
        "did",
        "does",
        "can",
        "should",
        "my",
        "our",
    ]
)
_CREDENTIAL = re.compile(
    r"(?:,?[ ]{0,2}\(?|,\s?\n\s*)(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?(?:-C)?|LPN|LVN|CNA|CRNA|APRN|ARNP|FNP(?:-C|-BC)?|DNP|BSN|MSN|Ph\.?D\.?|Pharm\.?D\.?|RPh|DDS|DMD|DPM|DVM|OD|DC|MBBS|MBChB|FRCP|FACP|FACS|FACC|FAAP|RRT|RT(?:\(R\))?|OTR(?:/L)?|DPT|PT|SLP|CCC-SLP|LCSW|MSW|LICSW|LMFT|RD|CNM|MPH|PsyD|RDMS|RVT|EMT(?:-P)?|Esq|MS4|PGY-?\d)\b(?![a-z])"
)
_HYPHEN = re.compile(r"[-‐‑]")
_POSSESSIVE = re.compile(r"['’]s?$")
_ALONE = re.compile(r"[ ]*(?:[.;(\n]|$|[ ]{2})")
_LAST_FIRST = re.compile(r",[ ]?$")
_LOWER_CUE = re.compile(
    r"(?<![\w@.])(?:(?:mr|mrs|ms|dr|miss|prof)\.?[ ]+|(?:my |our |the |for )?(?:patient|pt|client)(?:'s)?(?: named| called| name is| is|:|,)?[ ]+|named? (?:is )?|(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister)(?:,| is| named)?[ ]+|(?:regarding|about|re:?|for|on|dear|seen by|spoke with|d/w|called)[ ]+)"
    r"(?=[a-zà-ž])([a-zà-ž'’-]{2,}(?:[ ][a-zà-ž]\.?(?=[ ]))?(?:[ ][a-zà-ž'’-]{2,}){0,2})"
)
_NEXT_LOWER = re.compile(r"[a-zà-ž][a-zà-ž'’-]*(?:[ ](?:de|da|la|van|der|von|al|bin)[ ][a-zà-ž'’-]+)?")
_ENDS = re.compile(
    r"['’]?s?(?:[ ](?:mrn|dob|d\.o\.b|age|ssn|seen|needs|phone|ph|tel|is|was|has|had|who|with|on|called|\d)|\s*[,.;:?!()\n]|\s*$)"
)
_LOWER_TITLE = re.compile(r"(?:mr|mrs|ms|dr|miss|prof)\b")
_PERSON_CUE = re.compile(r"(?:my |our |the )?(?:patient|pt|client|mrs?\b|ms\b|named)")
_INITIALS = re.compile(
    r"(?:\b(?:patient|pt|initials|signed|by|dr\.?|mr\.?|mrs\.?|ms\.?|rn|dictated|transcribed|initialed)(?: initials)?[ :]+)((?:[A-Z]\.[ ]?){2,3}|[A-Z]\.[ ]?[A-Z]\.?(?=[ ,.\n]))"
)
_DICTATION = re.compile(
    r"(?m)^\s*(?:D|T)?:?\s*([A-Z]{2,3}[/:][a-z]{2,3})\b(?=\s|$)|\b([A-Z]{2,3}/[a-z]{2,3})\s+(?:D|T):"
)
_DICTATED = re.compile(r"[A-Z][/:][a-z]{2}")
_CJK = re.compile(
    "[\u3400-\u9fff]{2,4}(?=先生|女士|小姐|さん|様|氏|医生|大夫|医師)|(?<=患者[:：])[\u3400-\u9fff]{2,4}|(?<=姓名[:：])[\u3400-\u9fff]{2,4}"
)
_OTHER_SCRIPT = re.compile(
    "[\u0400-\u04ff]{2,}|[\u0370-\u03ff]{3,}|[\u0600-\u06ff]{2,}|[\u0590-\u05ff]{2,}|[\u3040-\u30ff\u3400-\u9fff]{2,}|[\uac00-\ud7af]{2,}"
)
_MARKED = re.compile(rf"^[^\x00-\x7f]|{_LETTER}*[^\x00-\x7fµ°β]")

#: Points: what a word is, by the lists.
_POINTS = {
    "G": 2.0,
    "S": 1.6,
    "R": 1.0,
    "g": 1.0,
    "s": 0.6,
    "r": 0.2,
    "U": 0.4,
    "u": 0.2,
    "I": 0.3,
    "W": -0.8,
    "M": -1.6,
    "A": -1.0,
}


@lru_cache(maxsize=65536)
def _class_of(word: str) -> str:
    """Return what the lists say of a capitalized word.

    ``G`` given name and no word, ``S`` frequent surname and no word, ``R`` rare one, ``g``, ``s`` and ``r`` the same
    for what is a word too, ``U`` unknown, ``u`` unknown with an accent or inner capital, ``I`` an initial, ``W`` a
    word, ``M`` a medical term or a header, ``A`` an abbreviation.
    """
    folded = fold(word)
    words = lexicon()
    if len(folded) == 1:
        return "I"
    if folded in words.medical:
        return "M"
    parts = [part for part in _HYPHEN.split(folded) if len(part) > 1]
    if len(parts) > 1:
        if all(_is_listed(part) for part in parts):
            return "S"
        classes = [_class_of(part.capitalize()) for part in parts]
        if any(mark in "MW" for mark in classes):
            return "W"
        return "S" if any(mark in "GSR" for mark in classes) else "u"
    folded = _POSSESSIVE.sub("", folded).replace("-", "")
    bare = folded.replace("'", "")
    common = folded in words.words
    given = folded in words.given or bare in words.given
    foreign = folded in words.international or bare in words.international
    if folded in words.medical:
        return "M"
    if given or foreign:
        return "g" if common else "G"
    if folded in words.surnames or bare in words.surnames:
        frequent = folded in words.frequent or bare in words.frequent
        if common:
            return "s" if frequent else "r"
        return "S" if frequent else "R"
    if common or (folded.endswith("s") and folded[:-1] in words.words) or _MEDICAL_ENDING.search(folded):
        return "W"
    for ending in ("ed", "ing", "ly", "er", "es"):
        if folded.endswith(ending) and (
            folded[: -len(ending)] in words.words or f"{folded[: -len(ending)]}e" in words.words
        ):
            return "W"
    if word.isupper() and len(word) <= 4:
        return "A"
    return "u" if not word.isascii() or (any(mark.isupper() for mark in word[1:]) and not word.isupper()) else "U"


_MEDICAL_ENDING = re.compile(
    r"(?:itis|ectomy|emia|osis|pathy|statin|pril|olol|mab|azole|cillin|mycin|floxacin|sartan|dipine|oscopy|otomy|ostomy|plasty|algia|uria|plegia|paresis|gram|graphy|ology|oma|omas|cycline|prazole|tidine|setron|triptan|gliptin|gliflozin|glutide|parin|xaban|nib|vir|zepam|zolam|barbital|caine|terol|olone|onide|amide|idine|scope|meter|pnea|cardia|phagia|phasia|trophy|megaly|rrhea|rrhage|lysis|genesis|penia)$"
)


#: Longest run of capital words that is looked at as one: no name is longer, and a hostile text costs no more.
MOST_TOKENS = 12


class _Token:
    __slots__ = ("end", "kind", "start", "word")

    def __init__(self, match: re.Match[str]) -> None:
        self.start = match.start()
        self.word = match[0]
        bare = _POSSESSIVE.sub("", self.word) if self.word[-1] in "s'’" else self.word
        self.end = self.start + len(bare)
        self.kind = _class_of(bare)


def names(text: str, spotted: Spots) -> Iterator[Finding]:
    """Yield names of people."""
    certain: dict[str, float] = {}
    found: list[tuple[int, int, float, str]] = []
    tokens = [_Token(match) for match in _TOKEN.finditer(text)]
    for run in _runs(text, tokens):
        for start, end, score, rule in _judge(text, run):
            found.append((start, end, score, rule))
            if score >= 2.2:
                for token in run:
                    if token.start >= start and token.end <= end and len(token.word) > 2 and token.kind not in "IA":
                        certain[fold(text[token.start : token.end])] = score
    for start, end, score, rule in found:
        yield Finding(start, end, Category.NAME, "name", rule, min(0.97, 0.5 + 0.1 * score))
    if certain:
        yield from _again(text, tokens, certain, found)
    yield from _others(text, spotted)


def _again(
    text: str, tokens: list[_Token], certain: dict[str, float], found: list[tuple[int, int, float, str]]
) -> Iterator[Finding]:
    """Yield further mentions of who is surely named in the same text."""
    taken = {start for start, *_ in found}
    for token in tokens:
        if token.start in taken or fold(text[token.start : token.end]) not in certain:
            continue
        if token.kind in "MWgsr" and (
            eponym(text, token.end) or (_sentence_start(text, token.start) and token.kind in "MW")
        ):
            continue
        yield Finding(token.start, token.end, Category.NAME, "name", "name.again", 0.8)


def _runs(text: str, tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Join neighbors that may be one name."""
    run: list[_Token] = []
    for token in tokens:
        if run:
            gap = text[run[-1].end : token.start]
            joins = (
                gap in {" ", "  "}
                or (run[-1].kind == "I" and gap in {". ", ".", " "})
                or (len(gap) < 14 and _GAP.match(gap) and (gap[0] != "." or run[-1].word.lower() in _DOTTED))
            )
            if joins and "\n" not in gap and len(run) < MOST_TOKENS:
                run.append(token)
                continue
            yield run
        run = [token]
    if run:
        yield run


def _sentence_start(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at].rstrip(" \t")
    return not before or before[-1] in ".\n!?:;•-*\r"


def _judge(text: str, run: list[_Token]) -> Iterator[tuple[int, int, float, str]]:
    """Split a run at titles and at what cannot be part of a name, and yield the pieces that are names."""
    piece: list[_Token] = []
    titled = False
    for at, token in enumerate(run):
        low = token.word.lower().rstrip(".")
        following = run[at + 1] if at + 1 < len(run) else None
        if low in _TITLES and following is None and low not in _LOOSE:
            continue
        if following is not None and (low in _TITLES or low in _ROLES):
            yield from _piece(text, piece, titled=titled)
            piece, titled = [], low in _TITLES and not (low in _LOOSE and following.kind in "WMA")
            continue
        if token.kind in "MA":
            if titled and not piece:
                piece.append(token)
            elif _wrapped(text, token, piece, following, titled=titled):
                token.kind = "s"
                piece.append(token)
            else:
                yield from _piece(text, piece, titled=titled)
                piece, titled = [], False
            continue
        if token.kind == "W" and not piece and not titled and not _strong(text, token.start):
            continue
        piece.append(token)
    yield from _piece(text, piece, titled=titled)


def _wrapped(text: str, token: _Token, piece: list[_Token], following: _Token | None, *, titled: bool) -> bool:
    """Say whether a medical word or an abbreviation stands as a name: Mary Graves, Hunter Lopez, Page, Ann."""
    if eponym(text, token.end):
        return False
    if piece and "," in text[piece[-1].end : token.start]:
        plain = token.kind == "A" or fold(token.word) in lexicon().given
        return len(token.word) > 1 and plain and piece[-1].kind in "GSRsU" and _strong(text, piece[0].start)
    if token.kind == "A" or not _is_listed(fold(token.word)):
        return False
    if following is not None and "," in text[token.end : following.start]:
        following = None
    if piece and piece[-1].kind in "GISRug" and (following is None or following.kind != "W"):
        return True
    if piece and piece[-1].kind == "U" and following is None:
        return (
            titled
            or _strong(text, piece[0].start)
            or _CREDENTIAL.match(text, token.end) is not None
            or _AFTER.match(text, token.end) is not None
        )
    if piece:
        return False
    if following is None:
        return text[max(0, token.start - 6) : token.start].rstrip(" \t").endswith(":") and _strong(text, token.start)
    return _strong(text, token.start) or (
        following.kind == "S" and fold(token.word) in lexicon().given and not token.word.isupper()
    )


def _is_family(text: str, token: _Token) -> bool:
    return fold(token.word) in lexicon().surnames and token.kind != "A" and not eponym(text, token.end)


def _is_listed(folded: str) -> bool:
    words = lexicon()
    return folded in words.surnames or folded in words.given


def _strong(text: str, at: int) -> bool:
    return told(text, at)


def _piece(text: str, piece: list[_Token], *, titled: bool) -> Iterator[tuple[int, int, float, str]]:
    while piece and piece[-1].kind == "W" and not titled and not (len(piece) == 2 and piece[0].kind in "GI"):
        piece = piece[:-1]
    if not piece or (all(token.kind == "I" for token in piece) and not titled):
        return
    start, end = piece[0].start, piece[-1].end
    kinds = "".join(token.kind for token in piece)
    credential = _CREDENTIAL.match(text, end) is not None
    if titled or (piece[0].start > 1 and _titled(text, start)):
        stop = len(piece)
        while stop > 1 and piece[stop - 1].kind in "WMA" and not _is_family(text, piece[stop - 1]):
            stop -= 1
        last = piece[stop - 1].end
        yield start, _suffixed(text, last), 4.0, "name.title"
        if _before(text, start) == "drs":
            other = _AND_TITLED.match(text, last)
            while other:
                yield other.start(1), other.end(1), 3.0, "name.title"
                other = _AND_TITLED.match(text, other.end())
        return
    strong = _strong(text, start)
    if eponym(text, end) and not credential and kinds.strip("I") not in {"GS", "GR"}:
        return
    score = sum(_POINTS[kind] for kind in kinds)
    upper = all(token.word.isupper() for token in piece)
    rule = "name.lexicon"
    if credential and (len(piece) > 1 or kinds[0] not in "WMA"):
        score, rule = score + 2.4, "name.credential"
    if strong and any(kind not in "WMA" for kind in kinds):
        score, rule = score + 2.2, "name.cue"
    elif strong and len(piece) > 1:
        score += 1.0
    elif _weakly(text, start):
        score += 0.4
    if len(piece) == 1:
        acts = kinds in "GgSRUuW" and (
            _AFTER.match(text, end) is not None
            or (kinds != "W" and not upper and _PERSON_VERB.match(text, end) is not None)
        )
        if _sentence_start(text, start) and not strong and not acts:
            score -= 0.3 if kinds in "GS" else 0.9
        if upper and not strong and not credential:
            score -= 1.0
        if acts:
            score, rule = score + 1.9, "name.acts"
        following = text[end : end + 3]
        if following[:1] == ":" and not strong:
            score -= 1.5
        if kinds in "gsrRUu" and following[:1] == " " and following[1:2].isdigit():
            score -= 0.8
    elif _LAST_FIRST.search(text[piece[0].end : piece[1].start]):
        if kinds[0] in "WMA" and not strong:
            return
        score += 0.6 if kinds[1] in "GgI" else 0.0 if strong else -1.2
        if kinds[0] == "W" and strong:
            score += 1.0
        if not strong and _sentence_start(text, start) and _ALONE.match(text, end) and not set(kinds) & set("WMA"):
            score += 1.6
    elif (kinds[0] in "GgI" and kinds[-1] in "SRsrUu") or (
        set(kinds) <= set("UuR") and not upper and all(len(token.word) > 2 for token in piece)
    ):
        score += 0.8
    if len(piece) > 1 and _AFTER.match(text, end):
        score += 1.2
    if upper and len(piece) > 1 and not strong and not credential and not any(kind in "GS" for kind in kinds):
        score -= 1.2
    if score >= 1.5:
        yield start, _suffixed(text, end), score, rule


def _suffixed(text: str, end: int) -> int:
    match = _SUFFIX.match(text, end)
    return match.end() if match else end


def _before(text: str, at: int) -> str:
    """Return the word that stands right before a place, in lower case, with blanks and a dot between."""
    lead = text[max(0, at - 12) : at].rstrip(" ").rstrip(".")
    return lead[max(lead.rfind(mark) for mark in " \n(\t") + 1 :].lower()


def _titled(text: str, at: int) -> bool:
    return _before(text, at) in _TITLES


def _weakly(text: str, at: int) -> bool:
    return text[at - 1 : at] in {"(", "[", '"', "“"} or _before(text, at) in _WEAK


def _others(text: str, spotted: Spots) -> Iterator[Finding]:
    """Yield names in lower case, initials, dictation marks and names in other scripts."""
    for match in _LOWER_CUE.finditer(text):
        yield from _lower(match)
    for start, end in spotted.given:
        if text[end : end + 1] == " ":
            following = _NEXT_LOWER.match(text, end + 1)
            last = _POSSESSIVE.sub("", following[0]) if following else ""
            if last and _is_lower_family(text, fold(last), end + 1 + len(last)):
                yield Finding(start, end + 1 + len(last), Category.NAME, "name", "name.lower-pair", 0.7)
    for match in _INITIALS.finditer(text):
        yield Finding(
            match.start(1), match.start(1) + len(match[1].rstrip()), Category.NAME, "initials", "name.initials", 0.7
        )
    for match in _DICTATION.finditer(text) if _DICTATED.search(text) else ():
        at = 1 if match[1] else 2
        yield Finding(match.start(at), match.end(at), Category.NAME, "initials", "name.dictation", 0.7)
    if not text.isascii() and max(text) >= "\u0370":
        latin = sum(1 for mark in text[:400] if mark.isascii())
        if latin * 2 > len(text[:400]):
            for match in _OTHER_SCRIPT.finditer(text):
                yield Finding(match.start(), match.end(), Category.NAME, "name", "name.script", 0.6)
        for match in _CJK.finditer(text):
            yield Finding(match.start(), match.end(), Category.NAME, "name", "name.cjk", 0.8)


def _is_lower_family(text: str, folded: str, end: int) -> bool:
    """Say whether a word in lower case behind a given name is a family name: a listed one, or an unknown word."""
    words = lexicon()
    if folded not in words.words and folded not in words.medical:
        return "-" not in folded or not all(part in words.words for part in folded.split("-"))
    return (folded in words.surnames or folded in words.international) and _ENDS.match(text, end) is not None


def _lower(match: re.Match[str]) -> Iterator[Finding]:
    """Yield a name in lower case behind a cue: title, patient or relation."""
    words, text = lexicon(), match.string
    person = _PERSON_CUE.match(match[0]) is not None
    titled = _LOWER_TITLE.match(match[0]) is not None
    parts = [(match.start(1) + part.start(), part[0]) for part in re.finditer(r"[^ ]+", match[1])]
    first = end = None
    for number, (start, word) in enumerate(parts):
        bare = _POSSESSIVE.sub("", word) if len(word) > 3 else word
        folded, stop = fold(bare), start + len(bare)
        plain = folded in words.words or folded in words.medical
        known = folded in words.given or folded in words.international or folded in words.surnames
        if first is None:
            following = parts[number + 1] if number + 1 < len(parts) else None
            pair = following is not None and _is_lower_family(
                text, fold(following[1]), following[0] + len(following[1])
            )
            if plain and not (known and (titled or (person and pair and folded in words.given))):
                return
            if not plain and not (known or titled or (person and len(folded) > 3)):
                return
        elif not _is_lower_family(text, folded, stop) and len(folded.rstrip(".")) > 1:
            break
        first, end = start if first is None else first, stop
        if bare != word:
            break
    if first is not None and end is not None:
        yield Finding(first, end, Category.NAME, "name", "name.lower", 0.7)
