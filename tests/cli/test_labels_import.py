"""``curator labels import`` on a scrubbed project: every label in or counted, nothing of the export's names out."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pydicom
import pytest
from import_site import CHART, FOLDER, LETTER, MAIL, MRN, NAME, NOTE, TALK, TOLD, TWICE, Site, begin, one, shape
from import_site import UID as UIDS

from curator.core.clock import SystemClock
from curator.core.errors import codes
from curator.core.schema import violation
from curator.labels import exports
from curator.labels.fitting import read_facts
from curator.labels.item import Item, Lack, Named, Refused, Review
from curator.labels.readers.table import reader
from curator.project.vault import Vault

ORIGINAL = ("--keys", "original", "--annotator-map", "people.csv")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return begin(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site", symlinks=True)
    return Site(tmp_path / "site")


def opened(site: Site) -> Vault:
    return Vault.open(site.folder / "trial.vault", b"the vault's passphrase", purpose="crosswalk", clock=SystemClock())


def refusals(report: Any) -> dict[str, int]:
    assert violation("labels-import-report", report) is None
    assert report["read"] == report["in"] + report["refused"]
    for export in report["exports"]:
        assert export["read"] == export["in"] + export["refused"] == export["in"] + sum(export["reasons"].values())
    found: dict[str, int] = {}
    for reason in report["reasons"]:
        found[reason["code"]] = found.get(reason["code"], 0) + reason["count"]
    return found


def test_labels_by_original_names_come_in_and_can_be_signed(site: Site) -> None:
    note = {"class": "clear"}
    site.export(
        one(1),
        one(2, "box", {"class": "nodule", "box": [1, 2, 3.25, 4]}, tool="Label Studio@1.8.2"),
        one(3, "span", {"type": "finding", "start": 0, "end": 10}, sample="note.txt", author="user-7"),
        one(4, "class", note, sample=f"{FOLDER}/img2.dcm", labeledAt="2026-03-04T10:11:12.5+01:00"),
        one(5, "code", {"system": "SCT", "code": "39607008", "meaning": "Lung"}),
    )
    done = site.imported("export.jsonl", *ORIGINAL, "--out", "round1.jsonl")
    assert done.code == 0, done.err
    assert refusals(done.json) == {}
    assert done.json["in"] == 5
    made = site.lines("labels/round1.jsonl")
    assert [line["author"] for line in made] == ["ada", "ada", "ben", "ada", "ada"]
    assert all(shape(line["labelId"]) for line in made)
    assert made[1]["value"] == {"box": [1, 2, 3.25, 4], "class": "nodule"}
    assert '"box":[1,2,3.25,4]' in (site.project / "labels/round1.jsonl").read_text()
    assert made[1]["tool"] == "Label Studio@1.8.2"
    assert made[2]["sample"].endswith(".txt")
    assert made[0]["sample"] != made[3]["sample"]
    site.search()
    line = ("sign", "trial/labels/round1.jsonl", "--as", "rita", "--attest", "--confirm", 5, "--json")
    signed = site(*line, key=True)
    assert signed.code == 0, signed.out + signed.err
    assert signed.json["attested"] == 5
    assert site("ledger", "verify", "trial/ledger", project=False).code == 0


def test_whose_work_labels_are_is_told_or_given(site: Site) -> None:
    path = site.export(one(1), one(2, origin="model"), one(3, origin="human"))
    words = ("labels", "import", path, *ORIGINAL, "--also", "model", "--guideline", "chest@1.0", "--dry-run")
    done = site(*words, vault=True)
    assert done.code == 0
    assert "1 labels do not say whose work they are" in done.out
    told = site.imported(path, *ORIGINAL, "--also", "model", "--origin", "human", "--out", "told.jsonl")
    assert told.json["origins"] == {"human": 2, "model": 1}
    assert told.json["supplied"]["origin"] == 1
    assert [line["origin"] for line in site.lines("labels/told.jsonl")] == ["human", "model", "human"]
    assert violation("labels-import-report", told.json) is None


def test_an_export_in_the_corner_of_large_images_is_not_taken_for_pixels_unasked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curator.labels.corner.LEAST_SIDE", 128)
    path = site.export(*(one(at, "box", {"class": "nodule", "box": [at, 9, 60, 60]}) for at in range(10)))
    done = site.imported(path, *ORIGINAL)
    assert done.code == 2
    assert "IMP-079" in done.err
    assert not list((site.project / "labels").glob("*.jsonl"))
    assert site.imported(path, *ORIGINAL, "--in-pixels").json["in"] == 10
    path = site.export(one(1, "box", {"class": "nodule", "box": [0, 0, 1, 1]}), name="fractions.jsonl")
    assert refusals(site.imported(path, *ORIGINAL).json) == {"IMP-078": 1}


def test_a_label_file_from_elsewhere_is_compared_with_its_samples_before_it_is_signed(site: Site) -> None:
    clean = next(path.relative_to(site.project).as_posix() for path in site.project.glob("clean/**/*.dcm"))
    more = {"sample": clean, "author": "ada", "guideline": "chest@1.0"}
    bow = {"class": "nodule", "rings": [[10, 10, 50, 50, 50, 10, 10, 50]]}
    path = site.export(
        one(1, "box", {"class": "nodule", "box": [120, 9, 60, 60]}, **more), one(2, "polygon", bow, **more)
    )
    done = site("sign", path, "--as", "ada", "--dry-run", "--json")
    assert done.code == 2
    assert "IMP-021" in done.out + done.err
    assert "IMP-025" in done.out + done.err
    right = one(1, "box", {"class": "nodule", "box": [20, 9, 60, 60]}, **more)
    done = site("sign", site.export(right, one(2, "box", {"corner": 3}, **more)), "--as", "ada", "--dry-run", "--json")
    assert done.code == 2
    assert "LBL-047" in done.out + done.err
    path = site.export(right, one(2, "finding", {"corner": 3}, **more))
    done = site("sign", path, "--as", "ada", "--dry-run", "--json")
    assert (done.json["own"], done.json["ownForm"], done.json["notCompared"]) == (2, 1, 0)
    assert "1 have a kind of their own" in done.err


def test_what_cannot_come_in_is_counted_by_its_reason(site: Site) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        ("IMP-055", one(1, sample="1.2.3.4.5.6.7")),
        ("IMP-055", one(2, sample="Other_Folder/img1.dcm")),
        ("IMP-057", one(3, sample=UIDS.format(number=3))),
        ("IMP-058", one(4, author="stranger@northclinic.example")),
        ("IMP-059", {name: value for name, value in one(30).items() if name != "author"}),
        ("IMP-060", {name: value for name, value in one(31).items() if name != "labeledAt"}),
        ("IMP-060", one(7, labeledAt="2026-03-04T10:11:12")),
        ("IMP-062", {name: value for name, value in one(32).items() if not name.startswith("conf")}),
        ("IMP-021", one(9, "box", {"class": "a", "box": [120, 2, 9, 4]})),
        ("IMP-021", one(10, "span", {"type": "a", "start": 3, "end": len(NOTE) + 1}, sample="note.txt")),
        ("IMP-024", one(11, "mask", {"class": "a", "size": [128, 128], "runs": [5, 5]})),
        ("IMP-021", one(21, "span", {"type": "a", "start": 3, "end": len(LETTER) + 1}, sample="letter.txt")),
        ("IMP-064", one(12, "mask", {"class": "a", "size": [4, 4], "runs": [12, 4]})),
        ("IMP-065", one(13, location={"frames": [2]})),
        ("IMP-066", one(14, "box", {"class": "a", "box": [0, 0, 1, 1]}, sample="note.txt")),
        ("IMP-067", one(15, FrameOfReferenceUID="1.2.3.4.5")),
        ("IMP-061", one(16, "box", {"class": "a", "box": [0, 0, 1, 1], "note": "a"})),
        ("LBL-017", one(17, value={"class": f"{NAME} secretclass"})),
        ("LBL-017", one(18, value={"class": f"seen by {MAIL}"})),
        ("LBL-009", one(19, labeledAt="2999-03-04T10:11:12Z")),
        ("IMP-020", one(20, "point", {"class": "a", "point": ["1", 2]})),
        # Of two labels with one id nobody knows which is right.
        ("IMP-027", one(99)),
        ("IMP-027", one(99, value={"class": "other"})),
    ]
    site.export(one(98), *(label for _, label in cases))
    done = site.imported("export.jsonl", *ORIGINAL)
    assert done.code == 5
    expected: dict[str, int] = {}
    for code, _ in cases:
        expected[code] = expected.get(code, 0) + 1
    assert refusals(done.json) == expected
    assert done.json["in"] == 1
    assert [(issue["place"], issue["code"]) for issue in done.json["issues"]] == [
        (f"line {number}", code) for number, (code, _) in enumerate(cases, 2)
    ]
    assert all(reason["sentence"] and "{" not in reason["hint"] for reason in done.json["reasons"])
    site.search()
    printed = site("labels", "import", "export.jsonl", *ORIGINAL, "--guideline", "chest@1.0", "--dry-run", vault=True)
    assert f"{1 + len(cases)} labels = 1 in + {len(cases)} refused" in printed.out
    assert all(code in printed.out for code in expected)


def test_labels_at_times_of_a_recording_need_its_rate(site: Site) -> None:
    about = {"name": f"{FOLDER}/img1.dcm", "width": 128, "height": 128, "duration": 1000000}
    who = {"createdBy": {"email": MAIL}, "createdAt": "2026-03-04T10:11:12Z"}
    moment = {"timestamp": 0, "points": {"x1": 1, "y1": 2, "x2": 5, "y2": 6}, "attributes": []}
    part = {"start": 0, "end": 900000, "timestamps": [moment, {**moment, "timestamp": 900000}]}
    meta = {"type": "bbox", "className": "valve", **who}
    late = {**part, "end": 9000000, "timestamps": [{**moment, "timestamp": 9000000}]}
    event = {"meta": {**meta, "type": "event", "className": "cough"}, "parameters": [{"start": 0, "end": 5}]}
    whole = {"metadata": about, "instances": [{"meta": meta, "parameters": [part, late]}, event], "tags": []}
    (site.folder / "video.json").write_text(json.dumps(whole))
    more = (*ORIGINAL, "--confidence", "none")
    done = site.imported("video.json", *more, "--dry-run")
    assert refusals(done.json) == {"IMP-075": 3}
    done = site.imported("video.json", *more, "--frame-rate", "30", "--dry-run")
    assert refusals(done.json) == {"IMP-076": 3}  # a second at 30 a second, and the sample has one frame
    done = site.imported("video.json", *more, "--frame-rate", "1", "--out", "video.jsonl")
    assert refusals(done.json) == {"IMP-076": 1}
    track, cough = site.lines("labels/video.jsonl")
    assert (track["kind"], [one["frame"] for one in track["value"]["frames"]]) == ("track", [1])
    assert (cough["kind"], cough["location"]) == ("class", {"frames": [1]})
    signed = site("sign", "trial/labels/video.jsonl", "--as", "rita", "--attest", "--confirm", 2, "--json", key=True)
    assert signed.code == 0, signed.out + signed.err
    site.search()


def test_offsets_that_may_count_two_ways_are_taken_only_where_both_are_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Named("file", "note.txt")
    span = {"type": "finding", "start": 0, "end": 10}
    known = item(1, "span", span, sample=told)
    open_ = item(2, "span", span, sample=replace(told, units_told=False))
    assert refusals(through(site, monkeypatch, [known, open_]).json) == {}
    path = next(one for one in site.project.glob("clean/**/*.txt") if one.read_text() == NOTE)
    facts = read_facts(path, "text")
    assert not facts.paired
    monkeypatch.setattr("curator.labels.converting.read_facts", lambda *_: replace(facts, paired=True))
    (site.project / "labels/t.jsonl").unlink()
    assert refusals(through(site, monkeypatch, [known, open_]).json) == {"IMP-077": 1}
    (site.folder / "a.txt").write_text("Mild cough \U0001f637", encoding="utf-8")
    assert read_facts(site.folder / "a.txt", "text").paired
    (site.folder / "a.txt").write_text("", encoding="utf-8")
    assert not read_facts(site.folder / "a.txt", "text").paired


def test_options_stand_for_what_the_export_does_not_say(site: Site) -> None:
    made = one(1)
    for name in ("author", "labeledAt", "confidence", "confidenceScale"):
        del made[name]
    site.export(made, {**made, "labelId": "task-2", "labeledAt": "2026-03-04T10:11:12"})
    done = site.imported(
        "export.jsonl", "--keys", "original", "--author", "ben", "--labeled-at", "2026-03-05T08:00:00Z",
        "--labeled-at-zone", "+02:00", "--confidence", "3:likert-1-5", "--out", "a.jsonl",
    )  # fmt: skip
    assert done.code == 0, done.out
    assert done.json["supplied"] == {"author": 2, "labeledAt": 1, "confidence": 2}
    first, second = site.lines("labels/a.jsonl")
    assert (first["labeledAt"], second["labeledAt"]) == ("2026-03-05T08:00:00Z", "2026-03-04T10:11:12+02:00")
    assert (first["author"], first["confidence"], first["confidenceScale"]) == ("ben", "3", "likert-1-5")
    none = site.imported(
        "export.jsonl", "--keys", "original", "--author", "ben", "--labeled-at", "2026-03-05T08:00:00Z",
        "--labeled-at-zone", "+02:00", "--confidence", "none", "--out", "b.jsonl",
    )  # fmt: skip
    assert none.code == 0
    assert "confidence" not in site.lines("labels/b.jsonl")[0]
    assert first["labelId"] == site.lines("labels/b.jsonl")[0]["labelId"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--annotator-map", "missing.csv"), "IMP-007"),
        (("--annotator-map", "bad.csv"), "IMP-007"),
        (("--annotator-map", "strangers.csv"), "IMP-008"),
        (("--author", "nobody"), "IMP-008"),
        (("--confidence", "1"), "IMP-011"),
        (("--labeled-at", "yesterday"), "IMP-011"),
        (("--labeled-at-zone", "CET"), "IMP-011"),
        (("--frame-rate", "0.0"), "IMP-011"),
        (("--frame-rate", "fast"), "IMP-011"),
        (("--out", "../x.jsonl"), "IMP-005"),
        (("--out", f"{MRN.lower()}.jsonl"), "IMP-005"),
        (("--format", "nonsense"), "IMP-004"),
        (("--format", "curator"), "IMP-003"),
        ((), "IMP-012"),
    ],
)
def test_options_that_cannot_be_used_are_refused_before_anything_is_kept(
    site: Site, words: tuple[str, ...], code: str
) -> None:
    (site.folder / "bad.csv").write_text(f"who,reader\n{MAIL},ada\n")
    (site.folder / "strangers.csv").write_text(f"as-in-file,reader\n{MAIL},zebediah\n")
    (site.folder / "notes.bin").write_text(f"{NAME}\n")
    done = site.imported("notes.bin", *words)
    assert (done.code, done.json["error"]["code"]) == (2, code)
    assert not (site.project / "labels").exists() or not list((site.project / "labels").iterdir())
    assert code in codes()


def test_a_guideline_must_be_named_and_registered(site: Site) -> None:
    site.export(one(1))
    assert site.imported("export.jsonl", *ORIGINAL, guideline="other@9").json["error"]["code"] == "LBL-006"
    done = site("labels", "import", "export.jsonl", "--json", vault=True)
    assert done.json["error"]["code"] == "IMP-006"


def test_running_again_gives_the_same_bytes_and_another_content_is_refused(site: Site) -> None:
    site.export(one(1), one(2, sample="note.txt"))
    first = site.imported("export.jsonl", *ORIGINAL, "--out", "x.jsonl")
    before = (site.project / "labels/x.jsonl").read_bytes()
    again = site.imported("export.jsonl", *ORIGINAL, "--out", "x.jsonl")
    assert (first.code, again.code) == (0, 0)
    assert (site.project / "labels/x.jsonl").read_bytes() == before
    assert first.json["sha256"] == again.json["sha256"]
    site.export(one(1))
    other = site.imported("export.jsonl", *ORIGINAL, "--out", "x.jsonl")
    assert (other.code, other.json["error"]["code"]) == (2, "IMP-009")
    assert (site.project / "labels/x.jsonl").read_bytes() == before
    default = site.imported("export.jsonl", *ORIGINAL)
    assert default.json["labels"] != "labels/x.jsonl"
    assert default.json["in"] == 1


def test_a_dry_run_counts_the_same_and_keeps_nothing(site: Site) -> None:
    site.export(one(1), one(2, sample="no such file"))
    dry = site.imported("export.jsonl", *ORIGINAL, "--dry-run")
    assert not (site.project / "labels").exists()
    assert opened(site).names(exports.FOLDER) == opened(site).names(exports.RUNS) == []
    real = site.imported("export.jsonl", *ORIGINAL)
    assert (dry.code, real.code) == (5, 5)
    assert dry.json["sha256"] == real.json["sha256"]
    assert (dry.json["labels"], real.json["in"]) == (None, 1)


def test_the_vault_keeps_the_export_and_what_no_record_holds(site: Site) -> None:
    path = site.export(one(1, Remark=f"{NAME} was here"), one(2, author="stranger@northclinic.example"))
    done = site.imported(path.name, *ORIGINAL)
    vault = opened(site)
    assert b"".join(exports.stored(vault, done.json["exports"][0]["export"])) == path.read_bytes()
    (run,) = exports.runs(vault)
    assert (run["read"], run["out"], run["refused"]) == (2, 1, {"IMP-058": 1})
    assert run["labelsSha256"] == done.json["sha256"]
    kept = list(exports.kept(vault, run["run"]))
    assert [entry["author"] for entry in kept] == [MAIL, "stranger@northclinic.example"]
    assert kept[0]["kept"] == {"Remark": f"{NAME} was here"}
    assert kept[0]["labelId"] == site.lines(done.json["labels"])[0]["labelId"]
    assert kept[1]["refused"] == "IMP-058"
    for sealed in (site.folder / "trial.vault").rglob("*"):
        if sealed.is_file():
            assert NAME.encode() not in sealed.read_bytes()
            assert NAME.lower() not in str(sealed.relative_to(site.folder)).lower()
    purposes = [entry["purpose"] for entry in vault.openings()]
    assert "labels-import" in purposes


def test_clean_names_are_paths_new_uids_and_digests(site: Site) -> None:
    (path,) = [path for path in (site.project / "clean").rglob("*.txt") if path.read_text() == NOTE]
    clean = path.relative_to(site.project).as_posix()
    images = sorted((site.project / "clean").rglob("*.dcm"))
    header = pydicom.dcmread(images[0], stop_before_pixels=True)
    site.export(
        one(1, sample=clean),
        one(2, sample=path.name),
        one(3, sample=str(header.SOPInstanceUID)),
        one(4, sample=str(header.SeriesInstanceUID)),
        one(5, sample=UIDS.format(number=1)),
        one(6, FrameOfReferenceUID=str(header.FrameOfReferenceUID), sample=images[0].name),
    )
    done = site.imported("export.jsonl", "--annotator-map", "people.csv", "--out", "c.jsonl")
    assert refusals(done.json) == {"IMP-057": 1, "IMP-055": 1}  # of the series one slice is held back
    samples = [line["sample"] for line in site.lines("labels/c.jsonl")]
    image = images[0].relative_to(site.project).as_posix()
    assert samples == [clean, clean, image, image]


def test_a_label_in_the_original_frame_of_reference_comes_in(site: Site) -> None:
    site.export(one(1, ReferencedFrameOfReferenceUID=UIDS.format(number=900)))
    assert site.imported("export.jsonl", *ORIGINAL).code == 0
    site.search()


def test_a_derived_image_is_brought_back_to_its_sample(site: Site) -> None:
    images = sorted((site.project / "clean").rglob("*.dcm"))
    image = images[0].relative_to(site.project).as_posix()
    rows = [
        "derived,sample,frame,a,b,c,d,e,f",
        f"{NAME}.png,{image},1,0.5,0,10,0,0.5,20",
        f"flat.png,{image},,,,,,,",
        "gone.png,clean/none.dcm,,,,,,,",
    ]
    (site.folder / "derived.csv").write_text("\n".join(rows) + "\n")
    box = {"class": "a", "box": [10, 20, 3, 4]}
    site.export(
        one(1, "box", box, sample=f"{NAME}.png"),
        one(2, "polygon", {"class": "a", "rings": [[0, 0, 1.5, 0, 1, 3]]}, sample=f"{NAME}.png"),
        one(3, "box", {"class": "a", "box": [230, 20, 30, 4]}, sample=f"{NAME}.png"),
        one(4, "mask", {"class": "a", "size": [128, 128], "runs": [16383, 1]}, sample=f"{NAME}.png"),
        one(5, "box", box, sample="flat.png"),
        one(6, "box", box, sample="gone.png"),
    )
    done = site.imported(
        "export.jsonl", "--annotator-map", "people.csv", "--derived", "derived.csv", "--out", "d.jsonl"
    )
    assert refusals(done.json) == {"IMP-021": 1, "IMP-069": 1, "IMP-055": 1}
    moved, ring, same = site.lines("labels/d.jsonl")
    assert moved["value"]["box"] == [15.0, 30.0, 1.5, 2.0]
    assert moved["location"] == {"frames": [1]}
    assert ring["value"]["rings"] == [[10.0, 20.0, 10.75, 20.0, 10.5, 21.5]]
    assert same["value"]["box"] == [10, 20, 3, 4]
    assert "location" not in same
    site.search()


ONTOLOGY = """
format = 1
name = "chest"
version = "1.0"
title = "Chest"
[[classes]]
name = "nodule"
synonyms = ["Quillfeather sign"]
[[classes]]
name = "normal"
[[exclusive]]
name = "one of"
classes = ["normal", "nodule"]
"""


def test_classes_are_brought_to_the_ontology_and_may_not_contradict_each_other(site: Site) -> None:
    (site.folder / "chest.toml").write_text(ONTOLOGY)
    site.export(
        one(1, value={"class": f"{NAME} sign"}),
        one(2, value={"class": "mass"}),
        one(3, value={"class": "normal"}, sample=UIDS.format(number=2)),
        one(4, value={"class": "nodule"}, sample=f"{FOLDER}/img2.dcm"),
    )
    done = site.imported("export.jsonl", *ORIGINAL, "--ontology", "chest.toml", "--out", "o.jsonl")
    assert refusals(done.json) == {"IMP-052": 1, "IMP-053": 2}
    assert [line["value"] for line in site.lines("labels/o.jsonl")] == [{"class": "nodule"}]
    vault = opened(site)
    kept = list(exports.kept(vault, exports.runs(vault)[0]["run"]))
    assert kept[0]["kept"] == {"namesInFile": [[f"{NAME} sign", "nodule"]]}


def test_a_text_without_a_name_is_found_by_its_words(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def span(number: int, text: str, by: str = "text", name: str = "1") -> Item:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return item(number, "span", {"type": "a", "start": 0, "end": 4}, sample=Named(by, name, sha256=digest))

    items: list[Item | Refused] = [
        span(1, NOTE),
        span(2, NOTE.rstrip("\n")),
        span(3, NOTE.replace("Mild", "Bad")),
        span(4, LETTER),
        span(5, LETTER.rstrip("\n"), "file", "letter.txt"),
        span(6, NOTE, "file", "note.txt"),
        span(7, NOTE, "file", "letter.txt"),
    ]
    done = through(site, monkeypatch, items)
    assert refusals(done.json) == {"IMP-055": 1, "IMP-014": 1}
    samples = [line["sample"] for line in site.lines("labels/t.jsonl")]
    assert samples[0] == samples[1] == samples[4]
    assert samples[2] == samples[3] != samples[0]


def test_spans_on_a_text_that_scrubbing_changed_are_carried_to_the_clean_one(site: Site) -> None:
    def span(number: int, *words: str) -> dict[str, Any]:
        start, end = LETTER.index(words[0]), LETTER.index(words[-1]) + len(words[-1])
        return one(number, "span", {"type": "a", "start": start, "end": end}, sample="letter.txt")

    pieces = [[LETTER.index(word), LETTER.index(word) + len(word)] for word in ("Mild", "weeks")]
    site.export(
        span(1, "Mild cough"),
        span(2, NAME),
        span(3, NAME, "Zebediah"),
        span(4, "MRN", MRN[:4]),
        one(5, "span", {"type": "a", "pieces": pieces}, sample="letter.txt"),
        span(6, "two weeks."),
    )
    done = site.imported("export.jsonl", *ORIGINAL, "--out", "carried.jsonl")
    assert refusals(done.json) == {}
    made = site.lines("labels/carried.jsonl")
    clean = (site.project / made[0]["sample"]).read_text()
    values = [line["value"] for line in made]
    covered = [clean[one["start"] : one["end"]] for one in values if "start" in one]
    assert covered[0] == "Mild cough"
    assert covered[1].startswith("[NAME")
    assert covered[2].startswith("[NAME")
    assert covered[3].startswith("MRN: [")
    assert covered[3].endswith("]")
    assert covered[4] == "two weeks."
    assert [clean[start:end] for start, end in values[4]["pieces"]] == ["Mild", "weeks"]
    line = ("sign", "trial/labels/carried.jsonl", "--as", "rita", "--attest", "--confirm", 6, "--json")
    signed = site(*line, key=True)
    assert signed.code == 0, signed.out + signed.err
    site.search()
    # Exports of clean texts speak of these; a place of the original is none in them.
    again = site.imported("export.jsonl", "--annotator-map", "people.csv", "--dry-run")
    assert refusals(again.json) == {"IMP-055": 6}


def within(number: int, text: str, word: str, by: str = "text", name: str = "1", **kind: Any) -> Item:
    digest = hashlib.sha256(text.encode()).hexdigest()
    start = text.index(word)
    value = {"type": "a", "start": start, "end": start + len(word)}
    return item(number, "span", kind.get("value", value), sample=Named(by, name, sha256=digest))


def test_spans_on_texts_in_records_and_transcripts_are_carried_to_the_clean_file(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    remark = CHART["note"][0]["text"]
    pieces = [[at, at + 3] for at in (TOLD.index("Dry"), TOLD.index("née"))]
    items: list[Item | Refused] = [
        within(1, TOLD, '"Dry cough\tfor \\ weeks" — née'),
        within(2, TOLD, NAME, "file", "records.jsonl"),
        within(3, TOLD, "Dry", value={"type": "a", "pieces": pieces}),
        within(4, TWICE, "night"),
        within(5, remark, f'Dr. {NAME}: "hoarse"\n'),
        within(6, remark, "Monday"),
        within(7, TALK, "Zebediah</i>"),
        within(8, TALK, "Dyspnea &amp; wheezing"),
        within(9, TALK, f"MRN: {MRN}", "file", "talk.vtt"),
        within(10, TOLD + "?", "Dry"),
        within(11, TOLD + "?", "Dry", "file", "records.jsonl"),
        item(12, "span", {"type": "a", "start": 3, "end": 9}, sample=Named("file", "records.jsonl")),
        within(13, TALK, "wheezing", "file", "chart.json"),
    ]
    done = through(site, monkeypatch, items)
    assert refusals(done.json) == {"IMP-056": 1, "IMP-055": 1, "IMP-014": 2, "IMP-073": 1}
    covered = []
    for line in site.lines("labels/t.jsonl"):
        clean = (site.project / line["sample"]).read_text(encoding="utf-8")
        value = line["value"]
        covered.append(
            [clean[start:end] for start, end in value.get("pieces", [[value.get("start"), value.get("end")]])]
        )
    assert covered[0] == [r"\"Dry cough\tfor \\ weeks\" — née"]
    assert covered[1][0].startswith("[NAME")
    assert covered[2] == ["Dry", "née"]
    assert covered[3][0].startswith("Dr. [NAME")
    assert covered[3][0].endswith(r": \"hoarse\"\n")
    assert covered[5] == ["[NAME]"]
    assert covered[6] == ["Dyspnea &amp; wheezing"]
    assert covered[7] == ["MRN: [RECORD NUMBER]"]
    site.search()


def test_spans_on_texts_in_clean_records_come_to_their_file(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = next(path for path in (site.project / "clean").rglob("*.jsonl"))
    told = json.loads(path.read_text(encoding="utf-8").splitlines()[0])["text"]
    assert "[NAME" in told
    items: list[Item | Refused] = [within(1, told, "\tfor \\ weeks"), within(2, TWICE, "night"), within(3, TOLD, "Dry")]
    done = through(site, monkeypatch, items, keys=ORIGINAL[2:])
    assert refusals(done.json) == {"IMP-056": 1, "IMP-055": 1}
    (line,) = site.lines("labels/t.jsonl")
    clean = path.read_text(encoding="utf-8")
    assert clean[line["value"]["start"] : line["value"]["end"]] == r"\tfor \\ weeks"
    monkeypatch.setattr("curator.labels.naming.MOST_STRINGS", 1)
    named = [within(1, told, "weeks", "file", path.name), within(2, told, "weeks")]
    again = through(site, monkeypatch, named, "--dry-run", keys=ORIGINAL[2:])
    assert refusals(again.json) == {"IMP-055": 1}
    site.search()


def test_without_its_map_no_span_of_a_changed_text_comes_in(site: Site) -> None:
    (maps,) = (site.folder / "trial.vault").rglob("moved-00")
    shutil.rmtree(maps)
    site.export(one(1, "span", {"type": "a", "start": 3, "end": 5}, sample="letter.txt"))
    done = site.imported("export.jsonl", *ORIGINAL, "--dry-run")
    assert refusals(done.json) == {"IMP-073": 1}


def test_a_map_stands_for_the_bytes_that_it_was_made_with_alone(site: Site) -> None:
    from curator.scrub.delivery.moved import Maps

    maps = Maps(opened(site))
    digest, path = next(one for one in maps.originals() if one[0] == hashlib.sha256(LETTER.encode()).hexdigest())
    own = hashlib.sha256((site.project / path).read_bytes()).hexdigest()
    (found,) = maps.get(path, own)
    assert digest in found.digests
    assert maps.get(path, digest) == ()
    assert maps.get("clean/other.txt", own) == ()


def test_relations_follow_the_new_ids_and_fall_with_what_they_refer_to(site: Site) -> None:
    def span(number: int, **more: Any) -> dict[str, Any]:
        return one(number, "span", {"type": "a", "start": number, "end": number + 2}, sample="note.txt", **more)

    def tie(number: int, first: int, second: int) -> dict[str, Any]:
        value = {"type": "of", "from": f"task-{first}", "to": f"task-{second}"}
        return one(number, "relation", value, sample="note.txt")

    site.export(tie(10, 1, 2), span(1), tie(11, 1, 3), span(2), span(3, author="stranger"), tie(12, 1, 77))
    done = site.imported("export.jsonl", *ORIGINAL, "--out", "r.jsonl")
    assert refusals(done.json) == {"IMP-026": 2, "IMP-058": 1}
    first, second, relation = site.lines("labels/r.jsonl")
    assert relation["value"] == {"type": "of", "from": first["labelId"], "to": second["labelId"]}


def test_a_value_too_large_for_a_record_stands_in_a_file_that_the_record_names(site: Site) -> None:
    runs = [1] * (128 * 128)
    site.export(one(1, "mask", {"class": "nodule", "size": [128, 128], "runs": runs}))
    done = site.imported("export.jsonl", *ORIGINAL, "--out", "m.jsonl")
    assert (done.code, done.json["values"]) == (0, 1)
    (line,) = site.lines("labels/m.jsonl")
    whole = line["value"]["whole"]
    data = (site.project / "labels/values" / f"{whole['sha256']}.json").read_bytes()
    assert len(data) == whole["bytes"]
    assert json.loads(data) == {"class": "nodule", "size": [128, 128], "runs": runs}
    assert line["value"]["class"] == "nodule"
    sign = ("sign", "trial/labels/m.jsonl", "--as", "rita", "--attest", "--json")
    assert site(*sign, key=True).code == 0


def test_files_of_a_folder_that_no_reader_takes_are_counted(site: Site) -> None:
    folder = site.folder / "delivery"
    folder.mkdir()
    site.export(one(1), name="delivery/a.jsonl")
    site.export(one(2), name="delivery/b.jsonl")
    (folder / f"{NAME}.xyz").write_text("nothing")
    done = site.imported("delivery", *ORIGINAL)
    assert done.code == 5
    assert (done.json["unread"], done.json["in"], len(done.json["exports"])) == (1, 2, 2)


def test_an_export_in_a_folder_that_another_reader_takes_is_one_of_its_own(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = site.folder / "delivery" / "inner"
    folder.mkdir(parents=True)
    (folder / "own.dat").write_text("labels")
    site.export(one(9), name="delivery/inner/other.jsonl")
    site.export(one(1), name="delivery/alone.jsonl")
    made = Tool([item(1)])

    def recognized(path: Path) -> list[str]:
        return [made.name] if path == Path("delivery/inner") else ["curator"] * (path.suffix == ".jsonl")

    monkeypatch.setattr("curator.labels.units.recognized", recognized)
    monkeypatch.setattr("curator.labels.importing.reader", lambda name: made if name == "tool" else reader(name))
    done = site.imported("delivery", *ORIGINAL)
    assert done.code == 0, done.err
    assert [(one["format"], one["files"], one["in"]) for one in done.json["exports"]] == [
        ("curator", 1, 1),
        ("tool", 1, 1),
        ("curator", 1, 1),
    ]
    assert (done.code, done.json["unread"]) == (0, 0)


def test_a_broken_export_stops_the_run_before_anything_is_written(site: Site) -> None:
    path = site.export(one(1))
    bad = site.folder / "bad.jsonl"
    bad.write_text(path.read_text() + '{"labelId": ')
    done = site.imported("export.jsonl", "bad.jsonl", *ORIGINAL)
    assert (done.code, done.json["error"]["code"]) == (2, "IMP-003")
    assert "export 2 of 2" in done.err
    assert not list((site.project / "labels").glob("*"))


def test_killed_at_any_write_the_next_run_ends_in_the_same_bytes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.export(one(1), one(2, sample="note.txt"), one(3, sample="nothing"))
    count, real = 0, Vault.put
    stop = 0

    def put(self: Vault, name: str, data: bytes) -> None:
        nonlocal count
        count += 1
        if count == stop:
            raise KeyboardInterrupt
        real(self, name, data)

    monkeypatch.setattr(Vault, "put", put)
    labels = site.project / "labels"
    for stop in range(1, 20):  # noqa: B007 - read by the function above
        count = 0
        done = site.imported(path.name, *ORIGINAL, "--out", "k.jsonl")
        if done.code == 5:
            break
        assert done.code == 130
        assert not labels.exists() or not list(labels.iterdir())
    assert stop > 4
    first = (labels / "k.jsonl").read_bytes()
    monkeypatch.undo()
    (labels / "k.jsonl").unlink()
    assert site.imported(path.name, *ORIGINAL, "--out", "k.jsonl").code == 5
    assert (labels / "k.jsonl").read_bytes() == first


def test_an_export_that_changes_while_it_is_read_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.export(one(1))
    real = exports.store

    def store(vault: Vault, export: Any) -> bool:
        made = real(vault, export)
        path.write_text(json.dumps(one(1)) + "\n" + json.dumps(one(2)) + "\n")
        return made

    monkeypatch.setattr("curator.labels.importing.store", store)
    done = site.imported(path.name, *ORIGINAL)
    assert (done.code, done.json["error"]["code"]) == (3, "IMP-010")
    assert not list((site.project / "labels").glob("*"))


def test_formats_lists_every_reader(site: Site) -> None:
    listed = site("labels", "formats", "--json", project=False).json["formats"]
    assert {"name": "curator", "title": "curator label file, JSON Lines", "lacks": []} in listed
    (seg,) = [one for one in listed if one["name"] == "dicom-seg"]
    assert {"author", "labeled-at"} == {lack["what"] for lack in seg["lacks"] if lack["partly"]}
    said = site("labels", "formats", project=False)
    assert said.code == 0
    (line,) = [one for one in said.out.splitlines() if one.startswith("dicom-seg ")]
    assert line.endswith("without guideline, confidence, review · often without author, labeled-at")


class Tool:
    """A reader of a made-up tool, for what label files of the project cannot say."""

    name = "tool"
    title = "Tool"
    lacks = (Lack("author", "export with worker metadata"), Lack("labeled-at", ""))

    def __init__(self, items: list[Item | Refused]) -> None:
        self._items = items

    def recognizes(self, path: Path, head: bytes) -> bool:
        return not path.is_dir() and bool(head)

    def read(self, path: Path) -> Iterator[Item | Refused]:
        assert path.exists()
        yield from self._items


def item(number: int, kind: str = "class", value: Any = None, **more: Any) -> Item:
    made: dict[str, Any] = {
        "place": f"tasks[{number}]",
        "label_id": f"a-{number}",
        "sample": Named("uid", UIDS.format(number=1)),
        "kind": kind,
        "value": {"class": "nodule"} if value is None else value,
        "author": MAIL,
        "labeled_at": "2026-03-04T10:11:12Z",
        "confidence": Decimal("0.50"),
        "confidence_scale": "probability-0-1",
    }
    return Item(**{**made, **more})


def through(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    items: list[Item | Refused],
    *words: str,
    keys: tuple[str, ...] = ORIGINAL,
) -> Any:
    made = Tool(items)
    for module in ("importing", "units"):
        monkeypatch.setattr(f"curator.labels.{module}.reader", lambda _: made)
    monkeypatch.setattr("curator.labels.units.recognized", lambda path: [made.name] * (not path.is_dir()))
    site.export(one(1))
    return site.imported("export.jsonl", *keys, "--out", "t.jsonl", *words)


def test_what_no_person_made_comes_in_only_when_asked_for_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    items: list[Item | Refused] = [
        item(1, origin="human"),
        item(2, origin="model"),
        item(3, origin="interpolated"),
        item(4, origin="imported"),
        item(5, kept={"origin": "prediction-changed"}),
        Refused("tasks[6]", "IMP-022", {"what": "a brush"}),
    ]
    done = through(site, monkeypatch, items)
    assert refusals(done.json) == {"IMP-063": 2, "IMP-022": 1}
    lines = site.lines("labels/t.jsonl")
    assert [line.get("origin") for line in lines] == ["human", "imported", None]
    assert lines[2]["preLabel"] == {"shown": True, "changed": True}
    assert lines[0]["confidence"] == "0.50"
    (site.project / "labels/t.jsonl").unlink()
    done = through(site, monkeypatch, items, "--also", "model", "--also", "interpolated")
    assert refusals(done.json) == {"IMP-022": 1}
    assert done.json["origins"] == {"human": 1, "model": 1, "interpolated": 1, "imported": 1, "unknown": 1}
    sign = ("sign", "trial/labels/t.jsonl", "--as", "rita", "--attest", "--confirm", 5)
    assert site(*sign, key=True).code == 0
    origins = [line["origin"] for line in site.lines("labels/t.jsonl") if "origin" in line]
    assert origins == ["human", "model", "interpolated", "imported"]


def test_stages_tools_reviews_and_tracks_are_carried_without_the_tools_own_ids(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = {"class": "a", "box": [0, 0, Decimal("1.50"), 1]}
    frames = [{"frame": 1, "kind": "box", "value": box, "interpolated": True}]
    track = {"class": "a", "track": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "frames": frames}
    reviews = (Review(MAIL, "2026-03-05T10:00:00Z", "accepted"),)
    done = through(
        site,
        monkeypatch,
        [
            item(1, "track", track, label_id="3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
            item(2, stage="Second Review", reviews=reviews, tool=("3D Slicer", "5.6.1"), seconds=Decimal("12.5")),
            item(3, tool=(f"{NAME} Tool of {MAIL}", "1"), part={"frames": [1]}),
            item(4, stage="of Mary Jones, MRN 48291047"),
        ],
    )
    assert refusals(done.json) == {"LBL-017": 1}
    assert done.json["exports"][0]["reviews"] == 1
    first, second, third = site.lines("labels/t.jsonl")
    assert shape(first["labelId"])
    assert shape(first["value"]["track"])
    assert '"box":[0,0,1.50,1]' in (site.project / "labels/t.jsonl").read_text()
    assert (second["stage"], second["tool"]) == ("second-review", "3D Slicer@5.6.1")
    assert "tool" not in third
    assert third["location"] == {"frames": [1]}
    vault = opened(site)
    (run,) = exports.runs(vault)
    kept = list(exports.kept(vault, run["run"]))
    assert kept[1]["reviews"] == [[MAIL, "2026-03-05T10:00:00Z", "accepted"]]
    assert kept[1]["seconds"] == "12.5"
    site.search()


def test_reviews_of_a_tool_go_with_their_labels_and_are_signed_by_no_reviewer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (
        Review("user-7", "2026-03-05T10:00:00", "rejected", "Second Check"),
        Review(MAIL, "2026-03-06T10:00:00+01:00", "accepted", f"of {NAME}"),
    )
    odd = (Review("z.stranger@northclinic.example", "2999-01-01T00:00:00Z", "rejected", "???"),)
    many = tuple(Review(None, None, "accepted" if at else "rejected") for at in range(20))
    done = through(
        site,
        monkeypatch,
        [
            item(1, reviews=told),
            item(2, reviews=odd),
            item(3, reviews=many),
            item(4, reviews=told, author="stranger@northclinic.example"),
            item(5, reviews=(Review(None, None, "approved by all"),)),
        ],
    )
    assert refusals(done.json) == {"IMP-058": 1}
    first, second, third, last = site.lines("labels/t.jsonl")
    assert first["toolReviews"] == [
        {"outcome": "rejected", "reviewer": "ben", "stage": "second-check"},  # its time names no zone
        {"outcome": "accepted", "reviewer": "ada", "at": "2026-03-06T10:00:00+01:00"},
    ]
    assert (second["toolReviews"], last["toolReviews"]) == ([{"outcome": "rejected"}], [{"outcome": "unknown"}])
    assert third["toolReviews"] == [{"outcome": "accepted"}] * 16
    assert done.json["reviews"] == {
        "told": 26,
        "carried": 20,
        "left": 6,
        "accepted": 17,
        "rejected": 2,
        "unknown": 1,
        "stranger": 18,
        "untimed": 19,
        "against": 1,
    }
    printed = site("labels", "import", "export.jsonl", *ORIGINAL, "--guideline", "chest@1.0", "--dry-run", vault=True)
    assert "26 reviews that the exports tell of = 20 carried with their labels + 6 in the vault alone" in printed.out
    signed = site("sign", "trial/labels/t.jsonl", "--as", "rita", "--attest", "--confirm", 4, "--json", key=True)
    assert signed.code == 0, signed.out + signed.err
    (document,) = site("label", "status", first["labelId"], "--json").json["labels"]
    assert document["toolReviews"][1] == {"outcome": "accepted", "reviewer": "ada", "at": "2026-03-06T09:00:00Z"}
    assert (document["state"], len(document["history"])) == ("signed", 1)
    shown = site("label", "status", first["labelId"]).out
    assert "the annotation tool says · rejected · ben · no time · second-check · not signed" in shown
    assert site("label", "status", "--json").json["told"] == {"accepted": 2, "rejected": 1, "unknown": 1}
    assert site("label", "status", "--told", "rejected").out.split() == [second["labelId"]]
    assert site("label", "status", "--told", "rejected", "--in", "approved", "--json").json["labels"] == []
    assert "1  without an outcome" in site("label", "status").out
    assert site("label", "status", first["labelId"], "--told", "rejected").code == 2
    assert site("ledger", "verify", "trial/ledger", project=False).code == 0
    assert site("labels", "export", "table", "--format", "csv").code == 0
    again = site("sign", "table/labels.csv", "--as", "rita", "--attest", "--dry-run")
    assert "4 already signed" in again.err
    site.search()


def test_the_hint_names_the_switch_that_would_have_said_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    done = through(site, monkeypatch, [item(1, author=None), item(2, labeled_at=None)])
    hints = {reason["code"]: reason["hint"] for reason in done.json["reasons"]}
    assert hints["IMP-059"].startswith("export with worker metadata. Name the person with --author")
    assert hints["IMP-060"].startswith("Give --labeled-at-zone")


def test_a_stated_image_size_must_be_the_samples(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    good = Named("uid", UIDS.format(number=1), (128, 128))
    bad = Named("uid", UIDS.format(number=1), (128, 127))
    done = through(site, monkeypatch, [item(1, sample=good), item(2, sample=bad)])
    assert refusals(done.json) == {"IMP-064": 1}


def test_another_round_keeps_its_labels_apart(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    through(site, monkeypatch, [item(1)])
    (first,) = site.lines("labels/t.jsonl")
    (site.project / "labels/t.jsonl").unlink()
    through(site, monkeypatch, [item(1)], "--round", "second")
    (other,) = site.lines("labels/t.jsonl")
    assert first["labelId"] != other["labelId"]
    assert {**first, "labelId": ""} == {**other, "labelId": ""}


def test_a_coco_file_comes_in_with_what_the_user_says_for_it(site: Site) -> None:
    path = site.folder / "instances.json"
    shape_of = {"image_id": 7, "category_id": 1, "iscrowd": 0, "area": 12}
    document = {
        "images": [{"id": 7, "file_name": f"{FOLDER}/img1.dcm", "width": 128, "height": 128}],
        "categories": [{"id": 1, "name": "nodule"}],
        "annotations": [
            {"id": 1, "bbox": [1.25, 2, 3, 4], **shape_of},
            {"id": 2, "bbox": [120, 2, 30, 4], **shape_of},
            {"id": 3, "bbox": [5, 6, 7, 8], "segmentation": [[5, 6, 12, 6, 12, 14]], **shape_of},
        ],
    }
    path.write_text(json.dumps(document))
    options = ("--keys", "original", "--author", "ada", "--confidence", "none", "--out", "coco.jsonl")
    lacking = site.imported(path.name, *options)
    assert lacking.json["in"] == 0
    assert refusals(lacking.json)["IMP-060"] > 0
    done = site.imported(path.name, *options, "--labeled-at", "2026-03-04T10:11:12Z")
    assert done.code == 5
    assert done.json["exports"][0]["format"] == "coco"
    assert refusals(done.json) == {"IMP-021": 1}
    made = site.lines("labels/coco.jsonl")
    assert made[0]["value"] == {"box": [1.25, 2, 3, 4], "class": "nodule"}
    assert {"polygon"} <= {line["kind"] for line in made}
    sign = ("sign", "trial/labels/coco.jsonl", "--as", "rita", "--attest", "--dry-run")
    assert site(*sign, key=True).code == 0
    site.search()
