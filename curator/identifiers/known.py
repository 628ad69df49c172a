"""Finding what is already known of a person in a text, in every spelling: case, accents, order, separators, dates.

Strong values (long and rare) are found everywhere, inside of longer runs too; weak ones (short, or common words) only
as whole words that look like a name. What is too short to be searched at all is counted, never silently left out. It
must never say which value was found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

from curator.identifiers import variants
from curator.identifiers.categories import LIKELY_NAME, Category, letter_of
from curator.identifiers.findings import Finding
from curator.identifiers.spelling import MONTHS, fold, misread, spellings, visible, weight, word_list
from curator.identifiers.spelling import words as spelled_words

#: Letters and digits from which on a value is searched inside of longer runs too.
STRONG = 5
#: The same for one part of a name, which is a syllable of other words sooner.
STRONG_NAME = 6
#: Letters and digits below which a value is not searched; an ideograph says as much as three letters.
LEAST = 2
#: Letters below which a word that only looks like a name is not searched.
_LEAST_LIKELY = 3
#: Digits at the end of a telephone number that are the number without its country.
_NATIONAL = 10
_GRAM = 5
#: Values up to which each is searched by itself.
_FEW = 64
#: Letters of a part of somebody else's name from which on it is searched, as a word of its own.
_RARE = 5
#: Words of which a short whole name or a name that is cut by hyphens is put together.
_MOST_WORDS = 6
#: What may stand between the words of a short whole name, and what cuts one word.
_BETWEEN = re.compile(r"[ \t]?[,^._\n-]?[ \t]?")
_CUT = re.compile(r"['’]|[‐-]\s{0,8}|\r?\n")
#: Trust in a known value that no one of the 17 named categories fits: a detector that names one knows better.
_UNNAMED = 0.45
#: Categories whose values name places and machines: one that is a word of everyday language is searched as one.
_THINGS = frozenset({Category.GEOGRAPHY, Category.DEVICE, Category.OTHER})
_MOST_PARTS = 4
_DIGITS = re.compile(r"[0-9]{5,}")
#: What makes a word at the beginning of a sentence somebody: a colon, or that they say or do something.
_SPEAKS = re.compile(
    r"[ \t]{0,2}:(?!\w)|[ \t]{1,2}(?:sa(?:ys|id)|states?d?|reports|reported|den(?:ies|ied)"
    r"|call(?:s|ed)|asks|asked|wants|wanted|tells|told|complains|complained|agrees|agreed|refuses|refused|feels|lives|lived|works|worked|thinks|fell)\b"
)
#: A word that is written letter by letter.
_LETTERS_APART = re.compile(r"(?<![^\W_])[^\W\d_](?:[ \t][^\W\d_]){3,23}(?![^\W_])")
#: An initial behind a name.
_INITIAL_BEHIND = re.compile(r"(?:,[ \t]?|[ \t]{1,2})([^\W\d_])(?:\.|(?![\w'’/+&%-]|[ \t]?[:=]))")
_WORD = re.compile(r"[^\W_]+")
#: A word with the marks that combine with its letters, and with what shows nothing and only parts it.
_MARKED_WORD = re.compile(
    "(?:[^\\W_]|(?<=[^\\W_])[\u0300-\u036f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff])+"
)
_TITLED = re.compile(r"\b(?:mrs?|ms|mx|drs?|prof|miss|rev|fr|sra?|hon|st)\.$", re.IGNORECASE)
_SPLIT = re.compile(r"[\n\r,;^=]")
_MORE_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "della", "di", "do", "du", "el", "ibn", "la", "le", "y", "zu", "jr", "sr", "ii", "iii"}
    | {"mr", "ms", "dr", "md", "rn", "mme", "mlle", "herr", "frau", "sra", "st"}
)


@dataclass(frozen=True)
class KnownIdentifiers:
    """What is known of a person. For the vault and for the memory of a run only.

    Parameters
    ----------
    values
        (category, value); the category is a harvest's word such as ``name``, ``id``, ``accession``, ``phone``,
        ``address``, ``birth_date``. Dates are YYYYMMDD, names in any order, DICOM's ``^`` and ``=`` allowed.
    """

    values: tuple[tuple[str, str], ...] = field(repr=False)


def folded(text: str) -> tuple[str, list[int]]:
    """Return letters and digits of a text, lower case, without accents, and where each of them stood."""
    if text.isascii():
        places = [at for at, mark in enumerate(text) if mark.isalnum()]
        return "".join([text[at] for at in places]).lower(), places
    out: list[str] = []
    where: list[int] = []
    for match in _MARKED_WORD.finditer(text):
        word = match[0]
        plain = _plain(word)
        if len(plain) == len(word):
            out.append(plain)
            where.extend(range(match.start(), match.end()))
            continue
        each = [fold(mark) for mark in word]
        # A word that mixes alphabets is folded as a whole; each mark still yields as many letters as by itself.
        out.append(plain if sum(map(len, each)) == len(plain) else "".join(each))
        for at, one in enumerate(each, match.start()):
            where.extend([at] * len(one))
    return "".join(out), where


def _plain(word: str) -> str:
    """Return a word of a text, folded; most are letters and digits of ASCII alone."""
    return word.lower() if word.isascii() else fold(visible(word))


def strengths(values: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Count how known identifiers are searched: ``strong`` everywhere, ``weak`` as words, ``unsearched`` not at all."""
    counts = {"strong": 0, "weak": 0, "unsearched": 0}
    for category, value in values:
        size = weight(fold(value))
        if letter_of(category) is Category.DATE:
            counts["strong" if len(value) == 8 and value.isdecimal() else "unsearched"] += 1
        else:
            strong = size >= STRONG and category != LIKELY_NAME
            counts["strong" if strong else "weak" if size >= LEAST else "unsearched"] += 1
    return counts


def _never(_word: str) -> bool:
    return False


class KnownMatcher:
    """Known identifiers made ready for searching; a text detector.

    Parameters
    ----------
    known
        The values.
    is_word
        Says whether a folded word is one of everyday language: such a part of a name is only found where it is
        written like a name.
    begins
        Says whether such a word is a name where a sentence begins with it, too: an eponym, or a word that is hardly
        ever anything else.
    whole
        Search names as a whole, and of their parts only rare ones as words of their own; of addresses only what has a
        number in it: for the values of everybody at once.

    Attributes
    ----------
    unsearched
        How many values are too short to be searched at all.
    """

    def __init__(
        self,
        known: KnownIdentifiers,
        *,
        is_word: Callable[[str], bool] = _never,
        begins: Callable[[str], bool] = _never,
        whole: bool = False,
    ) -> None:
        self._strong: dict[str, Category] = {}
        self._weak: dict[str, Category] = {}
        self._rare: set[str] = set()
        self._runs: set[str] = set()
        self._short_forms: dict[str, Category] = {}
        self._initials: dict[str, set[str]] = {}
        self._is_word = is_word
        self._begins = begins
        self._whole = whole
        self._particles = frozenset(word_list("name_particles")) | _MORE_PARTICLES
        self.unsearched = 0
        for word, value in known.values:
            category = letter_of(word)
            if category is Category.DATE:
                self._date(value, spelled=word == "birth_date")
            elif word == LIKELY_NAME:
                self._likely(value)
            elif category is Category.NAME:
                self._name(value)
            else:
                self._value(category, value)
        # What is searched everywhere is not searched once more between the ends of words.
        self._short_forms = {
            value: category for value, category in self._short_forms.items() if value not in self._strong
        }
        self._strong |= self._short_forms
        self._names = [value for value, category in self._strong.items() if category is Category.NAME]
        self._grams: dict[str, list[str]] = {}
        self._short: list[str] = []
        for value in sorted(self._strong, key=lambda value: (-len(value), value)):
            if len(value) >= _GRAM:
                self._grams.setdefault(value[:_GRAM], []).append(value)
            else:
                self._short.append(value)

    def _likely(self, value: str) -> None:
        """Add the words of what looks like a name, each as a word of its own; none of everyday language."""
        for word in _WORD.findall(visible(value)):
            plain = fold(word)
            if not self._whole and weight(plain) >= _LEAST_LIKELY and not self._is_word(plain):
                self._weak.setdefault(plain, Category.NAME)

    def _value(self, category: Category, value: str) -> None:
        plain = fold(value)
        if category is Category.GEOGRAPHY and self._whole:
            self._street(value)
            return
        self._add(plain, category, STRONG)
        if category is Category.PHONE and len(plain) > _NATIONAL:
            self._add(plain[-_NATIONAL:], category, STRONG)
        if category is Category.PHONE and not self._whole:
            self._short_forms.update(dict.fromkeys(variants.of_phone(plain), category))
        if category in {Category.RECORD_NUMBER, Category.OTHER}:
            for run in (plain, *_DIGITS.findall(plain)):
                short = run.lstrip("0")
                if run != plain or (short != run and len(short) >= STRONG):
                    self._add(short if len(short) >= STRONG else run, category, STRONG)
        if category is Category.GEOGRAPHY:
            forms, rare = variants.of_street(value, self._is_word)
            self._short_forms.update(dict.fromkeys(forms, category))
            for word in rare:
                self._weak.setdefault(word, category)
            for part in _SPLIT.split(value):
                if part.strip() and part != value and weight(fold(part)) >= STRONG:
                    self._add(fold(part), category, STRONG)

    def _street(self, value: str) -> None:
        """Add the parts of an address that have a number in them: the rest is where many live."""
        for part in {value, *_SPLIT.split(value)}:
            letters = sum(mark.isalpha() for mark in part)
            if letters >= STRONG and any(mark.isdecimal() for mark in part):
                self._add(fold(part), Category.GEOGRAPHY, STRONG)

    def _add(self, value: str, category: Category, strong: int) -> None:
        if weight(value) < LEAST:
            self.unsearched += bool(value)
        elif weight(value) >= strong and not (category in _THINGS and self._is_word(value)):
            self._strong.setdefault(value, category)
        elif not self._whole:
            self._weak.setdefault(value, category)

    def _name(self, value: str) -> None:
        for group in value.split("="):
            for spelling in spellings(group):
                self._spelled(spelling)

    def _spelled(self, group: str) -> None:
        listed = [
            fold(word) for word in _WORD.findall(visible(group).replace("^", " ").replace("'", "").replace("’", ""))
        ]
        parts = [part for part in dict.fromkeys(listed) if part and part not in self._particles]
        for part in parts:
            if (not self._whole or len(parts) == 1) and weight(part) > 1:
                self._part(part)
            elif weight(part) >= _RARE and not self._is_word(part):
                self._rare.add(part)
        if len(parts) == 1 and len([part for part in listed if part]) > 1:
            self._add("".join(listed), Category.NAME, STRONG_NAME)
        if len(parts) < 2:
            return
        if not self._whole:
            for part in parts:
                if weight(part) > 1:
                    self._initials.setdefault(part, set()).update(one[0] for one in parts if one != part)
        for size in range(2, min(len(parts), _MOST_PARTS) + 1):
            for chosen in permutations(parts[:_MOST_PARTS], size):
                if sum(len(one) > 1 for one in chosen) > 1:
                    self._full("".join(chosen))
        if not self._whole:
            self._logins(parts)
        joined = "".join(part for part in listed if part)
        self._add(joined, Category.NAME, STRONG_NAME)

    def _full(self, name: str) -> None:
        if weight(name) < STRONG_NAME:
            self._runs.add(name)
        else:
            self._add(name, Category.NAME, STRONG_NAME)

    def _part(self, part: str) -> None:
        if self._is_word(part):
            self._weak.setdefault(part, Category.NAME)
        else:
            self._add(part, Category.NAME, STRONG_NAME)

    def _logins(self, parts: list[str]) -> None:
        """Add what computers call a person: jsmith, smithj. Whole words only."""
        for one, other in permutations([part for part in parts if len(part) > 1][:_MOST_PARTS], 2):
            if len(one) >= 3:
                self._weak.setdefault(other[0] + one, Category.NAME)
                self._weak.setdefault(one + other[0], Category.NAME)

    def _date(self, value: str, *, spelled: bool) -> None:
        if len(value) != 8 or not value.isdecimal() or not 1 <= int(value[4:6]) <= 12:
            self.unsearched += 1
            return
        year, month, day = value[:4], value[4:6], value[6:]
        found = {f"{year}{month}{day}", f"{month}{day}{year}", f"{day}{month}{year}"}
        if spelled:
            name, short_day, short_month = MONTHS[int(month) - 1], day.lstrip("0"), month.lstrip("0")
            for one_day in {day, short_day}:
                for one_name in {name, name[:3]}:
                    for ending in ("", "st", "nd", "rd", "th"):
                        found.add(f"{one_name}{one_day}{ending}{year}")
                        found.add(f"{one_day}{ending}{one_name}{year}")
                    found.add(f"{year}{one_name}{one_day}")
            found.update((f"{short_month}{short_day}{year}", f"{short_day}{short_month}{year}"))
            found.add(f"{year}{short_month}{short_day}")
            if not self._whole:
                self._short_forms.update(dict.fromkeys(variants.of_birth(value), Category.DATE))
        for one in found:
            self._strong.setdefault(one, Category.DATE)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield where known identifiers stand in a text, each to the ends of the words that it touches."""
        if self._strong:
            yield from self._find_strong(text)
        if self._weak:
            yield from self._find_weak(text)
        if self._initials:
            yield from self._find_initialed(text)
        if self._rare or self._runs or self._weak:
            yield from self._find_put_together(text)
        yield from self._find_disguised(text)

    def may_find(self, texts: Sought) -> bool:
        """Say whether :meth:`find` may find anything in texts; false only where it finds nothing in any of them."""
        grams, words = self._grams, texts.words
        if not (self._weak.keys().isdisjoint(words) and self._rare.isdisjoint(words) and self._runs.isdisjoint(words)):
            return True
        for plain in texts.plain:
            for at in range(len(plain) - _GRAM + 1):
                if plain[at : at + _GRAM] in grams:
                    return True
            for value in (*self._short, *self._initials):
                if value in plain:
                    return True
        return False

    def _find_strong(self, text: str) -> Iterator[Finding]:
        where: list[int] = []
        if text.isascii():
            plain = fold(text)
        else:
            plain, where = folded(text)
        hits: list[tuple[int, str]] = []
        each: Iterable[str] = self._strong
        if len(self._strong) > _FEW:
            # Of many values one walk over the text asks for all.
            grams, each = self._grams, self._short
            hits = [
                (at, value)
                for at in range(len(plain) - _GRAM + 1)
                if (listed := grams.get(plain[at : at + _GRAM])) is not None
                for value in listed
                if plain.startswith(value, at)
            ]
        for value in each:
            at = plain.find(value)
            while at >= 0:
                hits.append((at, value))
                at = plain.find(value, at + 1)
        if not hits:
            return
        where = where or folded(text)[1]
        words = [match.span() for match in _MARKED_WORD.finditer(text)]
        starts = [start for start, _ in words]
        for at, value in sorted(hits):
            start, end = where[at], where[at + len(value) - 1] + 1
            first = words[bisect_right(starts, start) - 1]
            last = words[bisect_left(starts, end) - 1]
            category = self._strong[value]
            if value in self._short_forms and (
                first[0] < start or last[1] > end or not variants.fits(category, text[start:end])
            ):
                continue
            if category is Category.DATE and (first[0] < start or last[1] > end) and _in_digits(text, start, end):
                continue
            if category is Category.NAME and first != last and first[0] < start:
                continue  # it begins inside of one word and ends in another: chance
            if category is Category.NAME and not self._written_as_name(text, first[0], last[1]):
                continue
            trust = _UNNAMED if category is Category.OTHER else 1.0
            yield Finding(first[0], last[1], category, "known", "known.strong", trust)

    def _find_disguised(self, text: str) -> Iterator[Finding]:
        """Yield words that are a name, or a street's, once their figures are read as letters."""
        for start, end, read in variants.disguised(text):
            for plain in sorted(read):
                stem = plain.removesuffix("s")
                category = self._strong.get(plain) or self._weak.get(plain) or self._strong.get(stem)
                if category is None and (plain in self._rare or stem in self._rare):
                    category = Category.NAME
                if category is None and not self._whole and any(name in plain for name in self._names):
                    category = Category.NAME
                if category in {Category.NAME, Category.GEOGRAPHY} and not self._is_word(plain):
                    yield Finding(start, end, category, "known", "known.misread", 0.9)
                    break

    def _written_as_name(self, text: str, start: int, end: int) -> bool:
        """Say whether a range is a name; somebody else's is no two everyday words side by side (mark long)."""
        words = _MARKED_WORD.findall(text[start:end])
        if not all(self._is_word(fold(visible(word))) for word in words) or (not self._whole and len(words) > 1):
            return True
        return all(not word[0].islower() for word in words)

    def _find_put_together(self, text: str) -> Iterator[Finding]:
        """Yield rare names, whole or cut by a line's end, and short whole names of two words or letter by letter."""
        words = [(_plain(word[0]), *word.span()) for word in _MARKED_WORD.finditer(text)]
        runs = bool(self._runs)
        for at, (joined, start, end) in enumerate(words):
            cut, spaced = True, runs
            if self._is_rare(joined):
                yield Finding(start, end, Category.NAME, "known", "known.rare", 0.9)
            for part, low, high in words[at + 1 : at + _MOST_WORDS]:
                between = text[end:low]
                cut = cut and between != " " and _CUT.fullmatch(between) is not None
                spaced = spaced and len(joined) < STRONG_NAME and _BETWEEN.fullmatch(between) is not None
                if not (cut or spaced):
                    break
                joined, end = joined + part, high
                if (cut and (self._is_rare(joined) or joined in self._weak)) or (
                    spaced and joined in self._runs and self._run_is_name(text[start:end])
                ):
                    yield Finding(start, end, Category.NAME, "known", "known.rare", 0.9)

    def _is_rare(self, word: str) -> bool:
        return word in self._rare or word.removesuffix("s") in self._rare

    def _run_is_name(self, written: str) -> bool:
        words = _MARKED_WORD.findall(written)
        if all(len(word) == 1 for word in words):
            return not words[0].islower()
        return not self._whole or all(not word[0].islower() for word in words)

    def _find_initialed(self, text: str) -> Iterator[Finding]:
        """Yield a part of a name with an initial of another one behind it, or letter by letter: BAKER C., B A K E R."""
        for word in _MARKED_WORD.finditer(text):
            initials = self._initials.get(_plain(word[0]))
            if initials is None or not text[word.start()].isupper():
                continue
            initial = _INITIAL_BEHIND.match(text, word.end())
            if initial and initial[1].isupper() and fold(initial[1])[:1] in initials:
                yield Finding(word.start(), initial.end(), Category.NAME, "known", "known.initialed", 0.9)
        for apart in _LETTERS_APART.finditer(text):
            if fold(apart[0]) in self._initials:
                yield Finding(apart.start(), apart.end(), Category.NAME, "known", "known.apart", 0.9)

    def _begins_as_name(self, text: str, start: int, end: int) -> bool:
        """Say whether a word with a capital, behind which a sentence goes on, is somebody at its beginning."""
        if self._whole or not text[start].isupper() or (end - start > 1 and text[start:end].isupper()):
            return False
        return _SPEAKS.match(text, end) is not None or self._begins(fold(visible(text[start:end])))

    def _find_weak(self, text: str) -> Iterator[Finding]:
        for word in _MARKED_WORD.finditer(text):
            plain = _plain(word[0])
            found = self._weak.get(plain)
            if found is None:
                continue
            if self._is_word(plain) and not (
                _like_a_name(text, word.start(), word.end())
                or (found is Category.NAME and self._begins_as_name(text, word.start(), word.end()))
            ):
                continue
            yield Finding(word.start(), word.end(), found, "known", "known.weak", 0.9)


class Sought(NamedTuple):
    """What :meth:`KnownMatcher.find` looks at in some texts, whoever it is searched for.

    ``plain`` holds the folded texts, ``words`` their words and what up to six of them spell together.
    """

    plain: tuple[str, ...]
    words: frozenset[str]


def sought(texts: Iterable[str]) -> Sought:
    """Return what the finding looks at in some texts."""
    plain: list[str] = []
    found: set[str] = set()
    for text in texts:
        if text.isascii():
            words = spelled_words(text)
            plain.append("".join(words))
        else:
            words = [fold(visible(word)) for word in _MARKED_WORD.findall(text)]
            plain.append(folded(text)[0])
        plain.extend(misread(text))
        for at, joined in enumerate(words):
            found.add(joined)
            for part in words[at + 1 : at + _MOST_WORDS]:
                joined += part
                found.add(joined)
    found.update([word[:-1] for word in found if word.endswith("s")])
    return Sought(tuple(plain), frozenset(found))


def _in_digits(text: str, start: int, end: int) -> bool:
    """Say whether a date in digits is a part of a longer number."""
    return text[max(0, start - 1) : start].isdecimal() or text[end : end + 1].isdecimal()


def _like_a_name(text: str, start: int, end: int) -> bool:
    """Say whether a word of everyday language is written like a name: with a capital, and not to begin a sentence."""
    if not text[start].isupper():
        return not text[start].islower()  # a script without capitals
    before = text[max(0, start - 40) : start].rstrip(" \t")
    if text[start:end].isupper() and end - start > 1:
        following = _WORD.search(text, end)
        return following is None or not following[0].isupper() or before[-1:] in {",", ":", "^"}
    return bool(before) and (before[-1] not in ".!?\n;•*-" or _TITLED.search(before) is not None)
