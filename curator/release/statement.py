"""The signed statement of a release: an in-toto Statement (version 1) over the tag manifest, in a DSSE envelope.

The tag manifest lists the payload manifest, which lists every payload file: one signature stands for every byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError
from curator.core.schema import violation
from curator.provenance.dsse import open_envelope, parse_envelope, sign_envelope
from curator.provenance.keys import Signer, key_id
from curator.provenance.records import STATEMENT
from curator.release.bag import TAG_MANIFEST

RELEASE = "urn:curator:predicate:release:v1"
SCHEMA = "release-statement"
MAX_BYTES = 1 << 16


@dataclass(frozen=True)
class Said:
    """What a release's statement says: digest of the tag manifest, and the predicate's fields."""

    tag_manifest: str
    predicate: dict[str, Any]


def signed_statement(tag_manifest: str, predicate: dict[str, Any], signer: Signer) -> bytes:
    """Return the envelope of a release's statement.

    Parameters
    ----------
    tag_manifest
        SHA-256 of tagmanifest-sha256.txt in hex.
    predicate
        Fields of schemas/release-statement.schema.json.
    signer
        The operator.
    """
    payload = canonical_bytes(
        {
            "_type": STATEMENT,
            "subject": [{"name": TAG_MANIFEST, "digest": {"sha256": tag_manifest}}],
            "predicateType": RELEASE,
            "predicate": predicate,
        }
    )
    return sign_envelope(payload, [signer])


def read_statement(data: bytes, operator: bytes) -> Said:
    """Verify a release's envelope with the operator's key and read it.

    Parameters
    ----------
    data
        The envelope.
    operator
        Raw public key.

    Raises
    ------
    IntegrityError
        REL-025.
    """
    try:
        if [name for name, _ in parse_envelope(data).signatures] != [key_id(operator)]:
            raise IntegrityError("REL-025", reason="it is not signed by the operator's key, and by that key alone")
        payload = open_envelope(data, {key_id(operator): operator}).payload
        document = strict_loads(payload)
        fine = canonical_bytes(document) == payload and violation(SCHEMA, document) is None
    except CuratorError as error:
        if error.code == "REL-025":
            raise
        raise IntegrityError("REL-025", reason=f"see {error.code}") from None
    if not fine:
        raise IntegrityError("REL-025", reason="its statement does not follow the schema")
    return Said(document["subject"][0]["digest"]["sha256"], document["predicate"])
