# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Names that a word or a mark joins or introduces, whatever words they are.

Periasamy s/o Ramasamy; a man by the name of Winterbottom; her mother was a Rosenzweig; Sd/- A R Deshpande; lists of
family and given names with semicolons between; what goes with an elder's name: Mama, Papa.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curator.detect.text.lists.lexicon import fold, is_name, lexicon
from curator.detect.text.names.shapes import FULL, NAME, UP, fits, made
from curator.detect.text.words.hints import Words, at_lines
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import kind_of, tables
from curator.identifiers.categories import Category
from curator.identifiers.findings import Finding

#: Son of, daughter of, as names of India, Malaysia and Singapore have them.
_OF = re.compile(
    rf"(?<![\w.'’-])(?!(?:Dr|Mr|Mrs|Ms|Prof|Mdm|Encik|Name)\b)(?P<name>{NAME}(?:[ ]{NAME}){{0,3}}[ ](?:[sSdD]/[oO]|[aA]/[lLpP])\.?[ ]{NAME}(?:[ ]{NAME}){{0,2}})"
)
_OF_MARKS = re.compile(r"/(?<= [sSdDaA]/)(?:[oO]|[lLpP])\.?[ ][^\W\d_a-z]")
_CALLED = re.compile(
    rf"\b(?:by|under|uses|using|goes by|went by) the name(?:s)? (?:of )?[\"“‘']?(?P<name>{FULL}(?:[ ]{NAME}){{0,1}})(?![\w@])"
)
_BORN_A = re.compile(
    rf"\b(?:[Mm]other|[Gg]randmother|[Ww]ife|[Mm]om|[Mm]um|[Ss]he|[Aa]unt|[Nn]ana) (?:is|was) (?:born )?an? (?P<name>{UP}[^\W\d_A-Z]{{3,}})(?=[;.,)]| (?:from|before|until|by)\b)"
)
_SIGNED = re.compile(
    rf"\bSd/-?[ ]{{0,4}}(?:Dr\.?[ ])?(?P<name>(?:{UP}\.?[ ]){{0,3}}{NAME}(?:[ ]{NAME}){{0,2}})(?=[ ]*(?:\n|\Z|[,(]))"
)
_PAIR = rf"{NAME},[ ](?:{NAME}|{UP}\.)(?:[ ]{UP}\.?)?"
#: Three of a list at least, each a family name and a given one.
_LISTED = re.compile(rf"(?<![\w.'’-]){_PAIR}(?:;[ ](?:and[ ])?{_PAIR}){{2,}}")
_EACH = re.compile(_PAIR)
#: What stands in the midst of such a list: found far sooner.
_LISTED_ON = re.compile(r";[ ](?:and[ ])?[^\W\d_a-z][^\s,;]*,[ ][^\W\d_a-z]")
#: A family name in capitals and a letter, behind the number of a line: 3. MCDAID J
_NUMBERED = at_lines(rf"[ ]{{0,4}}\d{{1,2}}[.)][ ](?P<name>{UP}{{3,}}(?:-{UP}{{3,}})?[ ]{UP})(?=[ ]{{2,}}|[ ]*\n)")
#: A short name in capitals that no list has, alone behind the label of the patient's name: NAME: ZORK.
_SHORT = at_lines(
    r"[ \t]{0,8}(?:(?i:patient(?:['’]s)?(?: name)?|pt name|name|resident(?: name)?|client(?: name)?)|Pt)[ ]?[:=|][ \t]{0,12}(?P<name>[A-Z]{3,4})(?=[ ]*(?:,|\r?\n|\Z)|[ ]{2,}|[ ]*\|)"
)
#: An initial and a family name that is a word as well, behind a patient, or where little else stands.
_INITIALED = re.compile(
    rf"(?P<initial>[A-Z])(?<=[ ][A-Z])(?:\.[ ]?|[ ])(?P<family>{NAME})(?=[?,;)]|\.(?:\s|$)|$| (?:DOB|dob|MRN|mrn|who|has|had|is|was|please)\b)"
)
_PATIENT = re.compile(r"\b(?:[Pp]t|[Pp]atient|PT)[:,]? $")
_ABOUT = re.compile(r"\b(?:for|on|re|about|regarding|see) $")
#: A letter behind a family name in small letters: nguyen, t hcg; garcia m 4/12/61.
_LETTER = re.compile(r",? (?P<one>[b-hj-z])\.?(?= \d)(?!(?<= k) \d\.\d)|, (?P<two>[a-z])\.?(?= [a-z]{2})")
_NO_VALUE = frozenset((tables()["no_value"] + " " + tables()["initial_never"]).split())
#: What goes with the name of somebody whom all call so.
_ELDER = re.compile(r"(?<![^\W_])(?:Mama|Papa|Baba|Iya|Mzee|Tío|Tía|Tio|Tia|Nonna|Nonno) $")
#: The same in small letters.
_ELDERS = Words(["mama", "papa", "baba", "iya", "mzee", "tío", "tía", "tio", "tia", "nonna", "nonno"])


def joined(text: str) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    text
        The text.
    """
    if "/" in text:
        if _OF_MARKS.search(text):
            for match in _OF.finditer(text):
                if not any(kind_of(word) == "M" and not is_name(fold(word)) for word in match["name"].split()[:1]):
                    yield made(*match.span("name"), "son-of")
        if "Sd/" in text:
            for match in _SIGNED.finditer(text):
                yield made(*match.span("name"), "signed-by")
    if " the name" in text:
        for match in _CALLED.finditer(text):
            if not all(fold(word) in lexicon().medical for word in re.findall(r"[^\W\d_]+", match["name"])):
                yield made(*match.span("name"), "called")
    if " is a" in text or " was a" in text or " was born a" in text:
        for match in _BORN_A.finditer(text):
            folded = fold(match["name"])
            if is_name(folded) and folded not in lexicon().words and folded not in lexicon().medical:
                yield made(*match.span("name"), "born-a")
    if ";" in text and _LISTED_ON.search(text):
        for match in _LISTED.finditer(text):
            for one in _EACH.finditer(text, match.start(), match.end()):
                if any(is_name(fold(word)) for word in re.findall(r"[^\W\d_]{2,}", one[0])):
                    yield made(*one.span(), "in-list")
    for match in _INITIALED.finditer(text):
        start, family = match.start(), fold(match["family"])
        back = max(0, start - 12)
        if not _is_family(family):
            continue
        if _PATIENT.search(text, back, start) or (
            text[start + 1] == "." and family not in lexicon().given and _ABOUT.search(text, back, start)
        ):
            yield made(start, match.end(), "initial-alone")
    for match in _SHORT(text):
        if _is_nobodys(match["name"]):
            continue
        yield made(*match.span("name"), "short")
    for match in _NUMBERED(text):
        words = match["name"].split()
        if is_name(fold(words[0])) and fits(words[0]):
            yield made(*match.span("name"), "numbered")


def _is_nobodys(value: str) -> bool:
    """Say whether a few capitals are a short form, a word, or what stands where no name is."""
    known, folded = lexicon(), fold(value)
    return (
        folded in known.medical
        or folded in known.imaging
        or (folded in known.words and not is_name(folded))
        or folded in _NO_VALUE
    )


def _is_family(folded: str) -> bool:
    """Say whether a word may be a family name: on a list, or no term."""
    known = lexicon()
    return folded not in known.medical and folded not in known.imaging and (is_name(folded) or folded in known.words)


def with_names(text: str, spots: Spots, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, and before a name what belongs to it: Mama, Papa.

    Parameters
    ----------
    text, spots
        The text and its words.
    findings
        What was found in it.
    """
    kin = spots.flags & _ELDERS.bit
    for finding in findings:
        yield finding
        if finding.rule[:10] == "name.lower":
            letter = _LETTER.match(text, finding.end)
            if letter and fold(text[finding.start : finding.end]) in lexicon().frequent:
                part = "one" if letter["one"] else "two"
                yield Finding(finding.end, letter.end(part), Category.NAME, "name", "name.with", finding.confidence)
        if not kin or finding.category is not Category.NAME or finding.kind != "name":
            continue
        match = _ELDER.search(text, max(0, finding.start - 8), finding.start)
        if match:
            yield Finding(match.start(), finding.start, Category.NAME, "name", "name.with", finding.confidence)
