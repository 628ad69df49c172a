# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Who is named beside a relation that the other rules of names do not know: a pet, a kinship of India, a letter and four digits.

Never a term: an animal's bite or W/o contrast names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.hints import Marks
from curator.detect.text.lexicon import fold, lexicon
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
    if " the " in text:
        for match in _FAMILY.finditer(text):
            base = match[1][:-1].lower()
            if base in lexicon().surnames and base not in lexicon().words and base not in lexicon().medical:
                yield _name(match, 1, "name.family")
    if "," in text and "\n" in text:
        for match in _LETTERED.finditer(text):
            yield Finding(match.start(1), match.end(1), Category.SSN, "ssn", "form.ssn-letter", 0.6)


def _named(word: str) -> bool:
    folded = fold(word)
    return folded not in lexicon().medical and folded not in _NOT


def _name(match: re.Match[str], group: int, rule: str) -> Finding:
    return Finding(match.start(group), match.end(group), Category.NAME, "name", rule, 0.6)
