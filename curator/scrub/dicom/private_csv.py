"""A user's own table of private attributes, in the CSV form of TCIA's private tag knowledge base.

A row names an attribute by its place, ``(0019,"SIEMENS MR HEADER",0c)``, below sequences where it stands in some
(``(2005,"Philips MR Imaging DD 005",0e)[<0>](0018,0081)``), its VR, and what becomes of it. What a row says is never
guessed: a row that cannot be read whole refuses the table. Errors name a row by its number, never its text.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import NoReturn

from curator.core.errors import UsageError
from curator.formats.dicom.encoding import VR_TEXT
from curator.scrub.dicom.private_table import PrivateRow, PrivateTable, Step, Steps, creator_key

LARGEST = 8 << 20
MOST_ROWS = 50_000
#: Sequences above an attribute.
DEEPEST = 8
_LONGEST_CREATOR = 64
_SIGNATURE, _VR, _DISPOSITION, _VM = "element_sig_pattern", "vr", "private_disposition", "vm"
_STEP = r'\( *([0-9A-Fa-f]{4}) *, *(?:"([^"]*)" *, *(?:xx)?([0-9A-Fa-f]{2})|([0-9A-Fa-f]{4})) *\)'
_STEPS = re.compile(_STEP)
_WHOLE = re.compile(rf"{_STEP}(?: *\[ *<? *[0-9]{{1,4}} *>? *\] *{_STEP})*")
_VM_TEXT = re.compile(r"(\d{1,4})(?:-(?:(\d{1,4})|(?:\d{1,2})?n))?")
_EVERY_VR = frozenset(VR_TEXT.values())
_DATES = frozenset({"DA", "DT", "TM"})
_BLANK = frozenset({"", "\\n", "null", "none"})
#: What each disposition lets stay: VRs, or None for all. Keep; hash a UID; offset a date. The others delete: ``oi``, a
#: date that is written as a number of seconds, has no date rule to go through, and ``na`` stands below what is deleted.
_KEPT: dict[str, frozenset[str] | None] = {
    "k": None,
    "h": frozenset({"UI"}),
    "o": _DATES,
    "d": frozenset(),
    "oi": frozenset(),
    "na": frozenset(),
}


def load_tcia_csv(path: Path) -> PrivateTable:
    """Read a table from a file.

    Raises
    ------
    UsageError
        POL-010 when it cannot be opened; POL-011 as :func:`read_tcia_csv`.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError:
        raise UsageError("POL-010") from None
    return read_tcia_csv(data)


def read_tcia_csv(data: bytes) -> PrivateTable:
    """Read a table.

    Parameters
    ----------
    data
        The CSV file: UTF-8, or UTF-16 with a byte order mark; parted by commas, semicolons or tabs; at most 8 MiB and
        50,000 rows. The columns ``element_sig_pattern``, ``vr`` and ``private_disposition`` are read by their names, a
        column ``vm`` too if there is one, the others are not.

    Returns
    -------
    PrivateTable
        One row for each attribute and place. Where two rows of the file contradict each other, the attribute goes in
        the VR that they speak of. Rows of public attributes count only below a private sequence.

    Raises
    ------
    UsageError
        POL-011 with the number of the row when it cannot be read whole.
    """
    rows = _cells(_text(data))
    heads = [head.strip().lower() for head in rows[0]]
    if any(heads.count(name) != 1 for name in (_SIGNATURE, _VR, _DISPOSITION)) or heads.count(_VM) > 1:
        _refuse("its first row does not name element_sig_pattern, vr and private_disposition once each")
    at = {name: heads.index(name) for name in (_SIGNATURE, _VR, _DISPOSITION, _VM) if name in heads}
    found: dict[tuple[Step, Steps], _Gathered] = {}
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heads):
            _refuse(f"row {number} has another number of columns than the first")
        _take({name: cells[index].strip() for name, index in at.items()}, number, found)
    return PrivateTable(gathered.row(step, above) for (step, above), gathered in found.items())


class _Gathered:
    """What the rows of one attribute at one place say together."""

    def __init__(self, creator: str) -> None:
        self.creator = creator
        self.kept: set[str] = set()
        self.denied: set[str] = set()
        self.blank = self.gone = False
        self.vm: list[tuple[int, int | None]] = []

    def row(self, step: Step, above: Steps) -> PrivateRow:
        """Return them as one row."""
        stays = sorted(self.kept - self.denied)
        least = min((low for low, _ in self.vm), default=0)
        most = (
            None if not self.vm or any(high is None for _, high in self.vm) else max(high or 0 for _, high in self.vm)
        )
        return PrivateRow(
            creator=self.creator,
            group=step[1],
            element=step[2],
            vr=tuple(stays),
            keep=not self.gone and bool(stays or (self.blank and not self.kept)),
            denied=tuple(sorted(self.denied)),
            vm=(least, most),
            above=above,
        )


def _take(cells: dict[str, str], number: int, found: dict[tuple[Step, Steps], _Gathered]) -> None:
    """Add what a row says."""
    disposition = cells[_DISPOSITION].lower()
    steps, creator = _place(cells[_SIGNATURE], number)
    if disposition in _BLANK:
        disposition = "d"  # nobody has said that it may stay
    if disposition not in _KEPT:
        _refuse(f"row {number} has a disposition that is none of k, d, h, o, oi, na")
    vrs = _vrs(cells[_VR], number)
    vm = _vm(cells.get(_VM, ""), number)
    if steps is None:
        return
    gathered = found.setdefault((steps[-1], steps[:-1]), _Gathered(creator))
    allowed = _KEPT[disposition]
    if not vrs:
        gathered.blank = gathered.blank or disposition == "k"
        gathered.gone = gathered.gone or disposition != "k"
    elif allowed is None:
        gathered.kept |= vrs
    else:
        gathered.kept |= vrs & allowed
        gathered.denied |= vrs - allowed
    if disposition == "k":
        gathered.vm.append(vm)


def _place(text: str, number: int) -> tuple[Steps | None, str]:
    """Read a signature: its steps from the top, and the creator as spelled; no steps where none can be asked for."""
    if not _WHOLE.fullmatch(text):
        _refuse(f'row {number} has no signature of the form (gggg,"creator",ee)')
    steps: list[Step] = []
    creator = ""
    private = reachable = False
    for group_text, creator, low, whole in _STEPS.findall(text):
        group = int(group_text, 16)
        if whole:
            reachable = not group & 1  # without its creator nobody knows what a private number means
            steps.append(("", group, int(whole, 16)))
        else:
            key = creator_key(creator)
            reachable = bool(group & 1 and key)
            if len(creator) > _LONGEST_CREATOR or not creator.isprintable() or not (group & 1):
                _refuse(f"row {number} names a private creator that cannot be one")
            steps.append((key, group, int(low, 16)))
            private = True
        if not reachable:
            return None, ""
    if len(steps) > DEEPEST + 1:
        _refuse(f"row {number} is nested deeper than {DEEPEST} sequences")
    return (tuple(steps) if private else None), creator


def _vrs(text: str, number: int) -> set[str]:
    """Read a VR, or several parted by a slash, a bar, a comma or ``or``; none when the cell is blank."""
    if text.lower() in _BLANK:
        return set()
    found = set(re.split(r" *[/|,] *| +or +", text.upper().replace(" OR ", " or ")))
    if not found <= _EVERY_VR:
        _refuse(f"row {number} has a VR that PS3.5 does not know")
    return found


def _vm(text: str, number: int) -> tuple[int, int | None]:
    if text.lower() in _BLANK:
        return (0, None)
    found = _VM_TEXT.fullmatch(text.lower())
    if found is None:
        _refuse(f"row {number} has a VM that cannot be read")
    most = found[2] or ("" if "-" in text else found[1])
    return int(found[1]), int(most) if most else None


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        _refuse(f"it is larger than {LARGEST >> 20} MiB")
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("POL-011", reason="it is not UTF-8") from None


def _cells(text: str) -> list[list[str]]:
    """Part a CSV text; the mark that parts the first row's names parts all."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    failed = False
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error:
        failed = True
    if failed or "\0" in text:
        _refuse(f"row {len(rows) + 1} is no CSV")
    if not rows:
        _refuse("it is empty")
    if len(rows) > MOST_ROWS + 1:
        _refuse(f"it has more than {MOST_ROWS} rows")
    return rows


def _refuse(reason: str) -> NoReturn:
    raise UsageError("POL-011", reason=reason)
