"""README.txt of a package that joins sites: what stands where, whose it is, and how to verify it by hand.

The words stand in readme.txt; a line of it that begins with four spaces is a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from curator.provenance.keys import decode64, key_id


def readme(said: Mapping[str, Any]) -> bytes:
    """Return the text, from the manifest's document."""
    words = resources.files("curator.release.sites").joinpath("readme.txt").read_text(encoding="utf-8")
    title = f"{said['dataset']} {said['version']} of {said['date']}"
    sites = [
        f"  {one['site']:<24} {one['package']['dataset']} {one['package']['version']}\n"
        f"  key ID {key_id(decode64(one['package']['operatorKey']))}"
        for one in said["sites"]
    ]
    return words.format(
        title=title,
        draft=" - DRAFT, not for submission" if said["draft"] else "",
        rule="=" * len(title),
        count=len(said["sites"]),
        sites="\n".join(sites),
        operator=" ".join(said["organization"].split()) or "the sponsor",
        key=said["ledger"]["operatorKeyId"],
    ).encode("utf-8")
