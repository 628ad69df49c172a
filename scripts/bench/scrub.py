"""Print the CPU time per file of `curator scrub` against a plain copy and a pydicom round trip of the same files.

The three take turns, round by round, so that a busy machine slows all of them alike. CPU time is user and system time
of the command and of every process that it waited for. Figures are medians over the rounds. Start-up is what a run over
one file costs; it is taken off all alike ("without start"), and "× scrub" compares what is left.

Like with like: the other tools (--with-peers) hold nothing back for its pixels, so nothing may be held back here too.
The plain corpus is made without pixel risk; in the mixed one all pixels are accepted by a signed record first, which is
not measured. What is still held back has a code and counts as failed, as does a file on which another tool raises an
error. The scrub also makes an inventory, a vault and a journal, and checks each output; the others only read and write.
"""

import argparse
import json
import os
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
CURATOR = [str(Path(sys.prefix) / "bin" / "curator")]

ROUND_TRIP = """
import os, sys, warnings
from pathlib import Path
import pydicom
warnings.simplefilter("ignore")
source, target = Path(sys.argv[1]), Path(sys.argv[2])
for path in sorted(source.rglob("*.dcm")):
    out = target / path.relative_to(source)
    os.makedirs(out.parent, exist_ok=True)
    pydicom.dcmread(path).save_as(out)
"""


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
    if wish.corpus == "mixed":
        accept(source, project, secret, folder)
    figures = {
        "copy": measured(["cp", "-R", str(source), str(folder / "copy")]),
        "pydicom": measured([sys.executable, "-c", ROUND_TRIP, str(source), str(folder / "trip")]),
        "scrub": measured(scrub_words(source, project, secret, wish.workers), ok=(0, 5)),
    }
    counts = json.loads(figures["scrub"][2])
    failed = {"scrub": counts["quarantined"]}
    for name, (python, peer) in peers.items():
        figures[name] = measured(peer_words(python, peer, source, folder / name))
        failed[name] = json.loads(figures[name][2].splitlines()[-1])["failed"]
    return {name: figure[:2] for name, figure in figures.items()}, counts, failed


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=600, help="files in the corpus (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: %(default)s)")
    parser.add_argument("--workers", type=int, help="worker processes of scrub (default: one a core)")
    parser.add_argument(
        "--corpus",
        choices=("plain", "mixed"),
        default="plain",
        help="plain: ten CT and MR files; mixed: every readable test file of pydicom (default: %(default)s)",
    )
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
        size, distinct = build(wish, base / "source", wish.files)
        if wish.profile:
            scrub_profile.profile(base / "source", accepted=wish.corpus == "mixed")
            return
        build(wish, base / "one", 1)
        print(f"{wish.files:,} files, {distinct} distinct · {size / 1e6:.1f} MB · {wish.rounds} rounds")
        runs = []
        for number in range(wish.rounds):
            figures, counts, failed = turn(base / "source", base / f"round{number}", secret, wish, peers)
            runs.append(figures)
        alone = argparse.Namespace(**{**vars(wish), "workers": 1})
        first = [turn(base / "one", base / f"first{number}", secret, alone, peers)[0] for number in range(wish.rounds)]
        report(wish.files, runs, first, counts, failed)
    for name, reason in away.items():
        print(f"{name}: not run ({reason})")


def build(wish, folder, count):
    return (
        corpus.build_mixed(folder, count)
        if wish.corpus == "mixed"
        else (corpus.build(folder, count), len(corpus.NAMES))
    )


def report(files, runs, first, counts, failed):
    def median(rows, name, which):
        return statistics.median(row[name][which] for row in rows)

    cpu = {name: median(runs, name, 0) for name in runs[0]}
    start = {name: median(first, name, 0) for name in runs[0]}
    each = {name: max(cpu[name] - start[name], 0) / (files - 1) for name in cpu}
    print(
        f"{'':18}{'CPU ms/file':>12}{'× copy':>9}{'× pydicom':>11}"
        f"{'start CPU s':>13}{'without start':>15}{'× scrub':>9}{'files/s':>9}{'failed':>8}"
    )
    for name, used in cpu.items():
        print(
            f"{name:18}{1000 * used / files:12.3f}{used / cpu['copy']:9.1f}{used / cpu['pydicom']:11.2f}"
            f"{start[name]:13.2f}{1000 * each[name]:12.3f} ms{each[name] / each['scrub']:9.2f}"
            f"{files / median(runs, name, 1):9.0f}{failed.get(name, ''):>8}"
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
