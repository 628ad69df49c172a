"""``curator ledger prove | check-proof | consistency | check-consistency``: evidence that stands without the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curator.cli.common import emit_json, json_option, note, progress, project_option, say
from curator.cli.notes import need_checkpoint, need_proof, need_record

if TYPE_CHECKING:
    from curator.provenance.ledger import Ledger
    from curator.provenance.prove import Prover

_Function = TypeVar("_Function", bound="Callable[..., Any]")

#: The longest record or key that is read from a file.
MAX_RECORD_BYTES = 16 << 20
_PATH = click.Path(path_type=Path)


def _key_option(*, required: bool) -> Callable[[_Function], _Function]:
    return click.option(
        "--operator-key",
        type=_PATH,
        required=required,
        metavar="FILE",
        help="The operator's public key, held elsewhere (PEM, C2SP verifier key, hex or base64).",
    )


_ledger_option = click.option("--ledger", "folder", type=_PATH, metavar="DIR", help="The ledger's folder.")


def _read(path: Path, limit: int = MAX_RECORD_BYTES) -> bytes:
    from curator.core.errors import UsageError

    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError:
        raise UsageError("LED-059") from None


def _checkpoint(path: Path) -> bytes:
    """Read the file of a checkpoint (LED-059, LED-117)."""
    data = _read(path, 1 << 17)
    need_checkpoint(data)
    return data


def _public(path: Path | None) -> bytes | None:
    from curator.provenance.keys import parse_public

    return None if path is None else parse_public(_read(path, 1 << 16))


def _ledger(folder: Path | None, project: Path) -> Ledger:
    from curator.project.paths import open_project
    from curator.provenance.ledger import Ledger

    return Ledger(folder if folder is not None else open_project(project).ledger)


def _prover(ledger: Ledger, **how: Any) -> Prover:
    from curator.provenance.prove import Prover

    with progress(ledger.size(), "records") as bar:
        return Prover(ledger, advance=bar.advance, **how)


@click.command("prove")
@click.argument("label", required=False)
@click.option("--record", type=click.IntRange(0), metavar="N", help="Prove the record at this index, from 0.")
@click.option("--all", "target", type=_PATH, metavar="DIR", help="Prove every record, into a new folder.")
@click.option("--out", type=_PATH, metavar="FILE", help="Write the proof here, and beside it FILE's .dsse.json.")
@click.option("--checkpoint", type=_PATH, metavar="FILE", help="Prove under this checkpoint of the operator's.")
@_key_option(required=False)
@_ledger_option
@project_option
@json_option
def prove(
    label: str | None,
    record: int | None,
    target: Path | None,
    out: Path | None,
    checkpoint: Path | None,
    operator_key: Path | None,
    folder: Path | None,
    project: Path,
    as_json: bool,
) -> None:
    """Prove that the record of LABEL stands in the ledger: a .tlog-proof (c2sp.org/tlog-proof) and its envelope.

    The proof holds under the newest checkpoint that the operator signed. All leaf hashes are taken anew from the
    records and must give that checkpoint's root. Signatures of records are not checked here: 'ledger verify' does.

    \b
    Examples:
      curator ledger prove nodule-17 --out nodule-17.tlog-proof
      curator ledger prove --record 3
      curator ledger prove --all evidence
    """
    from curator.core.errors import UsageError

    if sum(one is not None for one in (label, record, target)) != 1:
        raise UsageError("LED-058", what="give a label's id, --record or --all, one of them")
    if target is not None and out is not None:
        raise UsageError("LED-058", what="--out goes with one record, not with --all")
    held = None if checkpoint is None else _checkpoint(checkpoint)
    prover = _prover(_ledger(folder, project), checkpoint=held, operator=_public(operator_key), label=label)
    if target is not None:
        _all(prover, target, as_json)
        return
    index = record if record is not None else prover.found
    if index is None:
        raise UsageError("LED-019")
    _one(prover, index, out, as_json)


def _all(prover: Prover, target: Path, as_json: bool) -> None:
    from curator.provenance.prove_all import EVIDENCE_BYTES, prove_all

    with progress(prover.said.size, "records") as bar:
        made = prove_all(prover, target, bar.advance)
    if as_json:
        emit_json(
            {
                "records": made.records,
                "longestBytes": made.longest,
                "totalBytes": made.total,
                "overLimit": made.over,
                "root": prover.said.root.hex(),
            }
        )
        return
    say(f"{made.records:,} records proven · evidence of one: {made.longest:,} bytes at most")
    if made.over:
        note(f"{made.over:,} records have evidence of more than {EVIDENCE_BYTES:,} bytes")
    if prover.tree.size > made.records:
        note(f"{prover.tree.size - made.records:,} records stand behind the operator's newest checkpoint")


def _one(prover: Prover, index: int, out: Path | None, as_json: bool) -> None:
    from curator.core.files import write_whole
    from curator.provenance.prove_all import ENVELOPE, PROOF

    proof, envelope = prover.inclusion(index).encode(), prover.envelope(index)
    if out is not None:
        write_whole(out.with_name(out.name.removesuffix(PROOF) + ENVELOPE), envelope)
        write_whole(out, proof)
    if as_json:
        emit_json(
            {
                "index": index,
                "records": prover.said.size,
                "proof": proof.decode(),
                "envelope": envelope.decode(),
                "proofBytes": len(proof),
                "envelopeBytes": len(envelope),
                "bytes": len(proof) + len(envelope),
            }
        )
        return
    total = len(proof) + len(envelope)
    line = (
        f"record {index:,} of {prover.said.size:,} · "
        f"proof {len(proof):,} bytes and envelope {len(envelope):,} bytes, together {total:,}"
    )
    if out is None:
        say(proof.decode().rstrip("\n"))
        note(line)
        note("the envelope is written beside the proof: --out FILE")
    else:
        say(line)


@click.command("check-proof")
@click.argument("file", type=_PATH)
@click.option("--envelope", type=_PATH, required=True, metavar="FILE", help="The record, as it was written beside it.")
@_key_option(required=True)
@click.option(
    "--signer-key",
    type=_PATH,
    multiple=True,
    metavar="FILE",
    help="Public key of the person who signed the record; may be given more than once.",
)
@json_option
def check_proof(file: Path, envelope: Path, operator_key: Path, signer_key: tuple[Path, ...], as_json: bool) -> None:
    """Check the .tlog-proof in FILE, with no ledger: the record stands in the ledger whose root the operator signed.

    With --signer-key the record's own signature is checked too. Exit 4 says that something does not hold.

    \b
    Examples:
      curator ledger check-proof nodule-17.tlog-proof --envelope nodule-17.dsse.json --operator-key operator.pem
    """
    from curator.provenance.keys import key_id, parse_public
    from curator.provenance.proofs import HEADER, MAX_PROOF_BYTES, check_log_proof, parse_log_proof
    from curator.provenance.verdict import short
    from curator.provenance.view import KINDS

    operator = parse_public(_read(operator_key, 1 << 16))
    people = [parse_public(_read(one, 1 << 16)) for one in signer_key] or None
    data = _read(file, MAX_PROOF_BYTES)
    need_proof(data, HEADER)
    proof, record = parse_log_proof(data), _read(envelope)
    need_record(record)
    proven = check_log_proof(proof, record, operator, people)
    said = proven.checkpoint
    if as_json:
        emit_json(
            {
                "ok": True,
                "index": proven.index,
                "records": said.size,
                "root": said.root.hex(),
                "origin": said.origin,
                "operatorKeyId": key_id(operator),
                "signerKeyIds": list(proven.signers),
                "signatureChecked": bool(proven.signers),
                "statement": proven.statement,
            }
        )
        return
    kind = KINDS.get(str(proven.statement.get("predicateType")), "record")
    say(
        f"PASS  record {proven.index:,} ({kind}) stands among the {said.size:,} records whose root "
        f"operator {short(key_id(operator))} signed"
    )
    for text in _what(proven.statement):
        say(text)
    if proven.signers:
        say(f"PASS  signed by key {short(proven.signers[0])}, as given")
    else:
        say("NOTE  the record's own signature was not checked: give --signer-key")


def _what(statement: dict[str, Any]) -> list[str]:
    """Say in a line what the record states of itself, as text that cannot steer a terminal."""
    from curator.provenance.view import shown

    said = statement["predicate"]
    parts = [said.get(name) for name in ("labelId", "signer", "signedAt", "meaning")]
    text = " · ".join(shown(part) for part in parts if isinstance(part, str))
    return [f"NOTE  it says of itself: {text}"] if text else []


@click.command("consistency")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH, required=False)
@click.option("--out", type=_PATH, metavar="FILE", help="Write the proof here.")
@_key_option(required=False)
@_ledger_option
@project_option
@json_option
def consistency(
    old: Path,
    new: Path | None,
    out: Path | None,
    operator_key: Path | None,
    folder: Path | None,
    project: Path,
    as_json: bool,
) -> None:
    """Prove that checkpoint NEW only adds to checkpoint OLD; without NEW, that the newest of the ledger does.

    OLD and NEW are checkpoints' files or folders of released packages. Where NEW is a package, its own leaf hashes are
    used and no project is needed, but --operator-key is. Exit 4 says that the history was rewritten in between.

    \b
    Examples:
      curator ledger consistency held-2026-05.checkpoint --out since-may.consistency
      curator ledger consistency trial-1.0.0 trial-1.1.0 --operator-key operator.pem
    """
    from curator.core.errors import UsageError
    from curator.release.extends import checkpoint_of, package_proof

    public = _public(operator_key)
    if new is not None and new.is_dir():
        if public is None:
            raise UsageError("LED-058", what="packages are compared with --operator-key only")
        proof = package_proof(old, new, public)
    else:
        before = checkpoint_of(old) if old.is_dir() else _checkpoint(old)
        after = None if new is None else _checkpoint(new)
        proof = _prover(_ledger(folder, project), checkpoint=after, operator=public).consistency(before)
    _show_consistency(proof, out, as_json)


def _show_consistency(proof: Any, out: Path | None, as_json: bool) -> None:
    from curator.core.files import write_whole
    from curator.provenance.note import parse_checkpoint, parse_note

    data = proof.encode()
    new = parse_checkpoint(parse_note(proof.checkpoint)).size
    if out is not None:
        write_whole(out, data)
    if as_json:
        emit_json({"ok": True, "old": proof.old, "new": new, "added": new - proof.old, "proof": data.decode()})
        return
    line = f"{new:,} records extend the first {proof.old:,} without rewriting them: {new - proof.old:,} added"
    if out is None:
        say(data.decode().rstrip("\n"))
        note(line)
    else:
        say(line)


@click.command("check-consistency")
@click.argument("file", type=_PATH)
@click.option("--old", type=_PATH, required=True, metavar="FILE", help="The older checkpoint, as it was held.")
@_key_option(required=True)
@json_option
def check_consistency(file: Path, old: Path, operator_key: Path, as_json: bool) -> None:
    """Check the consistency proof in FILE, with no ledger: its checkpoint only adds to the one that was held.

    \b
    Examples:
      curator ledger check-consistency since-may.consistency --old held-2026-05.checkpoint --operator-key operator.pem
    """
    from curator.provenance.keys import key_id, parse_public
    from curator.provenance.proofs import MAX_PROOF_BYTES, check_consistency, parse_consistency
    from curator.provenance.verdict import short

    operator = parse_public(_read(operator_key, 1 << 16))
    data = _read(file, MAX_PROOF_BYTES)
    need_proof(data, "old ")
    older, newer = check_consistency(parse_consistency(data), _checkpoint(old), operator)
    if as_json:
        emit_json({"ok": True, "old": older.size, "new": newer.size, "root": newer.root.hex(), "origin": newer.origin})
        return
    say(
        f"PASS  {newer.size:,} records extend the first {older.size:,} without rewriting them, "
        f"both signed by operator {short(key_id(operator))}"
    )


COMMANDS = (prove, check_proof, consistency, check_consistency)
