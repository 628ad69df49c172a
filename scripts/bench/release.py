"""CPU of building and verifying a package against ``sha256sum`` over the same files, alternating; and of a diff.

``scripts/bench/release [--files N] [--bytes N] [--rounds N] [--diff N]``. Builds are whole ones, with every document,
each into a folder of its own (bytes are written) and then from the store (bytes are linked). Documents are shown apart,
against a build of the same project without them: some of it is a fixed cost, the rest grows with series. Where
``sha256sum`` does not use the processor's own SHA-256 and Python's OpenSSL does, less than 1 x is no error;
``openssl dgst`` is shown beside it. Everything is in a temporary folder, of which nothing is removed before the end:
for some minutes ext4 passes over the numbers of files that were lately removed, one by one, and a build after such a
removal measures that and nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from release_store import deliver

from curator.core.clock import SystemClock
from curator.project.create import Wishes, create_project
from curator.project.paths import open_project
from curator.project.vault import Vault
from curator.provenance.ledger import create
from curator.release import extras
from curator.release.build import build
from curator.release.diff import Lists, compare
from curator.release.inputs import Inputs
from curator.release.made import Further
from curator.release.verify import verify_package
from curator.scrub.policy import load_policy


def cpu() -> float:
    """Return the CPU seconds of this process and of those that it waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(call: Callable[[], Any]) -> float:
    """Return the CPU seconds of a call."""
    before = cpu()
    call()
    return cpu() - before


def measured(folder: Path, files: int, size: int, rounds: int) -> None:
    """Build, verify and hash the same files, one after the other, and print medians."""
    clock, root = SystemClock(), folder / "trial"
    wishes = Wishes(root, "trial", "site", "Made-up", "safe-harbor", None)

    def begin(place: Path, dataset: str, seed: bytes, when: Any) -> None:
        create(place, dataset=dataset, operator_seed=seed, clock=when)

    create_project(wishes, b"a passphrase", clock, begin=begin)
    project = open_project(root)
    vault = Vault.open(project.vault, b"a passphrase", purpose="bench", clock=clock)
    deliver(project, 1, 0, files, size)
    names = [str(path) for path in project.clean.rglob("*") if path.is_file()]
    (folder / "names").write_text("".join(f"{name}\0" for name in names))
    plain = Inputs(project, "1.0.0", load_policy("safe-harbor"), clock, lambda _: None)
    whole = replace(
        plain, version="1.0.1", further=Further(extras.EXTRAS, extras.TAGS, extras.renderer(), lambda _: True)
    )
    took: dict[str, list[float]] = {}
    words = ["xargs", "-0", "-n", "2000", "-a", str(folder / "names"), "sha256sum"]

    openssl = [*words[:-1], "openssl", "dgst", "-sha256"]

    def note(what: str, call: Callable[[], Any]) -> None:
        took.setdefault(what, []).append(timed(call))

    build(whole, vault)
    for number in range(rounds):
        out, other = folder / f"out-{number}", folder / f"other-{number}"
        note("sha256sum", lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL))
        note("openssl dgst", lambda: subprocess.run(openssl, check=True, stdout=subprocess.DEVNULL))
        note("build, bytes written, no documents", lambda at=other: build(plain, vault, at))  # type: ignore[misc]
        note("build, bytes written", lambda at=out: build(whole, vault, at))  # type: ignore[misc]
        (project.releases / "v1.0.1").rename(folder / f"aside-{number}")
        note("build, bytes linked", lambda: build(whole, vault))
        note("verify", lambda at=out: verify_package(at))  # type: ignore[misc]
    base = statistics.median(took["sha256sum"])
    print(f"{files:,} files of {size:,} bytes, {files * size / 1e6:,.0f} MB; medians of {rounds} rounds, CPU seconds")
    for what, found in took.items():
        one = statistics.median(found)
        print(f"  {what:<36} {one:8.2f} s   {one / base:5.2f} x   {' '.join(f'{each:.2f}' for each in found)}")
    documents = statistics.median(took["build, bytes written"]) - statistics.median(
        took["build, bytes written, no documents"]
    )
    print(f"  {'of it documents':<36} {documents:8.2f} s")


def compared(count: int) -> None:
    """Compare two lists of many files, a hundredth of which differ, each with a label."""

    def lists(version: str, salt: int) -> Lists:
        samples, labels = [], []
        for at in range(count):
            digest = hashlib.sha256(b"%d %d" % (at, salt if at % 100 == 0 else 0)).hexdigest()
            path = f"clean/P{at // 8:016d}/S/R/{at}.dcm"
            samples.append(
                {"bytes": 1, "content": digest, "kind": "dicom", "path": path, "sha256": digest, "uid": "2.25.1"}
            )
            labels.append(
                {"guideline": "rule@1.0", "kind": "class", "labelId": f"l{at}", "sha256": digest, "state": "signed"}
            )
        made = (
            "".join(json.dumps(one, sort_keys=True, separators=(",", ":")) + "\n" for one in all_)
            for all_ in (samples, labels)
        )
        one, two = (text.encode() for text in made)
        return Lists(version, one, two, {"policy": {"sha256": "0"}, "guidelines": []})

    old, new = lists("1.0.0", 1), lists("2.0.0", 2)
    print(f"diff of two lists of {count:,} files and labels: {timed(lambda: compare(old, new)):.2f} CPU s")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=400, help="files (default 400)")
    parser.add_argument("--bytes", type=int, default=500_000, help="bytes of each (default 500,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--diff", type=int, default=100_000, help="files of the lists that are compared (0: none)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measured(Path(name), given.files, given.bytes, given.rounds)
    if given.diff:
        compared(given.diff)


if __name__ == "__main__":
    main()
