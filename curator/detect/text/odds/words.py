# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""The signs of a word that no rule has found: what it is, what stands around it, what the text says of it elsewhere."""

from __future__ import annotations

from curator.detect.text.odds.tokens import NOTHING, token_of
from curator.detect.text.odds.view import View

#: Signs of the word itself, looked up once a process; names of the table's columns.
OWN = ("bits", "shape", "kind", "like", "shape+bits", "kind+like", "length", "word", "end")
#: Signs of the words beside it by the lists that have them, which settle many words.
LISTED = ("before+bits", "bits+after", "lists before", "lists after")
#: The other signs of the words beside it, which settle most of the rest.
NEXT = (
    "before", "after", "found before", "found after", "before+shape", "after+shape", "before+kind", "after+kind",
)  # fmt: skip
#: Signs of shapes and of the run of capitals around it, which settle nearly all others.
RUNS = (
    "shapes", "shapes5", "lists before+own", "own+lists after", "shapes+bits", "run ends", "run last", "run first", "first+bits",
)  # fmt: skip
#: Signs of all else around it.
FURTHER = (
    "before2", "before3", "after2", "after3", "before2+1", "after1+2", "both",
    "place in run", "run before", "run after", "run both", "run before+", "run after+",
    "small elsewhere", "name elsewhere", "place elsewhere", "loud", "loud+bits", "loud+shape", "foreign", "foreign+bits",
    "first", "first+shape",
)  # fmt: skip
BESIDE, AROUND = (*LISTED, *NEXT), (*RUNS, *FURTHER)
_NONE = token_of("\n")
_BREAKS = frozenset("\n.?!:;•*-–>")
#: So many words with capitals are looked at on each side.
_RUN = 4


def listed(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of ``LISTED`` of a word, the number of a token of the view."""
    tokens = view.tokens
    bits = tokens[at].bits
    one = tokens[at - 1] if at else _NONE
    next1 = tokens[at + 1] if at + 1 < len(tokens) else _NONE
    return (one.low, bits), (bits, next1.low), one.signature, next1.signature


def following(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of ``NEXT`` of a word, the number of a token of the view."""
    tokens, found = view.tokens, view.found
    me, last = tokens[at], len(tokens) - 1
    before = tokens[at - 1].low if at else NOTHING
    after = tokens[at + 1].low if at < last else NOTHING
    shape, kind = me.shape, me.own[2]
    return (
        before, after,
        (found[at - 1] if at else "", found[at - 2] if at > 1 else ""),
        (found[at + 1] if at < last else "", found[at + 2] if at + 1 < last else ""),
        (before, shape), (after, shape), (before, kind), (after, kind),
    )  # fmt: skip


def beside(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of the words beside a word, in the order of ``BESIDE``.

    Parameters
    ----------
    view
        The text.
    at
        Number of the word among its tokens.
    """
    return listed(view, at) + following(view, at)


def _run(view: View, at: int) -> tuple[int, int]:
    """Return the numbers of the first and last word of the run of capitals around a word."""
    tokens, found, size = view.tokens, view.found, len(view.tokens)
    first = last = at
    while first and at - first < _RUN and tokens[first - 1].capital and not found[first - 1]:
        first -= 1
    while last + 1 < size and last - at < _RUN and tokens[last + 1].capital and not found[last + 1]:
        last += 1
    return first, last


def runs(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of ``RUNS`` of a word, the number of a token of the view."""
    tokens, last_at = view.tokens, len(view.tokens) - 1
    me = tokens[at]
    shape, bits, signature = me.shape, me.bits, me.signature
    one = tokens[at - 1] if at else _NONE
    two = tokens[at - 2].shape if at > 1 else NOTHING
    next1 = tokens[at + 1] if at < last_at else _NONE
    next2 = tokens[at + 2].shape if at + 1 < last_at else NOTHING
    first, last = _run(view, at)
    begins = "1" if not at or one.word in _BREAKS else "0"
    return (
        (one.shape, shape, next1.shape), (two, one.shape, shape, next1.shape, next2),
        (one.bits, signature), (signature, next1.bits), (one.shape, bits, next1.shape),
        (tokens[first].bits, tokens[last].bits, str(min(last - first, 3))), tokens[last].low, tokens[first].low, (begins, bits),
    )  # fmt: skip


def further(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of ``FURTHER`` of a word, the number of a token of the view."""
    tokens, size = view.tokens, len(view.tokens)

    def low(number: int) -> str:
        return tokens[number].low if 0 <= number < size else NOTHING

    me = tokens[at]
    shape, bits, word = me.shape, me.bits, me.word.lower()
    one, two, three, next1, next2, next3 = low(at - 1), low(at - 2), low(at - 3), low(at + 1), low(at + 2), low(at + 3)
    first, last = _run(view, at)
    left, right, run = low(first - 1), low(last + 1), str(min(last - first, 3))
    loud, foreign = view.loud(view.starts[at]), view.foreign
    begins = "1" if not at or tokens[at - 1].word in _BREAKS else "0"
    return (
        two, three, next2, next3, (two, one), (next1, next2), (one, next1),
        (str(min(at - first, 3)), str(min(last - at, 3))), left, right, (left, right), (left, shape, run), (right, shape, run),
        "1" if word in view.small else "0", "1" if word in view.names else "0", "1" if word in view.places else "0",
        loud, (loud, bits), (loud, shape), foreign, (foreign, bits), begins, (begins, shape),
    )  # fmt: skip


def around(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of all else around a word, in the order of ``AROUND``.

    Parameters
    ----------
    view
        The text.
    at
        Number of the word among its tokens.
    """
    return runs(view, at) + further(view, at)
