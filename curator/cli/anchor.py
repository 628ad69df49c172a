"""``curator ledger timestamp`` and ``ledger witness``: anchors outside the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli.common import emit_json, json_option, key_passphrase_option, note, project_option, say
from curator.cli.notes import need_checkpoint, need_der, need_request
from curator.cli.signers import key_store_option, open_key

if TYPE_CHECKING:
    from curator.provenance.anchors import Options
    from curator.provenance.keys import Signer
    from curator.provenance.timestamps import Stamp

FOLDER = click.argument("folder", required=False, type=click.Path(path_type=Path))
FILE = click.Path(path_type=Path)
#: Larger files are surely others, given by mistake.
_MOST = 1 << 20


def _place(folder: Path | None, project: Path) -> Path:
    from curator.project.paths import open_project

    return folder if folder is not None else open_project(project).ledger


def _read(path: Path, code: str, most: int = _MOST) -> bytes:
    from curator.core.errors import UsageError

    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError:
        raise UsageError(code, reason="a file cannot be read") from None
    if len(data) > most:
        raise UsageError(code, reason="a file is too long to be what it should be")
    return data


def outside_options(tsa_ca: Path | None, witness_keys: tuple[Path, ...], held: bytes | None) -> Options:
    """Read what a verifier brings from outside."""
    from curator.core.clock import SystemClock
    from curator.provenance.anchors import Options
    from curator.provenance.cosign import parse_vkeys
    from curator.provenance.tsp_verify import load_roots

    roots = [] if tsa_ca is None else load_roots(_read(tsa_ca, "LED-044"))
    keys = [key for path in witness_keys for key in parse_vkeys(_read(path, "LED-049"))]
    return Options(roots, keys, held, SystemClock().now())


def _guard() -> Callable[[str], bool]:
    from curator.detect.text import detectors, find_all

    used = detectors(weighed=False)
    return lambda name: not find_all(re.sub(r"[-._/]+", " ", name), used)


@click.command("timestamp")
@FOLDER
@click.option("--tsa", "url", metavar="URL", help="Ask the time-stamper at this http or https address.")
@click.option("--request-out", type=FILE, metavar="FILE", help="Write the request (.tsq), to be carried elsewhere.")
@click.option("--response-in", type=FILE, metavar="FILE", help="Take in the response (.tsr) to a request.")
@click.option("--request", type=FILE, metavar="FILE", help="The request of that response, if another tool made it.")
@click.option("--tsa-policy", metavar="OID", help="Policy that the time-stamper is to follow.")
@click.option("--tsa-ca", type=FILE, metavar="FILE", help="Certificates (PEM) trusted to vouch for the time-stamper.")
@click.option("--by", "person", metavar="PERSON", help="Also sign a record that names the time-stamp, as PERSON.")
@project_option
@key_store_option
@key_passphrase_option
@json_option
def timestamp(
    folder: Path | None,
    url: str | None,
    request_out: Path | None,
    response_in: Path | None,
    request: Path | None,
    tsa_policy: str | None,
    tsa_ca: Path | None,
    person: str | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Get the newest checkpoint time-stamped (RFC 3161) by somebody outside, or take in such a time-stamp.

    The ledger is verified first. Only digests leave the machine. The response is checked and stored beside the
    checkpoints; 'openssl ts -verify -data CHECKPOINT -in RESPONSE -CAfile ROOTS' checks it as well. With --by, a signed
    record names it, which proves that all later records were signed after it.

    \b
    Examples:
      curator ledger timestamp --tsa https://tsa.example/tsr --tsa-ca tsa-roots.pem
      curator ledger timestamp --request-out request.tsq
      curator ledger timestamp --response-in response.tsr --tsa-ca tsa-roots.pem --by ada
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.core.files import write_whole
    from curator.provenance import timestamps
    from curator.provenance.append import Appender
    from curator.provenance.ledger import Ledger
    from curator.provenance.tsp import MAX_RESPONSE
    from curator.provenance.tsp_verify import load_roots
    from curator.provenance.verify import verify_ledger

    if sum(one is not None for one in (url, request_out, response_in)) != 1 or (request and not response_in):
        raise UsageError("LED-044", reason="exactly one way must be named, and --request goes with --response-in")
    if request_out is not None and person is not None:
        raise UsageError("LED-044", reason="there is nothing to sign before the response")
    place = _place(folder, project)
    roots = [] if tsa_ca is None else load_roots(_read(tsa_ca, "LED-044"))
    key = None if person is None else open_key(person, key_store, key_passphrase_file)
    appender = None if key is None else Appender(Ledger(place), SystemClock())
    if appender is None:
        verify_ledger(place).require()
    query: bytes | None = None
    if request is not None:
        query = _read(request, "LED-044", MAX_RESPONSE)
        need_der(query, "request")
    if response_in is None:
        name, query = timestamps.ask(place, tsa_policy)
        if request_out is not None:
            timestamps.keep_request(place, name, query)
            write_whole(request_out, query)
            if as_json:
                emit_json({"checkpoint": name, "requestBytes": len(query)})
                return
            say(f"request over the checkpoint of {int(name[:12]):,} records written")
            say("next: curator ledger timestamp --response-in FILE")
            return
        response = timestamps.fetch(url or "", query)
    else:
        response = _read(response_in, "LED-044", MAX_RESPONSE)
        need_der(response, "response")
    stamp = timestamps.take(place, response, query, roots)
    record = None
    if appender is not None and key is not None:
        from curator.provenance.kinds_witness import Named, witnessed

        data = timestamps.notes(place)[stamp.note][1]
        (made,) = appender.append([witnessed(data, stamps=[Named(stamp.sha256, stamp.token.at)])], key)
        appender.seal(key)
        record = made.index
    _say_stamp(stamp, record, as_json)


def _say_stamp(stamp: Stamp, record: int | None, as_json: bool) -> None:
    from curator.core.clock import utc_text

    at = utc_text(stamp.token.at)
    if as_json:
        emit_json(
            {
                "at": at,
                "records": stamp.size,
                "checkpoint": stamp.note,
                "policy": stamp.token.policy,
                "trusted": stamp.trusted,
                "signerSha256": stamp.signer,
                "responseSha256": stamp.sha256,
                "record": record,
            }
        )
        return
    say(f"{stamp.size:,} records stood at {at}, by a time-stamp under the policy {stamp.token.policy}")
    if record is not None:
        say(f"record {record} names it")
    if not stamp.trusted:
        note("COULD NOT CHECK the time-stamper's certificate: give its root with --tsa-ca, here and to 'ledger verify'")


@click.group("witness")
def witness() -> None:
    """Let somebody outside confirm that the ledger only grew (C2SP tlog-witness, by files)."""


@witness.command("request")
@FOLDER
@click.option("--old", type=click.IntRange(0), default=0, show_default=True, help="Records that the witness saw last.")
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the request.")
@project_option
@json_option
def request(folder: Path | None, old: int, out: Path, project: Path, as_json: bool) -> None:
    """Write the newest checkpoint by the operator with the proof that it extends what the witness saw last.

    \b
    Examples:
      curator ledger witness request --old 41020 --out for-witness
    """
    from curator.core.files import write_whole
    from curator.provenance.verify import verify_ledger
    from curator.provenance.witness import make_request, parse_request

    place = _place(folder, project)
    verify_ledger(place).require()
    data = make_request(place, old)
    write_whole(out, data)
    if as_json:
        emit_json({"old": old, "proof": len(parse_request(data).proof), "bytes": len(data)})
        return
    say("request written; no record is in it, only digests")
    say("next, by the witness: curator ledger witness cosign FILE --seen STATE")


def _signer(
    person: str | None, key_file: Path | None, key_store: Path | None, passphrase_file: Path | None, checkpoint: bytes
) -> tuple[str, Signer]:
    from curator.core.errors import UsageError
    from curator.provenance.keys import SeedSigner
    from curator.provenance.ledger import person_name
    from curator.provenance.note import parse_checkpoint, parse_note

    if person is not None:
        origin = parse_checkpoint(parse_note(checkpoint)).origin
        return person_name(origin, person), open_key(person, key_store, passphrase_file).signer
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(key_file or Path(), "LED-049"), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError("LED-049", reason="the witness's key file holds no plain Ed25519 key in PEM")
    return "", SeedSigner(key.private_bytes_raw())


@witness.command("cosign")
@click.argument("checkpoint", type=FILE)
@click.option("--by", "person", metavar="PERSON", help="Cosign as this person, with the person's own key.")
@click.option("--key", "key_file", type=FILE, metavar="FILE", help="Cosign as a machine: its Ed25519 key in PEM.")
@click.option("--name", metavar="NAME", help="Name of the machine's key, such as witness.example/w1.")
@click.option(
    "--seen", "state", type=FILE, required=True, metavar="FILE", help="The witness's own memory of this ledger."
)
@click.option("--operator-key", type=FILE, metavar="FILE", help="The operator's public key; needed the first time.")
@click.option(
    "--ledger", "folder", type=FILE, metavar="DIR", help="The ledger's folder, to compute instead of a proof."
)
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the cosigned checkpoint.")
@key_store_option
@key_passphrase_option
@json_option
def cosign(
    checkpoint: Path,
    person: str | None,
    key_file: Path | None,
    name: str | None,
    state: Path,
    operator_key: Path | None,
    folder: Path | None,
    out: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """As a witness: check that CHECKPOINT (a request, or a bare checkpoint) extends what was seen last, and cosign it.

    Keep the file behind --seen: it is what a rewritten history is measured against. It is written before the cosigned
    checkpoint is given out. Prints the witness's verifier key, for 'curator ledger verify --witness-key'.

    \b
    Examples:
      curator ledger witness cosign for-witness --by rita --seen trial.seen --operator-key operator.pem --out cosigned
      curator ledger witness cosign for-witness --key w1.pem --name witness.example/w1 --seen trial.seen --out cosigned
    """
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.core.files import write_whole
    from curator.provenance import cosign as cosigning
    from curator.provenance.keys import parse_public
    from curator.provenance.note import parse_checkpoint, parse_note
    from curator.provenance.witness import parse_request
    from curator.provenance.witness import witness as confirm

    if (person is None) == (key_file is None) or (key_file is None) != (name is None):
        raise UsageError("LED-049", reason="name either --by PERSON, or --key FILE together with --name NAME")
    request = _read(checkpoint, "LED-049")
    need_request(request)
    asked = parse_request(request)
    own, signer = _signer(person, key_file, key_store, key_passphrase_file, asked.note)
    own = cosigning.check_name(name or own)
    operator = None if operator_key is None else parse_public(_read(operator_key, "LED-049"))
    data = confirm(asked, state, own, signer, SystemClock(), operator=operator, folder=folder)
    write_whole(out, data)
    size = parse_checkpoint(parse_note(data)).size
    vkey = cosigning.vkey(own, signer.public)
    if as_json:
        emit_json({"records": size, "name": own, "witnessKey": vkey})
        return
    say(f"cosigned the checkpoint over {size:,} records as {own}")
    say(vkey)


@witness.command("add")
@click.argument("file", type=FILE)
@click.option("--by", "person", required=True, metavar="PERSON", help="Id of the person who signs the record of it.")
@click.option(
    "--witness-key", "keys", multiple=True, type=FILE, metavar="FILE", help="Keys of witnesses who are not enrolled."
)
@project_option
@key_store_option
@key_passphrase_option
@json_option
def add(
    file: Path,
    person: str,
    keys: tuple[Path, ...],
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Store the cosigned checkpoint in FILE, and sign a record that names its cosignatures.

    \b
    Examples:
      curator ledger witness add cosigned --by ada --witness-key w1.vkey
    """
    from curator.core.clock import SystemClock
    from curator.provenance.append import Appender
    from curator.provenance.cosign import parse_vkeys
    from curator.provenance.ledger import Ledger
    from curator.provenance.note import MAX_NOTE_BYTES
    from curator.provenance.witnessing import add_witnessed

    data = _read(file, "LED-049", MAX_NOTE_BYTES)
    need_checkpoint(data)
    given = [key for path in keys for key in parse_vkeys(_read(path, "LED-049"))]
    place = _place(None, project)
    key = open_key(person, key_store, key_passphrase_file)
    appender = Appender(Ledger(place), SystemClock())
    record, found = add_witnessed(appender, data, given, key, _guard())
    if as_json:
        emit_json({"record": record.index, "cosignatures": [one.name for one in found]})
        return
    say(f"record {record.index} names {len(found):,} cosignatures of the checkpoint")
    say("next: curator ledger verify --witness-key FILE")


COMMANDS = (timestamp, witness)
