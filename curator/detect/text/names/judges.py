"""Splits a run of capitalized words at titles and at what cannot be part of a name, and has the pieces weighed."""

from __future__ import annotations

import re
from functools import cache

from curator.detect.text.lists.gazetteer import towns
from curator.detect.text.lists.lexicon import fold, lexicon
from curator.detect.text.names.around import NUMBERED
from curator.detect.text.names.pieces import Piece, weigh
from curator.detect.text.names.titles import take_titled
from curator.detect.text.words.contexts import acts, begins, degree, described, eponym, told, wanted
from curator.detect.text.words.runs import LETTERED, Token
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import ANCHOR, BARE, COLON, DONE, FAMILY, LOOSE, PARTICLE, ROLE, TITLE, tables


def judge(found: Spots, run: list[Token], pieces: list[Piece], certain: set[str]) -> None:
    """Split a run at titles and at what cannot be part of a name, and add the pieces that are names."""
    text = found.text
    count = len(run)
    if count == 1 and run[0].kind in _SURE and not run[0].word.flags & TITLE:
        weigh(found, run, pieces)
        return
    piece: list[Token] = []
    for number, token in enumerate(run):
        following = run[number + 1] if number + 1 < count else None
        word = token.word
        if word.upper and following is not None and not piece and word.low in _WHOSE and token.kind != "S":
            continue  # BROUGHT IN BY HER SON, LEROY
        if word.flags & TITLE and (not word.flags & LOOSE or (following is not None and token.kind in "WMgs")):
            if piece:
                weigh(found, piece, pieces)
                piece = []
            take_titled(found, token.last, pieces)
            if pieces and pieces[-1].start > token.start and following is not None:
                _rest(found, run, pieces, certain)
                return
            if not word.flags & LOOSE:
                continue
        if (
            following is not None
            and not piece
            and word.flags & BARE
            and token.kind in "gsrnWM"
            and not word.flags & TITLE
        ):
            continue
        if (
            word.upper
            and word.flags & PARTICLE
            and piece
            and following is not None
            and following.word.upper
            and following.kind not in "WMA"
        ):
            token.points, token.kind = 0.0, "I"
            piece.append(token)
            continue
        if (
            following is not None
            and word.flags & (ROLE | LOOSE)
            and not piece
            and "," not in text[token.end : following.start]
        ) and not (word.listed and following.kind in "SR" and token.kind in "GSn"):
            continue
        if (
            token.kind == "I"
            and number
            and run[number - 1].word.folded in LETTERED
            and text[token.end : token.end + 1] != "."
        ):
            if piece and piece:
                weigh(found, piece, pieces)
                piece = []
            continue
        if len(piece) == 1 and piece[0].kind == "I" and "," in text[piece[-1].end : token.start]:
            piece = []
        if len(piece) > 1 and piece[0].kind in "IGng" and "," in text[piece[-1].end : token.start] and piece:
            weigh(found, piece, pieces)
            piece = []
        if token.kind in "MA" and word.listed and text[token.start].islower():
            token.kind, token.points = "S", 1.6
        if token.kind in "MA":
            if _wrapped(found, token, piece, following, run[-1].end):
                token.kind, token.points = ("g", 1.0) if _given(word.folded) else ("s", 0.6)
                piece.append(token)
            elif piece:
                weigh(found, piece, pieces)
                piece = []
            continue
        if (
            token.kind == "W"
            and not piece
            and not told(found, token.first)
            and not wanted(found, token.first)
            and not _leads(found, token, following, run[-1].end)
        ):
            continue
        piece.append(token)
    if piece:
        weigh(found, piece, pieces)


def _leads(found: Spots, token: Token, following: Token | None, end: int) -> bool:
    """Say whether a word of everyday or of medicine is the given name before a family name: Felicity Roe, MD."""
    if following is None or following.kind not in "GSRUu" or token.word.flags & (COLON | TITLE | ROLE | BARE | DONE):
        return False
    text, start = found.text, token.start
    if text[token.end : following.start] != " " or token.end - token.start < 3:
        return False
    lead = text[max(0, start - 2) : start]
    return lead == ": " or (
        (degree(text, end) or degree(text, following.end))
        and (not lead or lead[-1] == "\n" or lead in {". ", ", ", "  "})
    )


def _rest(found: Spots, run: list[Token], pieces: list[Piece], certain: set[str]) -> None:
    """Judge what a title in the midst of a run left."""
    rest = [token for token in run if token.start >= pieces[-1].end]
    if rest and len(rest) < len(run):
        judge(found, rest, pieces, certain)


def _wrapped(found: Spots, token: Token, piece: list[Token], following: Token | None, end: int) -> bool:
    """Say whether a medical word or an abbreviation stands as a name: Mary Graves, Hunter Lopez, Page, Ann."""
    text, word = found.text, token.word
    if eponym(found, token.last, token.end):
        return False
    if not piece and token.kind == "M" and not word.upper and _leads(found, token, following, end):
        return True
    if piece and "," in text[piece[-1].end : token.start]:
        if token.kind == "A" and degree(text, piece[-1].end):
            return False
        plain = token.kind == "A" or (word.listed and not word.flags & TITLE)
        first = piece[0].first
        if (
            word.upper
            and token.end - token.start == _STATE
            and _ZIP.match(text, token.end)
            and word.low in _states()
            and (
                not (told(found, first) or wanted(found, first))
                or fold(text[piece[0].start : piece[-1].end]) in towns()
            )
        ):
            return False
        return (
            token.end - token.start > 1
            and plain
            and piece[-1].kind in "GSRsnUu"
            and (
                told(found, first)
                or wanted(found, first)
                or described(text, token.end)
                or NUMBERED.match(text, token.end) is not None
            )
        )
    if (
        piece
        and piece[-1].kind in "GgIn"
        and (
            degree(text, token.end)
            or (
                following is None
                and piece[-1].kind == "G"
                and not word.upper
                and "," not in text[piece[-1].end : token.start]
                and (
                    told(found, piece[0].first)
                    or described(text, token.end)
                    or NUMBERED.match(text, token.end) is not None
                )
            )
        )
    ):
        return True
    if not word.listed:
        if (
            token.kind == "M"
            and not piece
            and following is not None
            and following.kind == "G"
            and "," in text[token.end : following.start]
            and following.word.upper == word.upper
        ):
            return told(found, token.first) or wanted(found, token.first)
        return (
            not piece
            and following is None
            and wanted(found, token.first)
            and token.kind == "M"
            and word.low not in _NO_VALUE
        )
    if token.kind == "A":
        return bool(
            word.upper
            and (
                wanted(found, token.first)
                or (
                    following is not None
                    and "," in text[token.end : following.start]
                    and following.kind in "Gg"
                    and told(found, token.first)
                )
                or (
                    piece
                    and piece[-1].word.upper
                    and piece[-1].kind in "Ggn"
                    and (told(found, piece[0].first) or wanted(found, piece[0].first))
                )
            )
        )
    if (
        following is not None
        and following.kind == "G"
        and not piece
        and word.flags & FAMILY
        and not word.flags & (COLON | BARE | TITLE)
        and text[token.end : following.start] in {", ", ","}
        and following.end == end
        and (token.start == 0 or text[token.start - 1] in "\n\t|" or text[token.start - 2 : token.start] == "  ")
        and _CELL_ENDS.match(text, end)
    ):
        return True
    joined = following is not None and "," not in text[token.end : following.start]
    if piece and all(part.kind == "I" for part in piece) and word.folded in lexicon().words:
        first, wide = piece[0].first, text[piece[-1].end : token.start] == ".  "
        return told(found, first) or degree(text, end) or described(text, end) or not (wide or begins(found, first))
    if piece and piece[-1].kind in "GISRugn" and (not joined or (following is not None and following.kind != "W")):
        return not word.upper or piece[-1].word.upper or piece[-1].kind == "I"
    if piece and piece[-1].kind == "U" and not joined:
        return (
            told(found, piece[0].first)
            or wanted(found, piece[0].first)
            or degree(text, token.end)
            or described(text, token.end)
        )
    if piece:
        return False
    if wanted(found, token.first):
        return True
    if following is None or not joined:
        if (
            following is not None
            and following.kind in "GgIn"
            and (
                told(found, token.first)
                or (
                    word.flags & FAMILY
                    and (
                        NUMBERED.match(text, following.end)
                        or text[following.end : following.end + 1] == ":"
                        or (
                            following.kind == "G"
                            and begins(found, token.first)
                            and (
                                acts(found, following.last, following.end)
                                or described(text, following.end)
                                or text[following.end : following.end + 3] == " - "
                            )
                        )
                    )
                )
            )
            and not following.word.flags & TITLE
        ):
            return True
        return following is None and told(found, token.first) and _named(found, token)
    assert following is not None
    if following.kind in "MWA" and not (following.word.listed and following.word.flags & FAMILY):
        return False
    return (
        told(found, token.first)
        or degree(text, end)
        or described(text, end)
        or (
            following.kind
            in ("SRursg" if not begins(found, token.first) or acts(found, following.last, following.end) else "SRu")
            and bool(word.flags & ANCHOR)
            and _given(word.folded)
            and not word.upper
        )
    )


#: How long the code of a state is, and the ZIP code behind one: Fern Hill, CO 81199.
_STATE = 2
_ZIP = re.compile(r"\.?[ ]{1,3}\d{5}(?:-\d{4})?(?![\w-])")


@cache
def _states() -> frozenset[str]:
    """Return the codes of states in small letters."""
    return frozenset(tables()["state_codes"].lower().split())


#: What a cell of a table or a line ends in.
_CELL_ENDS = re.compile(r"[ ]*(?:\n|\t|\||$)|[ ]{2}|[ ][(#]")
#: Classes of words of which one alone need not be split or wrapped.
_SURE = frozenset("GSRnugsrU")

#: Small words of a sentence in capitals before a relation.
_WHOSE = frozenset(["his", "her", "their", "my", "our", "your", "the"])
_NO_VALUE = frozenset(tables()["no_value_judges"].split())

_KIN = frozenset(tables()["kin_judges"].split())

_WITH_KIN = _KIN | {"to", "with", "by", "from"}
_NEVER = frozenset(tables()["never"].split())


def _given(folded: str) -> bool:
    words = lexicon()
    return folded in words.given or folded in words.international


#: Words that go on behind somebody who was spoken to: d/w Baker re plan.
_ABOUT = frozenset(["re", "regarding", "about", "who", "at", "from", "today", "this", "and", "by", "via"])


def _spoken_to(found: Spots, token: Token) -> bool:
    """Say whether a word stands between "spoke with" and what was spoken about."""
    words, at, after = found.words, token.first, token.last + 1
    if at < 2 or after >= len(words) or words[at - 1].low not in {"with", "to", "w"} or token.word.upper:
        return False
    return words[at - 2].low in {"spoke", "spoken", "d", "s", "discussed", "talked"} and words[after].low in _ABOUT


def _short(found: Spots, token: Token) -> bool:
    """Say whether a medical word of few capitals stands beside words in small letters: bro - NASH."""
    return token.end - token.start < 6 and not found.words[token.first - 1].upper


def _named(found: Spots, token: Token) -> bool:
    """Say whether a medical word alone behind a cue is who is meant: "Attending: Foley", "daughter Iris called"."""
    if (
        token.word.flags & (COLON | TITLE)
        or (token.word.upper and (token.end - token.start < 4 or _short(found, token)))
        or (
            token.word.low in _NEVER
            and found.words[token.first - 1].low not in {"to", "with", "by", "from", "for", "of"}
            and found.text[token.end : token.end + 1] == " "
            and not acts(found, token.last, token.end)
        )
    ):
        return False
    gap = found.text[found.spans[token.first - 1][1] : token.start].strip(" \t*_")
    if gap[:1] in {":", "|"}:
        return bool(token.word.flags & FAMILY)
    after = found.text[token.end : token.end + 1]
    return (_given(token.word.folded) or bool(token.word.flags & FAMILY)) and (
        acts(found, token.last, token.end)
        or described(found.text, token.end)
        or _spoken_to(found, token)
        or after in {".", ",", ")", ";", "", "\n", "?"}
        or (_given(token.word.folded) and found.words[token.first - 1].low in _WITH_KIN)
    )
