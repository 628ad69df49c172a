"""Writes curator/scrub/hl7/data/segments.tsv and types.tsv: fields of HL7 v2 segments and components of its data types.

    python scripts/data/hl7_segments.py HL7APY

HL7APY: a folder that holds the package ``hl7apy`` (1.3), whose tables carry the segments, fields and data types of
HL7 v2.5.1 (ANSI/HL7 2.5.1-2007) and v2.8.2 by number, type and name. Only these facts are taken. Fields and segments
that came after v2.5.1 are taken from v2.8.2; where both name a field, v2.5.1 counts.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[2] / "curator" / "scrub" / "hl7" / "data"
#: Segments that describe systems, master files of tests, or equipment: no hospital's patient data.
LEFT_OUT = frozenset(
    """ADD CDM CM0 CM1 CM2 CNS ECD ECR EDU EQL EQP EQU ERQ ISD LAN LCC LCH LDP LOC LRL MFA MFE MFI NCK NDS NSC NST
    OM1 OM2 OM3 OM4 OM5 OM6 OM7 PCE PKG PMT QPD QRI RCP RDF RDT SCD SCP SDD SLT SPR STZ TCC TCD URD URS VAR VTQ ADJ
    AFF BUI CER CTR IIM ILT IPC ITM IVC IVT ORG PRC PSG PSL PSS PTH PYE RFI RMI SCD SGH SGT SID STF PRA
    OMC DMI SHP PAC PDA PEO PES PSH PRB PRD PCR PDC EQP ANYZSEGMENT ANYHL7SEGMENT""".split()  # noqa: SIM905
) - {"STF", "PRA", "PRD", "RCP", "PRB", "CER", "PDA"}
HEADER = """\
# Fields of HL7 v2 segments: segment, number, type, name. Facts of HL7 v2.5.1 (ANSI/HL7 2.5.1-2007) and, for what came
# later, of v2.8.2; written by scripts/data/hl7_segments.py. What is done with a field follows from its type, unless
# rules.tsv says otherwise. A field that is not listed goes.
"""
TYPES = """\
# Components of HL7 v2 data types: type, then the types of its components in their order. Facts of HL7 v2.5.1 and, for
# what came later, of v2.8.2; written by scripts/data/hl7_segments.py. Types that are not listed have no components.
"""


def tables(version: str, part: str) -> dict[str, Any]:
    module = importlib.import_module(f"hl7apy.{version}.{part}")
    return getattr(module, {"segments": "SEGMENTS", "fields": "FIELDS", "datatypes": "DATATYPES"}[part])


def main() -> None:
    fields: dict[tuple[str, int], tuple[str, str]] = {}
    types: dict[str, dict[int, str]] = {}
    for version in ("v2_8_2", "v2_5_1"):
        for name, row in tables(version, "fields").items():
            segment, number = name.split("_")
            fields[segment, int(number)] = (row[2], row[3])
        for name, row in tables(version, "datatypes").items():
            kind, _, number = name.rpartition("_")
            types.setdefault(kind, {})[int(number)] = row[2]
    lines = [
        f"{segment}\t{number}\t{kind}\t{name}"
        for (segment, number), (kind, name) in sorted(fields.items())
        if segment not in LEFT_OUT and kind is not None
    ]
    OUT.mkdir(exist_ok=True)
    (OUT / "segments.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    rows = [
        "\t".join([kind, *(parts.get(number, "-") for number in range(1, max(parts) + 1))])
        for kind, parts in sorted(types.items())
    ]
    (OUT / "types.tsv").write_text(TYPES + "\n".join(rows) + "\n", encoding="utf-8")
    print(len(lines), "fields of", len({line.split("\t")[0] for line in lines}), "segments;", len(rows), "types")


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main()
