"""What stands inside a package besides data and records: documents, the submission's tree, descriptions."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from curator.core.errors import GateError, IntegrityError, UsageError
from curator.release import ecopy, extras, layout
from curator.release.build import build
from curator.release.documents.table import DOCUMENTS
from curator.release.facts import Facts
from curator.release.made import Further, Made
from curator.release.readme import commands
from curator.release.verify import verify_package

ROOT = Path(__file__).resolve().parents[2]
CHECKER = ROOT / "scripts" / "ecopy_check.py"


@pytest.fixture
def copied(whole: SimpleNamespace, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole.folder, tmp_path / "copy"))


def facts_of(folder: Path, whole: SimpleNamespace) -> Facts:
    return Facts(folder, verify_package(folder).contents.state, whole.inputs.further.guard)


def texts(folder: Path) -> dict[str, str]:
    """Every text that a reader of the package's documents sees, the data and records left out."""
    found = {path.name: path.read_text("utf-8") for path in (folder / layout.DOCUMENTS).glob("*.html")}
    found |= {name: (folder / name).read_text("utf-8") for name in layout.TAGS}
    for path in (folder / layout.ECOPY).rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            found |= {f"{path.name}/{name}": archive.read(name).decode("latin-1") for name in archive.namelist()}
    return found


def test_every_document_stands_there_as_page_and_as_pdf(whole: SimpleNamespace) -> None:
    assert {path.stem for path in (whole.folder / layout.DOCUMENTS).glob("*.html")} == {one.SLUG for one in DOCUMENTS}
    pdfs = sorted(path.name for path in (whole.folder / layout.ECOPY / extras.VOLUME).iterdir())
    assert pdfs == [f"{place:03d}_{one.TITLE}.pdf" for place, one in enumerate(DOCUMENTS, 1)]
    for one in DOCUMENTS:
        page = (whole.folder / layout.DOCUMENTS / f"{one.SLUG}.html").read_text("utf-8")
        assert one.TITLE in page
        assert "DRAFT" in page


def test_no_word_of_a_header_that_the_guard_refuses_stands_in_any_document(whole: SimpleNamespace) -> None:
    said = texts(whole.folder)
    assert len(said) == len(DOCUMENTS) + len(layout.TAGS) + 7
    for name, text in said.items():
        for word in whole.planted:
            assert word.lower() not in text.lower(), name
    page = said["representativeness.html"]
    assert "SIEMENS" in page
    assert "not shown" in page
    assert "stated, in other words" in page
    assert "white" in page


def test_pdfs_hold_searchable_text_and_bookmarks_and_no_planted_word(whole: SimpleNamespace) -> None:
    from pypdf import PdfReader

    reader = PdfReader(whole.folder / layout.ECOPY / extras.VOLUME / "006_Representativeness Tables.pdf")
    text = "".join(page.extract_text() for page in reader.pages)
    assert "SIEMENS" in text
    assert reader.outline
    assert not any(word.lower() in text.lower() for word in whole.planted)
    assert all("DRAFT" in page.extract_text() for page in reader.pages)


def test_whoever_has_the_package_makes_the_same_files_again(whole: SimpleNamespace) -> None:
    state = verify_package(whole.folder).contents.state
    made = Made(whole.folder, state, whole.inputs.further.renderer, whole.inputs.further.guard)
    again = dict(whole.inputs.further.payload_files(made)) | dict(whole.inputs.further.tag_files(made))
    assert len(again) == 2 * len(DOCUMENTS) + 2 + len(layout.TAGS)
    for name, data in again.items():
        assert (whole.folder / name).read_bytes() == data, name


def test_a_rebuild_gives_the_same_bytes(whole: SimpleNamespace, kit: Any, tmp_path: Path) -> None:
    made = build(whole.inputs, whole.site.vault, tmp_path / "again")
    assert made.folder is not None
    assert kit.tree(made.folder) == kit.tree(whole.folder)


def test_another_renderer_than_the_frozen_one_is_refused(whole: SimpleNamespace, tmp_path: Path) -> None:
    other = replace(whole.inputs, further=replace(whole.inputs.further, renderer="reportlab 0.0.1"))
    with pytest.raises(UsageError, match="SUB-016"):
        build(other, whole.site.vault, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_package_without_pdfs_has_pages_and_data_all_the_same(site: Any) -> None:
    inputs = replace(site.inputs(), further=Further(extras.EXTRAS, extras.TAGS, "", lambda _: True))
    folder = build(inputs, site.vault, None).folder
    assert folder is not None
    assert not list(folder.rglob("*.pdf"))
    assert len(list((folder / layout.DOCUMENTS).glob("*.html"))) == len(DOCUMENTS)
    assert verify_package(folder).samples == 4


@pytest.mark.parametrize("name", [*layout.TAGS, "data/documents/data-flow.html"])
def test_a_changed_or_removed_file_is_found(copied: Path, whole: SimpleNamespace, name: str) -> None:
    data = (copied / name).read_bytes()
    (copied / name).write_bytes(data + b" ")
    with pytest.raises(IntegrityError, match=r"REL-02[1-4]"):
        verify_package(copied)
    (copied / name).unlink()
    with pytest.raises(IntegrityError, match=r"REL-02[0-4]"):
        verify_package(copied)


def test_the_commands_of_the_readme_accept_the_package_and_refuse_a_changed_one(
    copied: Path, whole: SimpleNamespace
) -> None:
    if shutil.which("openssl") is None or shutil.which("sha256sum") is None:
        pytest.skip("not run: openssl or sha256sum is not here")
    shown = commands((copied / layout.README).read_text("utf-8"))
    assert sum("openssl pkeyutl -verify" in line for line in shown) == 2
    own = [line for line in shown if "bagit" not in line]
    assert len(own) == len(shown) - 1
    script = f"set -eo pipefail; KEY={whole.key}\n" + "\n".join(own)

    def accepted() -> bool:
        done = subprocess.run(["bash", "-c", script], cwd=copied, capture_output=True, check=False)
        return done.returncode == 0

    assert accepted()
    named = shown[0].replace('"$KEY"', "data/ledger/operator.pem")
    told = subprocess.run(["bash", "-c", named], cwd=copied, capture_output=True, text=True, check=True).stdout
    assert told.split()[0] == json.loads((copied / layout.MANIFEST).read_bytes())["ledger"]["operatorKeyId"]
    for path, change in (
        (copied / layout.LABELS, b"\n"),
        (copied / layout.CROISSANT, b" "),
        (copied / "data" / "added.txt", b"x"),
        (copied / ".hidden", b"x"),
        (copied / "signatures" / "other.json", b"x"),
        (copied / "further" / "added.txt", b"x"),
        (copied / "data" / "ledger" / "leaves.txt", b"0" * 64 + b"\n"),
    ):
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((before or b"") + change)
        assert not accepted(), path.name
        path.unlink() if before is None else path.write_bytes(before)
    assert accepted()


@pytest.mark.filterwarnings("ignore:'count' is passed as positional argument:DeprecationWarning")
def test_bagit_accepts_the_package(whole: SimpleNamespace) -> None:
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(whole.folder)).validate()


def test_a_checker_that_shares_no_code_accepts_the_tree(whole: SimpleNamespace) -> None:
    done = subprocess.run([sys.executable, CHECKER, whole.folder / layout.ECOPY], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_checker_finds_what_breaks_the_rules(copied: Path) -> None:
    sys.path.insert(0, str(CHECKER.parent))
    try:
        from ecopy_check import check
    finally:
        sys.path.pop(0)
    root = copied / layout.ECOPY
    volume = root / extras.VOLUME
    pdf = volume / "001_Data Management Report.pdf"
    assert check(root) == []
    kept = copied.parent / "kept"
    shutil.copytree(root, kept)
    faults = {
        "numbered": lambda: pdf.rename(volume / "020_Data.pdf"),
        "not named": lambda: pdf.rename(volume / "1_Data.pdf"),
        "character": lambda: pdf.rename(volume / "001_Data – flow.pdf"),
        "longer than": lambda: pdf.rename(volume / f"001_{'x' * 130}.pdf"),
        "not a whole PDF": lambda: pdf.write_bytes(b"%PDF-1.4 cut"),
        "encrypted": lambda: pdf.write_bytes(b"%PDF-1.4 /Encrypt %%EOF"),
        "no folder": lambda: (volume / "more").mkdir(),
        "only .zip": lambda: (root / "MISC FILES" / "image.dcm").write_bytes(b""),
        "at the root": lambda: (root / "notes.txt").write_bytes(b""),
        "no such folder": lambda: (root / "VOLUME 1").mkdir(),
        "holds a PDF": lambda: (root / "MISC FILES" / "a.zip").write_bytes(ecopy.zipped([("a.pdf", b"x")])),
    }
    for words, break_it in faults.items():
        shutil.rmtree(root)
        shutil.copytree(kept, root)
        break_it()
        assert any(words in line for line in check(root)), words


def test_case_level_data_are_described_and_hold_every_patient(whole: SimpleNamespace) -> None:
    path = whole.folder / layout.ECOPY / ecopy.STATISTICAL / "case_level_data.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["cases.xpt", "series.xpt", "labels.xpt", "define.xml"]
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        cases, labels, define = (archive.read(name) for name in ("cases.xpt", "labels.xpt", "define.xml"))
    for patient in (b"P1AA", b"P2BB", b"P3CC", b"P4DD", b"P5EE"):
        assert patient in cases
    assert labels.count(b"authorship") == 6
    tree = ET.parse(io.BytesIO(define)).getroot()
    odm, own = "{http://www.cdisc.org/ns/odm/v1.3}", "{http://www.cdisc.org/ns/def/v2.1}"
    version = tree.find(f"{odm}Study/{odm}MetaDataVersion")
    assert version is not None
    assert version.get(f"{own}DefineVersion") == "2.1.0"
    groups = version.findall(f"{odm}ItemGroupDef")
    assert [one.get("Name") for one in groups] == ["CASES", "SERIES", "LABELS"]
    refs = [one.get("ItemOID") for group in groups for one in group.findall(f"{odm}ItemRef")]
    assert sorted(refs) == sorted(one.get("OID") for one in version.findall(f"{odm}ItemDef"))
    leaves = {one.get("ID") for group in groups for one in group.findall(f"{own}leaf")}
    assert leaves == {group.get(f"{own}ArchiveLocationID") for group in groups}
    lists = {one.get("OID") for one in version.findall(f"{odm}CodeList")}
    assert {one.get("CodeListOID") for one in version.iter(f"{odm}CodeListRef")} == lists


def test_the_metadata_name_files_that_are_there_with_their_digests(whole: SimpleNamespace, kit: Any) -> None:
    from urllib.parse import unquote

    digests = kit.tree(whole.folder)
    crate = json.loads((whole.folder / layout.CRATE).read_text("utf-8"))
    root = next(one for one in crate["@graph"] if one["@id"] == "./")
    parts = {one["@id"]: one for one in crate["@graph"]}
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    assert root["license"] == {"@id": "#license"}
    for ref in root["hasPart"]:
        part = parts[ref["@id"]]
        assert (whole.folder / unquote(ref["@id"])).exists(), ref
        if "sha256" in part:
            assert digests[unquote(ref["@id"])] == part["sha256"]
    croissant = json.loads((whole.folder / layout.CROISSANT).read_text("utf-8"))
    files = [one for one in croissant["distribution"] if one["@type"] == "cr:FileObject"]
    assert {one["contentUrl"] for one in files} >= {"manifest-sha256.txt", layout.SAMPLES, layout.LABELS}
    assert all(digests[one["contentUrl"]] == one["sha256"] for one in files)
    assert croissant["rai:dataCollectionTimeframe"] == ["2019-01-01T00:00:00Z", "2023-01-01T00:00:00Z"]
    assert any("Missing: race or ethnicity" in one for one in croissant["rai:dataLimitations"])


def test_every_number_of_the_data_flow_closes_and_is_shown(whole: SimpleNamespace) -> None:
    page = (whole.folder / layout.DOCUMENTS / "data-flow.html").read_text("utf-8")
    assert "12 received = 10 scrubbed + 0 duplicate + 2 quarantined + 0 replaced" in page
    assert "10 scrubbed = 10 in this package + 0 left out; 10 = 3 labeled + 7 not labeled" in page


def test_counts_that_do_not_close_stop_the_build(site: Any) -> None:
    from curator.project import journal

    folder = journal.scrub_folder(site.project) / "0001" / "delivery.json"
    about = json.loads(folder.read_text())
    folder.write_text(json.dumps({**about, "items": 6}, sort_keys=True, separators=(",", ":")))
    inputs = replace(site.inputs(), further=Further(extras.EXTRAS, (), "", lambda _: True))
    with pytest.raises(IntegrityError, match="SUB-012"):
        build(inputs, site.vault, None)
    assert not (site.project.releases / "v1.0.0").exists()


def test_sources_of_numbers_are_digests_of_files_in_the_package(whole: SimpleNamespace, kit: Any) -> None:
    digests = set(kit.tree(whole.folder).values())
    named = set()
    for path in (whole.folder / layout.DOCUMENTS).glob("*.html"):
        named |= set(re.findall(r"sha256:([0-9a-f]{64})", path.read_text("utf-8")))
    assert len(named) >= 5
    assert named <= digests


def test_splits_are_counted_where_they_stand_in_the_package(copied: Path, whole: SimpleNamespace) -> None:
    from curator.release.documents import data_flow, representativeness, splits
    from curator.report.html import html_page

    facts = facts_of(copied, whole)
    given = {"P1AA": "train", "P2BB": "train", "P3CC": "test", "P4DD": "train", "P5EE": "test"}
    (copied / layout.SPLITS).parent.mkdir()
    (copied / layout.SPLITS).write_text(json.dumps({"assignments": given}))
    assert facts.split_names == ["test", "train"]
    pages = [html_page(one.make(facts)).decode() for one in (data_flow, representativeness, splits)]
    assert "Size of each split" in pages[2]
    assert "test and train" in pages[1] or "train and test" in pages[1]
    (copied / layout.SPLITS).write_text(json.dumps({"assignments": {"P1AA": "train"}}))
    fresh = Facts(copied, facts.state, facts.guard)
    assert "no split" in html_page(data_flow.make(fresh)).decode()


def test_tables_of_the_audit_are_in_the_order_of_readers_and_rounded() -> None:
    from curator.release.documents.representativeness import _evidence
    from curator.report.model import Table

    row = {"cases": 1200, "high": 0.603221852539, "low": 0.0, "of": 4000, "share": 0.3, "split": "test", "value": "F"}
    made = _evidence("representation/sex: sex", [row, {**row, "value": "1"}], "report.json")
    assert isinstance(made, Table)
    assert made.head == ("split", "value", "cases", "of", "share", "low", "high")
    assert [cell.text for cell in made.rows[0]] == ["test", "F", "1,200", "4,000", "0.300", "0.000", "0.603"]
    assert made.numeric == (2, 3, 4, 5, 6)
    thin = _evidence("strata", [{"cases": 0, "new": None, "sex": "F", "thin": True}], "")
    assert isinstance(thin, Table)
    assert thin.head == ("sex", "cases", "thin", "new")
    assert [cell.text for cell in thin.rows[0]] == ["F", "0", "yes", "unknown"]


def test_a_final_release_is_blocked_while_texts_are_lacking(site: Any) -> None:
    with pytest.raises(GateError) as raised:
        build(replace(site.inputs(), draft=False), site.vault, None)
    assert raised.value.code in {"SUB-011", "REL-057"}
    assert not (site.project.releases / "v1.0.0").exists()


def test_an_unfit_name_or_size_is_refused() -> None:
    for name in ("a/b", "a–b", " a", "a?", "x" * 126, ""):
        with pytest.raises(UsageError, match="SUB-005"):
            ecopy.pdf_name(1, name)
    assert ecopy.volume(1, "Dataset") == "VOL_001_Dataset"


def test_a_pdf_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecopy, "MOST_PDF", 10)
    monkeypatch.setattr(ecopy, "MOST_ATTACHMENT", 100)
    with pytest.raises(UsageError, match="SUB-015"):
        ecopy.checked_pdf(b"x" * 11, "Data Flow")
    with pytest.raises(UsageError, match="SUB-015"):
        ecopy.zipped([("a", b"x" * 101)])
