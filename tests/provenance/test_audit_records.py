"""Records of audits: writer and verifier keep the same rules."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ledger_world import DIGESTS, World
from test_people_records import forced, refused

from curator.provenance import kinds_audit, records
from curator.provenance.kinds_audit import Found
from curator.provenance.records import Draft
from curator.provenance.verify import verify_ledger

PLAN = {"scheme": "zero-failure", "aql": "0.01", "ltpd": "0.05", "producer": "0.05", "consumer": "0.05"}
ROW = {"name": "all", "count": 2, "sha256": DIGESTS[0], "sample": 2, "accept": 0, "reject": 1}
BODY = {
    "count": 2,
    "filter": {"listed": False},
    "plan": PLAN,
    "seedFrom": {"kind": "timestamp"},
    "strataBy": "none",
    "strata": [ROW],
}


def lot(name: str = "week-1", sha256: str = DIGESTS[0], **change: Any) -> Draft:
    return kinds_audit.lot(name, sha256, {**deepcopy(BODY), **change}, None, bool)


def verdict(outcome: str, wrong: int = 0, whole: str | None = None) -> Draft:
    row = {"name": "all", "looked": 2, "wrong": wrong, "unclear": 0, "outcome": outcome, "shareLow": "0"}
    row |= {"shareHigh": "1", "wrongLow": wrong, "wrongHigh": 2, "producer": "0.1", "consumer": "0.05"}
    body = {"seed": DIGESTS[1], "seedFrom": {"kind": "asserted", "name": "rita"}, "results": DIGESTS[2]}
    body |= {"level": "0.95", "changed": 0, "outcome": whole or outcome, "strata": [row]}
    return kinds_audit.verdict("week-1", DIGESTS[0], body)


@pytest.fixture
def ready(tmp_path: Path) -> World:
    world = World(tmp_path / "ledger").people().guide()
    world.sign(world.label(1), world.label(2))
    return world


def both(world: World, code: str, draft: Draft, by: str = "rita") -> None:
    """The writer refuses, and the verifier refuses what another writer wrote."""
    refused(code, lambda: world.sign(draft, by=by))
    assert forced(world, draft, World.key(by)) == code


@pytest.mark.parametrize(
    ("code", "draft"),
    [
        ("QUA-051", lambda: lot(sha256=DIGESTS[1])),
        ("QUA-052", lambda: lot("week-2")),
        ("QUA-053", lambda: lot("week-2", DIGESTS[1], count=3)),
        ("QUA-053", lambda: lot("week-2", DIGESTS[1], strata=[{**ROW, "reject": 0 + 1, "accept": 1}])),
        ("QUA-053", lambda: lot("week-2", DIGESTS[1], strata=[{**ROW, "sample": 3}])),
        ("QUA-053", lambda: lot("week-2", DIGESTS[1], strata=[{**ROW, "count": 1, "sample": 1}] * 2)),
        ("QUA-053", lambda: verdict("accept", whole="reject")),
        ("QUA-053", lambda: verdict("reject", wrong=3)),
    ],
)
def test_a_lot_or_verdict_that_does_not_fit_is_refused(ready: World, code: str, draft: Callable[[], Draft]) -> None:
    ready.sign(lot(), by="rita")
    both(ready, code, draft())


def test_who_may_not_audit_is_refused(ready: World) -> None:
    refused("KEY-011", lambda: ready.sign(lot(), by="ada"))
    ready.sign(lot(), by="rita")
    (label,) = ready.named("label-1")
    (found,) = kinds_audit.results("week-1", DIGESTS[0], [Found(label, "ok")], bool)
    refused("KEY-011", lambda: ready.sign(found, by="ben"))
    ready.sign(found, by="rita")
    both(ready, "KEY-011", verdict("accept"), by="ada")


def test_findings_name_labels_of_the_lots_time_by_others_and_an_open_lot(ready: World) -> None:
    (own,) = ready.sign(ready.label(7, labelId="own", author="rita", role="reviewer"), by="rita")
    assert own.index
    ready.sign(lot(), by="rita")
    ready.sign(ready.label(3))
    old, mine, late = ready.named("label-1", "own", "label-3")

    def found(one: Any, *what: str, name: str = "week-1") -> Draft:
        return kinds_audit.results(name, DIGESTS[0], [Found(one, *(what or ("ok",)))], bool)[0]

    refused("LED-062", lambda: ready.sign(found(mine), by="rita"))
    refused("LED-061", lambda: ready.sign(found(late), by="rita"))
    refused("LED-061", lambda: ready.sign(found(old._replace(leaf="0" * 64)), by="rita"))
    refused("LED-060", lambda: ready.sign(found(old._replace(label="nobody")), by="rita"))
    refused("QUA-054", lambda: ready.sign(found(old, name="week-2"), by="rita"))
    refused("QUA-056", lambda: ready.sign(found(old, "ok", "mass"), by="rita"))
    ready.sign(found(old, "wrong", "mass"), verdict("undecided", wrong=1), verdict("reject", wrong=1), by="rita")
    assert verify_ledger(ready.folder).require().state.facts.lots["week-1"].outcome == "reject"
    refused("QUA-055", lambda: ready.sign(verdict("accept"), by="rita"))
    both(ready, "QUA-055", found(old))


def test_names_and_right_values_pass_a_guard(ready: World) -> None:
    def guard(text: str) -> bool:
        return "PATIENT" not in text

    (label,) = ready.named("label-1")
    refused("LED-070", lambda: kinds_audit.lot("PATIENT", DIGESTS[0], BODY, None, guard))
    refused(
        "LED-070",
        lambda: kinds_audit.lot("a", DIGESTS[0], {**BODY, "strata": [{**ROW, "name": "PATIENT"}]}, None, guard),
    )
    refused("LED-070", lambda: kinds_audit.lot("a", DIGESTS[0], BODY, "of PATIENT", guard))
    refused("LED-070", lambda: kinds_audit.results("a", DIGESTS[0], [Found(label, "wrong", "PATIENT")], guard))
    refused("QUA-050", lambda: kinds_audit.lot("a", DIGESTS[0], {**BODY, "strata": [ROW] * 101}, None, guard))
    refused("LED-073", lambda: kinds_audit.lot("a", "0", BODY, None, guard))


def test_controls_are_sealed_once(ready: World) -> None:
    draft = kinds_audit.controls("set-1", DIGESTS[0], 40, "quarterly", bool)
    ready.sign(draft, by="rita")
    assert verify_ledger(ready.folder).require().state.facts.controls["set-1"][0] == DIGESTS[0]
    both(ready, "QUA-051", kinds_audit.controls("set-1", DIGESTS[1], 40, "quarterly", bool))


def test_a_record_of_as_many_findings_as_it_may_name_fits_into_an_envelope(ready: World) -> None:
    name = "x" * 128
    found = [Found(records_named(f"{name[:-4]}{n:04d}"), "wrong", "c" * 64) for n in range(kinds_audit.MAX_RESULTS + 1)]
    drafts = kinds_audit.results("w" * 64, DIGESTS[0], found, bool)
    assert [len(one.subject) for one in drafts] == [kinds_audit.MAX_RESULTS, 1]
    assert len(b"".join(drafts[0].frame)) * 4 / 3 < 65_535 - 2_000
    assert drafts[0].kind == records.AUDIT_RESULT


def records_named(name: str) -> Any:
    from curator.provenance.kinds_life import Named

    return Named(name, "f" * 64)
