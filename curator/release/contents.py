"""What stands in a package's payload, held against each other: manifest, lists, records, keys, journal, policy.

Every byte was already found to be as listed. Here it is judged whether what it says is true and belongs together.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.schema import violation
from curator.project import journal
from curator.project.config import ProjectConfig
from curator.project.journal import Sample
from curator.project.paths import Project
from curator.provenance.dsse import MAX_ENVELOPE_BYTES
from curator.provenance.keys import key_id, public_pem
from curator.provenance.ledger import origin_of
from curator.provenance.note import MAX_NOTE_BYTES, parse_checkpoint, parse_note, verified, vkey
from curator.provenance.records import LABEL, WITNESSED
from curator.provenance.state import Record, State
from curator.provenance.status import word
from curator.release import layout
from curator.release.bag import MANIFEST
from curator.release.carried import Carried, Outside, check_carried, sizes_in
from curator.release.excluded import Excluded, excluded_of
from curator.release.freeze import digest_of_samples
from curator.release.lists import SampleSet, label_stem, leaves, sample_document, split_state, value_file
from curator.release.purge import Purged, mark
from curator.release.roster import Roster, counts_of
from curator.release.rules import claim_of, read_policy
from curator.release.statement import Said
from curator.release.summary import Summary
from curator.release.tree import content_of, digest_of, files, shown
from curator.release.versions_check import check_documents

if TYPE_CHECKING:
    from curator.release.sites.opened import OpenedSite

MAX_DOCUMENT = 16 << 20
MAX_LINE = 1 << 16
LEDGER = "data/ledger"


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


def check_contents(
    folder: Path,
    operator: bytes,
    said: Said,
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
    joined = manifest_of(_read(folder, layout.MANIFEST))
    if joined is not None:
        if purged.files or purged.records:
            raise IntegrityError("REL-061")
        return check_joined(folder, operator, said, joined, outside, site_keys or {}, advance)
    if site_keys:
        raise UsageError("SIT-018")
    manifest = _manifest(folder, said)
    summary = Summary()
    held, sample_bytes = _samples(folder, manifest, summary, purged)
    records = _Records(folder, operator, held, manifest, summary, purged)
    state = records.check()
    carried = check_carried(folder / LEDGER, state, records.roots_at, records.witnessed, outside)
    check_documents(folder, manifest, state, summary, purged=bool(purged.records))
    _keys(folder, state, records.roster)
    _guidelines(folder, state, manifest)
    _values(folder, records.values)
    claim = _policy(folder, manifest)
    _journal(folder, manifest, excluded_of(None, state))
    if manifest["counts"] != counts_of(state, len(held), sample_bytes, records.listed):
        raise IntegrityError("REL-028", what="the counts of the manifest are not those of the package")
    wanted = {"size": state.size, "root": state.tree.root().hex()}
    if said.predicate["ledger"] != wanted:
        raise IntegrityError("REL-028", what="the signed statement names another state of the ledger")
    return Contents(
        samples=len(held),
        sample_bytes=sample_bytes,
        labels=records.labels,
        released=records.released,
        policy=manifest["policy"]["name"],
        claim=claim,
        state=state,
        manifest=manifest,
        carried=carried,
        purged=len(purged.records),
    )


def _read(folder: Path, name: str, limit: int = MAX_DOCUMENT) -> bytes:
    data = content_of(folder / name, limit)
    if data is None:
        raise IntegrityError("REL-020", name=name)
    return data


def _manifest(folder: Path, said: Said) -> dict[str, Any]:
    document = strict_loads(_read(folder, layout.MANIFEST))
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


def _lines(folder: Path, name: str, limit: int) -> Iterator[bytes]:
    """Yield the lines of a file without their line break, none longer than the limit."""
    with (folder / name).open("rb") as stream:
        while raw := stream.readline(limit + 2):
            if not raw.endswith(b"\n"):
                raise IntegrityError("REL-029", name=name, why="a line is too long or has no end")
            yield raw[:-1]


def _samples(folder: Path, manifest: dict[str, Any], summary: Summary, purged: Purged) -> tuple[SampleSet, int]:
    """Hold the list of samples against the listed files below clean/: the same, in the same order."""
    listed = _listed_clean(folder)
    held, total, digest = SampleSet(), 0, hashlib.sha256()
    root = f"{folder}/data"
    for raw in _lines(folder, layout.SAMPLES, MAX_LINE):
        sample = _sample(raw)
        if next(listed, None) != (f"data/{sample.path}", sample.sha256):
            raise IntegrityError("REL-028", what=f"the samples listed are not the files at {shown(sample.path)}")
        gone = purged.files.get(f"data/{sample.path}")
        size = gone[1] if gone is not None else os.stat(f"{root}/{sample.path}").st_size
        held.add(sample)
        summary.sample(sample)
        total += size
        digest.update(raw + b"\n")
    extra = next(listed, None)
    if extra is not None:
        raise IntegrityError("REL-028", what=f"{extra[0]} is not in the list of samples")
    _stated(manifest["samples"], digest.hexdigest(), len(held), layout.SAMPLES)
    return held, total


def _listed_clean(folder: Path) -> Iterator[tuple[str, str]]:
    with (folder / MANIFEST).open("rb") as stream:
        for raw in stream:
            text = raw.decode("ascii")
            if text[66:].startswith(layout.CLEAN):
                yield text[66:-1], text[:64]


#: A line of samples in canonical form, where nothing in it needs an escape: it follows the schema if its kind does.
_PLAIN = re.compile(
    rb'\{"content":"([0-9a-f]{64})","kind":"([a-z0-9]+)","path":"(clean(?:/[A-Za-z0-9 ._+=@,()-]+)+)",'
    rb'"sha256":"([0-9a-f]{64})","uid":"([0-9.]{1,64})"\}'
)
_MOST_PATH = 500
#: Kinds of which a line was held against the schema.
_KINDS: set[bytes] = set()


def _sample(raw: bytes) -> Sample:
    plain = _PLAIN.fullmatch(raw)
    if plain is not None and plain[2] in _KINDS and len(plain[3]) <= _MOST_PATH:
        content, kind, path, sha256, uid = (one.decode("ascii") for one in plain.groups())
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
    _KINDS.add(sample.kind.encode())
    return sample


def _stated(entry: dict[str, Any], digest: str, count: int, path: str) -> None:
    if entry != {"path": path, "sha256": digest, "count": count}:
        raise IntegrityError("REL-028", what=f"{path} is not what the manifest says")


class _Records:
    """The ledger's part of a package."""

    def __init__(
        self,
        folder: Path,
        operator: bytes,
        held: SampleSet,
        manifest: dict[str, Any],
        summary: Summary,
        purged: Purged,
    ) -> None:
        self.purged = purged
        #: Labels in the list, with those of purged records.
        self.listed = 0
        self.folder = folder
        self.operator = operator
        self.held = held
        self.manifest = manifest
        self.roster = Roster()
        self.labels = 0
        self.released = 0
        #: Names of the files that hold large values of labels.
        self.values: set[str] = set()
        self.summary = summary
        #: Root of the leaf hashes at the size of each checkpoint that the package carries.
        self.roots_at: dict[int, bytes] = {}
        self.witnessed: list[Record] = []
        #: Of each label released, in order: its id, and the hash of its line without the state.
        self._stems: list[tuple[str, bytes]] = []
        #: Index to leaf hash of each record that is here no more.
        self._lost: dict[int, str] = {}

    def check(self) -> State:
        """Replay the records released between the leaf hashes, then the checkpoint over all."""
        state = State(partial=True)
        envelopes = _lines(self.folder, layout.RECORDS, MAX_ENVELOPE_BYTES)
        waiting = next(envelopes, None)
        sizes = sizes_in(self.folder / LEDGER)
        for raw in _lines(self.folder, layout.LEAVES, 64):
            leaf = self._leaf(raw, state.size)
            if waiting is not None and self._place(waiting, state.size) == state.size:
                self._take(state, waiting, leaf)
                waiting = next(envelopes, None)
            elif state.size == 0:
                raise IntegrityError("REL-027", index=0, why="the first record is not in the package")
            else:
                if state.size in self.purged.records:
                    self._lost[state.size] = leaf.hex()
                state.skip(leaf)
            if state.size in sizes:
                self.roots_at[state.size] = state.tree.root()
        if waiting is not None:
            raise IntegrityError("REL-027", index=state.size, why="a record stands behind the last leaf hash")
        if state.operator != self.operator:
            raise IntegrityError("REL-031")
        self._checkpoint(state)
        digest = self._list(state)
        rewritten = self.purged.rewritten.get(layout.LABELS)
        if rewritten is not None and digest == rewritten[2]:
            digest = rewritten[0]
        _stated(self.manifest["labels"], digest, self.listed, layout.LABELS)
        return state

    def _list(self, state: State) -> str:
        """Hold the list of labels against the records, what became of each label and the rule; return its digest."""
        digest, rule = hashlib.sha256(), self.manifest["labelsRule"]["rule"]
        stems = iter(self._stems)
        lost = {mark(at, leaf)[:-1] for at, leaf in self._lost.items()}
        for raw in _lines(self.folder, layout.LABELS, MAX_LINE):
            self.listed += 1
            if raw in lost:
                digest.update(raw + b"\n")
                continue
            label, wanted = next(stems, ("", b""))
            stem, stated = split_state(raw)
            known = state.labels.get(label)
            marks = known.status if known is not None else 0
            if hashlib.sha256(stem).digest()[:16] != wanted or stated != word(marks):
                raise IntegrityError("REL-028", what=f"{layout.LABELS} is not the list of the labels released")
            if not leaves(rule, marks):
                raise IntegrityError("REL-028", what=f"a label in it is {stated}, and only '{rule}' ones leave")
            digest.update(raw + b"\n")
        if next(stems, None) is not None:
            raise IntegrityError("REL-028", what=f"{layout.LABELS} is not the list of the labels released")
        return digest.hexdigest()

    @staticmethod
    def _leaf(raw: bytes, index: int) -> bytes:
        text = raw.decode("ascii", "replace")
        if len(text) != 64 or set(text) - set("0123456789abcdef"):
            raise IntegrityError("REL-027", index=index, why="its leaf hash is malformed")
        return bytes.fromhex(text)

    @staticmethod
    def _place(envelope: bytes, index: int) -> int:
        """Return where a record says that it stands."""
        from curator.provenance.dsse import parse_envelope

        try:
            place = strict_loads(parse_envelope(envelope).payload)["predicate"]["sequence"]
        except (CuratorError, KeyError, TypeError):
            place = None
        if not isinstance(place, int) or place < index:
            raise IntegrityError("REL-027", index=index, why="the next record cannot be read or is out of order")
        return place

    def _take(self, state: State, envelope: bytes, leaf: bytes) -> None:
        index = state.size
        if index in self.purged.records:
            raise IntegrityError("REL-062", name=layout.RECORDS)
        try:
            record = state.take(envelope, leaf)
        except (IntegrityError, UsageError) as error:
            raise IntegrityError("REL-027", index=index, why=f"{error.code} {error.sentence}") from None
        self.roster.see(record)
        if record.kind == WITNESSED:
            self.witnessed.append(record)
        self.released += 1
        if record.kind == LABEL:
            self._label(record)

    def _label(self, record: Record) -> None:
        if not self.held.holds(record):
            raise IntegrityError("REL-027", index=record.index, why="its sample is not in the package with this digest")
        upto = self.manifest["labelsRule"]["upto"]
        if upto is not None and record.index >= upto:
            raise IntegrityError(
                "REL-028", what=f"label record {record.index} stands behind those that were taken over"
            )
        self._stems.append((record.predicate["labelId"], hashlib.sha256(label_stem(record)).digest()[:16]))
        self.summary.label(record)
        self.labels += 1
        digest = value_file(record)
        if digest is not None:
            self.values.add(f"{digest}.json")

    def _checkpoint(self, state: State) -> None:
        data = _read(self.folder, layout.CHECKPOINT, MAX_NOTE_BYTES)
        note = parse_note(data)
        said = parse_checkpoint(note)
        origin = origin_of(state.dataset, state.first)
        try:
            verified(note, [(origin, self.operator)])
        except IntegrityError as error:
            raise IntegrityError("REL-028", what=f"the checkpoint does not hold ({error.code})") from None
        if (said.origin, said.size, said.root) != (origin, state.size, state.tree.root()):
            raise IntegrityError("REL-028", what="the leaf hashes do not give the root that the checkpoint signs")
        stated = {
            "origin": origin,
            "size": state.size,
            "root": state.tree.root().hex(),
            "operatorKeyId": key_id(state.operator),
            "checkpoint": data.decode(),
        }
        if self.manifest["ledger"] != stated or self.manifest["dataset"] != state.dataset:
            raise IntegrityError("REL-028", what="the manifest names another ledger")


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
    policy = read_policy(_read(folder, layout.POLICY + name))
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
