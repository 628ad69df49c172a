"""Texts, names, days and digests that people type for records: their form, and the guard that they pass.

The guard is given from outside, so that this room loads no detector. There is no default guard: a caller
that has none must say so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from curator.core.errors import UsageError
from curator.provenance.records import MAX_REASON, plain_text

#: Says whether a text may stand in a record, as in :mod:`curator.labels.checks`.
Guard = Callable[[str], bool]

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OWN_PSEUDONYM = re.compile(r"P[A-Z2-7]{16}")
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{1,64}")


def nobody(_: str) -> bool:
    """Say no: knows no pseudonym but those of the program's own form."""
    return False


def checked(text: str, guard: Guard) -> str:
    """Return a typed text of one line that may stand in a record.

    Raises
    ------
    UsageError
        LED-024 for its form, LED-070 when the guard sees an identifier in it.
    """
    if not plain_text(text, MAX_REASON) or "\n" in text:
        raise UsageError("LED-024")
    if not guard(text):
        raise UsageError("LED-070")
    return text


def token(text: str, guard: Guard) -> str:
    """Return a name of a split, policy or version: 1 to 64 letters, digits, dots, underscores, hyphens.

    Raises
    ------
    UsageError
        LED-071 for its form, LED-070 when the guard sees an identifier in it.
    """
    if not _TOKEN.fullmatch(text):
        raise UsageError("LED-071")
    if not guard(text):
        raise UsageError("LED-070")
    return text


def day(text: str) -> date:
    """Read a day of the calendar, ``YYYY-MM-DD`` (LED-072 when it is none)."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UsageError("LED-072") from None
    if found.isoformat() != text:
        raise UsageError("LED-072")
    return found


def digest(text: str) -> str:
    """Return a SHA-256 in hex (LED-073 when it is none)."""
    if not _DIGEST.fullmatch(text):
        raise UsageError("LED-073")
    return text


def digest_of(digests: Iterable[str]) -> str:
    """Return the digest of a set of samples: SHA-256 of their SHA-256 in hex, sorted, each with a line feed.

    ``sort -u digests.txt | sha256sum`` prints the same.

    Raises
    ------
    UsageError
        LED-073 for an empty set, or one with something else than 64 hex digits in it.
    """
    wanted = sorted(set(digests))
    if not wanted or not all(_DIGEST.fullmatch(one) for one in wanted):
        raise UsageError("LED-073")
    return hashlib.sha256("".join(f"{one}\n" for one in wanted).encode()).hexdigest()


def pseudonym(text: str, known: Guard) -> str:
    """Return a pseudonym of this project: of the form that the program draws, or one that ``known`` says it gave out.

    Raises
    ------
    UsageError
        LED-075, also for an ID that somebody typed in place of a pseudonym.
    """
    if _OWN_PSEUDONYM.fullmatch(text) or (_PSEUDONYM.fullmatch(text) and known(text)):
        return text
    raise UsageError("LED-075")


def named(name: str, sha256: str) -> dict[str, Any]:
    """Return a resource descriptor of a name and a SHA-256."""
    return {"name": name, "digest": {"sha256": sha256}}
