# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Whether what looks like a person or a place is what a thing is called after: a curved Kelly, with Potts scissors, Berry's ligament.

Lists know some such names; here the words around tell: the noun of a tool, a method or a part of the body behind, an
article, a size or what is done with tools before, what happens to things alone behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon, toml_of
from curator.detect.text.words.alone import ill, paired, plural
from curator.detect.text.words.borne import borne
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Rules that only weigh words: what they find may be a thing.
WEIGHED = frozenset(
    ["name.lexicon", "name.acts", "name.lower", "name.lower-acts", "name.lower-frame", "name.lower-given", "name.lower-pair", "odds.name", "odds.place", "place.brand", "place.city", "place.city-cue", "place.facility", "place.housed", "place.named", "place.short-name", "place.sited", "place.small-called", "place.small-house", "place.unknown-pair", "place.ward"]
)  # fmt: skip
#: Rules that look for what others found.
_AGAIN = "name.again"
#: How far around is looked.
_FAR = 96
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TITLES = frozenset(
    ["dr", "mr", "mrs", "ms", "miss", "prof", "professor", "doctor", "nurse", "sister", "rev", "pt", "patient", "son", "daughter", "wife", "husband", "mother", "father", "brother", "mom", "dad"]
)  # fmt: skip
#: Words that stand before a thing and never before somebody.
_ARTICLES = frozenset(["a", "an", "the", "another", "each", "this", "these", "some"])


@cache
def _nouns(name: str) -> frozenset[str]:
    """Return the words of a list, and their plurals."""
    listed = toml_of("namesakes.toml")[name].split()
    return frozenset(
        [*listed, *(f"{word}s" for word in listed), *(f"{word}es" for word in listed if word[-1] in "shx")]
        + [f"{word[:-1]}ies" for word in listed if word[-1] == "y"]
    )


@cache
def _listed(name: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(toml_of("namesakes.toml")[name].split())


#: A size, or a part of one, before a tool or a suture.
_SIZE = re.compile(r"\d{1,2}-?(?:french|fr|gauge|ga|inch)|french|gauge|\d{1,3}-?mm|#?\d{1,2}-0|#0")
_AMOUNT = re.compile(r"#?\d[\d./-]*(?:mm|cm|ml|cc|degrees?)?|mm|cm|degrees?")
_USING = frozenset(["using", "utilizing", "utilising"])
_HELPS = frozenset(["use", "aid", "help", "means", "assistance"])
#: What bears somebody's name behind "of", beside parts of the body: the method of Kocher.
_BORNE_OF = frozenset(["circle", "loop", "space", "line", "point", "node", "valve", "fold", "angle", "nerve", "artery", "vein", "muscle", "ring", "method", "technique", "procedure", "maneuver", "classification", "criteria", "scale"])  # fmt: skip
#: So many words before "with" may tell what is done.
_DEED = 7


@dataclass(frozen=True, slots=True)
class _Before:
    """What stands before a name: a size, words that tell which one, an article, what is done with it, a part; a title."""

    sized: bool = False
    which: bool = False
    article: str = ""
    using: bool = False
    done: bool = False
    of: bool = False
    titled: bool = False


def _before(text: str, start: int) -> _Before:
    """Read what stands before a name, back to the beginning of its sentence."""
    chunk = text[max(0, start - _FAR) : start]
    if not chunk or chunk[-1] not in " -":
        return _Before()
    words = chunk.split()
    at = len(words) - 1
    if at < 0:
        return _Before()
    if words[at].lower().rstrip(".,-") in _TITLES:
        return _Before(titled=True)
    if at > 1 and words[at - 1].lower() == "size" and words[at].lstrip("#").isdigit():
        return _Before(sized=True)
    if at and words[at] == "of" and (words[at - 1].lower() in _nouns("parts") or words[at - 1].lower() in _BORNE_OF):
        return _Before(of=True)
    sized = which = False
    while at >= 0:
        word = words[at].lower().strip("(-")
        if word[-1:] == ",":
            # Straight, curved Kochers; not a size: 83F, Roe.
            word = word.rstrip(",") if word.rstrip(",") in _listed("which") else ""
        if _SIZE.fullmatch(word):
            sized = True
        elif word in _listed("which") or (word in _listed("between") and word.endswith(_ENDS)):
            which = True
        elif not _AMOUNT.fullmatch(word):
            break
        at -= 1
    article = ""
    if at >= 0 and words[at].lower().lstrip("(") in _ARTICLES:
        article, at = words[at].lstrip("("), at - 1
    using = at >= 0 and words[at].lower() in _USING
    return _Before(sized, which, article, using, at >= 0 and _deed(words, at, loose=bool(article)))


def _deed(words: list[str], at: int, *, loose: bool) -> bool:
    """Say whether a word that leads to a tool stands at a place: grasped with, with the aid of.

    Behind an article ``loose`` deeds tell as well: opened with a.
    """
    word = words[at].lower()
    if word == "of" and at and words[at - 1].lower() in _HELPS:
        return loose or at > 1
    if word != "with":
        return False
    for back in range(at - 1, max(-1, at - 1 - _DEED), -1):
        said = words[back].lower()
        if said[-1] in ".;:":
            return False
        said = said.strip(",()")
        if said in _listed("done") or (loose and said in _listed("done_loose")):
            return True
    return False


#: What happens to things alone, and what to people as well.
_HARD = r"(?:used(?![ ]to[ ](?:\w+ing|it|the|this|that|these|her|his|him|an?|our|my|their|me|us|you)\b)|utili[sz]ed|instilled|inflated|deflated|threaded|inserted|applied(?![ ]for\b)|fashioned|mixed)"
_SOFT = r"(?:placed|removed|advanced|positioned|withdrawn|secured|introduced|connected|attached|tied|passed|elevated|exchanged|retracted|pulled|brought|employed|sutured|tightened|released|engaged|opened|closed|left in place|set|marked|cut|raised|performed|completed|carried out|deployed|infiltrated|irrigated)"
_WILL = r"[ ]?(?:,[ ])?(?:was|were|is|are|can be|could be|may be|should be|being|had been|has been)[ ](?:then|also|next|subsequently|now|again|carefully|gently|first|initially|once again|successfully|easily|thus)?[ ]?"
_MADE = re.compile(
    _WILL
    + r"(?:placed|marked|raised|created|performed|made|brought|positioned|passed|exchanged|deployed|introduced|sewn|sutured|fitted)\b"
)
_USED = re.compile(_WILL + _HARD + r"\b")
_MOVED = re.compile(_WILL + _SOFT + r"\b")
#: Behind a name these tell a kind of thing: Guggenheim-type resistance.
_TYPED = re.compile(r"-(?:type|style|like|shaped|pattern|assisted|guided|induced|stained|coated|tipped|based)\b")
#: What came of a sign that is somebody's: Allen's OK, Harrison's no.
_SIGN = re.compile(
    r"['’]s?[ ](?:OK|ok|no|neg|negative|pos|positive|absent|present|normal|equivocal|intact|\+|[-–](?= |[.,;]))(?=[ ]?[.,;)\n/]|$)"
)
_OWNED = re.compile(r"['’]s?(?=[ ])")
_CODED = re.compile(r"[A-Z]{1,3}-?\d{1,4}\b|\d{1,4}(?:\.\d)?(?!-?\d)|[IVX]{1,4}\b")
_ENDS = ("al", "ic", "ar", "ous", "oid", "ary", "less")


def namesake(text: str, start: int, end: int, *, place: bool = False) -> bool:
    """Say whether what was found is what a thing is called after.

    Parameters
    ----------
    text
        The text.
    start, end
        Where it was found.
    place
        Whether it was found as a place.
    """
    if paired(text, start, end):
        return True
    if text[end - 2 : end] in {"'s", "’s"}:
        end -= 2
    if ", " in text[start:end] or (_FAMILY.search(text, max(0, start - 24), start) and is_given(fold(text[start:end]))):
        return False
    start, said = _stripped(text, start, end)
    if text[start:end].lower() in _nouns("parts") and not is_name(fold(text[start:end])):
        return True
    joined = _JOINED.search(text, max(0, start - 32), start) if text[start - 1 : start] == "-" else None
    start = joined.start() if joined else start
    if particle := _PARTICLE.search(text, max(0, start - 8), start):
        start = particle.start()
    before = _before(text, start)
    if before.titled:
        return False
    if ill(text, start, end) or plural(text[start:end]):
        return True
    owned = _OWNED.match(text, end) is not None
    if owned and _SIGN.match(text, end) and _known(text[start:end]):
        return True
    article = before.article or said
    if not owned:
        if text[end : end + 1] in {"'", "’"}:
            return False
        if before.sized or _TYPED.match(text, end):
            return True
        if text[end : end + 1] == " " and (not place or article) and _USED.match(text, end):
            return True
        # A given name begins a sentence as an article does: An Nguyen was placed on a diet.
        if (
            article
            and (article != "An" or fold(text[start:end]) in borne().sure)
            and (before.which or not place)
            and text[end : end + 1] == " "
            and _MOVED.match(text, end)
        ):
            return True
        if (
            (before.done or (before.using and not place))
            and not _SOMEBODY.match(text, end)
            and (article or not _whole(text[start:end]))
        ):
            return True
        if place and (before.using or before.which) and article and fold(text[start:end]) in borne().sure:
            return True
        if article and (more := _MORE.match(text, end)) and not place and _USED.match(text, more.end()):
            return True
        if before.of:
            return True
    told = before.done or before.using or bool(article) or before.which
    return _before_noun(text, start, end, told=told, place=place)


def _whole(name: str) -> bool:
    """Say whether a name is a given one and a family's."""
    parts = name.split()
    return len(parts) > 1 and is_given(fold(parts[0])) and is_name(fold(parts[-1])) and not _known(name)


#: More words of a tool's name: the Agee Inside Job was used.
_MORE = re.compile(r"(?:[ ][A-Z][A-Za-z]+){1,2}(?=[ ])")


def _stripped(text: str, start: int, end: int) -> tuple[int, str]:
    """Return where a finding begins without the article and the words that tell which one; and the article."""
    article = ""
    while match := _LEAD.match(text, start, end):
        low = match[1].lower()
        if low in _ARTICLES:
            article = match[1]
        elif low not in _listed("which") and not _SIZE.fullmatch(low) and not _AMOUNT.fullmatch(low):
            break
        start = match.end()
    return start, article


#: What a hyphen joins to the front of a name: O'Connor-O'Sullivan.
_JOINED = re.compile(r"(?<![\w'’-])(?:[A-Z][\w'’]+-)+$")
#: A family name before a given one: Roe, Chelsea.
_FAMILY = re.compile(r"[A-Z][\w'’-]+, $")
_PARTICLE = re.compile(r"(?<![\w'’-])(?:[Vv][ao]n|[Dd]e(?:[ ]l[ae])?|[Dd]u|[Dd]er)[ ]$")
_LEAD = re.compile(r"(#?[\w/-]+?)[ -](?=[\w#])")


#: Behind somebody's name: a degree, what somebody is, a verb of people.
_SOMEBODY = re.compile(
    r",[ ](?:[A-Z]\.?[A-Z]|his|her|my|an?\b|interpreter|translator|the (?:patient|nurse|doctor))|[ ](?:and (?:his|her|the)|as|at bedside|assisting|present|who|whose|said|says|called|interpreter|RN|MD|NP|PA|DO|LPN|PT|OT)\b"
)


def _before_noun(text: str, start: int, end: int, *, told: bool, place: bool) -> bool:
    """Say whether the noun of a thing stands behind a name, or ends it."""
    owned = _OWNED.match(text, end)
    if owned:
        end = owned.end()
    name = text[start:end]
    inside = _WORD.findall(name)
    if len(inside) > 1 and not owned:
        last = inside[-1].lower()
        # Walker, Hook and Frame are somebody's family names.
        called = inside[-1][0].isupper() and not inside[-1].isupper() and is_name(fold(last))
        lows = [word for word in inside[1:-1] if word.islower()]
        for low in lows if called else [*lows, inside[-1]]:
            # In capitals the Line of a railway reads like another.
            if _is_thing(low.lower(), name, told=told and not low.isupper(), owned="'s " in name, place=place):
                return True
        # Somebody's whole name: more is asked for.
        if not place and not told and is_given(fold(inside[0])) and not _known(name):
            return False
    at, seen = end, 0
    while at < len(text) and seen < 4 and text[at] in " -/":
        match = _CODED.match(text, at + 1) or _WORD.match(text, at + 1)
        if match is None:
            return False
        word = match[0]
        low = word.lower()
        loud = word.isupper() and len(word) > 2
        used = not loud and (told or (text[match.end() : match.end() + 1] == " " and _tells(text, low, match.end())))
        if not (word[0].isupper() and not told and is_name(fold(low))) and _is_thing(
            low,
            name,
            told=used,
            owned=owned is not None,
            place=place,
            verb=low[-1] == "s" and _DOES.match(text, match.end()) is not None,
        ):
            return low not in _COUNTED or not text[match.end() : match.end() + 2].strip().isdigit()
        if not (
            low in _nouns("between")
            or low in _nouns("weak")
            or low in _nouns("worn")
            or low in _nouns("tools")
            or low.endswith(_ENDS)
            or _CODED.fullmatch(word)
            or (word[0].isupper() and not word.isupper() and seen < 2)
        ):
            return False
        at, seen = match.end(), seen + 1
    return False


def _tells(text: str, low: str, end: int) -> bool:
    """Say whether what happens to things alone stands behind a noun: Byers flaps were marked."""
    return _USED.match(text, end) is not None or (low[-1] == "s" and _MADE.match(text, end) is not None)


#: Behind a word in s it is what somebody does: Kelly signs the form, exercises daily.
_DOES = re.compile(
    r"[ ](?:the|his|her|its|their|an?|to|that|for|out|up|in|at|on|off|over|with|my|it|them|daily|twice|well|positive|negative|consent)\b"
)
#: With a number behind them these are something else: grade 3, line 2.
_COUNTED = frozenset(["cell", "line", "grade", "stage"])


def _is_thing(low: str, name: str, *, told: bool, owned: bool, place: bool, verb: bool = False) -> bool:
    """Say whether a word behind a name is the noun of a thing that is called after it."""
    if low in _nouns("tools"):
        return not owned
    if place:
        return low in _nouns("place") and (told or owned or _known(name))
    if low in _nouns("parts"):
        return told or not verb
    if owned:
        return told and low in _nouns("parts_weak")
    if low in _nouns("weak") or low in _nouns("parts_weak"):
        return told or (not verb and _known(name))
    return told and low in _nouns("worn")


def _known(name: str) -> bool:
    """Say whether all words of a name with a capital are borne by terms."""
    lists, words = borne(), [fold(word.removesuffix("'s")) for word in _WORD.findall(name) if not word.islower()]
    words = [word for word in words if word not in _nouns("place")]
    return bool(words) and all(
        word in lists.scales or word in lists.sure or word in lists.cities or word in lexicon().eponyms
        for word in words
    )


def without_namesakes(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings but for those that are what a thing is called after.

    Parameters
    ----------
    text
        The text.
    findings
        What rules found in it. Who is found by a title or a label keeps the name wherever it stands.
    """
    found = list(findings)
    things = {
        number
        for number, finding in enumerate(found)
        if finding.rule in WEIGHED
        and namesake(text, finding.start, finding.end, place=finding.category is Category.GEOGRAPHY)
    }
    if not things and not any(finding.rule == _AGAIN for finding in found):
        yield from found
        return
    people = frozenset(
        word
        for finding in found
        if finding.category is Category.NAME and finding.rule not in WEIGHED and finding.rule != _AGAIN
        for word in _folded(text, finding)
    )
    things = {number for number in things if people.isdisjoint(_folded(text, found[number]))}
    left = [finding for number, finding in enumerate(found) if number not in things]
    lost = {word for number in things for word in _folded(text, found[number])}
    kept = {word for finding in left if finding.rule != _AGAIN for word in _folded(text, finding)}
    lost -= kept
    for finding in left:
        if finding.rule == _AGAIN and not (
            lost.isdisjoint(_folded(text, finding))
            and (not kept.isdisjoint(_folded(text, finding)) or not namesake(text, finding.start, finding.end))
        ):
            continue
        yield finding


def _folded(text: str, finding: Finding) -> list[str]:
    return [fold(word) for word in _WORD.findall(text, finding.start, finding.end)]
