"""What the vault knows of everybody, and about whom each clean file is: read from its documents, in code of its own.

Reads ``deliveries/<number>/people`` and the plans, and the tables that the user gave. What is read may identify people:
for the memory of an audit only.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from curator.audit.closed.forms import Known
from curator.audit.closed.owners import KEPT, Owners
from curator.audit.closed.pieces import pieces
from curator.core.errors import CheckError
from curator.core.hashing import KeyedFile
from curator.core.spill import Rows, Sorter
from curator.identifiers.persons import pseudonym, shift_days
from curator.project import journal
from curator.project.paths import Project
from curator.project.vault import Vault

#: What the vault says of a person that is no identifier: that there was more than could be kept.
MORE = "more"
#: Values of nobody in particular that stand in one row.
_TOGETHER = 4096
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


_NOBODY: frozenset[int] = frozenset()


@dataclass
class Roll:
    """Everybody.

    Attributes
    ----------
    people
        The persons with what is known of them, laid aside; the first have what belongs to nobody in particular, as
        number 0.
    count
        How many persons there are.
    numbers
        Pseudonym to running number.
    shared
        Clean path of a file that is not about the person of its folder alone to the running numbers of all.
    unsearchable
        How often the vault says that of a person more was found than it kept.
    """

    people: Rows[Known] = field(default_factory=Rows, repr=False)
    count: int = 0
    numbers: dict[str, int] = field(default_factory=dict, repr=False)
    shared: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)
    unsearchable: int = 0

    def persons_of(self, path: str) -> frozenset[int]:
        """Return the running numbers of the persons whom a file is about; of everybody when nothing tells.

        Parameters
        ----------
        path
            Of a clean file, with or without folders before ``clean/``.
        """
        _, found, tail = path.rpartition("clean/")
        if not found:
            return _NOBODY
        if (shared := self.shared.get("clean/" + tail)) is not None:
            return shared
        return self.of_folder(tail) or self._everybody

    def of_folder(self, tail: str) -> frozenset[int] | None:
        """Return the person of a folder below clean/ alone, None for a folder that is nobody's."""
        number = self.numbers.get(tail.partition("/")[0])
        return None if number is None else frozenset({number})

    @cached_property
    def _everybody(self) -> frozenset[int]:
        return frozenset(self.numbers.values())


def _text(vault: Vault, name: str) -> str | None:
    data = vault.get(name)
    try:
        return None if data is None else zlib.decompress(data).decode()
    except (ValueError, zlib.error):
        raise CheckError("AUP-001") from None


def _document(vault: Vault, name: str) -> Any:
    text = _text(vault, name)
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        raise CheckError("AUP-001") from None


def read_roll(project: Project, vault: Vault) -> Roll:
    """Read what the vault knows.

    Raises
    ------
    IntegrityError
        VLT-003 when a document was changed.
    CheckError
        AUP-001 when the vault holds nothing that can be searched, or not as this version writes it.
    """
    roll = Roll()
    try:
        _fill(roll, project, vault)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise CheckError("AUP-001") from None
    if not roll.count:
        raise CheckError("AUP-001")
    return roll


def _fill(roll: Roll, project: Project, vault: Vault) -> None:
    given = _document(vault, "given") or {"patients": {}, "shifts": {}, "ids": {}, "uids": {}}
    told = _Told()
    deliveries = [
        number
        for number in sorted({int(name.split("/")[1]) for name in vault.names("deliveries")})
        if _document(vault, f"{_base(number)}/frozen") is not None
    ]
    for delivery in deliveries:
        told.read(_text(vault, f"{_base(delivery)}/people") or "")
    uids: Sorter[str] = Sorter(str)
    plans = {
        delivery: Owners(_planned(vault, delivery, told, uids), key=short)
        for delivery in deliveries
        if _document(vault, f"{_base(delivery)}/abandoned") is None
    }
    kept = {*given["uids"].values()}
    old = (uid for uid, _ in groupby(uids) if uid not in kept)
    roll.people.append(Known(0, tuple(("uid", uid) for uid in islice(old, _TOGETHER))))
    while some := tuple(("uid", uid) for uid in islice(old, _TOGETHER)):
        roll.people.append(Known(0, some))
    pseudonyms = {told.main(key): name for key, name in given["patients"].items()}
    shifts = {told.main(key): days for key, days in given["shifts"].items()}
    moves = _moves(project)
    moved: dict[int, int] = {}
    for key, number in told.numbers.items():
        secret = vault.person_key(number)
        roll.numbers[pseudonyms.get(key) or pseudonym(secret)] = number
        moved[number] = (shifts.get(key) or shift_days(secret)) if moves else 0
    for number, pairs in told.persons():
        roll.unsearchable += sum(category == MORE for category, _ in pairs)
        known = tuple(pair for pair in pairs if pair[0] != MORE)
        roll.people.append(Known(number, known, moved[number]))
        roll.count += 1
    _share(roll, project, plans)


class _Told:
    """What the vault tells of persons by their keys; what is known of each is laid aside."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._aliases: dict[str, str] = {}
        self._values: Sorter[tuple[str, str, str]] = Sorter(itemgetter(0))

    def read(self, text: str) -> None:
        """Read the document of a delivery's people."""
        for name, key, told in pieces(text, ("persons", "aliases", "known")):
            if name == "persons":
                key, number, kind, _, value = told
                self.numbers[key] = number
                self._identity(key, kind, value)
            elif name == "aliases":
                main, kind, _, value = told
                self._aliases[key] = main
                self._identity(main, kind, value)
            else:
                for category, value in told:
                    self._values.append((key, category, value))

    def _identity(self, key: str, kind: str, value: str) -> None:
        """Keep what a person is keyed by, where it is a number of theirs."""
        if kind in {"id", "fhir"}:
            self._values.append((key, "id", value))
        elif kind == "study":
            self._values.append((key, "uid", value))

    def main(self, key: str) -> str:
        """Return the key of whom a key is another one of."""
        return self._aliases.get(key, key)

    def about(self, keys: Iterable[str]) -> frozenset[int]:
        """Return the running numbers of those keys that are known."""
        return frozenset(self.numbers[own] for key in keys if (own := self.main(key)) in self.numbers)

    def persons(self) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
        """Yield each person's running number, ascending, with (category, value) of all that is known, sorted."""
        made: Sorter[tuple[int, list[tuple[str, str]]]] = Sorter(itemgetter(0), 1 << 10)
        for number in self.numbers.values():
            made.append((number, []))
        for key, rows in groupby(self._values, key=itemgetter(0)):
            if key in self.numbers:
                made.append((self.numbers[key], [row[1:] for row in rows]))
        for number, several in groupby(made, key=itemgetter(0)):
            yield number, tuple(sorted({pair for _, pairs in several for pair in pairs}))


def _base(delivery: int) -> str:
    return f"deliveries/{delivery:04d}"


def _planned(vault: Vault, delivery: int, told: _Told, uids: Sorter[str]) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield (source, persons) of each file that a delivery's plans let through, and take the old UIDs of all."""
    retained = bool((_document(vault, f"{_base(delivery)}/about") or {}).get("retain_uids"))
    for name in vault.names(_base(delivery)):
        for row in _document(vault, name) if "/plan" in name else ():
            if row.get("do") == "scrub":
                yield row["source"], told.about({row["person"], *(row.get("nodes") or {}).values()})
            for old in () if retained else row.get("old") or ():
                if old.count(".") > 2 and len(old) > 12:
                    uids.append(old)


def short(source: str) -> bytes:
    """Return what is kept of a source's digest; of what is none, a digest."""
    plain = bytes.fromhex(source) if _HEX.fullmatch(source) and len(source) >= 2 * KEPT else _digest(source)
    return plain[:KEPT]


def _digest(source: str) -> bytes:
    return hashlib.sha256(source.encode()).digest()


def _moves(project: Project) -> bool:
    """Say whether dates of any delivery may have been moved: unless all of them were made by the default policy."""
    names = {
        (journal.document(project, number, "delivery") or {}).get("policy", {}).get("name")
        for number in journal.deliveries(project)
    }
    return names != {"safe-harbor"}


def _share(roll: Roll, project: Project, plans: Mapping[int, Owners]) -> None:
    def told() -> Iterator[tuple[str, frozenset[int]]]:
        for row in journal.all_rows(project, ["outcome", "path"]):
            path = row.get("path") or ""
            plan = plans.get(row["delivery"]) if path else None
            some = None if plan is None else plan.at(short(row["source"]))
            if some:
                yield path, some

    for path, some in told():
        if some != roll.of_folder(path.removeprefix("clean/")):
            roll.shared[path] = roll.shared.get(path, _NOBODY) | some
    # One path may have been written of several sources, and some of them be about the person of its folder alone.
    for path, some in told() if roll.shared else ():
        if path in roll.shared and not some <= roll.shared[path]:
            roll.shared[path] |= some


def digest_of(vault: Vault, roll: Roll) -> str:
    """Return a keyed digest of all that is searched and of about whom which file is: what a kept result rests on."""
    mac = KeyedFile(vault.subkey("audit"), "closed-loop")
    last = -1
    for one in roll.people:
        if one.number != last:
            mac.update(_line(["person", one.number, one.shift]))
            last = one.number
        for pair in one.values:
            mac.update(_line(pair))
    for named in sorted(roll.numbers.items()):
        mac.update(_line(["number", *named]))
    for path, some in sorted(roll.shared.items(), key=itemgetter(0)):
        mac.update(_line(["shared", path, sorted(some)]))
    return mac.hexdigest()


def _line(said: Any) -> bytes:
    """Return a part of what is digested; no line is the beginning of another one, or two lines together."""
    return json.dumps(said).encode() + b"\n"
