# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""The signs of a word that no rule has found: what it is, what stands around it, what the text says of it elsewhere."""

from __future__ import annotations

from curator.detect.text.odds.tokens import NOTHING, Token, token_of
from curator.detect.text.odds.view import View

#: Signs of the word itself, looked up once a process; names of the table's columns.
OWN = ("bits", "shape", "kind", "like", "shape+bits", "kind+like", "length", "word", "end")
#: Signs of the words beside it, which settle most words.
BESIDE = (
    "before", "after", "found before", "found after", "before+shape", "after+shape", "before+kind", "after+kind",
    "before+bits", "bits+after", "lists before", "lists after",
)  # fmt: skip
#: Signs of all else around it.
AROUND = (
    "before2", "before3", "after2", "after3", "before2+1", "after1+2", "both", "shapes", "shapes5",
    "lists before+own", "own+lists after", "shapes+bits",
    "place in run", "run before", "run after", "run both", "run before+", "run after+", "run ends", "run last", "run first",
    "small elsewhere", "name elsewhere", "place elsewhere", "loud", "loud+bits", "loud+shape", "foreign", "foreign+bits",
    "first", "first+bits", "first+shape",
)  # fmt: skip
_NONE = token_of("\n")
_BREAKS = frozenset("\n.?!:;•*-–>")
#: So many words with capitals are looked at on each side.
_RUN = 4


def beside(view: View, at: int) -> tuple[object, ...]:
    """Return the signs of the words beside a word, in the order of ``BESIDE``.

    Parameters
    ----------
    view
        The text.
    at
        Number of the word among its tokens.
    """
    tokens, found = view.tokens, view.found
    me, last = tokens[at], len(tokens) - 1
    one = tokens[at - 1] if at else _NONE
    next1 = tokens[at + 1] if at < last else _NONE
    shape, bits, kind, before, after = me.shape, me.bits, me.own[2], one.low, next1.low
    return (
        before, after,
        (found[at - 1] if at else "", found[at - 2] if at > 1 else ""),
        (found[at + 1] if at < last else "", found[at + 2] if at + 1 < last else ""),
        (before, shape), (after, shape), (before, kind), (after, kind), (before, bits), (bits, after),
        one.signature, next1.signature,
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
    tokens, found, size = view.tokens, view.found, len(view.tokens)

    def token(number: int) -> Token:
        return tokens[number] if 0 <= number < size else _NONE

    me = tokens[at]
    shape, bits = me.shape, me.bits
    one, two, three = token(at - 1), token(at - 2), token(at - 3)
    next1, next2, next3 = token(at + 1), token(at + 2), token(at + 3)
    first = last = at
    while first and at - first < _RUN and tokens[first - 1].capital and not found[first - 1]:
        first -= 1
    while last + 1 < size and last - at < _RUN and tokens[last + 1].capital and not found[last + 1]:
        last += 1
    left = tokens[first - 1].low if first else NOTHING
    right = tokens[last + 1].low if last + 1 < size else NOTHING
    run = str(min(last - first, 3))
    low, loud = me.word.lower(), view.loud(view.starts[at])
    foreign = view.foreign
    begins = "1" if not at or one.word in _BREAKS else "0"
    return (
        two.low, three.low, next2.low, next3.low, (two.low, one.low), (next1.low, next2.low), (one.low, next1.low),
        (one.shape, shape, next1.shape), (two.shape, one.shape, shape, next1.shape, next2.shape),
        (one.bits, me.signature), (me.signature, next1.bits), (one.shape, bits, next1.shape),
        (str(min(at - first, 3)), str(min(last - at, 3))), left, right, (left, right), (left, shape, run), (right, shape, run),
        (tokens[first].bits, tokens[last].bits, run), tokens[last].low, tokens[first].low,
        "1" if low in view.small else "0", "1" if low in view.names else "0", "1" if low in view.places else "0",
        loud, (loud, bits), (loud, shape), foreign, (foreign, bits), begins, (begins, bits), (begins, shape),
    )  # fmt: skip
