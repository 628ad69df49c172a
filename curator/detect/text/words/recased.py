# ruff: noqa: E501 - a list that is cut into lines hides what it holds
"""A text in capitals, or in small letters, as it would be written otherwise, for rules that tell a name by its capital.

In a note all in capitals a capital tells nothing, and one in small letters has none. Names alone get one here, so that
what leads to a name, a title or a street is read as in other notes; each letter stays at its place.
"""

from __future__ import annotations

import re
from functools import lru_cache

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.words.vocabulary import MOST_WORDS, tables

#: So many of the two commonest vowels a text has at least, and so many times as many capitals as small ones.
_LEAST, _TIMES = 12, 8
#: No name is longer.
_LONGEST = 24
#: One capital in so many characters, or fewer, has a text in small letters.
_RARE = 100
_CAPITAL = re.compile("[A-Z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PART = re.compile(r"[^\W\d_]+")
#: Words of which one cannot tell by themselves whether they are a name: written with this mark before them.
_BOTH = "\1"
_TOKEN = re.compile(rf"{_BOTH}?[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "st"])
#: Short words that are no abbreviation.
_SHORT = frozenset(
    ["the", "and", "was", "for", "his", "her", "has", "she", "not", "on", "at", "of", "to", "in", "by", "is", "he", "with", "are", "had", "but", "no", "an", "as", "be", "or", "it", "son", "day", "who", "saw", "one", "two", "its", "we", "us", "my", "me", "up", "did", "so", "if", "our", "out", "all", "any", "each", "can", "now", "old", "new", "per", "via", "from", "into", "than", "then", "they", "them", "were", "will", "been", "have", "this", "that", "also", "you", "your"]
)  # fmt: skip
#: What is written with a capital wherever it stands.
_CALENDAR = frozenset(
    ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)  # fmt: skip
#: The last word of a house, a firm or a street behind a name.
_ENDS = frozenset(
    ["hospital", "clinic", "center", "centre", "medical", "general", "church", "school", "pharmacy", "department", "county", "street", "avenue", "road", "lane", "drive", "court", "place", "boulevard", "circle", "way", "terrace", "parkway", "highway", "apartments", "university", "college", "nursing", "home", "rehab", "rehabilitation", "institute", "associates", "group", "health", "healthcare", "memorial", "regional", "community", "pediatrics", "surgery", "imaging", "laboratories", "elementary", "middle", "high", "academy", "park", "manor", "village", "house", "hospice", "foundation", "district", "office", "company", "inc", "corporation", "pkwy", "blvd", "ave", "rd", "ln", "fire", "police", "surgical", "orthopedics", "cardiology", "dental", "family", "practice", "physicians", "systems", "services", "hall"]
)  # fmt: skip
_CONTRACTED = re.compile(r"['’](?:ve|ll|re|d|m|t)$")
_KEPT = frozenset(word for word in tables()["degree"].split() if word.isupper() and len(word) > 1) | frozenset(
    ["AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "ID", "IL", "IA", "KS", "KY", "LA", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC"]
)  # fmt: skip
#: Degrees as they stand in small letters behind a name; words of everyday among them are none.
_SMALL_DEGREES = frozenset(word.lower() for word in _KEPT) - frozenset(["or", "in", "me", "pa", "ma", "do", "la", "al"])
#: So many words behind a name, less one, that may be names or none go with it.
_SURELY = 2
_ENDED = frozenset([".", ":", "?", "!"])


def loud(text: str) -> bool:
    """Say whether a text is written in capitals."""
    capitals = text.count("E") + text.count("A")
    return capitals >= _LEAST and capitals > _TIMES * (text.count("e") + text.count("a"))


def quiet(text: str) -> bool:
    """Say whether a text is written in small letters, names and all."""
    return len(_CAPITAL.findall(text)) * _RARE <= len(text) and text.count("e") + text.count("a") >= _LEAST


def recased(text: str, *, small: bool = False) -> str:
    """Return a text with small letters for all words but names, titles, months and abbreviations.

    Parameters
    ----------
    text
        A text, of which :func:`loud` holds.
    small
        That :func:`quiet` holds of it instead: abbreviations, and what may be a name or none, stay small there but
        beside a name.
    """
    marked = _WORD.sub(_raised if small else _cased, text.replace(_BOTH, " "))
    made, last, named = [], 0, 0
    tokens = list(_TOKEN.finditer(marked))
    for at, token in enumerate(tokens):
        gap = marked[last : token.start()]
        made.append(gap)
        word, last = token.group(), token.end()
        head = not at or "\n" in gap or gap.strip()[-1:] in _ENDED
        if word[0] == _BOTH:
            word = word[1:]
            beside = (named and gap in {" ", ", ", ". ", "-"}) or _goes_on(marked, tokens, at)
            if not beside and (small or not head):
                word = word.lower()
            named = max(0, named - 1)
        elif word.islower():
            if named and gap == " " and word in _ENDS:
                word = word.capitalize()
            else:
                if small and named and gap in {" ", ", "} and word in _SMALL_DEGREES:
                    word = word.upper()
                elif head and len(word) > 1:
                    word = word.capitalize()
                named = 0
        else:
            named = _SURELY if _is_named(word) else 0
        made.append(word)
    made.append(marked[last:])
    read = "".join(made)
    return read if len(read) == len(text) else text


def _is_named(word: str) -> bool:
    """Say whether a word is written as a name is."""
    return len(word) > 1 and word[0].isupper() and not word.isupper()


def _goes_on(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Say whether a name stands right behind a word."""
    if at + 1 == len(tokens):
        return False
    following, gap = tokens[at + 1].group(), text[tokens[at].end() : tokens[at + 1].start()]
    return gap in {" ", ", ", "-"} and (_is_named(following) or (following[0] == _BOTH and gap == ", "))


def _cased(match: re.Match[str]) -> str:
    word = match.group()
    if not word.isupper():
        return word
    if len(word) == 1:
        return "a" if word == "A" and match.string[match.end() : match.end() + 1] == " " else word
    return _form(word)


def _raised(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) == 1 or not word.islower():
        return word
    form = _form(word.upper())
    return word if form.isupper() and form[0] != _BOTH else form


@lru_cache(maxsize=MOST_WORDS)
def _form(word: str) -> str:
    """Return a word as it is written amid others, with a mark before it where it may be a name or none."""
    low, known = word.lower(), lexicon()
    name = _PART.sub(lambda part: part[0].capitalize(), low)
    name = name[:-1] + "s" if name[-2:] in {"'S", "’S"} else name
    if len(low) != len(word) or len(name) != len(word) or len(word) > _LONGEST:
        return word
    if low in _SHORT or _CONTRACTED.search(low):
        return low
    if low in _TITLES or low in _CALENDAR:
        return name
    if word in _KEPT:
        return word
    folded = fold(word)
    folded = folded[:-2] if folded.endswith(("'s", "’s")) else folded
    everyday = folded in known.words
    called = is_name(folded) or folded in known.cities
    if not called and len(word) < 4:
        return low if everyday else word
    if everyday or folded in known.medical:
        often = folded in known.frequent or folded in known.given or folded in known.cities
        return f"{_BOTH}{name}" if often else low
    return name


#: A given name that is oftener a verb: MAY WALK.
_MAY = "may"
#: Rules that are not believed in such a text.
_DOUBTED = frozenset(["name.typist", "name.again", "name.scanned", "place.city-apart", "place.short-name"])


def is_told(text: str, rule: str, start: int, end: int, *, small: bool = False) -> bool:
    """Say whether what a rule found in a text that was written anew is believed.

    In capitals, what no words around it tell must have a name that is no word of everyday or of medicine, or be a given
    name and a surname.

    Parameters
    ----------
    text
        The text as it was written anew.
    rule, start, end
        The rule, and where what it found stands.
    small
        Whether it was written in small letters before.
    """
    if rule in _DOUBTED or not rule.startswith(("date.", "age.", "name.", "place.")):
        return False
    if small or rule != "name.lexicon":
        return True
    known = lexicon()
    words = [fold(word) for word in _PART.findall(text[start:end])]
    if len(words) > 1 and words[0] in known.given and words[-1] in known.frequent and words[0] != _MAY:
        return True
    return any(
        is_name(word) and word not in known.words and word not in known.medical and word not in known.shared
        for word in words
    )


#: Rules that tell a name by its capital and what stands around it.
_BY_CAPITAL = frozenset(
    ["name.cue", "name.again", "name.lexicon", "name.acts", "name.initials", "name.credential", "name.scanned"]
)
#: A word of so few letters is one of everyday.
_TINY = 2


def is_everyday(text: str, rule: str, start: int, end: int) -> bool:
    """Say whether a name that a rule found in a text in capitals has only words of everyday or of medicine.

    In such a text every word has the capital that such a rule goes by. What is a name all the same the odds tell.

    Parameters
    ----------
    text
        A text, of which :func:`loud` holds.
    rule, start, end
        The rule, and where what it found stands.
    """
    if rule not in _BY_CAPITAL:
        return False
    known = lexicon()
    words = [fold(word) for word in _PART.findall(text[start:end])]
    return bool(words) and all(
        (len(word) <= _TINY or word in known.words or word in known.medical or word in known.imaging)
        and word not in known.given
        and word not in known.frequent
        and word not in known.cities
        for word in words
    )
