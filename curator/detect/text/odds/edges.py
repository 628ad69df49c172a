# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""The signs of a word or number beside what was found: whether it belongs to the same identifier.

A name, an address or a code is often found in part: its surname and not the small given name before it, the shop and
not the street that tells which one, the digits and not the letters in front of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from curator.detect.text.odds.spoken import small, within
from curator.detect.text.odds.tokens import Token, token_of
from curator.detect.text.odds.view import View
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding, merge

#: Signs of a candidate; names of the table's columns. Each is seen apart by side and category.
SIGNS = (
    "gap", "word", "shape", "bits", "form", "edge", "edge shape", "edge bits", "rule", "beyond", "beyond found",
    "gap+shape", "gap+bits", "gap+word", "gap+form", "word+edge", "word+beyond", "word+beyond found", "shape+edge shape",
    "shape+edge bits", "gap+shape+beyond", "rule+gap+shape", "rule+word", "bits+edge bits", "shapes", "size", "size+shape",
    "form+beyond", "end+gap",
)  # fmt: skip
#: Marks that may stand between, and how many characters in all.
_MARKS, _WIDEST = frozenset("-‐‑'’.,&/#@+(:_"), 3
#: Tokens that are added to one side of a finding at most.
_STEPS = 6
#: Letters of what a full stop shortens: St. Clair, Jun. 22.
_SHORTENED = 3
#: What leads to a date, and is no part of it: came in on, since about.
_LEADING = frozenset(
    ["about", "after", "around", "at", "before", "by", "during", "from", "in", "on", "since", "till", "until", "when"]
)
#: What is added is never surer than this.
_SURE = 0.5
_KINDS = {Category.NAME: "N", Category.GEOGRAPHY: "G", Category.DATE: "D"}
_SMALL_SHAPES = frozenset({"x", "x1"})
_KEPT_APART = frozenset({Category.DATE})
_WORDED = frozenset({Category.NAME, Category.GEOGRAPHY})
#: Small words of a sentence that no name or place has.
_SENTENCE = frozenset(
    ["is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "should", "may", "might", "must", "shall", "she", "he", "they", "we", "it", "i", "you", "his", "her", "my", "your", "their", "its", "him", "them", "this", "that", "these", "those", "which", "who", "whom", "whose", "there", "not", "so", "than", "then", "while", "when", "where", "after", "before", "during", "because", "until", "if", "but", "or", "as", "majoring", "used", "using", "followed", "seen", "sent", "noted", "given", "taken", "placed", "says", "said", "states", "reports", "denies", "shows", "showed", "yesterday", "hrs", "also", "very", "any", "some", "no", "near", "show", "need", "needs", "want", "wants", "about", "since", "from", "for", "with", "asks", "called", "got", "gets"]
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What counts behind a number: Turkey 3 months ago.
_COUNTED = re.compile(
    r"[ -](?:hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?|times?|pounds?|lbs?|ounces?|mg|mcg|mL|ml|cc|cm|mm|degrees?|minutes?|mins?|percent)\b|%"
)
#: Words that belong to a date beside them.
_DATED = frozenset(
    ["the", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mid", "early", "late", "end", "beginning", "start", "middle", "of", "e", "y", "first", "second", "third", "fourth", "fifth", "last", "next", "this", "and", "day", "days", "week", "weeks", "month", "months", "year", "years", "yrs", "wks", "mos", "eve", "orthodox", "greek", "chinese", "lunar", "good", "yom", "de", "del", "des", "der", "den", "le", "el"]
)  # fmt: skip
#: Words of an order, which stand before a day or a month and not behind one.
_ORDER = frozenset(["first", "second", "third", "fourth", "fifth"])
#: What stands before a telephone number as its label, and before a name as an article.
_BEFORE = {
    Category.PHONE: ("x",),
    Category.FAX: ("x",),
    Category.NAME: ("the", "a", "an", "this", "that", "pfc", "ssg", "sfc", "ssgt", "tsgt", "msgt", "cpt"),
}
_NONE = token_of("\n")
#: Degrees and licenses of two letters and more.
_DEGREES = frozenset(word for word in tables()["degree"].split() if len(word) > 1) - {"Jr", "Ph", "MA"}


@dataclass(frozen=True)
class Candidate:
    """What stands beside a finding: where it is, its side and category, and the signs that it belongs to it."""

    start: int
    end: int
    own: str
    signs: tuple[object, ...]

    def apart(self) -> tuple[object, ...]:
        """Return the signs, each with side and category, as the table holds them."""
        return tuple((self.own, *sign) if isinstance(sign, tuple) else (self.own, sign) for sign in self.signs)


def beside(view: View, finding: Finding, *, right: bool) -> Candidate | None:
    """Return what stands on one side of a finding, if it might belong to it.

    Parameters
    ----------
    view
        The text, in which all that is found is marked.
    finding
        What was found.
    right
        The side.
    """
    edge = view.token_at(finding.end - 1 if right else finding.start)
    tokens, found, step = view.tokens, view.found, 1 if right else -1
    if edge == len(tokens) or view.starts[edge] >= finding.end:
        return None  # it ends in a blank, or is one
    if right and finding.end < view.ends[edge]:
        start, end, at, gap = finding.end, view.ends[edge], edge, "~"
        token = token_of(view.text[start:end])
    elif not right and finding.start > view.starts[edge]:
        return None
    else:
        at = edge + step
        while 0 <= at < len(tokens) and tokens[at].word in _MARKS and abs(at - edge) < _WIDEST:
            at += step
        if not 0 <= at < len(tokens) or found[at]:
            return None
        start, end, token = view.starts[at], view.ends[at], tokens[at]
        between = view.text[finding.end : start] if right else view.text[end : finding.start]
        if len(between) > _WIDEST or "\n" in between or not token.word[0].isalnum():
            return None
        if finding.category not in _KINDS and token.shape in _SMALL_SHAPES and " " in between:
            return None  # a code goes on in digits and capitals
        if not right and token.word.lower() in _BEFORE.get(finding.category, ()):
            return None  # a label, an article
        if "," in between and " " not in between:
            return None  # the cells of a row
        if finding.category in _WORDED and (
            (token.word in _SENTENCE and " " in between and not view.quiet)
            or (token.shape[0] == "d" and _COUNTED.match(view.text, end))
        ):
            return None  # a sentence goes on
        if (
            finding.category in _WORDED
            and " " in between
            and small(token)
            and not _is_article(token, finding, right=right)
            and (between not in {" ", ". "} or not within(view, at, step))
        ):
            return None  # a small word that nothing named goes on behind
        if finding.category is Category.DATE and " " in between and token.own and token.word.lower() not in _DATED:
            return None  # of all words only those of times go on a date
        if right and finding.category is Category.NAME and between[:1] == " " and token.word in _DEGREES:
            return None  # what somebody is
        if right and finding.category is Category.DATE and token.word in _ORDER:
            return None  # what was second or third on a day
        if right and finding.category is Category.DATE and "#" in between:
            return None  # dispensed on a day, so many
        if right and finding.rule == "date.holiday" and token.shape[0] == "d" and len(token.word) < _SHORTENED:
            return None  # since Thanksgiving, 2 falls
        if finding.category is Category.NAME and between == " " and _plain(token):
            return None  # a plain word begins what comes next
        if finding.category is Category.NAME and not right and view.quiet and _everyday(token):
            return None  # a word of everyday ends what came before
        if finding.category is Category.NAME and between == " " and token.shape == "x1" and tokens[edge].capital:
            return None  # an initial of a name that is written with capitals is one
        if right and finding.rule == "date.day-list" and _YEAR.fullmatch(token.word):
            return None  # a year alone stays
        if "." in between and _closes(tokens[edge if right else at], finding.category):
            return None  # the end of a sentence
        if not right and finding.category is Category.DATE and token.word in _LEADING:
            return None
        if (
            not right
            and token.word == "the"
            and (finding.rule == "date.ordinal" or view.text[finding.start].isdecimal())
        ):
            return None  # the 12th; the Fourth is one
        gap = between.replace("\t", "_").replace(" ", "_") or "0"
    own = ("r" if right else "l") + _KINDS.get(finding.category, "O")
    return Candidate(start, end, own, _signs(view, finding, right=right, edge=edge, at=at, token=token, gap=gap))


def _closes(token: Token, category: Category) -> bool:
    """Say whether a full stop behind a word or number ends a sentence: St. and Jun. go on, and so does 22. Juni."""
    return len(token.word) > _SHORTENED or (token.shape[0] == "d" and category not in _KEPT_APART)


def _everyday(token: Token) -> bool:
    """Say whether a word is one of everyday and no given name and none of the common surnames."""
    return "w" in token.bits and "g" not in token.bits and "S" not in token.bits


def _plain(token: Token) -> bool:
    """Say whether a word is one of everyday or of medicine and of no list of names, and too long for a particle."""
    bits = set(token.bits)
    return len(token.word) > _SHORTENED and bool(bits & set("wmI")) and not bits & set("gSsi")


def _signs(
    view: View, finding: Finding, *, right: bool, edge: int, at: int, token: Token, gap: str
) -> tuple[object, ...]:
    tokens, found, step = view.tokens, view.found, 1 if right else -1

    def other(number: int) -> tuple[Token, str]:
        return (tokens[number], found[number]) if 0 <= number < len(tokens) else (_NONE, "")

    me = tokens[edge]
    (one, mark1), (_, mark2) = other(at + step), other(at + 2 * step)
    marks = (mark1, mark2)
    word, shape, bits, last = token.low, token.shape, token.bits, token.word[-3:].lower()
    form = _form(view.text, view.starts[at], view.ends[at])
    size = str(min(edge - view.token_at(finding.start) if right else view.token_at(finding.end - 1) - edge, 3))
    beyond = one.low
    return (
        gap, word, shape, bits, form, me.low, me.shape, me.bits, finding.rule, beyond, marks,
        (gap, shape), (gap, bits), (gap, word), (gap, form), (word, me.low), (word, beyond), (word, *marks), (shape, me.shape),
        (shape, me.bits), (gap, shape, beyond), (finding.rule, gap, shape), (finding.rule, word), (bits, me.bits), (shape, me.shape, one.shape), size, (size, shape),
        (form, beyond), (last, gap),
    )  # fmt: skip


def _form(text: str, start: int, end: int) -> str:
    """Return the form of a run without spaces that holds a digit, with 9, A and a for its marks; empty for a word."""
    while start and not text[start - 1].isspace() and end - start < 24:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - start < 24:
        end += 1
    run = text[start:end]
    if not any(map(str.isdigit, run)):
        return ""
    marks = ["9" if one.isdigit() else "A" if one.isupper() else "a" if one.islower() else one for one in run]
    return "".join(one for at, one in enumerate(marks) if not at or marks[at - 1] != one)


def walk(view: View, finding: Finding, belongs: Callable[[Candidate], bool]) -> Finding:
    """Return a finding with all that belongs to it on both sides, as a judge says of one candidate after the other.

    What is taken is marked in the view.
    """
    for right in (True, False):
        taken = []
        for _ in range(_STEPS):
            candidate = beside(view, finding, right=right)
            if candidate is None or not belongs(candidate):
                break
            taken.append((finding, candidate))
            finding = _with(finding, candidate, right=right)
            view.found[view.token_at(candidate.start)] = _KINDS.get(finding.category, "O")
        while (
            taken
            and finding.category in _WORDED
            and not _is_article(view.tokens[view.token_at(taken[-1][1].start)], finding, right=right)
            and _ends_small(view, taken[-1][1], right=right)
        ):
            finding, candidate = taken.pop()
            view.found[view.token_at(candidate.start)] = ""
    return finding


def _is_article(token: Token, finding: Finding, *, right: bool) -> bool:
    """Say whether a word is the article of a place: the Arboretum."""
    return not right and finding.category is Category.GEOGRAPHY and token.word.lower() == "the"


def _ends_small(view: View, candidate: Candidate, *, right: bool) -> bool:
    """Say whether what was taken last is a small word apart, with nothing found beyond it."""
    at, text = view.token_at(candidate.start), view.text
    beyond = at + 1 if right else at - 1
    apart = text[candidate.start - 1] == " " if right else text[candidate.end] in " ,"
    return apart and small(view.tokens[at]) and not (0 <= beyond < len(view.tokens) and view.found[beyond])


def _with(finding: Finding, candidate: Candidate, *, right: bool) -> Finding:
    return replace(finding, end=candidate.end) if right else replace(finding, start=candidate.start)


def widened(view: View, findings: Iterable[Finding], belongs: Callable[[Candidate], bool]) -> Iterator[Finding]:
    """Yield what belongs to findings and is not covered by them: each with what it belongs to, dates apart from it."""
    for finding in merge(findings):
        made = walk(view, finding, belongs)
        if made == finding:
            continue
        wide = replace(made, rule="odds.edge", confidence=min(made.confidence, _SURE))
        if finding.category not in _KEPT_APART:
            yield wide
            continue
        before, behind = view.text[made.start : finding.start].rstrip(), view.text[finding.end : made.end]
        if before:
            yield replace(wide, end=made.start + len(before))
        if behind:
            yield replace(wide, start=made.end - len(behind.lstrip()))
