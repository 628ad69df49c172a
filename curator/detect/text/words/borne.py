# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Whether what looks like a person or a place is a term by where it stands: Dunn view, per Lau 2020, inside Milan, after PERSEUS.

Tests, scales, trials, papers and firms bear names of people and of places. Neither the word nor the list tells: its place
does. What a title, a role, a relation, a degree or somebody's doing stands at is never a term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from curator.detect.text.lists.lexicon import is_given, is_name, lexicon, words_of
from curator.detect.text.words.contexts import acts, degree, described
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import BARE, CAPITAL, MONTH, NOUN, ROLE, TITLE, WANTED, tables


@dataclass(frozen=True)
class Borne:
    """The words of borne.txt: what each kind of term bears; phrases by their first word."""

    scales: frozenset[str]
    cities: frozenset[str]
    sure: frozenset[str]
    trials: frozenset[str]
    shorts: frozenset[str]
    phrases: dict[str, tuple[tuple[str, ...], ...]]


@cache
def borne() -> Borne:
    """Read the list."""
    lists: dict[str, list[str]] = {}
    for line in words_of("borne.txt"):
        label, _, listed = line.partition(": ")
        lists.setdefault(label, []).append(listed)
    words = {label: frozenset(" ".join(lines).split()) for label, lines in lists.items() if label != "phrases"}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in "; ".join(lists["phrases"]).split("; "):
        parts = tuple(phrase.split())
        phrases.setdefault(parts[0], []).append(parts)
    cities = frozenset(city.replace("_", " ") for city in words["cities"])
    return Borne(
        words["scales"] | lexicon().shared,
        cities,
        words["sure"],
        words["trials"],
        words["shorts"],
        {first: tuple(sorted(listed, key=len, reverse=True)) for first, listed in phrases.items()},
    )


#: A paper's year, its other authors or its journal behind a family name.
_CITED = re.compile(
    r",?[ ]et[ ]al\b|['’]s?[ ](?:(?:19|20)\d\d|classic|landmark|original|seminal)[ ]|(?:['’]s?)?[ ](?:\(?(?:19|20)\d\d\)?[ ])?(?:paper|trial|study|meta-analysis|metaanalysis|textbook|trialists|et[ ]al)\b|,?[ ]\(?(?:the[ ])?(?:NEJM|JAMA|Lancet|BMJ|CHEST|Chest|Blood|JCO|Circulation|Gut|Ann[ ]Intern[ ]Med|N[ ]Engl|Cochrane|Nature|Science|Stroke|Neurology|Gastroenterology|Hepatology)\b"
)
#: A year behind a name, and what ends or goes on the sentence there.
_YEAR = re.compile(r",?[ ]\(?(?:19[5-9]|20[0-4])\d[a-c]?\)?(?=[?.,;:)\]\n/]|$|[ ](?:and|or|vs\.?|versus|which|that|is|was|says?|paper|data)\b)")
_FOUND = re.compile(
    r"[ ]\(?(?:19[5-9]|20[0-4])\d[a-c]?\)?[ ](?:showed?|shows|found|finds|used|uses|suggests?|suggested|included|enrolled|excluded|argued?|proposed|defined?|describes?|described|compared|randomi[sz]ed|claims?)\b"
)
#: Before a paper: per Lau 2020, cf. Amato 2015.
_CITES = frozenset(["per", "cf", "see", "vs", "versus", "following", "after", "in", "from", "than", "contra", "eg", "like", "g", "ref", "according", "citing", "cited"])  # fmt: skip
#: Words that lead to what criteria bear: inside Milan, meets Rotterdam, modified Atlanta.
_WITHIN = frozenset(["inside", "within", "outside", "beyond", "meets", "meet", "meeting", "met", "fulfills", "fulfils", "fulfilling", "satisfies", "exceeds", "exceeding", "exceeded", "modified", "revised", "simplified", "updated", "original", "under", "using"])  # fmt: skip
#: The same, but also before somebody or somewhere.
_LEADS = frozenset(["by", "per", "positive", "negative", "on", "use", "apply"])
#: What a level, a version or a short form looks like behind a name.
_LEVEL = re.compile(
    r"(?:['’]s)?[ ](?:\((?:[A-Z][A-Za-z-]{1,6})\)|(?:type|grade|class|stage|score|group|category|level|version|zone|part|v)[ ]?[0-9IVA-D]|[IVX]{1,4}[A-Da-d]?(?![\w'’.-])|[A-D][0-9]?[a-d]?(?![\w'’.-])|T[1-4][a-d]?\b|[0-9]{1,2}[ABCab+]{0,2}(?![\w/:-]|[ ]?(?:y|yo|yr|yrs|d|do|mo|m|f|M|F|weeks?|days?|months?|years?)\b)|[0-9]\.[0-9]\b|0-I{1,3}[a-c]*|C[0-9]+M[0-9]+|A[0-9]L[0-9])"
)
#: What a scale came to: Bromage was 0, Norton of 14.
_SCORED = re.compile(r"[ ](?:was|is|of|at|went|scored|=)[ ](?:[0-9]{1,2}(?:[./][0-9]{1,2})?|zero|one|two|three|four|[IV]{1,3})(?=[,;.)\n]|$|[ ](?:on|at|bilat\w*|both|out|and)\b)")
#: A number that a hyphen joins: Diane-35, SERENA-4.
_NUMBERED = re.compile(r"-\d{1,4}(?![\w/-])")
#: What goes on behind a trial's name in capitals.
_TRIED = re.compile(
    r"[ ](?:trial|study|data|criteria|cohort|showed?|shows|found|used|enrolled|excluded|included|randomi[sz]ed|leave|left|say|says|tell|vs\.?|versus|style|regimen|protocol|arm|subgroup|population|results?|exclu\w+|stop\w*|prove[sd]?|extension|OLE|PFS|OS)\b|-like\b|['’]s[ ]|\?|[ ]?\("
)
_BEFORE_TRIAL = frozenset(["in", "did", "does", "the", "of", "vs", "versus", "after", "per", "and", "from", "via", "like", "since", "post", "following", "by", "with", "is", "was", "or", "on", "cite", "cites", "than", "both", "as"])  # fmt: skip
_ROMAN = frozenset(["i", "ii", "iii", "iv", "v"])
_JOIN = frozenset([", ", "/", " / ", "-", " & ", "–", " + "])
_AND = frozenset(["and", "or", "vs", "versus", "v"])
#: Nobody is spoken of with these but a family.
_ARTICLES = frozenset(["a", "an", "the", "another"])
_HOUSEHOLD = frozenset(["family", "household", "residence", "home", "house", "farm", "clinic", "office", "service", "group", "team", "boy", "boys", "girl", "girls", "kid", "kids", "child", "children", "baby", "twins", "brothers", "sisters", "woman", "man", "area", "resident", "patient", "hospital"])  # fmt: skip
_PAPER_BY = frozenset(["by", "with", "w", "dr", "at", "for"])
#: So many names frequent enough that capitals alone tell no trial.
_RANK = 4000


#: Before a sign's or a test's name.
_SIGNED = frozenset(["modified", "revised", "simplified", "updated", "original", "positive", "negative", "neg", "pos", "no", "without", "absent", "equivocal", "classic", "bilateral", "inside", "within", "outside", "beyond"])  # fmt: skip
#: A question to a book or to a machine is no longer than this.
_SHORT = 600


def _asks(text: str) -> bool:
    """Say whether a text is one short question, as a clinician asks one: most names in it are of signs, drugs and trials."""
    return len(text) < _SHORT and "?" in text and text.count("\n") < 3


_PLACED = frozenset(["in", "from", "at", "to", "near", "of", "lives", "visiting", "around", "into", "via", "for", "called", "named", "see", "seeing", "seen", "patient", "my", "our", "hi", "hey", "dear", "hello", "thanks", "about"])  # fmt: skip


#: Kinds of words that may be a given name before a family name.
_GIVEN = frozenset("GgnSsI")


def _open(found: Spots, first: int, *, city: bool, known: bool) -> bool:
    """Say whether nothing before a family name in a question tells of somebody or of a place.

    What no list of terms has goes on to count as somebody's where a title or a role stands anywhere in the text.
    """
    words, spans, text = found.words, found.spans, found.text
    if not first or text[spans[first][1] : spans[first][1] + 1] in {"'", "’", ":", "/"}:
        return False
    before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
    word = words[first]
    if word.folded in _firsts() or before.flags & MONTH or before.kind in _GIVEN or word.upper:
        return False
    if known and word.folded in _usual():
        known = False
    if not known and (before.low in _OF_SOMEBODY or any(other.flags & (TITLE | ROLE | BARE) for other in words)):
        return False
    if before.low == "per" and gap == " ":
        return text[spans[first][1] : spans[first][1] + 1] == "?"
    if before.low in _BY or before.low in _PLACED or (city and before.flags & CAPITAL):
        return False
    return "." not in gap and "\n" not in gap and "?" not in gap


#: Before somebody in a question as often as before a thing.
_OF_SOMEBODY = frozenset(["is", "was", "are", "were", "has", "had", "will", "can", "did", "if", "when", "that", "open", "opened", "read", "on", "an", "ask", "send", "sent", "give", "gave", "put", "move", "transfer", "book", "minutes", "and", "under", "his", "her", "s", "re", "because", "but", "so", "then"])  # fmt: skip


@cache
def regions() -> frozenset[str]:
    """Return the states and provinces of other countries, folded, words parted by a blank; no town's name."""
    names = frozenset(re.sub(r"[^a-z]+", " ", name.replace("_", " ")) for name in tables()["regions"].split())
    return names - lexicon().cities


@cache
def _usual() -> frozenset[str]:
    """Return the words in capitals that are as often somebody: NELSON, LAURA."""
    return frozenset(words_of("surnames.txt")[:_RANK]) | frozenset(words_of("given.txt"))


def term(found: Spots, start: int, end: int) -> bool:
    """Say whether a name or a place is a term by where it stands.

    Parameters
    ----------
    found
        The words of the text.
    start, end
        Where the name or the place stands.

    Returns
    -------
    bool
        False as well where nothing tells.
    """
    spans, words, text = found.spans, found.words, found.text
    first = bisect_left(spans, (start, 0))
    last = bisect_left(spans, (end, 0)) - 1
    if first >= len(words) or last < first or last - first > 5 or spans[first][0] != start:
        return False
    if _somebody(found, first, last, end):
        return False
    if _phrased(found, first, last) or _cited(found, first, last, end) or _wide(found, first, last):
        return True
    if _owned(found, first, last, end) or _formed(found, last, end):
        return True
    asks = _asks(text)
    if asks and _asked(found, first, last, end):
        return True
    known, word = borne(), words[first]
    if text[end : end + 1] == "-" and last == first and _NUMBERED.match(text, end):
        return True
    if last == first + 1 and words[last].low in _ROMAN and words[last].upper and text[spans[first][1] : spans[last][0]] == " ":
        # Friedman II: nobody has a number behind the family name alone.
        return (word.folded in known.scales or word.folded in known.sure) and _pointed(found, first) and not is_given(word.folded)
    name = word.folded if last == first else " ".join(part.folded for part in words[first : last + 1])
    city = name in known.cities
    if city and _criteria(found, first, last, end, name):
        return True
    if name in regions() and not (last == first and (is_given(name) or name in lexicon().frequent)):
        return True
    if word.upper and last == first and not city:
        return word.folded in known.trials and _tried(found, first, end)
    scale = last == first and (word.folded in known.scales or word.folded in known.sure)
    if asks and last == first and _open(found, first, city=city, known=scale or city):
        return True
    if not (scale or city):
        return _among(found, first, last)
    if scale and first and words[first - 1].low in _SIGNED and text[spans[first - 1][1] : start] in {" ", ". "}:
        return True
    if scale and word.folded not in _usual() and _SCORED.match(text, end):
        return True
    return (scale and _LEVEL.match(text, end) is not None and _pointed(found, first)) or _among(found, first, last)


def _somebody(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether a title, a role or a relation stands before, a degree, an age or a doing behind."""
    text, words, spans = found.text, found.words, found.spans
    if first:
        before = words[first - 1]
        gap = text[spans[first - 1][1] : spans[first][0]]
        if before.flags & (TITLE | ROLE | BARE | WANTED) and before.low not in {"trial", "per", "by"} and gap.strip(" .:=#") == "":
            return True
        if before.low in _ARTICLES and gap == " ":
            return words[min(last + 1, len(words) - 1)].low in _HOUSEHOLD
    if degree(text, end) or described(text, end):
        return True
    return not words[last].upper and acts(found, last, end) and _FOUND.match(text, end) is None


def _phrased(found: Spots, first: int, last: int) -> bool:
    """Say whether a phrase of the list covers a name: Hancock II, Von Rosen, Star Health."""
    text, words, spans, known = found.text, found.words, found.spans, borne().phrases
    for at in range(max(0, first - 3), first + 1):
        if not words[at].flags & CAPITAL or words[at].folded not in known:
            continue
        for phrase in known[words[at].folded]:
            stop = at + len(phrase)
            if stop <= last or stop > len(words):
                continue
            if any(words[at + step].folded != part for step, part in enumerate(phrase)):
                continue
            gaps = [text[spans[step][1] : spans[step + 1][0]] for step in range(at, stop - 1)]
            if any(gap not in {" ", "-", "'", "’", " & ", "&", "–", ". ", "+"} for gap in gaps):
                continue
            # Two names with a blank between are somebody's.
            if len(phrase) == 2 and gaps[0] == " " and all(is_name(part) for part in phrase):
                if not is_given(phrase[0]) and words[at + 1].kind in "M":
                    return True
                continue
            return at == first or not words[at - 1].flags & (TITLE | BARE)
    return False


def _cited(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether a paper is cited by its author: per Lau 2020; Smith et al."""
    text, words, spans = found.text, found.words, found.spans
    if last - first > 2:
        return False
    mark = text[end : end + 1]
    if not mark or mark not in " ,'’(":
        return False
    if _CITED.match(text, end):
        return True
    if not first:
        return _FOUND.match(text, end) is not None
    if _FOUND.match(text, end):
        return words[first - 1].low not in _PAPER_BY
    if not _YEAR.match(text, end):
        return False
    before, gap = words[first - 1].low, text[spans[first - 1][1] : spans[first][0]]
    return before in _CITES and gap in {" ", ". ", "., ", ".g. ", ": ", ".g., ", " ("}


def _criteria(found: Spots, first: int, last: int, end: int, name: str) -> bool:
    """Say whether a town's name is that of criteria: inside Milan, by Rotterdam, Rome IV, vs Hong Kong (HKLC)."""
    text, words, spans = found.text, found.words, found.spans
    if _LEVEL.match(text, end) and not (text[end : end + 2] == " (" and _located(found, first)):
        return not _located(found, first) and not _numbered_place(text, end)
    after = last + 1
    if after < len(words) and words[after].flags & NOUN and text[end : spans[after][0]] in {" ", "-"}:
        return words[after].low in _NOUNS
    if not first:
        return False
    before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
    if gap == " " and before.low in {"and", "or"} and first > 2 and words[first - 2].folded in borne().cities:
        return words[first - 3].low in {"inside", "within", "outside", "beyond", "meets", "by", "both"}
    if gap == " " and before.low in _WITHIN - {"under", "outside", "inside", "within", "beyond"}:
        return True
    if gap == " " and before.low in {"inside", "within", "outside", "beyond"}:
        return text[end : end + 1] in {"?", ".", ",", ";", ")", "\n", ""} or _and_term(found, last)
    if gap == " " and before.low in _LEADS and not is_given(name) and name not in lexicon().frequent:
        return before.low in {"by", "per"} or text[end : end + 1] in {"?", ",", ".", ";", ""}
    return gap in {" ", ". "} and before.low in {"vs", "versus"}


#: What bears a town's name.
_NOUNS = frozenset(["criteria", "criterion", "classification", "score", "scale", "staging", "stage", "grade", "grading", "rule", "rules", "index", "consensus", "guidelines", "guideline", "definition", "protocol", "system", "test", "questionnaire", "inventory", "formula", "category", "algorithm", "nomogram", "calculator", "risk"])  # fmt: skip


def _wide(found: Spots, first: int, last: int) -> bool:
    """Say whether what several words name bears criteria: Brigham and Women's T2a."""
    words, spans = found.words, found.spans
    for at in range(max(0, first - 3), first + 1):
        if words[at].flags & CAPITAL and words[at].folded in _wide_starts():
            for stop in range(max(last, at + 1), min(len(words), at + 4)):
                name = " ".join(word.folded for word in words[at : stop + 1])
                if name in borne().cities and _criteria(found, at, stop, spans[stop][1], name):
                    return True
    return False


@cache
def _wide_starts() -> frozenset[str]:
    return frozenset(city.split(" ")[0] for city in borne().cities if " " in city)


#: A disease that somebody has: with Wilson's, known Sjogren's.
_OWNED = re.compile(r"['’]s?(?=[,.;?)\n]|$|[ ](?:and|or|vs|on|with|in|now|who|but|plus|since|flare)\b)")
_HAS = frozenset(["with", "has", "have", "had", "no", "for", "hx", "known", "w", "vs", "and", "or", "if", "is", "have", "possible", "suspected", "likely", "early", "severe", "mild", "rule", "out", "w/u", "dx"])  # fmt: skip


def _owned(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether somebody has a disease that bears a name, the word for it left out."""
    if first != last or not first or found.text[end : end + 1] not in {"'", "’"}:
        return False
    word = found.words[first].folded
    if word in _usual() and word not in lexicon().eponyms:
        return False
    return (
        (word in borne().sure or word in lexicon().eponyms or word in lexicon().medical)
        and found.words[first - 1].low in _HAS
        and _OWNED.match(found.text, end) is not None
    )


_FORMS = frozenset(["form", "examination", "exam", "certificate", "questionnaire", "screening", "clearance", "physical", "card", "immunization"])  # fmt: skip
_OF_FORMS = frozenset(["camp", "dot", "school", "sports", "sport", "student", "employee", "annual", "travel", "child", "athlete", "driver", "youth", "oral", "dental", "childhood", "staff"])  # fmt: skip


def _formed(found: Spots, last: int, end: int) -> bool:
    """Say whether a form's head looks like a house: CAMP HEALTH FORM, DOT MEDICAL EXAMINATION."""
    words, after = found.words, last + 1
    return (
        last > 0
        and after < len(words)
        and words[after].low in _FORMS
        and words[last - 1].low in _OF_FORMS
        and found.text[end : found.spans[after][0]] == " "
    )


#: Letters and a figure as genes have them.
_GENE = re.compile(r"[A-Z]{2,7}[0-9][A-Z]?[0-9]?$")
_CHOICES = frozenset(["use", "using", "than", "by", "is", "are", "between", "vs", "versus", "prefer", "which", "does", "do", "compare", "or"])  # fmt: skip


def _asked(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether a name in a question is one of two that are weighed, or bears a short form or data: Yang-Tobin RSBI."""
    words, spans, text = found.words, found.spans, found.text
    start = spans[first][0]
    if _GENE.match(text[start:end]) or (first == last and words[first].upper and words[first].folded in borne().shorts):
        return True
    joined = all(text[spans[at][1] : spans[at + 1][0]] == "-" for at in range(first, last))
    if not joined:
        # Two family names in brackets are a citation's.
        return (
            last == first + 1
            and text[start - 1 : start] == "("
            and text[end : end + 1] == ")"
            and text[spans[first][1] : spans[last][0]] == ", "
            and not any(word.folded in _firsts() for word in words[first : last + 1])
        )
    before = words[first - 1] if first else None
    if before is not None and (before.low in _BY - {"by"} or before.low in _PLACED or before.kind in _GIVEN):
        return False
    after = last + 1
    following = words[after] if after < len(words) else None
    gap = text[end : spans[after][0]] if following is not None else ""
    if _versus(found, first, last) and not (following is not None and following.flags & CAPITAL and gap == " "):
        return not (first == last and words[first].folded in _firsts())
    if before is not None and not words[last].folded in _firsts() and _weighed(found, first):
        return True
    if following is None:
        return False
    if gap in {" ", "'s ", "’s "} and following.upper and following.kind in "MA" and 1 < len(following.low) < 7:
        return not (first == last and (words[first].folded in _firsts() or following.low in _DEGREES))
    if gap == " " and following.low in {"data", "formula", "formulas", "equation", "chart", "charts", "curve", "nomogram", "cutoff", "cutoffs", "paper", "trial", "study", "numbers", "et"}:  # fmt: skip
        return True
    return (
        before is not None
        and before.low in _CHOICES
        and not words[last].folded in _firsts()
        and ((following.low == "or" and after + 1 < len(words) and bool(words[after + 1].flags & CAPITAL)) or before.low == "or")
        and (before.low != "or" or (first > 1 and bool(words[first - 2].flags & CAPITAL)))
    )


@cache
def _firsts() -> frozenset[str]:
    return frozenset(words_of("given.txt"))


#: Before what is compared, used or applied in a question.
_WEIGHED_BY = frozenset(["than", "as", "does", "do", "use", "using", "apply", "applying", "plus", "post", "pre", "either", "if", "under", "like", "compare", "versus", "vs"])  # fmt: skip


def _weighed(found: Spots, first: int) -> bool:
    """Say whether what stands before a family name in a question tells a thing: same as Laroche; Jo-1 and Ku."""
    words, spans, text = found.words, found.spans, found.text
    before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
    if gap != " ":
        return False
    if before.low in _WEIGHED_BY:
        return True
    if before.low not in {"and", "or"} or first < 2:
        return False
    other = words[first - 2]
    return (other.kind == "M" and not other.flags & (TITLE | ROLE)) or other.folded in borne().sure or other.folded in borne().scales


_DEGREES = frozenset(word.lower() for word in tables()["degree"].split())


def _located(found: Spots, first: int) -> bool:
    """Say whether a word before a town tells of a place: from Rome II."""
    return first > 0 and found.words[first - 1].low in {"in", "from", "at", "to", "near", "of", "lives", "visiting", "around", "outside", "into", "via"}


_HOUSE = re.compile(r"[ ]\d{4,}")


def _numbered_place(text: str, end: int) -> bool:
    return _HOUSE.match(text, end) is not None


def _and_term(found: Spots, last: int) -> bool:
    """Say whether other criteria are joined: Milan and UCSF."""
    after = last + 2
    if after >= len(found.words) or found.words[last + 1].low not in {"and", "or", "but"}:
        return False
    word = found.words[after]
    return word.upper or word.kind == "M" or word.folded in borne().cities


def _pointed(found: Spots, first: int) -> bool:
    """Say whether a small word before tells no person of what bears a level: a Hancock II; not saw Hancock II."""
    if not first:
        return False
    before, gap = found.words[first - 1], found.text[found.spans[first - 1][1] : found.spans[first][0]]
    return gap in {" ", ", ", " ("} and before.low not in _BY and before.kind not in _GIVEN


_BY = frozenset(tables()["beside"].split()) - {"per", "and"} | {"w"}


def _tried(found: Spots, at: int, end: int) -> bool:
    """Say whether a word in capitals amid small letters is a trial: per PERSEUS; did NELSON leave out."""
    words, spans, text = found.words, found.spans, found.text
    before = words[at - 1] if at else None
    following = words[at + 1] if at + 1 < len(words) else None
    if before is not None and before.upper and len(before.low) > 3 and text[spans[at - 1][1] : spans[at][0]] == " ":
        return False
    if following is not None and following.upper and len(following.low) > 3 and text[end : spans[at + 1][0]] == " ":
        return False
    if _NUMBERED.match(text, end):
        return True
    told = before is not None and before.low in _BEFORE_TRIAL
    start = spans[at][0]
    if before is not None and text[start - 2 : start] == " (" and text[end : end + 1] == ")" and before.kind == "M":
        return True
    if words[at].folded in _usual():
        return (
            before is not None and before.low in {"in", "did", "does", "the", "vs", "versus"} and before.low != "w"
        ) or (told and _TRIED.match(text, end) is not None and text[end : end + 1] != "?")
    return told or _TRIED.match(text, end) is not None


def _among(found: Spots, first: int, last: int) -> bool:
    """Say whether a name stands in a list of terms: Judet, Von Rosen and Dunn views; Milan vs Hong Kong."""
    right, ahead = _walk(found, last, 1)
    left, _ = _walk(found, first, -1)
    if not right and not left:
        return _article(found, first, last)
    known, words = borne(), found.words
    if ahead < len(words) and words[ahead].low in _PLURALS and right | left:
        return True
    sure = sum(1 for at in right | left if _sure(found, at))
    if sure and (_versus(found, first, last) or len(right | left) > 1):
        own = words[first].folded
        return last == first and (own in known.scales or own in known.cities or own in known.trials)
    if _versus(found, first, last):
        own = " ".join(word.folded for word in words[first : last + 1])
        others = {words[at].folded for at in right | left}
        loud = any(words[at].upper and words[at].kind == "M" for at in right | left)
        return (own in known.cities or own in known.scales) and (loud or bool(others & (known.cities | known.scales)))
    return False


def _article(found: Spots, first: int, last: int) -> bool:
    """Say whether an article stands before what tools and tests bear: a Bakri, the Hancock."""
    words, spans, text = found.words, found.spans, found.text
    if first != last or not first or words[first].folded not in borne().scales or words[first].upper:
        return False
    if words[first - 1].low not in _ARTICLES or text[spans[first - 1][1] : spans[first][0]] != " ":
        return False
    end, after = spans[last][1], last + 1
    if text[max(0, spans[first - 1][0] - 1) : spans[first - 1][0]].isalnum():
        return False
    if text[end : end + 1] in {"'", "’", "-"}:
        return False
    if after >= len(words) or text[end : spans[after][0]] != " ":
        return True
    return not words[after].flags & CAPITAL and words[after].low not in _HOUSEHOLD


def _sure(found: Spots, at: int) -> bool:
    word = found.words[at]
    return word.folded in borne().sure or (word.upper and word.folded in borne().trials)


def _versus(found: Spots, first: int, last: int) -> bool:
    """Say whether "vs" stands right before or behind."""
    words = found.words
    return (first > 0 and words[first - 1].low in {"vs", "versus"}) or (
        last + 1 < len(words) and words[last + 1].low in {"vs", "versus"}
    )


#: What several names in a list bear together.
_PLURALS = frozenset(["views", "view", "approaches", "approach", "signs", "sign", "tests", "criteria", "scores", "scales", "classifications", "maneuvers", "manoeuvres", "trials", "studies", "lines", "angles", "procedures", "repairs", "techniques", "incisions", "retractors", "valves", "stents", "catheters", "grades", "rules", "systems", "formulas", "formulae", "equations", "fractures", "syndromes", "diseases", "flaps", "sutures", "triads", "reflexes", "positions", "splints", "braces", "forceps", "clamps", "operations", "nodes", "cells", "bodies", "stains", "phenomena", "laws", "rings", "tubes", "drains", "pessaries", "nails", "plates", "implants", "diets", "exercises", "papers", "data", "staging", "grading"])  # fmt: skip


def _walk(found: Spots, at: int, step: int) -> tuple[set[int], int]:
    """Return the words that commas, slashes, hyphens and small words join on one side, and the place behind them."""
    words, spans, text = found.words, found.spans, found.text
    seen: set[int] = set()
    while len(seen) < 8:
        other = at + step
        if not 0 <= other < len(words):
            break
        joined = words[other].low in _AND
        if joined:
            other += step
            if not 0 <= other < len(words):
                break
        low, high = min(at, other), max(at, other)
        gap = text[spans[low][1] : spans[high][0]]
        if not words[other].flags & CAPITAL or (gap not in _JOIN and not (joined and len(gap) < 11 and "\n" not in gap)):
            if not (gap == " " and words[other].flags & CAPITAL):
                break
            if not seen and not joined:
                # A first name or a second one: Von Rosen.
                at = other
                continue
        seen.add(other)
        at = other
    return seen, at + step
