"""The tables name only what there is."""

from __future__ import annotations

import hl7_support as support
import pytest

from curator.core.errors import ItemError
from curator.scrub.hl7 import kinds, parse
from curator.scrub.hl7.tables import closed_lists, known, rules, segments, types

EXPECTED = """
MSH EVN PID PD1 NK1 PV1 PV2 OBR OBX ORC NTE AL1 DG1 PR1 IN1 IN2 IN3 GT1 ACC UB1 UB2 FT1 SPM SCH AIG AIL AIP AIS RXA RXE
RXO RXR RXD RXC TXA MRG ROL CTD PRD STF PRA DSC BHS BTS FHS FTS MSA ERR QRD QRF QAK RCP
""".split()  # noqa: SIM905


def test_the_usual_segments_are_known_and_those_of_sites_are_not() -> None:
    assert set(EXPECTED) <= set(segments())
    assert not [name for name in segments() if name.startswith("Z")]


def test_every_rule_is_of_a_field_or_component_that_exists() -> None:
    identifying = (f"{name}.{number}" for name, listed in known().items() for number, _ in listed)
    for place in (*rules(), *closed_lists(), *identifying):
        name, number = place.split(".")
        row = segments().get(name)
        assert int(number) in row if row is not None else int(number) <= len(types()[name]), place


def test_every_type_of_a_field_is_treated() -> None:
    listed = {kind for row in segments().values() for kind in row.values()}
    inner = {kind for row in types().values() for kind in row} - {"-"}
    unknown = {
        kind for kind in listed | inner if kind not in kinds.KNOWN and kind not in kinds.BY_KIND and kind not in types()
    }
    assert unknown == {"varies"}


def test_what_is_too_large_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "LARGEST", 500)
    monkeypatch.setattr(parse, "_MIB", 64)
    for data in (support.message(*["NTE|1|L|x"] * 60), support.message("NTE|1|L|" + "x" * 600)):
        with pytest.raises(ItemError) as caught:
            support.scrubbed(data)
        assert caught.value.code == "HLS-007"
    assert support.scrubbed(support.message() * 20)[2].count(b"MSH") == 20
