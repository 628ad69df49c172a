# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Papers by their authors, trials in capitals, diseases with the word for it left out, heads of forms: per Lau 2020, after PERSEUS, known Wilson's."""

from __future__ import annotations

import re

from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.words.borne import NUMBERED, borne, usual
from curator.detect.text.words.spots import Spots

#: A paper's year, its other authors or its journal behind a family name.
_CITED = re.compile(
    r",?[ ]et[ ]al\b|['’]s?[ ](?:(?:19|20)\d\d|classic|landmark|original|seminal)[ ]|(?:['’]s?)?[ ](?:\(?(?:19|20)\d\d\)?[ ])?(?:paper|trial|study|meta-analysis|metaanalysis|textbook|trialists|et[ ]al)\b|,?[ ]\(?(?:the[ ])?(?:NEJM|JAMA|Lancet|BMJ|CHEST|Chest|Blood|JCO|Circulation|Gut|Ann[ ]Intern[ ]Med|N[ ]Engl|Cochrane|Nature|Science|Stroke|Neurology|Gastroenterology|Hepatology)\b"
)

#: A year behind a name, and what ends or goes on the sentence there.
_YEAR = re.compile(
    r",?[ ]\(?(?:19[5-9]|20[0-4])\d[a-c]?\)?(?=[?.,;:)\]\n/]|$|[ ](?:and|or|vs\.?|versus|which|that|is|was|says?|paper|data)\b)"
)

FOUND = re.compile(
    r"[ ]\(?(?:19[5-9]|20[0-4])\d[a-c]?\)?[ ](?:showed?|shows|found|finds|used|uses|suggests?|suggested|included|enrolled|excluded|argued?|proposed|defined?|describes?|described|compared|randomi[sz]ed|claims?)\b"
)

#: Before a paper: per Lau 2020, cf. Amato 2015.
_CITES = frozenset(["per", "cf", "see", "vs", "versus", "following", "after", "in", "from", "than", "contra", "eg", "like", "g", "ref", "according", "citing", "cited"])  # fmt: skip

#: What goes on behind a trial's name in capitals.
_TRIED = re.compile(
    r"[ ](?:trial|study|data|criteria|cohort|showed?|shows|found|used|enrolled|excluded|included|randomi[sz]ed|leave|left|say|says|tell|vs\.?|versus|style|regimen|protocol|arm|subgroup|population|results?|exclu\w+|stop\w*|prove[sd]?|extension|OLE|PFS|OS)\b|-like\b|['’]s[ ]|\?|[ ]?\("
)

#: A vessel that an artery is joined to: LIMA to LAD.
_GRAFTED = re.compile(r"[ ](?:to|-)[ ]?(?:mid |distal )?(?:LAD|OM\d?|PDA|RCA|D\d|LCx|[Dd]iag\w*|[Rr]amus)\b")

_BEFORE_TRIAL = frozenset(["in", "did", "does", "the", "of", "vs", "versus", "after", "per", "and", "from", "via", "like", "since", "post", "following", "by", "with", "is", "was", "or", "on", "cite", "cites", "than", "both", "as"])  # fmt: skip

_PAPER_BY = frozenset(["by", "with", "w", "dr", "at", "for"])

YEARS = frozenset("12(&+")

PAPERS = frozenset(["et", "paper", "trial", "study", "meta", "metaanalysis", "textbook", "trialists", "nejm", "jama", "lancet", "bmj", "the", "classic", "landmark", "original", "seminal", "chest", "blood", "jco", "circulation", "gut", "ann", "n", "cochrane", "nature", "science", "stroke", "neurology", "gastroenterology", "hepatology"])  # fmt: skip


def cited(found: Spots, first: int, last: int, end: int) -> bool:
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
        return FOUND.match(text, end) is not None
    if FOUND.match(text, end):
        return words[first - 1].low not in _PAPER_BY
    if not _YEAR.match(text, end):
        return False
    before, gap = words[first - 1].low, text[spans[first - 1][1] : spans[first][0]]
    return before in _CITES and gap in {" ", ". ", "., ", ".g. ", ": ", ".g., ", " ("}


#: A disease that somebody has: with Wilson's, known Sjogren's.
_OWNED = re.compile(r"['’]s?(?=[,.;?)\n]|$|[ ](?:and|or|vs|on|with|in|now|who|but|plus|since|flare)\b)")

_HAS = frozenset(["with", "has", "have", "had", "no", "for", "hx", "known", "w", "vs", "and", "or", "if", "is", "have", "possible", "suspected", "likely", "early", "severe", "mild", "rule", "out", "w/u", "dx"])  # fmt: skip


def owned(found: Spots, first: int, last: int, end: int) -> bool:
    """Say whether somebody has a disease that bears a name, the word for it left out."""
    if first != last or not first or found.text[end : end + 1] not in {"'", "’"}:
        return False
    word = found.words[first].folded
    if word in usual() and word not in lexicon().eponyms:
        return False
    return (
        (word in borne().sure or word in lexicon().eponyms or word in lexicon().medical)
        and found.words[first - 1].low in _HAS
        and _OWNED.match(found.text, end) is not None
    )


FORMS = frozenset(["form", "examination", "exam", "certificate", "questionnaire", "screening", "clearance", "physical", "card", "immunization"])  # fmt: skip

_OF_FORMS = frozenset(["camp", "dot", "school", "sports", "sport", "student", "employee", "annual", "travel", "child", "athlete", "driver", "youth", "oral", "dental", "childhood", "staff"])  # fmt: skip


def formed(found: Spots, last: int, end: int) -> bool:
    """Say whether a form's head looks like a house: CAMP HEALTH FORM, DOT MEDICAL EXAMINATION."""
    words, after = found.words, last + 1
    return (
        last > 0
        and after < len(words)
        and words[after].low in FORMS
        and words[last - 1].low in _OF_FORMS
        and found.text[end : found.spans[after][0]] == " "
    )


def tried(found: Spots, at: int, end: int) -> bool:
    """Say whether a word in capitals amid small letters is a trial: per PERSEUS; did NELSON leave out."""
    words, spans, text = found.words, found.spans, found.text
    before = words[at - 1] if at else None
    following = words[at + 1] if at + 1 < len(words) else None
    if before is not None and before.upper and len(before.low) > 3 and text[spans[at - 1][1] : spans[at][0]] == " ":
        return False
    if following is not None and following.upper and len(following.low) > 3 and text[end : spans[at + 1][0]] == " ":
        return False
    if NUMBERED.match(text, end) or _GRAFTED.match(text, end):
        return True
    told = before is not None and before.low in _BEFORE_TRIAL
    start = spans[at][0]
    if before is not None and text[start - 2 : start] == " (" and text[end : end + 1] == ")" and before.kind == "M":
        return True
    if words[at].folded in usual():
        return (
            before is not None and before.low in {"in", "did", "does", "the", "vs", "versus"} and before.low != "w"
        ) or (told and _TRIED.match(text, end) is not None and text[end : end + 1] != "?")
    return told or _TRIED.match(text, end) is not None
