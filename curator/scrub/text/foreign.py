"""Records of another standard within a text: HL7 v2 messages, X12 and EDIFACT, dumps of databases, FHIR in XML.

Their fields say by their place alone whose name they hold, so no search of a text finds them all. A text with such
records does not pass through as a text.
"""

from __future__ import annotations

import re

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
    return ("(" in text or "stdin" in text) and _DUMP.search(text) is not None
