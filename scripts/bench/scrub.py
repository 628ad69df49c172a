"""Print the CPU time per file of `curator scrub` against a plain copy and a pydicom round trip of the same files.

The three take turns, round by round, so that a busy machine slows all of them alike. CPU time is user and system time
of the command and of every process that it waited for. Figures are medians over the rounds. Start-up is what a run over
one file costs; it is taken off all alike ("without start"), then what the copy costs ("above copy"); "× scrub" compares
what is left.

Like with like: the other tools (--with-peers) hold nothing back for its pixels, so nothing may be held back here too.
The plain corpus is made without pixel risk; in the mixed one all pixels are accepted by a signed record first, which is
not measured. What is still held back has a code and counts as failed, as does a file on which another tool raises an
error. The scrub also makes an inventory, a vault and a journal, and checks each output; the others only read and write.

--corpus-dir takes real files instead, as they are, and accepts all of their pixels in the same way; --classes measures
them once more by size and by number of elements.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import corpus
import scrub_profile
from peers import peers_python

_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "curator-bench" / "scrub-peers"
#: Fewer files of a class tell nothing.
LEAST = 20
CURATOR = [str(Path(sys.prefix) / "bin" / "curator")]

#: What pydicom does by itself: read and write.
ROUND_TRIP = {"setup": "", "each": "pydicom.dcmread(path).save_as(out)"}


def measured(words, ok=(0,)):
    """Run a command; return CPU seconds, elapsed seconds and what it printed."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.monotonic() - begin
        out.seek(0)
        text = out.read()
    if process.returncode not in ok:
        sys.exit(f"{Path(words[0]).name} {words[1]} ended with exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, elapsed, text


def scrub_words(source, project, secret, workers):
    more = ["--workers", str(workers)] if workers else []
    at = ["--project", str(project), "--passphrase-file", str(secret)]
    return [*CURATOR, "scrub", str(source), *at, "--json", *more]


def peer_words(python, peer, source, target):
    """Return the command that runs a peer once over a folder; its last line counts the files that it could not do."""
    begin = "import json, os, sys, warnings, logging\nfrom pathlib import Path\nimport pydicom\n"
    begin += "warnings.simplefilter('ignore')\nlogging.disable(logging.CRITICAL)\n" + peer["setup"] + "\nfailed = 0\n"
    begin += "source, target = Path(sys.argv[1]), Path(sys.argv[2])\n"
    loop = "out = target / path.relative_to(source)\nos.makedirs(out.parent, exist_ok=True)\n"
    loop += "try:\n" + indented(peer["each"]) + "except Exception:\n    failed += 1\n"
    end = "print()\nprint(json.dumps({'failed': failed}))\n"
    code = begin + "for path in sorted(source.rglob('*.dcm')):\n" + indented(loop) + end
    return [str(python), "-P", "-c", code, str(source), str(target)]


def indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines())


def accept(source, project, secret, folder):
    """Sign that all pixels were seen, so that nothing is held back for them. Not measured."""
    keys = ["--key-store", str(folder / "keys"), "--key-passphrase-file", str(secret)]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    for name in ("one", "two"):
        subprocess.run([*CURATOR, "people", "add", name, "--name", name, "--role", "reviewer", *keys], **quiet)
    for name, other in (("one", "two"), ("two", "one")):
        words = ["people", "enroll", f"{name}.request.json", "--by", other, "--project", str(project)]
        subprocess.run([*CURATOR, *words, *keys], **quiet)
    at = ["--project", str(project), "--passphrase-file", str(secret)]
    words = ["pixels", "accept", str(source), "--by", "one", "--reason", "test files of no patient"]
    subprocess.run([*CURATOR, *words, *at, *keys], **quiet)


def turn(source, folder, secret, wish, peers):
    """Do each of them once; return their figures, what the scrub counted, and how many files each peer failed on."""
    folder.mkdir()
    project = folder / "project"
    made = [*CURATOR, "init", str(project), "--passphrase-file", str(secret)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    if wish.corpus_dir or wish.corpus == "mixed":
        accept(source, project, secret, folder)
    figures = {
        "copy": measured(["cp", "-R", str(source), str(folder / "copy")]),
        "pydicom": measured(peer_words(sys.executable, ROUND_TRIP, source, folder / "pydicom")),
        "scrub": measured(scrub_words(source, project, secret, wish.workers), ok=(0, 5)),
    }
    counts = json.loads(figures["scrub"][2])
    failed = {"scrub": counts["quarantined"], "pydicom": failures(figures["pydicom"])}
    for name, (python, peer) in peers.items():
        figures[name] = measured(peer_words(python, peer, source, folder / name))
        failed[name] = failures(figures[name])
    return {name: figure[:2] for name, figure in figures.items()}, counts, failed


def failures(figure):
    """Return on how many files a peer failed."""
    return json.loads(figure[2].splitlines()[-1])["failed"]


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, help="files in the corpus (default: 600, of a folder all)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: %(default)s)")
    parser.add_argument("--workers", type=int, help="worker processes of scrub (default: one a core)")
    parser.add_argument(
        "--corpus",
        choices=("plain", "mixed"),
        default="plain",
        help="plain: ten CT and MR files; mixed: every readable test file of pydicom (default: %(default)s)",
    )
    parser.add_argument(
        "--corpus-dir", type=Path, help="measure with the DICOM files of this folder, copied, as they are"
    )
    parser.add_argument("--classes", action="store_true", help="and once more by size and by number of elements")
    parser.add_argument("--with-peers", action="store_true", help="set up an environment for other tools, run them too")
    parser.add_argument("--peers-venv", type=Path, default=_CACHE, help="where; outside of the repository")
    parser.add_argument(
        "--profile", action="store_true", help="print where the CPU time of both DICOM passes goes, and nothing else"
    )
    return parser.parse_args()


def main():
    wish = parsed()
    peers, away = {}, {}
    if wish.with_peers:
        listed = tomllib.loads(Path(__file__).with_name("scrub_peers.toml").read_text(encoding="utf-8"))
        python, away = peers_python(wish.peers_venv, listed)
        peers = {name: (python, peer) for name, peer in listed.items() if name not in away}
    with tempfile.TemporaryDirectory(prefix="curator-bench-") as made:
        base = Path(made)
        secret = base / "passphrase"
        secret.write_text("only for this measurement\n")
        files, said = build(wish, base / "source", wish.files)
        if wish.profile:
            scrub_profile.profile(base / "source", accepted=bool(wish.corpus_dir) or wish.corpus == "mixed")
            return
        build(wish, base / "one", 1)
        print(f"{files:,} files, {said} · {wish.rounds} rounds")
        runs, counts, failed = rounds(base / "source", base / "rounds", secret, wish, peers)
        alone = argparse.Namespace(**{**vars(wish), "workers": 1})
        first = rounds(base / "one", base / "first", secret, alone, peers)[0]
        report(files, runs, first, counts, failed)
        if wish.classes:
            classes(base, secret, wish, peers, first)
    for name, reason in away.items():
        print(f"{name}: not run ({reason})")


def rounds(source, folder, secret, wish, peers):
    """Let them take turns; return the figures of each round, and what was counted in the last one."""
    folder.mkdir()
    runs = []
    for number in range(wish.rounds):
        figures, counts, failed = turn(source, folder / f"{number}", secret, wish, peers)
        runs.append(figures)
        shutil.rmtree(folder / f"{number}")
    return runs, counts, failed


def build(wish, folder, count):
    """Make the corpus; return its files, and what there is to say of it."""
    if wish.corpus_dir:
        size, left = corpus.build_from(folder, wish.corpus_dir, count)
        out = ", ".join(f"{number} {reason}" for reason, number in left.items() if number)
        return sum(1 for _ in folder.rglob("*.dcm")), f"{size / 1e6:.1f} MB, left out: {out or 'none'}"
    count = count or 600
    if wish.corpus == "mixed":
        size, distinct = corpus.build_mixed(folder, count)
    else:
        size, distinct = corpus.build(folder, count), len(corpus.NAMES)
    return count, f"{distinct} distinct, {size / 1e6:.1f} MB"


def classes(base, secret, wish, peers, first):
    """Measure each class of files by itself, and print CPU time a file above a copy, without the start."""
    print(
        f"{'class':20}{'files':>7}{'MB':>8}{'copy':>9}" + "".join(f"{name:>18}{'×':>6}" for name in ["scrub", *peers])
    )
    for name, paths in corpus.parted(base / "source", base / "classes").items():
        if len(paths) < LEAST:
            print(f"{name:20}{len(paths):7}  too few to tell")
            continue
        runs = rounds(base / "classes" / name, base / f"rounds {name}", secret, wish, peers)[0]
        cpu, start = medians(runs, 0), medians(first, 0)
        each = {tool: 1000 * max(cpu[tool] - start[tool], 0) / (len(paths) - 1) for tool in cpu}
        above = {tool: each[tool] - each["copy"] for tool in ["scrub", *peers]}
        print(
            f"{name:20}{len(paths):7}{sum(path.stat().st_size for path in paths) / 1e6:8.1f}{each['copy']:9.3f}"
            + "".join(f"{value:15.3f} ms{value / above['scrub']:6.1f}" for value in above.values())
        )


def medians(rows, which):
    return {name: statistics.median(row[name][which] for row in rows) for name in rows[0]}


def report(files, runs, first, counts, failed):
    cpu, wall, start = medians(runs, 0), medians(runs, 1), medians(first, 0)
    each = {name: max(cpu[name] - start[name], 0) / (files - 1) for name in cpu}
    above = {name: each[name] - each["copy"] for name in cpu}
    print(
        f"{'':18}{'CPU ms/file':>12}{'× copy':>9}{'× pydicom':>11}"
        f"{'start CPU s':>13}{'without start':>15}{'above copy':>12}{'× scrub':>9}{'files/s':>9}{'failed':>8}"
    )
    for name, used in cpu.items():
        print(
            f"{name:18}{1000 * used / files:12.3f}{used / cpu['copy']:9.1f}{used / cpu['pydicom']:11.2f}"
            f"{start[name]:13.2f}{1000 * each[name]:12.3f} ms{1000 * above[name]:9.3f} ms"
            f"{above[name] / above['scrub']:9.2f}{files / wall[name]:9.0f}{failed.get(name, ''):>8}"
        )
    for name in cpu:
        if name in {"scrub", *failed}:
            spread = [1000 * row[name][0] / files for row in runs]
            print(f"{name} CPU ms/file, each round: {', '.join(f'{value:.3f}' for value in spread)}")
    print(
        "scrub counted: "
        + ", ".join(f"{name} {counts[name]}" for name in ("found", "scrubbed", "duplicate", "quarantined"))
        + f"; by code: {counts['by_code']}"
    )
    if counts["found"] != files or sum(counts[n] for n in ("scrubbed", "duplicate", "quarantined")) != files:
        sys.exit("the counts of the scrub do not close")
    if counts["scrubbed"] < files * 0.9:
        sys.exit("fewer than nine tenths were scrubbed: these figures would flatter")


if __name__ == "__main__":
    main()
