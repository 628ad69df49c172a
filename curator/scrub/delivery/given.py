"""Tables that a user gives of pseudonyms, UIDs and date shifts that are in use already, so that new data join the old.

Kept in the vault with their lineage. What was once given stays, and what the project has given out itself is never
changed by a table. No value of a table may reach an error.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
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
from curator.scrub.delivery.telling import LEAST_INSIDE, check_pseudonyms
from curator.scrub.policy.load import folded_column

LARGEST = 512 << 20
#: Days by which a given shift may move dates: about a hundred years.
MOST_SHIFT = 36_525
_NAME = "given"
_PSEUDONYM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
#: A UID whose components have no zero before them (PS3.5 section 9.1), and none of the standard's own (PS3.6 Annex A).
_NEW_UID = re.compile(r"(?!1\.2\.840\.10008(?:\.|$))[0-2](?:\.(?:0|[1-9]\d*))+")
_LONGEST_UID = 64
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
            {"ids": [["mrn", *self.ids[key]] for key in sorted(groups[name])], "known": [], "given": True}
            for name in sorted(groups)
        ]

    def loose(self) -> frozenset[str]:
        """Return the numbers that are given without an issuer, and with none besides: they hold whatever it is."""
        named = {value for issuer, value in self.ids.values() if issuer}
        return frozenset(value for issuer, value in self.ids.values() if not issuer and value not in named)


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


def read_table(path: Path, kind: str, *, correct: bool = False) -> list[tuple[str, str, str]]:
    """Read a table of one kind (``uids``, ``patients`` or ``shifts``).

    Parameters
    ----------
    path
        The file.
    kind
        What it gives.
    correct
        Whether a row may give nothing: it takes an earlier one back.

    Returns
    -------
    list of tuple
        Issuer, original value and what is given for it, one for each row.

    Raises
    ------
    UsageError
        XWK-010 when it cannot be read, XWK-011 when its columns are not those wanted, XWK-012 for a row that does not
        fit: an empty cell, a new UID that is not valid or stands under the root of the standard, a pseudonym with other
        marks than letters, digits, ``_`` and ``-``, or one that holds the original, a shift that is no whole number of
        days or zero.
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
        if not before or not ((correct and not after) or _fits(kind, before, after)):
            raise UsageError("XWK-012", kind=kind, row=number)
        found.append((cells[issuer].strip() if issuer is not None else "", before, after))
    return found


def _column(heads: list[str], names: Iterable[str]) -> int | None:
    places = [at for at, head in enumerate(heads) if head in set(names)]
    return places[0] if len(places) == 1 else None


def _fits(kind: str, before: str, after: str) -> bool:
    if kind == "uids":
        return (
            is_uid(before) and len(after) <= _LONGEST_UID and _NEW_UID.fullmatch(after) is not None and before != after
        )
    if kind == "shifts":
        return re.fullmatch(r"[+-]?[1-9][0-9]{0,4}", after) is not None and abs(int(after)) <= MOST_SHIFT
    inside, within = fold(before), fold(after)
    return (
        _PSEUDONYM.fullmatch(after) is not None
        and inside != within
        and not (len(inside) >= LEAST_INSIDE and inside in within)
    )


@dataclass(frozen=True)
class Out:
    """What the project has given out, and whom it knows: what a table may not contradict.

    Parameters
    ----------
    uids
        Original UID to new UID.
    patients, shifts
        Key of an ID to the pseudonym, and to the days.
    known
        Key of an ID to the (category, value) pairs that are known of its person.
    ids
        The original patient IDs that the project has met.
    every_uid
        Whether ``uids`` holds all UIDs that were given out. Where it may not, no row about one is corrected.
    """

    uids: Mapping[str, str] = field(default_factory=dict, repr=False)
    patients: Mapping[str, str] = field(default_factory=dict, repr=False)
    shifts: Mapping[str, int] = field(default_factory=dict, repr=False)
    known: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict, repr=False)
    ids: Collection[str] = field(default=(), repr=False)
    every_uid: bool = True

    def of(self, kind: str) -> Mapping[str, Any]:
        """Return what was given out of one kind."""
        found: Mapping[str, Any] = {"uids": self.uids, "patients": self.patients, "shifts": self.shifts}[kind]
        return found


def take_in(
    vault: Vault,
    tables: Mapping[str, list[tuple[str, str, str]]],
    *,
    site: str,
    out: Out,
    clock: Clock,
    correct: bool = False,
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
    out
        What the project has given out itself.
    clock
        For the lineage.
    correct
        Let rows take the place of earlier ones that the project has not used yet.
    keep
        False to check only.

    Returns
    -------
    dict
        How many rows of each kind are new, or other than before.

    Raises
    ------
    UsageError
        XWK-013 when a row contradicts an earlier row or what the project has given out; XWK-014 when two originals of
        UIDs get the same new one; XWK-017 when what is new for one is the original of another; XWK-018 when a pseudonym
        holds a name, a number or a birth date of its person.
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
        news[kind] = 0
        for issuer, old, new in rows:
            key = old if kind == "uids" else id_key(secret, site, issuer, old)
            news[kind] += _enter(made[kind], key, int(new) if kind == "shifts" and new else new, kind, out, correct)
            if kind != "uids":
                ids[key] = [normal_id(issuer), old]
    ids = {key: pair for key, pair in ids.items() if key in made["patients"] or key in made["shifts"]}
    _check(made, ids, out)
    imports = [*map(dict, before.imports)]
    for kind, rows in tables.items():
        if news[kind]:
            digest = keyed(vault.subkey("source"), "given", packed([list(row) for row in rows])).hex()
            imports.append({"kind": kind, "rows": len(rows), "digest": digest, "at": utc_text(clock.now())})
    if keep and any(news.values()):
        vault.put(_NAME, packed({"format": 1, **made, "ids": ids, "imports": imports}))
    return news


def _enter(made: dict[str, Any], key: str, value: Any, kind: str, out: Out, correct: bool) -> bool:
    """Enter a row, and return whether it says anything new.

    Raises
    ------
    UsageError
        XWK-013.
    """
    there, given = made.get(key), out.of(kind).get(key)
    if value == "":
        value = None
    if value == there and value is not None:
        return False
    if value != given and (given is not None or (there is not None and not (correct and _is_open(kind, out)))):
        raise UsageError("XWK-013", kind=kind)
    if value is None:
        return made.pop(key, None) is not None
    made[key] = value
    return True


def _is_open(kind: str, out: Out) -> bool:
    """Say whether a row that nothing is known to have been given out by was not used."""
    return kind != "uids" or out.every_uid


def _check(made: Mapping[str, Mapping[str, Any]], ids: Mapping[str, list[str]], out: Out) -> None:
    """Refuse what is given as a whole when two get one UID, or one gets what is another's."""
    news = set(made["uids"].values())
    if len(news) != len(made["uids"]):
        raise UsageError("XWK-014")
    if not news.isdisjoint(made["uids"]) or not news.isdisjoint(out.uids):
        raise UsageError("XWK-017", kind="uids")
    originals = {fold(value) for value in (*out.ids, *(pair[1] for pair in ids.values()))}
    if not originals.isdisjoint(map(fold, made["patients"].values())):
        raise UsageError("XWK-017", kind="patients")
    check_pseudonyms({key: name for key, name in made["patients"].items() if out.patients.get(key) != name}, out.known)
