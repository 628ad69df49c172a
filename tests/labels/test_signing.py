"""A file of labels: all or nothing is signed, a second run signs nothing twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ledger_world import SEED, World

from curator.core.errors import IntegrityError, UsageError
from curator.labels.signing import LabelFile, Plan, Wishes
from curator.provenance.append import Appender
from curator.provenance.keys import SeedSigner
from curator.provenance.ledger import Ledger
from curator.provenance.verify import verify_ledger


def line(number: int = 0, **more: Any) -> dict[str, Any]:
    made = {
        "labelId": f"l-{number}",
        "sample": f"clean/p/s/r/{number % 5}.dcm",
        "kind": "finding",
        "value": {"text": "nodule", "size": 1.5},
        "author": "ada",
        "labeledAt": "2026-05-04T10:15:00+02:00",
        "guideline": "chest@1.0",
    }
    made.update(more)
    return {name: value for name, value in made.items() if value is not ...}


def labels_of(world: World, lines: list[Any], name: str = "l.jsonl") -> Path:
    path = Path(world.root) / name
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    return path


def opened(world: World, lines: list[Any], person: str = "ada", **wishes: Any) -> tuple[LabelFile, Plan]:
    appender = Appender(Ledger(world.folder), world.clock)
    source = LabelFile(labels_of(world, lines), Wishes(person, **wishes), appender, world.clock)
    return source, source.plan(world.root, world.samples)


def codes(world: World, lines: list[Any], person: str = "ada", **wishes: Any) -> list[tuple[int, str]]:
    _, plan = opened(world, lines, person, **wishes)
    with pytest.raises((UsageError, IntegrityError)):
        plan.require()
    return [(issue.line, issue.error.code) for issue in plan.issues]


def sign(world: World, lines: list[Any], person: str = "ada", **wishes: Any) -> tuple[int, Plan]:
    source, plan = opened(world, lines, person, **wishes)
    plan.require()
    return source.sign(World.key(person)), plan


def records_of(world: World) -> list[Any]:
    seen: list[Any] = []
    verify_ledger(world.folder, visit=seen.append).require()
    return [one for one in seen if one.kind.endswith("label:v1")]


def test_a_record_says_all_that_the_label_says_about_the_very_file(world: World) -> None:
    """21 CFR 11.10(h): a record names the very file, tool and guideline of a label."""
    more = {"confidence": 0.90, "confidenceScale": "probability-0-1", "tool": "viewer@2.1", "stage": "second-read"}
    assert sign(world, [line(**more)])[0] == 1
    record = records_of(world)[0]
    sample = world.samples[0]
    assert record.subject == [
        {
            "name": sample.path,
            "digest": {"sha256": sample.sha256, "contentSha256": sample.content},
            "annotations": {"sopInstanceUid": sample.uid},
        }
    ]
    said = record.predicate
    assert said["value"] == {"text": "nodule", "size": {"$decimal": "1.5"}}
    assert (said["author"], said["signer"], said["role"], said["meaning"]) == ("ada", "ada", "reader", "authorship")
    assert (said["labeledAt"], said["labeledOffset"]) == ("2026-05-04T08:15:00Z", "+02:00")
    assert (said["signedAt"], said["utcOffset"]) == ("2026-05-04T12:00:00Z", "+00:00")
    assert (said["confidence"], said["stage"]) == ("0.9", "second-read")
    assert said["tool"] == {"name": "viewer", "version": "2.1"}
    assert said["guideline"]["version"] == "1.0"
    assert (said["dataset"], said["sequence"]) == ("trial", 5)


@pytest.mark.parametrize("how", ["path", "uid", "sha256"])
def test_a_sample_is_named_by_path_by_new_uid_or_by_digest(world: World, how: str) -> None:
    sample = world.samples[2]
    name = {"path": sample.path, "uid": sample.uid, "sha256": f"sha256:{sample.sha256}"}[how]
    sign(world, [line(sample=name)])
    assert records_of(world)[0].subject[0]["name"] == sample.path


def test_csv_signs_as_json_lines_do(world: World) -> None:
    path = Path(world.root) / "l.csv"
    path.write_text(
        "labelId,sample,kind,valueJson,author,labeledAt,confidence\n"
        'l-0,2.25.1,finding,"{""text"":""nodule"",""size"":1.5}",ada,2026-05-04T10:15:00+02:00,\n'
    )
    appender = Appender(Ledger(world.folder), world.clock)
    source = LabelFile(path, Wishes("ada", guideline=("chest", "1.0")), appender, world.clock)
    assert source.plan(world.root, world.samples).require().new == 1
    assert source.sign(World.key("ada")) == 1
    assert sign(world, [line()])[1].already == 1


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("LBL-005", {"sample": "clean/p/s/r/9.dcm"}),
        ("LBL-005", {"sample": "../../etc/passwd"}),
        ("LBL-005", {"sample": "sha256:" + "0" * 64}),
        ("KEY-009", {"author": "eve"}),
        ("LBL-006", {"guideline": "chest@2.0"}),
        ("LBL-006", {"guideline": ...}),
        ("LBL-007", {"confidence": 1.01}),
        ("LBL-003", {"confidence": float("nan")}),
        ("LBL-008", {"labeledAt": "2026-05-04T10:15:00"}),
        ("LBL-009", {"labeledAt": "2026-05-04T12:00:01Z"}),
        ("LBL-016", {"author": "ben"}),
        ("LBL-012", {"supersedes": "l-77", "reason": "second look"}),
    ],
)
def test_each_bad_label_is_named_by_its_line_and_nothing_is_signed(world: World, code: str, more: Any) -> None:
    assert codes(world, [line(0), line(1, **more), line(2)]) == [(2, code)]
    assert records_of(world) == []


def test_all_bad_lines_are_listed_at_once(world: World) -> None:
    lines = [line(0), line(0), line(1, author="eve"), line(2, kind=7), line(3)]
    assert codes(world, lines) == [(2, "LBL-010"), (3, "KEY-009"), (4, "LBL-004")]


def test_an_empty_file_is_refused(world: World) -> None:
    _, plan = opened(world, [])
    with pytest.raises(UsageError, match="LBL-021"):
        plan.require()


def test_a_file_that_is_not_the_one_that_was_scrubbed_is_an_integrity_error(world: World) -> None:
    """21 CFR 11.10(h): a label about a file that is not the one made here is refused."""
    (Path(world.root) / world.samples[1].path).write_bytes(b"altered")
    (Path(world.root) / world.samples[2].path).unlink()
    _, plan = opened(world, [line(0), line(1), line(2)])
    assert [(issue.line, issue.error.code) for issue in plan.issues] == [(2, "LBL-018"), (3, "LBL-018")]
    with pytest.raises(IntegrityError, match="LBL-018"):
        plan.require()


def test_a_second_run_signs_nothing_twice(world: World) -> None:
    lines = [line(n) for n in range(5)]
    assert sign(world, lines)[0] == 5
    before = world.envelopes()
    done, plan = sign(world, lines)
    assert (done, plan.already, plan.new) == (0, 5, 0)
    assert world.envelopes() == before


def test_a_run_that_was_stopped_signs_only_what_is_left(world: World) -> None:
    sign(world, [line(n) for n in range(2)])
    done, plan = sign(world, [line(n) for n in range(5)])
    assert (done, plan.already) == (3, 2)
    assert [one.predicate["labelId"] for one in records_of(world)] == [f"l-{n}" for n in range(5)]


@pytest.mark.parametrize(
    "more",
    [
        {"value": "mass"},
        {"sample": "2.25.2"},
        {"confidence": 1, "confidenceScale": "probability-0-1"},
        {"labeledAt": "2026-05-04T09:15:00+02:00"},
        {"stage": "x"},
        {"tool": "a@1"},
    ],
)
def test_other_content_under_a_signed_id_is_refused(world: World, more: Any) -> None:
    """21 CFR 11.10(e): signed content is not written over."""
    sign(world, [line()])
    assert codes(world, [line(**more)]) == [(1, "LBL-011")]


def test_a_signed_label_is_replaced_by_one_that_supersedes_it(world: World) -> None:
    """21 CFR 11.10(e): a change leaves the earlier record and names it."""
    sign(world, [line(0)])
    later = line(5, value="mass", supersedes="l-0", reason="second look")
    assert sign(world, [later])[0] == 1
    assert sign(world, [later])[1].already == 1
    first, second = records_of(world)
    assert second.predicate["supersedes"] == {"labelId": "l-0", "leaf": first.leaf.hex(), "reason": "second look"}
    third = line(10, supersedes="l-0", reason="third look")
    assert codes(world, [third]) == [(1, "LBL-013")]
    assert codes(world, [line(11, supersedes="l-5", reason="other sample")]) == [(1, "LBL-014")]


def test_two_labels_of_one_file_cannot_supersede_the_same_one(world: World) -> None:
    sign(world, [line(0)])
    lines = [line(n, supersedes="l-0", reason="look") for n in (5, 10)]
    assert codes(world, lines) == [(2, "LBL-013")]


def test_other_peoples_labels_need_an_attestation_and_are_counted_apart(world: World) -> None:
    lines = [line(0), line(1, author="ben")]
    done, plan = sign(world, lines, attest=True)
    assert (done, plan.new, plan.attested) == (2, 2, 1)
    assert [one.predicate["meaning"] for one in records_of(world)] == ["authorship", "import-attestation"]
    assert verify_ledger(world.folder).state.attested == 1


def test_a_meaning_needs_a_role_that_allows_it(world: World) -> None:
    """21 CFR 11.10(g): the meaning of a signature needs a role that allows it."""
    assert codes(world, [line()], meaning="approval") == [(1, "KEY-011")]
    done, _ = sign(world, [line(author="rita")], "rita", meaning="approval")
    assert done == 1
    assert records_of(world)[0].predicate["role"] == "reviewer"


def test_who_is_not_enrolled_signs_nothing(world: World) -> None:
    """21 CFR 11.10(d): who is not enrolled signs nothing."""
    with pytest.raises(UsageError, match="KEY-009"):
        opened(world, [line()], "eve")


def test_defaults_of_guideline_and_tool_stand_in_where_a_label_names_none(world: World) -> None:
    sign(world, [line(guideline=...)], guideline=("chest", "1.0"), tool=("viewer", "2"))
    said = records_of(world)[0].predicate
    assert (said["guideline"]["id"], said["tool"]["version"]) == ("chest", "2")


def test_more_labels_than_a_batch_are_sealed_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from curator.labels import signing

    monkeypatch.setattr(signing, "BATCH", 2)
    seen: list[int] = []
    source, plan = opened(world, [line(n) for n in range(5)])
    plan.require()
    assert source.sign(World.key("ada"), SeedSigner(SEED), seen.append) == 5
    assert seen == [2, 2, 1]
    report = verify_ledger(world.folder).require()
    assert {seal.size for seal in report.seals} >= {7, 9, 10}
    assert report.sealed(operator=True) == 10


def test_the_issue_of_a_label_repeats_nothing_of_it(world: World) -> None:
    _, plan = opened(world, [line(kind="QUILLFEATHER!"), line(1, sample="ZEBEDIAH"), line(2, author="quillfeather")])
    shown = "".join(str(one.error) + one.error.hint + repr(one.error.facts) for one in plan.issues)
    assert plan.bad == 3
    assert "quillfeather" not in shown.lower()
    assert "zebediah" not in shown.lower()
