"""Signed labels out to other tools and back, filled in, and what to label next, on a scrubbed project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import import_site
import pydicom
import pytest
from import_site import MAIL, Site, begin

from curator.core.schema import violation

MORE = (4, 5, 6)
ALL = 128 * 128


def stacked(folder: Path, number: int, *, held: bool = False) -> None:
    """Write a slice of a stack; with the first one, more of it."""
    for one in (number, *(MORE if number == 1 else ())):
        ORIGINAL(folder, one, held=held)
        path = folder / f"img{one}.dcm"
        made = pydicom.dcmread(path)
        made.ImagePositionPatient = [0, 0, 5 * one]
        made.save_as(path)


ORIGINAL = import_site.image


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with five slices of one series, and labels that ada signed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_site, "image", stacked)
        site = begin(tmp_path_factory.mktemp("site"))
    by_height = sorted(
        site.project.glob("clean/**/*.dcm"), key=lambda one: float(pydicom.dcmread(one).ImagePositionPatient[2])
    )
    paths = [one.relative_to(site.project).as_posix() for one in by_height]
    assert len(paths) == 5
    (site.folder / "paths.json").write_text(json.dumps(paths))
    block = {"class": "nodule", "size": [128, 128], "runs": [1000, 20, 108, 20, ALL - 1148]}
    labels = [
        line("m1", paths[0], "mask", block),
        line("m2", paths[2], "mask", block),
        line("b1", paths[0], "box", {"class": "cyst", "box": [10, 10, 4, 4]}),
        line("b2", paths[3], "box", {"class": "cyst", "box": [16, 10, 4, 7]}),
        line("c1", paths[0], "class", {"class": "clear"}, stage="review"),
        line("w1", paths[0], "class", {"class": "wrong"}),
        line("g1", paths[0], "box", {"class": "guess", "box": [1, 1, 2, 2]}, origin="model"),
    ]
    (site.folder / "round.jsonl").write_text("".join(json.dumps(one) + "\n" for one in labels))
    done = site("sign", "round.jsonl", "--as", "ada", "--confirm", 7, "--json", key=True)
    assert done.code == 0, done.out + done.err
    words = ("label", "withdraw", "w1", "--by", "ada", "--reason", "a slip of the hand", "--confirm", 1)
    assert site(*words, key=True).code == 0
    return site


def line(name: str, sample: str, kind: str, value: Any, **more: Any) -> dict[str, Any]:
    made = {"labelId": name, "sample": sample, "kind": kind, "value": value, "author": "ada", "guideline": "chest@1.0"}
    return {**made, "labeledAt": "2026-03-04T10:11:12Z", "tool": "by hand@1", **more}


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site", symlinks=True)
    return Site(tmp_path / "site")


def paths_of(site: Site) -> list[str]:
    found: list[str] = json.loads((site.folder / "paths.json").read_text())
    return found


def adds_up(report: dict[str, Any]) -> dict[str, int]:
    assert violation("labels-export-report", report) is None
    assert report["signed"] == report["asked"] + sum(report["leftOut"].values())
    assert report["asked"] == report["written"] + report["refused"]
    assert report["refused"] == sum(one["count"] for one in report["reasons"])
    return {one["code"]: one["count"] for one in report["reasons"]}


def export(site: Site, out: str, form: str, *words: object) -> Any:
    done = site("labels", "export", out, "--format", form, *words, "--json")
    assert done.code in (0, 5), done.err
    return done.json


def clean_of(folder: Path) -> None:
    for path in folder.rglob("*"):
        told = str(path.relative_to(folder)).lower()
        told += path.read_bytes().decode("latin-1").lower() if path.is_file() else ""
        assert not [one for one in import_site.SPELLINGS if not one.startswith("1.2.826") and one in told]


def test_every_form_counts_what_it_writes_and_says_no_name(site: Site) -> None:
    wanted = {"coco": (6, {}), "label-studio": (6, {}), "csv": (6, {}), "nifti": (2, {"EXP-003": 4})}
    wanted["dicom-seg"], wanted["dicom-sr"] = (2, {"EXP-003": 4}), (0, {"EXP-003": 6})
    for form, (written, refused) in wanted.items():
        report = export(site, f"out-{form}", form)
        assert (report["written"], adds_up(report)) == (written, refused), form
        assert report["leftOut"] == {"withdrawn": 1}
        folder = site.folder / f"out-{form}"
        assert folder.is_dir() == bool(written)
        if written:
            clean_of(folder)
            there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
            assert {one["name"] for one in report["files"]} | {"export.json"} == there
            assert json.loads((folder / "export.json").read_text()) == report
            assert "m1" in (folder / "records.csv").read_text()


def test_options_choose_and_the_bytes_are_the_same_again(site: Site) -> None:
    one = export(site, "one", "coco", "--stage", "read", "--kind", "box", "--reader", "ada", "--guideline", "chest")
    two = export(site, "two", "coco", "--stage", "read", "--kind", "box", "--reader", "ada", "--guideline", "chest@1.0")
    assert (one["written"], one["leftOut"]) == (3, {"kind": 3, "stage": 1})
    assert one == two
    assert export(site, "three", "csv", "--ended", "--dry-run")["written"] == 7
    assert not (site.folder / "three").exists()
    for words, code in (
        (("one", "--format", "coco"), "EXP-001"),
        (("new", "--format", "coco", "--reader", "ben"), "EXP-002"),
        (("trial/clean/new", "--format", "coco"), "EXP-007"),
        (("trial.vault/new", "--format", "coco"), "EXP-007"),
        (("new", "--format", "coco", "--guideline", "Chest X"), "EXP-016"),
    ):
        done = site("labels", "export", *words)
        assert (done.code, code in done.err) == (2, True), done.err
    assert not (site.folder / "new").exists()


ASK = ("--confidence", "none", "--labeled-at", "2026-04-01T00:00:00Z")


def test_labels_come_back_as_what_they_were_and_what_became_of_them(site: Site) -> None:
    export(site, "out", "coco", "--kind", "box")
    path = site.folder / "out/annotations.json"
    made = json.loads(path.read_text())
    by_class = {one["id"]: one["name"] for one in made["categories"]}
    for one in made["annotations"]:
        if by_class[one["category_id"]] == "cyst" and one["bbox"][0] == 16:
            one["bbox"] = [17, 10, 4, 7]
    path.write_text(json.dumps(made))
    back = site.imported("out/annotations.json", *ASK, "--author", "ben", "--out", "ben.jsonl")
    assert back.code == 0, back.out + back.err
    assert violation("labels-import-report", back.json) is None
    assert back.json["returned"] == {"changed": 1, "unchanged": 2}
    lines = site.lines("labels/ben.jsonl")
    assert sorted((one["preLabel"]["shown"], one["preLabel"]["changed"]) for one in lines) == [(True, False)] * 2 + [
        (True, True)
    ]
    assert not [one for one in lines if "supersedes" in one]
    own = site.imported("out/annotations.json", *ASK, "--author", "ada", "--out", "ada.jsonl")
    assert own.code == 5
    assert {one["code"]: one["count"] for one in own.json["reasons"]} == {"EXP-013": 2}
    (changed,) = site.lines("labels/ada.jsonl")
    assert changed["supersedes"] == "b2"
    signed = site("sign", "trial/labels/ada.jsonl", "--as", "ada", "--confirm", 1, "--json", key=True)
    assert signed.code == 0, signed.out + signed.err
    assert export(site, "after", "coco")["leftOut"] == {"superseded": 1, "withdrawn": 1}
    site.search()


def test_a_mark_of_another_project_or_another_sample_is_refused(site: Site) -> None:
    export(site, "out", "coco", "--kind", "box")
    path = site.folder / "out/annotations.json"
    made = json.loads(path.read_text())
    one, two, *_ = made["annotations"]
    one["curator"]["leaf"] = "0" * 64
    two["image_id"] = (
        made["images"][-1]["id"] if two["image_id"] != made["images"][-1]["id"] else made["images"][0]["id"]
    )
    made["annotations"] = [one, two]
    path.write_text(json.dumps(made))
    back = site.imported("out/annotations.json", *ASK, "--author", "ben")
    assert {reason["code"]: reason["count"] for reason in back.json["reasons"]} == {"EXP-011": 1, "EXP-012": 1}


@pytest.mark.parametrize("form", ["label-studio", "dicom-seg", "nifti", "csv"])
def test_what_comes_back_unchanged_is_signed_already(site: Site, form: str) -> None:
    report = export(site, "out", form, "--kind", "mask")
    assert report["written"] == 2
    if form == "csv":
        again = site("sign", "out/labels.csv", "--as", "ada", "--dry-run", "--json", key=True)
        assert again.json["already"] == 2
        return
    (name,) = [one["name"] for one in report["files"] if one["name"].endswith((".dcm", "tasks.json", ".nii.gz"))]
    # A form without a place for people and times: the one who hands it in says whose it is.
    more = ("--author", "ada", "--labeled-at", "2026-03-05T10:11:12Z") if form == "nifti" else ()
    back = site.imported(f"out/{name}", "--confidence", "none", *more)
    assert {one["code"]: one["count"] for one in back.json["reasons"]} == {"EXP-013": 2}


def test_what_is_filled_in_can_be_signed_and_counts_as_nobodys(site: Site) -> None:
    paths = paths_of(site)
    done = site("labels", "interpolate", "--json")
    assert done.code == 5, done.err
    report = done.json
    assert violation("labels-interpolate-report", report) is None
    assert (report["signed"], report["asked"], report["ends"], report["made"]) == (7, 6, 4, 3)
    assert {one["code"]: one["count"] for one in report["reasons"]} == {"INT-001": 1, "INT-003": 1}
    lines = site.lines("labels/interpolated.jsonl")
    assert sorted((one["kind"], one["sample"]) for one in lines) == sorted(
        [("mask", paths[1]), ("box", paths[1]), ("box", paths[2])]
    )
    assert {one["origin"] for one in lines} == {"interpolated"}
    boxes = [one["value"]["box"] for one in lines if one["kind"] == "box"]
    assert sorted(boxes) == [[11.5, 10, 4, 4.75], [14.5, 10, 4, 6.25]]  # at a quarter and three quarters of the way
    again = site("labels", "interpolate", "--json")
    assert again.json["sha256"] == report["sha256"]
    signed = site("sign", "trial/labels/interpolated.jsonl", "--as", "ada", "--confirm", 3, "--json", key=True)
    assert signed.code == 0, signed.out + signed.err
    assert site("labels", "interpolate", "--json", "--dry-run").json["leftOut"] == {"interpolated": 3, "withdrawn": 1}
    # Slices with filled-in labels alone are still to be labeled.
    table = site.folder / "p.csv"
    table.write_text("sample,a,b\n" + "".join(f"{one},0.5,0.5\n" for one in paths))
    found = site("labels", "next", "p.csv", "--json").json
    assert sorted(one["sample"] for one in found["worklist"]) == sorted([paths[1], paths[4]])
    assert found["labeled"] == 3
    assert site("ledger", "verify", "trial/ledger", project=False).code == 0
    site.search()


def test_named_labels_alone_are_filled_in(site: Site) -> None:
    done = site("labels", "interpolate", "--label", "b1", "--label", "b2", "--out", "boxes.jsonl")
    assert done.code == 0, done.err
    assert "2 labels filled in between 2 signed ones" in done.out
    done = site("labels", "interpolate", "--label", "b1", "--label", "m2", "--dry-run", "--json")
    assert {one["code"] for one in done.json["reasons"]} == {"INT-006"}
    assert site("labels", "interpolate", "--reader", "ben").code == 2
    done = site("labels", "interpolate", "--kind", "mask", "--out", "boxes.jsonl")
    assert (done.code, "INT-014" in done.err) == (2, True)


def test_a_worklist_names_clean_samples_alone(site: Site) -> None:
    paths = paths_of(site)
    (site.folder / "p.csv").write_text(f"sample,a,b\n{paths[4]},0.9,0.1\n{MAIL},0.5,0.5\n")
    done = site("labels", "next", "p.csv")
    assert (done.code, "NXT-003" in done.err) == (3, True)
    done = site("labels", "next", "p.csv", "--skip-unknown", "--out", "work.csv")
    assert done.code == 0, done.err
    assert (site.folder / "work.csv").read_text().splitlines()[1].split(",")[1] == paths[4]
    assert site("labels", "next", "p.csv", "--skip-unknown", "--out", "work.csv").code == 2
    assert site("labels", "next", "p.csv", "--random", "0").code == 2
