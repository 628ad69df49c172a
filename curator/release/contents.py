"""What stands in a package's payload, held against each other: manifest, lists, records, keys, journal, policy.

Every byte was already found to be as listed. Here it is judged whether what it says is true and belongs together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import IntegrityError, UsageError
from curator.core.schema import violation
from curator.project import journal
from curator.project.config import ProjectConfig
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.keys import public_pem
from curator.provenance.ledger import origin_of
from curator.provenance.note import vkey
from curator.provenance.state import State
from curator.release import layout
from curator.release.bag import MANIFEST
from curator.release.carried import Carried, Outside, check_carried
from curator.release.contents_read import MAX_LINE, lines, read, stated
from curator.release.contents_records import LEDGER, Records
from curator.release.excluded import Excluded, excluded_of
from curator.release.freeze import digest_of_samples
from curator.release.lists import SampleSet, sample_document
from curator.release.purge import Purged
from curator.release.roster import Roster, counts_of
from curator.release.rules import claim_of, read_policy
from curator.release.statement import Said
from curator.release.summary import Summary
from curator.release.tree import content_of, digest_of, files, shown
from curator.release.versions_check import check_documents

if TYPE_CHECKING:
    from curator.release.sites.opened import OpenedSite


@dataclass(frozen=True)
class Contents:
    """What a payload holds, verified.

    Parameters
    ----------
    samples, sample_bytes, labels, released
        How many samples, their bytes, labels, and records that stand here whole.
    policy, claim
        Name of the policy, and the claim computed from its decisions.
    state
        The sum of the records.
    manifest
        The manifest's document.
    carried
        What its outside anchors are worth.
    purged
        Label records that are here no more, by the operator's signed list.
    sites
        The packages that it joins; None for a package of one project.
    gone_sites
        Joined sites whose packages are here no more, by the operator's signed list.
    """

    samples: int
    sample_bytes: int
    labels: int
    released: int
    policy: str
    claim: str
    state: State
    manifest: dict[str, Any]
    carried: Carried = field(default_factory=Carried)
    purged: int = 0
    sites: tuple[OpenedSite, ...] | None = None
    gone_sites: tuple[str, ...] = ()


def check_contents(
    folder: Path,
    operator: bytes,
    said: Said,
    clean: int,
    outside: Outside | None = None,
    purged: Purged | None = None,
    site_keys: Mapping[str, bytes] | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Contents:
    """Check that a payload, whose bytes are as listed, says the truth about itself.

    Parameters
    ----------
    folder
        The package.
    operator
        The operator's raw public key.
    said
        The signed statement.
    clean
        Bytes of the files listed below clean/, purged ones with those that they had.
    outside
        What the verifier brings, to judge the outside anchors that the package carries.
    purged
        What is here no more, by the operator's signed list.
    site_keys
        Site to its operator's key, held by the verifier, for a package that joins sites.
    advance
        Told of each payload file of a joined site.

    Raises
    ------
    IntegrityError
        REL-027 to REL-029, REL-031; LED-040, LED-041, LED-047 for an anchor; SPL-015 for a sealed split.
    UsageError
        SYS-007 for a newer format.
    """
    from curator.release.sites.contents import check_joined, manifest_of

    purged, outside = purged or Purged(), outside or Outside()
    joined = manifest_of(read(folder, layout.MANIFEST))
    if joined is not None:
        return check_joined(folder, operator, said, joined, outside, site_keys or {}, advance, purged)
    if site_keys:
        raise UsageError("SIT-018")
    manifest = _manifest(folder, said)
    summary = Summary()
    held = _samples(folder, manifest, summary)
    records = Records(folder, operator, held, manifest, summary, purged)
    state = records.check()
    carried = check_carried(folder / LEDGER, state, records.roots_at, records.witnessed, outside)
    check_documents(folder, manifest, state, summary, purged=bool(purged.records))
    _keys(folder, state, records.roster)
    _guidelines(folder, state, manifest)
    _values(folder, records.values)
    claim = _policy(folder, manifest)
    _journal(folder, manifest, excluded_of(None, state))
    if manifest["counts"] != counts_of(state, len(held), clean, records.listed):
        raise IntegrityError("REL-028", what="the counts of the manifest are not those of the package")
    wanted = {"size": state.size, "root": state.tree.root().hex()}
    if said.predicate["ledger"] != wanted:
        raise IntegrityError("REL-028", what="the signed statement names another state of the ledger")
    return Contents(
        samples=len(held),
        sample_bytes=clean,
        labels=records.labels,
        released=records.released,
        policy=manifest["policy"]["name"],
        claim=claim,
        state=state,
        manifest=manifest,
        carried=carried,
        purged=len(purged.records),
    )


def _manifest(folder: Path, said: Said) -> dict[str, Any]:
    document = strict_loads(read(folder, layout.MANIFEST))
    if isinstance(document, dict):
        stated = document.get("format")
        if isinstance(stated, int) and stated > layout.FORMAT:
            raise UsageError("SYS-007", found=stated, known=layout.FORMAT)
    place = violation("release-manifest", document)
    if place is not None:
        raise IntegrityError("REL-029", name=layout.MANIFEST, why=f"it breaks its schema at {shown(place)}")
    for name in ("dataset", "version", "date", "program", "audit", "draft", "parent"):
        if document[name] != said.predicate[name]:
            raise IntegrityError("REL-028", what=f"the manifest and the signed statement differ in {name}")
    made: dict[str, Any] = document
    return made


def _samples(folder: Path, manifest: dict[str, Any], summary: Summary) -> SampleSet:
    """Hold the list of samples against the listed files below clean/: the same, in the same order."""
    listed = _listed_clean(folder)
    held, digest = SampleSet(), hashlib.sha256()
    for raw in lines(folder, layout.SAMPLES, MAX_LINE):
        sample = sample_of(raw)
        if next(listed, None) != (f"data/{sample.path}", sample.sha256):
            raise IntegrityError("REL-028", what=f"the samples listed are not the files at {shown(sample.path)}")
        held.add(sample)
        summary.sample(sample)
        digest.update(raw + b"\n")
    extra = next(listed, None)
    if extra is not None:
        raise IntegrityError("REL-028", what=f"{extra[0]} is not in the list of samples")
    stated(manifest["samples"], digest.hexdigest(), len(held), layout.SAMPLES)
    return held


def _listed_clean(folder: Path) -> Iterator[tuple[str, str]]:
    with (folder / MANIFEST).open("rb") as stream:
        for raw in stream:
            if raw.startswith(_CLEAN, 66):
                text = raw.decode("ascii")
                yield text[66:-1], text[:64]


#: A line of samples in canonical form, where nothing in it needs an escape: it follows the schema if its kind does.
_PLAIN = re.compile(
    r'\{"content":"([0-9a-f]{64})","kind":"([a-z0-9]+)","path":"(clean(?:/[A-Za-z0-9 ._+=@,()-]+)+)",'
    r'"sha256":"([0-9a-f]{64})","uid":"([0-9.]{1,64})"\}'
)
_CLEAN = layout.CLEAN.encode()
_MOST_PATH = 500
#: Kinds of which a line was held against the schema.
_KINDS: set[str] = set()


def sample_of(raw: bytes) -> Sample:
    """Return the sample that a line of a package's list states (REL-029 when it is none)."""
    plain = _PLAIN.fullmatch(raw.decode("latin-1"))  # of which nothing but ASCII fits
    if plain is not None:
        content, kind, path, sha256, uid = plain.groups()
        if kind in _KINDS and len(path) <= _MOST_PATH:
            return Sample(path, sha256, uid, content, kind)
    try:
        document = strict_loads(raw)
        fine = violation("release-sample", document) is None and canonical_bytes(document) == raw
    except UsageError:
        fine = False
    if not fine:
        raise IntegrityError("REL-029", name=layout.SAMPLES, why="a line does not follow the schema")
    sample = Sample(document["path"], document["sha256"], document["uid"], document["content"], document["kind"])
    if sample_document(sample) != document:
        raise IntegrityError("REL-029", name=layout.SAMPLES, why="a line says more than this version knows")
    _KINDS.add(sample.kind)
    return sample


def _keys(folder: Path, state: State, roster: Roster) -> None:
    wanted = {f"{layout.KEYS}{name}": public_pem(public) for name, public in roster.files(state)}
    wanted[layout.OPERATOR_PEM] = public_pem(state.operator)
    wanted[layout.OPERATOR_VKEY] = f"{vkey(origin_of(state.dataset, state.first), state.operator)}\n".encode()
    for name, data in wanted.items():
        if content_of(folder / name, MAX_LINE) != data:
            raise IntegrityError("REL-028", what=f"{name} is not the key that the ledger enrolled")
    _nothing_else(
        folder, layout.KEYS, {name.removeprefix(layout.KEYS) for name in wanted if name.startswith(layout.KEYS)}
    )


def _values(folder: Path, wanted: set[str]) -> None:
    for name in sorted(wanted):
        found = digest_of(folder / f"{layout.VALUES}{name}")
        if found is None or f"{found[0]}.json" != name:
            raise IntegrityError("REL-028", what=f"{layout.VALUES}{name} is not the value that a record was signed for")
    _nothing_else(folder, layout.VALUES, wanted)


def _nothing_else(folder: Path, below: str, wanted: set[str]) -> None:
    base = folder / below
    there = set(files(base)) if base.is_dir() else set()
    odd = next(iter(sorted(there ^ wanted)), None)
    if odd is not None:
        raise IntegrityError("REL-028", what=f"{shown(below + odd)} does not belong there or is lacking")


def _guidelines(folder: Path, state: State, manifest: dict[str, Any]) -> None:
    wanted = []
    for key in sorted(state.guidelines):
        one = state.guidelines[key]
        path = f"{layout.GUIDELINES}{one.name}"
        found = digest_of(folder / path)
        if found is None or found[0] != one.sha256:
            raise IntegrityError("REL-028", what=f"{shown(path)} is not the guideline that was registered")
        wanted.append({"id": one.id, "version": one.version, "sha256": one.sha256, "path": path})
    if manifest["guidelines"] != wanted:
        raise IntegrityError("REL-028", what="the manifest names other guidelines")
    _nothing_else(folder, layout.GUIDELINES, {entry["path"].removeprefix(layout.GUIDELINES) for entry in wanted})


def _policy(folder: Path, manifest: dict[str, Any]) -> str:
    name = f"{manifest['policy']['sha256']}.json"
    policy = read_policy(read(folder, layout.POLICY + name))
    if manifest["policy"] != claim_of(policy):
        raise IntegrityError("REL-028", what="the manifest claims another policy, or more than the policy allows")
    _nothing_else(folder, layout.POLICY, {name})
    return policy.claim.value


def _journal(folder: Path, manifest: dict[str, Any], excluded: Excluded) -> None:
    """Check that the scrub journal gives just these samples but those that records took out, under this policy."""
    config = ProjectConfig(manifest["dataset"], "", "", date.min, "", Path())
    project = Project(folder / "data", config)
    try:
        for delivery in journal.deliveries(project):
            about = journal.document(project, delivery, "delivery")
            if about is None or about["policy"]["digest"] != manifest["policy"]["sha256"]:
                raise IntegrityError("REL-028", what=f"delivery {delivery} of the journal names another policy")
        count, digest = digest_of_samples(excluded.kept(journal.samples(project)))
    except (KeyError, TypeError, ValueError):
        raise IntegrityError("REL-028", what="the scrub journal cannot be read") from None
    if (count, digest) != (manifest["samples"]["count"], manifest["samples"]["sha256"]):
        raise IntegrityError("REL-028", what="the scrub journal gives other samples")
