"""Tables that a user gives of pseudonyms, UIDs and date shifts that are in use already, so that new data join the old.

Kept in the vault with their lineage. What was once given stays, and what the project has given out itself is never
changed by a table. No value of a table may reach an error.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curator.core.clock import Clock, utc_text
from curator.core.errors import UsageError
from curator.core.hashing import keyed
from curator.identifiers.persons import PersonId, normal_id
from curator.identifiers.spelling import fold
from curator.identifiers.uids import is_uid
from curator.project.vault import Vault
from curator.scrub.delivery.state import packed, unpacked
from curator.scrub.policy.load import folded_column

LARGEST = 512 << 20
#: Days by which a given shift may move dates: about a hundred years.
MOST_SHIFT = 36_525
_NAME = "given"
_PSEUDONYM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
#: Letters and digits of an original ID from which on it may not stand inside its pseudonym.
_LEAST_INSIDE = 4
_OLD = frozenset({"id_old", "old", "original", "patient_id", "mrn", "id", "uid", "uid_old", "old_uid"})
_NEW = {
    "uids": frozenset({"id_new", "new", "uid_new", "new_uid"}),
    "patients": frozenset({"id_new", "new", "pseudonym", "new_id"}),
    "shifts": frozenset({"days", "shift", "shift_days"}),
}
_ISSUER = frozenset({"issuer"})


@dataclass(frozen=True)
class Given:
    """What tables have given so far.

    Parameters
    ----------
    uids
        Original UID to new UID.
    patients
        Key of an ID to the pseudonym.
    shifts
        Key of an ID to whole days.
    ids
        Key of an ID to (issuer, value).
    imports
        One entry a table: ``kind``, ``rows``, ``digest`` (keyed, 64 hex), ``at`` (UTC).
    """

    uids: Mapping[str, str] = field(default_factory=dict, repr=False)
    patients: Mapping[str, str] = field(default_factory=dict, repr=False)
    shifts: Mapping[str, int] = field(default_factory=dict, repr=False)
    ids: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    imports: tuple[Mapping[str, Any], ...] = ()

    def lineage(self) -> list[dict[str, Any]]:
        """Return what a journal may say of the tables: kind, number of rows, and keyed digest of each."""
        return [{name: one[name] for name in ("kind", "rows", "digest")} for one in self.imports]

    def linkage(self) -> list[dict[str, Any]]:
        """Return rows for the linkage: IDs with one pseudonym are of one person."""
        groups: dict[str, list[str]] = {}
        for key, name in self.patients.items():
            groups.setdefault(name, []).append(key)
        return [
            {"ids": [["mrn", *self.ids[key]] for key in sorted(groups[name])], "known": []} for name in sorted(groups)
        ]

    def loose(self) -> frozenset[str]:
        """Return the numbers that are given without an issuer."""
        return frozenset(value for issuer, value in self.ids.values() if not issuer)


def stored(vault: Vault) -> Given:
    """Return what the vault holds.

    Raises
    ------
    IntegrityError
        VLT-003 when it was changed.
    """
    data = vault.get(_NAME)
    if data is None:
        return Given()
    doc = unpacked(data)
    return Given(
        uids=doc["uids"],
        patients=doc["patients"],
        shifts=doc["shifts"],
        ids={key: (pair[0], pair[1]) for key, pair in doc["ids"].items()},
        imports=tuple(doc["imports"]),
    )


def id_key(secret: bytes, site: str, issuer: str, value: str) -> str:
    """Return the key under which a hospital's number stands; the site stands for an issuer that is not named."""
    return PersonId("id", normal_id(issuer) or site, normal_id(value)).key(secret)


def read_table(path: Path, kind: str) -> list[tuple[str, str, str]]:
    """Read a table of one kind (``uids``, ``patients`` or ``shifts``).

    Returns
    -------
    list of tuple
        Issuer, original value and what is given for it, one for each row.

    Raises
    ------
    UsageError
        XWK-010 when it cannot be read, XWK-011 when its columns are not those wanted, XWK-012 for a row that does not
        fit: an empty cell, a new UID that is none, a pseudonym with other marks than letters, digits, ``_`` and ``-``,
        or one that holds the original, a shift that is no whole number of days or zero.
    """
    try:
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise ValueError
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, ValueError, csv.Error):
        raise UsageError("XWK-010", kind=kind) from None
    heads = [folded_column(cell) for cell in rows[0]] if rows else []
    old, new, issuer = (_column(heads, names) for names in (_OLD, _NEW[kind], _ISSUER))
    if old is None or new is None:
        raise UsageError("XWK-011", kind=kind, known=", ".join(sorted(_NEW[kind])))
    found = []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cells):
            continue
        if len(cells) != len(heads):
            raise UsageError("XWK-012", kind=kind, row=number)
        before, after = normal_id(cells[old]), cells[new].strip()
        if not before or not _fits(kind, before, after):
            raise UsageError("XWK-012", kind=kind, row=number)
        found.append((cells[issuer].strip() if issuer is not None else "", before, after))
    return found


def _column(heads: list[str], names: Iterable[str]) -> int | None:
    places = [at for at, head in enumerate(heads) if head in set(names)]
    return places[0] if len(places) == 1 else None


def _fits(kind: str, before: str, after: str) -> bool:
    if kind == "uids":
        return is_uid(before) and is_uid(after) and before != after
    if kind == "shifts":
        return re.fullmatch(r"[+-]?[1-9][0-9]{0,4}", after) is not None and abs(int(after)) <= MOST_SHIFT
    inside, within = fold(before), fold(after)
    return (
        _PSEUDONYM.fullmatch(after) is not None
        and inside != within
        and not (len(inside) >= _LEAST_INSIDE and inside in within)
    )


def take_in(
    vault: Vault,
    tables: Mapping[str, list[tuple[str, str, str]]],
    *,
    site: str,
    taken: Mapping[str, Mapping[str, Any]],
    known: Iterable[str] = (),
    clock: Clock,
    keep: bool = True,
) -> dict[str, int]:
    """Add tables to what was given, all of them or none.

    Parameters
    ----------
    vault
        The opened vault.
    tables
        Kind to rows of :func:`read_table`.
    site
        Stands for the issuer of numbers whose row names none.
    taken
        Kind to what the project has given out itself: original UID to new UID, or key of an ID to pseudonym or days.
    known
        The original patient IDs that the project has met.
    clock
        For the lineage.
    keep
        False to check only.

    Returns
    -------
    dict
        How many rows of each kind are new.

    Raises
    ------
    UsageError
        XWK-013 when a row contradicts an earlier row or what the project has given out; XWK-014 when two originals of
        UIDs get the same new one; XWK-017 when what is new for one is the original of another.
    """
    before = stored(vault)
    made: dict[str, dict[str, Any]] = {
        "uids": dict(before.uids),
        "patients": dict(before.patients),
        "shifts": dict(before.shifts),
    }
    ids = {key: list(pair) for key, pair in before.ids.items()}
    secret, news = vault.subkey("person"), {}
    for kind, rows in tables.items():
        against, count = taken.get(kind, {}), 0
        for issuer, old, new in rows:
            value: Any = int(new) if kind == "shifts" else new
            key = old if kind == "uids" else id_key(secret, site, issuer, old)
            if made[kind].get(key, against.get(key, value)) != value:
                raise UsageError("XWK-013", kind=kind)
            count += key not in made[kind]
            made[kind][key] = value
            if kind != "uids":
                ids[key] = [normal_id(issuer), old]
        news[kind] = count
    if len(set(made["uids"].values())) != len(made["uids"]):
        raise UsageError("XWK-014")
    if not made["uids"].keys().isdisjoint(made["uids"].values()) or any(
        new in taken.get("uids", {}) for new in made["uids"].values()
    ):
        raise UsageError("XWK-017", kind="uids")
    originals = {fold(value) for value in (*known, *(pair[1] for pair in ids.values()))}
    if not originals.isdisjoint(map(fold, made["patients"].values())):
        raise UsageError("XWK-017", kind="patients")
    imports = [*map(dict, before.imports)]
    for kind, rows in tables.items():
        if news[kind]:
            digest = keyed(vault.subkey("source"), "given", packed([list(row) for row in rows])).hex()
            imports.append({"kind": kind, "rows": len(rows), "digest": digest, "at": utc_text(clock.now())})
    if keep and any(news.values()):
        vault.put(_NAME, packed({"format": 1, **made, "ids": ids, "imports": imports}))
    return news
