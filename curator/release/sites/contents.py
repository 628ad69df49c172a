"""What stands in the payload of a package that joins sites, held against each other, offline.

Each site's package is carried whole and verified as if it stood alone, with the key that the sponsor's signed record
names or that the verifier brings. All lists are made again from the sites' packages, and must be the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, IntegrityError, UsageError
from curator.core.schema import violation
from curator.provenance.dsse import MAX_ENVELOPE_BYTES
from curator.provenance.keys import key_id, public_pem
from curator.provenance.ledger import origin_of
from curator.provenance.note import MAX_NOTE_BYTES, parse_checkpoint, parse_note, verified, vkey
from curator.provenance.records import WITNESSED
from curator.provenance.state import Record, State
from curator.release import layout
from curator.release.carried import Outside, check_carried, sizes_in
from curator.release.contents import Contents
from curator.release.purge import Purged
from curator.release.roster import Roster, counts_of
from curator.release.sites.assigned import ENDING as LIST
from curator.release.sites.assigned import MOST, package_drawn
from curator.release.sites.cross import check_apart
from curator.release.sites.held import ENDING, joined_sites, open_held
from curator.release.sites.lacking import entry_of, purged_sites, whole_lists
from curator.release.sites.lists import Lists, lists_of, site_entries
from curator.release.sites.opened import OpenedSite
from curator.release.splits_patients import patient_of
from curator.release.statement import Said
from curator.release.tree import content_of, digest_of, files, shown
from curator.release.versions_check import check_audit, check_changelog

MAX_DOCUMENT = 64 << 20
SCHEMA = "release-joined-manifest"
LEDGER = "data/ledger"
#: Everything that may stand in the payload: files, and folders.
FILES = frozenset(
    {
        layout.SAMPLES,
        layout.LABELS,
        layout.MANIFEST,
        layout.SPLITS,
        layout.ASSIGNED,
        layout.CHANGELOG,
        layout.LEAVES,
        layout.RECORDS,
        layout.CHECKPOINT,
        layout.OPERATOR_PEM,
        layout.OPERATOR_VKEY,
    }
)
FOLDERS = (
    layout.SITES,
    layout.WORDS,
    layout.KEYS,
    layout.NOTES,
    layout.STAMPS,
    layout.DOCUMENTS,
    layout.ECOPY,
    layout.ASSIGNED_LISTS,
    layout.SEALED,
)


def check_joined(
    folder: Path,
    operator: bytes,
    said: Said,
    manifest: dict[str, Any],
    outside: Outside,
    keys: Mapping[str, bytes],
    advance: Callable[[int], None] = lambda _: None,
    purged: Purged | None = None,
) -> Contents:
    """Check that a joined package, whose bytes are as listed, says the truth about itself and its sites.

    Parameters
    ----------
    folder
        The package.
    operator
        The sponsor operator's raw public key.
    said
        The signed statement.
    manifest
        The manifest's document, of format 2 or 3.
    outside
        What the verifier brings, to judge the sponsor's outside anchors.
    keys
        Site to its operator's raw public key, held by the verifier.
    advance
        Told of each payload file of a site.
    purged
        What is here no more, by the operator's signed list: whole sites, and what was made from all of them.

    Raises
    ------
    IntegrityError
        REL-027 to REL-029, REL-031, REL-061, REL-062; SIT-010 for a site's package that is not what the sponsor
        recorded.
    UsageError
        SIT-018 for a key of a site that is not here; SYS-007 for a newer format.
    GateError
        SIT-006 to SIT-008, SIT-017 where sites share what none may share.
    """
    _form(manifest, said)
    _only_known(folder)
    state, roots_at, witnessed, roster = _ledger(folder, operator, manifest)
    carried = check_carried(folder / LEDGER, state, roots_at, witnessed, outside)
    _keys(folder, state, roster)
    if manifest["format"] != format_of(state):
        raise IntegrityError("REL-028", what="the manifest has another format than its ledger asks for")
    lost = purged or Purged()
    gone = purged_sites(folder, lost, state.facts.joined)
    sites = _sites(folder, state, keys, advance, gone)
    check_apart(sites)
    drawn = package_drawn(folder, state)
    lists = lists_of(sites, drawn, state.facts.splits) if sites else None
    if gone or lists is None:
        lists = whole_lists(folder, manifest, lists, drawn, lost, gone, state)
    _lists(folder, manifest, lists, state, lost)
    entries = {one["site"]: one for one in site_entries(sites)}
    if manifest["sites"] != [entry_of(one) if one.site in gone else entries[one.site] for one in joined_sites(state)]:
        raise IntegrityError("REL-028", what="the manifest names other sites than the ledger")
    check_changelog(folder, manifest)
    check_audit(manifest, state, lists.payload)
    if not gone:
        _report(folder, manifest)
    if manifest["counts"] != joined_counts(state, lists):
        raise IntegrityError("REL-028", what="the counts of the manifest are not those of the package")
    if said.predicate["ledger"] != {"size": state.size, "root": state.tree.root().hex()}:
        raise IntegrityError("REL-028", what="the signed statement names another state of the ledger")
    return Contents(
        samples=len(lists.samples),
        sample_bytes=lists.sample_bytes,
        labels=lists.label_count,
        released=state.size,
        policy=manifest["policy"]["name"],
        claim=manifest["policy"]["claim"],
        state=state,
        manifest=manifest,
        carried=carried,
        sites=tuple(sites),
        gone_sites=tuple(sorted(gone)),
    )


def joined_counts(state: State, lists: Lists) -> dict[str, int]:
    """Return the counts of a joined manifest; records and people are the sponsor's own, guidelines the sites'."""
    made = counts_of(state, len(lists.samples), lists.sample_bytes, lists.label_count)
    return {**made, "guidelines": len(lists.guidelines), "sites": len(state.facts.joined)}


def format_of(state: State) -> int:
    """Return the format of a manifest: an older program does not know splits over all sites, nor a site that left."""
    facts = state.facts
    return layout.JOINED_FORMAT_SPLITS if facts.assigned or facts.splits or facts.departures else layout.JOINED_FORMAT


def splits_entry(digest: str | None, state: State) -> dict[str, Any] | None:
    """Return what the manifest says of splits."""
    if digest is None:
        return None
    if not state.facts.splits:
        return {"sha256": digest}
    return {"sha256": digest, "sealed": {name: one.sha256 for name, one in sorted(state.facts.splits.items())}}


def _form(manifest: dict[str, Any], said: Said) -> None:
    if manifest["format"] > layout.JOINED_FORMAT_SPLITS:
        raise UsageError("SYS-007", found=manifest["format"], known=layout.JOINED_FORMAT_SPLITS)
    place = violation(SCHEMA, manifest)
    if place is not None:
        raise IntegrityError("REL-029", name=layout.MANIFEST, why=f"it breaks its schema at {shown(place)}")
    for name in ("dataset", "version", "date", "program", "audit", "draft", "parent"):
        if manifest[name] != said.predicate[name]:
            raise IntegrityError("REL-028", what=f"the manifest and the signed statement differ in {name}")


def _only_known(folder: Path) -> None:
    for path in files(folder, "data"):
        if path not in FILES and not path.startswith(FOLDERS):
            raise IntegrityError("REL-028", what=f"{shown(path)} does not belong there or is lacking")


def _lines(folder: Path, name: str, limit: int) -> list[bytes]:
    made = []
    with (folder / name).open("rb") as stream:
        while raw := stream.readline(limit + 2):
            if not raw.endswith(b"\n"):
                raise IntegrityError("REL-029", name=name, why="a line is too long or has no end")
            made.append(raw[:-1])
    return made


def _ledger(
    folder: Path, operator: bytes, manifest: dict[str, Any]
) -> tuple[State, dict[int, bytes], list[Record], Roster]:
    """Replay the sponsor's records, of which none is held back, then hold the checkpoint against them."""
    state, roster, witnessed = State(), Roster(), []
    roots_at: dict[int, bytes] = {}
    sizes = sizes_in(folder / LEDGER)
    leaves = _lines(folder, layout.LEAVES, 64)
    envelopes = _lines(folder, layout.RECORDS, MAX_ENVELOPE_BYTES)
    if len(leaves) != len(envelopes):
        raise IntegrityError("REL-027", index=min(len(leaves), len(envelopes)), why="a record or leaf hash is lacking")
    for raw, envelope in zip(leaves, envelopes, strict=True):
        try:
            record = state.take(envelope, bytes.fromhex(raw.decode("ascii")))
        except (IntegrityError, UsageError) as error:
            raise IntegrityError("REL-027", index=state.size, why=f"{error.code} {error.sentence}") from None
        except ValueError:
            raise IntegrityError("REL-027", index=state.size, why="its leaf hash is malformed") from None
        roster.see(record)
        if record.kind == WITNESSED:
            witnessed.append(record)
        if state.size in sizes:
            roots_at[state.size] = state.tree.root()
    if state.operator != operator:
        raise IntegrityError("REL-031")
    _checkpoint(folder, state, operator, manifest)
    return state, roots_at, witnessed, roster


def _checkpoint(folder: Path, state: State, operator: bytes, manifest: dict[str, Any]) -> None:
    data = content_of(folder / layout.CHECKPOINT, MAX_NOTE_BYTES)
    if data is None:
        raise IntegrityError("REL-020", name=layout.CHECKPOINT)
    note = parse_note(data)
    stated = parse_checkpoint(note)
    origin = origin_of(state.dataset, state.first)
    try:
        verified(note, [(origin, operator)])
    except IntegrityError as error:
        raise IntegrityError("REL-028", what=f"the checkpoint does not hold ({error.code})") from None
    if (stated.origin, stated.size, stated.root) != (origin, state.size, state.tree.root()):
        raise IntegrityError("REL-028", what="the leaf hashes do not give the root that the checkpoint signs")
    wanted = {
        "origin": origin,
        "size": state.size,
        "root": state.tree.root().hex(),
        "operatorKeyId": key_id(state.operator),
        "checkpoint": data.decode(),
    }
    if manifest["ledger"] != wanted or manifest["dataset"] != state.dataset:
        raise IntegrityError("REL-028", what="the manifest names another ledger")


def _keys(folder: Path, state: State, roster: Roster) -> None:
    wanted = {f"{layout.KEYS}{name}": public_pem(public) for name, public in roster.files(state)}
    _nothing_else(folder, layout.KEYS, {name.removeprefix(layout.KEYS) for name in wanted})
    wanted[layout.OPERATOR_PEM] = public_pem(state.operator)
    wanted[layout.OPERATOR_VKEY] = f"{vkey(origin_of(state.dataset, state.first), state.operator)}\n".encode()
    for name, data in wanted.items():
        if content_of(folder / name, MAX_NOTE_BYTES) != data:
            raise IntegrityError("REL-028", what=f"{name} is not the key that the ledger enrolled")


def _nothing_else(folder: Path, below: str, wanted: set[str]) -> None:
    there = set(files(folder / below)) if (folder / below).is_dir() else set()
    odd = next(iter(sorted(there ^ wanted)), None)
    if odd is not None:
        raise IntegrityError("REL-028", what=f"{shown(below + odd)} does not belong there or is lacking")


def _sites(
    folder: Path,
    state: State,
    keys: Mapping[str, bytes],
    advance: Callable[[int], None],
    gone: Collection[str],
) -> list[OpenedSite]:
    """Verify each carried package but those that were purged, and that no other is carried."""
    if not state.facts.joined:
        raise IntegrityError("REL-028", what="no site is joined in its ledger")
    joined = joined_sites(state)
    known = {one.site for one in joined}
    if not keys.keys() <= known:
        raise UsageError("SIT-018")
    for below in (layout.SITES, layout.WORDS):
        there = {path.split("/")[0] for path in files(folder / below)} if (folder / below).is_dir() else set()
        if odd := sorted(there - known):
            raise IntegrityError("REL-028", what=f"{shown(below + odd[0])} is of no site that is joined")
    made = []
    for one in joined:
        if keys.get(one.site, one.key) != one.key:
            raise IntegrityError("SIT-010", site=one.site, why="the sponsor verified it with another key than yours")
        if one.site in gone:
            continue
        words = folder / f"{layout.WORDS}{one.site}"
        opened = open_held(one, folder / f"{layout.SITES}{one.site}", words, advance)
        names = {f"{hashlib.sha256(data).hexdigest()}{ENDING}" for data in opened.attestations}
        if names != (set(files(words)) if words.is_dir() else set()):
            raise IntegrityError("REL-028", what="a file beside the signed words does not belong there")
        made.append(opened)
    return made


def _lists(folder: Path, manifest: dict[str, Any], lists: Lists, state: State, purged: Purged) -> None:
    """Hold every list against what the sites' packages give."""
    for path, data, count, key in (
        (layout.SAMPLES, lists.sample_lines, len(lists.samples), "samples"),
        (layout.LABELS, lists.labels, lists.label_count, "labels"),
    ):
        digest = hashlib.sha256(data).hexdigest()
        found = digest_of(folder / path)
        if found is None or found[0] != digest:
            raise IntegrityError("REL-028", what=f"{path} is not what the sites' packages give")
        was = purged.rewritten[path][0] if path in purged.rewritten else digest
        if manifest[key] != {"path": path, "sha256": was, "count": count}:
            raise IntegrityError("REL-028", what=f"{path} is not what the manifest says")
    wanted = lists.splits_bytes
    stated = splits_entry(None if wanted is None else hashlib.sha256(wanted).hexdigest(), state)
    if content_of(folder / layout.SPLITS, 1 << 28) != wanted or manifest.get("splits") != stated:
        raise IntegrityError("REL-028", what=f"{layout.SPLITS} is not what the sites' packages give")
    if content_of(folder / layout.ASSIGNED, MOST) != lists.assigned:
        raise IntegrityError("REL-028", what=f"{layout.ASSIGNED} names patients who are not there, or in another order")
    _nothing_else(folder, layout.ASSIGNED_LISTS, {f"{name}{LIST}" for name in lists.assigned_lists})
    check_sealed(folder, state, lists)
    if manifest["policy"] != lists.policy or manifest["guidelines"] != lists.guidelines:
        raise IntegrityError(
            "REL-028", what="the manifest claims other policies or guidelines than the sites' packages"
        )


def check_sealed(folder: Path, state: State, lists: Lists) -> None:
    """Check the lists of the splits that the sponsor sealed: as they were signed for, and of patients of that split.

    Raises
    ------
    IntegrityError
        REL-028, SPL-015.
    """
    sealed = state.facts.splits
    _nothing_else(folder, layout.SEALED, {f"{name}.txt" for name in sealed})
    within: dict[str, set[str]] = {}
    for name, one in sealed.items():
        data = content_of(folder / layout.SEALED / f"{name}.txt", MOST) or b""
        if hashlib.sha256(data).hexdigest() != one.sha256:
            raise IntegrityError("SPL-015")
        for digest in data.decode("ascii").split():
            within.setdefault(digest, set()).add(name)
    table = lists.splits or {"assignments": {}, "left": {}}
    for sample in lists.samples if within else ():
        names, case = within.get(sample.sha256), patient_of(sample.path)
        if names and table["assignments"].get(case) not in names and case not in table["left"]:
            raise IntegrityError("REL-028", what=f"a sample of the sealed split {min(names)} is in another split")


def _report(folder: Path, manifest: dict[str, Any]) -> None:
    """Check that the audit's report, if one let it leave, is here as it was signed for."""
    if manifest["draft"]:
        return
    name = f"{layout.AUDIT}{manifest['audit']['report']}.json"
    found = digest_of(folder / name)
    if found is None or found[0] != manifest["audit"]["report"]:
        raise IntegrityError("SUB-013")


def manifest_of(data: bytes) -> dict[str, Any] | None:
    """Return a manifest's document if it is one of a joined package, else None; its schema is not checked here."""
    try:
        document = strict_loads(data)
    except CuratorError:
        return None
    if not isinstance(document, dict) or type(document.get("format")) is not int:
        return None
    return document if document["format"] >= layout.JOINED_FORMAT and "sites" in document else None
