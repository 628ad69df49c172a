"""Drafts of the answers that people give to what a submission must say, one record an answer.

An answer is a text of several lines. It goes before the FDA and leaves with every package, so no draft may hold an
identifier of a patient: the guard that is given sees the text whole and line by line.
"""

from __future__ import annotations

import hashlib
import re

from curator.core.errors import UsageError
from curator.provenance import records
from curator.provenance.records import Draft, plain_text
from curator.provenance.typed import Guard, named

#: With this many characters an envelope stays well under 65,535 bytes.
MAX_ANSWER = 8000
_ID = re.compile(r"[A-Z]{2}-[0-9a-z]{1,8}")


def digest_of_answer(text: str) -> str:
    """Return the SHA-256, in hex, of an answer's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def answer(requirement: str, text: str, guard: Guard) -> Draft:
    """Draft the answer to a requirement.

    Parameters
    ----------
    requirement
        Its id, such as ``DM-04``.
    text
        Up to :data:`MAX_ANSWER` characters; lines end with a line feed.
    guard
        Refuses texts that may hold an identifier.

    Raises
    ------
    UsageError
        SUB-010 for the form of the id or the text, SUB-018 when the guard sees an identifier in it.
    """
    if not _ID.fullmatch(requirement) or not plain_text(text, MAX_ANSWER):
        raise UsageError("SUB-010", most=MAX_ANSWER)
    lines = text.split("\n")
    refused = [str(number) for number, line in enumerate(lines, 1) if line.strip() and not guard(line)]
    # A name may be broken over two lines, and found only when they are read as one.
    if refused or not guard(text) or not guard(" ".join(line.strip() for line in lines)):
        raise UsageError("SUB-018", lines=", ".join(refused) or "more than one")
    subject = named(f"requirements/{requirement}", digest_of_answer(text))
    return Draft(records.ANSWERED, (subject,), {"text": text, "meaning": "responsibility"})
