"""How fast labels are signed, appended and verified, against the bare operations, git and securesystemslib in one run.

Each row is a rate and its ratio to the row it is compared with. The parts alternate, so that a busy machine slows all
of them; the median of the rounds is shown. CPU seconds of one process, but for rows that say "wall".
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from curator.core.clock import FixedClock
from curator.provenance import records
from curator.provenance.append import BATCH, Appender, sign_and_append, sign_drafts
from curator.provenance.dsse import IN_TOTO, pae, parse_envelope
from curator.provenance.enroll import enroll
from curator.provenance.keys import PersonKey, SeedSigner, verify
from curator.provenance.ledger import Ledger, create
from curator.provenance.people import make_request
from curator.provenance.verify import CONTENT, FULL, RULES, verify_ledger

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
    uid = f"2.25.{int(digest[:32], 16)}"
    sample = {"path": f"clean/p-{digest[:8]}/s1/r1/{uid}.dcm", "sha256": digest, "content": digest[::-1], "uid": uid}
    body = {
        "labelId": f"label-{number}",
        "kind": "box",
        "value": {"class": "nodule", "box": [number % 512, number * 7 % 509, {"$decimal": f"{number % 97}.5"}, 40]},
        "author": "ada",
        "role": "reader",
        "labeledAt": f"2026-05-01T08:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "labeledOffset": "+02:00",
        "meaning": "authorship",
        "guideline": {"id": "g", "version": "1", "sha256": GUIDE},
        "stage": "read",
        "confidence": f"0.{number % 90 + 10}",
        "tool": {"name": "viewer", "version": "2.1"},
    }
    return records.label(sample, body)


def grow(folder: Path, count: int) -> float:
    """Append labels and return the CPU seconds a label, of this process."""
    ledger, key = begin(folder)
    appender = Appender(ledger, CLOCK)
    spent = 0.0
    for first in range(0, count, BATCH):
        drafts = [label(number) for number in range(first, min(first + BATCH, count))]
        start = time.process_time()
        appender.append(drafts, key)
        appender.seal(key)
        spent += time.process_time() - start
    return spent / count


def peak() -> float:
    """Return the most memory that this process had, in MiB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def used_by_all() -> float:
    """Return the CPU seconds of this process and of all that it started and that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def one_verification(folder: Path, depth: str, workers: int) -> dict[str, float]:
    """Verify and return CPU and wall seconds, records, peak memory, and CPU seconds of a second time by content."""
    cpu, wall, every = time.process_time(), time.perf_counter(), used_by_all()
    size = verify_ledger(folder, depth=depth, workers=workers).require().size
    made = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "records": size, "peak": peak()}
    made["all"] = used_by_all() - every
    if depth == CONTENT:
        cpu = time.process_time()
        verify_ledger(folder, depth=depth, workers=workers).require()
        made["again"] = time.process_time() - cpu
    return made


def in_fresh_process(folder: Path, depth: str, workers: int) -> dict[str, float]:
    """Run :func:`one_verification` in a process of its own, so that memory is its own."""
    line = [sys.executable, __file__, "--verify", str(folder), "--depth", depth, "--workers", str(workers)]
    made: dict[str, float] = json.loads(subprocess.run(line, check=True, capture_output=True).stdout)
    return made


def each(count: int, work: Callable[[], object]) -> float:
    """Return the CPU seconds of one of ``count`` runs of something that runs all of them."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / count


def bare_verify(payloads: list[bytes], signatures: list[bytes], public: bytes) -> None:
    """Verify signatures and do nothing else."""
    for payload, signature in zip(payloads, signatures, strict=True):
        if not verify(public, signature, payload):
            raise SystemExit("a signature does not verify")


#: In a worker of the pool: payloads, signatures and key, handed over once, before any time is taken.
HELD: list[tuple[list[bytes], list[bytes], bytes]] = []
#: How often a worker verifies what it holds, so that starting it is no part of what is measured.
TURNS = 10


def hold(payloads: list[bytes], signatures: list[bytes], public: bytes) -> None:
    """Keep what a worker is to verify."""
    HELD.append((payloads, signatures, public))


def bare_turns(turns: int) -> int:
    """Verify what this worker holds so often, and return how many signatures that were."""
    for _ in range(turns):
        bare_verify(*HELD[0])
    return turns * len(HELD[0][0])


def bare_wall(cores: int, pool: ProcessPoolExecutor) -> float:
    """Verify on all cores and return wall seconds a signature, when all workers have begun."""
    for done in [pool.submit(bare_turns, 1) for _ in range(cores)]:
        done.result()
    start = time.perf_counter()
    count = sum(done.result() for done in [pool.submit(bare_turns, TURNS) for _ in range(cores)])
    return (time.perf_counter() - start) / count


def git_rates(folder: Path, count: int) -> tuple[float, float] | None:
    """Return CPU seconds that git spends on one signed commit and one verification; None where git cannot sign."""
    if shutil.which("git") is None or shutil.which("ssh-keygen") is None:
        return None
    folder.mkdir()
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    allowed = folder / "allowed"
    allowed.write_text("bench@example.org " + key.with_suffix(".pub").read_text())
    options = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}", "-c", f"gpg.ssh.allowedSignersFile={allowed}"]
    options += ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    git = ["git", "-C", str(folder), *options]
    subprocess.run([*git, "init", "-q"], check=True)

    def spent(line: list[str], times: int) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(times):
            subprocess.run([*git, *line], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / times

    return spent(["commit", "-q", "-S", "--allow-empty", "-m", "label"], count), spent(["verify-commit", "HEAD"], count)


def sslib_rates(payloads: list[bytes]) -> tuple[float, float] | None:
    """Return CPU seconds that securesystemslib spends on signing and on verifying one envelope."""
    try:
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import CryptoSigner
    except ImportError:
        return None
    signer = CryptoSigner.generate_ed25519()
    made: list[Envelope] = []

    def sign() -> None:
        for payload in payloads:
            envelope = Envelope(payload, IN_TOTO, {})
            envelope.sign(signer)
            made.append(envelope)

    def check() -> None:
        for envelope in made:
            envelope.verify([signer.public_key], 1)

    return each(len(payloads), sign), each(len(payloads), check)


class Table:
    """Collects seconds by row over the rounds, and prints rates and ratios of their medians."""

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}

    def add(self, name: str, seconds: float) -> None:
        """Take the seconds that one item took."""
        self.rows.setdefault(name, []).append(seconds)

    def show(self, name: str, against: str = "") -> None:
        """Print a row, with its ratio of rates to another row."""
        if name not in self.rows:
            print(f"{name:<42} not run")
            return
        own = statistics.median(self.rows[name])
        ratio = f"{statistics.median(self.rows[against]) / own:>9.2f} x {against}" if against in self.rows else ""
        print(f"{name:<42} {1 / own:>10,.0f} /s {ratio}")


def main() -> None:
    """Grow a ledger, then measure in rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=int, default=100_000, help="how many (default 100000)")
    parser.add_argument("--rounds", type=int, default=3, help="of everything (default 3)")
    parser.add_argument("--sample", type=int, default=4000, help="signatures of the bare operations (default 4000)")
    parser.add_argument("--git", type=int, default=30, help="commits that git signs, a round (default 30)")
    parser.add_argument("--verify", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--depth", default=FULL, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.verify:
        print(json.dumps(one_verification(given.verify, given.depth, given.workers)))
        return
    with tempfile.TemporaryDirectory() as temp:
        _run(given, Path(temp))


def _run(given: argparse.Namespace, temp: Path) -> None:
    folder = temp / "ledger"
    table = Table()
    table.add("append: sign, judge, verify, store", grow(folder, given.labels))
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    entries = [entry.envelope for entry, _ in zip(Ledger(folder).entries(10), range(given.sample), strict=False)]
    parsed = [parse_envelope(one) for one in entries]
    signed = [pae(one.payload_type, one.payload) for one in parsed]
    key = SeedSigner(hashlib.sha256(b"ada").digest())
    marks = [one.signatures[0][1] for one in parsed]
    state = verify_ledger(folder, depth=RULES).require().state
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = {}
    work = (signed, marks, key.public)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=hold, initargs=work) as pool:
        for number in range(given.rounds):
            drafts = [label(index) for index in range(given.sample)]
            table.add("drafting: canonical statement", each(len(drafts), lambda d=drafts: [one.frame for one in d]))
            table.add(
                "sha256 of the same bytes", each(len(entries), lambda: [hashlib.sha256(x).digest() for x in entries])
            )
            table.add("bare Ed25519 signing", each(len(signed), lambda: [key.sign(one) for one in signed]))
            table.add(
                "signing: place, signature, envelope, leaf",
                each(len(drafts), lambda d=drafts: sign_drafts(d, PersonKey("ada", key), state, CLOCK.now())),
            )
            table.add("bare Ed25519 verification", each(len(signed), lambda: bare_verify(signed, marks, key.public)))
            table.add("bare verification, all cores, wall", bare_wall(cores, pool))
            for depth, name in ((CONTENT, "verify content and tree"), (RULES, "verify rules, labels sealed")):
                seen = in_fresh_process(folder, depth, 1)
                table.add(name, seen["cpu"] / seen["records"])
                memory[name] = seen["peak"]
                if "again" in seen:
                    table.add("content and tree, with all loaded", seen["again"] / seen["records"])
            seen = in_fresh_process(folder, FULL, 1)
            table.add("verify --full, one core", seen["cpu"] / seen["records"])
            memory["verify --full, one core"] = seen["peak"]
            seen = in_fresh_process(folder, FULL, cores)
            table.add("verify --full, all cores, wall", seen["wall"] / seen["records"])
            table.add("verify --full, CPU of all processes", seen["all"] / seen["records"])
            foreign = sslib_rates([one.payload for one in parsed[:1000]])
            if foreign is not None:
                table.add("securesystemslib: sign an envelope", foreign[0])
                table.add("securesystemslib: verify an envelope", foreign[1])
            rates = git_rates(temp / f"git{number}", given.git) if given.git else None
            if rates is not None:
                table.add("git commit -S", rates[0])
                table.add("git verify-commit", rates[1])
    print(f"{given.labels:,} labels, {given.rounds} rounds, {cores} cores; made-up labels of usual size")
    table.show("sha256 of the same bytes")
    table.show("bare Ed25519 signing")
    table.show("drafting: canonical statement")
    table.show("signing: place, signature, envelope, leaf", "bare Ed25519 signing")
    table.show("append: sign, judge, verify, store", "git commit -S")
    table.show("securesystemslib: sign an envelope")
    table.show("git commit -S")
    table.show("verify content and tree", "sha256 of the same bytes")
    table.show("content and tree, with all loaded", "sha256 of the same bytes")
    table.show("verify rules, labels sealed")
    table.show("bare Ed25519 verification")
    table.show("verify --full, one core", "bare Ed25519 verification")
    table.show("bare verification, all cores, wall")
    table.show("verify --full, all cores, wall", "bare verification, all cores, wall")
    table.show("verify --full, CPU of all processes", "bare Ed25519 verification")
    table.show("securesystemslib: verify an envelope")
    table.show("git verify-commit")
    size = statistics.mean(len(one) for one in entries)
    print(f"stored {stored / given.labels:,.0f} bytes a label, of an envelope of {size:,.0f}")
    for name, most in memory.items():
        print(f"memory {most:,.0f} MiB  {name}")


if __name__ == "__main__":
    main()
