"""Every element of a DICOM header is read as text: in its character set, nested, private, as numbers."""

from __future__ import annotations

import io

import pytest
from objects_support import dicom

from curator.audit.closed.forms import Known, sheet_of
from curator.audit.closed.search import Search
from curator.audit.closed.views import views

VALUES = (
    ("name", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("name", "Люкceмбypг"),
    ("name", "김^희중"),
    ("id", "664182137"),
)
SEARCH = Search(sheet_of([Known(1, VALUES)]))


def hits(data: bytes) -> dict[str, int]:
    found: dict[str, int] = {}
    for view in views(io.BytesIO(data), len(data)):
        for category, count in SEARCH.count(view.plain, (1,), prose=view.prose).items():
            found[category] = found.get(category, 0) + count
    return found


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        (["", "ISO 2022 IR 87"], b"x=\033$B;3ED\033(B^\033$BB@O:\033(B=y"),
        (["", "ISO 2022 IR 87"], b"Yamada^Tarou=x"),
        ("ISO_IR 192", "山田^太郎".encode()),
        ("GB18030", "山田^太郎".encode("gb18030")),
        (["", "ISO 2022 IR 149"], b"x=\033$)C\xb1\xe8^\033$)C\xc8\xf1\xc1\xdf"),
        ("ISO_IR 192", "やまだ たろう".encode()),
        ("ISO_IR 192", "ヤマダ タロウ".encode()),
    ],
)
def test_a_name_is_found_in_the_character_set_of_its_object(terms, value):
    from pydicom import dcmread

    assert hits(dicom()) == {}
    one = dcmread(io.BytesIO(dicom()))
    one.SpecificCharacterSet = terms
    one.add_new(0x00081070, "UN", value + b" " * (len(value) % 2))
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    assert hits(out.getvalue()).get("name")


@pytest.mark.parametrize("vr", ["UL", "SL", "UV", "SV"])
def test_a_number_is_found_as_a_number(vr):
    made = dicom(lambda one: one.private_block(0x0029, "ACME", create=True).add_new(0x10, vr, 664182137))
    assert hits(made) == {"id": 1}


def test_a_deflated_object_is_read_inflated():
    from pydicom import dcmread
    from pydicom.uid import DeflatedExplicitVRLittleEndian

    one = dcmread(io.BytesIO(dicom(lambda one: setattr(one, "ImageComments", "for Yamada Tarou"))))
    one.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    out = io.BytesIO()
    one.save_as(out, enforce_file_format=True)
    assert b"Yamada" not in out.getvalue()
    assert hits(out.getvalue())["name"] >= 1
