"""Class names are brought to the ontology or refused; contradictions of one author are found, whoever came first."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from curator.core.errors import ItemError, UsageError
from curator.labels.item import Item, Named
from curator.labels.ontology import Exclusions, load_ontology, parse_ontology

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "ontology.md"
SHOWN = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1]
CHEST = parse_ontology(SHOWN.encode())
SECRET = "Doe^Jane"


def item(kind, value, **more):
    return Item("row 1", "x-1", Named("file", more.pop("file", "a.png")), kind, value, **{"author": "r1", **more})


def code_of(call, *args):
    with pytest.raises(ItemError) as caught:
        call(*args)
    assert SECRET not in str(caught.value) + repr(caught.value.facts)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("pneumothorax", "pneumothorax"),
        ("PNEUMOTHORAX", "pneumothorax"),
        ("PNX", "pneumothorax"),
        ("pnx", "pneumothorax"),
        ("Pneumothorax (ANY)", "pneumothorax"),
        ("effusion", "pleural effusion"),
        ("PE", None),
        ("pe", None),
        ("pneumo", None),
        (" pneumothorax", None),
        (SECRET, None),
    ],
)
def test_the_table_of_the_page_holds(name, found):
    if found is None:
        assert code_of(CHEST.class_of, name) == "IMP-052"
    else:
        assert CHEST.class_of(name).name == found


def test_a_name_as_it_is_goes_before_case_and_synonyms():
    raw = {
        "format": 1,
        "name": "x",
        "version": "1",
        "classes": [{"name": "PE"}, {"name": "pe"}, {"name": "other", "synonyms": ["PE", "Pe", "É"]}],
    }
    ontology = parse_ontology(json.dumps(raw).encode(), json=True)
    assert ontology.class_of("PE").name == "PE"
    assert ontology.class_of("pe").name == "pe"
    assert code_of(ontology.class_of, "Pe") == "IMP-052"
    assert ontology.class_of("e\u0301").name == "other"


def test_every_kind_is_mapped_and_the_files_name_is_kept():
    mapped = CHEST.mapped(item("box", {"class": "PNX", "box": [Decimal(1)] * 4}, kept={"k": 1}))
    assert mapped.value == {"class": "pneumothorax", "box": [Decimal(1)] * 4}
    assert mapped.kept == {"k": 1, "namesInFile": [["PNX", "pneumothorax"]]}
    mapped = CHEST.mapped(item("classes", {"classes": ["normal", "PNX", "pnx"]}))
    assert mapped.value == {"classes": ["no finding", "pneumothorax"]}
    assert CHEST.mapped(item("span", {"type": "Effusion", "start": 0, "end": 1})).value["type"] == "pleural effusion"
    assert CHEST.mapped(item("transcript", {"text": SECRET})).value == {"text": SECRET}
    box = {"class": "pnx", "box": [1, 2, 3, 4]}
    track = {"track": "t1", "frames": [{"frame": 1, "kind": "box", "value": box, "interpolated": False}]}
    assert CHEST.mapped(item("track", track)).value["frames"][0]["value"]["class"] == "pneumothorax"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("span", {"type": "PNX", "start": 0, "end": 1}),
        ("box", {"class": "normal"}),
        ("class", {"class": SECRET}),
        ("classes", {"classes": ["PNX", SECRET]}),
        ("relation", {"type": SECRET, "from": "a", "to": "b"}),
        ("measurement", {"what": SECRET, "amount": Decimal(1), "unit": "mm"}),
        ("code", {"system": "SCT", "code": "1"}),
        ("code", {"system": "UMLS", "code": "36118008"}),
        ("grade", {"scale": "congestion", "grade": 3}),
        ("grade", {"scale": "congestion", "grade": Decimal("0.5")}),
        ("grade", {"scale": SECRET, "grade": 0}),
    ],
)
def test_what_the_ontology_does_not_have_is_refused(kind, value):
    assert code_of(CHEST.mapped, item(kind, value)) == "IMP-052"


def test_codes_and_grades_that_stand_there_pass():
    code = {"system": "SCT", "code": "60046008"}
    assert CHEST.mapped(item("code", code)).value == code
    assert CHEST.mapped(item("grade", {"scale": "congestion", "grade": Decimal("2.0")})).value["grade"] == 2


def checked(*items):
    exclusions = Exclusions(CHEST)
    items = [CHEST.mapped(one) for one in items]
    for one in items:
        exclusions.see(one)
    verdicts = []
    for one in items:
        try:
            exclusions.check(one)
            verdicts.append("in")
        except ItemError as error:
            verdicts.append(error.code)
    return verdicts


def test_all_labels_of_a_contradiction_are_refused():
    normal, pnx = item("class", {"class": "normal"}), item("class", {"class": "PNX"})
    assert checked(normal, pnx) == ["IMP-053", "IMP-053"]
    assert checked(item("classes", {"classes": ["normal", "PNX"]})) == ["IMP-053"]
    assert checked(normal, normal) == ["in", "in"]
    effusion = item("class", {"class": "effusion"})
    assert checked(pnx, effusion) == ["in", "in"]
    assert checked(normal, effusion, pnx) == ["IMP-053"] * 3


def test_other_samples_authors_frames_stages_and_origins_do_not_contradict():
    normal = {"class": "normal"}
    others = [
        {"file": "b.png"},
        {"author": "r2"},
        {"part": {"frames": [2]}},
        {"stage": "adjudication"},
        {"origin": "model"},
    ]
    for other in others:
        assert checked(item("class", normal, **other), item("class", {"class": "PNX"})) == ["in", "in"]


def test_places_in_a_sample_exclude_by_place():
    text = SHOWN + '\n[[exclusive]]\nname = "either"\nclasses = ["pleural effusion", "pulmonary embolism"]\n'
    ontology = parse_ontology(text.encode())
    spans = [item("span", {"type": "pleural effusion", "start": 0, "end": 4})]
    spans += [item("span", {"type": "pulmonary embolism", "start": start, "end": 4 + start}) for start in (0, 5)]
    exclusions = Exclusions(ontology)
    for one in spans:
        exclusions.see(one)
    exclusions.check(spans[2])
    assert [code_of(exclusions.check, one) for one in spans[:2]] == ["IMP-053"] * 2


def test_toml_and_json_that_say_the_same_have_one_digest(tmp_path):
    (tmp_path / "a.toml").write_text(SHOWN)
    (tmp_path / "a.json").write_text(json.dumps(tomllib.loads(SHOWN), indent=3))
    both = [load_ontology(tmp_path / name) for name in ("a.toml", "a.json")]
    assert both[0].sha256 == both[1].sha256
    assert both[0].scales == {"congestion": (0, 1, 2)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"classes": []}, "IMP-054"),
        ({"classes": [{"name": "a"}, {"name": "a"}]}, "IMP-054"),
        ({"classes": [{"name": SECRET, SECRET: 1}]}, "IMP-054"),
        ({"classes": [{"name": "a", "kinds": ["picture"]}]}, "IMP-054"),
        ({"classes": [{"name": " "}]}, "IMP-054"),
        ({"exclusive": [{"name": "g", "classes": ["a", SECRET]}]}, "IMP-054"),
        ({"exclusive": [{"name": "g", "classes": ["a"]}]}, "IMP-054"),
        ({"scales": [{"name": "s", "grades": [{"grade": 2}, {"grade": 1}]}]}, "IMP-054"),
        ({"scales": [{"name": "s", "grades": [{"grade": 1}, {"grade": 1}]}]}, "IMP-054"),
        ({"format": 2}, "SYS-007"),
        ({SECRET: 1}, "IMP-054"),
    ],
)
def test_an_ontology_that_cannot_be_used(change, code):
    raw = {"format": 1, "name": "x", "version": "1", "classes": [{"name": "a"}, {"name": "b"}]} | change
    with pytest.raises(UsageError) as caught:
        parse_ontology(json.dumps(raw).encode(), json=True)
    assert caught.value.code == code
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("data", [b"\xff", b"[", b"a = 1\na = 2", b"x", b""])
def test_bytes_that_are_no_ontology(tmp_path, data):
    for name in ("a.toml", "a.json"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UsageError, match="IMP-054"):
            load_ontology(tmp_path / name)
    with pytest.raises(UsageError, match="IMP-054"):
        load_ontology(tmp_path / "none.toml")
