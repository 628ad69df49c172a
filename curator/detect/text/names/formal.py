"""Names that their written form tells though each word is a term elsewhere: Colles, P.D.; L Winter, RRT; Conn, Ann, MD.

The family name, a comma and initials behind a person's label or alone in quotes; initials and a family name before a
credential, or the other way round; both names before one where a signature says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curator.detect.text.lists.lexicon import fold, is_name
from curator.detect.text.names.shapes import NAME, UP, listed_set, made
from curator.detect.text.words.contexts import degree
from curator.detect.text.words.vocabulary import kind_of
from curator.identifiers.findings import Finding

#: Initials with their stops, at least one: P.; P.D.; A. O.
_INITIALS = rf"{UP}\.(?:[ ]?{UP}\.)?"
#: What each of those behind a label holds: a comma and, soon, an initial.
_INITIALED = re.compile(rf"[,\w][ ]{UP}\.")
#: Behind a label's colon: the family name, perhaps the given one, and initials.
_LISTED = re.compile(rf":[ ]{{0,12}}(?P<name>{NAME},[ ](?:{NAME}[ ])?{_INITIALS})(?=,?[ ]*(?:\n|$|[A-Z(|;])|[,;)])")
_LABEL = re.compile(r"(?:^|[\n|;,(]|[ ]{2})[ \t*•-]*(?P<label>[^\W\d_]+(?:[ /][^\W\d_]+){0,3})[ ]?$")
_REACH = 40
#: The same alone in quotes, as on a label of a container.
_QUOTED = re.compile(rf"[\"“](?P<name>{NAME},[ ]{_INITIALS})[\"”]")
#: What ends before a credential.
_SHORT = re.compile(
    rf"(?:(?<![\w.,'’/&+-][ ])(?<![\w'’/&+-])|(?<=[.;:)][ ]))(?P<name>{UP}\.?[ ](?:{UP}\.?[ ])?(?P<last>{NAME}))$"
)
_TURNED = re.compile(rf"(?:(?<=\n)|(?<=[.;:)][ ])|(?<=[ ]{{2}})|\A)(?P<name>(?P<last>{NAME})[ ]{UP}\.)$")
#: Who signed: signed, Conn, Theodora; e-signed by: Foley, Ann T.
_SIGNED = re.compile(rf"\b[Ss]igned(?:[ ]by)?[,:]?[ ](?P<name>(?P<last>{NAME}),[ ](?P<first>{NAME})(?:[ ]{UP}\.?)?)$")
#: Behind the number of a room or a bed, as on a shift's sheet: Rm 412B  ROE J.
_BEDDED = re.compile(
    r"\b(?:[Rr]m|[Rr]oom|[Bb]ed|[Bb]ay|RM|ROOM|BED|BAY)\.?[ ]?#?\d{1,4}(?:-?[A-Z0-9])?[ ]?[:,–-]?[ ]{1,3}"
    rf"(?P<name>(?P<last>{NAME})[ ]{UP}\.)(?=[ ]*(?:\n|$|[A-Z]))"
)
_BEDS = ("m ", "d ", "y ", "M ", "D ", "Y ", "m. ")
#: What stands before a credential, and how far back a name may begin.
_COMMA = re.compile(r"(?<=[\w.]),(?=[ ]{0,2}[A-Z][A-Za-z.])")
_BACK = 64


def formal(text: str) -> Iterator[Finding]:
    """Yield such names.

    Parameters
    ----------
    text
        The text.
    """
    if ":" in text and _INITIALED.search(text):
        yield from _labeled(text)
    for match in _QUOTED.finditer(text) if '."' in text or ".”" in text else ():
        yield made(*match.span("name"), "formal")
    if any(mark in text for mark in _BEDS):
        for match in _BEDDED.finditer(text):
            if _may_be(match["last"]):
                yield made(*match.span("name"), "formal")
    yield from _graded(text)


def _labeled(text: str) -> Iterator[Finding]:
    """Yield names behind a person's label."""
    at = text.find(":")
    while at > 0:
        match = _LISTED.match(text, at)
        if match:
            label = _LABEL.search(text, max(0, at - _REACH), at)
            if label and _is_persons(label["label"].lower()):
                yield made(*match.span("name"), "formal")
        at = text.find(":", at + 1)


def _is_persons(label: str) -> bool:
    """Say whether a label in small letters is that of a person, or ends in one: ordering physician."""
    labels = listed_set("labels")
    while label:
        if label in labels:
            return True
        label = label.partition(" ")[2]
    return False


def _graded(text: str) -> Iterator[Finding]:
    """Yield names before a comma and a credential."""
    for comma in _COMMA.finditer(text):
        end = comma.start()
        if not degree(text, end):
            continue
        begin = max(0, end - _BACK)
        match = _SIGNED.search(text, begin, end)
        if match:
            if _may_be(match["first"]) and (_may_be(match["last"]) or kind_of(match["last"]) == "M"):
                yield made(*match.span("name"), "formal")
            continue
        match = _SHORT.search(text, begin, end) or _TURNED.search(text, begin, end)
        if match and _may_be(match["last"]):
            yield made(*match.span("name"), "formal")


def _may_be(word: str) -> bool:
    """Say whether a word may be a name: one that a list has, or that no list knows."""
    folded = fold(word)
    return is_name(folded) or kind_of(word) in {"u", "U", "n", "R"} or "-" in word
