"""The words of one short text, with what each is by itself, and what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from curator.detect.text.lists.lexicon import fold, lexicon
from curator.identifiers.spelling import visible
from curator.scrub.dicom.descriptors_coils import is_coil
from curator.scrub.dicom.descriptors_eponyms import eponyms_of
from curator.scrub.dicom.descriptors_foreign import foreign_words
from curator.scrub.dicom.descriptors_letters import letters_of
from curator.scrub.dicom.descriptors_terms import (
    DOUBLE,
    LETTER,
    LIKE,
    MAYBE,
    NAME,
    NUMBER,
    OTHER,
    SHORT,
    TERM,
    WORD,
    cased,
    eastern,
    is_frequent,
    kind_of,
    leading,
    models,
)

#: Letters with the apostrophes inside of them, or digits with the points inside of them.
_EAST = "\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
#: Marks that combine with a letter, and what shows nothing and only parts a word.
_UNSEEN = "\u0300-\u036f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_LETTERS = rf"[^\W\d_{_EAST}](?:[^\W\d_{_EAST}]|[{_UNSEEN}])*"
#: Short forms of notes that are written with marks between their letters: a cut never goes through one.
_SHORT_FORMS = (
    r"(?<![\w/.])(?:[a-z]/[a-z](?:/[a-z])?|[SHRCWPBA]/O|S/P|[FP]/U|[DR]/T|B/L|N/V|[PAC]/W|[RL]/[RL]|A/P|P/A|[MF]/[MF]|K/C/O)(?![\w/])"
    r"|(?<![\w.])(?:[yY]\.[oO]|[zZsS]\.[nN]|V\.[aA]|v\.a|a\.p|p\.a|i\.v|p\.o|u\.a|z\.B|o\.B|s\.c|b\.i\.d|t\.i\.d)(?![\w])\.?"
)
_MARKED = re.compile("[/.]")
_PIECES = rf"[{_EAST}]+|{_LETTERS}(?:['’`´]{_LETTERS})*|\d+(?:[.,]\d+)*"
_PIECE, _PIECE_OR_FORM = re.compile(_PIECES), re.compile(f"{_SHORT_FORMS}|{_PIECES}")
#: Where a short form may stand at all.
_MAY_BE_FORM = re.compile(r"(?<![^\W_])[^\W\d_][/.][^\W\d_](?![^\W\d_])")
_EASTERN = re.compile(f"[{_EAST}]")
_LONGEST_TERM = 8
_CAMEL = re.compile(r"[^\W\d_a-z]?[^\W\d_A-Z]+|[^\W\d_a-z]+(?![^\W\d_A-Z])|[^\W\d_]+")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_CLOSE = re.compile(r"[ ]?[,^._'’&]{0,2}[ ]?|[-_^,.]{1,2}")
_PLAIN = frozenset({TERM, NUMBER, OTHER, LETTER})
#: What else stands in the name of a machine.
_OF_A_MACHINE = frozenset({TERM, NUMBER, OTHER, LETTER, WORD})
#: Letters from which on a word that no list has is looked at with what stands around it.
_LONG = 4
_SPELLED = LETTER * 3
_APOSTROPHES = str.maketrans("’`´", "'''")


def _humps(piece: str) -> list[tuple[int, int]]:
    """Return where the words begin and end that a change from small letters to capitals parts.

    The last of several capitals is the next word's, but where the capitals are a term and what follows is a word, or a
    term that is a surname with the capital: SagHFmosaic, TRknee, TRhead.
    """
    found = [part.span() for part in _CAMEL.finditer(piece)]
    for at in range(len(found) - 1):
        (start, end), (_, last) = found[at : at + 2]
        if (
            last - end > _LONG
            and piece[start : end + 1].isupper()
            and kind_of(fold(piece[start : end + 1])) == TERM
            and (rest := kind_of(fold(piece[end + 1 : last]))) in {TERM, WORD}
            and ((other := kind_of(fold(piece[end:last]))) in "Umu" or (other in {NAME, SHORT} and rest == TERM))
        ):
            found[at], found[at + 1] = (start, end + 1), (end + 1, last)
    return found


class Words:
    """A text taken apart.

    Attributes
    ----------
    spans
        Half-open ranges of words and numbers.
    folded
        Each in lower case without accents.
    kinds
        What each is (descriptors_terms).
    gone
        Whether each is to be taken out.
    figures
        Places of those that go as parts of numbers, dates and addresses: no name goes on beside them.
    called
        Places of names that are terms by what stands around them (descriptors_eponyms).
    phrased
        Those of them that only one word or name beside them makes a term of: Baker cyst, Hill-Sachs.
    sides
        Places of single letters that are sides (descriptors_letters).
    prose
        Whether the text is written in sentences: of eight words and more, most of them small, some with a capital.
    """

    __slots__ = (
        "_foreign",
        "called",
        "figures",
        "folded",
        "gone",
        "kinds",
        "phrased",
        "prose",
        "sides",
        "spans",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[tuple[int, int]] = []
        self.folded: list[str] = []
        self.kinds: list[str] = []
        pieces = _PIECE_OR_FORM if _MAY_BE_FORM.search(text) else _PIECE
        for match in pieces.finditer(text):
            piece = match[0]
            if piece[0].isdigit():
                self._add(match.start(), match.end(), piece, NUMBER)
                continue
            if _EASTERN.match(piece):
                self._east(piece, match.start())
                continue
            if _MARKED.search(piece):
                self._add(match.start(), match.end(), piece.lower().rstrip("."), TERM)
                continue
            low = fold(visible(piece).translate(_APOSTROPHES))
            kind = kind_of(low)
            if kind in "Umu" and low[0] == "d" and self.kinds[-1:] == [NUMBER] and self.spans[-1][1] == match.start():
                kind = TERM if kind_of(low[1:]) == TERM else kind  # 3DMERGE
            if piece in cased():
                kind = TERM
            if kind in "Umu" and _MIXED.search(piece):
                humps = _humps(piece)
                for start, end in humps:
                    low = fold(piece[start:end])
                    kind = kind_of(low)
                    if kind == DOUBLE and start == 1 and len(humps) == 2 and is_frequent(low):
                        kind = NAME  # an initial and a surname in one: JMiller
                    self._add(match.start() + start, match.start() + end, low, kind)
            else:
                self._add(match.start(), match.end(), low, kind)
        self.gone = [False] * len(self.spans)
        self.prose = _is_prose(text)
        self._foreign: bool | None = None
        self.figures: set[int] = set()
        self._glued()
        self._abroad()
        self.called: set[int] = set()
        self.phrased: set[int] = set()
        self.sides: set[int] = set()
        eponyms_of(self)
        letters_of(self)

    def of_machines(self) -> Words:
        """Take a name of a machine or a maker for a term, as in a text about one; return itself.

        Not where something else may tell of a person: a title, a comma, another name, or a given name or a second such
        name without a term. A word made of what coils are called is a term too.
        """
        for at, low in enumerate(self.folded):
            if self.kinds[at] in {LIKE, MAYBE, OTHER} and is_coil(low):
                self.kinds[at] = TERM
        named = {at for at, low in enumerate(self.folded) if low in models()}
        others = {self.kinds[at] for at in range(len(self.kinds)) if at not in named}
        alone = len(named) == 1 and lexicon().given.isdisjoint(self.folded)
        if (
            named
            and others <= _OF_A_MACHINE
            and (alone or TERM in others)
            and "," not in self.text
            and leading().isdisjoint(self.folded)
        ):
            self.kinds = [TERM if at in named else kind for at, kind in enumerate(self.kinds)]
        return self

    def _east(self, piece: str, start: int) -> None:
        """Part a run of ideographs and the like at the terms in it."""
        known = eastern()
        if piece in known:
            self._add(start, start + len(piece), piece, TERM)
            return
        at = rest = 0
        while at < len(piece):
            size = next((size for size in range(_LONGEST_TERM, 1, -1) if piece[at : at + size] in known), 0)
            if not size:
                at += 1
                continue
            if rest < at:
                self._add(start + rest, start + at, piece[rest:at], OTHER)
            at = min(at + size, len(piece))
            self._add(start + at - size, start + at, piece[at - size : at], TERM)
            rest = at
        if rest < len(piece):
            self._add(start + rest, start + len(piece), piece[rest:], OTHER)

    def _abroad(self) -> None:
        """Take a surname for an everyday word where another word of the text is of another language: Feld, Krebs."""
        foreign, words = foreign_words(), lexicon()
        if any(
            kind == TERM and low in foreign and len(low) > _LONG and low not in words.words and low not in words.medical
            for kind, low in zip(self.kinds, self.folded, strict=True)
        ):
            for at, low in enumerate(self.folded):
                if self.kinds[at] in {NAME, SHORT} and low in foreign and low not in words.given:
                    self.kinds[at] = DOUBLE

    def _glued(self) -> None:
        """Take a letter that is glued to a figure or tied to a term for a part of a code: B30f, C-spine."""
        for at, kind in enumerate(self.kinds):
            if kind != LETTER:
                continue
            before = at and self.joined(at - 1) and self.kinds[at - 1] == NUMBER
            after = at + 1 < len(self.kinds) and (
                (self.joined(at) and self.kinds[at + 1] == NUMBER)
                or (self.gap(at) == "-" and self.kinds[at + 1] in {TERM, NUMBER})
            )
            plus = self.spans[at][0] and self.text[self.spans[at][0] - 1] == "+"
            if before or after or plus:
                self.kinds[at] = TERM

    def _add(self, start: int, end: int, low: str, kind: str) -> None:
        self.spans.append((start, end))
        self.folded.append(low)
        self.kinds.append(kind)

    def gap(self, at: int) -> str:
        """Return what stands between a word and the next."""
        return self.text[self.spans[at][1] : self.spans[at + 1][0]]

    def is_small(self, at: int) -> bool:
        """Say whether a word is written small in a text of sentences, where a name would have a capital."""
        return self.prose and self.text[slice(*self.spans[at])].islower()

    def is_foreign(self) -> bool:
        """Say whether a text of sentences is not English: then many of its small words are names in the lists."""
        if self._foreign is None:
            english = lexicon().words
            small = [self.folded[at] for at in range(len(self.folded)) if self.is_small(at)]
            self._foreign = bool(small) and sum(low in english for low in small) * 10 < 7 * len(small)
        return self._foreign

    def close(self, at: int) -> bool:
        """Say whether a word and the next may be parts of one name."""
        return _CLOSE.fullmatch(self.gap(at)) is not None

    def joined(self, at: int) -> bool:
        """Say whether nothing stands between a word and the next."""
        return self.spans[at][1] == self.spans[at + 1][0]

    def mark(self, start: int, end: int) -> None:
        """Take out the words that a range touches."""
        for at in self.within(start, end):
            self.gone[at] = True
            self.figures.add(at)

    def gaps(self) -> list[tuple[int, int]]:
        """Return the ranges that go: words side by side with what joins them."""
        found: list[tuple[int, int]] = []
        for at, gone in enumerate(self.gone):
            if not gone:
                continue
            start, end = self.spans[at]
            if found and at and self.gone[at - 1] and self.close(at - 1):
                start = found.pop()[0]
            found.append((start, end))
        return found

    def within(self, start: int, end: int) -> list[int]:
        """Return the places of the words that a range touches."""
        first = bisect_right(self.spans, start, key=lambda span: span[1])
        last = bisect_left(self.spans, end, key=lambda span: span[0])
        return list(range(first, last))


_SENTENCE = 8
_WORDS_OF_PROSE = re.compile(r"[^\W\d_]{3,}")


def _is_prose(text: str) -> bool:
    """Say whether names can be told in a text by their capitals, as in sentences."""
    if len(text) < 3 * _SENTENCE or text.islower() or text.isupper():
        return False
    found = _WORDS_OF_PROSE.findall(text)
    return len(found) >= _SENTENCE and 2 * sum(map(str.islower, found)) > len(found) and any(map(str.istitle, found))


def plain(words: Words) -> bool:
    """Say whether every word is a term, a number, a single letter or means nothing."""
    if not words.text.isascii() and OTHER in words.kinds:
        return False
    if any(kind == OTHER and len(low) > _LONG for kind, low in zip(words.kinds, words.folded, strict=True)):
        return False
    if _SPELLED in "".join(words.kinds):
        return False
    return all(kind in _PLAIN for kind in words.kinds) and leading().isdisjoint(words.folded)


def words_joined(words: Words, at: int) -> bool:
    """Say whether a word is glued to another piece: a part of a code."""
    return (at > 0 and words.joined(at - 1)) or (at + 1 < len(words.kinds) and words.joined(at))
