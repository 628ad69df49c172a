#!/usr/bin/env python3
"""Verify what ``curator ledger export --dsse DIR`` wrote, with foreign tools and no code of curator.

Uses Python's standard library, openssl, and securesystemslib where it is installed. Prints one line a check; exit 0 if
all hold, 1 if one fails, 3 if openssl is missing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path


def openssl(key: Path, data: Path, signature: Path) -> bool:
    """Let openssl verify an Ed25519 signature."""
    line = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", data, "-sigfile", signature]
    return subprocess.run(line, capture_output=True, check=False).returncode == 0


def tree(leaves: list[bytes]) -> bytes:
    """Merkle tree hash, written from RFC 9162, section 2.1.1, by its recursive definition."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def records(folder: Path) -> tuple[int, list[bytes], list[str]]:
    """Check every record; return how many, their leaf hashes, and what failed."""
    stated = (folder / "leaves.txt").read_text().split()
    leaves, failed = [], []
    paths = sorted((folder / "records").glob("*.dsse.json"))
    for number, path in enumerate(paths):
        raw = path.read_bytes()
        envelope = json.loads(raw)
        payload = base64.b64decode(envelope["payload"])
        kind = envelope["payloadType"].encode()
        encoded = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        base = folder / "records" / f"{number:08d}"
        leaves.append(hashlib.sha256(b"\x00" + raw).digest())
        statement = json.loads(payload)
        fine = (
            path.name == f"{number:08d}.dsse.json"
            and stated[number] == leaves[-1].hex()
            and base.with_name(base.name + ".pae").read_bytes() == encoded
            and base64.b64decode(envelope["signatures"][0]["sig"]) == base.with_name(base.name + ".sig").read_bytes()
            and statement["_type"] == "https://in-toto.io/Statement/v1"
            and statement["predicate"]["sequence"] == number
            and statement["predicate"]["previous"] == (leaves[-2].hex() if number else None)
            and openssl(
                folder / "keys" / f"{envelope['signatures'][0]['keyid']}.pem",
                base.with_name(base.name + ".pae"),
                base.with_name(base.name + ".sig"),
            )
        )
        if not fine:
            failed.append(path.name)
    if len(stated) != len(paths):
        failed.append("leaves.txt")
    return len(paths), leaves, failed


def checkpoint(folder: Path, leaves: list[bytes]) -> int:
    """Check the checkpoint; return how many of its signatures openssl accepted (0 if the root is another)."""
    _, size, root = (folder / "checkpoint.txt").read_text().split("\n")[:3]
    if base64.b64decode(root) != tree(leaves[: int(size)]) or int(size) > len(leaves):
        return 0
    signatures = sorted(folder.glob("checkpoint.*.sig"))
    accepted = [openssl(path.with_suffix(".pem"), folder / "checkpoint.txt", path) for path in signatures]
    return len(accepted) if all(accepted) else 0


def foreign_dsse(folder: Path) -> str:
    """Let securesystemslib verify every envelope."""
    try:
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import SSlibKey
    except ImportError:
        return "not run: securesystemslib is not installed"
    count = 0
    for path in sorted((folder / "records").glob("*.dsse.json")):
        document = json.loads(path.read_text())
        name = document["signatures"][0]["keyid"]
        body = "".join((folder / "keys" / f"{name}.pem").read_text().split("\n")[1:-2])
        key = SSlibKey(name, "ed25519", "ed25519", {"public": base64.b64decode(body)[-32:].hex()})
        Envelope.from_dict(document).verify([key], 1)
        count += 1
    return f"{count} envelopes accepted"


def main() -> int:
    """Run all checks over the folder named on the command line."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print("usage: scripts/interop/ledger.py EXPORTED_FOLDER", file=sys.stderr)
        return 2
    if shutil.which("openssl") is None:
        print("not run: openssl is missing")
        return 3
    folder = Path(sys.argv[1])
    count, leaves, failed = records(folder)
    print(f"records: {count - len(failed)} of {count} accepted by openssl, in their places and chained")
    accepted = checkpoint(folder, leaves)
    print(f"checkpoint: {'REFUSED' if not accepted else f'root recomputed, {accepted} signatures accepted by openssl'}")
    print(f"securesystemslib: {foreign_dsse(folder)}")
    for name in failed:
        print(f"REFUSED {name}")
    return 1 if failed or not accepted else 0


if __name__ == "__main__":
    sys.exit(main())
