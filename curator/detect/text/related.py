# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who is named beside a relation that the other rules of names do not know: a pet, a kinship of India, a letter and four digits.

Never a term: an animal's bite or W/o contrast names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.hints import Marks
from curator.detect.text.lexicon import fold, is_given, is_name, lexicon
from curator.detect.text.vocabulary import tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

_NAME = r"[^\W\d_a-z][^\W\d_A-Z]{2,13}"
#: An animal's name: her dog Rufus, has a cat, Mittens; a service dog named Scout.
_PET = re.compile(
    rf"\b(?:[Dd]ogs?|[Cc]ats?|[Pp]uppy|[Kk]ittens?|[Pp]ets?|[Hh]orse|[Pp]arrot|[Bb]unny|[Rr]abbit|[Hh]amster|[Ll]abrador|[Pp]oodle|[Bb]eagle|[Cc]hihuahua|[Tt]errier|[Rr]etriever|[Pp]it ?bull)(?:,|[ ]\(|[ ]named|[ ]called|,[ ]named)?[ ]?(?<=[ (])['\"“]?({_NAME})(?:[ ]and[ ]({_NAME}))?(?=['’]s\b|[ ,.;:!?)'\"”]|$)"
)
_PETS = Marks("dog", "Dog", "cat", "Cat", "puppy", "kitten", "pet", "Pet", "horse", "parrot", "bunny", "rabbit", "hamster", "abrador", "oodle", "eagle", "hihuahua", "errier", "etriever", "pit bull", "pitbull")  # fmt: skip
#: Son, daughter or wife of: S/o Ramegowda, W/o Late Suresh Rao.
_OF = re.compile(
    rf"\b[SDWCH]/o[.:]?[ ](?:(?:Late|Lt|Mr|Mrs|Sri|Shri|Smt|Sh|Dr)\.?[ ])?({_NAME}(?:[ ]{_NAME}|[ ][A-Z]\b\.?){{0,2}})"
)
#: A letter and the last four digits behind a name in capitals, as records of veterans have it: ROE,JANE T R9981.
_LETTERED = re.compile(r"\b[A-Z][A-Z'-]+, ?[A-Z]{2,}(?: [A-Z]{1,12}\.?)?[ ,(]{1,3}([A-Z]\d{4})\b(?!-)")
#: Signs of honor before a name in India.
_HONORED = re.compile(rf"\b(?:Smt|Shri|Sri|Kum|Thiru|Tmt|Km)\.?[ ]({_NAME}(?:[ ]{_NAME}){{0,2}})")
_HONORS = Marks("Smt", "Shri", "Sri ", "Thiru", "Tmt")
#: A family by its name: with the Pelletiers.
_FAMILY = re.compile(r"\b(?:with|w/|by|to|from|for|at|of|and) the ([A-Z][a-z]{2,14}s)(?=[ ,.;)]|$)")
#: A name that stands in quotes or brackets between given and family name: Curtis "CJ" Brown, Dietrich (Dutch) Roe.
_NICKNAME = re.compile(
    rf"\b([^\W\d_a-z][^\W\d_]{{1,14}})[ ](?:[\"“']([^\W\d_][\w.'’ -]{{1,16}})[\"”']|\(([^\W\d_a-z][a-z]{{1,12}})\))[ ]([^\W\d_a-z](?:[^\W\d_]|['’-]){{1,20}})"
)
#: Who is made up where nobody is known yet: Quebec, Trauma; Trauma, Delta.
_ALIAS = re.compile(r"\b(?:([A-Z][a-z]+(?:-[A-Z][a-z]+)?), ?(?:Trauma|TRAUMA|Unknown)\b(?! (?:team|surgery|bay))|(?:Trauma|Doe), ([A-Z][a-z]+)(?=[ ,.;\"\n]|$))")
#: Who affirms something: I, Mark Twain, of; AFFIDAVIT OF LEOPOLD STERNE.
_AFFIRMS = re.compile(rf"\b(?:I|We), ({_NAME}(?: [A-Z]\.?)?(?: (?:[^\W\d_]|['’-]){{2,20}}){{1,3}}),|\b(?:AFFIDAVIT|DEPOSITION|DECLARATION|TESTIMONY|ESTATE) OF ([A-Z][A-Z.'-]+(?: [A-Z][A-Z.'-]*){{1,3}})")
#: A name in a text that is dictated without capitals: this is doctor rhonda chase dictating on patient iris roe medical record.
_SPOKEN_NAME = re.compile(
    r"\bthis is (?:doctor|dr\.?) ((?:[^\W\d_]|['’-])+(?: (?:[^\W\d_]|['’-])+){0,3}?) (?:dictating|speaking|calling|with)\b|\b(?:dictating|note|summary|report|visit|letter)(?: \w+)? (?:on|for|re|regarding) (?:patient |pt |mr |mrs |ms )?((?:[^\W\d_]|['’-])+ (?:[^\W\d_]|['’-])+(?: (?:[^\W\d_]|['’-])+)?) (?:medical record|mrn|date of birth|dob|account number|record number|chart number)"
)
#: An aircraft by its mark: tail N418LF.
_TAIL = re.compile(r"\b(?:[Tt]ail|[Ff]light|[Aa]ircraft|[Aa]irframe|[Hh]elo|[Rr]otor)(?: (?:no\.?|#|number))?:? ?#?(N\d{1,5}[A-Z]{0,2}|[A-Z]-[A-Z]{4}|[A-Z]{2}-[A-Z]{3})\b")
#: What opens a door: lockbox code 4418.
_LOCK = re.compile(r"\b(?:lock ?box|door|gate|garage|entry|alarm|key ?pad|key|locker)\b[^.\n]{0,24}?\b(?:code|combo|pin)[ :#]{1,3}(?:is )?#?(\d{3,6})\b", re.IGNORECASE)
#: A unit of blood by ISBT 128: facility, year and number.
_BLOOD = re.compile(r"(?<![\w=])=?([A-Z]\d{4} \d{2} \d{6}(?: ?[A-Z0-9]{1,2}\b)?)(?!\d)")
#: Whose pager it is stands between the word and the number.
_PAGER = re.compile(r"\b[Pp]ager (?:for|of) [^\n:;]{3,32}: ?#?(\d{4,7})\b")
_NOT = frozenset(tables()["not_town"].split()) | frozenset(["scan", "and", "the", "has", "was", "with", "who", "for", "scratch", "bite", "bites", "denies", "reports", "exposure", "dander", "allergy", "test", "house", "food", "none"])  # fmt: skip


def related(text: str, flags: int) -> Iterator[Finding]:
    """Yield who is named beside such a relation.

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
    if "/o" in text:
        for match in _OF.finditer(text):
            if _named(match[1].split(" ")[0]) and fold(match[1].split(" ")[0]) not in lexicon().words:
                yield _name(match, 1, "name.kin-of")
    if _HONORS.held(text, flags):
        for match in _HONORED.finditer(text):
            yield _name(match, 1, "name.honored")
    if '"' in text or "“" in text or " (" in text or " '" in text:
        for match in _NICKNAME.finditer(text):
            group = 2 if match[2] else 3
            low = fold(match[group])
            given = is_given(fold(match[1])) and (is_name(fold(match[4])) or group == 2)
            if given and low not in lexicon().medical and match[4].lower() not in lexicon().medical:
                yield _name(match, group, "name.nickname")
    if "Trauma" in text or "TRAUMA" in text or "Doe," in text:
        for match in _ALIAS.finditer(text):
            yield _name(match, match.lastindex or 1, "name.alias")
    if "I, " in text or " OF " in text:
        for match in _AFFIRMS.finditer(text):
            if match[2] or is_given(fold(match[1].split(" ")[0])):
                yield _name(match, match.lastindex or 1, "name.affirms")
    if " doctor " in text or " record" in text or " birth" in text or " mrn" in text or " dr " in text or " number" in text:
        for match in _SPOKEN_NAME.finditer(text):
            yield _name(match, match.lastindex or 1, "name.spoken")
    yield from _marked(text)
    if " the " in text:
        for match in _FAMILY.finditer(text):
            base = match[1][:-1].lower()
            if base in lexicon().surnames and base not in lexicon().words and base not in lexicon().medical:
                yield _name(match, 1, "name.family")
    if "," in text and "\n" in text:
        for match in _LETTERED.finditer(text):
            yield Finding(match.start(1), match.end(1), Category.SSN, "ssn", "form.ssn-letter", 0.6)


#: Numbers beside a word that tells them: the form, what it needs, its category, kind and rule.
_NUMBERED = (
    (_TAIL, ("ail ", "light ", "rcraft", "frame", "elo ", "otor "), Category.VEHICLE, "plate", "form.tail"),
    (_LOCK, ("code", "combo", "pin", "CODE", "PIN"), Category.OTHER, "code", "form.lock"),
    (_BLOOD, (" 0", " 1", " 2"), Category.DEVICE, "unit", "form.blood"),
    (_PAGER, ("ager for", "ager of"), Category.PHONE, "pager", "form.pager"),
)


def _marked(text: str) -> Iterator[Finding]:
    """Yield numbers of what serves one person: a helicopter, a lock, a unit of blood, a pager."""
    for form, marks, category, kind, rule in _NUMBERED:
        if any(map(text.__contains__, marks)):
            for match in form.finditer(text):
                yield Finding(match.start(1), match.end(1), category, kind, rule, 0.6)


def _named(word: str) -> bool:
    folded = fold(word)
    return folded not in lexicon().medical and folded not in _NOT


def _name(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(match.start(group), match.end(group), Category.NAME, "name", rule, 0.6)
