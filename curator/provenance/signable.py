"""Which bytes a signing session signs: its own person's records and requests, and checkpoints of our ledgers.

Whatever else is brought to a session, such as the digest of a mail or of a login, gets no signature, so that a key used
here can be made to vouch for nothing else.
"""

from __future__ import annotations

import re
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.dsse import IN_TOTO, pae
from curator.provenance.note import Note, parse_checkpoint
from curator.provenance.people import REQUEST_TYPE
from curator.provenance.records import STATEMENT

PREDICATES = "urn:curator:predicate:"
ORIGINS = "curator/"
_PAE = re.compile(rb"DSSEv1 [0-9]+ ([!-~]+) [0-9]+ ", re.ASCII)
#: What a witness signs: a time and a checkpoint (c2sp.org/tlog-cosignature, format).
_COSIGNED = re.compile(rb"cosignature/v1\ntime (?:0|[1-9][0-9]{0,11})\n")
_OWN = re.compile(r"application/vnd\.curator\.[a-z0-9.-]+\+json")


def signable(data: bytes, person: str) -> bool:
    """Say whether a session of this person may sign these bytes."""
    head = _PAE.match(data)
    if head is None:
        witnessed = _COSIGNED.match(data)
        return _is_checkpoint(data[witnessed.end() :] if witnessed else data)
    kind, payload = head[1].decode(), data[head.end() :]
    if pae(kind, payload) != data:
        return False
    try:
        document = strict_loads(payload)
        if not isinstance(document, dict) or canonical_bytes(document) != payload:
            return False
    except UsageError:
        return False
    if kind == IN_TOTO:
        return _is_statement_of(document, person)
    if kind == REQUEST_TYPE:
        return bool(document.get("id") == person)
    return _OWN.fullmatch(kind) is not None


def _is_statement_of(document: dict[str, Any], person: str) -> bool:
    kind, predicate = document.get("predicateType"), document.get("predicate")
    return (
        document.get("_type") == STATEMENT
        and isinstance(kind, str)
        and kind.startswith(PREDICATES)
        and isinstance(predicate, dict)
        and predicate.get("signer") == person
    )


def _is_checkpoint(data: bytes) -> bool:
    try:
        text = data.decode()
        made = parse_checkpoint(Note(text, ()))
    except (UnicodeDecodeError, IntegrityError):
        return False
    return made.text == text and made.origin.startswith(ORIGINS) and made.origin.isprintable()
