"""How fast labels are signed and verified, and how memory grows: CPU seconds of one process, on a throw-away ledger."""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from curator.core.clock import FixedClock
from curator.provenance import records
from curator.provenance.append import BATCH, Appender, sign_and_append
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.verify import verify_ledger

CLOCK = FixedClock(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
GUIDE = hashlib.sha256(b"guide").hexdigest()


def begin(folder: Path) -> tuple[Ledger, PersonKey]:
    """Make a ledger with two people and a guideline."""
    ledger = create(folder, dataset="bench", operator_seed=b"o" * 32, clock=CLOCK)
    people = {name: PersonKey(name, SeedSigner(hashlib.sha256(name.encode()).digest())) for name in ("ada", "rita")}
    for name, by in (("rita", "ada"), ("ada", "rita")):
        asked = make_request(
            people[name].signer,
            name=name,
            printed_name=name,
            roles=["reader", "reviewer"],
            specialty=None,
            years=None,
            clock=CLOCK,
        )
        enroll(ledger, asked, people[by], CLOCK)
    sign_and_append(ledger, [records.guideline("g", "1", "g-1.txt", GUIDE, 5)], people["rita"], CLOCK)
    return ledger, people["ada"]


def label(number: int) -> records.Draft:
    """Draft one label of a usual size."""
    digest = hashlib.sha256(b"%d" % number).hexdigest()
    sample = {"path": f"clean/p/s/r/{number}.dcm", "sha256": digest, "content": digest, "uid": f"2.25.{number + 1}"}
    body = {
        "labelId": f"label-{number}",
        "kind": "box",
        "value": {"class": "nodule", "box": [101, 212, {"$decimal": "33.5"}, 40]},
        "author": "ada",
        "role": "reader",
        "labeledAt": "2026-05-01T08:00:00Z",
        "labeledOffset": "+02:00",
        "meaning": "authorship",
        "guideline": {"id": "g", "version": "1", "sha256": GUIDE},
        "stage": "read",
        "confidence": "0.9",
        "tool": {"name": "viewer", "version": "2.1"},
    }
    return records.label(sample, body)


def main() -> None:
    """Sign, then verify in a fresh process, and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=20_000, help="how many (default 20000)")
    parser.add_argument("--verify", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.verify:
        start = time.process_time()
        size = verify_ledger(given.verify).require().size
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
        peak /= 1024 if sys.platform == "darwin" else 1
        print(f"verify  {size:>9,} records  {size / spent:>8,.0f} a CPU second  peak {peak:,.0f} MiB")
        return
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp) / "ledger"
        ledger, key = begin(folder)
        appender = Appender(ledger, CLOCK)
        start = time.process_time()
        for first in range(0, given.labels, BATCH):
            appender.append([label(number) for number in range(first, min(first + BATCH, given.labels))], key)
            appender.seal(key)
        spent = time.process_time() - start
        print(f"sign    {given.labels:>9,} labels   {given.labels / spent:>8,.0f} a CPU second")
        used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"on disk {used / given.labels:>9,.0f} bytes a label")
        subprocess.run([sys.executable, __file__, "--verify", str(folder)], check=True)


if __name__ == "__main__":
    main()
