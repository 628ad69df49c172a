"""A new key for the operator, when the vault that held the old one is lost: signed by two people of the roster.

The new key's owner signs the dataset, the ledger's first leaf hash and the new key: proof that the private half is in
somebody's hands, and that it is meant for this ledger and no other. The first person's record asks for the key, the
second person's confirms that very record; from the next record on, checkpoints need the new key. What the old key
signed stays valid for its sizes. docs/adr/0039-vault-backup-and-recovery.md says why two records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import UsageError
from curator.core.files import make_folder, write_whole
from curator.provenance.dsse import pae
from curator.provenance.keys import KEY_BYTES, Signer, decode64, encode64, key_id, verify
from curator.provenance.records import OPERATOR_CHANGED, Draft

REQUEST_TYPE = "application/vnd.curator.operator-change+json"
REQUEST_FORMAT = 1
MAX_REQUEST_BYTES = 1 << 14
#: Why a key changes. A list, so that no text of a person's own stands in the record.
REASONS = ("vault-lost", "vault-found", "key-exposed", "operator-left")


def proof_input(dataset: str, first: bytes, public: bytes) -> bytes:
    """Return the bytes that the new key signs (DSSE's pre-authentication encoding).

    Parameters
    ----------
    dataset
        The dataset's id.
    first
        Leaf hash of the ledger's first record.
    public
        The new key, raw.
    """
    said = {"dataset": dataset, "firstLeaf": first.hex(), "operatorKey": encode64(public)}
    return pae(REQUEST_TYPE, canonical_bytes(said))


def make_request(dataset: str, first: bytes, signer: Signer) -> dict[str, Any]:
    """Return the request of a new operator: its key, what it is for, and proof of the private half."""
    return {
        "format": REQUEST_FORMAT,
        "dataset": dataset,
        "firstLeaf": first.hex(),
        "operatorKey": encode64(signer.public),
        "proof": encode64(signer.sign(proof_input(dataset, first, signer.public))),
    }


def write_request(path: Path, request: dict[str, Any]) -> None:
    """Write a request whole, as JSON that people can read too."""
    make_folder(path.absolute().parent)
    write_whole(path, (json.dumps(request, indent=2, sort_keys=True) + "\n").encode())


def load_request(path: Path, dataset: str, first: bytes) -> tuple[bytes, bytes]:
    """Read and check the request of a new operator of one ledger.

    Returns
    -------
    tuple
        The new raw public key and the proof.

    Raises
    ------
    UsageError
        VLT-040 when it cannot be read, is malformed, of another ledger, or not signed by its own key.
    """
    try:
        with path.open("rb") as stream:
            doc = strict_loads(stream.read(MAX_REQUEST_BYTES))
        if type(doc["format"]) is int and doc["format"] > REQUEST_FORMAT:
            raise UsageError("SYS-007", found=doc["format"], known=REQUEST_FORMAT)
        public, proof = decode64(doc["operatorKey"]), decode64(doc["proof"])
        fine = (doc["format"], doc["dataset"], doc["firstLeaf"]) == (REQUEST_FORMAT, dataset, first.hex())
    except UsageError as error:
        if error.code == "SYS-007":
            raise
        raise UsageError("VLT-040") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("VLT-040") from None
    if not fine or len(public) != KEY_BYTES or not verify(public, proof, proof_input(dataset, first, public)):
        raise UsageError("VLT-040")
    return public, proof


def operator_change(public: bytes, proof: bytes, reason: str, confirms: bytes | None = None) -> Draft:
    """Draft a person's signature for a new operator's key.

    Parameters
    ----------
    public
        The new key, raw.
    proof
        The new key's signature over :func:`proof_input`.
    reason
        One of :data:`REASONS`.
    confirms
        Leaf hash of the first person's record; None when this is the first.

    Raises
    ------
    ValueError
        For another reason.
    """
    if reason not in REASONS:
        raise ValueError("a reason is a word of the list")
    predicate = {
        "operatorKey": encode64(public),
        "proof": encode64(proof),
        "reason": reason,
        "meaning": "responsibility",
    }
    if confirms is not None:
        predicate["confirms"] = confirms.hex()
    return Draft(OPERATOR_CHANGED, ({"name": "operator", "digest": {"sha256": key_id(public)}},), predicate)
