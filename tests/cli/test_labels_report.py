"""``curator labels agreement`` and ``labels report`` on the signed labels of a project."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from import_site import SPELLINGS, Site
from pypdf import PdfReader
from report_site import built, labeled

from curator.core.schema import violation

LEFT_OUT = {"model": 1, "interpolated": 1, "withdrawn": 1, "corrected": 1, "adjudication": 1}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = built(tmp_path_factory.mktemp("agreement"))
    labeled(made)
    return made


@pytest.fixture(scope="module")
def reported(site: Site) -> Any:
    done = site("labels", "report", "--html", "out/r.html", "--pdf", "out/r.pdf", "--bootstrap", 50, "--json")
    assert done.code == 0, done.err
    assert violation("label-report", done.json) is None
    return done.json


def found(site: Site, *words: object) -> Any:
    done = site("labels", "agreement", *words, "--bootstrap", 100, "--json")
    assert done.code == 0, done.err
    assert violation("agreement-report", done.json) is None
    return done.json


def test_classes_are_rated_and_the_first_reading_counts(site: Site) -> None:
    document = found(site, "--by", "guideline")
    assert document["classes"] == ["mass", "nodule"]
    assert document["overall"]["units"] == 6
    assert document["overall"]["ratings"] == 18  # ada's second reading of the first image is a repeated one
    pairs = {tuple(pair["readers"]): pair["measures"]["percent_agreement"]["value"] for pair in document["pairs"]}
    assert pairs == {("ada", "ben"): 5 / 6, ("ada", "cy"): 1.0, ("ben", "cy"): 5 / 6}
    (own,) = document["repeatability"]
    assert (own["reader"], own["measures"]["percent_agreement"]["value"]) == ("ada", 0.0)
    levels = {level["level"]: level["units"] for level in document["groups"][0]["levels"]}
    assert levels == {"chest@1.0": 3, "chest@2.0": 3}


def test_boxes_of_people_alone_are_matched_and_the_rest_is_counted(site: Site) -> None:
    document = found(site, "--kind", "box", "--by", "period", "--period", "year")
    counted = {reason: count for reason, count in document["source"]["left_out"].items() if count}
    assert counted == LEFT_OUT
    assert document["source"]["labels"] == document["source"]["used"] + sum(counted.values())
    pairs = {tuple(pair["readers"]): pair["measures"] for pair in document["pairs"]}
    near = 360 / 440  # two squares of 20, 2 pixels apart
    # Ben drew a mass in the fourth image that ada did not; her own was withdrawn.
    assert pairs["ada", "ben"]["f1"]["value"] == pytest.approx(12 / 13)
    assert pairs["ada", "ben"]["mean_iou"]["value"] == pytest.approx((1 + 5 * near) / 6)
    # Cy read all six images, and drew a box in one of them.
    assert pairs["ada", "cy"]["f1"]["value"] == pytest.approx(2 / 7)
    assert document["definitions"]["f1"].endswith("at least 0.5, same class")
    assert [level["level"] for level in document["groups"][0]["levels"]] == ["2026"]
    strict = found(site, "--kind", "box", "--iou", "0.9")
    assert strict["pairs"][0]["measures"]["f1"]["value"] == pytest.approx(2 / (12 + 1))


def test_masks_are_measured_in_millimeters_of_the_clean_image(site: Site) -> None:
    document = found(site, "--kind", "mask", "--tolerance", "1.4")
    measures = document["overall"]["measures"]
    assert measures["dice"]["value"] == pytest.approx((1 + 5 * 0.9) / 6)
    assert measures["hd95"]["value"] == pytest.approx(5 * 2 * 0.661468 / 6)
    assert measures["surface_dice"]["value"] == 1.0
    assert measures["dice"]["low"] < measures["dice"]["high"] <= 1
    assert document["without_spacing"] == 0


def test_polygons_key_points_and_spans_have_their_measures(site: Site) -> None:
    polygon = found(site, "--kind", "polygon")["overall"]["measures"]
    assert polygon["dice"]["value"] == pytest.approx(2 * 1600 / (1600 + 1720))
    assert (polygon["dice"]["low"], polygon["dice"]["high"]) == (None, None)  # one patient alone
    assert found(site, "--kind", "keypoints")["overall"]["measures"]["f1"]["value"] == 1.0
    span = found(site, "--kind", "span", "--slack", "3")["overall"]["measures"]
    assert [span[f"{name}_f1"]["value"] for name in ("exact", "relaxed", "overlap")] == [0.5, 1.0, 1.0]
    assert span["characters_f1"]["value"] == pytest.approx(2 * 18 / (18 + 21))


def test_a_table_of_groups_tells_sites_and_vendors(site: Site) -> None:
    paths = sorted({one["sample"] for one in site_lines(site, "ada.jsonl") if one["sample"].endswith(".dcm")})
    rows = [f"{path},{'north' if at < 3 else 'south'}" for at, path in enumerate(paths)]
    (site.folder / "sites.csv").write_text("\n".join(["sample,site", *rows]) + "\n")
    (site.folder / "vendors.csv").write_text("reader,vendor\nada,own\nben,bought\ncy,own\n")
    (group,) = found(site, "--kind", "mask", "--groups", "sites.csv")["groups"]
    assert (group["by"], [(one["level"], one["units"]) for one in group["levels"]]) == (
        "site",
        [("north", 3), ("south", 3)],
    )
    (group,) = found(site, "--kind", "box", "--groups", "vendors.csv")["groups"]
    assert {one["level"] for one in group["levels"]} == {"(different)", "own", "bought"}
    (site.folder / "bad.csv").write_text("sample,site\nx,Seen on 2021-03-14\n")
    assert "AGR-005" in site("labels", "agreement", "--groups", "bad.csv").err


def site_lines(site: Site, name: str) -> list[Any]:
    return [json.loads(line) for line in (site.folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AGR-034", ("reads.csv", "--kind", "box")),
        ("AGR-034", ("--unit", "case")),
        ("AGR-035", ("--groups", "key")),
        ("AGR-035", ("--groups", "nothing.csv")),
        ("AGR-035", ("--by", "site")),
        ("AGR-036", ("--kind", "box", "--iou", "0")),
        ("AGR-037", ("--kind", "volume-mask")),
    ],
)
def test_what_cannot_be_asked_is_refused(site: Site, code: str, words: tuple[str, ...]) -> None:
    done = site("labels", "agreement", *words)
    assert done.err.startswith(code)
    assert done.out == ""


def test_the_report_counts_differences_readers_and_guidelines(reported: Any) -> None:
    kinds = {one["kind"]: one for one in reported["kinds"]}
    assert set(kinds) == {"box", "class", "grade", "keypoints", "mask", "polygon", "span"}
    first = kinds["class"]["confusions"][0]
    assert (first["readers"], first["classes"]) == (["ada", "ben"], ["mass", "nodule"])
    assert first["counts"] == [[3, 0], [1, 2]]
    readers = {one["reader"]: one for one in reported["readers"]}
    assert set(readers) == {"ada", "ben", "cy"}  # rita settled; that is no reading
    assert (readers["ben"]["rejected"], readers["ben"]["corrected"]) == (0, 1)
    assert (readers["ada"]["rejected"], readers["ada"]["withdrawn"]) == (1, 1)
    assert sum(sum(one["values"]) for one in reported["throughput"]["readers"]) == reported["source"]["used"]
    assert {one["kind"] for one in reported["drift"]} == set(kinds)
    old, new = reported["guidelines"]
    assert (old["followed"], new["followed"], new["readings"]) == (True, False, 9)
    assert (reported["pictures"], reported["withoutPicture"]) == (11, [])
    assert len(reported["greatestDifferences"]) == 12
    scores = [one["score"] for one in reported["greatestDifferences"] if one["kind"] == "mask"]
    assert scores == sorted(scores)
    assert scores[0] == pytest.approx(0.9)


def test_page_and_pdf_show_it_and_name_nobody(site: Site, reported: Any) -> None:
    page = (site.folder / "out/r.html").read_bytes().decode()
    pdf = PdfReader(io.BytesIO((site.folder / "out/r.pdf").read_bytes()))
    text = "\n".join(one.extract_text() for one in pdf.pages)
    packed = [base64.b64decode(one) for one in re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)]
    assert len(packed) == 11
    for part in (page, text, *(one.decode("latin-1") for one in packed)):
        assert not [one for one in SPELLINGS if one in part.lower()]
    for shown in ("What ada and ben said of the same units", "Readings by week", "cy: nothing drawn", "Scorecards"):
        assert shown in page
        assert shown in text
    leaf = reported["greatestDifferences"][0]["readers"][0]["records"][0]
    assert leaf in page
    assert reported["source"]["root"] in page


def test_the_same_ledger_gives_the_same_bytes(site: Site, reported: Any) -> None:
    again = site("labels", "report", "--html", "again.html", "--pdf", "again.pdf", "--bootstrap", 50)
    assert again.code == 0
    assert "11 of 12 differences" in again.out
    assert (site.folder / "again.html").read_bytes() == (site.folder / "out/r.html").read_bytes()
    assert (site.folder / "again.pdf").read_bytes() == (site.folder / "out/r.pdf").read_bytes()


def test_an_image_that_was_changed_stops_the_report_and_nothing_is_written(site: Site) -> None:
    path = next((site.project / "clean").rglob("*.dcm"))
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        done = site("labels", "report", "--html", "changed.html", "--bootstrap", 0)
    finally:
        path.write_bytes(whole)
    assert (done.code, done.err[:7]) == (4, "LBL-018")
    assert not (site.folder / "changed.html").exists()


def test_numbers_out_of_range_are_refused(site: Site) -> None:
    assert "LRP-003" in site("labels", "report", "--gallery", "-1").err
    assert "AGR-010" in site("labels", "report", "--level", "1").err


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_page_opens_without_an_error_and_is_not_blank(site: Site, reported: Any, tmp_path: Path) -> None:
    page, shot = site.folder / "out/r.html", tmp_path / "shot.png"
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=900,1200"]
    places = [f"--screenshot={shot}", f"--user-data-dir={tmp_path / 'profile'}", page.resolve().as_uri()]
    ran = subprocess.run(["chromium", *switches, *places], capture_output=True, check=True, timeout=100)
    assert b"CONSOLE" not in ran.stderr
    assert shot.stat().st_size > 20_000
