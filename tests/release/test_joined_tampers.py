"""A joined package that was tampered with is found out, whoever holds which key; its carried evidence first of all."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joined_tampers

from curator.provenance.keys import SeedSigner

#: How many of the many are drawn here.
DRAWN = 25
FAMILIES = 27


def test_no_tamper_with_a_joined_package_passes(joined: Any, tmp_path: Path, kit: SimpleNamespace) -> None:
    tampers = kit.tampers
    sponsor = SeedSigner(joined.sponsor.vault.operator_key())
    signers = {name: SeedSigner(site.vault.operator_key()) for name, site in joined.sites.items()}
    # A draft of the site is a sound package of its own; a sponsor could put it in place of the one that was joined.
    earlier = {name: site.build("9.0.0") for name, site in joined.sites.items()}
    found = list(joined_tampers.carried(joined.built, sponsor, signers, earlier, 1))
    random.Random(2).shuffle(found)
    first = {one.family: one for one in found}
    whole = [
        one for one in tampers.every(joined.built, joined.built, sponsor, 3, 1) if "another version" not in one.family
    ]
    random.Random(3).shuffle(whole)
    others = {one.family: one for one in whole}
    key = bytes(sponsor.public)
    assert tampers.judged(tampers.copy_of(joined.built, tmp_path / "copy"), key) == "passed"
    missed = []
    for one in [*first.values(), *found[:DRAWN], *others.values()]:
        copy = tampers.copy_of(joined.built, tmp_path / "copy")
        one.apply(copy)
        said = tampers.judged(copy, key, one)
        missed += [] if said is None else [f"{one.family}: {one.what}: {said}"]
    assert missed == []
    assert len(first) == FAMILIES, sorted(first)
