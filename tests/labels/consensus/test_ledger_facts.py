"""What the ledger proves: independence, the stage of each sample, what a consensus may name, who is qualified."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ledger_world import GUIDE, World

from curator.core.errors import UsageError
from curator.labels.consensus.deciding import Options, decide
from curator.labels.consensus.independence import Known
from curator.labels.consensus.opinions import Choice, Story, gather, story_of, units_of
from curator.labels.consensus.report import consensus_id, lines, report
from curator.labels.consensus.returned import Back, bring_back
from curator.labels.consensus.stages import Board, board, status_document
from curator.labels.consensus.workflow import load_workflow
from curator.labels.consensus.worklist import as_csv, document, worklist
from curator.provenance import kinds_data, kinds_life, kinds_people
from curator.provenance.kinds_life import Named
from curator.provenance.ledger import Ledger
from curator.provenance.records import Draft
from curator.provenance.state import State


def yes(_: str) -> bool:
    return True


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A ledger with three readers, a reviewer, an adjudicator and a guideline, and five samples; never written to."""
    root = tmp_path_factory.mktemp("begun")
    made = World(root / "ledger").people().guide()
    made.enroll("cyn", "rita", "reader")
    made.enroll("zoe", "rita", "adjudicator")
    made.samples = [SimpleNamespace(**World.sample(number)) for number in range(5)]
    return made


@pytest.fixture
def ready(begun: World, tmp_path: Path) -> World:
    """A copy of that ledger for one test."""
    made = copy.copy(begun)
    made.root, made.folder = tmp_path, tmp_path / "ledger"
    shutil.copytree(begun.folder, made.folder)
    made.ledger = Ledger(made.folder)
    return made


def read_as(world: World, reader: str, number: int, name: str, **more: Any) -> None:
    """Sign a reading as its author."""
    fields = {
        "labelId": f"{reader}-{number}",
        "author": reader,
        "kind": "class",
        "value": {"class": name},
        "origin": "human",
        "guideline": {"id": "chest", "version": "1.0", "sha256": GUIDE},
    }
    world.sign(world.label(number, **{**fields, **more}), by=more.get("signer", reader))


def words(world: World) -> dict[str, str]:
    story, _ = story_of(world.folder)
    known = Known.of(story)
    return {one.label_id: known.of_label(one).word for one in story.signed}


def given(world: World, reader: str, *numbers: int, labels: bool, by: str = "rita") -> None:
    digests = [world.sample(number)["sha256"] for number in numbers]
    world.sign(
        kinds_data.access(reader, "worklist", yes, samples=digests, shown=(labels, "c" * 64)),
        by=by,
    )


def leaf(world: World, name: str) -> Named:
    story, _ = story_of(world.folder)
    return Named(name, next(one.leaf for one in story.signed if one.label_id == name))


def test_the_first_label_of_a_sample_is_proven_and_the_second_one_is_not(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    assert words(ready) == {"ada-0": "proven", "ben-0": "unknown"}


def test_a_worklist_without_labels_proves_what_was_signed_behind_it(ready: World) -> None:
    given(ready, "ben", 0, 1, labels=False)
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    read_as(ready, "ada", 2, "benign")
    read_as(ready, "ben", 2, "benign")
    assert words(ready)["ben-0"] == "proven"
    # Another sample, which that worklist did not hold.
    assert words(ready)["ben-2"] == "unknown"


def test_nobody_proves_the_own_independence(ready: World) -> None:
    given(ready, "ben", 0, labels=False, by="ben")
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    assert words(ready)["ben-0"] == "unknown"


def test_a_worklist_that_was_handed_out_later_proves_nothing(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    given(ready, "ben", 0, labels=False)
    assert words(ready)["ben-0"] == "unknown"


def test_who_was_shown_labels_is_not_independent_whatever_the_label_says(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    given(ready, "ben", 0, labels=False)
    given(ready, "ben", 0, labels=True)
    read_as(ready, "ben", 0, "benign", independent=True)
    assert words(ready)["ben-0"] == "not-independent"


def test_who_reviewed_another_label_before_is_not_independent(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    ready.sign(kinds_life.reviewed([leaf(ready, "ada-0")], "accepted", None, yes), by="rita")
    read_as(ready, "rita", 0, "benign", role="reviewer", independent=True)
    assert words(ready)["rita-0"] == "not-independent"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"independent": True}, "asserted"),
        ({"independent": False}, "not-independent"),
        ({"informationShown": ["other-reads"], "independent": True}, "not-independent"),
        ({"blinded": True}, "unknown"),
    ],
)
def test_what_the_label_says_is_asserted_by_its_signer(ready: World, said: dict[str, Any], word: str) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign", **said)
    assert words(ready)["ben-0"] == word


def test_a_proposed_label_or_an_attested_one_is_never_proven(ready: World) -> None:
    read_as(ready, "ada", 0, "benign", preLabel={"shown": True, "origin": "model-x"})
    more = {"author": "ben", "meaning": "import-attestation", "role": "reviewer", "labelId": "ben-1"}
    ready.sign(ready.label(1, **{**more, "independent": True}), by="rita")
    assert words(ready) == {"ada-0": "unknown", "ben-1": "asserted"}
    story, _ = story_of(ready.folder)
    known = Known.of(story)
    assert known.of_label(story.signed[1]).by == "rita"


# -- what a consensus may name ----------------------------------------------------------------------------------------


def consensus(world: World, number: int, members: list[Named], **more: Any) -> Draft:
    fields = {
        "labelId": f"consensus-{number}",
        "author": "zoe",
        "role": "adjudicator",
        "kind": "class",
        "value": {"class": "benign"},
        "stage": "consensus",
        "truthBasis": "consensus",
        "consensus": {
            "method": "majority",
            "members": [{"labelId": one.label, "leaf": one.leaf} for one in members],
        },
    }
    return world.label(number, **{**fields, **more})


@pytest.fixture
def two(ready: World) -> tuple[World, list[Named]]:
    """Two readings of one sample, one of another."""
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    read_as(ready, "ada", 1, "benign")
    return ready, [leaf(ready, "ada-0"), leaf(ready, "ben-0")]


def refused(code: str, world: World, draft: Draft) -> None:
    before = world.appender().state.size
    with pytest.raises(UsageError) as caught:
        world.sign(draft, by="zoe")
    assert caught.value.code == code
    assert world.appender().state.size == before


def test_a_consensus_stands_beside_its_members_which_stay_as_they_are(two: tuple[World, list[Named]]) -> None:
    world, members = two
    before = [one.envelope for one in world.ledger.entries()]
    world.sign(consensus(world, 0, members), by="zoe")
    assert [one.envelope for one in world.ledger.entries()][: len(before)] == before
    story, state = story_of(world.folder)
    assert story.signed[-1].members == tuple((one.label, one.leaf) for one in members)
    # It is nobody's opinion: a second consensus does not count it.
    gathered = gather(story, state, Path(), Choice())
    assert (len(gathered.opinions), dict(gathered.left_out)) == (3, {"consensus": 1})
    assert gathered.read == len(gathered.opinions) + sum(gathered.left_out.values())


def test_a_consensus_names_only_standing_labels_of_its_own_sample(two: tuple[World, list[Named]]) -> None:
    world, members = two
    other = leaf(world, "ada-1")
    refused("LBL-045", world, consensus(world, 0, [members[0], other]))
    refused("LBL-045", world, consensus(world, 0, [members[0], members[0]]))
    refused("LBL-045", world, consensus(world, 0, [members[0], Named("ben-0", "f" * 64)]))
    refused("LBL-045", world, consensus(world, 0, [members[0], Named("nobody-9", members[1].leaf)]))
    refused("LBL-044", world, consensus(world, 0, members, truthBasis="reader-opinion"))
    refused("LBL-044", world, consensus(world, 0, members, origin="human"))
    world.sign(kinds_life.withdrawn([members[1]], "wrong series", yes), by="ben")
    refused("LBL-045", world, consensus(world, 0, members))


def test_rejected_withdrawn_and_superseded_labels_are_no_opinions(two: tuple[World, list[Named]]) -> None:
    world, members = two
    read_as(world, "cyn", 0, "malignant")
    world.sign(kinds_life.reviewed([members[0]], "rejected", "wrong side", yes), by="rita")
    world.sign(kinds_life.withdrawn([members[1]], "wrong series", yes), by="ben")
    again = {"labelId": leaf(world, "cyn-0").label, "leaf": leaf(world, "cyn-0").leaf, "reason": "second look"}
    read_as(world, "cyn", 0, "benign", labelId="cyn-later", supersedes=again)
    story, state = story_of(world.folder)
    gathered = gather(story, state, Path(), Choice())
    assert {one.signed.label_id for one in gathered.opinions} == {"ada-1", "cyn-later"}
    assert dict(gathered.left_out) == {"withdrawn": 1, "superseded": 1, "rejected": 1}


def test_answers_to_two_questions_at_one_time_are_two_questions(ready: World) -> None:
    for reader, view in (("ada", "AP"), ("ben", "lateral")):
        for at, name in enumerate((f"view: {view}", "birads: 4")):
            read_as(ready, reader, 1, name, labelId=f"{reader}-1-{at}")
    story, state = story_of(ready.folder)
    made = units_of(gather(story, state, ready.root, Choice()).opinions)
    assert [(one.question.about, len(one.opinions)) for one in made] == [("birads", 2), ("view", 2)]
    # Of a class alone nobody knows what it answers, so all stay answers to one question, for people to look at.
    read_as(ready, "ada", 2, "benign", labelId="ada-2-0")
    read_as(ready, "ada", 2, "nodule", labelId="ada-2-1")
    story, state = story_of(ready.folder)
    made = units_of(gather(story, state, ready.root, Choice()).opinions)
    assert {one.question.about for one in made} == {""}


@pytest.mark.parametrize("origin", ["model", "interpolated", "imported", None])
def test_only_people_count_unless_asked_for(ready: World, origin: str | None) -> None:
    read_as(ready, "ada", 0, "benign", origin=origin)
    story, state = story_of(ready.folder)
    assert dict(gather(story, state, Path(), Choice()).left_out) == {"origin": 1}
    wider = Choice(frozenset({"human", origin or "not-stated"}))
    assert len(gather(story, state, Path(), wider).opinions) == 1


def test_the_same_opinions_give_the_same_file_and_other_opinions_other_ids(two: tuple[World, list[Named]]) -> None:
    world, _ = two

    def file() -> list[str]:
        story, state = story_of(world.folder)
        gathered = gather(story, state, Path(), Choice())
        made = decide(units_of(gathered.opinions), Options())
        document = report(gathered, made, Options(), Known.of(story), state, {})
        counts = document["questions"]
        assert counts["total"] == sum(count for name, count in counts.items() if name != "total")
        return [line for _, _, line in lines(made, "zoe", Options(), state, lambda _: None)]

    first = file()
    assert first == file()
    assert len(first) == 1
    read_as(world, "cyn", 0, "benign")
    assert file() != first


# -- stages -----------------------------------------------------------------------------------------------------------


def stands(world: World, name: str = "two-readers", root: Path | None = None) -> tuple[Board, Story, State]:
    story, state = story_of(world.folder)
    made = board(story, state, root or world.root, world.samples, load_workflow(name, root or world.root))
    document = status_document(made, state)
    assert document["samples"] == document["done"] + sum(one["waiting"] for one in document["stages"])
    for one in document["stages"]:
        if one["progress"]:
            assert sum(one["progress"].values()) == one["waiting"]
    return made, story, state


def at(world: World, number: int = 0, name: str = "two-readers") -> str:
    return stands(world, name)[0].at[f"2.25.{number + 1}"]


def accept(world: World, *names: str, by: str = "rita") -> None:
    world.sign(kinds_life.reviewed([leaf(world, one) for one in names], "accepted", None, yes), by=by)


def test_two_readers_who_agree_need_no_adjudicator(ready: World) -> None:
    assert at(ready) == "read"
    read_as(ready, "ada", 0, "benign")
    assert at(ready) == "read"
    read_as(ready, "ben", 0, "benign")
    assert at(ready) == "review"
    accept(ready, "ada-0", "ben-0")
    assert at(ready) == "approval"
    ready.sign(kinds_life.approved([leaf(ready, "ada-0")]), by="zoe")
    assert at(ready) == "done"


def test_two_readers_who_differ_go_to_the_adjudicator(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "malignant")
    accept(ready, "ada-0", "ben-0")
    assert at(ready) == "adjudication"
    names = [leaf(ready, "ada-0"), leaf(ready, "ben-0")]
    ready.sign(kinds_life.adjudicated(names, names[1], "seen on the prior", yes), by="zoe")
    assert at(ready) == "approval"
    ready.sign(kinds_life.approved([names[1]]), by="rita")
    assert at(ready) == "done"


def test_a_rejected_or_withdrawn_label_sends_the_sample_back(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "benign")
    ready.sign(kinds_life.reviewed([leaf(ready, "ada-0")], "rejected", "wrong side", yes), by="rita")
    assert at(ready) == "read"
    read_as(ready, "cyn", 0, "benign")
    assert at(ready) == "review"
    ready.sign(kinds_life.withdrawn([leaf(ready, "cyn-0")], "wrong series", yes), by="cyn")
    assert at(ready) == "read"


def test_one_reader_twice_is_not_two_readers(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ada", 0, "benign", labelId="ada-again")
    assert at(ready) == "read"


def test_the_four_stages_follow_each_other(ready: World) -> None:
    def where() -> str:
        return at(ready, name="four-stage")

    assert where() == "label"
    read_as(ready, "ada", 0, "benign", stage="label")
    assert where() == "re-label"
    read_as(ready, "ben", 0, "malignant", stage="re-label")
    assert where() == "cross"
    accept(ready, "ada-0", "ben-0")
    assert where() == "decision"
    names = [leaf(ready, "ada-0"), leaf(ready, "ben-0")]
    ready.sign(kinds_life.adjudicated(names, names[0], "clearer", yes), by="zoe")
    assert where() == "final"
    ready.sign(kinds_life.approved([names[0]]), by="rita")
    assert where() == "done"


def test_a_label_by_somebody_without_the_stage_s_role_is_no_reading_of_it(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "zoe", 0, "benign", role="adjudicator")
    assert at(ready) == "read"
    read_as(ready, "ben", 0, "benign")
    assert at(ready) == "review"


def test_labels_of_models_are_no_readings(ready: World) -> None:
    read_as(ready, "ada", 0, "benign", origin="model")
    read_as(ready, "ben", 0, "benign", origin="model")
    assert at(ready) == "read"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("format = 1\nname = 'x'\n[[stages]]\nname = 'a'\nact = 'review'\n", "CON-031"),
        ("format = 1\nname = 'x'\n[[stages]]\nname = 'a'\nact = 'label'\nshows = 'labels'\n", "CON-031"),
        (
            ("format = 1\nname = 'x'\n[[stages]]\nname = 'a'\nact = 'label'\n[[stages]]\nname = 'a'\nact = 'label'\n"),
            "CON-031",
        ),
        ("format = 1\nname = 'x'\n[[stages]]\nname = 'a'\nact = 'dance'\n", "CON-005"),
        ("format = 1", "CON-005"),
        ("\x00", "CON-005"),
    ],
)
def test_a_workflow_that_does_not_fit_together_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "flow.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load_workflow("flow.toml", tmp_path)
    assert caught.value.code == code


def test_a_third_reader_may_be_asked_only_where_two_differ(ready: World, tmp_path: Path) -> None:
    (tmp_path / "flow.toml").write_text(
        "format = 1\nname = 'third'\n"
        "[[stages]]\nname = 'read'\nact = 'label'\nreaders = 2\n"
        "[[stages]]\nname = 'third'\nact = 'label'\nwhen = 'differs'\n"
    )
    for number, second in ((0, "benign"), (1, "malignant")):
        read_as(ready, "ada", number, "benign")
        read_as(ready, "ben", number, second)
    made = stands(ready, "flow.toml", tmp_path)[0]
    assert (made.at["2.25.1"], made.at["2.25.2"]) == ("done", "third")
    read_as(ready, "cyn", 1, "benign", stage="third")
    assert stands(ready, "flow.toml", tmp_path)[0].at["2.25.2"] == "done"


# -- worklists --------------------------------------------------------------------------------------------------------


def listed(world: World, stage: str, reader: str, **more: Any) -> Any:
    made, _, state = stands(world)
    return worklist(made, state, stage, reader, **more)


def test_a_reader_s_list_holds_no_word_of_anybody_else(ready: World) -> None:
    read_as(ready, "ada", 0, "extraordinary")
    found = listed(ready, "read", "ben")
    assert {row.sample for row in found.rows} == {f"2.25.{number}" for number in range(1, 6)}
    text = as_csv(found).decode() + str(document(found))
    for word in ("extraordinary", "ada", "1 of 2"):
        assert word not in text
    # A sample that another reader has labeled looks like any other.
    assert len({(row.part, row.question, row.label, row.opinions) for row in found.rows}) == 1


def test_who_has_labeled_a_sample_is_not_given_it_again(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    assert "2.25.1" not in {row.sample for row in listed(ready, "read", "ada").rows}


def test_only_the_stage_s_roles_get_its_list(ready: World) -> None:
    with pytest.raises(UsageError) as caught:
        listed(ready, "adjudication", "ada")
    assert caught.value.code == "CON-032"
    with pytest.raises(UsageError) as caught:
        listed(ready, "dance", "ada")
    assert caught.value.code == "CON-030"


def test_an_adjudicator_sees_what_was_said_and_not_by_whom(ready: World) -> None:
    read_as(ready, "ada", 0, "benign")
    read_as(ready, "ben", 0, "malignant")
    accept(ready, "ada-0", "ben-0")
    found = listed(ready, "adjudication", "zoe")
    assert [row.question for row in found.rows] == ["class"]
    text = as_csv(found).decode()
    assert "benign" in text
    assert "malignant" in text
    assert "ada" not in text
    assert "ben-" not in text
    assert document(found)["showsLabels"] is True


def back(world: World, stage: str, reader: str) -> Back:
    made, _, state = stands(world)
    samples = {one.uid: one.path for one in world.samples}
    return Back(state.dataset, made.workflow.stage(stage), reader, samples, None, world.clock.now(), yes)


def filled(data: bytes, answers: dict[str, str], when: str = "2026-05-01T08:00:00Z") -> list[dict[str, str]]:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(data.decode())))
    for row in rows:
        if row["sample"] in answers:
            row |= {"kind": "class", "value": answers[row["sample"]], "labeledAt": when}
    return rows


def as_bytes(rows: list[dict[str, str]]) -> bytes:
    import csv
    import io

    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def codes_of(world: World, rows: list[dict[str, str]], stage: str = "read", reader: str = "ben") -> list[str]:
    made = bring_back(as_bytes(rows), back(world, stage, reader), lambda _: True)
    assert made.rows == made.filled + made.left_open + len(made.issues)
    return [error.code for _, error in made.issues]


@pytest.fixture
def rows(ready: World) -> list[dict[str, str]]:
    """A list of ben's with two of five rows filled in."""
    return filled(as_csv(listed(ready, "read", "ben")), {"2.25.1": "benign", "2.25.2": "malignant"})


def test_a_filled_list_becomes_a_label_file(ready: World, rows: list[dict[str, str]]) -> None:
    import json

    made = bring_back(as_bytes(rows), back(ready, "read", "ben"), lambda _: True)
    assert (made.rows, made.filled, made.left_open, made.issues) == (5, 2, 3, [])
    told = {one["sample"]: one for one in map(json.loads, made.lines)}
    assert told["2.25.1"]["value"] == {"class": "benign"}
    assert {one["author"] for one in told.values()} == {"ben"}
    assert {one["origin"] for one in told.values()} == {"human"}
    assert {one["stage"] for one in told.values()} == {"read"}


def test_another_answer_to_the_same_row_meets_the_first_one_s_id(ready: World, rows: list[dict[str, str]]) -> None:
    import json

    first = next(row for row in rows if row["value"])
    made = [
        json.loads(bring_back(as_bytes([{**first, "value": value}]), back(ready, "read", "ben"), yes).lines[0])
        for value in ("benign", "malignant")
    ]
    assert made[0]["labelId"] == made[1]["labelId"]


def test_rows_that_do_not_belong_here_are_refused_with_a_code(ready: World, rows: list[dict[str, str]]) -> None:
    first = next(row for row in rows if row["value"])
    other = next(row for row in rows if row["value"] and row is not first)
    assert codes_of(ready, [*rows, dict(first)]) == ["CON-021"]
    assert codes_of(ready, [*rows, {**first, "value": "malignant"}]) == ["CON-021"]
    assert codes_of(ready, [{**first, "sample": "2.25.99"}]) == ["CON-020"]
    assert codes_of(ready, [{**first, "sample": other["sample"], "path": other["path"]}]) == ["CON-022"]
    assert codes_of(ready, [{**first, "path": other["path"]}]) == ["CON-022"]
    assert codes_of(ready, rows, reader="ada") == ["CON-022"] * 5
    assert codes_of(ready, [{**first, "reader": "ada"}], reader="ada") == ["CON-022"]
    assert codes_of(ready, [{**first, "stage": "adjudication"}], stage="adjudication", reader="zoe") == ["CON-022"]
    assert codes_of(ready, [{**first, "labeledAt": ""}]) == ["CON-023"]
    assert codes_of(ready, [{**first, "kind": ""}]) == ["CON-023"]
    assert codes_of(ready, [{**first, "labeledAt": "2099-01-01T00:00:00Z"}]) == ["CON-024"]
    assert codes_of(ready, [{**first, "extra": "x"}]) == ["CON-023"]
    assert codes_of(ready, rows) == []


def test_what_may_be_an_identifier_does_not_come_back(ready: World, rows: list[dict[str, str]]) -> None:
    first = next(row for row in rows if row["value"])
    name = "Quillfeather"
    how = back(ready, "read", "ben")
    strict = Back(how.dataset, how.stage, how.reader, how.samples, None, how.now, lambda text: name not in text)
    made = bring_back(as_bytes([{**first, "value": f"seen by {name}"}]), strict, lambda _: True)
    assert [error.code for _, error in made.issues] == ["CON-024"]
    assert name not in str(made.issues) + "".join(error.sentence for _, error in made.issues)
    assert made.lines == []


def test_several_boxes_of_a_sample_come_back_in_several_rows(ready: World, rows: list[dict[str, str]]) -> None:
    first = {**rows[0], "kind": "box", "value": "", "labeledAt": "2026-05-01T08:00:00Z"}
    boxes = [
        {**first, "valueJson": '{"class": "nodule", "box": [1, 2.5, 3, 4]}'},
        {**first, "valueJson": '{"class": "nodule", "box": [9, 2, 3, 4]}'},
    ]
    assert codes_of(ready, boxes) == []
    assert codes_of(ready, [*boxes, boxes[0]]) == ["CON-021"]


# -- who is qualified -------------------------------------------------------------------------------------------------


def test_a_verdict_is_on_record_and_nobody_signs_the_own(ready: World) -> None:
    def draft(person: str = "ada", counts: tuple[int, int] = (100, 93)) -> Draft:
        return kinds_people.qualified(person, "chest@1", "failed", counts, ("file", "a" * 64), "b" * 64, yes)

    ready.sign(draft(), by="rita")
    state = ready.appender().state
    assert state.facts.qualified["ada", "chest"][0] == "failed"
    for code, made, by in (("KEY-030", draft("rita"), "rita"), ("CON-048", draft(counts=(3, 4)), "rita")):
        with pytest.raises(UsageError) as caught:
            ready.sign(made, by=by)
        assert caught.value.code == code
    with pytest.raises(UsageError) as caught:
        ready.sign(draft(), by="ben")
    assert caught.value.code == "KEY-011"
    assert ready.appender().state.size == state.size


def test_an_id_is_a_digest_in_letters(two: tuple[World, list[Named]]) -> None:
    from curator.labels.model import IMPORTED_ID

    world, _ = two
    story, state = story_of(world.folder)
    (made, *_) = decide(units_of(gather(story, state, Path(), Choice()).opinions), Options())
    assert IMPORTED_ID.fullmatch(consensus_id(made, 0, made.found[0], "a" * 64))
