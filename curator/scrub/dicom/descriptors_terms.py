"""What each word of a short imaging text is: a term of imaging, a name, an everyday word, or none of them.

A pure look-up by the word itself, remembered in a bounded table. What stands around a word must never play a part here.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from curator.detect.text.lists.lexicon import fold, lexicon, words_of
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.vocabulary import MEDICAL_END
from curator.scrub.dicom.descriptors_foreign import foreign_words
from curator.scrub.dicom.descriptors_medical import is_medical
from curator.scrub.dicom.rules import data_text

TERM, NUMBER, LETTER, WORD, DOUBLE, NAME, SHORT, LIKE, MAYBE, OTHER = "TNIWdGsUmu"
_MOST = 50_000
_LONGEST = 64
_LEAST_PART = 4
_TITLES = ("drs", "dr", "mrs", "mr", "prof")
#: Log odds from which on an unknown word is a name by itself, and next to one.
_LIKE = 1.0
#: Log odds below which the ending of a word of medicine is believed.
_UNLIKE = -1.0
_NEAR = -1.5
_VOWEL = re.compile("[aeiouy]")
#: Ends of medical words in languages around English.
_FOREIGN_END = re.compile(
    r"(?:gra[pf][hf]?i[aeo]|gra[pf]h?ie|grafi|skopi[ae]?|scopi[ae]|ologi[ae]|[ec]ctomi[ae]|ektomi[ae]?|otomi[ae]|ostomi[ae]|gramm?[aeo]?|gelenks?|knochen|muskel|druse"
    r"|schmerz(?:en)?|bruch|fraktur(?:en)?|entzundung|ique|iques|aire|aires|ienne|iennes|isch|ischen?|ische[rs]?|ale[ns]?|arteri[aeo]s?|cion|coes|zione|tion)$"
)
_ENDS = ("s", "es", "ed", "d", "ing", "al", "ly", "er", "ic", "n")


def _listed(group: str) -> frozenset[str]:
    return frozenset(_groups().get(group, "").split())


@cache
def _groups() -> dict[str, str]:
    lines = data_text("imaging_terms.txt").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


@cache
def terms() -> frozenset[str]:
    """Return the words of imaging, in lower case without accents."""
    found = set(lexicon().imaging)
    for name, line in _groups().items():
        if name not in {"led", "ledby", "soft", "tail", "behind", "models", "letters", "cased"}:
            found.update(fold(word) for word in line.split())
    return frozenset(found).union(*(called()[name] for name in ("terms", "technique_cues", "maker_cues")))


#: Kinds of things that are called by somebody's name.
_THINGS = ("techniques", "makers")


@cache
def called() -> dict[str, frozenset[str]]:
    """Return what is called by somebody's name: the names, and the words that make a term of them."""
    listed = {name: frozenset(words.split()) for name, words in tomllib.loads(data_text("eponyms.toml")).items()}
    listed["things"] = frozenset().union(*(listed[f"{common}{kind}"] for kind in _THINGS for common in ("", "common_")))
    listed["names"] |= listed["graded"] | listed["scales"] | lexicon().eponyms | _listed("led") | _listed("eponym")
    return listed


@cache
def eponyms() -> frozenset[str]:
    """Return the names that are views, signs and the like, and people everywhere else."""
    return _listed("eponym")


@cache
def _heads() -> dict[str, frozenset[str]]:
    """Return the words that a single letter belongs to, by the letter."""
    pairs = [pair.split(":") for pair in _listed("letters")]
    return {
        letter: frozenset(head for one, head in pairs if one == letter) for letter in {letter for letter, _ in pairs}
    }


def behind_it(letter: str) -> frozenset[str]:
    """Return the words that make a term of a single letter before them: c of C SPINE."""
    return _heads().get(letter, frozenset())


#: What left and right begin with in the languages of groups: droite, gauche, direito, esquerdo, destra, derecha.
_SIDES_ABROAD = {
    "french": "dg",
    "french2": "dg",
    "spanish": "d",
    "portuguese": "de",
    "portuguese2": "de",
    "italian": "d",
}


@cache
def sides_behind() -> dict[str, frozenset[str]]:
    """Return the letters that are sides behind a word of another language, by the word: d and g of GENOU D."""
    found: dict[str, frozenset[str]] = {}
    english = {word for group in ("modality", "anatomy", "protocol", "clinical") for word in _listed(group)}
    for group, letters in _SIDES_ABROAD.items():
        for word in map(fold, _listed(group) - english):
            found[word] = found.get(word, frozenset()) | frozenset(letters)
    return found


@cache
def cased() -> frozenset[str]:
    """Return the terms that are none, or somebody's name, when they are written otherwise."""
    return _listed("cased")


@cache
def models() -> frozenset[str]:
    """Return what machines and their makers are called that people are called too."""
    return _listed("models")


@cache
def amid() -> dict[str, frozenset[str]]:
    """Return names that are terms in a text that has one of certain words, with these words."""
    pairs = [pair.split(":") for pair in called()["amid"]]
    return {name: frozenset(word for one, word in pairs if one == name) for name in {name for name, _ in pairs}}


@cache
def bearers() -> frozenset[str]:
    """Return the names that something of medicine is called by, whatever that is."""
    return called()["names"] | eponyms()


#: Groups of names, of what makes terms of names, and of other things than whole terms.
_NO_WORDS = frozenset({"eponym", "led", "ledby", "soft", "tail", "behind", "models", "letters", "cased"})
#: Groups of parts of the body and of other languages, in which many a word is a frequent surname: mao, leber, borst.
_PARTS_OF_BODY = frozenset(
    {"anatomy", "contrast", "german", "french", "spanish", "italian", "portuguese", "dutch", "nordic", "slavic"}
    | {"polish", "more"}
)


@cache
def ordinary() -> frozenset[str]:
    """Return the terms that an initial beside them makes nobody of, though something is called by them: DOPPLER D.

    They are machines, views, sequences and parts of the body first; D, E, G and H are sides in other languages.
    """
    found = set(lexicon().imaging)
    for name, line in _groups().items():
        if name not in _NO_WORDS:
            own = {fold(word) for word in line.split()}
            found |= own if name in _PARTS_OF_BODY else {word for word in own if not is_frequent(word)}
    return frozenset(found - soft() - _listed("tail"))


@cache
def eastern() -> frozenset[str]:
    """Return the terms in ideographs, kana and Hangul, as they are written."""
    return _listed("asian")


@cache
def behind() -> frozenset[str]:
    """Return "part:name" of views that are called by a name behind the part of the body."""
    return _listed("behind")


@cache
def led() -> tuple[frozenset[str], frozenset[str]]:
    """Return names that are terms only beside certain words, and these words."""
    return _listed("led"), _listed("ledby")


@cache
def soft() -> frozenset[str]:
    """Return terms that are frequent names too: beside a name they are part of it."""
    return _listed("soft")


@cache
def tail() -> frozenset[str]:
    """Return terms that end a name behind a given name, at the end of a text."""
    return _listed("tail") | eponyms()


@cache
def leading() -> frozenset[str]:
    """Return the words that may lead to a name."""
    return cues()["title"] | cues()["label"] | cues()["cue"] | cues()["doubtful"]


@cache
def cues() -> dict[str, frozenset[str]]:
    """Return the lists of words around names, places and numbers."""
    return {
        name: frozenset(listed.split()) for name, listed in tomllib.loads(data_text("descriptor_cues.toml")).items()
    }


@cache
def russian() -> re.Pattern[str]:
    """Return the ends of Russian and Ukrainian surnames."""
    return re.compile(tomllib.loads(data_text("descriptor_cues.toml"))["russian"])


@cache
def _mostly() -> frozenset[str]:
    return frozenset(word for line in words_of("mostly.txt") for word in line.split())


@cache
def _places() -> frozenset[str]:
    return frozenset(
        place for place in (*lexicon().cities, *words_of("towns.txt")) if " " not in place and len(place) > 3
    )


def is_place(folded: str) -> bool:
    """Say whether a list of places has a word or several."""
    return folded in lexicon().cities or folded in _places()


def is_listed_name(folded: str) -> bool:
    """Say whether a list of names has a word, with or without its apostrophe."""
    words = lexicon()
    plain = folded.replace("'", "")
    return any(one in words.surnames or one in words.given or one in words.international for one in (folded, plain))


def is_frequent(folded: str) -> bool:
    """Say whether a word is a given name or a frequent surname."""
    words = lexicon()
    return folded in words.given or folded in words.frequent or folded in words.international


#: What makers call themselves besides their names.
_OF_MAKERS = frozenset(
    {"healthineers", "healthcare", "medical", "systems", "solutions", "corporation", "inc", "gmbh", "ag", "ltd", "co"}
)


def is_maker(text: str, *, machine: bool = False) -> bool:
    """Say whether the name of an organization has nothing but terms and everyday words, and none for a facility.

    With ``machine`` it is the name of one, in which names of machines are terms.
    """
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    own = _OF_MAKERS | models() if machine else _OF_MAKERS
    known = all(kind_of(word) in {TERM, LETTER, WORD} or word in own for word in words)
    return known and cues()["facility"].isdisjoint(words) and not any(map(is_place, words))


_kinds: dict[str, str] = {}


def kind_of(folded: str) -> str:
    """Return what a word is by itself.

    Parameters
    ----------
    folded
        Letters only, lower case, no accents, apostrophes as ``'``.

    Returns
    -------
    str
        One of the letters of this module: a term; a single letter; an everyday or medical word; a word that is a name
        as well; a name; a name of two or three letters; a word that is like a name; one that may be; another.
    """
    found = _kinds.get(folded)
    if found is None:
        found = _judged(folded)
        if len(_kinds) < _MOST and len(folded) <= _LONGEST:
            _kinds[folded] = found
    return found


def _judged(folded: str) -> str:
    if len(folded) == 1:
        return LETTER
    if len(folded) > _LONGEST:
        return LIKE  # no word is so long: letters run together, a name among them or not
    if folded in terms():
        return TERM
    if folded in foreign_words() and not is_listed_name(folded):
        return TERM
    if not folded.isascii():
        return OTHER
    words = lexicon()
    plain = folded.replace("'", "")
    if folded.endswith("'s") and len(folded) > 4:
        base = kind_of(folded[:-2])
        return base if base != OTHER else MAYBE
    listed = folded in words.words or folded in words.medical
    if folded[1:2] == "'" and folded[0] in "dlnscmjt" and kind_of(folded[2:]) in {TERM, WORD}:
        return kind_of(folded[2:])  # l'épaule, d'appendicite
    if folded in _mostly() or folded in called()["houses"] or folded in called()["surnames"]:
        return NAME
    if is_listed_name(folded):
        if listed:
            return DOUBLE
        if len(plain) < 3 or (len(plain) == 3 and not is_frequent(plain)):
            return SHORT
        return NAME
    if any(folded.startswith(title) and is_listed_name(folded.removeprefix(title)) for title in _TITLES) and not listed:
        return NAME  # DRPATEL
    if listed or _inflected(folded) or _prefixed(folded):
        return WORD
    if _compound(folded):
        return TERM
    if folded in _places():
        return NAME
    if is_medical(folded):
        return WORD
    if (MEDICAL_END.search(folded) or _FOREIGN_END.search(folded)) and likeness(plain) < _UNLIKE:
        return WORD
    if len(plain) < 4 or not _VOWEL.search(plain):
        return OTHER
    odds = likeness(plain)
    return LIKE if len(plain) > 4 and odds >= _LIKE else MAYBE if odds >= _NEAR else OTHER


def _inflected(folded: str) -> bool:
    known, imaging = lexicon().words, terms()
    for end in _ENDS:
        base = folded.removesuffix(end)
        if len(base) > 3 and base != folded and (base in known or base in imaging):
            return True
    return False


#: Syllables before a word that make another of it: unwitnessed, kilovoltage.
_PREFIX = re.compile(
    "(?:non|un|kilo|mega|micro|mini|multi|hyper|hypo|inter|intra|trans|super|ultra|semi|anti|auto|infra|peri|para|poly|pseudo|retro"
    "|supra|endo|extra|over|under|post|pre)(?=[a-z]{6})"
)


def _prefixed(folded: str) -> bool:
    """Say whether a word is another of six letters and more with a syllable before it."""
    found = _PREFIX.match(folded)
    if found is None or likeness(folded) >= _LIKE:
        return False
    base, known = folded[found.end() :], lexicon()
    return (base in known.words or base in known.medical or base in terms()) and not is_listed_name(base)


#: Two letters that are written together with what they belong to: CTCHEST.
_GLUED_BEHIND = frozenset({"wo", "wi", "nc", "lt", "rt", "bi"})
_GLUED = frozenset({"ct", "mr", "us", "xr", "nm", "dx", "cr", "pt", "ax", "ap", "pa", "lt", "rt"})


#: Words of three letters that are written together with another.
_SHORT_PARTS = frozenset(
    ["abd", "sag", "cor", "tra", "obl", "lat", "mri", "mra", "mrv", "mrs", "mrt", "cta", "ctv", "pet", "nat", "dyn"]
    + ["hip", "leg", "arm", "fat", "sat", "fse", "tse", "tof", "dwi", "swi", "gre", "pre", "post", "pat", "art", "ven"]
)


def _compound(folded: str) -> bool:
    """Say whether a word is two or three terms written together: ANGIOTHORAX, Kniegelenk, AxT."""
    known = terms()
    if folded[:2] in _GLUED and len(folded) > _LEAST_PART + 1:
        rest = folded[2:]
        if rest in known or (rest[-2:] in _GLUED_BEHIND and rest[:-2] in known):
            return True
    for cut in range(3, len(folded) - 2):
        rest = folded[cut:]
        enough = min(cut, len(rest)) >= _LEAST_PART or not _SHORT_PARTS.isdisjoint((folded[:cut], rest))
        if enough and folded[:cut] in known and (rest in known or (len(rest) > 6 and _compound(rest))):
            return True
    return False
