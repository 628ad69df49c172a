"""The program's own tables of private attributes: PS3.15 Table E.3.10-1, CSA headers, Philips sequences."""

from __future__ import annotations

from functools import cache

from curator.scrub.dicom.rules import data_text
from curator.scrub.policy.private_rows import PrivateRow, PrivateTable, Step, Steps, creator_key

__all__ = ["PrivateRow", "PrivateTable", "Step", "Steps", "creator_key", "csa_table", "philips_table", "standard_table"]


@cache
def csa_table() -> PrivateTable:
    """Return the rows of the two Siemens CSA headers, which no standard calls safe: they stay as they are rewritten."""
    return PrivateTable(
        PrivateRow(creator="SIEMENS CSA HEADER", group=0x0029, element=element, vr=("OB",), keep=True)
        for element in (0x10, 0x20)
    )


@cache
def philips_table() -> PrivateTable:
    """Return the sequences in which Philips repeats the attributes of enhanced MR images, whole and by frame.

    No standard lists them. They are looked into: what they hold is decided attribute by attribute.
    """
    return PrivateTable(
        PrivateRow(creator="Philips MR Imaging DD 005", group=0x2005, element=element, vr=("SQ",), keep=True)
        for element in (0x0E, 0x0F)
    )


@cache
def standard_table() -> PrivateTable:
    """Return Table E.3.10-1 of PS3.15."""
    rows = []
    for line in data_text("safe_private.tsv").splitlines():
        if line.startswith("#"):
            continue
        tag, creator, vr, vm, _ = line.split("\t")
        least, _, most = vm.partition("-")
        rows.append(
            PrivateRow(
                creator=creator,
                group=int(tag[:4], 16),
                element=int(tag[4:], 16),
                vr=tuple(vr.split(" or ")) if vr else (),
                keep=True,
                vm=(int(least), None if most == "n" else int(most or least)),
            )
        )
    return PrivateTable(rows)
