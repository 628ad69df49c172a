"""The journal's document of a measurement, signed by the operator's key: made by the scrub, read by the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.core.hashing import framed
from curator.core.schema import violation
from curator.project import journal
from curator.project.paths import Project
from curator.project.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How the names of the documents begin.
NAME = "canaries-"
SCHEMA = "canaries"


def signed_bytes(document: dict[str, Any]) -> bytes:
    """Return what the operator signs: a domain and the document without its signature."""
    return framed(
        "canaries-document", canonical_bytes({key: one for key, one in document.items() if key != "signature"})
    )


def keep(project: Project, vault: Vault, delivery: int, document: dict[str, Any]) -> dict[str, Any]:
    """Sign a document and put it into the journal; the same measurement is kept once.

    Returns
    -------
    dict
        The document with its signature.
    """
    from curator.provenance.keys import SeedSigner

    document = {**document, "delivery": delivery}
    signature = SeedSigner(vault.operator_key()).sign(signed_bytes(document)).hex()
    made = {**document, "signature": signature}
    name = f"{NAME}{document['wanted']:06d}-{document['policy'][:12]}"
    journal.put_document(project, delivery, name, made)
    return made


def read(data: bytes, keys: Iterable[bytes]) -> dict[str, Any]:
    """Read a document and prove its signature.

    Parameters
    ----------
    data
        The file.
    keys
        The operator's raw public keys, present and former.

    Raises
    ------
    IntegrityError
        AUP-005 when it is not what the operator signed.
    """
    from curator.provenance.keys import verify

    try:
        document: dict[str, Any] = strict_loads(data)
    except UsageError:
        raise IntegrityError("AUP-005") from None
    if violation(SCHEMA, document) is not None:
        raise IntegrityError("AUP-005")
    signature = bytes.fromhex(document["signature"])
    if not any(verify(one, signature, signed_bytes(document)) for one in keys):
        raise IntegrityError("AUP-005")
    return document
