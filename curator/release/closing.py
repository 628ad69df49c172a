"""What every package ends with, a project's own and one of joined sites: checkpoint and keys, headings, signature."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curator.core.errors import IntegrityError
from curator.core.files import translated
from curator.project.paths import Project
from curator.provenance.keys import Signer, key_id, public_pem
from curator.provenance.ledger import origin_of
from curator.provenance.note import parse_checkpoint, parse_note, vkey
from curator.provenance.state import State
from curator.release import freeze, layout
from curator.release.bag import BagWriter
from curator.release.freeze import Frozen
from curator.release.roster import Roster
from curator.release.statement import signed_statement


def add_ledger(bag: BagWriter, project: Project, frozen: Frozen, state: State, roster: Roster) -> None:
    """Add the checkpoint, everybody's public keys and the outside anchors.

    Raises
    ------
    IntegrityError
        REL-007 when the records are not those that were frozen, or an anchor is gone.
    """
    said = parse_checkpoint(parse_note(frozen.checkpoint.encode()))
    if (said.origin, said.root) != (origin_of(state.dataset, state.first), state.tree.root()):
        raise IntegrityError("REL-007", what="the ledger")
    bag.add(layout.CHECKPOINT, frozen.checkpoint.encode())
    bag.add(layout.OPERATOR_PEM, public_pem(state.operator))
    bag.add(layout.OPERATOR_VKEY, f"{vkey(said.origin, state.operator)}\n".encode())
    for name, public in roster.files(state):
        bag.add(f"{layout.KEYS}{name}", public_pem(public))
    for name, digest in frozen.anchors:
        made = bag.copy(f"data/ledger/{name}", project.ledger / name, expected=digest)
        if made is None or made[0] != digest:
            raise IntegrityError("REL-007", what="an outside anchor of the ledger")


def heading(frozen: Frozen) -> dict[str, Any]:
    """Return what a manifest says of the version as a whole."""
    return {
        "dataset": frozen.dataset,
        "version": frozen.version,
        "date": frozen.date,
        "organization": frozen.organization,
        "program": frozen.program,
        "audit": frozen.audit,
        "draft": frozen.draft,
        "parent": frozen.parent,
        "changelog": frozen.changelog,
    }


def ledger_entry(frozen: Frozen, state: State) -> dict[str, Any]:
    """Return what a manifest says of the ledger."""
    return {
        "origin": origin_of(state.dataset, state.first),
        "size": state.size,
        "root": state.tree.root().hex(),
        "operatorKeyId": key_id(state.operator),
        "checkpoint": frozen.checkpoint,
    }


def bag_info(frozen: Frozen) -> list[tuple[str, str]]:
    """Return the lines of ``bag-info.txt``."""
    organization = [("Source-Organization", frozen.organization)] if frozen.organization else []
    return [
        *organization,
        ("External-Identifier", layout.external_identifier(frozen.dataset, frozen.version)),
        ("Bagging-Date", frozen.date),
        ("Bag-Software-Agent", frozen.program),
    ]


def sign(project: Project, folder: Path, frozen: Frozen, state: State, tag_manifest: str, operator: Signer) -> None:
    """Sign the digest of the tag manifest, keep the statement in the project and put it into the package."""
    said = heading(frozen)
    predicate = {
        **{name: said[name] for name in ("dataset", "version", "date", "program", "audit", "draft", "parent")},
        "meaning": "responsibility",
        "ledger": {"size": state.size, "root": state.tree.root().hex()},
    }
    envelope = signed_statement(tag_manifest, predicate, operator)
    freeze.statement(project, frozen.name, envelope)
    with translated():
        (folder / layout.SIGNATURE).parent.mkdir()
        (folder / layout.SIGNATURE).write_bytes(envelope)
