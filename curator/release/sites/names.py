"""Names across sites: the site's id stands before each pseudonym, person and label, so that none can meet another's.

``north_P4X7...`` is patient ``P4X7...`` of the site ``north``. No id of a site holds an underscore, so the first one
ends it, and two sites' names are never equal. The site's own records are never rewritten: names are joined when lists
and views are made from them.
"""

from __future__ import annotations

import re

from curator.core.errors import UsageError
from curator.project.journal import Sample
from curator.release.splits_patients import SHARED

#: As long as a pseudonym may be in lists of splits.
LONGEST = 64
_SITE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?")


def checked_site(site: str) -> str:
    """Return a site's id (SIT-002 when it is none)."""
    if not _SITE.fullmatch(site):
        raise UsageError("SIT-002")
    return site


def joint(site: str, name: str) -> str:
    """Return a name of a site as it stands among those of all sites."""
    return f"{site}_{name}"


def apart(name: str) -> tuple[str, str]:
    """Return the site's id and the name at the site."""
    site, _, own = name.partition("_")
    return site, own


def joint_path(site: str, path: str) -> str:
    """Return a sample's path (or a series' folder) among those of all sites.

    ``clean/P1/...`` becomes ``clean/north_P1/...``; what is about many patients, ``clean/shared/...``, becomes
    ``clean/shared/north/...``. Anything else stands below ``sites/north/``.
    """
    parts = path.split("/")
    if len(parts) > 2 and parts[0] == "clean":
        if parts[1] == SHARED:
            return "/".join(("clean", SHARED, site, *parts[2:]))
        return "/".join(("clean", joint(site, parts[1]), *parts[2:]))
    return f"sites/{site}/{path}"


def site_of(path: str) -> str:
    """Return the site of a sample by its joint path."""
    return _apart_path(path)[0]


def own_path(path: str) -> str:
    """Return a sample's path at its site by its joint path: :func:`joint_path` the other way round."""
    return _apart_path(path)[1]


def _apart_path(path: str) -> tuple[str, str]:
    parts = path.split("/")
    if len(parts) > 2 and parts[0] == "clean":
        if parts[1] == SHARED:
            return parts[2], "/".join(("clean", SHARED, *parts[3:]))
        site, own = apart(parts[1])
        return site, "/".join(("clean", own, *parts[2:]))
    return (parts[1], "/".join(parts[2:])) if len(parts) > 2 and parts[0] == "sites" else ("", path)


def joint_sample(site: str, sample: Sample) -> Sample:
    """Return a sample with its path among those of all sites."""
    return Sample(joint_path(site, sample.path), sample.sha256, sample.uid, sample.content, sample.kind)
