"""The keyed digests by which sources are known outside the vault. A plain digest of a short note could be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from curator.core.hashing import CHUNK, KeyedFile, keyed, keyed_content
from curator.formats.dicom.ranged import Ranged, spread
from curator.identifiers.uids import UidCoder
from curator.project.vault import Vault
from curator.scrub.delivery.given import stored


@dataclass(frozen=True)
class SourceKeys:
    """Subkeys of the project secret that name sources, contents, persons and UIDs, and draw codes and stand-ins.

    Parameters
    ----------
    source, content, person, uid, text
        32 secret bytes each.
    retain_uids
        Whether the policy keeps original UIDs (PS3.15 E.3.9).
    uids
        Original UIDs to new ones that the user gave.
    """

    source: bytes = field(repr=False)
    content: bytes = field(repr=False)
    person: bytes = field(repr=False)
    uid: bytes = field(repr=False)
    text: bytes = field(repr=False)
    retain_uids: bool = False
    uids: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, vault: Vault, *, retain_uids: bool = False) -> SourceKeys:
        """Derive the subkeys from an opened vault."""
        source, content, person, uid, text = map(vault.subkey, ("source", "content", "person", "uid", "text"))
        return cls(source, content, person, uid, text, retain_uids, stored(vault).uids)

    def source_id(self, delivery: int, relative: bytes) -> str:
        """Return the name of a source file outside the vault: 32 hex characters, keyed by delivery and path."""
        return keyed(self.source, "source", delivery.to_bytes(4, "big"), relative).hex()[:32]

    def content_id(self, data: bytes | Ranged) -> str:
        """Return the keyed digest of a source file's bytes: 64 hex characters."""
        if isinstance(data, bytes):
            return keyed_content(self.content, "content", data)
        mac = KeyedFile(self.content, "content")
        for part in spread(data):
            mac.update(part)
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
        """Return the mapping of UIDs of DICOM objects."""
        return UidCoder(self.uid, self.uids, self.retain_uids)
