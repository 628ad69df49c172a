"""What foreign verifiers are given: evidence out of a project's exports, and the same with one thing wrong.

Standard library only, and no code of curator: envelopes, notes, proofs and trees are taken apart here as their
specifications say. A case is a job, the name of what is wrong with it ("" for nothing), and its data as plain JSON
(bytes in base64), so that a verifier in any language can take it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DASH = "\u2014 "


@dataclass(frozen=True)
class Case:
    """One thing to verify: the job, what is wrong with it ("" for nothing), and the data."""

    job: str
    wrong: str
    data: dict[str, Any] = field(repr=False)


def b64(data: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(data).decode()


def raw(text: str) -> bytes:
    """Return base64 as bytes."""
    return base64.b64decode(text, validate=True)


def flip(data: bytes, at: int = -1) -> bytes:
    """Change one bit."""
    made = bytearray(data)
    made[at] ^= 1
    return bytes(made)


def leaf(entry: bytes) -> bytes:
    """Hash a leaf (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def tree(leaves: list[bytes]) -> bytes:
    """Merkle tree hash, written from RFC 9162, section 2.1.1, by its recursive definition."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def pae(kind: str, payload: bytes) -> bytes:
    """Pre-authentication encoding of DSSE, version 1."""
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)


#: SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes, of a P-256 key up to the 65 of its point (RFC 8410, 5480).
SPKI = {
    32: bytes.fromhex("302a300506032b6570032100"),
    65: bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
}


def pem_key(text: str) -> bytes:
    """Return the raw bytes of a key in PEM: 32 for Ed25519, 65 for P-256."""
    data = raw("".join(line for line in text.split("\n") if not line.startswith("-")))
    return next(
        data[len(head) :] for size, head in SPKI.items() if data.startswith(head) and len(data) == len(head) + size
    )


@dataclass(frozen=True)
class Note:
    """A signed note: its text, and (name, key hash, signature) of each line."""

    text: str
    lines: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def read(cls, data: bytes) -> Note:
        """Take a note apart."""
        text, _, block = data.decode().rpartition("\n\n")
        made = []
        for line in block.splitlines():
            name, body = line.removeprefix(DASH).rsplit(" ", 1)
            made.append((name, raw(body)[:4], raw(body)[4:]))
        return cls(text + "\n", tuple(made))

    def bytes(self) -> bytes:
        """Put it together again."""
        block = "".join(f"{DASH}{name} {b64(number + signature)}\n" for name, number, signature in self.lines)
        return f"{self.text}\n{block}".encode()

    @property
    def size(self) -> int:
        """Number of records that a checkpoint is over."""
        return int(self.text.split("\n")[1])

    @property
    def root(self) -> bytes:
        """Root that a checkpoint states."""
        return raw(self.text.split("\n")[2])


def vkey(name: str, public: bytes) -> str:
    """Write a verifier key (c2sp.org/signed-note)."""
    typed = b"\x01" + public
    number = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    return f"{name}+{number.hex()}+{b64(typed)}"


# -- records ----------------------------------------------------------------------------------------------------------


def envelopes(folder: Path, limit: int) -> Iterator[Case]:
    """Yield records of an export with --dsse, and changed ones."""
    paths = sorted((folder / "records").glob("*.dsse.json"))
    keys = {path.stem: pem_key(path.read_text()) for path in (folder / "keys").glob("*.pem")}
    documents = [json.loads(path.read_bytes()) for path in paths]

    for job, size in (("envelope", 32), ("p256-envelope", 65)):
        own = [one for one in documents if len(keys[one["signatures"][0]["keyid"]]) == size]
        step = max(1, len(own) // limit)
        for document in own[::step][:limit]:
            key = keys[document["signatures"][0]["keyid"]]
            yield Case(job, "", {"envelope": document, "key": b64(key), "keyid": document["signatures"][0]["keyid"]})
        if own:
            yield from _changed_envelopes(job, own[-1], own[-2], keys)


def _changed_envelopes(job: str, good: dict[str, Any], other: dict[str, Any], keys: dict[str, bytes]) -> Iterator[Case]:
    key = keys[good["signatures"][0]["keyid"]]
    payload, line = raw(good["payload"]), good["signatures"][0]
    stranger = _stranger(key, keys)

    def case(wrong: str, document: dict[str, Any], key: bytes) -> Case:
        name = document["signatures"][0]["keyid"] if document["signatures"] else ""
        return Case(job, wrong, {"envelope": document, "key": b64(key), "keyid": name})

    def signed(signature: str) -> dict[str, Any]:
        return {**good, "signatures": [{**line, "sig": signature}]}

    yield case("a bit of the payload", {**good, "payload": b64(flip(payload))}, key)
    yield case("a byte more in the payload", {**good, "payload": b64(payload + b" ")}, key)
    yield case("the payload of another record", {**good, "payload": other["payload"]}, key)
    yield case("the signature of another record", signed(other["signatures"][0]["sig"]), key)
    yield case("a bit of the signature", signed(b64(flip(raw(line["sig"])))), key)
    yield case("half a signature", signed(b64(raw(line["sig"])[:32])), key)
    yield case("another payload type", {**good, "payloadType": "application/json"}, key)
    yield case("another person's key", good, stranger)
    yield case("no signature", {**good, "signatures": []}, key)


def _stranger(key: bytes, keys: dict[str, bytes]) -> bytes:
    """Return another key of the same algorithm; for P-256, where there is one person, the same point upside down."""
    found = next((one for one in keys.values() if one != key and len(one) == len(key)), None)
    if found is not None:
        return found
    field = 2**256 - 2**224 + 2**192 + 2**96 - 1
    return key[:33] + (field - int.from_bytes(key[33:])).to_bytes(32)


def statements(folder: Path, limit: int) -> Iterator[Case]:
    """Yield the statements of records, and changed ones."""
    paths = sorted((folder / "records").glob("*.payload.json"))
    step = max(1, len(paths) // limit)
    for path in paths[::step][:limit]:
        yield Case("statement", "", {"payload": b64(path.read_bytes())})
    text = paths[-1].read_bytes()
    good = json.loads(text)

    def case(wrong: str, **more: Any) -> Case:
        document = {name: value for name, value in {**good, **more}.items() if value is not None}
        return Case("statement", wrong, {"payload": b64(json.dumps(document).encode())})

    yield case("another statement type", _type="https://in-toto.io/Statement/v0.1")
    yield case("no subject", subject=[])
    yield case("a subject without digest", subject=[{"name": "x"}])
    yield case("a digest that is no hex", subject=[{"name": "x", "digest": {"sha256": "z" * 64}}])
    yield case("a digest that is too short", subject=[{"name": "x", "digest": {"sha256": "ab"}}])
    yield case("no predicate type", predicateType=None)
    yield case("no predicate", predicate=None)
    yield Case("statement", "half a statement", {"payload": b64(text[: len(text) // 2])})


# -- checkpoints and trees --------------------------------------------------------------------------------------------


def checkpoints(notes: list[Note], operator: bytes, limit: int) -> Iterator[Case]:
    """Yield the operator's checkpoints, oldest first, and changed ones."""

    def case(wrong: str, note: Note, key: bytes = operator) -> Case:
        origin = notes[-1].text.split("\n")[0]
        return Case("checkpoint", wrong, {"note": b64(note.bytes()), "name": origin, "key": b64(key)})

    for note in notes[-limit:]:
        yield case("", note)
    good = notes[-1]
    origin, size, root = good.text.split("\n")[:3]
    mine = next(at for at, line in enumerate(good.lines) if line[0] == origin)
    name, number, signature = good.lines[mine]

    def line(*fields: Any) -> Note:
        return Note(good.text, (*good.lines[:mine], tuple(fields), *good.lines[mine + 1 :]))

    yield case("another root", Note(f"{origin}\n{size}\n{b64(flip(raw(root)))}\n", good.lines))
    yield case("another size", Note(f"{origin}\n{int(size) + 1}\n{root}\n", good.lines))
    yield case("another ledger's name", Note(f"{origin}0\n{size}\n{root}\n", good.lines))
    yield case("a line more", Note(f"{good.text}more\n", good.lines))
    older = next(one[2] for one in notes[0].lines if one[0] == origin)
    yield case("the signature of an older checkpoint", line(name, number, older))
    yield case("a bit of the signature", line(name, number, flip(signature)))
    yield case("half a signature", line(name, number, signature[:32]))
    yield case("a signature under a person's name", line(f"{origin}/people/x", number, signature))
    yield case("another operator's key", good, hashlib.sha256(b"another").digest())


def trees(entries: list[bytes], notes: list[Note]) -> Iterator[Case]:
    """Yield all entries under each checkpoint with its root, and changed ones."""

    def case(wrong: str, held: list[bytes], size: int, root: bytes) -> Case:
        return Case("tree", wrong, {"entries": [b64(one) for one in held], "size": size, "root": b64(root)})

    for note in notes:
        yield case("", entries[: note.size], note.size, note.root)
    size, root = notes[-1].size, notes[-1].root
    held, half = entries[:size], size // 2
    yield case("a changed entry", [*held[:half], flip(held[half]), *held[half + 1 :]], size, root)
    yield case("two entries exchanged", [*held[:half], held[half + 1], held[half], *held[half + 2 :]], size, root)
    yield case("an entry removed", [*held[:half], *held[half + 1 :]], size, root)
    yield case("an entry twice", [*held[:half], held[half], *held[half:]], size, root)
    yield case("the last entry removed", held[:-1], size, root)
    yield case("another root", held, size, flip(root))
    yield case("the root of an older checkpoint", held, size, notes[0].root)


def _lines(data: bytes) -> tuple[list[str], Note]:
    head, _, rest = data.partition(b"\n\n")
    return head.decode().split("\n"), Note.read(rest)


def inclusions(folder: Path, limit: int) -> Iterator[Case]:
    """Yield records with their .tlog-proof files, and changed ones."""
    paths = sorted(folder.glob("*.tlog-proof"))
    step = max(1, len(paths) // limit)

    def case(wrong: str, entry: bytes, index: int, size: int, root: bytes, path: list[bytes]) -> Case:
        data = {"entry": b64(entry), "index": index, "size": size, "root": b64(root), "path": [b64(s) for s in path]}
        return Case("inclusion", wrong, data)

    def read(path: Path) -> tuple[bytes, int, int, bytes, list[bytes]]:
        lines, note = _lines(path.read_bytes())
        if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
            raise ValueError(path.name)
        entry = path.with_name(path.name.replace(".tlog-proof", ".dsse.json")).read_bytes()
        return entry, int(lines[1][6:]), note.size, note.root, [raw(line) for line in lines[2:]]

    for path in paths[::step][:limit]:
        yield case("", *read(path))
    entry, index, size, root, path_ = read(paths[len(paths) // 2])
    stranger = read(paths[0])[0]
    yield case("another record", stranger, index, size, root, path_)
    yield case("a bit of the record", flip(entry), index, size, root, path_)
    yield case("the next index", entry, index + 1, size, root, path_)
    yield case("an index outside", entry, size, size, root, path_)
    yield case("a hash less", entry, index, size, root, path_[:-1])
    yield case("a hash more", entry, index, size, root, [*path_, root])
    yield case("two hashes exchanged", entry, index, size, root, [path_[1], path_[0], *path_[2:]])
    yield case("a bit of a hash", entry, index, size, root, [flip(path_[0]), *path_[1:]])
    yield case("no hash", entry, index, size, root, [])
    yield case("another root", entry, index, size, flip(root), path_)


def consistencies(proofs: list[tuple[Note, bytes]]) -> Iterator[Case]:
    """Yield pairs of an older checkpoint and a consistency proof, and changed ones."""

    def case(wrong: str, old: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> Case:
        data = {"old": old, "oldRoot": b64(old_root), "size": size, "root": b64(root), "path": [b64(s) for s in path]}
        return Case("consistency", wrong, data)

    made = []
    for note, data in proofs:
        lines, new = _lines(data)
        if lines[0] != f"old {note.size}":
            raise ValueError("the proof is for another checkpoint")
        made.append((note.size, note.root, new.size, new.root, [raw(line) for line in lines[1:]]))
        yield case("", *made[-1])
    # A proof of few hashes hides little: the longest is changed.
    old, old_root, size, root, path = max(made, key=lambda one: len(one[4]))
    yield case("another older root", old, flip(old_root), size, root, path)
    yield case("another newer root", old, old_root, size, flip(root), path)
    yield case("another older size", old + 1, old_root, size, root, path)
    yield case("a hash less", old, old_root, size, root, path[:-1])
    yield case("a hash more", old, old_root, size, root, [*path, root])
    yield case("two hashes exchanged", old, old_root, size, root, [path[1], path[0], *path[2:]])
    yield case("a bit of a hash", old, old_root, size, root, [*path[:-1], flip(path[-1])])
    yield case("no hash", old, old_root, size, root, [])
    yield case("the two exchanged", size, root, old, old_root, path)


# -- folders ----------------------------------------------------------------------------------------------------------


def logs(folder: Path, operator: bytes, work: Path) -> Iterator[Case]:
    """Yield a tiled log, and changed copies of it."""
    note = Note.read((folder / "checkpoint").read_bytes())
    key = vkey(note.text.split("\n")[0], operator)
    yield Case("tiles", "", {"folder": str(folder), "vkey": key})
    width = note.size % 256
    last = f"{note.size // 256:03d}.p/{width}"
    hashes, bundle = f"tile/0/{last}", f"tile/entries/{last}"

    def changed(wrong: str, name: str, change: Any) -> Case:
        copy = work / f"log-{hashlib.sha256(wrong.encode()).hexdigest()[:8]}"
        shutil.copytree(folder, copy)
        data = change((copy / name).read_bytes())
        (copy / name).unlink()
        if data is not None:
            (copy / name).write_bytes(data)
        return Case("tiles", wrong, {"folder": str(copy), "vkey": key})

    def swap(data: bytes) -> bytes:
        first = 2 + int.from_bytes(data[:2], "big")
        second = first + 2 + int.from_bytes(data[first : first + 2], "big")
        return data[first:second] + data[:first] + data[second:]

    yield changed("a bit of a hash", hashes, lambda data: flip(data, 40))
    yield changed("two hashes exchanged", hashes, lambda data: data[32:64] + data[:32] + data[64:])
    yield changed("a tile missing", hashes, lambda _: None)
    yield changed("a tile cut", hashes, lambda data: data[:-1])
    yield changed("a bit of an entry", bundle, lambda data: flip(data, 90))
    yield changed("two entries exchanged", bundle, swap)
    yield changed("a bundle cut", bundle, lambda data: data[:-1])
    yield changed("a bundle longer", bundle, lambda data: data + b"\x00\x00")
    yield changed("a bundle missing", bundle, lambda _: None)
    text = note.text.replace(f"\n{note.size}\n", f"\n{note.size - 1}\n")
    yield changed("another size signed for", "checkpoint", lambda _: Note(text, note.lines).bytes())
    stranger = vkey(note.text.split("\n")[0], hashlib.sha256(b"another").digest())
    yield Case("tiles", "another operator's key", {"folder": str(folder), "vkey": stranger})


def packages(folder: Path, pem: Path, work: Path) -> Iterator[Case]:
    """Yield a released package, and changed copies of it."""
    yield Case("package", "", {"folder": str(folder), "pem": str(pem)})
    sample = min((folder / "data" / "clean").rglob("*.dcm")).relative_to(folder).as_posix()

    def changed(wrong: str, name: str, change: Any, *, listed: bool = False) -> Case:
        copy = work / f"package-{hashlib.sha256(wrong.encode()).hexdigest()[:8]}"
        shutil.copytree(folder, copy)
        before = (copy / name).read_bytes() if (copy / name).exists() else b""
        data = change(before)
        if data is None:
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(data)
        if listed:
            old, new = hashlib.sha256(before).hexdigest(), hashlib.sha256(data).hexdigest()
            for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
                text = (copy / manifest).read_bytes()
                (copy / manifest).write_bytes(text.replace(old.encode(), new.encode()))
                old, new = hashlib.sha256(text).hexdigest(), hashlib.sha256((copy / manifest).read_bytes()).hexdigest()
        return Case("package", wrong, {"folder": str(copy), "pem": str(pem)})

    yield changed("a bit of a sample", sample, flip)
    yield changed("a sample missing", sample, lambda _: None)
    yield changed("a file added", "data/clean/added.dcm", lambda _: b"added")
    yield changed("a bit of a label", "data/labels.jsonl", lambda data: flip(data, 30))
    yield changed("a leaf hash missing", "data/ledger/leaves.txt", lambda data: data[65:])
    yield changed("a label changed and listed anew", "data/labels.jsonl", lambda data: flip(data, 30), listed=True)
    yield changed(
        "a checkpoint's signature changed and listed anew",
        "data/ledger/checkpoint",
        lambda data: data.replace(b"+", b"/").replace(b"A", b"B"),
        listed=True,
    )


# -- time-stamp tokens ------------------------------------------------------------------------------------------------


def tokens(made: list[tuple[bytes, bytes]], authority: bytes, stranger: bytes) -> Iterator[Case]:
    """Yield time-stamp responses over checkpoints, and changed ones.

    Parameters
    ----------
    made
        Pairs of a checkpoint's bytes and the response (DER) over them, two at least.
    authority, stranger
        Root certificates in PEM: the one behind the tokens, and another.
    """

    def case(wrong: str, data: bytes, token: bytes, root: bytes = authority) -> Case:
        return Case("token", wrong, {"data": b64(data), "token": b64(token), "root": root.decode()})

    for data, token in made:
        yield case("", data, token)
    (data, token), (other, another) = made[-1], made[0]
    yield case("the token of another checkpoint", data, another)
    yield case("another checkpoint", other, token)
    yield case("a bit of the checkpoint", flip(data, 40), token)
    yield case("a bit of the token's signature", data, flip(token, -9))
    yield case("half a token", data, token[: len(token) // 2])
    yield case("another authority", data, token, stranger)
    digest = hashlib.sha256(data).digest()
    yield case("another checkpoint's digest put in", other, token.replace(digest, hashlib.sha256(other).digest()))
