"""The document of a joined package: sites, keys, who attests, splits, labels, claims, and what guidance asks.

Made from the manifest, the lists and the sites' packages alone, so that it is the same bytes on any machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curator.provenance.keys import decode64, key_id
from curator.provenance.state import State
from curator.release import layout
from curator.release.documents.common import number, shares, table
from curator.release.documents.coverage import CLASSES, TONES
from curator.release.requirements.table import Class, Stage, Standing, counted
from curator.release.sites.opened import OpenedSite
from curator.release.splits_patients import patient_of
from curator.report.model import Cell, Document, Section, Table, Text

SLUG, TITLE = "joined-sites", "Joined Sites"
NONE = "no split"


def joined_document(
    said: Mapping[str, Any],
    source: str,
    sites: Sequence[OpenedSite],
    splits: Mapping[str, Any] | None,
    state: State,
    standings: Sequence[Standing],
) -> Document:
    """Return the document.

    Parameters
    ----------
    said, source
        The manifest's document, and its path and digest.
    sites
        Each site's verified package, by id.
    splits
        The joint table of splits, or None.
    state
        The sum of the sponsor's records.
    standings
        How each requirement stands.
    """
    head = (
        ("Dataset", said["dataset"]),
        ("Version", said["version"]),
        ("Date", said["date"]),
        *((("Organization", said["organization"]),) if said["organization"] else ()),
        ("Made by", said["program"]),
        ("Sites", f"{len(sites):,}"),
        ("Claim", f"{said['policy']['claim']}, the weakest of all sites'"),
        ("Ledger root", said["ledger"]["root"]),
        ("Manifest", source),
        ("Status", "draft: not for submission" if said["draft"] else "final"),
    )
    sections = (
        Section("Sites", (_sites(said, source), _keys(said, source))),
        Section("What needs a vault", (Text(_VAULT, "note"), _words(said, source))),
        Section("Cases and splits", (*_splits(sites, splits, source), *_assigned(state))),
        Section("Labels", tuple(_labels(sites, source))),
        Section("Guidelines and policies", (_guidelines(said, source), _policies(sites))),
        Section("How sites were joined", (_joined(state), *_left(state))),
        Section("What guidance asks", (_summary(standings), _items(standings), Text(_NOTE, "note"))),
        Section("Texts of responsible persons", tuple(_texts(state, standings))),
    )
    title = f"{said['dataset']} {said['version']}"
    return Document(TITLE, title, head, sections, said["date"], "DRAFT" if said["draft"] else "")


_VAULT = (
    "Known identifiers of patients are searched at each site by a person who has the site's vault, over just these "
    "files. The sponsor has no vault; what stands here is the signed word of these persons."
)
_NOTE = (
    "Evidence is each site's and stands in its package; what one site lacks is lacking for all. Nothing here is a "
    "finding of FDA."
)


def _sites(said: Mapping[str, Any], source: str) -> Table:
    rows: list[list[str | Cell]] = [
        [
            one["site"],
            f"{one['package']['dataset']} {one['package']['version']}",
            number(one["package"]["samples"]["count"], source),
            number(one["package"]["labels"]["count"], source),
            number(one["package"]["ledger"]["size"], source),
            one["split"] or "its own",
        ]
        for one in said["sites"]
    ]
    return table(
        "Packages carried whole", ("Site", "Package", "Samples", "Labels", "Records", "Split"), rows, (2, 3, 4)
    )


def _keys(said: Mapping[str, Any], source: str) -> Table:
    rows: list[list[str | Cell]] = [
        [
            one["site"],
            Cell(key_id(decode64(one["package"]["operatorKey"])), source=source),
            one["package"]["tagManifest"],
            one["audit"]["report"],
        ]
        for one in said["sites"]
    ]
    return table("Keys and digests", ("Site", "Operator's key", "Tag manifest", "Audit report"), rows)


def _words(said: Mapping[str, Any], source: str) -> Table:
    rows: list[list[str | Cell]] = [
        [site["site"], one["check"], one["outcome"], f"{one['printedName']} ({one['signer']})", one["at"],
         Cell(one["source"].partition(":")[0], source=source)]
        for site in said["sites"]
        for one in site["attested"]
    ]  # fmt: skip
    return table("Attested", ("Site", "Check", "Outcome", "By", "At", "In"), rows)


def _splits(sites: Sequence[OpenedSite], splits: Mapping[str, Any] | None, source: str) -> Iterator[Table]:
    from curator.release.sites.names import joint

    of = {} if splits is None else splits["assignments"]
    counts: dict[str, Counter[str]] = {}
    patients: dict[str, set[str]] = {}
    for one in sites:
        for sample in one.samples():
            name = patient_of(sample.path)
            if name is not None:
                patients.setdefault(one.site, set()).add(joint(one.site, name))
        counts[one.site] = Counter(of.get(name, NONE) for name in patients.get(one.site, ()))
    names = sorted({name for one in counts.values() for name in one})
    rows: list[list[str | Cell]] = [
        [site, *(number(one[name], source) for name in names), number(one.total(), source)]
        for site, one in counts.items()
    ]
    yield table("Patients by site and split", ("Site", *names, "All"), rows, tuple(range(1, len(names) + 2)))
    yield shares("Patients by site", "Site", {site: one.total() for site, one in counts.items()}, source)


def _labels(sites: Sequence[OpenedSite], source: str) -> Iterator[Table]:
    by: Counter[tuple[str, str, str, str]] = Counter()
    for one in sites:
        for line in one.labels():
            by[one.site, line["kind"], line["guideline"], line["state"]] += 1
    rows: list[list[str | Cell]] = [[*key, number(count, source)] for key, count in sorted(by.items())]
    yield table(
        "Labels by site, kind, guideline and state", ("Site", "Kind", "Guideline", "State", "Labels"), rows, (4,)
    )


def _guidelines(said: Mapping[str, Any], source: str) -> Table:
    rows: list[list[str | Cell]] = [
        [one["id"], one["version"], Cell(one["sha256"], source=source)] for one in said["guidelines"]
    ]
    return table("Guidelines", ("Guideline", "Version", "Digest (SHA-256)"), rows)


def _policies(sites: Sequence[OpenedSite]) -> Table:
    rows: list[list[str | Cell]] = []
    for one in sites:
        policy = one.manifest["policy"]
        rows.append([one.site, policy["name"], policy["claim"], "; ".join(policy["reasons"]) or "-", policy["sha256"]])
    return table(
        "De-identification by site", ("Site", "Policy", "Claim", "Not Safe Harbor since", "Digest (SHA-256)"), rows
    )


def _joined(state: State) -> Table:
    rows: list[list[str | Cell]] = []
    for one in sorted(state.facts.joined.values(), key=lambda each: each.place):
        before = one.said.get("replaces")
        rows.append(
            [
                Cell(one.site, source=f"leaf {one.leaf}"),
                one.version,
                one.said["signer"],
                one.said["signedAt"],
                before["version"] if before else "-",
                one.said.get("reason", "-"),
            ]
        )
    return table("Signed records", ("Site", "Version", "By", "At", "Replaces", "Reason"), rows)


def _left(state: State) -> Iterator[Table]:
    """Yield the sites that left; nothing where none did, as in packages of before."""
    rows: list[list[str | Cell]] = [
        [
            Cell(site, source=f"leaf {one.leaf}"),
            one.joined.version,
            one.said["signer"],
            one.said["signedAt"],
            number(one.said["changes"]["samples"]["removed"], f"leaf {one.leaf}"),
            one.said["reason"],
        ]
        for site, one in sorted(state.facts.departed.items())
    ]
    if rows:
        yield table("Sites that left", ("Site", "Version", "By", "At", "Samples", "Reason"), rows, (4,))


def _assigned(state: State) -> Iterator[Table]:
    """Yield the records that put patients of all sites into splits, and those that sealed one."""
    facts = state.facts
    rows: list[list[str | Cell]] = [
        [
            Cell(str(one.place), source=f"leaf {one.leaf}"),
            one.said["signer"],
            one.said["signedAt"],
            one.said["by"],
            ", ".join(one.said["strata"]) or "-",
            ", ".join(f"{each['patients']} {each['split']}" for each in one.said["counts"]) or "-",
            number(one.said["leftSplit"], f"leaf {one.leaf}"),
        ]
        for one in facts.assigned
    ]
    if rows:
        names = ("Record", "By", "At", "Unit", "Strata", "Patients put into", "Left a split")
        yield table("Splits over all sites", names, rows, (6,))
    sealed: list[list[str | Cell]] = [
        [name, number(one.samples), str(one.place)] for name, one in sorted(facts.splits.items())
    ]
    if sealed:
        yield table("Sealed splits", ("Split", "Samples", "Record"), sealed, (1,))


def _summary(standings: Sequence[Standing]) -> Table:
    sums = counted(standings)
    rows: list[list[str | Cell]] = [
        [str(kind), CLASSES[kind], *(number(sums[kind][stage]) for stage in Stage), number(sums[kind].total())]
        for kind in Class
    ]
    return table("Items by class and state", ("Class", "Who makes it", *Stage, "All"), rows, (2, 3, 4, 5, 6))


def _items(standings: Sequence[Standing]) -> Table:
    rows: list[list[str | Cell]] = [
        [one.item.id, str(one.item.kind), one.item.clause, one.item.asks, Cell(str(one.stage), TONES[one.stage])]
        for one in standings
    ]
    return table("Items", ("Item", "Class", "Clause", "Asks for", "State"), rows)


def _texts(state: State, standings: Sequence[Standing]) -> Iterator[Text | Table]:
    given = [one for one in standings if one.answer is not None]
    if not given:
        yield Text("No text was given.")
        return
    rows: list[list[str | Cell]] = [
        [one.item.id, one.item.asks, Cell(one.answer.text, source=f"leaf {one.answer.leaf}"), one.answer.signer]
        for one in given
        if one.answer is not None
    ]
    yield table(f"Texts, from {layout.RECORDS} of {state.dataset}", ("Item", "Asks for", "Text", "Signed by"), rows)
