"""Values that are too large for a record: they stand in ``labels/values/<sha256>.json``; the record names the digest.

What stands in such a file leaves with a package, so whoever signs the label has it read and guarded like any value.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CheckError, UsageError
from curator.core.files import translated
from curator.labels.checks import DECIMAL_KEY
from curator.labels.reading import Digits

FOLDER = "labels/values"
#: The largest value that is read; a mask of a whole slide has some megabytes.
MAX_BYTES = 256 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
_NAMES = frozenset({"sha256", "bytes"})


def digest_of_file(value: Any) -> str | None:
    """Return the SHA-256 (hex) of the file that holds a value; None for a value that stands where it is."""
    whole = value.get("whole") if isinstance(value, dict) else None
    digest = whole.get("sha256") if isinstance(whole, dict) and whole.keys() == _NAMES else None
    return digest if isinstance(digest, str) and _DIGEST.fullmatch(digest) else None


def file_of(root: Path, digest: str) -> Path:
    """Return where the value of a digest stands in a project."""
    return root / FOLDER / f"{digest}.json"


def read_whole(root: Path, value: Any) -> Any | None:
    """Read the value that stands in a file.

    Parameters
    ----------
    root
        The project's root.
    value
        As the label names it.

    Returns
    -------
    Any or None
        The value, as a label file would have it; None when it does not stand in a file.

    Raises
    ------
    UsageError
        LBL-043 when the file is lacking, too large, changed, of another size, or not canonical JSON.
    """
    digest = digest_of_file(value)
    if digest is None:
        return None
    try:
        with translated(), file_of(root, digest).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        fine = hashlib.sha256(data).hexdigest() == digest and len(data) == value["whole"]["bytes"]
        made = strict_loads(data) if fine and len(data) <= MAX_BYTES else None
        fine = made is not None and canonical_bytes(made) == data
    except (CheckError, UsageError):
        fine = False
    if not fine:
        raise UsageError("LBL-043")
    return as_read(made)


def signed_value(root: Path, value: Any) -> Any:
    """Return the value of a signed label as a label file would have it, wherever it stands.

    Parameters
    ----------
    root
        The project's root.
    value
        As the record has it: fractions as ``{"$decimal": digits}``, or the digest of a file.

    Raises
    ------
    UsageError
        LBL-043 as :func:`read_whole`, also for a fraction that is none.
    """
    whole = read_whole(root, value)
    return as_read(value) if whole is None else whole


def as_read(value: Any) -> Any:
    """Return a signed value as a label file has it: fractions as :class:`~curator.labels.reading.Digits` (LBL-043)."""
    if isinstance(value, dict):
        if value.keys() == {DECIMAL_KEY}:
            digits = value[DECIMAL_KEY]
            if not isinstance(digits, str) or not _NUMBER.fullmatch(digits):
                raise UsageError("LBL-043")
            return Digits(digits)
        return {name: as_read(inner) for name, inner in value.items()}
    return [as_read(inner) for inner in value] if isinstance(value, list) else value
