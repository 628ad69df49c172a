"""Version numbers of releases: Semantic Versioning 2.0.0, and nothing that could leave the releases folder."""

from __future__ import annotations

import re

from curator.core.errors import UsageError

_NUMBER = r"(0|[1-9]\d*)"
_PRE = r"(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
_SEMVER = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-{_PRE}(\.{_PRE})*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?", re.ASCII
)
LONGEST = 64


def checked_version(text: str) -> str:
    """Return a version number without a leading ``v``.

    Parameters
    ----------
    text
        Such as ``1.2.0``, ``v1.2.0`` or ``1.2.0-rc.1``.

    Raises
    ------
    UsageError
        REL-001 for what is not Semantic Versioning 2.0.0 (semver.org, item 2, 9 and 10), or longer than 64 characters.
    """
    version = text.removeprefix("v")
    if len(version) > LONGEST or not _SEMVER.fullmatch(version):
        raise UsageError("REL-001")
    return version
