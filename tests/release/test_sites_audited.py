"""The audit of joined sites sees what lies between them, and never takes two sites' patients for one."""

from __future__ import annotations

import importlib
import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sites_support as support

from curator.audit.choose import subject_at
from curator.audit.joined.subject import JoinedSubject, of_each
from curator.audit.subject import Means


@pytest.fixture(scope="module", autouse=True)
def cheap() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        support.cheap(patch)
        yield


def image(site: str, number: int, pixels: np.ndarray) -> tuple[str, bytes]:
    """Return path and bytes of an image of the patient P1AA, or P2BB for an even number."""
    from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    uid, person = f"2.25.{sum(site.encode())}{number}", ("P1AA", "P2BB")[number % 2 == 0]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", uid
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    one.SOPClassUID, one.SOPInstanceUID = meta.MediaStorageSOPClassUID, uid
    one.StudyInstanceUID, one.SeriesInstanceUID = f"{uid}1", f"{uid}2"
    one.PatientID = one.PatientName = person
    one.PatientSex, one.Modality = "F", "OT"
    one.Rows, one.Columns = pixels.shape
    one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 8, 8, 7, 0
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.PixelData = pixels.tobytes()
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    return f"clean/{person}/{uid}1/{uid}2/{uid}.dcm", out.getvalue()


def picture(seed: int) -> np.ndarray:
    """Return a smooth picture that is like no other seed's."""
    made = np.random.default_rng(seed).normal(size=(8, 8))
    made = np.kron(made, np.ones((12, 12)))
    for _ in range(6):
        made = (made + np.roll(made, 1, 0) + np.roll(made, 1, 1) + np.roll(made, -1, 0) + np.roll(made, -1, 1)) / 5
    return (255 * (made - made.min()) / (made.max() - made.min())).astype(np.uint8)


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, helpers_of_release: SimpleNamespace) -> Any:
    """East and west: one picture of east's patient is at west, brighter; their guidelines' versions differ."""
    folder, kit = tmp_path_factory.mktemp("between"), helpers_of_release
    brighter = np.clip(picture(1).astype(int) + 12, 0, 255).astype(np.uint8)
    given = {
        "east": ([picture(1), picture(2)], "1.0", "train"),
        "west": ([picture(3), brighter], "2.0", "test"),
    }
    (folder / "sponsor").mkdir()
    sponsor = support.make_sponsor(folder / "sponsor", kit)
    for minutes, (name, (pictures, rule, split)) in enumerate(given.items(), 60):
        files = dict(image(name, number, one) for number, one in enumerate(pictures, 1))
        site = support.make_hospital(folder / name, name, kit, files=files, rule=rule)
        support.audited(site, 70)
        sponsor.join(support.asked(site, support.final(site, "1.0.0"), split=split), minutes)
    made = subject_at(sponsor.project.root, Means({}))
    yield made
    made.close()


def ask(subject: JoinedSubject, name: str) -> Any:
    module = importlib.import_module(f"curator.audit.checks.{name.replace('/', '_').replace('-', '_')}")
    return subject.ask(module.check)


def test_a_changed_copy_of_an_image_at_another_site_is_found(subject: JoinedSubject) -> None:
    answer = ask(subject, "splits/near-duplicates")
    assert answer.outcome == "FAIL"
    assert [one.where for one in answer.findings] == ["patient east_P1AA west_P2BB"]
    assert "in train and test" in answer.findings[0].what
    assert subject.show(answer.findings[0].where) == "patient east_P1AA west_P2BB"


def test_one_pseudonym_at_two_sites_is_two_patients(subject: JoinedSubject) -> None:
    answer = ask(subject, "splits/patient-overlap")
    assert answer.outcome == "PASS"
    assert answer.figures["patients"] == 4
    assert ask(subject, "splits/assigned").outcome == "PASS"
    assert ask(subject, "splits/site-overlap").figures["sites"] == 2
    (row,) = [
        row for row in ask(subject, "representation/sex").tables["sex"] if row["split"] == "(all)" and row["cases"]
    ]
    assert (row["value"], row["cases"]) == ("F", 4)


def test_sites_that_labeled_by_different_versions_of_a_guideline_are_told(subject: JoinedSubject) -> None:
    answer = ask(subject, "labels/guideline-age")
    assert answer.outcome == "FAIL"
    rows = {(row["joined site"], row["version"], row["labels"]) for row in answer.tables["guidelines by site"]}
    assert rows == {("east", "1.0", 4), ("west", "2.0", 4)}


def test_what_a_site_answers_for_is_asked_of_it_and_all_else_of_all() -> None:
    from curator.audit.catalog import catalog

    names = {one.check.id for one in catalog((), installed=False)}
    each = {name for name in names if of_each(name)}
    assert {"privacy/known-identifiers", "integrity/ledger", "privacy/pixel-risk", "splits/sealed-members"} <= each
    together = {
        "labels/agreement",
        "splits/duplicates",
        "data/duplicates",
        "representation/site",
        "privacy/k-anonymity",
    }
    assert together <= names - each


def test_a_joined_project_has_no_vault_and_no_attestation_counts_at_the_audit(subject: JoinedSubject) -> None:
    assert not subject.has("vault")
    word = subject.attested[support.CLOSED]
    assert word.signer == "east_rev, west_rev"
    assert "east 1.0.0 by Made Up Rev (rev) at" in word.summary


def test_a_seal_over_all_sites_covers_a_site_without_one_but_no_access_there() -> None:
    from curator.audit.joined.merge import sealed_over_all
    from curator.audit.model import Answer, Finding, Outcome

    def said(*what: str, accesses: int = 0) -> Answer:
        findings = tuple(Finding("split", one) for one in what)
        return Answer(Outcome.FAIL, "no", {"accesses": accesses}, findings, len(findings))

    assert sealed_over_all(said("test is not sealed")).outcome == Outcome.NOT_APPLICABLE
    for answer in (
        said("test is not sealed", accesses=1),
        said("test is not sealed", "access to test before its seal"),
        said("access to test before its seal"),
        Answer(Outcome.FAIL, "no", {"accesses": 0}, (Finding("split", "test is not sealed"),), 2),
        Answer(Outcome.COULD_NOT_CHECK, "no"),
        Answer(Outcome.PASS, "yes", {"accesses": 3}),
    ):
        assert sealed_over_all(answer) is answer
