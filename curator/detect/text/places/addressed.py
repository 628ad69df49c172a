# ruff: noqa: E501 - a pattern that is cut into lines hides what it matches
"""Addresses behind their label, whatever street and town are called: Address: Am Anger 7, 06526 Hof; Domicilio: Bv. Roca 417 B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from curator.detect.text.lists.letters import UPPER
from curator.detect.text.lists.lexicon import fold
from curator.detect.text.places.streets import place
from curator.detect.text.words.spots import Spots
from curator.detect.text.words.vocabulary import tables
from curator.identifiers.findings import Finding

_LEAD = re.compile(
    r"\"?(?:[ ]?(?:of|on file|at time of \w+|line \d|\(home\)|\(mailing\)|\d|en|au|in))?[ ]?(?:[.:=#|-]{0,3}|\.{3,}:)[ \t\"]{1,3}(?!\S*@)"
)
_SMALL = "de|la|las|los|el|del|du|des|da|do|dos|das|e|y|of|upon|or|sur|sous|am|an|der|dem|den|zum|zur|im|in|auf|bei|van|von|the|and|at|et|apt|unit|floor|fl|no|nr|st|ave|rd|street|avenue|road|lane|drive|court|bis|ter|piso|esq|entre|rang|house|flat|lot|c/o|opp|near|rue|calle|via|ul"
_VALUE = re.compile(
    rf"(?:(?:[{UPPER}][\w'’&./°º-]*|#?\d[\w°º/.-]*|(?:{_SMALL})\b[.]?|[#&°])(?:,?[ ]{{1,2}}|,|$)?){{1,14}}"
)
#: A town behind a word of another language: residente a Castelbuono, natural de Zumaia.
_FROM = re.compile(
    rf"[ ](?:a|de|en|in|à|di|em|i|au|de la|del|do|da)[ ]([{UPPER}][\w'’-]*(?:[ -](?:de |del |la |las |los |do |da |di )?[{UPPER}][\w'’-]*){{0,3}})"
)
_STOP = re.compile(
    r"[ ,]*\b(?:Tel|TEL|Ph|PH|Phone|PHONE|Fax|FAX|Cell|CELL|Email|EMAIL|E-mail|MRN|DOB|SSN|NSS|City|CITY|State|STATE|ZIP|Zip|Teléfono|County|COUNTY|Mobile|Home|Date|PATIENT|Patient|Pt|Dr|He|She|Sex|Age|NPI|Insurance|Contact|Emergency|Payer|ID)\b[.:]?"
)
_NEXT = re.compile(r"\.[ ]+(?=[A-Z])")
_SHORT = re.compile(
    rf"(?:^|[ ,])(?:[{UPPER}]|St|Ste|Apt|No|Nr|Av|Ave|Blvd|Bv|Rd|Dr|Ln|Ct|Bldg|Fl|Col|Sta|Sto|Brgy|Str|Sq|Pkwy|Hwy|Mt|Ft|Int|Ext|Esq|Opp|D)$"
)
_EDGE = ' ,.-\t"'


@cache
def _states() -> frozenset[str]:
    listed = tables()
    return frozenset(
        [*(fold(name) for name in re.split(r"[|\n]", listed["states"])), *(code.lower() for code in listed["state_codes"].split()), *(name.replace("_", " ") for name in listed["countries"].split())]
    )  # fmt: skip


def addressed(text: str, found: Spots) -> Iterator[Finding]:
    """Yield the parts of addresses behind labels but for states and countries, which stay.

    Parameters
    ----------
    text
        The text.
    found
        Its words.
    """
    for at in found.addresses:
        end = found.spans[at][1]
        if text[end : end + 1] not in {" ", ":", ".", "\t", "=", "#", '"'}:
            continue
        if at and found.words[at - 1].low in {"email", "mail", "e", "ip", "mac", "web", "not", "to"}:
            continue
        home = _FROM.match(text, end)
        if home:
            yield place(home.start(1), home.end(1), "city", "place.from", 0.7)
        lead = _LEAD.match(text, end)
        if lead is None:
            continue
        start = lead.end()
        match = _VALUE.match(text, start)
        if match is None:
            continue
        stop = match.end()
        halt = _STOP.search(text, start, stop)
        if halt:
            stop = halt.start()
        for point in _NEXT.finditer(text, start, stop):
            if not _SHORT.search(text[start : point.start()]) and not text[point.start() - 1].isdigit():
                stop = point.start()
                break
        value = text[start:stop]
        if not any(mark.isdigit() for mark in value):
            continue
        yield from _parts(value, start)


def _parts(value: str, start: int) -> Iterator[Finding]:
    for part in value.split(","):
        bare = part.strip(_EDGE)
        begin = start + part.index(bare) if bare else start
        start += len(part) + 1
        while (
            bare
            and fold(bare.split(" ")[0].strip(".")) in _states()
            and bare.split(" ")[0].isupper()
            and " " in bare
            and bare.split(" ")[1][:1].isdigit()
        ):
            begin += len(bare.split(" ")[0]) + 1
            bare = bare.split(" ", 1)[1]
        if bare and fold(bare.strip(".")) not in _states() and not (len(bare) < 2 and not bare.isdigit()):
            yield place(begin, begin + len(bare), "street", "place.addressed", 0.7)
