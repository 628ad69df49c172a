"""One digest for all that is audited and released: what an audit report is signed over, and a release asks for.

Anybody can compute it without this program: ``cd project && find clean -type f | LC_ALL=C sort | xargs sha256sum |
sha256sum`` prints the same for paths without white space, of which clean/ has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from curator.core.spill import Sorter

#: Where the files stand that count.
PREFIX = "clean/"


def payload_digest(files: Iterable[tuple[str, str]], prefix: str = PREFIX) -> str:
    """Return the digest of clean files.

    Parameters
    ----------
    files
        (path, SHA-256 of the bytes in hex), in any order; paths that do not begin with ``prefix`` are passed over.
    prefix
        Empty for a delivered folder, of which every file counts.

    Returns
    -------
    str
        SHA-256, in hex, of one line a file, ``<sha256>  <path>`` and a line feed, sorted by path.
    """
    digest = hashlib.sha256()
    listed: Sorter[tuple[str, str]] = Sorter(tuple)
    for path, sha256 in files:
        if path.startswith(prefix):
            listed.append((path, sha256))
    for path, sha256 in listed:
        digest.update(f"{sha256}  {path}\n".encode())
    return digest.hexdigest()
