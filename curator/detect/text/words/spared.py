# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Phrases that hold the name of a person, a place or a house and tell of nobody, as whole phrases alone.

Groups of blood, counts of sentinel nodes, remedies called like saints, languages behind their label, relations and
births in French, tests whose name in German is a family name. What a rule found is passed over when all its words lie
in such a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: The phrases, each with what a text must have for it.
_PHRASES = tuple(
    (mark, re.compile(form))
    for mark, form in (
        ("ABO", r"\bABO(?:/Rh)?(?: and Rh)? (?:[Gg]roup(?:ing)?|GROUP(?:ING)?|[Tt]yp(?:e|ing)|TYP(?:E|ING))\b"),
        ("SLN", r"\bSLNB?s?\b"),
        ("sys", r"\b[Ss]ys(?:tolic)?[ ]?/[ ]?dia(?:s|stolic)?\b"),
        ("anguage", r"\b(?:[Ll]anguages?(?: [Ss]poken| [Pp]referred)?|(?:[Pp]referred|[Pp]rimary|[Ss]poken|[Hh]ome) [Ll]anguage)[ ]?[:|=][ ]*[A-Z][a-z]+(?:(?:, | and | or |/)[A-Z][a-z]+){0,3}\b"),
        ("Armour", r"\bArmour Thyroid\b"),
        ("ort", r"\bS(?:t|aint)\.? ?John['’]?s?[- ][Ww]ort\b"),
        ("arter", r"\bCarter['’]?s (?:[Ll]ittle )?(?:[Ll]iver )?[Pp]ills?\b"),
        ("UCLA", r"\bUCLA(?: integrated| Integrated)? (?:[Ss]taging|[Ss]coring|[Ss]hin|[Aa]ctivity|[Ll]oneliness|[Pp]rostate|3)(?: [Ss]ystem| [Ss]cale| [Ss]core| [Ii]ndex)?\b"),
        ("amma", r"\bGamma-G[TC]\b"),
        ("rague", r"\bPrague(?: (?:classification|criteria|class))?,? C\d{1,2}M\d{1,2}\b|\bC\d{1,2}M\d{1,2},? (?:by |\()?Prague\b"),
        ("Pa", r"\bZ-?Pa[ck]k?s?\b"),
        ("ABO", r"\bABO(?: type)?:? (?:AB|A|B|O)\b"),
        ("isterna", r"\bMega cisterna\b"),
        ("Ferber", r"\bFerber(?= vs|iz| method| technique| approach| sleep)"),
        ("Boston", r"\bBoston Sci(?:entific)?\b"),
        ("ydney", r"\b(?:[Uu]pdated )?Sydney(?= (?:[Ss]ystem|[Cc]lassification|[Pp]rotocol|[Gg]rade|[Ss]core|mild|moderate|marked|severe)\b)"),
        ("Bro", r"\bBro\.?(?= [A-Z])"),
        ("round", r"\b[Gg]round (?:EMS|[Aa]mbulance|[Tt]ransport)\b"),
        ("anufacturer", r"\bManufacturer\b"),
        ("mari", r"\b(?:son|mon|ton|le|du|leur|votre|notre|au) mari\b"),
        ("ée", r"\bNée?s? (?=en\b|le\b|à\b|au\b|aux\b|dans\b)"),
        ("Née", r"\b[Nn]ée?s? (?=le\b|en\b)"),
        ("Ihre", r"\bIhr(?:e[rmns]?)?\b(?= (?:o\. ?g\.|oben|Patient|gemeinsame|Anfrage|Zuweisung|Überweisung))"),
        ("Eisen", r"\AEisen(?=\s*\Z|[ :|\t]{1,3}[<>]?\d)|(?<=[\n|\t])Eisen(?=[ :|\t]{1,3}[<>]?\d)"),
    )
)  # fmt: skip
_PERSONAL = frozenset({Category.NAME, Category.GEOGRAPHY})
_WORD = re.compile(r"[^\W_]+")


def spared(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what was found but names and places whose words all lie in such phrases.

    Parameters
    ----------
    text
        The text.
    found
        What was found in it.
    """
    spans: list[tuple[int, int]] | None = None
    for one in found:
        if one.category in _PERSONAL:
            if spans is None:
                spans = [match.span() for mark, form in _PHRASES if mark in text for match in form.finditer(text)]
            if spans and all(
                any(low <= word.start() and word.end() <= high for low, high in spans)
                for word in _WORD.finditer(text, one.start, one.end)
            ):
                continue
        yield one
