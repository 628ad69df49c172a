"""The keyed digests by which sources are known outside the vault. A plain digest of a short note could be guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from curator.core.hashing import CHUNK, KeyedFile, keyed
from curator.identifiers.uids import UidCoder
from curator.project.vault import Vault


@dataclass(frozen=True)
class SourceKeys:
    """Subkeys of the project secret that name sources, contents, persons and UIDs, and draw codes and stand-ins.

    Parameters
    ----------
    source, content, person, uid, text
        32 secret bytes each.
    """

    source: bytes = field(repr=False)
    content: bytes = field(repr=False)
    person: bytes = field(repr=False)
    uid: bytes = field(repr=False)
    text: bytes = field(repr=False)

    @classmethod
    def of(cls, vault: Vault) -> SourceKeys:
        """Derive the subkeys from an opened vault."""
        return cls(*(vault.subkey(name) for name in ("source", "content", "person", "uid", "text")))

    def source_id(self, delivery: int, relative: bytes) -> str:
        """Return the name of a source file outside the vault: 32 hex characters, keyed by delivery and path."""
        return keyed(self.source, "source", delivery.to_bytes(4, "big"), relative).hex()[:32]

    def content_id(self, data: bytes) -> str:
        """Return the keyed digest of a source file's bytes: 64 hex characters."""
        mac = KeyedFile(self.content, "content")
        mac.update(data)
        return mac.hexdigest()

    def content_of(self, stream: BinaryIO) -> str:
        """Return the keyed digest of a stream's bytes, read to its end in pieces; the stream is left at its start."""
        mac = KeyedFile(self.content, "content")
        stream.seek(0)
        while piece := stream.read(CHUNK):
            mac.update(piece)
        stream.seek(0)
        return mac.hexdigest()

    def record_uid(self, content_key: str, person: str) -> str:
        """Return the UID under which a clean file that is no DICOM object is known: the same for the same content."""
        return UidCoder(self.uid)(f"record/{content_key}/{person}")

    def coder(self) -> UidCoder:
        """Return the mapping of UIDs."""
        return UidCoder(self.uid)
