"""Digests, plain and keyed. Keyed inputs are length-prefixed, so that no two lists of fields share one encoding."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from curator.core.files import translated

CHUNK = 1 << 20
KEYED_VERSION = 1


def framed(domain: str, *values: bytes) -> bytes:
    """Encode a domain and values unambiguously: version, then each field behind its length (4 bytes, big endian)."""
    fields = [domain.encode("ascii"), *values]
    return bytes([KEYED_VERSION]) + b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def keyed(key: bytes, domain: str, *values: bytes) -> bytes:
    """HMAC-SHA-256 (FIPS 198-1) of a framed input.

    Parameters
    ----------
    key
        32 secret bytes.
    domain
        What the digest is for, in ASCII: digests of different domains never meet.
    values
        The fields.

    Returns
    -------
    bytes
        32 bytes.
    """
    return hmac.digest(key, framed(domain, *values), "sha256")


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex, read in chunks of 1 MiB."""
    digest = hashlib.sha256()
    with translated(), path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def keyed_content(key: bytes, domain: str, data: bytes) -> str:
    """Return in hex what :class:`KeyedFile` says of a content that is at hand."""
    if len(data) > CHUNK:  # which is not copied for this
        mac = KeyedFile(key, domain)
        mac.update(data)
        return mac.hexdigest()
    return hmac.digest(key, framed(domain) + data, "sha256").hex()


class KeyedFile:
    """A keyed digest of a file's content, fed in pieces."""

    def __init__(self, key: bytes, domain: str) -> None:
        self._mac = hmac.new(key, framed(domain), "sha256")

    def update(self, data: bytes | memoryview) -> None:
        """Take the next piece of the content."""
        self._mac.update(data)

    def hexdigest(self) -> str:
        """Return the digest so far in hex (64 characters)."""
        return self._mac.hexdigest()
