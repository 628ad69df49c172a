"""``privacy/k-anonymity``: the smallest group of people who look alike, by headers or by a table's columns."""

from __future__ import annotations

from audit_support import Desk
from objects_support import dicom

from curator.audit.catalog import own
from curator.audit.model import Outcome

CHECK = next(one.check for one in own() if one.check.id == "privacy/k-anonymity")


def desk(people, **settings):
    data = {}
    for at, (sex, age) in enumerate(people):

        def change(one, sex=sex, age=age):
            one.PatientSex, one.PatientAge = sex, age

        data[f"clean/P{at}/2.25.1/2.25.2/2.25.{at}.dcm"] = dicom(change)
    return Desk(data, dict.fromkeys(data, "dicom"), settings={CHECK.id: settings})


def test_people_are_counted_once_and_by_band_of_age():
    alike = [("F", "041Y"), ("F", "049Y"), ("F", "045Y")]
    answer = CHECK.run(desk(alike, k=3))
    assert answer.outcome is Outcome.PASS
    assert answer.figures["k"] == answer.figures["rows"] == 3
    assert CHECK.run(desk([*alike, ("M", "041Y")], k=2)).outcome is Outcome.FAIL
    narrow = CHECK.run(desk(alike, k=2, band=1))
    assert narrow.figures["rows_below"] == 3


def test_a_table_is_measured_by_its_columns_and_none_that_is_not_there_passes():
    made = desk([("F", "041Y")], k=2, table="clean/t.csv", columns=["sex", "zip3"])
    assert CHECK.run(made).outcome is Outcome.COULD_NOT_CHECK
    made.data["clean/t.csv"] = b"sex,zip3,x\nF,606,1\nF,606,2\nM,606,3\nM,606,4\n"
    assert CHECK.run(made).figures["k"] == 2
    assert CHECK.run(made).outcome is Outcome.PASS
    made.data["clean/t.csv"] += b"M,941,5\n"
    assert CHECK.run(made).outcome is Outcome.FAIL


def test_an_object_that_cannot_be_read_is_no_pass_and_no_object_is_not_applicable():
    made = desk([("F", "041Y")] * 6)
    made.data["clean/P0/2.25.1/2.25.2/2.25.0.dcm"] = dicom()[:-2]
    assert CHECK.run(made).outcome is Outcome.COULD_NOT_CHECK
    assert CHECK.run(desk([])).outcome is Outcome.NOT_APPLICABLE
