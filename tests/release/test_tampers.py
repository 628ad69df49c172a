"""A package that was tampered with is found out, in whatever way it was; scripts/soak/packages tries all."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

from curator.provenance.keys import SeedSigner

#: How many of the many are drawn here.
DRAWN = 150
EVERY_FAMILY = 33


def test_no_tamper_of_any_family_passes(whole: SimpleNamespace, tmp_path: Path, kit: SimpleNamespace) -> None:
    tampers = kit.tampers
    operator = SeedSigner(whole.site.vault.operator_key())
    other = whole.folder
    found = list(tampers.every(whole.folder, other, operator, 1, 2))
    # The fixture holds one version only: what takes files of another one is tried by the soak.
    found = [one for one in found if "another version" not in one.family]
    random.Random(1).shuffle(found)
    first = {one.family: one for one in found}
    assert tampers.judged(tampers.copy_of(whole.folder, tmp_path / "copy"), bytes(operator.public)) == "passed"
    missed = []
    for one in [*first.values(), *found[:DRAWN]]:
        copy = tampers.copy_of(whole.folder, tmp_path / "copy")
        one.apply(copy)
        said = tampers.judged(copy, bytes(operator.public), one)
        missed += [] if said is None else [f"{one.family}: {one.what}: {said}"]
    assert missed == []
    assert len(first) == EVERY_FAMILY, sorted(first)
