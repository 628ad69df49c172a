"""What the vault knows of everybody, and about whom each clean file is: read from its documents, in code of its own.

Reads ``deliveries/<number>/people`` and the plans, and the tables that the user gave. What is read may identify people:
for the memory of an audit only.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from curator.audit.closed.forms import Known
from curator.core.errors import CheckError
from curator.core.hashing import keyed
from curator.identifiers.persons import pseudonym, shift_days
from curator.project import journal
from curator.project.paths import Project
from curator.project.vault import Vault

#: What the vault says of a person that is no identifier: that there was more than could be kept.
MORE = "more"


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
        Clean path of a file about several persons, or that its folder does not tell, to their running numbers.
    unsearchable
        How often the vault says that of a person more was found than it kept.
    """

    people: list[Known] = field(default_factory=list, repr=False)
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
        if found:
            if (shared := self.shared.get("clean/" + tail)) is not None:
                return shared
            number = self.numbers.get(tail.partition("/")[0])
            if number is not None:
                return frozenset({number})
            return frozenset(self.numbers.values())
        return frozenset()


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
    uids: set[tuple[str, str]] = set()
    given = _document(vault, "given") or {"patients": {}, "shifts": {}, "ids": {}, "uids": {}}
    plans: dict[int, list[tuple[str, frozenset[str]]]] = {}
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
        plans[delivery] = []
        for name in vault.names(base):
            if "/plan" not in name:
                continue
            for row in _document(vault, name):
                _planned(plans[delivery], row)
                if not retained:
                    uids.update(("uid", old) for old in row.get("old") or () if old.count(".") > 2 and len(old) > 12)
    uids -= {("uid", new) for new in given["uids"].values()}
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
    roll.people = [Known(0, tuple(sorted(uids)))]
    roll.people.extend(Known(one, tuple(sorted(known[one])), moved[one]) for one in sorted(known))
    _share(roll, project, plans, numbers, aliases)


def _identity(values: dict[str, set[tuple[str, str]]], key: str, kind: str, value: str) -> None:
    """Keep what a person is keyed by, where it is a number of theirs."""
    if kind in {"id", "fhir"}:
        values.setdefault(key, set()).add(("id", value))
    elif kind == "study":
        values.setdefault(key, set()).add(("uid", value))


def _planned(rows: list[tuple[str, frozenset[str]]], row: dict[str, Any]) -> None:
    """Note about whom a planned file is."""
    if row.get("do") == "scrub":
        rows.append((row["source"], frozenset({row["person"], *(row.get("nodes") or {}).values()})))


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
    plans: dict[int, list[tuple[str, frozenset[str]]]],
    numbers: dict[str, int],
    aliases: dict[str, str],
) -> None:
    persons = {
        (delivery, source): frozenset(
            numbers[aliases.get(key, key)] for key in keys if aliases.get(key, key) in numbers
        )
        for delivery, rows in plans.items()
        for source, keys in rows
    }
    for row in journal.all_rows(project, ["outcome", "path"]):
        if row.get("path"):
            found = persons.get((row["delivery"], row["source"]))
            if found:
                roll.shared[row["path"]] = found | roll.shared.get(row["path"], frozenset())


def digest_of(vault: Vault, roll: Roll) -> str:
    """Return a keyed digest of all that is searched and of about whom which file is: what a kept result rests on."""
    people = [[one.number, one.values, one.shift] for one in roll.people]
    shared = sorted((path, sorted(some)) for path, some in roll.shared.items())
    text = json.dumps([people, sorted(roll.numbers.items()), shared], sort_keys=True)
    return keyed(vault.subkey("audit"), "closed-loop", text.encode()).hex()
