"""Which columns of a table in a document hold things of medicine: substances, tests, doses, findings, their dates.

Labels before a value, and odds that were learned from prose, mistake such cells for people and places: a test's name
is nobody's, and ``Amber | Yellow`` is a color. Here the heads of a table, and the section where one is told, say which
cells these are, and what a detector saw in one of them is weighed again. What is known of a person goes all the same.

Source of the codes of sections: C-CDA R2.1 and LOINC 2.78.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from operator import itemgetter

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.replace import Edit, Replaced
from curator.scrub.ranges import is_measured

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
#: What names a language, a religion or a marital state: up to six words without a figure.
_TERM = re.compile(r"[^\W\d_]+(?:[ ,/()'’-]{1,2}[^\W\d_]+){0,5}\)?\.?")
#: Articles before what a German form asks for; no name begins with one of them.
_ARTICLE = re.compile(r"(?:der|des|dem|die|das|eines|einer|ihres|ihrer|seines|seiner) [^\W\d_]", re.IGNORECASE)
_ASKED = re.compile(rf"\b{_ARTICLE.pattern}+", re.IGNORECASE)
#: What German forms ask for that is a name elsewhere.
_GERMAN = frozenset(map(fold, ("Größe", "Bruder", "Bruders", "Oma", "Opa", "Ort", "Ortes", "Stadt", "Sorge", "Sorgen")))
#: Names that churches bear, and what a parish is told by: a saint, or the town behind its name.
_HOLY = frozenset({"jesus", "christ"})
_HOUSES = frozenset({"hospital", "clinic", "center", "centre", "school", "hospice", "home"})
_PARISH = re.compile(r",|\b(?:St|Ste|Saint|San|Santa|Sankt)\b", re.IGNORECASE)
#: Longest cell that is weighed again, in characters and in words: longer ones are prose.
_LONGEST = 60
_MOST_WORDS = 6
#: LOINC codes of the sections of allergies, problems, medications, vital signs, results, immunizations, procedures and
#: devices.
SECTIONS = frozenset(
    ["48765-2", "11450-4", "11348-0", "29308-4", "75326-9", "46241-6", "11535-2", "10160-0", "10183-2", "42346-7"]
    + ["29549-3", "8654-6", "75311-1", "8716-3", "30954-2", "26436-6", "18725-2", "11369-6", "47519-4", "29554-3"]
    + ["46264-8"]
)


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(resources.files("curator.scrub").joinpath("data", "things.toml").read_text(encoding="utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(_lists()[name].split())


class Cell(StrEnum):
    """What a cell of a table holds, or a value: a thing of medicine, a range of counts, when it was, or anything.

    A term is a language, a religion or a marital state, coded where a public system gives it; a question is what a
    form asks.
    """

    THING = "thing"
    RANGE = "range"
    TERM = "term"
    CODED = "coded"
    QUESTION = "question"
    DATE = "date"
    ANY = ""


#: Half-open range of a text, and what the cell that stands there holds.
Range = tuple[int, int, Cell]
#: Words of heads that only tables of medicine have.
_CORE = _listed("core")
#: The same of heads that tell when; those of the second line stand in any table.
_CORE_DATES = _listed("core_dates")
_DATES = _CORE_DATES | _listed("dates")
_LINKS = _listed("links")
#: Words that stand in heads beside those.
_BESIDE = _listed("beside")
#: Those that alone may tell of a house or of a person.
_ALONE = frozenset([("site",), ("lab",), ("order",), ("device",), ("implant",), ("primary",), ("secondary",)])
#: Words of heads of a table whose rows are people, houses or what they are reached by.
_PEOPLE = _listed("people")
#: Words with which a row says that its value is somebody, a house or a number.
_SOMEBODY = _PEOPLE | _listed("somebody")
#: Rules that weigh words rather than read what surely tells of somebody.
_WEIGHED = frozenset(
    ["name.lexicon", "name.again", "name.field", "name.cue", "name.speaker", "name.line", "name.column"]
    + ["place.again", "place.town"]
)


def heads(labels: Sequence[str], *, clinical: bool = False) -> list[Cell]:
    """Say of each column of a table what it holds.

    Parameters
    ----------
    labels
        The heads of the columns, in order.
    clinical
        Whether the table stands in one of :data:`SECTIONS`.

    Returns
    -------
    list of Cell
        Nothing but ``ANY`` where a head tells that the rows are people, or none that they are of medicine.
    """
    told = [_words(label) for label in labels]
    words = frozenset(word for one in told for word in one)
    found = [_holds(one) for one in told]
    sure = len(found) - found.count(Cell.ANY)
    core = bool(words & _CORE or words & _CORE_DATES)
    if words & _PEOPLE or not (sure and (clinical or (core and (sure > 1 or "name" in words)))):
        return [Cell.ANY] * len(told)
    return [Cell.THING if one == ("name",) else what for one, what in zip(told, found, strict=True)]


def is_head(labels: Sequence[str]) -> bool:
    """Say whether the cells of a row are heads, all of them known: two or more, one of which medicine alone has."""
    told = [words for label in labels if (words := _words(label))]
    return (
        sum(1 for one in told if _holds(one)) > 1
        and all(_holds(one) or _SOMEBODY.intersection(one) for one in told)
        and any(_CORE.intersection(one) for one in told)
    )


def tells_somebody(label: str) -> bool:
    """Say whether a row's first cell tells that the others name somebody, a house or a number: Collected by."""
    return any(word in _SOMEBODY for word in _words(label))


def _holds(words: tuple[str, ...]) -> Cell:
    rest = [word for word in words if word != "name" and word not in _LINKS]
    if not rest or words in _ALONE:
        return Cell.ANY
    if all(word in _DATES for word in rest):
        return Cell.DATE
    return Cell.THING if all(word in _CORE or word in _BESIDE or word in _DATES for word in rest) else Cell.ANY


@lru_cache(maxsize=4096)
def _words(label: str) -> tuple[str, ...]:
    """Return the words of a head, folded, in the singular where that is how they are listed."""
    if len(label) > _LONGEST:
        return ()
    found = []
    for match in _WORD.finditer(label):
        word = fold(match[0])
        known = word in _CORE or word in _BESIDE or word in _SOMEBODY or word in _DATES
        found.append(word if known or not word.endswith("s") else word[:-1])
    return tuple(found)


def is_plain(text: str) -> bool:
    """Say whether a cell holds words of medicine or everyday alone, letters and numbers, and no unknown word."""
    return all(word[0].isdigit() or _is_plain(fold(word)) for word in _WORD.findall(text))


def _is_plain(word: str) -> bool:
    known = lexicon()
    return len(word) == 1 or word in known.medical or (word in known.words and word not in known.mostly)


def held(what: Cell, text: str, row: str) -> Cell:
    """Say what a cell holds below a head: a range of counts is no thing, nor a day unless its row asks for one.

    Parameters
    ----------
    what
        What the head says.
    text
        The cell.
    row
        The first cell of its row.
    """
    return Cell.RANGE if what is Cell.THING and is_measured(text, beside=True, asked=row) else what


def term_of(text: str, place: Cell) -> Cell:
    """Say what a text is in a place for a term, coded or not, or for a question.

    A question of one word is a term. Several words are one only when a public code shows them, or when all are words of
    everyday or medicine: else they may be about somebody.
    """
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    if place is Cell.CODED:
        return Cell.ANY if len(words) > 1 and _names_somebody(text, words) else Cell.CODED
    if _TERM.fullmatch(text.strip()) and (len(words) == 1 or (place is Cell.TERM and is_plain(text))):
        return Cell.TERM
    return Cell.QUESTION if place is Cell.QUESTION else Cell.ANY


def asked_for(question: str) -> str:
    """Return a question without the things that it asks for behind a German article, of which no name is made."""
    return _ASKED.sub(lambda found: "" if _is_asked(found[0]) else found[0], question)


def _is_asked(found: str) -> bool:
    """Say whether a text is an article and the one thing that is asked for, which is called like nobody."""
    words = _WORD.findall(found)[1:]
    if _ARTICLE.match(found) is None or len(words) != 1:
        return False
    return fold(words[0]) in _GERMAN or not _is_only_name(words[0])


def _names_somebody(text: str, words: Sequence[str]) -> bool:
    """Say whether what a public code shows names somebody or a house: two names in a row, or one of a parish."""
    named = [_is_only_name(word) and fold(word) not in _HOLY for word in words]
    beside = any(one and other for one, other in pairwise(named))
    return beside or all(map(_is_only_name, words)) or (any(named) and _PARISH.search(text) is not None)


def _is_only_name(word: str) -> bool:
    return is_name(fold(word)) and not _is_plain(fold(word))


def _is_church(text: str) -> bool:
    words = [fold(word) for word in _WORD.findall(text)]
    return _HOUSES.isdisjoint(words) and all(_is_plain(word) or word in _HOLY for word in words)


def is_short(text: str) -> bool:
    """Say whether a cell is short enough to be a thing: what is longer is prose and is read as such."""
    return len(text) <= _LONGEST and len(_WORD.findall(text)) <= _MOST_WORDS


def is_chance(found: str, rule: str, cell: Cell) -> bool:
    """Say whether what a rule saw in a cell is chance: words of medicine or everyday alone, or a bare year.

    Words that all are names are none where there are several, such as Rose Brown and M. Young, nor is one that is a
    frequent name both given and of families.

    Parameters
    ----------
    found
        What of the cell was seen.
    rule
        Which rule saw it, as a finding has it.
    cell
        What the cell holds.
    """
    weighed = rule.startswith("odds.")
    if cell is Cell.RANGE:
        return weighed or rule.startswith("date.")
    if cell is Cell.QUESTION:
        return (weighed or rule in _WEIGHED) and _is_asked(found)
    if cell in {Cell.TERM, Cell.CODED}:
        # The church that a public code names is a denomination, and no house, unless it bears a name.
        church = cell is Cell.CODED and rule == "place.facility" and _is_church(found)
        return weighed or rule in _WEIGHED or church
    if not cell or (not weighed and rule not in _WEIGHED):
        return False
    if weighed and _YEAR.fullmatch(found.strip()):
        return True
    words = [fold(word) for word in _WORD.findall(found)]
    if len(words) > 1:
        named = all(is_name(word) for word in words if len(word) > 1)
    else:
        named = any(is_given(word) and word in lexicon().frequent for word in words)
    return cell is Cell.THING and bool(words) and not named and all(map(_is_plain, words))


def spared(text: str, done: Replaced, cells: Sequence[Range]) -> Replaced:
    """Take back what was replaced by chance in cells of things and of dates.

    Parameters
    ----------
    text
        What was cleaned.
    done
        What became of it.
    cells
        Where cells stand in ``text``, in order, and what they hold.
    """
    if not cells:
        return done
    out: list[str] = []
    edits: list[Edit] = []
    at = size = 0
    for edit in done.edits:
        new = done.text[edit.new_start : edit.new_end]
        for start, end in left(text, edit.start, edit.end, edit.rule, cells):
            before = text[at:start]
            out += (before, new)
            size += len(before)
            edits.append(Edit(start, end, size, size + len(new), edit.category, edit.kind, edit.rule))
            size += len(new)
            at, new = end, ""
    out.append(text[at:])
    return Replaced("".join(out), tuple(edits))


def left(text: str, start: int, end: int, rule: str, cells: Sequence[Range]) -> list[tuple[int, int]]:
    """Return what of a replaced range stays so: all of it but the cells in which it is chance."""
    found, at = [], start
    for number in range(max(0, bisect_right(cells, start, key=itemgetter(0)) - 1), len(cells)):
        low, high, cell = cells[number]
        low, high = max(low, start), min(high, end)
        if low >= end:
            break
        if low < high and is_chance(text[low:high], rule, cell):
            if text[at:low].strip():
                found.append((at, low))
            at = high
    if at == start or text[at:end].strip():
        found.append((at, end))
    return found


@dataclass
class _Table:
    """Rows of a table as they are read: whether a row is one of heads, and where its cells stand."""

    rows: list[tuple[bool, list[tuple[int, int]]]] = field(default_factory=list)
    head: bool = False


def cells_of(parts: Iterable[tuple[str, str]]) -> list[Range]:
    """Say where cells of things stand in a text that markup parts.

    Parameters
    ----------
    parts
        (tag, text) in order: tags as ``<td>`` and ``</td>`` without attributes, with the text that they are read as,
        and anything else with its own text.

    Returns
    -------
    list of Range
        In order; offsets in all texts joined. Cells of which nothing is told are left out.
    """
    open_tables: list[_Table] = []
    closed: list[_Table] = []
    pieces: list[str] = []
    at = 0
    for tag, text in parts:
        table = open_tables[-1] if open_tables else None
        if tag == "<table>":
            open_tables.append(_Table())
        elif table is not None and tag == "</table>":
            closed.append(open_tables.pop())
        elif table is not None and tag in {"<thead>", "</thead>"}:
            table.head = tag == "<thead>"
        elif table is not None and tag == "<tr>":
            table.rows.append((table.head, []))
        elif table is not None and tag in {"<td>", "<th>"} and table.rows:
            head, cells = table.rows[-1]
            # A row of heads holds nothing else, unless its part says so.
            table.rows[-1] = (table.head or (tag == "<th>" and (head or not cells)), cells)
            cells.append((at + len(text), at + len(text)))
        elif table is not None and tag in {"</td>", "</th>"} and table.rows and table.rows[-1][1]:
            table.rows[-1][1][-1] = (table.rows[-1][1][-1][0], at)
        pieces.append(text)
        at += len(text)
    text = "".join(pieces) if closed else ""
    return sorted((one for table in closed for one in _told(text, table)), key=itemgetter(0))


def _told(text: str, table: _Table) -> Iterator[Range]:
    """Yield where the cells of things of a table stand."""
    columns: list[Cell] = []
    first = ""
    for number, (head, cells) in enumerate(table.rows):
        texts = [text[start:end].strip() for start, end in cells]
        head = head or (not number and is_head(texts))
        if head:
            columns = heads(texts)
        elif tells_somebody(first := next(filter(None, texts), "")):
            continue
        for what, (start, end), one in zip(columns, cells, texts, strict=False):
            if what and one and is_short(one):
                yield start, end, Cell.THING if head else held(what, one, first)
