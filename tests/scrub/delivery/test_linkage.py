"""The linkage table is read whole or refused with the number of the column or row, never its content."""

from pathlib import Path

import pytest

from curator.core.errors import UsageError
from curator.scrub.delivery.linkage import read_linkage


def table(folder: Path, text: str) -> Path:
    path = folder / "linkage.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_one_person_with_all_ids_and_what_is_known(tmp_path):
    rows = read_linkage(
        table(
            tmp_path,
            "\ufeffMRN,mrn_2,FHIR Patient ID,DICOM PatientID,Name,DOB,issuer\n"
            '417,00417,pat-9,DX-1;DX-2,"Okonkwo, Ngozi",1950-01-02,urn:oid:1\n,,,,,,\n',
        )
    )
    assert rows == [
        {
            "ids": [
                ["mrn", "urn:oid:1", "417"],
                ["mrn", "urn:oid:1", "00417"],
                ["fhir", "", "pat-9"],
                ["mrn", "urn:oid:1", "DX-1"],
                ["mrn", "urn:oid:1", "DX-2"],
            ],
            "known": [
                ["id", "417"], ["id", "00417"], ["id", "pat-9"], ["id", "DX-1"], ["id", "DX-2"],
                ["name", "Okonkwo, Ngozi"], ["birth_date", "19500102"],
            ],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "LNK-001", {}),
        ('mrn,name\n"1,Smith', "LNK-001", {}),
        ("mrn,Ngozi\n1,x", "LNK-002", {"column": 2}),
        ("name,dob\nSmith,1950-01-02", "LNK-004", {}),
        ("mrn,name\n1,Smith\n,Smith", "LNK-003", {"row": 3}),
        ("mrn,name\n1", "LNK-003", {"row": 2}),
        ("mrn,dob\n1,1950-13-45", "LNK-003", {"row": 2}),
    ],
)
def test_what_does_not_fit_is_refused_by_number(tmp_path, text, code, facts):
    with pytest.raises(UsageError) as caught:
        read_linkage(table(tmp_path, text))
    assert caught.value.code == code
    assert {name: caught.value.facts[name] for name in facts} == facts
    assert not any(word in str(caught.value) + caught.value.hint for word in ("Smith", "Ngozi"))


def test_a_table_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "linkage.csv"
    path.write_bytes("mrn,name\n1,Muñoz".encode("latin-1"))
    with pytest.raises(UsageError) as caught:
        read_linkage(path)
    assert caught.value.code == "LNK-001"
