"""How much the store of releases grows by a version, and how fast two versions are compared.

Makes a project by hand with many files of a size, builds two drafts, and prints bytes and seconds:
``scripts/bench/release_store [FILES] [BYTES]``. Everything is made in a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from curator.core.clock import SystemClock
from curator.project import journal
from curator.project.create import Wishes, create_project
from curator.project.paths import Project, open_project
from curator.project.vault import Vault
from curator.provenance.ledger import create
from curator.release.build import build
from curator.release.diff import agreement, compare, read_lists, side_by_side
from curator.release.inputs import Inputs
from curator.release.verify import verify_package
from curator.scrub.policy import load_policy


def deliver(project: Project, number: int, first: int, count: int, size: int) -> int:
    """Write clean files and their journal."""
    rows, total = [], 0
    for at in range(first, first + count):
        data = hashlib.shake_128(b"%d" % at).digest(size)
        path = f"clean/P{at // 8:08d}/S/R/{at}.dcm"
        target = project.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        total += size
        rows.append(
            {
                "source": digest[::-1], "kind": "dicom", "outcome": "scrubbed", "path": path, "sha256": digest,
                "bytes": size, "uid": f"2.25.{at + 1}", "content": digest,
            }
        )  # fmt: skip
    log = journal.round_log(project, number, 0)
    log.commit(0, [log.write_part(pa.Table.from_pylist(rows, schema=journal.row_schema()))], rows=len(rows))
    policy = load_policy("safe-harbor")
    about = {"format": 1, "delivery": number, "shards": 1, "policy": {"name": policy.name, "digest": policy.digest}}
    journal.put_document(project, number, "delivery", about)
    return total


def occupied(folder: Path) -> int:
    """Return the bytes below a folder, each inode once."""
    seen: dict[int, int] = {}
    for base, _, names in os.walk(folder):
        for name in names:
            found = os.lstat(os.path.join(base, name))
            seen[found.st_ino] = found.st_size
    return sum(seen.values())


def sha256_seconds(folder: Path) -> float:
    """Return the CPU seconds of hashing all files below a folder."""
    before = time.process_time()
    for path in folder.rglob("*"):
        if path.is_file():
            hashlib.sha256(path.read_bytes()).hexdigest()
    return time.process_time() - before


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="?", default=1000, help="how many (default 1000)")
    parser.add_argument("bytes", type=int, nargs="?", default=500_000, help="of each (default 500,000)")
    given = parser.parse_args()
    count, size = given.files, given.bytes
    with tempfile.TemporaryDirectory() as name:
        clock, root = SystemClock(), Path(name) / "trial"
        wishes = Wishes(root, "trial", "site", "Made-up", "safe-harbor", None)
        create_project(
            wishes, b"a passphrase", clock,
            begin=lambda folder, dataset, seed, when: create(
                folder, dataset=dataset, operator_seed=seed, clock=when
            ) and None,
        )  # fmt: skip
        project = open_project(root)
        vault = Vault.open(project.vault, b"a passphrase", purpose="bench", clock=clock)
        deliver(project, 1, 0, count, size)
        took = []
        for version, first in (("1.0.0", None), ("1.1.0", count)):
            added = 0 if first is None else deliver(project, 2, first, count // 10, size)
            before, start = occupied(project.releases) if project.releases.exists() else 0, time.process_time()
            built = build(Inputs(project, version, load_policy("safe-harbor"), clock, lambda _: None), vault)
            took.append(time.process_time() - start)
            grown = occupied(project.releases) - before
            assert built.folder is not None
        print(f"files {count:,} of {size:,} bytes, then {count // 10:,} more")
        share = (100 * (grown - added) / added, 100 * (grown - added) / (added + count * size))
        print(f"second version: {added:,} bytes came, the store grew by {grown:,}")
        print(f"more than what came: {share[0]:.3f} % of what came, {share[1]:.3f} % of the version")
        hashed = sha256_seconds(project.clean)
        start = time.process_time()
        verify_package(project.releases / "v1.1.0")
        verified = time.process_time() - start
        print(f"CPU: build {took[1]:.2f} s, verify {verified:.2f} s, sha256 over the same files {hashed:.2f} s")
        start = time.perf_counter()
        one, two = (read_lists(project.releases / f"v{version}") for version in ("1.0.0", "1.1.0"))
        compare(one, two)
        side_by_side(one.summary, two.summary)
        agreement(one.summary, two.summary)
        print(f"diff: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
