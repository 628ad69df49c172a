# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who is named in ways that the other rules of names do not know, and numbers of what serves one person.

A pet, a kinship of India, a name in quotes, an alias, an affidavit, a dictation; a helicopter, a lock, a unit of blood, a
pager. Never a term: an animal's bite or W/o contrast names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.words.hints import Marks
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NAME = r"[^\W\d_a-z][^\W\d_A-Z]{2,13}"
_PART = r"(?:[^\W\d_]|['’-])"
#: An animal's name: her dog Rufus, has a cat, Mittens; a service dog named Scout.
_PET = re.compile(
    rf"\b(?:[Dd]ogs?|[Cc]ats?|[Pp]uppy|[Kk]ittens?|[Pp]ets?|[Hh]orse|[Pp]arrot|[Bb]unny|[Rr]abbit|[Hh]amster|[Ll]abrador|[Pp]oodle|[Bb]eagle|[Cc]hihuahua|[Tt]errier|[Rr]etriever|[Pp]it ?bull)(?:,|[ ]\(|[ ]named|[ ]called|,[ ]named)?[ ]?(?<=[ (])['\"“]?({_NAME})(?:[ ]and[ ]({_NAME}))?(?=['’]s\b|[ ,.;:!?)'\"”]|$)"
)
_PETS = Marks(" dog", "Dog ", " cat ", " cats ", " cat,", "Cat ", "puppy", "kitten", " pet ", " pets ", "horse", "parrot", "bunny", "rabbit", "hamster", "abrador", "oodle", "beagle", "hihuahua", "errier", "etriever", "pit bull", "pitbull")  # fmt: skip
#: Son, daughter or wife of: S/o Ramegowda, W/o Late Suresh Rao.
_OF = re.compile(
    rf"\b[SDWCH]/o[.:]?[ ](?:(?:Late|Lt|Mr|Mrs|Sri|Shri|Smt|Sh|Dr)\.?[ ])?({_NAME}(?:[ ]{_NAME}|[ ][A-Z]\b\.?){{0,2}})"
)
_OFS = ("S/o", "D/o", "W/o", "C/o", "H/o")
#: A letter and the last four digits behind a name in capitals, as records of veterans have it: ROE,JANE T R9981.
_LETTERED = re.compile(r"\b[A-Z][A-Z'-]{1,30}, ?[A-Z]{2,30}(?: [A-Z]{1,12}\.?)?[ ,(]{1,3}([A-Z]\d{4})\b(?!-)")
_VETERANS = Marks("veteran", "Veteran", "VETERAN", "LOCAL TITLE", " VA ", "COSIGNER", "/es/", "USMC", "Vietnam")
#: Signs of honor before a name in India.
_HONORED = re.compile(rf"\b(?:Smt|Shri|Sri|Kum|Thiru|Tmt|Km)\.?[ ]({_NAME}(?:[ ]{_NAME}){{0,2}})")
_HONORS = Marks("Smt", "Shri", "Sri ", "Thiru", "Tmt")
#: A family by its name: with the Pelletiers.
_FAMILY = re.compile(r" the ([A-Z][a-z]{2,14}s)(?=[ ,.;)]|$)")
_FAMILY_BACK = re.compile(
    r"(?:\b(?:with|by|to|from|for|at|of|and|are|is|see|saw|like|parents|family|neighbors|neighbours|called|told|ask|tell)|w/|,|[.!?:])$"
)
#: What bears a name rather than the family: by the Thomas test.
_BEARS = frozenset(tables()["eponym"].split())
_BEHIND = re.compile(r" ([a-z]+)")
#: A name that stands in quotes or brackets between given and family name: Curtis "CJ" Brown, Dietrich (Dutch) Roe.
_NICKNAME = re.compile(rf"[(\"“](?<=[^\W\d_] [(\"“])([^\W\d_][\w.'’ -]{{1,16}})[)\"”] ([^\W\d_a-z]{_PART}{{1,20}})")
_GIVEN_BACK = re.compile(rf"(?<![\w'’-])([^\W\d_a-z]{_PART}{{1,14}}) $")
#: Who is made up where nobody is known yet: Quebec, Trauma; Trauma, Delta.
_ALIAS = re.compile(
    r"\b([A-Z][a-z]+(?:-[A-Z][a-z]+)?, ?(?:Trauma|TRAUMA|Unknown))\b(?! (?:team|surgery|bay))|(?<=Trauma, )([A-Z][a-z]+)(?=[ ,.;\"\n]|$)"
)
_ALIASES = Marks(", Trauma", ", TRAUMA", "Trauma, ", ", Unknown")
#: Who affirms something: I, Mark Twain, of; AFFIDAVIT OF LEOPOLD STERNE.
_AFFIRMS = re.compile(rf"I, (?<![\w'].{{3}})({_NAME}(?: [A-Z]\.?)?(?: {_PART}{{2,20}}){{1,3}}),")
_OATH = re.compile(
    r"\b(?:AFFIDAVIT|DEPOSITION|DECLARATION|TESTIMONY|ESTATE) OF ([A-Z][A-Z.'-]{1,30}(?: [A-Z][A-Z.'-]{0,30}){1,3})"
)
_OATHS = Marks("AFFIDAVIT", "DEPOSITION", "DECLARATION", "TESTIMONY", "ESTATE")
#: A name in a text that is dictated without capitals: this is doctor rhonda chase dictating on patient iris roe medical record.
_SPOKEN = re.compile(
    rf"\bthis is (?:doctor|dr\.?) ({_PART}{{1,30}}(?: {_PART}{{1,30}}){{0,3}}?) (?:dictating|speaking|calling|with)\b|\b(?:dictating|note|summary|report|visit|letter)(?: \w{{1,20}})? (?:on|for|re|regarding) (?:patient |pt |mr |mrs |ms )?({_PART}{{1,30}} {_PART}{{1,30}}(?: {_PART}{{1,30}})?) (?:medical record|mrn|date of birth|dob|account number|record number|chart number)",
    re.IGNORECASE,
)
_DICTATES = Marks("dictating", "DICTATING")
#: An aircraft by its mark: tail N418LF.
_TAIL = re.compile(
    r"\b(?:[Tt]ail|[Ff]light|[Aa]ircraft|[Aa]irframe|[Hh]elo|[Rr]otor)(?: (?:no\.?|#|number))?:? ?#?(N\d{1,5}[A-Z]{0,2}|[A-Z]-[A-Z]{4}|[A-Z]{2}-[A-Z]{3})\b"
)
_TAILS = Marks(" tail ", "Tail ", "tail:", "flight ", "Flight ", "aircraft", "Aircraft", "airframe", "Helo", "helo", "otor wing")  # fmt: skip
#: What opens a door: lockbox code 4418.
_LOCK = re.compile(
    r"\b(?:lock ?box|door|gate|garage|entry|alarm|key ?pad|key|locker)\b[^.\n]{0,24}?\b(?:code|combo|pin)[ :#]{1,3}(?:is )?#?(\d{3,6})\b",
    re.IGNORECASE,
)
_LOCKS = Marks("lockbox", "Lockbox", "lock box", "Lock box", "door", "gate ", "garage", "Garage", "entry code", "alarm", "keypad", "key pad", "locker")  # fmt: skip
#: A unit of blood by ISBT 128: facility, year and number.
_BLOOD = re.compile(r"(?<![\w=])=?([A-Z]\d{4} \d{2} \d{6}(?: ?[A-Z0-9]{1,2}\b)?)(?!\d)")
_BLOODS = Marks(
    "rxn", "DIN ", "donor", "Donor", "ransfus", "RANSFUS", "PRBC", "pRBC", "latelets", "blood", "Blood", "BLOOD"
)
#: Whose pager it is stands between the word and the number.
_PAGER = re.compile(r"\b[Pp]ager (?:for|of) [^\n:;]{3,32}: ?#?(\d{4,7})\b")
_PAGERS = Marks("pager ", "Pager ")
#: The number of an alien's file in the United States: A 088 417 226.
_ALIEN = re.compile(
    r"\bA(?:[- ]?(?:#|[Nn]umber|no\.?|file))?[: #]{0,3}(?:A[- #]{0,2})?(\d{3}[- ]\d{3}[- ]\d{3}|0?\d{8})\b(?!-)"
)
_ALIENS = Marks(
    "ICE ", "USCIS", "immigration", "Immigration", "asylum", "Asylum", "detain", "refugee", "Alien", "alien"
)
#: Words behind an animal or a kinship that are nobody's name.
_NOT = frozenset(tables()["not_town"].split()) | frozenset(["scan", "and", "the", "has", "was", "with", "who", "for", "scratch", "bite", "bites", "denies", "reports", "exposure", "dander", "allergy", "test", "house", "food", "none"])  # fmt: skip
#: Numbers beside a word that tells them: what the text must have, the form, its category, kind and rule.
_NUMBERED = (
    (_TAILS, _TAIL, Category.VEHICLE, "plate", "form.tail"),
    (_LOCKS, _LOCK, Category.OTHER, "code", "form.lock"),
    (_BLOODS, _BLOOD, Category.DEVICE, "unit", "form.blood"),
    (_PAGERS, _PAGER, Category.PHONE, "pager", "form.pager"),
    (_ALIENS, _ALIEN, Category.LICENSE, "alien", "form.alien"),
    (_VETERANS, _LETTERED, Category.SSN, "ssn", "form.ssn-letter"),
)


def related(text: str, flags: int) -> Iterator[Finding]:
    """Yield who is named beside such a relation, and such numbers.

    Parameters
    ----------
    text
        The text.
    flags
        What its words show (``Spots.flags``).
    """
    if _PETS.held(text, flags):
        for match in _PET.finditer(text):
            for group in (1, 2):
                if match[group] and _named(match[group]):
                    yield _name(match, group, "name.pet")
    if "/o" in text and any(map(text.__contains__, _OFS)):
        for match in _OF.finditer(text):
            if _named(match[1].split(" ")[0]) and fold(match[1].split(" ")[0]) not in lexicon().words:
                yield _name(match, 1, "name.kin-of")
    if _HONORS.held(text, flags):
        for match in _HONORED.finditer(text):
            yield _name(match, 1, "name.honored")
    if '"' in text or "“" in text or " (" in text:
        yield from _nicknames(text)
    if _ALIASES.held(text, flags):
        for match in _ALIAS.finditer(text):
            yield _name(match, match.lastindex or 1, "name.alias")
    if "I, " in text:
        for match in _AFFIRMS.finditer(text):
            if is_given(fold(match[1].split(" ")[0])):
                yield _name(match, 1, "name.affirms")
    if _OATHS.held(text, flags):
        for match in _OATH.finditer(text):
            yield _name(match, 1, "name.affirms")
    if _DICTATES.held(text, flags):
        for match in _SPOKEN.finditer(text):
            yield _name(match, match.lastindex or 1, "name.spoken")
    if " the " in text:
        for match in _FAMILY.finditer(text):
            base = match[1][:-1].lower()
            if not (base in lexicon().surnames and base not in lexicon().words and base not in lexicon().medical):
                continue
            behind = _BEHIND.match(text, match.end())
            if match[1].lower() in lexicon().medical or (behind and behind[1] in _BEARS):
                continue
            if _FAMILY_BACK.search(text, max(0, match.start() - 5), match.start()):
                yield _name(match, 1, "name.family")
    if _RINGS.held(text, flags):
        for match in _RUNG.finditer(text):
            if match[1].lower() not in _LINES:
                yield _name(match, 1, "name.rung")
    for marks, form, category, kind, rule in _NUMBERED:
        if marks.held(text, flags):
            for match in form.finditer(text):
                yield Finding(match.start(1), match.end(1), category, kind, rule, 0.6)


#: A word that somebody is called, between a relation and a telephone number: best friend Onyx 503-555-0118.
_RUNG = re.compile(
    rf"\b(?:[Ff]riend|[Aa]unt|[Uu]ncle|[Cc]ousin|[Nn]eighbou?r|[Rr]oommate|[Pp]artner|[Ss]ponsor|[Ss]ister|[Bb]rother|[Mm]om|[Dd]ad|[Mm]other|[Ff]ather|[Ww]ife|[Hh]usband|[Ss]on|[Dd]aughter|[Gg]irlfriend|[Bb]oyfriend|[Nn]iece|[Nn]ephew|[Gg]uardian|[Pp]arent|[Cc]aregiver)(?:['’]s)?(?: cell)?(?: |: |, )({_NAME}),? \(?\d{{3}}\)?[-. ]{{1,2}}\d{{3}}[-. ]\d{{4}}\b"
)
_RINGS = Marks("riend", "aunt", "uncle", "ousin", "neighbo", "oommate", "artner", "ponsor", "ister", "rother", "mom", "dad", "other", "ather", "wife", "husband", "son ", "aughter", "niece", "ephew", "uardian", "arent", "aregiver")  # fmt: skip
#: What rings, rather than somebody.
_LINES = frozenset(["cell", "home", "work", "phone", "mobile", "office", "fax", "tel", "number", "contact", "pager", "line", "landline", "voicemail", "text", "daytime", "evening", "call", "callback", "preferred", "primary", "emergency", "main", "direct", "same", "telephone"])  # fmt: skip


def _nicknames(text: str) -> Iterator[Finding]:
    """Yield names in quotes or brackets between a given and a family name."""
    for match in _NICKNAME.finditer(text):
        given = _GIVEN_BACK.search(text, max(0, match.start() - 17), match.start())
        if given is None or not is_given(fold(given[1])):
            continue
        quoted, low, family = text[match.start()] != "(", fold(match[1]), fold(match[2])
        if not quoted and not (
            is_name(family) and match[1].isalpha() and match[1][0].isupper() and match[1][1:].islower()
        ):
            continue
        if low not in lexicon().medical and family not in lexicon().medical:
            yield _name(match, 1, "name.nickname")


def _named(word: str) -> bool:
    """Say whether a word with a capital may be the name of a person or an animal."""
    folded = fold(word)
    return folded not in lexicon().medical and folded not in _NOT


def _name(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(match.start(group), match.end(group), Category.NAME, "name", rule, 0.6)
