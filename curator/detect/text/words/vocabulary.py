# ruff: noqa: E501 - a pattern or a list that is cut into lines hides what it holds
"""What is known of a word as it is written: its class as a name, and which rules it may begin or support.

Each distinct word is looked up once a process; a note costs one dictionary look-up a word. Holds words, never texts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache

from curator.detect.text.lists.lexicon import data_text, fold, is_given, is_name, lexicon, toml_of
from curator.detect.text.lists.likeness import likeness
from curator.detect.text.words.hints import FORGET, hints_of

#: Most words that are remembered; a hostile text cannot make the table grow beyond.
MOST_WORDS = 100_000

MONTH, ORDINAL, AGE, HOLIDAY, FACILITY, COUNTY, STREET, BOX, GIVEN, FIELD, CITY, STATE = (1 << at for at in range(12))
(
    CAPITAL, ANCHOR, TITLE, LOOSE, BARE, COLON, DONE, PHRASE, WEAK, VERB, NOUN, DEGREE, PARTICLE, ROLE, SUFFIX, THING,
    FAMILY, LOWER_NAME, LOWER_WORD, LOWER_CUE, WAY, LABEL, HEAD, PLURAL, MARK, TOWARD, WANTED, LAND, PORT, ADDRESS, TOWNISH, SITE,
) = (1 << at for at in range(12, 44))  # fmt: skip
#: Words with which a name of the list of houses and quarters begins.
NAMED = 1 << 44
#: A word behind which somebody's name may be any word.
POST = 1 << 45
#: A word around which a rule of tailed.py, nations.py or logins.py looks.
TAIL = 1 << 46
#: A word in small letters that may be a name where its place tells it.
SMALLNAME = 1 << 47
#: Shown by a word of letters that a scan puts for digits.
MISREAD = 1 << 48
#: A word at which a rule of told.py looks: a role, a ward's preposition, initials, a single letter.
TOLD = 1 << 49
#: Accents that are marks of their own: letters behind one are as good as a word.
_MARKS = re.compile("[\u0300-\u036f]")
#: Words at which the rules of places, dates and labels may begin.
SPOT = (
    MONTH
    | GIVEN
    | CITY
    | STATE
    | FIELD
    | LABEL
    | FACILITY
    | COUNTY
    | WAY
    | TOWARD
    | LAND
    | PORT
    | ADDRESS
    | SITE
    | NAMED
)
#: Parts whose presence anywhere in the text some rules ask for.
TOGETHER = SPOT | AGE | BOX | STREET | ORDINAL | HOLIDAY
#: The lists of places to look at that a text's words are put on, and the parts that put them there.
LISTS = {
    "people": ANCHOR | TITLE, "wanted": WANTED, "marks": MARK, "cues": LOWER_CUE, "labels": LABEL, "months": MONTH, "given": GIVEN,
    "cities": CITY, "states": STATE, "fields": FIELD, "facilities": FACILITY, "counties": COUNTY, "ways": WAY, "toward": TOWARD,
    "lands": LAND, "ports": PORT, "addresses": ADDRESS, "sites": SITE, "named": NAMED, "posts": POST,
    "tails": TAIL, "small": SMALLNAME, "told": TOLD,
}  # fmt: skip
LISTED = 0
for _part in LISTS.values():
    LISTED |= _part

#: The names of months, long and short; one is often misspelled.
_MONTHS = frozenset(["jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug", "august", "sep", "sept", "sepember", "september", "oct", "october", "nov", "november", "dec", "december"])  # fmt: skip
_JOINTS = re.compile(r"[-‐‑]")
_POSSESSIVE = re.compile(r"['’]s?$")

#: Points for a name: what a word is, by the lists. See ``Word.kind``.
POINTS = {
    "G": 2.0, "S": 1.6, "R": 1.0, "n": 1.6, "g": 1.0, "s": 0.6, "r": 0.2, "U": 0.4, "u": 0.7, "I": 0.3, "W": -0.8, "M": -1.6, "A": -1.0, "": -2.0,
}  # fmt: skip


class Word:
    """A word as it is written.

    Attributes
    ----------
    low, folded
        In lower case; and without accents as well.
    flags
        The parts it may play, bits of this module.
    labels
        Numbers of the rules of labels that may begin with it.
    kind
        For a capitalized word: ``G`` given name and no word, ``S`` frequent surname and no word, ``R`` rare one, ``g``,
        ``s`` and ``r`` the same for what is a word too, ``n`` a word but mostly a name, ``U`` unknown, ``u`` unknown
        but like a name, ``I`` an initial, ``W`` a word, ``M`` a medical term or a header, ``A`` an abbreviation.
        Empty for others.
    points
        How much it speaks for a name.
    listed
        Whether any list of names has it.
    upper
        Whether it is written in capitals.
    lists
        Numbers of the lists of ``LISTS`` that its parts put it on.
    shown
        The parts that a text shows by having it, none or all, and the marks that it may be part of; see ``hints.py``.
    strange
        Whether it is in small letters and not in the English ones.
    """

    __slots__ = ("flags", "folded", "kind", "labels", "listed", "lists", "low", "points", "shown", "strange", "upper")

    def __init__(self, word: str) -> None:
        """Look a word up in all lists."""
        self.low = word.lower()
        self.folded = self.low if self.low.isascii() else fold(word)
        self.upper = word.isupper()
        self.kind, self.points, self.listed = "", -2.0, is_name(self.folded)
        flags = _parts().get(self.low, 0)
        self.labels = _cues()(self.low) if self.low[0].isalpha() else ()
        if self.labels:
            flags |= LABEL
        if self.low in _MONTHS:
            flags |= MONTH
        flags = self._capital(word, flags) if word[0].isupper() or word[0].istitle() else self._lower(word, flags)
        if self.low in _told() or len(word) == 1 or (len(word) < 4 and self.upper):
            flags |= TOLD
        self.flags = flags
        self.lists = _lists(flags & LISTED)
        self.shown = (flags if flags & TOGETHER else 0) | hints_of(self.low)
        if not word.strip("OolISBZ") or (not word.isascii() and _MARKS.search(word)):
            self.shown |= MISREAD
        self.strange = not (flags & CAPITAL or self.low.isascii())

    def _capital(self, word: str, flags: int) -> int:
        words = lexicon()
        self.kind = kind_of(word)
        self.points = POINTS[self.kind]
        if self.kind == "U":
            like = likeness(self.folded)
            self.points += max(-0.6 if self.upper else -0.25, min(0.9, 0.25 * like))
            if like > 2.0:
                self.kind = "u"
            elif not self.upper and _compound(self.folded):
                self.kind, self.points = "u", 0.7
        flags |= CAPITAL
        if self.kind == "I":
            flags |= MARK
        if self.kind in "GSRngsrUu" or (self.kind in "MWA" and self.listed):
            flags |= ANCHOR
        if self.low.endswith(_STREETS):
            flags |= STREET
        if self.folded in words.city_starts:
            flags |= CITY
        if word in _states():
            flags |= STATE
        if word not in _degrees():
            flags &= ~DEGREE
        if self.kind in "UuRS" and _TOWNISH.search(self.folded):
            flags |= TOWNISH
        if self.folded in words.surnames or self.folded in words.international:
            flags |= FAMILY
        return flags

    def _lower(self, word: str, flags: int) -> int:
        words = lexicon()
        flags &= ~(DEGREE | LAND | PORT)
        if word in {"rn", "md", "lpn", "np", "do"}:
            flags |= DEGREE
        plain = self.folded in words.words or self.folded in words.medical
        if self.folded in words.words or self.listed:
            flags &= ~NAMED
        if plain:
            flags |= LOWER_WORD
        elif len(word) > 4 and self.folded in words.city_starts:
            flags |= CITY
        if self.listed and len(word) > 1:
            flags |= LOWER_NAME
            if not plain and len(word) > 2 and (self.folded in words.given or self.folded in words.international):
                flags |= GIVEN
        if self.folded in words.surnames or self.folded in words.international:
            flags |= FAMILY
        if (
            len(word) > 2
            and not flags & (HOLIDAY | MONTH)
            and not (self.folded in words.medical and not flags & FAMILY)
        ):
            if plain:
                small = self.folded in _plain_names() or (
                    flags & FAMILY
                    and self.folded in words.frequent
                    and (self.folded not in words.medical or self.folded in _worded_families())
                )
            else:
                small = bool(flags & LOWER_NAME) or len(word) > 4
            if small:
                flags |= SMALLNAME
        return flags


@cache
def _worded_families() -> frozenset[str]:
    return frozenset(tables()["surnames"].split()) - frozenset(tables()["never_small"].split())


@cache
def _told() -> frozenset[str]:
    """Return the words at which rules of told.py begin."""
    listed = toml_of("told.toml")
    roles = frozenset(role.split()[-1] for role in listed["roles"].split(";"))
    return (
        roles
        | frozenset(listed["titles"].split(";"))
        | frozenset(listed["patients"].split(";"))
        | frozenset(listed["where"].split(";"))
    )


@cache
def _plain_names() -> frozenset[str]:
    return frozenset(tables()["given_plain"].split()) | frozenset(tables()["family_plain"].split())


@cache
def _cues() -> Callable[[str], tuple[int, ...]]:
    from curator.detect.text.fields.cues import cues_of

    return cues_of


#: Ends that the names of towns have in many languages.
_TOWNISH = re.compile(
    r"(?:ville|burgh?|borough|bury|dale|field|haven|wood|port|shire|stead|mouth|minster|thorpe|heim|dorf|stadt|hausen|hagen|lund|borg|vik|grad|abad|pur|pura|patnam|palli|halli|nagar|garh|owo|owice|ovo|ovka|polis|stan|bruck|furt|kirchen|weiler|brunn|bach|berga|sund|fjord|foss|nes|vaara|jarvi|koski|maki|koy|hisar|sehir|ganj|kot|wala|mura|yama|shima|jima|kawa|chester|cester|bourne|cliffe?|combe|thwaite|kirk|pool|wick|wich|ington|ingham|inster|mont|vent[oe]|bello|forte|monte|tepec|huacan|tlan|pan|guay|quen|goyen|ac|ieres|igny|court)$"
)

#: Ends of streets in other languages.
_STREETS = (
    "straße",
    "strasse",
    "weg",
    "platz",
    "allee",
    "gasse",
    "straat",
    "laan",
    "gade",
    "gatan",
    "vägen",
    "katu",
    "vej",
    "utca",
    "plein",
    "gracht",
    "veien",
    "caddesi",
    "sokak",
    "sokağı",
    "nagar",
    "marg",
    "jalan",
)


def kind_of(word: str) -> str:
    """Return the class of a capitalized word; see ``Word.kind``."""
    folded = fold(word)
    words = lexicon()
    if len(folded) <= 1:
        return "I"
    if word[:2].isupper() and word[-1].islower() and len(word) < 6 and not (word[2:].islower() and is_name(folded)):
        return "M"  # two capitals before small letters: SCr, PAPi, DNs
    if word[-1] == "s" and len(word) < 6 and word[:-1].isupper() and word.isascii() and len(word) > 2:
        return "M"  # short forms in the plural: MIs, MRIs
    if _MIXED.search(word) and _mixed(word, folded):
        return "M"
    if folded in words.medical and (word.isascii() or not is_given(folded)) and not _doubled(word, folded):
        return "M"
    bare = folded
    if not folded.isalpha():
        pieces = _JOINTS.split(word)
        if len(pieces) > 1 and _coded(pieces):
            return "M"
        parts = [part for part in _JOINTS.split(folded) if len(part) > 1]
        if len(parts) > 1:
            return _joined(parts, small=_JOINTS.split(word)[-1].islower())
        folded = _POSSESSIVE.sub("", folded).replace("-", "")
        bare = folded.replace("'", "")
        if folded in words.medical and (word.isascii() or not is_given(folded)) and not _doubled(word, folded):
            return "M"
    common = folded in words.words
    if folded[-1] == "s" and len(folded) > 5 and not is_name(folded):
        base = folded[:-1]
        # What bears a name, in the plural: two Kochers, or the Kochers.
        if not is_name(base) and base in words.medical:
            return "M"
        if base not in words.words and (base in words.medical or base in words.eponyms):
            return "W" if base.endswith("day") else "r"
    if folded in words.eponyms:
        if folded in words.given or folded in words.international:
            return "g"
        return "s" if folded in words.frequent else "r"
    if common and folded in words.mostly:
        return "n"
    if folded in words.given or bare in words.given or folded in words.international or bare in words.international:
        return "g" if common or len(folded) < 3 else "G"
    if folded in words.surnames or bare in words.surnames:
        frequent = folded in words.frequent or bare in words.frequent
        if common:
            return "s" if frequent else "r"
        return "S" if frequent else "R"
    if common or (word.isascii() and _is_derived(folded)):
        return "W"
    if word.isupper() and len(word) <= 4 and word.isascii():
        return "A"
    if not word.isascii() or "'" in folded:
        return "u"
    if not word.isupper() and any(map(str.isupper, word[1:])):
        return "M" if _branded(word) else "u"
    return "U"


#: A small letter before capitals that end a word, or two capitals before a small one: OlympiA, BYLieve, GiACTA, Dara-VRd.
_MIXED = re.compile(r"[a-z][A-Z]+(?:[a-z]?$|[A-Z][a-z])|[A-Z]{2}[a-z]|-[A-Z]{2,3}[a-z]$")
#: Capitals and small letters as names have them: McDONALD, O'BRIEN-Smith, MacIntyre.
_AS_NAMES = re.compile(r"(?:Ma?c|De|Di|D[aou]|L[aei]|Van|Von|Fitz|St|Ap|Al|El|Del|O)?(?:[A-Z][a-z]*|[A-Z]+)(?:-.*)?$")


_SCANNED = str.maketrans("loiscvwxzn", "IOISCVWXZN")


def _mixed(word: str, folded: str) -> bool:
    """Say whether capitals stand in a word as no name has them: a trial's, a regimen's, a brand's."""
    # A scan has small letters for capitals: MARlNO.
    if not word.isascii() or word.translate(_SCANNED).isupper() or len(word) < 4:
        return False
    if "-" in word:
        last = word.rsplit("-", 1)[1]
        return last.isalpha() and 1 < len(last) < 5 and last[:2].isupper() and last[-1].islower()
    if not word.isalpha() or _AS_NAMES.match(word):
        return False
    # A slip of the shift key in a name: SMith; never at its end.
    return word[-1].isupper() or not is_name(folded)


def _doubled(word: str, folded: str) -> bool:
    """Say whether a term is somebody's name when only its first letter is a capital: Gupta, Ana; not ANA."""
    return folded in lexicon().eponyms and not (word.isupper() and len(folded) < 7)


def _coded(pieces: list[str]) -> bool:
    """Say whether hyphens join a letter or an abbreviation to what is nobody's name: Melan-A, Pola-R-CHP, Anti-HBs."""
    first, last = fold(pieces[0]), pieces[-1]
    if is_given(first) or (is_name(first) and first not in lexicon().words):
        return False
    if all(piece.isupper() for piece in pieces):
        return len(last) == 1 and last.isascii() and 2 < len(first) < 7
    if len(last) == 1 and last.isupper():
        return len(first) > 3 and last.isascii()
    return any(len(piece) > 1 and piece[:2].isupper() and not is_name(fold(piece)) for piece in pieces[1:])


#: Parts of a word in which capitals stand: Coagu, Chek; Power, PICC.
_CAPITALS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*")


def _branded(word: str) -> bool:
    """Say whether capitals within a word join a word of everyday or of medicine to another: DreamWear, not LaShawn."""
    parts = [part.lower() for part in _CAPITALS.findall(word)]
    known = lexicon()
    return (
        len(parts) > 1
        and len(parts[0]) > 1
        and parts[0] not in _PREFIXES
        and any(
            len(part) > 3 and (part in known.words or part in known.medical) and not is_name(part) for part in parts
        )
    )


#: With these names begin that have a capital within.
_PREFIXES = frozenset(["mc", "mac", "de", "la", "le", "du", "van", "von", "fitz", "di", "da", "del", "des", "dos", "st", "san", "ap", "al", "el", "ben", "abu", "lo", "vander", "vanden", "ter", "ten", "bin"])  # fmt: skip


def _compound(folded: str) -> bool:
    """Say whether a word is two words of everyday in one, as family names and towns are: Yellowhorse, Thornbury."""
    words, medical = lexicon().words, lexicon().medical
    return any(
        folded[:at] in words and folded[at:] in words and folded[:at] not in medical and folded[at:] not in medical
        for at in range(4, len(folded) - 3)
    )


def _joined(parts: list[str], *, small: bool) -> str:
    """Return the class of what hyphens join; a small last part is a word, a medical one makes it doubtful."""
    if small and parts[-1] in lexicon().words:
        return "W"
    classes = [kind_of(part.capitalize()) for part in parts]
    if all(is_name(part) for part in parts):
        return "s" if "M" in classes or all(mark in "gsrWM" for mark in classes) else "S"
    if "M" in classes or ("W" in classes and not any(mark in "GSR" for mark in classes)):
        return "W"
    return "S" if any(mark in "GSR" for mark in classes) else "u"


def _is_derived(folded: str) -> bool:
    """Say whether a word is a form of a dictionary's word, or ends as medical terms do."""
    words = lexicon().words
    if (MEDICAL_END.search(folded) and likeness(folded) < 1.4) or (folded.endswith("s") and folded[:-1] in words):
        return True
    for start in ("non", "pre", "post", "un", "re", "sub", "hyper", "hypo", "anti", "multi", "inter", "micro", "peri"):
        if folded.startswith(start) and len(folded) > len(start) + 3 and folded[len(start) :] in words:
            return True
    return any(
        folded.endswith(end)
        and len(folded) > len(end) + 2
        and (folded[: -len(end)] in words or f"{folded[: -len(end)]}e" in words)
        for end in ("ed", "ing", "ly", "er", "es", "able", "ness", "less", "ist")
    )


MEDICAL_END = re.compile(
    r"(?:itis|ectom(?:y|ies)|emia|emic|osis|oses|pathy|pathies|statin|pril|olol|alol|mab|azole|cillin|mycin|micin|floxacin|sartan|dipine|oscop(?:y|ic)|otomy|ostomy|plasty|algia|uria|plegia|paresis|gram|graph(?:y|ic)"
    r"|ology|ologist|oma|omas|omatous|cycline|prazole|tidine|setron|triptan|gliptin|gliflozin|glutide|tide|[dxn]aparin|eparin|teparin|xaban|gatran|nib|ciclib|vir|vudine|zepam|zolam|barbital|caine|terol|tropium|olone|onide|asone|amide|idine"
    r"|azine|triptyline|ipramine|oxetine|faxine|zodone|ridone|apine|idone|piprazole|lukast|fibrate|thiazide|semide|lactone|profen|fenac|oxicam|coxib|codone|morphone|orphan|fentanil|curonium|urane|flurane|platin|rubicin|taxel|bine"
    r"|trexate|poetin|grastim|kinra|cept|ase|stim|formin|glitazone|glinide|scope|meter|pnea|pneic|cardia|cardic|phagia|phasia|trophy|megaly|rrhea|rrhage|rrhagic|lysis|lytic|genesis|genic|penia|penic|phobia|phil|philia|cyte|cytes|cytosis"
    r"|plasia|stasis|static|stenosis|sclerosis|ectasis|spasm|centesis|desis|pexy|tripsy|tome|aemia|oedema|iasis|virus|coccus|cocci|bacter|bacillus|ella|oxide|chloride|phosphate|sulfate|acetate|tartrate|citrate|maleate|mesylate|sodium|quine|zide|dronate"
    r"|vaccine|globulin|toxin|trast|opsy|oid|oids|ability|ation|ations|tion|tions|ment|ments|ical|ally|eous|iform|esthesia|kinesia|taxia|tonia|thorax|cele|uresis|metrium|pubic|orrhaphy|ectasia|ectatic|dermal|neural|vascular|thoracic|abdominal|intestinal|hepatic|cranial)$"
)

_PARTS = {
    "ordinal": ORDINAL, "age": AGE, "holiday": HOLIDAY, "facility": FACILITY, "county": COUNTY, "county_short": COUNTY, "street": STREET, "box": BOX, "field": FIELD, "way": WAY, "toward": TOWARD,
    "title": TITLE | LOWER_CUE, "loose": TITLE | LOOSE, "bare": BARE, "colon": COLON, "done": DONE, "weak": WEAK, "verb": VERB, "eponym": NOUN,
    "particle": PARTICLE, "role": ROLE, "suffix": SUFFIX, "thing": THING, "lower": LOWER_CUE, "head": HEAD | FACILITY, "plural": BARE | PLURAL, "mark": MARK, "wanted": WANTED | LOWER_CUE,
    "with": POST, "per": POST, "see": POST, "ward": POST, "called": POST, "baby": POST, "relation": POST, "staff_roles": POST,
    "stores": FACILITY | HEAD, "abroad": FACILITY, "land_first": PORT, "land_lead": PORT, "land_last": LAND, "address": ADDRESS, "land_before": TOWARD, "site_nouns": SITE,
}  # fmt: skip


@cache
def tables() -> dict[str, str]:
    """Return the lists of words that introduce, follow or begin a name or a place, by their name."""
    return {
        **tomllib.loads(data_text("contexts.toml")),
        **tomllib.loads(data_text("sites.toml")),
        **tomllib.loads(data_text("posts.toml")),
        **tomllib.loads(data_text("frames.toml")),
    }


@cache
def _parts() -> dict[str, int]:
    table: dict[str, int] = {}
    for name, part in _PARTS.items():
        for word in tables()[name].split():
            table[word] = table.get(word, 0) | part
    for word in tables()["degree"].split():
        low = word.lower()
        table[low] = table.get(low, 0) | DEGREE | MARK
    for line in tables()["phrase"].split("\n"):
        for phrase in line.split("|"):
            last = re.split(r"[ /-]", phrase)[-1]
            table[last] = table.get(last, 0) | PHRASE
    for word in _firsts():
        table[word] = table.get(word, 0) | NAMED
    for name, words in tables().items():
        for word in words.split() if name.startswith("tail_") else ():
            table[word] = table.get(word, 0) | TAIL
    table["by"] = table.get("by", 0) | PHRASE | LOWER_CUE
    return table


def _firsts() -> Iterator[str]:
    """Yield the first words of the list of houses and quarters."""
    for line in data_text("named.txt").split("\n"):
        if line and not line.startswith("#"):
            yield from (_RUN.search(fold(name))[0] for name in line.partition(": ")[2].split("; "))  # type: ignore[index]


_RUN = re.compile(r"[^\W\d_]+")


@cache
def _states() -> frozenset[str]:
    return (
        frozenset(tables()["state_codes"].split())
        | frozenset(tables()["state_short"].split())
        | frozenset("NMSRWIUV")
        | frozenset(name.split()[0] for name in re.split(r"[|\n]", tables()["states"]))
    )


@cache
def _degrees() -> frozenset[str]:
    return frozenset(tables()["degree"].split())


@cache
def _lists(parts: int) -> tuple[int, ...]:
    """Return the numbers of the lists that parts put a word on."""
    return tuple(number for number, part in enumerate(LISTS.values()) if parts & part)


class _Known(dict[str, Word]):
    """What was looked up before; what was not is looked up now."""

    def __missing__(self, word: str) -> Word:
        """Look a word up, and remember it unless there are too many or it is none."""
        made = Word(word)
        if len(self) < MOST_WORDS and len(word) < 64:
            self[word] = made
        return made


known = _Known()
FORGET.append(known.clear)
#: Returns what is known of a word.
word_of: Callable[[str], Word] = known.__getitem__
