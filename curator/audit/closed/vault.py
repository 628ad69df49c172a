"""What the vault knows of everybody, and about whom each clean file is: read from its documents, in code of its own.

Reads ``deliveries/<number>/people`` and the plans, and the tables that the user gave. What is read may identify people:
for the memory of an audit only.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from curator.audit.closed.forms import Known
from curator.core.errors import CheckError
from curator.core.hashing import KeyedFile
from curator.identifiers.persons import pseudonym, shift_days
from curator.project import journal
from curator.project.paths import Project
from curator.project.vault import Vault

#: What the vault says of a person that is no identifier: that there was more than could be kept.
MORE = "more"
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


_NOBODY: frozenset[int] = frozenset()


@dataclass
class Roll:
    """Everybody.

    Attributes
    ----------
    people
        The persons with what is known of them; the first has what belongs to nobody in particular, as number 0.
    numbers
        Pseudonym to running number.
    shared
        Clean path of a file that is not about the person of its folder alone to the running numbers of all.
    unsearchable
        How often the vault says that of a person more was found than it kept.
    """

    people: list[Known] = field(default_factory=list, repr=False)
    numbers: dict[str, int] = field(default_factory=dict, repr=False)
    shared: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)
    unsearchable: int = 0
    _singles: dict[int, frozenset[int]] = field(default_factory=dict, repr=False)

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
        return None if number is None else self.single(number)

    def single(self, number: int) -> frozenset[int]:
        """Return a set of one person; it is made once."""
        return self._singles.setdefault(number, frozenset({number}))

    @cached_property
    def _everybody(self) -> frozenset[int]:
        return frozenset(self.numbers.values())


def _document(vault: Vault, name: str) -> Any:
    data = vault.get(name)
    if data is None:
        return None
    try:
        return json.loads(zlib.decompress(data))
    except (ValueError, zlib.error):
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
    if len(roll.people) < 2:
        raise CheckError("AUP-001")
    return roll


def _fill(roll: Roll, project: Project, vault: Vault) -> None:
    numbers: dict[str, int] = {}
    aliases: dict[str, str] = {}
    values: dict[str, set[tuple[str, str]]] = {}
    uids: set[str] = set()
    given = _document(vault, "given") or {"patients": {}, "shifts": {}, "ids": {}, "uids": {}}
    plans: dict[int, dict[bytes, tuple[str, ...]]] = {}
    groups: dict[tuple[str, ...], tuple[str, ...]] = {}
    for delivery in sorted({int(name.split("/")[1]) for name in vault.names("deliveries")}):
        base = f"deliveries/{delivery:04d}"
        if _document(vault, f"{base}/frozen") is None:
            continue
        told = _document(vault, f"{base}/people")
        for key, number, kind, _, value in told["persons"]:
            numbers[key] = number
            _identity(values, key, kind, value)
        for key, (main, kind, _, value) in told["aliases"].items():
            aliases[key] = main
            _identity(values, main, kind, value)
        for key, pairs in told["known"].items():
            values.setdefault(key, set()).update((category, value) for category, value in pairs)
        if _document(vault, f"{base}/abandoned") is not None:
            continue
        retained = bool((_document(vault, f"{base}/about") or {}).get("retain_uids"))
        plans[delivery] = {}
        for name in vault.names(base):
            if "/plan" not in name:
                continue
            for row in _document(vault, name):
                _planned(plans[delivery], row, groups)
                if not retained:
                    uids.update(old for old in row.get("old") or () if old.count(".") > 2 and len(old) > 12)
    uids.difference_update(given["uids"].values())
    pseudonyms = {aliases.get(key, key): name for key, name in given["patients"].items()}
    shifts = {aliases.get(key, key): days for key, days in given["shifts"].items()}
    moves = _moves(project)
    known: dict[int, set[tuple[str, str]]] = {}
    moved: dict[int, int] = {}
    for key, number in numbers.items():
        secret = vault.person_key(number)
        roll.numbers[pseudonyms.get(key) or pseudonym(secret)] = number
        moved[number] = (shifts.get(key) or shift_days(secret)) if moves else 0
        pairs = values.get(key, set())
        roll.unsearchable += sum(category == MORE for category, _ in pairs)
        known[number] = {pair for pair in pairs if pair[0] != MORE}
    roll.people = [Known(0, tuple(("uid", old) for old in sorted(uids)))]
    uids.clear()
    roll.people.extend(Known(one, tuple(sorted(known[one])), moved[one]) for one in sorted(known))
    _share(roll, project, plans, numbers, aliases)


def _identity(values: dict[str, set[tuple[str, str]]], key: str, kind: str, value: str) -> None:
    """Keep what a person is keyed by, where it is a number of theirs."""
    if kind in {"id", "fhir"}:
        values.setdefault(key, set()).add(("id", value))
    elif kind == "study":
        values.setdefault(key, set()).add(("uid", value))


def _planned(
    rows: dict[bytes, tuple[str, ...]], row: dict[str, Any], groups: dict[tuple[str, ...], tuple[str, ...]]
) -> None:
    """Note about whom a planned file is; files about the same persons share one note."""
    if row.get("do") == "scrub":
        keys = tuple(sorted({row["person"], *(row.get("nodes") or {}).values()}))
        rows[_short(row["source"])] = groups.setdefault(keys, keys)


def _short(source: str) -> bytes:
    """Return a source's digest in half the bytes, where it is one."""
    return bytes.fromhex(source) if _HEX.fullmatch(source) else source.encode()


def _moves(project: Project) -> bool:
    """Say whether dates of any delivery may have been moved: unless all of them were made by the default policy."""
    names = {
        (journal.document(project, number, "delivery") or {}).get("policy", {}).get("name")
        for number in journal.deliveries(project)
    }
    return names != {"safe-harbor"}


def _share(
    roll: Roll,
    project: Project,
    plans: dict[int, dict[bytes, tuple[str, ...]]],
    numbers: dict[str, int],
    aliases: dict[str, str],
) -> None:
    made: dict[tuple[str, ...], frozenset[int]] = {}

    def told() -> Iterator[tuple[str, frozenset[int]]]:
        for row in journal.all_rows(project, ["outcome", "path"]):
            path = row.get("path") or ""
            keys = plans.get(row["delivery"], {}).get(_short(row["source"])) if path else None
            if keys is None:
                continue
            if keys not in made:
                found = {numbers[own] for key in keys if (own := aliases.get(key, key)) in numbers}
                made[keys] = roll.single(*found) if len(found) == 1 else frozenset(found)
            if made[keys]:
                yield path, made[keys]

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
    for one in roll.people:
        mac.update(_line(["person", one.number, one.shift]))
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
