"""Every way that is known to tamper with a ledger on disk, as (family, what, change, records that may be named).

Shared by the tests, which take some hundred, and by scripts/soak/tampers, which takes all.
"""

from __future__ import annotations

import base64
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger_world import SEED, World

from curator.core.canonical import canonical_bytes, strict_loads
from curator.provenance.dsse import parse_envelope, sign_envelope
from curator.provenance.keys import SeedSigner, encode64
from curator.provenance.label_facts import digest_of
from curator.provenance.ledger import Ledger, origin_of, person_name
from curator.provenance.merkle import leaf_hash, root
from curator.provenance.note import Checkpoint
from curator.provenance.verify import verify_ledger


@dataclass(frozen=True)
class Tamper:
    """One change to a copy of the ledger.

    Parameters
    ----------
    family
        What kind of change.
    what
        The change, in a few words.
    apply
        Makes it in the world's folder.
    named
        Records of which the first bad one must be, or None where no record can be named.
    held
        True where it is only found with a checkpoint that was held elsewhere.
    """

    family: str
    what: str
    apply: Callable[[World], None]
    named: range | None = None
    held: bool = False


def copy_of(world: World, folder: Path) -> World:
    """Copy a world's ledger to another folder."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(world.folder, folder)
    made = World.__new__(World)
    made.folder, made.clock, made.operator, made.ledger = folder, world.clock, world.operator, Ledger(folder)
    return made


def _ranges(world: World) -> dict[str, range]:
    """Part and commit files to the records that they hold."""
    made = {}
    for commit, first, count in world.ledger.commits():
        made[f"parts/{commit.parts[0]}.parquet"] = range(first, first + count)
        made[f"commits/{commit.number:08d}.json"] = range(first, first + count)
    return made


def _write(path: str, data: bytes) -> Callable[[World], None]:
    return lambda world: (world.folder / path).write_bytes(data) and None


def flips(world: World, choose: random.Random) -> Iterator[Tamper]:
    """One bit of every byte of every file."""
    ranges = _ranges(world)
    for path in sorted(one for one in world.folder.rglob("*") if one.is_file()):
        name = path.relative_to(world.folder).as_posix()
        data = path.read_bytes()
        for at in range(len(data)):
            bad = bytearray(data)
            bad[at] ^= 1 << choose.randrange(8)
            yield Tamper(
                "a bit of a byte", f"{name.split('/')[0]} byte {at}", _write(name, bytes(bad)), ranges.get(name)
            )


def files(world: World) -> Iterator[Tamper]:
    """Files cut, emptied, removed, exchanged, added, with other line ends."""
    ranges = _ranges(world)
    paths = sorted(one for one in world.folder.rglob("*") if one.is_file())
    names = [one.relative_to(world.folder).as_posix() for one in paths]
    newest = max((name for name in names if name.startswith("checkpoints/")), default="")
    for name, path in zip(names, paths, strict=True):
        data = path.read_bytes()
        for cut in {0, 1, len(data) // 2, len(data) - 1}:
            yield Tamper("file cut", f"{name} at {cut}", _write(name, data[:cut]), ranges.get(name))
        yield Tamper("file grown", name, _write(name, data + b"\n"), ranges.get(name))
        yield Tamper("CRLF", name, _write(name, data.replace(b"\n", b"\r\n") + b"\r\n"), ranges.get(name))
        if not name.startswith("checkpoints/"):  # one checkpoint fewer takes nothing from the records
            yield Tamper("file removed", name, lambda w, name=name: (w.folder / name).unlink(), ranges.get(name))
        for other in names:
            if other != name and other.split("/")[0] == name.split("/")[0]:
                yield Tamper("files exchanged", f"{name} {other}", _write(name, (world.folder / other).read_bytes()))
    yield Tamper(
        "file added",
        "note",
        _write("checkpoints/000000000099-0000000000000000.note", (world.folder / newest).read_bytes()),
    )
    yield Tamper("file added", "commit", _write("commits/00000099.json", b"{}"))


def _values(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _values(inner, (*path, key))
    elif isinstance(node, list):
        for at, inner in enumerate(node):
            yield from _values(inner, (*path, at))
    else:
        yield path, node


def _set(node: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        node = node[step]
    if value is _GONE:
        del node[path[-1]]
    else:
        node[path[-1]] = value


_GONE = object()


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, int(value), _GONE]
    if isinstance(value, int):
        return [value + 1, -value - 1, 2**53 - 1, str(value), _GONE]
    if isinstance(value, str):
        return [value + "x", value[:-1], value.upper() + " ", value[::-1] + "0", None, _GONE]
    return ["x", 0, _GONE]


def _payload(envelope: bytes) -> Any:
    return strict_loads(parse_envelope(envelope).payload)


def _with_payload(envelope: bytes, document: Any) -> bytes:
    outer = strict_loads(envelope)
    outer["payload"] = encode64(canonical_bytes(document))
    return canonical_bytes(outer)


def _rewritten(at: int, made: bytes) -> Callable[[World], None]:
    def apply(world: World) -> None:
        envelopes = world.envelopes()
        envelopes[at] = made
        world.rewrite(envelopes)

    return apply


def fields(world: World) -> Iterator[Tamper]:
    """Every value of every record changed, removed, of another type; under the old signature."""
    for at, envelope in enumerate(world.envelopes()):
        for path, value in _values(_payload(envelope)):
            for other in _others(value):
                document = _payload(envelope)
                _set(document, path, other)
                if document == _payload(envelope):
                    continue
                what = f"record {at} {'/'.join(map(str, path))}"
                yield Tamper(
                    "field changed", what, _rewritten(at, _with_payload(envelope, document)), range(at, at + 1)
                )
        document = _payload(envelope)
        document["predicate"]["added"] = 1
        yield Tamper(
            "field added", f"record {at}", _rewritten(at, _with_payload(envelope, document)), range(at, at + 1)
        )


def envelopes(world: World) -> Iterator[Tamper]:
    """Envelopes in other spellings, with unsigned fields, with other or more signatures."""
    made = world.envelopes()
    for at, envelope in enumerate(made):
        outer = json.loads(envelope)
        own = range(at, at + 1)

        def one(what: str, data: bytes, family: str = "envelope", at: int = at, own: range = own) -> Tamper:
            return Tamper(family, f"record {at} {what}", _rewritten(at, data), own)

        yield one("unsigned field", canonical_bytes({**outer, "note": "x"}), "unsigned field")
        yield one(
            "unsigned field in signature",
            canonical_bytes({**outer, "signatures": [{**outer["signatures"][0], "by": "x"}]}),
            "unsigned field",
        )
        yield one("spaces", json.dumps(outer, sort_keys=True).encode(), "spelling")
        yield one("other order", json.dumps(dict(reversed(outer.items())), separators=(",", ":")).encode(), "spelling")
        yield one("CRLF behind", envelope + b"\r\n", "CRLF")
        payload = base64.b64decode(outer["payload"])
        for name, text in {
            "no padding": outer["payload"].rstrip("="),
            "url-safe": base64.urlsafe_b64encode(payload).decode(),
            "line breaks": base64.encodebytes(payload).decode(),
            "more padding": outer["payload"] + "==",
            "stray bits": outer["payload"].rstrip("=")[:-1]
            + "/"
            + "=" * (len(outer["payload"]) - len(outer["payload"].rstrip("="))),
        }.items():
            if text != outer["payload"]:
                yield one(name, canonical_bytes({**outer, "payload": text}), "base64 spelling")
        signature = outer["signatures"][0]
        for name, text in {"no padding": signature["sig"].rstrip("="), "line break": signature["sig"] + "\n"}.items():
            yield one(name, canonical_bytes({**outer, "signatures": [{**signature, "sig": text}]}), "base64 spelling")
        yield one("no signature", canonical_bytes({**outer, "signatures": []}), "signatures")
        yield one("signature twice", canonical_bytes({**outer, "signatures": [signature] * 2}), "signatures")
        yield one("other type", canonical_bytes({**outer, "payloadType": "text/plain"}), "signatures")
        for other in range(len(made)):
            if other != at:
                taken = json.loads(made[other])["signatures"]
                yield one(f"signature of {other}", canonical_bytes({**outer, "signatures": taken}), "signature moved")
        for name in ("ada", "ben", "rita", "mallory"):
            forged = sign_envelope(payload, [World.key(name).signer])
            if forged != envelope:
                yield one(f"signed by {name}", forged, "key swapped")
                renamed = json.loads(forged)
                renamed["signatures"][0]["keyid"] = signature["keyid"]
                yield one(f"signed by {name} as its own", canonical_bytes(renamed), "key swapped")


def rows(world: World) -> Iterator[Tamper]:
    """Records removed, repeated, swapped, moved, cut, and records of other ledgers put among them."""
    made = world.envelopes()
    size = len(made)
    foreign = _elsewhere(world, "trial")
    other = _elsewhere(world, "other")

    def put(new: list[bytes]) -> Callable[[World], None]:
        return lambda w: w.rewrite(new)

    for at in range(size):
        yield Tamper("record removed", f"{at}", put(made[:at] + made[at + 1 :]), range(at, at + 1))
        for to in range(at, size):
            yield Tamper(
                "record repeated",
                f"{at} behind {to}",
                put([*made[: to + 1], made[at], *made[to + 1 :]]),
                range(to + 1, to + 2),
            )
            if to > at:
                new = list(made)
                new[at], new[to] = new[to], new[at]
                yield Tamper("records swapped", f"{at} {to}", put(new), range(at, at + 1))
                moved = made[:at] + made[at + 1 : to + 1] + [made[at]] + made[to + 1 :]
                yield Tamper("record moved", f"{at} to {to}", put(moved), range(at, at + 1))
        for name, taken in (("same dataset", foreign), ("other dataset", other)):
            if taken[at] != made[at]:
                new = list(made)
                new[at] = taken[at]
                yield Tamper("record replayed", f"{at} of a ledger of the {name}", put(new), range(at, at + 2))
        if at:
            yield Tamper("ledger cut", f"to {at}", put(made[:at]), range(at, at + 1))


def _elsewhere(world: World, dataset: str) -> list[bytes]:
    folder = world.folder.parent / f"elsewhere-{dataset}"
    if folder.exists():
        shutil.rmtree(folder)
    return World(folder, dataset).filled().envelopes()


def histories(world: World) -> Iterator[Tamper]:
    """Histories rewound, forked and grown again by those who hold keys: found with a checkpoint that was held."""
    made = world.envelopes()

    def rewound(to: int) -> Callable[[World], None]:
        def apply(w: World) -> None:
            w.rewrite(made[:to])
            for path in (w.folder / "checkpoints").iterdir():
                if int(path.name[:12]) > to:
                    path.unlink()

        return apply

    def regrown(at: int, operator: bool) -> Callable[[World], None]:
        """Change a label's value by its own signer and sign everything behind it again, with every key there is."""

        def apply(w: World) -> None:
            new = list(made[:at])
            for number in range(at, len(made)):
                document = _payload(made[number])
                if number == at:
                    document["predicate"]["value"] = {"text": "no nodule"}
                    document["predicate"]["digestOfValue"] = digest_of({"text": "no nodule"})
                document["predicate"]["previous"] = leaf_hash(new[-1]).hex()
                new.append(
                    sign_envelope(canonical_bytes(document), [World.key(document["predicate"]["signer"]).signer])
                )
            w.rewrite(new)
            for path in (w.folder / "checkpoints").iterdir():
                if int(path.name[:12]) > at:
                    path.unlink()
            leaves = [leaf_hash(one) for one in new]
            origin = origin_of("trial", leaves[0])
            signers: list[Any] = (
                [(origin, SeedSigner(SEED))] if operator else [(person_name(origin, "ben"), World.key("ben").signer)]
            )
            w.ledger.put_checkpoint(Checkpoint(origin, len(new), root(leaves)), signers)

        return apply

    for to in range(1, len(made)):
        yield Tamper("rewound, checkpoints too", f"to {to}", rewound(to), held=True)
    for at in range(5, len(made)):
        yield Tamper("forked by a holder of all keys", f"at {at}", regrown(at, operator=True), held=True)
        yield Tamper("forked by people without the operator", f"at {at}", regrown(at, operator=False), held=True)


def every(world: World, seed: int = 0) -> Iterator[Tamper]:
    """Yield all of them."""
    for family in (files, fields, envelopes, rows, histories):
        yield from family(world)
    yield from flips(world, random.Random(seed))


def judged(world: World, tamper: Tamper, held: bytes | None) -> str | None:
    """Verify a tampered ledger and say what is wrong with the verdict, None when it is right.

    A tamper within the stated window must pass unless a held checkpoint is given, and fail with it.
    """
    report = verify_ledger(world.folder, operator_key=world.operator.public, against=held if tamper.held else None)
    if report.error is None:
        return "passed"
    if report.error.code == "SYS-007":  # the flip made it the format of a later version, which is refused unread
        return None
    if report.error.exit_code not in {3, 4}:
        return f"exit code {report.error.exit_code}"
    if report.error.exit_code == 3 and report.error.code != "LED-021":
        return f"{report.error.code} could not be checked"
    if tamper.named is not None and report.record not in tamper.named:
        return f"names record {report.record} by {report.error.facts.get('rule', report.error.code)}"
    return None
