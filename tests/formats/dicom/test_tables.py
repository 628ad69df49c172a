"""The tables of UIDs and tags: equal to what the generator writes, and classified as the rules need."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from curator.formats.dicom.tables import (
    SopKind,
    modality_name,
    sequence_tags,
    sop_class_name,
    sop_classes,
    sop_kind,
    transfer_syntax_name,
    transfer_syntaxes,
)

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "curator" / "formats" / "dicom" / "data"


def test_the_committed_tables_are_what_the_generator_writes() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "data" / "generate_dicom_tables.py"))["render"]()
    assert set(made) == {"transfer_syntaxes.tsv", "sop_classes.tsv", "sequence_tags.tsv"}
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text


def test_every_table_names_its_source_and_edition() -> None:
    for path in FOLDER.glob("*.tsv"):
        head = "\n".join(path.read_text(encoding="utf-8").splitlines()[:3])
        assert "# Source: DICOM PS3." in head
        assert "edition 20" in head


@pytest.mark.parametrize(
    ("uid", "kind"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", SopKind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.66.4", SopKind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.481.2", SopKind.IMAGE),
        ("1.2.840.10008.5.1.4.1.1.88.11", SopKind.DOCUMENT),
        ("1.2.840.10008.5.1.4.1.1.88.59", SopKind.DOCUMENT),  # key object selection
        ("1.2.840.10008.5.1.4.1.1.104.1", SopKind.DOCUMENT),
        ("1.2.840.10008.5.1.4.1.1.9.4.1", SopKind.DOCUMENT),  # a voice is a biometric identifier
        ("1.2.840.10008.1.3.10", SopKind.DIRECTORY),
        ("1.2.840.10008.5.1.4.1.1.201.1", SopKind.DIRECTORY),  # lists instances of many patients
        ("1.2.840.10008.5.1.4.1.1.481.3", SopKind.OTHER),
        ("1.2.840.10008.5.1.4.1.1.11.1", SopKind.OTHER),
        ("1.2.840.10008.1.1", SopKind.SERVICE),
        ("1.2.840.10008.1.2", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_sop_classes_have_the_kind_of_their_instances(uid: str, kind: SopKind | None) -> None:
    assert sop_kind(uid) is kind


def test_every_image_storage_class_is_an_image_and_every_report_a_document() -> None:
    for entry in sop_classes().values():
        if "ImageStorage" in entry.keyword:
            assert entry.kind is SopKind.IMAGE
        if entry.keyword.endswith("SRStorage") or entry.keyword.startswith("Encapsulated"):
            assert entry.kind is SopKind.DOCUMENT


def test_transfer_syntaxes_know_their_encoding() -> None:
    table = transfer_syntaxes()
    assert len(table) == 63
    assert not table["1.2.840.10008.1.2"].explicit
    assert not table["1.2.840.10008.1.2.2"].little
    assert table["1.2.840.10008.1.2.1.99"].deflated
    assert table["1.2.840.10008.1.2.5"].encapsulated
    assert sum(not each.carried for each in table.values()) == 13
    assert table["1.2.840.10008.1.2.8.1"].carried
    assert not table["1.2.840.10008.1.2.4.110"].carried  # its frames have boxes for metadata


def test_names_come_from_the_tables_only() -> None:
    assert transfer_syntax_name("1.2.840.10008.1.2.5") == "RLELossless"
    assert sop_class_name("1.2.840.10008.5.1.4.1.1.4") == "MRImageStorage"
    assert modality_name("MR") == "MR"
    for name in (transfer_syntax_name, sop_class_name, modality_name):
        assert name("DOE^JANE") == "unknown"


def test_sequence_tags_hold_the_sequences_of_the_dictionary() -> None:
    assert {0x00081140, 0x52009230, 0x0040A730} <= sequence_tags()
    assert 0x00100010 not in sequence_tags()
