"""Splits over joined sites: drawn once, signed, shown by the package alone, and never slipped past the record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sites_support as support

from curator.core.errors import CuratorError
from curator.provenance.keys import SeedSigner
from curator.provenance.kinds_data import patients_link
from curator.provenance.kinds_splits import splits_assigned
from curator.release.sites.drawing import draw, fresh_of, joint_patients, key_of, put_down, values_of
from curator.release.splits import Settings, Splits
from curator.release.splits_store import load
from curator.release.verify import verify_package

HALVES = (("train", 50), ("test", 50))
BY_PATIENT, BY_SITE = Settings(HALVES), Settings(HALVES, by="site")


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.hint
    return str(caught.value.code)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    support.cheap(monkeypatch)


@pytest.fixture
def world(joined: Any, tmp_path: Path) -> Any:
    return joined.copy(tmp_path)


@pytest.fixture
def fresh(world: Any, tmp_path: Path, kit: SimpleNamespace) -> Any:
    """A sponsor who joined both sites and put neither into a split."""
    (tmp_path / "other").mkdir()
    made = support.make_sponsor(tmp_path / "other", kit)
    for at, (name, site) in enumerate(world.sites.items()):
        made.join(support.asked(site, world.packages[name]), 60 + at)
    return made


def split(sponsor: Any, settings: Settings, *, minutes: int = 70, sign: bool = True, key: bytes = b"k" * 32) -> Splits:
    state = support.state_of(sponsor.project)
    there = joint_patients(sponsor.project, state)
    values = values_of(there, settings.strata, {}, site=True)
    made = draw(there, load(sponsor.project), settings, (), values, key, {})
    new = fresh_of(made, there.drawn)
    if new is not None:
        digest = put_down(sponsor.project, made, new)
        tags = {name: one.tag for name, one in state.facts.joined.items()}
        draft = splits_assigned(digest, settings.by, settings.fractions, settings.strata, new.counts, new.left, tags)
        if sign:
            support.signed(sponsor, [draft], minutes)
    return made


def table(package: Path) -> Any:
    return json.loads((package / "data/splits/assignments.json").read_bytes())


def test_whole_sites_are_drawn_where_sites_are_asked_for(fresh: Any) -> None:
    split(fresh, BY_SITE)
    fresh.audited()
    made = table(fresh.build())
    by_site: dict[str, set[str]] = {}
    for name, one in made["assignments"].items():
        by_site.setdefault(name.split("_")[0], set()).add(one)
    assert {name: len(splits) for name, splits in by_site.items()} == {"north": 1, "south": 1}
    assert made["by"] == "site"


def test_another_sponsors_key_draws_others_and_the_same_key_the_same(fresh: Any) -> None:
    state = support.state_of(fresh.project)
    there = joint_patients(fresh.project, state)
    values = values_of(there, (), {}, site=True)
    keys = [key_of(fresh.vault), *(bytes([n]) * 32 for n in range(20))]
    drawn = [draw(there, None, BY_PATIENT, (), values, key, {}).assignments for key in keys]
    assert drawn[0] == draw(there, None, BY_PATIENT, (), values, key_of(fresh.vault), {}).assignments
    assert len({json.dumps(one, sort_keys=True) for one in drawn}) > 1
    assert set(drawn[0]) == {f"{site}_{name}" for site in ("north", "south") for name in ("P1AA", "P2BB")}


def test_who_is_in_a_split_since_the_site_was_put_there_stays_there(world: Any) -> None:
    """South was put into test by its join; only north's patients are drawn."""
    made = split(world.sponsor, BY_PATIENT, minutes=85)
    assert {name.split("_")[0] for name in made.assignments} == {"north"}
    world.sponsor.audited(90)
    built = table(world.sponsor.build("1.1.0"))
    assert {built["assignments"][f"south_{name}"] for name in ("P1AA", "P2BB")} == {"test"}
    assert len(built["assignments"]) == 4


def test_pseudonyms_of_one_person_go_into_one_split_and_leave_it_when_found_later(
    world: Any, tmp_path: Path, kit: SimpleNamespace
) -> None:
    site = world.sites["north"]
    support.signed(site, [patients_link("merged", ["P1AA", "P2BB"], "P1AA", "one person", site.fine, bool)], 75)
    (tmp_path / "third").mkdir()
    sponsor = support.make_sponsor(tmp_path / "third", kit)
    sponsor.join(support.asked(site, world.packages["north"]), 60)
    # A draw in which the two stand apart: then the site's next version tells that they are one.
    apart = next(
        n for n in range(40)
        if len(set(draw_with(sponsor, bytes([n]) * 32).values())) > 1
    )  # fmt: skip
    before = dict(split(sponsor, BY_PATIENT, key=bytes([apart]) * 32).assignments)
    support.audited(site, 76)
    sponsor.join(support.asked(site, support.final(site, "1.1.0"), reason="two are one"), 80)
    assert len(draw_with(sponsor, b"x" * 32)) == 1
    made = split(sponsor, BY_PATIENT, minutes=85)
    (left,) = made.left
    assert made.left[left][0] == before[left] == "test"
    sponsor.audited(90)
    package = sponsor.build()
    built = table(package)
    assert (set(built["left"]), len(built["assignments"])) == ({left}, 1)
    assert verify_package(package, key=sponsor.key).tied


def draw_with(sponsor: Any, key: bytes) -> dict[str, str]:
    there = joint_patients(sponsor.project, support.state_of(sponsor.project))
    values = values_of(there, (), {}, site=True)
    return dict(draw(there, load(sponsor.project), BY_PATIENT, (), values, key, {}).assignments)


def test_a_run_that_was_stopped_before_its_record_is_finished_by_the_next(fresh: Any) -> None:
    made = split(fresh, BY_PATIENT, sign=False)
    assert code(fresh.build) == "SIT-023"
    assert split(fresh, BY_PATIENT).assignments == made.assignments
    fresh.audited()
    package = fresh.build()
    assert table(package)["assignments"] == made.assignments
    assert len(list((package / "data/splits/assigned").iterdir())) == 1


def test_a_record_over_other_packages_or_by_another_unit_is_refused(fresh: Any) -> None:
    split(fresh, BY_PATIENT)
    tags = {name: one.tag for name, one in support.state_of(fresh.project).facts.joined.items()}
    for by, sites in (("patient", {**tags, "north": "0" * 64}), ("site", tags)):
        draft = splits_assigned("a" * 64, by, HALVES, (), {"train": 1}, 0, sites)
        assert code(lambda one=draft: support.signed(fresh, [one], 75)) == "SIT-016"


@pytest.fixture
def drawn(fresh: Any) -> Any:
    split(fresh, BY_PATIENT)
    fresh.audited()
    return SimpleNamespace(sponsor=fresh, package=fresh.build())


def test_no_assignment_is_changed_dropped_or_added_even_by_the_sponsors_own_operator(
    drawn: Any, tmp_path: Path, kit: SimpleNamespace
) -> None:
    lines = (drawn.package / "data/splits/assigned.jsonl").read_bytes().splitlines(keepends=True)
    other = {b"train": b"test", b"test": b"train"}

    def turned(line: bytes) -> bytes:
        now = json.loads(line)["split"].encode()
        return line.replace(b'"split":"%s"' % now, b'"split":"%s"' % other[now])

    (listed,) = (drawn.package / "data/splits/assigned").iterdir()
    name = f"data/splits/assigned/{listed.name}"
    extra = lines[0].replace(b"north_P1AA", b"north_PXXX")
    left = json.dumps({"case": "north_P1AA", "left": {"from": "train", "record": "a" * 64}}, separators=(",", ":"))
    changes: dict[str, dict[str, bytes | None]] = {
        "turned": {"data/splits/assigned.jsonl": b"".join([turned(lines[0]), *lines[1:]])},
        "dropped": {"data/splits/assigned.jsonl": b"".join(lines[1:])},
        "gone": {"data/splits/assigned.jsonl": None},
        "slipped in": {"data/splits/assigned.jsonl": b"".join([*lines, extra])},
        "said to have left": {"data/splits/assigned.jsonl": b"".join([left.encode() + b"\n", *lines[1:]])},
        "twice": {"data/splits/assigned.jsonl": b"".join([lines[0], *lines])},
        "another order": {"data/splits/assigned.jsonl": b"".join(lines[::-1])},
        "the list is gone": {name: None},
        "the list lacks one": {name: b"".join(listed.read_bytes().splitlines(keepends=True)[1:])},
        "one list more": {f"data/splits/assigned/{'0' * 64}.txt": b""},
        "a seal that nobody signed": {"data/splits/sealed/test.txt": b""},
    }
    signer = SeedSigner(drawn.sponsor.vault.operator_key())
    for what, files in changes.items():
        copy = kit.tampers.copy_of(drawn.package, tmp_path / "copy")
        for path, data in files.items():
            if data is None:
                (copy / path).unlink()
            else:
                (copy / path).parent.mkdir(exist_ok=True)
                kit.tampers.put(copy / path, data)
        kit.tampers.sealed(copy, signer.public, signer)
        found = code(lambda one=copy: verify_package(one, key=drawn.sponsor.key))
        assert found in {"SIT-022", "REL-028"}, (what, found)


def test_the_table_itself_and_the_format_are_held_against_the_record(
    drawn: Any, tmp_path: Path, kit: SimpleNamespace
) -> None:
    signer = SeedSigner(drawn.sponsor.vault.operator_key())
    made = table(drawn.package)
    first = min(made["assignments"])
    turned = {**made["assignments"], first: {"train": "test", "test": "train"}[made["assignments"][first]]}
    data = json.dumps({**made, "assignments": turned}, sort_keys=True, separators=(",", ":")).encode()
    said = support.manifest(drawn.package)
    for files in (
        {"data/splits/assignments.json": data, "splits": {"sha256": hashlib.sha256(data).hexdigest()}},
        {"format": 2},
    ):
        copy = kit.tampers.copy_of(drawn.package, tmp_path / "copy")
        keys = {name: value for name, value in files.items() if not name.startswith("data/")}
        for path in files.keys() - keys.keys():
            kit.tampers.put(copy / path, data)
        kit.tampers.put(copy / "data/manifest.json", json.dumps({**said, **keys}).encode())
        kit.tampers.sealed(copy, signer.public, signer)
        assert code(lambda one=copy: verify_package(one, key=drawn.sponsor.key)) == "REL-028"


def test_a_changed_store_of_splits_is_found_before_anything_is_built(drawn: Any) -> None:
    listed = next((drawn.sponsor.project.root / "splits/assigned").iterdir())
    kept = listed.read_bytes()
    listed.write_bytes(kept[:-2] + b"0\n")
    assert code(lambda: drawn.sponsor.build("1.0.1")) == "SIT-022"
    listed.write_bytes(kept)
    # A second draw with another key changes nothing: everybody is in a split.
    assert split(drawn.sponsor, BY_PATIENT, key=b"z" * 32).assignments == table(drawn.package)["assignments"]


def test_a_new_site_is_not_put_into_a_sealed_split(drawn: Any, tmp_path: Path, kit: SimpleNamespace) -> None:
    from curator.provenance.kinds_data import split_seal
    from curator.release.sites.sealed import joint_handed, joint_members
    from curator.release.splits_seal import put_list, sealed_list

    sponsor = drawn.sponsor
    state = support.state_of(sponsor.project)
    name = min(table(drawn.package)["assignments"].values())
    samples, patients = joint_members(sponsor.project, state, name)
    assert len(samples) == 2 * patients
    put_list(sponsor.project, name, samples)
    support.signed(sponsor, [split_seal(name, (one.sha256 for one in samples), "held back", sponsor.fine)], 90)
    state = support.state_of(sponsor.project)
    listed = sealed_list(sponsor.project, name, state.facts.splits)
    handed, places = joint_handed(sponsor.project, state, listed)
    assert (
        {one.sha256 for one in handed}
        == set(listed)
        == {hashlib.sha256(places[one.path].read_bytes()).hexdigest() for one in handed}
    )
    site = support.make_hospital(tmp_path / "east", "east", kit)
    support.audited(site, 70)
    asked = support.asked(site, support.final(site, "1.0.0"))
    assert code(lambda: sponsor.plan(replace(asked, split=name))) == "SIT-027"
    assert sponsor.plan(asked).sites == 3
