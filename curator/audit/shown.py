"""Values of cases as a report may show them: the program's own words, names that tables know, numbers for all else."""

from __future__ import annotations

import re
from functools import cache

from curator.audit.cases import CONFLICT, UNKNOWN, Case, Seen
from curator.audit.labelled import class_name
from curator.audit.modalities import allowed, parts

_SITE = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
#: Upper ends of bands of slice thickness, in millimeters.
_THICK = (1.0, 2.5, 5.0)


def site_names(found: Seen) -> dict[str, str]:
    """Return each site's name: its id as the splits' table gives it, a number for what stands in headers alone."""
    given = set(found.splits.sites.values()) if found.splits is not None else set()
    given |= {found.own_site, *found.joined}
    every = sorted({case.site for case in found.cases.values()})
    return {
        site: site if site in {UNKNOWN, CONFLICT} or (site in given and _SITE.fullmatch(site)) else f"site {number}"
        for number, site in enumerate(every, 1)
    }


def device_names(found: Seen) -> dict[str, set[str]]:
    """Return the devices of each case: the maker as the table knows it, and a number for each of its models."""
    pairs = {
        (str(one.facts.get("maker", "")), str(one.facts.get("model", "")))
        for one in found.images()
        if one.facts.get("maker")
    }
    number: dict[tuple[str, str], int] = {}
    for maker, model in sorted(pairs):
        if model:
            number[maker, model] = 1 + sum(other == maker for other, _ in number)
    made: dict[str, set[str]] = {}
    for case in found.cases.values():
        made[case.name] = set()
        for one in case.images:
            name = str(one.facts.get("maker", ""))
            at = number.get((name, str(one.facts.get("model", ""))))
            if name:
                made[case.name].add(f"{name}, model {at}" if at else name)
    return made


@cache
def _modalities() -> frozenset[str]:
    return frozenset(word for words in allowed().values() for word in words)


def acquisitions(case: Case) -> set[str]:
    """Return the ways in which images of a case were made: modality, part of the body, band of thickness or field."""
    known, found = _modalities(), set()
    for one in case.images:
        facts = one.facts
        if facts["format"] != "dicom" or not facts["pixels"]:
            continue
        words = [str(facts["modality"]) if facts.get("modality") in known else "other modality"]
        if facts.get("body_part"):
            words.append(str(facts["body_part"]).lower() if facts["body_part"] in parts() else "other part")
        thickness = next((value for value in facts.get("thickness") or () if value), None)
        if thickness is not None:
            below = next((most for most in _THICK if thickness <= most), None)
            words.append(f"up to {below:g} mm" if below else f"over {_THICK[-1]:g} mm")
        field = next((value for value in facts.get("field_strength") or () if value), None)
        if field is not None:
            words.append("up to 1.5 T" if field <= 1.6 else "up to 3 T" if field <= 3.1 else "over 3 T")
        found.add(", ".join(words))
    return found


def class_names(found: Seen) -> dict[tuple[str, str], str]:
    """Return each class of labels as a report may show it."""
    every = sorted({one for case in found.cases.values() for one in case.classes})
    kinds = sorted({kind for kind, _ in every})
    made = {}
    for number, (kind, name) in enumerate(every, 1):
        made[kind, name] = f"{class_name(kind, kinds.index(kind) + 1)}: {class_name(name, number)}"
    return made
