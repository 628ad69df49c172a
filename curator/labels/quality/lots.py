"""Lots of labels: which labels of a ledger an audit is about, in which strata, and the body of the record that says so.

A lot is a set of leaf hashes; its digest is signed before the seed of the draw can be known. Whoever has the ledger
finds the same labels by the record's filter, or by the list that was given in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from curator.core.errors import IntegrityError, UsageError
from curator.labels.quality import plans
from curator.labels.quality.collect import Collected, Signed
from curator.provenance.state import Record
from curator.provenance.typed import digest_of

STRATA = ("none", "reader", "guideline", "stage", "kind", "class", "table")
ALL = "all"
_ODD = re.compile(r"[^A-Za-z0-9._:-]+")


@dataclass(frozen=True)
class Filter:
    """Which standing labels a lot takes; what is None asks for nothing. Times are RFC 3339 in UTC, of signing."""

    author: str | None = None
    kind: str | None = None
    stage: str | None = None
    guideline: tuple[str, str] | None = None
    since: str | None = None
    until: str | None = None

    def fits(self, one: Signed) -> bool:
        """Say whether a label is asked for."""
        return (
            self.author in {None, one.author}
            and self.kind in {None, one.kind}
            and self.stage in {None, one.stage}
            and self.guideline in {None, one.guideline}
            and (self.since is None or one.signed >= self.since)
            and (self.until is None or one.signed <= self.until)
        )

    def document(self, *, listed: bool) -> dict[str, Any]:
        """Return the filter as the record of a lot has it."""
        made: dict[str, Any] = {name: value for name, value in asdict(self).items() if value is not None}
        pair = made.pop("guideline", None)
        if pair is not None:
            made["guidelineId"], made["guidelineVersion"] = pair
        return {**made, "listed": listed}

    @staticmethod
    def of(document: Mapping[str, Any]) -> Filter:
        """Read the filter of a lot's record."""
        given = document.get("guidelineId")
        pair = None if given is None else (given, document["guidelineVersion"])
        names = ("author", "kind", "stage", "since", "until")
        return Filter(**{name: document.get(name) for name in names}, guideline=pair)


def chosen(found: Collected, wanted: Filter, ids: Iterable[str] | None, at: int | None) -> list[Signed]:
    """Return the labels of a lot, by id.

    Parameters
    ----------
    found
        What the ledger says.
    wanted
        Which labels.
    ids
        Take these alone, when given.
    at
        Index of the lot's record; None before it is closed.

    Raises
    ------
    UsageError
        QUA-010 when there is none; LED-060 for ids that are not in the ledger or stand no more.
    """
    made = {one.label: one for one in found.standing(at)}
    if ids is not None:
        names = set(ids)
        lacking = len(names - made.keys())
        if lacking:
            raise UsageError("LED-060", count=lacking)
        made = {name: made[name] for name in names}
    taken = sorted((one for one in made.values() if wanted.fits(one)), key=lambda one: one.label)
    if not taken:
        raise UsageError("QUA-010")
    return taken


def in_strata(labels: Iterable[Signed], by: str, table: Mapping[str, str] | None = None) -> dict[str, list[Signed]]:
    """Return the labels of each stratum, by its name.

    Parameters
    ----------
    labels
        The lot's.
    by
        Of :data:`STRATA`.
    table
        Label id to stratum, such as its site, for ``table``.

    Raises
    ------
    UsageError
        QUA-011 for labels that the table lacks, QUA-012 when two strata cannot be told apart by their names.
    """
    made: dict[str, list[Signed]] = {}
    spelled: dict[str, str] = {}
    lacking = 0
    for one in labels:
        own = _stratum(one, by, table)
        if own is None:
            lacking += 1
            continue
        name = _ODD.sub("-", own).strip("-._:")[:64] or "none"
        if spelled.setdefault(name, own) != own:
            raise UsageError("QUA-012")
        made.setdefault(name, []).append(one)
    if lacking:
        raise UsageError("QUA-011", count=lacking, option="--strata-table")
    return dict(sorted(made.items()))


def _stratum(one: Signed, by: str, table: Mapping[str, str] | None) -> str | None:
    if by == "table":
        return (table or {}).get(one.label) or None
    if by == "guideline":
        return ":".join(one.guideline)
    return {"none": ALL, "reader": one.author, "stage": one.stage, "kind": one.kind, "class": one.value or "none"}[by]


@dataclass(frozen=True)
class Ask:
    """How a lot is to be judged: scheme, aim, and for Z1.4 the inspection level and severity."""

    scheme: str
    aim: plans.Aim
    level: str = "II"
    inspection: str = "normal"

    def plan(self, count: int) -> plans.Plan:
        """Return the plan of a stratum of so many labels; a stratum of one is looked at whole."""
        scheme = plans.ZERO if self.scheme == plans.Z14 and count < 2 else self.scheme
        return plans.make(scheme, count, self.aim, level=self.level, inspection=self.inspection)

    def document(self) -> dict[str, Any]:
        """Return it as the record of a lot has it."""
        made: dict[str, Any] = {"scheme": self.scheme, **asdict(self.aim)}
        if self.scheme == plans.Z14:
            made |= {"level": self.level, "inspection": self.inspection}
        return made

    @staticmethod
    def of(document: Mapping[str, Any]) -> Ask:
        """Read the plan of a lot's record."""
        aim = plans.Aim(document["aql"], document["ltpd"], document["producer"], document["consumer"]).check()
        return Ask(document["scheme"], aim, document.get("level", "II"), document.get("inspection", "normal"))


def body_of(
    strata: Mapping[str, list[Signed]], ask: Ask, wanted: Filter, by: str, seed_from: Mapping[str, str], *, listed: bool
) -> tuple[str, dict[str, Any]]:
    """Return digest and body of the record that closes a lot (UsageError QUA-001 to QUA-003 for the plan)."""
    everything = [one.leaf for group in strata.values() for one in group]
    rows = []
    for name, group in strata.items():
        plan = ask.plan(len(group))
        rows.append(
            {
                "name": name,
                "count": len(group),
                "sha256": digest_of(one.leaf for one in group),
                "sample": plan.sample,
                "accept": plan.accept,
                "reject": plan.rejects,
            }
        )
    body = {
        "count": len(everything),
        "filter": wanted.document(listed=listed),
        "plan": ask.document(),
        "seedFrom": dict(seed_from),
        "strataBy": by,
        "strata": rows,
    }
    return digest_of(everything), body


def reopened(
    found: Collected, lot: Record, ids: Iterable[str] | None = None, table: Mapping[str, str] | None = None
) -> dict[str, list[Signed]]:
    """Find the labels of a closed lot again and prove that they are the ones that were closed.

    Raises
    ------
    UsageError
        QUA-013 when the lot was closed with a list or a table of strata that is not given.
    IntegrityError
        QUA-014 when the labels are other ones.
    """
    said = lot.predicate
    if (said["filter"]["listed"] and ids is None) or (said["strataBy"] == "table" and table is None):
        raise UsageError("QUA-013")
    labels = chosen(found, Filter.of(said["filter"]), ids if said["filter"]["listed"] else None, lot.index)
    strata = in_strata(labels, said["strataBy"], table)
    stated = {one["name"]: (one["count"], one["sha256"]) for one in said["strata"]}
    here = {name: (len(group), digest_of(one.leaf for one in group)) for name, group in strata.items()}
    if here != stated or digest_of(one.leaf for one in labels) != lot.subject[0]["digest"]["sha256"]:
        raise IntegrityError("QUA-014")
    return strata
