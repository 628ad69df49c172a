"""From the name in an export to one sample, or to none."""

from __future__ import annotations

import pytest

from curator.core.errors import ItemError
from curator.labels.item import Named
from curator.labels.naming import Derived, Naming, Place, matrix_of
from curator.project.journal import Sample

SAMPLES = [Sample(f"clean/p/{n}.dcm", str(n) * 64, f"2.25.{n}", "c", "dicom") for n in range(1, 4)]
PLACES = [
    Place("2.25.1", "clean/p/1.dcm", ("1.1", "1.2", "1.3.1"), "/mnt/export/Doe/IM1.dcm"),
    Place("2.25.2", "clean/p/2.dcm", ("1.1", "1.2", "1.3.2"), "/mnt/export/Roe/IM1.dcm"),
    Place("2.25.3", "clean/p/3.dcm", ("1.1", "1.9", "1.3.3"), "/mnt/export/Roe/zip!/a b.dcm"),
    Place("2.25.3", None, ("1.1", "1.9", "1.3.3"), "/mnt/export/copy/a b.dcm"),
    Place("2.25.4", None, ("1.5", "1.6", "1.3.4"), "/mnt/export/Roe/IM4.dcm"),
]


def naming(**more: object) -> Naming:
    return Naming(SAMPLES, PLACES, {"t-7": Derived("2.25.2", 5), "gone": Derived("clean/x")}, **more)  # type: ignore[arg-type]


def found(by: str, name: str, **more: object) -> str:
    try:
        return naming(**more).find(Named(by, name)).sample.path[-5:]
    except ItemError as error:
        told = f"{error} {error.hint} {error.facts}"
        assert len(name) < 4 or name not in told
        return error.code


@pytest.mark.parametrize(
    ("by", "name", "what"),
    [
        ("uid", "1.3.1", "1.dcm"),
        ("uid", "1.9", "3.dcm"),
        ("uid", "1.2", "IMP-056"),
        ("uid", "1.3.4", "IMP-057"),
        ("uid", "9.9", "IMP-055"),
        ("file", "Doe/IM1.dcm", "1.dcm"),
        ("file", "/mnt/export/Roe/IM1.dcm", "2.dcm"),
        ("file", "export\\Roe\\IM1.dcm", "2.dcm"),
        ("file", "./Roe/IM1.dcm", "2.dcm"),
        ("file", "oe/IM1.dcm", "IMP-055"),
        ("file", "IM1.dcm", "IMP-056"),
        ("file", "Poe/IM1.dcm", "IMP-055"),
        ("file", "IM4.dcm", "IMP-057"),
        ("file", "a b.dcm", "3.dcm"),
        ("file", "a%20b.dcm", "3.dcm"),
        ("file", "zip/a b.dcm", "3.dcm"),
        ("file", "im1.dcm", "IMP-055"),
        ("file", "", "IMP-055"),
        ("file", "/", "IMP-055"),
        ("file", "1.3.2", "2.dcm"),
        ("id", "1.3.2", "2.dcm"),
        ("id", "IM4.dcm", "IMP-055"),
        ("text", "1.3.2", "IMP-055"),
        ("text", "t-7", "2.dcm"),
        ("id", "gone", "IMP-055"),
        ("file", "sha256:" + "3" * 64, "3.dcm"),
    ],
)
def test_a_name_means_one_sample_or_is_refused(by: str, name: str, what: str) -> None:
    assert found(by, name) == what


def test_file_names_alone_are_compared_only_when_asked_for() -> None:
    assert found("file", "upload/a b.dcm") == "IMP-055"
    assert found("file", "upload/a b.dcm", file_names=True) == "3.dcm"
    assert found("file", "upload/IM1.dcm", file_names=True) == "IMP-056"


def test_a_derived_image_keeps_its_frame_and_transform() -> None:
    assert naming().find(Named("file", "t-7")).frame == 5


@pytest.mark.parametrize("cells", ["1,0,0,0,1", "1,0,0,2,0,0", "a,0,0,0,1,0", "1e3,0,0,0,1,0", "nan,0,0,0,1,0"])
def test_a_transform_is_six_numbers_that_can_be_undone(cells: str) -> None:
    with pytest.raises(ValueError, match=r"six numbers|undone"):
        matrix_of(cells.split(","))
