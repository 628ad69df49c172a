"""The tables hold together: every class is reached and treated, every form can be searched with."""

from __future__ import annotations

import inspect

import pytest

from curator.scrub.cda import tables, transform


def test_every_class_is_reached_from_the_document() -> None:
    known = tables.elements()
    reached, waiting = set(), ["ClinicalDocument"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [of.partition(":")[0] for of in known.get(name, {}).values()]
    # What only xsi:type leads to.
    assert set(known) - reached - {"SLIST", "GLIST", "IVL_REAL"} == set()


def test_every_type_that_an_element_has_is_treated() -> None:
    source = inspect.getsource(transform.Walk)
    for children in tables.elements().values():
        for of in children.values():
            base = of.partition(":")[0]
            listed = base in tables.elements() or base in {"ADXP", "ENXP", "Nothing", "ANY"}
            assert listed or f'"{base}"' in source, of


@pytest.mark.parametrize(
    ("oid", "code", "taken"),
    [
        ("2.16.840.1.113883.6.1", "718-7", True),
        ("2.16.840.1.113883.6.1", "7187", False),
        ("2.16.840.1.113883.6.96", "22298006", True),
        ("2.16.840.1.113883.6.96", "19580217", False),
        ("2.16.840.1.113883.6.90", "E11.9", True),
        ("2.16.840.1.113883.6.88", "860975", True),
        ("2.16.840.1.113883.5.14", "completed", True),
        ("2.16.840.1.113883.5.14", "Wolskowicz", False),
        ("2.16.840.1.113883.5.1", "F", True),
        ("2.16.840.1.113883.6.1", "٧١٨-٧", False),
    ],
)
def test_codes_have_the_form_of_their_system(oid: str, code: str, taken: bool) -> None:
    assert tables.systems()[oid].takes(code) is taken


@pytest.mark.parametrize(
    "text",
    ["mg/dL", "10*3/uL", "mm[Hg]", "{beats}/min", "ug/kg/min", "m2", "1", "%", "[IU]/mL", "mL/min/{1.73_m2}", "kg/m2"],
)
def test_units_of_measure_are_known(text: str) -> None:
    assert tables.unit(text) == text


@pytest.mark.parametrize("text", ["Wolskowicz", "mg Wolskowicz", "12345678", "mg/8842991", "", "[Smith]", "m" * 60])
def test_what_is_no_unit_is_none(text: str) -> None:
    assert tables.unit(text) is None


def test_only_registered_roots_and_arcs_stay() -> None:
    assert tables.is_artifact("2.16.840.1.113883.10.20.22.4.2")
    assert not tables.is_artifact("2.16.840.1.113883.10.20.19580217")
    assert not tables.is_artifact("2.16.840.1.113883.100")
    assert tables.is_registered("2.16.840.1.113883.4.6")
    assert tables.is_registered("2.16.840.1.113883.4.3.41")
    assert not tables.is_registered("2.16.840.1.113883.4.3.19580217")
    assert tables.is_personal("2.16.840.1.113883.4.1")
