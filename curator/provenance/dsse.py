"""DSSE envelopes (github.com/secure-systems-lab/dsse, version 1.0.2) in one canonical encoding.

An envelope is refused unless its bytes are the canonical ones, so that one record has one leaf hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.provenance.keys import Signer, decode64, encode64, key_id, verify

IN_TOTO = "application/vnd.in-toto+json"
MAX_ENVELOPE_BYTES = 16 << 20


class Envelope(NamedTuple):
    """A parsed envelope: payload type, payload, and (key ID, signature) pairs; nothing verified yet."""

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Opened:
    """A verified envelope: payload type, payload, and the IDs of the keys whose signatures verified."""

    payload_type: str
    payload: bytes
    key_ids: tuple[str, ...]

    @property
    def document(self) -> Any:
        """The payload as JSON."""
        return strict_loads(self.payload)


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding: the very bytes that are signed (DSSE, protocol)."""
    return b"".join((_pae_head(payload_type), b"%d " % len(payload), payload))


@lru_cache(maxsize=64)
def _pae_head(payload_type: str) -> bytes:
    kind = payload_type.encode()
    return b"DSSEv1 %d %b " % (len(kind), kind)


def sign_envelope(payload: bytes, signers: Sequence[Signer], payload_type: str = IN_TOTO) -> bytes:
    """Wrap and sign a payload.

    Parameters
    ----------
    payload
        The bytes; in-toto statements are canonical JSON.
    signers
        One or more signers.
    payload_type
        The media type that stands in the envelope and under the signature.

    Returns
    -------
    bytes
        The envelope as canonical JSON.
    """
    if not signers:
        raise ValueError("an envelope needs a signer")
    signed = pae(payload_type, payload)
    lines = [{"keyid": key_id(signer.public), "sig": encode64(signer.sign(signed))} for signer in signers]
    return canonical_bytes({"payload": encode64(payload), "payloadType": payload_type, "signatures": lines})


def parse_envelope(data: bytes) -> Envelope:
    """Take an envelope apart, without verifying.

    Raises
    ------
    IntegrityError
        LED-005 for bytes that are not a well-formed, canonically encoded envelope.
    """
    if len(data) > MAX_ENVELOPE_BYTES:
        raise IntegrityError("LED-005", reason="it is too long")
    try:
        doc = strict_loads(data)
        if canonical_bytes(doc) != data:
            raise ValueError
        if set(doc) != {"payload", "payloadType", "signatures"} or not isinstance(doc["payloadType"], str):
            raise ValueError
        signatures = tuple((_text(entry, "keyid"), decode64(_text(entry, "sig"))) for entry in doc["signatures"])
        if not signatures or any(set(entry) != {"keyid", "sig"} for entry in doc["signatures"]):
            raise ValueError
        return Envelope(doc["payloadType"], decode64(_text(doc, "payload")), signatures)
    except (UsageError, ValueError, KeyError, TypeError, AttributeError):
        raise IntegrityError("LED-005", reason="its bytes are not a canonical DSSE envelope") from None


def _text(entry: Any, key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def open_envelope(data: bytes, keys: Mapping[str, bytes], payload_type: str = IN_TOTO) -> Opened:
    """Verify an envelope: every signature in it must be good and by a known key.

    Parameters
    ----------
    data
        The envelope's bytes.
    keys
        Key ID (see :func:`curator.provenance.keys.key_id`) to raw public key.
    payload_type
        The media type that the payload must have.

    Raises
    ------
    IntegrityError
        LED-005 for a malformed envelope or another payload type, LED-012 for a signature by an unknown key, LED-006
        for a signature that does not verify.
    """
    envelope = parse_envelope(data)
    if envelope.payload_type != payload_type:
        raise IntegrityError("LED-005", reason="its payload is of another type")
    return Opened(envelope.payload_type, envelope.payload, check_signatures(envelope, keys))


def check_signatures(envelope: Envelope, keys: Mapping[str, bytes]) -> tuple[str, ...]:
    """Verify every signature of a parsed envelope and return the key IDs (errors as :func:`open_envelope`)."""
    signed = pae(envelope.payload_type, envelope.payload)
    seen: list[str] = []
    for name, signature in envelope.signatures:
        public = keys.get(name)
        if public is None or key_id(public) != name:
            raise IntegrityError("LED-012")
        if name in seen or not verify(public, signature, signed):
            raise IntegrityError("LED-006")
        seen.append(name)
    return tuple(seen)
