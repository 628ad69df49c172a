"""Large values of labels stand in files of their own: a package carries them, and says no without them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from curator.core.errors import IntegrityError
from curator.provenance.keys import parse_public
from curator.release import layout
from curator.release.build import dry_run
from curator.release.verify import verify_package

DATA = b'{"class":"nodule","runs":[1,2,3]}'
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def large(site: Any) -> Any:
    """A project with one label whose value stands in a file."""
    folder = site.project.root / "labels" / "values"
    folder.mkdir(parents=True)
    (folder / f"{DIGEST}.json").write_bytes(DATA)
    site.label(90, "ann", site.samples()[0], {"whole": {"sha256": DIGEST, "bytes": len(DATA)}, "class": "nodule"})
    return site


def test_a_package_carries_the_values_that_stand_in_files(large: Any) -> None:
    package: Path = large.build()
    assert (package / layout.VALUES / f"{DIGEST}.json").read_bytes() == DATA
    assert verify_package(package, key=parse_public(large.key.read_bytes())).labels == 7


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.write_bytes(DATA + b" ")])
def test_a_value_that_is_lacking_or_changed_stops_the_build(large: Any, change: Any) -> None:
    change(large.project.root / "labels" / "values" / f"{DIGEST}.json")
    with pytest.raises(IntegrityError) as caught:
        large.build()
    assert caught.value.code == "REL-036"
    assert list(large.project.releases.glob("v*")) == []


def test_a_value_that_is_changed_in_a_package_is_found(large: Any) -> None:
    package: Path = large.build()
    (package / layout.VALUES / f"{DIGEST}.json").write_bytes(DATA.replace(b"1", b"9"))
    with pytest.raises(IntegrityError):
        verify_package(package, key=parse_public(large.key.read_bytes()))


def test_a_dry_run_looks_for_the_values_too(large: Any) -> None:
    (large.project.root / "labels" / "values" / f"{DIGEST}.json").unlink()
    with pytest.raises(IntegrityError) as caught:
        dry_run(large.inputs())
    assert caught.value.code == "REL-036"
