"""Records of another kind within a text: HL7 v2, X12, EDIFACT, dumps of databases, FHIR in XML, rows of a CSV.

Their fields say by their place alone whose name they hold, so no search of a text finds them all. A text with such
records does not pass through as a text.
"""

from __future__ import annotations

import re

from curator.scrub.tabular.roles import Role, spec_of

#: HL7 v2 (2.5): a message's first segment with any delimiters, and lines that are a patient's or a visit's segment.
_MESSAGE = re.compile(r"\bMSH(?P<mark>[^\sA-Za-z0-9])[^\sA-Za-z0-9]{3,5}(?P=mark)")
_SEGMENT = re.compile(r"^\x0b?(?:PID|PD1|NK1|MRG|GT1|IN1|IN2|PV1|PV2|OBR|ORC)\|[^\r\n]*\^", re.MULTILINE)
#: X12 (005010), interchange header; EDIFACT (ISO 9735), the same.
_CLAIM = re.compile(
    r"\bISA(?P<mark>[^\sA-Za-z0-9])\d\d(?P=mark).{10}(?P=mark)\d\d(?P=mark)|\bUNB\+UN[A-Z]{2}:\d", re.DOTALL
)
_DUMP = re.compile(
    r"\bINSERT\s{1,9}INTO\s{1,9}[\w.\"'`\[\]]{1,200}\s{0,9}(?:\([^()]{0,4000}\)\s{0,9})?VALUES\s{0,9}\("
    r"|^COPY\s[^\n;]{1,4000}\sFROM\sstdin;",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile(
    r"<\?xml\s|\bxmlns(?::\w{1,30})?\s?=\s?[\"'](?:urn:hl7-org:|http://hl7\.org/fhir)"
    r"|<(?:family|given|birthDate|line|city|postalCode)\s{1,9}value\s?="
)
#: A short line of three and more cells, and the line behind it.
_HEADER = re.compile(
    r"^(?P<line>[\w \t\"'.-]{1,40}(?P<mark>[,;])[\w \t\"'.-]{0,40}(?P=mark)[\w \t\"',;.-]{0,2000})\r?\n"
    r"(?=(?P<next>[^\r\n]{3,4000}))",
    re.MULTILINE,
)
_TELLING = frozenset({Role.PSEUDONYM, Role.NAME, Role.BIRTH_DATE})


def holds_records(text: str) -> bool:
    """Say whether a text holds records of another standard."""
    # What is quick is asked first: nearly all texts hold none of these words.
    if "MSH" in text and _MESSAGE.search(text):
        return True
    if "|" in text and "^" in text and _SEGMENT.search(text.replace("\r", "\n")):
        return True
    if ("ISA" in text or "UNB+" in text) and _CLAIM.search(text):
        return True
    if "<" in text and _MARKED.search(text):
        return True
    if ("(" in text or "stdin" in text) and _DUMP.search(text):
        return True
    return any(_is_header(match) for match in _HEADER.finditer(text))


def _is_header(match: re.Match[str]) -> bool:
    """Say whether a line names columns, two of which identify a person, and the next has as many cells."""
    mark = match["mark"]
    cells = [cell.strip(" \t\r\"'") for cell in match["line"].split(mark)]
    if match["next"].count(mark) < len(cells) - 1:
        return False
    specs = [spec_of(cell) for cell in cells if cell]
    told = [spec for spec in specs if spec is not None]
    return len(told) >= 3 and len(told) * 2 > len(specs) and sum(spec.role in _TELLING for spec in told) >= 2
