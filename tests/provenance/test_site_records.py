"""Records of joined sites: each follows the one before it, and says of whom the package is."""

from __future__ import annotations

from typing import Any

import pytest
from joined_records import CHANGES, joined_site
from ledger_world import World

from curator.core.errors import UsageError
from curator.provenance.kinds_sites import site_left
from curator.provenance.kinds_splits import splits_assigned


@pytest.fixture
def joined(world: World) -> World:
    world.people().guide()
    world.sites()
    return world


def refused(world: World, *, by: str = "rita", **more: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.sign(joined_site(**more), by=by)
    return caught.value


def newest(world: World) -> dict[str, str]:
    one = world.appender().state.facts.joined["north"]
    return {"version": one.version, "tagManifest": one.tag, "leaf": one.leaf}


def test_the_newest_package_of_a_site_counts_and_moves_the_end_of_what_was_audited(joined: World) -> None:
    facts = joined.appender().state.facts
    assert (facts.joined["north"].version, facts.joined["north"].size) == ("1.1.0", 20)
    assert facts.last_label == facts.joined["north"].place
    assert facts.joined["north"].said["changes"]["samples"] == {"added": 1, "changed": 0, "removed": 2}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"version": "2.0.0", "size": 30}, "another version"),
        ({"version": "1.1.0", "size": 30, "replaced": True}, "does not come after"),
        ({"version": "2.0.0", "size": 19, "replaced": True}, "does not come after"),
        ({"version": "2.0.0", "size": 30, "replaced": True, "reason": None}, "a reason"),
        ({"version": "2.0.0", "size": 30, "replaced": True, "split": None}, "split"),
        ({"version": "2.0.0", "size": 30, "replaced": True, "origin": "curator/other"}, "ledger"),
        ({"version": "2.0.0", "size": 30, "replaced": True, "audited": "9" * 64}, "other files"),
        ({"site": "west", "version": "1.0.0", "split": None}, "another site"),
        ({"site": "west", "version": "1.0.0", "origin": "curator/west", "reason": "why"}, "a reason"),
        ({"site": "west", "version": "1.0.0", "origin": "curator/west", "replaced": True}, "another version"),
    ],
)
def test_a_record_that_contradicts_the_ledger_is_refused(joined: World, more: dict[str, Any], word: str) -> None:
    if more.pop("replaced", False):
        more["replaces"] = newest(joined)
        more.setdefault("reason", "more patients")
    error = refused(joined, **more)
    assert error.code == "SIT-016"
    assert word in error.sentence


def test_a_record_about_another_package_than_it_names_is_refused(joined: World) -> None:
    draft = joined_site(site="west", version="1.0.0", origin="curator/west", split=None)
    draft.subject[0]["digest"]["sha256"] = "7" * 64
    with pytest.raises(UsageError) as caught:
        joined.sign(draft, by="rita")
    assert caught.value.code == "SIT-016"


def test_a_reader_joins_no_site_and_a_reason_is_guarded(joined: World) -> None:
    assert refused(joined, by="ada", site="west", version="1.0.0", origin="curator/west", split=None).code == "KEY-011"
    with pytest.raises(UsageError) as caught:
        joined_site(version="2.0.0", reason="Quillfeather", guard=lambda text: "Quill" not in text)
    assert caught.value.code == "LED-070"


def test_a_site_that_left_counts_no_more_and_comes_back_as_the_next_of_what_left(joined: World) -> None:
    before = joined.appender().state.facts.joined["north"]
    joined.joint_splits()
    facts = joined.appender().state.facts
    assert (set(facts.joined), facts.departures, facts.departed["north"].joined.leaf) == (set(), 1, before.leaf)
    assert facts.last_label == facts.departed["north"].place
    (one,) = facts.assigned
    assert (one.sha256, one.said["leftSplit"]) == ("7" * 64, 0)
    replaces = {"version": "1.1.0", "tagManifest": before.tag, "leaf": facts.departed["north"].leaf}
    for bad, word in (
        ({"version": "2.0.0", "size": 30, "reason": "back"}, "another version"),
        ({"version": "2.0.0", "size": 30, "replaces": {**replaces, "leaf": before.leaf}, "reason": "x"}, "another"),
        ({"version": "1.1.0", "size": 30, "replaces": replaces, "reason": "back"}, "does not come after"),
        ({"version": "2.0.0", "size": 19, "replaces": replaces, "reason": "back"}, "does not come after"),
        ({"site": "west", "version": "2.0.0"}, "joined as another site"),
    ):
        error = refused(joined, **bad)
        assert (error.code, word in error.sentence) == ("SIT-016", True), bad
    joined.sign(joined_site(version="2.0.0", size=30, replaces=replaces, reason="it came back"), by="rita")
    facts = joined.appender().state.facts
    assert (facts.joined["north"].version, facts.departed, facts.departures) == ("2.0.0", {}, 1)


def test_nobody_takes_out_what_is_not_joined_nor_assigns_over_other_packages(joined: World) -> None:
    one = joined.appender().state.facts.joined["north"]
    halves = (("train", 50), ("test", 50))
    for draft in (
        site_left(one._replace(site="west"), CHANGES, "why", bool),
        site_left(one._replace(leaf="0" * 64), CHANGES, "why", bool),
        splits_assigned("7" * 64, "site", halves, (), {"train": 1}, 0, {"north": "0" * 64}),
        splits_assigned("7" * 64, "site", halves, (), {"train": 1}, 0, {"north": one.tag, "west": one.tag}),
    ):
        with pytest.raises(UsageError) as caught:
            joined.sign(draft, by="rita")
        assert caught.value.code == "SIT-016"
    with pytest.raises(UsageError) as caught:
        site_left(one, CHANGES, "Brandywine", lambda _: False)
    assert caught.value.code == "LED-070"
