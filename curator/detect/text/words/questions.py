# ruff: noqa: E501 - a pattern or a condition that is cut into lines hides what it matches
"""Short questions as clinicians ask them of a book or a machine: most names in them are of signs, scores, drugs and papers.

A bare family name stays there when nothing tells of somebody; a given name, a title, a role or a relation always tells.
"""

from __future__ import annotations

import re

from curator.detect.text.words.borne import BY, GIVEN, PLACED, borne, firsts, usual, versus
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import BARE, CAPITAL, MONTH, ROLE, TITLE, tables

#: A question to a book or to a machine is no longer than this.
_SHORT = 600


def asks(text: str) -> bool:
    """Say whether a text is one short question, as a clinician asks one: most names in it are of signs, drugs and trials."""
    return len(text) < _SHORT and "?" in text and text.count("\n") < 3


def unsaid(found: Spots, first: int, *, city: bool, known: bool) -> bool:
    """Say whether nothing before a family name in a question tells of somebody or of a place.

    What no list of terms has goes on to count as somebody's where a title or a role stands anywhere in the text.
    """
    words, spans, text = found.words, found.spans, found.text
    if not first or text[spans[first][1] : spans[first][1] + 1] in {"'", "’", ":", "/"}:
        return False
    before, gap = words[first - 1], text[spans[first - 1][1] : spans[first][0]]
    word = words[first]
    if word.folded in firsts() or before.flags & MONTH or before.kind in GIVEN or word.upper:
        return False
    if known and word.folded in usual():
        known = False
    if before.low in _CARED:
        return False
    if not known and (before.low in _OF_SOMEBODY or any(other.flags & (TITLE | ROLE | BARE) for other in words)):
        return False
    if before.low == "per" and gap == " ":
        return text[spans[first][1] : spans[first][1] + 1] == "?"
    if before.low in BY or before.low in PLACED or (city and before.flags & CAPITAL):
        return False
    return "." not in gap and "\n" not in gap and "?" not in gap


#: Before somebody in a question as often as before a thing.
_OF_SOMEBODY = frozenset(["is", "was", "are", "were", "has", "had", "will", "can", "did", "if", "when", "that", "open", "opened", "read", "on", "an", "ask", "send", "sent", "give", "gave", "put", "move", "transfer", "book", "minutes", "and", "under", "his", "her", "s", "re", "because", "but", "so", "then"])  # fmt: skip

#: What is done to a patient: discharge Roe, extubate Roe.
_CARED = frozenset(["discharge", "discharging", "admit", "admitting", "readmit", "extubate", "extubating", "intubate", "intubating", "transfuse", "transfusing", "dialyze", "dialyse", "wean", "weaning", "examine", "examined", "evaluate", "sedate", "restrain", "rescan", "scan", "image", "medicate", "premedicate", "anticoagulate", "cardiovert", "start", "started", "starting", "keep", "bring", "tell", "told", "call", "called", "page", "paged", "see", "saw", "seen", "seeing", "treat", "treating", "feed", "walk", "ambulate", "consent", "clear", "clearing", "prep", "switch", "let", "help", "follow", "following", "letting", "giving", "sending", "moving", "transferring", "keeping", "turn", "round", "rounded", "rounding", "staff", "text", "texted", "message", "email", "warn", "reassure", "counsel"])  # fmt: skip

#: Letters and a figure as genes have them.
_GENE = re.compile(r"[A-Z]{2,7}[0-9][A-Z]?[0-9]?$")

_CHOICES = frozenset(["use", "using", "than", "by", "is", "are", "between", "vs", "versus", "prefer", "which", "does", "do", "compare", "or"])  # fmt: skip


def asked(found: Spots, first: int, last: int, end: int) -> bool:
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
            and not any(word.folded in firsts() for word in words[first : last + 1])
        )
    before = words[first - 1] if first else None
    if last > first and versus(found, first, last):
        return True
    if before is not None and (before.low in BY - {"by"} or before.low in PLACED or before.kind in GIVEN):
        return False
    after = last + 1
    following = words[after] if after < len(words) else None
    gap = text[end : spans[after][0]] if following is not None else ""
    if versus(found, first, last) and not (following is not None and following.flags & CAPITAL and gap == " "):
        return not (first == last and words[first].folded in firsts())
    if before is not None and words[last].folded not in firsts() and _weighed(found, first):
        return True
    if following is None:
        return False
    if gap in {" ", "'s ", "’s "} and following.upper and following.kind in "MA" and 1 < len(following.low) < 7:
        return not (first == last and (words[first].folded in firsts() or following.low in _DEGREES))
    if gap == " " and following.low in {"data", "formula", "formulas", "equation", "chart", "charts", "curve", "nomogram", "cutoff", "cutoffs", "paper", "trial", "study", "numbers", "et"}:  # fmt: skip
        return True
    return (
        before is not None
        and before.low in _CHOICES
        and words[last].folded not in firsts()
        and (
            (following.low == "or" and after + 1 < len(words) and bool(words[after + 1].flags & CAPITAL))
            or before.low == "or"
        )
        and (before.low != "or" or (first > 1 and bool(words[first - 2].flags & CAPITAL)))
    )


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
    return (
        (other.kind == "M" and not other.flags & (TITLE | ROLE))
        or other.folded in borne().sure
        or other.folded in borne().scales
    )


_DEGREES = frozenset(word.lower() for word in tables()["degree"].split())
