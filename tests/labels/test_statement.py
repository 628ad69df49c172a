"""What a label states of how it came to be, from a file or for a whole file; and what one act of signing comes to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from ledger_world import World

from curator.core.canonical import canonical_bytes
from curator.core.errors import IntegrityError, UsageError
from curator.labels import signing
from curator.labels.batch import Batch, draft_bytes
from curator.labels.reading import read
from curator.labels.signing import LabelFile, Plan, Wishes
from curator.provenance.append import Appender
from curator.provenance.ledger import Ledger
from curator.provenance.records import Draft
from curator.provenance.verify import verify_ledger

LINE = {
    "kind": "finding",
    "value": "nodule",
    "author": "ada",
    "labeledAt": "2026-05-04T10:15:00+02:00",
    "guideline": "chest@1.0",
}
STATED = {
    "confidence": "4",
    "confidenceScale": "likert-1-5",
    "truthBasis": "pathology",
    "informationShown": ["report", "history"],
    "blinded": True,
    "independent": False,
    "preLabel": {"shown": True, "changed": False, "origin": "model-7"},
    "location": {"frames": [1, 3]},
}


def opened(world: World, lines: list[Any], *, name: str = "l.jsonl", **wishes: Any) -> tuple[LabelFile, Plan]:
    path = Path(world.root) / name
    if name.endswith("jsonl"):
        made = [{"labelId": f"l-{n}", "sample": f"2.25.{n % 5 + 1}", **LINE, **one} for n, one in enumerate(lines)]
        path.write_text("".join(json.dumps(one) + "\n" for one in made))
    else:
        path.write_text("".join(lines))
    source = LabelFile(path, Wishes("ada", **wishes), Appender(Ledger(world.folder), world.clock), world.clock)
    return source, source.plan(world.root, world.samples)


def signed(world: World, lines: list[Any], **how: Any) -> list[dict[str, Any]]:
    source, plan = opened(world, lines, **how)
    plan.require()
    source.sign(World.key("ada"))
    seen: list[Any] = []
    verify_ledger(world.folder, visit=seen.append).require()
    return [one.predicate for one in seen if "labelId" in one.predicate]


def test_a_record_holds_what_the_label_states_and_where_it_came_from(world: World) -> None:
    """21 CFR 11.10(h): the source of data input is known by its digest."""
    (said,) = signed(world, [STATED])
    assert {name: said[name] for name in STATED} == {**STATED, "informationShown": ["history", "report"]}
    file = (Path(world.root) / "l.jsonl").read_bytes()
    assert said["importSource"] == hashlib.sha256(file).hexdigest()
    state = verify_ledger(world.folder).require().state
    assert said["qualification"] == state.qualifies["ada"][-1]


def test_what_is_not_stated_is_not_in_the_record(world: World) -> None:
    (said,) = signed(world, [{}])
    assert not said.keys() & {*STATED}


def test_csv_states_the_same_as_json_lines(world: World) -> None:
    more = "confidence,confidenceScale,truthBasis,informationShown,blinded,independent"
    proposed = "preLabelShown,preLabelChanged,preLabelOrigin,frames"
    cells = "4,likert-1-5,pathology,report; history,true,FALSE,true,false,model-7,1;3"
    rows = [
        f"labelId,sample,kind,value,author,labeledAt,{more},{proposed}\n",
        f"l-0,2.25.1,finding,nodule,ada,2026-05-04T10:15:00+02:00,{cells}\n",
    ]
    (said,) = signed(world, rows, name="l.csv", guideline=("chest", "1.0"))
    assert {name: said[name] for name in STATED} == {**STATED, "informationShown": ["history", "report"]}
    assert opened(world, [STATED])[1].already == 1


TOLD = [
    {"outcome": "rejected", "reviewer": "ben", "at": "2026-05-04T11:00:00.5+02:00", "stage": "check"},
    {"outcome": "accepted"},
]


def test_reviews_of_a_tool_stand_in_the_record_in_their_order_with_times_as_utc(world: World) -> None:
    (said,) = signed(world, [{"toolReviews": TOLD}])
    assert said["toolReviews"] == [{**TOLD[0], "at": "2026-05-04T09:00:00Z"}, TOLD[1]]
    # What a tool told later makes no other label of it.
    for told in ([], [{"outcome": "unknown"}], TOLD):
        more = {"toolReviews": told} if told else {}
        assert opened(world, [more], name="again.jsonl")[1].already == 1


def test_reviews_of_a_tool_stand_in_a_cell_as_json(world: World) -> None:
    told = json.dumps(TOLD).replace('"', '""')
    rows = [
        "labelId,sample,kind,value,author,labeledAt,toolReviews\n",
        f'l-0,2.25.1,finding,nodule,ada,2026-05-04T10:15:00+02:00,"{told}"\n',
    ]
    (said,) = signed(world, rows, name="l.csv", guideline=("chest", "1.0"))
    assert [one["outcome"] for one in said["toolReviews"]] == ["rejected", "accepted"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "LBL-004"),
        ([{}], "LBL-004"),
        ([{"outcome": "accepted"}] * 17, "LBL-004"),
        ([{"outcome": "accepted", "note": "by Jane Doe"}], "LBL-004"),
        ([{"outcome": "accepted", "reviewer": "Jane Doe"}], "LBL-004"),
        ([{"outcome": "accepted", "reviewer": "stranger"}], "LBL-046"),
        ([{"outcome": "accepted", "at": "yesterday"}], "LBL-008"),
        ([{"outcome": "accepted", "at": "2999-05-04T11:00:00Z"}], "LBL-009"),
    ],
)
def test_a_review_of_a_tool_of_another_form_is_refused(world: World, told: Any, code: str) -> None:
    (issue,) = opened(world, [{"toolReviews": told}])[1].issues
    assert issue.error.code == code


def test_the_word_of_a_stage_of_a_review_is_guarded(world: World) -> None:
    path = Path(world.root) / "g.jsonl"
    line = {"labelId": "l-0", "sample": "2.25.1", **LINE, "toolReviews": [{"outcome": "accepted", "stage": "jane-doe"}]}
    path.write_text(json.dumps(line) + "\n")
    appender = Appender(Ledger(world.folder), world.clock)
    source = LabelFile(path, Wishes("ada"), appender, world.clock, guard=lambda text: "jane" not in text)
    (issue,) = source.plan(world.root, world.samples).issues
    assert issue.error.code == "LBL-017"


@pytest.mark.parametrize(
    "row",
    [
        "toolReviews\n[1\n",
        "blinded\nyes\n",
        "frames\n1;x\n",
        "slice\n-1\n",
        "slice\n12345678\n",
        "location\nx\n",
        "frames,location\n1,x\n",
    ],
)
def test_a_cell_of_another_form_is_an_error_of_its_line(row: str) -> None:
    (one,) = read(row.encode(), "csv")
    assert one.error is not None
    assert one.error.code == "LBL-003"


def test_nothing_shown_is_more_than_nothing_said(world: World) -> None:
    (one,) = read(b"informationShown\nnone\n", "csv")
    assert one.fields == {"informationShown": []}
    (said,) = signed(world, [{"informationShown": []}])
    assert said["informationShown"] == []


def test_defaults_stand_for_labels_that_do_not_say_it_themselves(world: World) -> None:
    defaults = {"blinded": False, "confidenceScale": "probability-0-1", "truthBasis": "consensus"}
    one, two = signed(world, [{"confidence": "0.5"}, {"blinded": True}], stated=defaults)
    assert (one["blinded"], one["confidenceScale"], one["truthBasis"]) == (False, "probability-0-1", "consensus")
    assert (two["blinded"], "confidenceScale" in two, two["truthBasis"]) == (True, False, "consensus")


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("LBL-030", {"confidence": "0.5"}),
        ("LBL-004", {"confidenceScale": "probability-0-1"}),
        ("LBL-007", {"confidence": "6", "confidenceScale": "likert-1-5"}),
        ("LBL-004", {"truthBasis": "my opinion"}),
        ("LBL-004", {"informationShown": ["Jane Doe's report"]}),
        ("LBL-004", {"blinded": "true"}),
        ("LBL-004", {"preLabel": {"changed": True}}),
        ("LBL-004", {"location": {"frames": [0]}}),
        ("LBL-004", {"location": {"frames": list(range(1, 258))}}),
        ("LBL-004", {"location": {"slice": 1.5}}),
        ("LBL-036", {"location": {"frames": [1], "slice": 1}}),
        ("LBL-031", {"value": {str(n): "x" * 9_000 for n in range(6)}}),
    ],
)
def test_a_bad_statement_is_named_by_its_line(world: World, code: str, more: dict[str, Any]) -> None:
    _, plan = opened(world, [{}, more])
    assert [(one.line, one.error.code) for one in plan.issues] == [(2, code)]
    with pytest.raises(UsageError, match="LBL-001"):
        plan.require()


def test_another_statement_under_a_signed_id_is_another_label(world: World) -> None:
    signed(world, [{"blinded": True}])
    for more in ({"blinded": False}, {}, {"blinded": True, "truthBasis": "unknown"}):
        assert [one.error.code for one in opened(world, [more])[1].issues] == ["LBL-011"]


def test_each_record_says_what_its_signer_confirmed_in_one_act(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """21 CFR 11.70: what was shown before signing is part of what was signed."""
    monkeypatch.setattr(signing, "BATCH", 2)
    source, plan = opened(world, [{} for _ in range(5)])
    batch = plan.require().batch
    assert (batch.count, batch.kinds, batch.meanings) == (5, {"finding": 5}, {"authorship": 5})
    assert (batch.first, batch.last) == ("2026-05-04T08:15:00Z",) * 2
    assert [name[:2] for name in batch.guidelines] == [("chest", "1.0")]
    assert source.sign(World.key("ada")) == 5
    seen: list[Any] = []
    verify_ledger(world.folder, visit=seen.append).require()
    labels = [one for one in seen if "labelId" in one.predicate]
    assert [one.predicate["batch"] for one in labels] == [{"count": 5, "sha256": batch.sha256}] * 5
    # The digest can be computed again from the ledger alone.
    own = {"batch", "dataset", "sequence", "previous", "signer", "signedAt", "utcOffset"}
    text = b""
    for one in labels:
        predicate = {name: value for name, value in one.predicate.items() if name not in own}
        text += canonical_bytes({"subject": one.subject, "predicateType": one.kind, "predicate": predicate}) + b"\n"
    assert hashlib.sha256(text).hexdigest() == batch.sha256


def test_what_was_not_shown_is_not_signed(world: World) -> None:
    source, plan = opened(world, [{} for _ in range(3)])
    plan.require()
    other, again = opened(world, [{}])
    again.require()
    other.sign(World.key("ada"))
    # The first writer learns of the label that somebody signed meanwhile, and shows three where two are left.
    source._appender = Appender(Ledger(world.folder), world.clock)
    with pytest.raises(IntegrityError, match="LBL-032"):
        source.sign(World.key("ada"))
    assert verify_ledger(world.folder).require().size == 6


def test_a_digest_tells_order_and_content_and_leaves_itself_out() -> None:
    def draft(kind: str, **more: Any) -> Draft:
        said = {"kind": kind, "meaning": "authorship", "labeledAt": "2026-05-04T08:15:00Z"}
        return Draft("k", ({},), {**said, "guideline": {"id": "g", "version": "1", "sha256": "0"}, **more})

    def digest(*drafts: Draft) -> str:
        made = Batch()
        for one in drafts:
            made.add(one, 1000)
        return made.sha256

    one, two = draft("a"), draft("b")
    assert len({digest(), digest(one), digest(two), digest(one, two), digest(two, one)}) == 5
    assert draft_bytes(draft("a", batch={"count": 1})) == draft_bytes(one)
