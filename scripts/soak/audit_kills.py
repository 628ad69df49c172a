"""Kill `curator audit run` at random instants, run it again, and prove that nothing is lost and it says the same.

``scripts/soak/audit_kills [--files 2000] [--kills 12] [--workers 2] [--seed 1] [--in DIR]``. A made-up project is
audited once in peace. A copy of it is audited while the whole process group or the parent alone gets SIGKILL, or the
parent a SIGINT, at random instants. What was kept of files may never become less, no process may outlive its parent,
and the audit that is let run to its end must say what the one in peace said, and look only at what was not looked at.
Exits with 1 on any difference. Linux only: processes are found in /proc.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
from audit_project import make

PROGRAM = "import sys; from curator.cli.main import main; sys.exit(main())"
WAYS = {"SIGKILL to all": 2, "SIGKILL to the parent": 3, "SIGINT": 2}
#: Codes of an audit that came to its end, and of one that was interrupted.
ENDED, INTERRUPTED = (0, 1, 3), 130
ORPHAN_SECONDS = 5.0


def start(folder, workers):
    words = ["audit", "run", folder / "trial", "--vault", "--passphrase-file", folder / "word", "--json"]
    line = [sys.executable, "-c", PROGRAM, *map(str, words), "--workers", str(workers)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


def session(number):
    """Return the processes of a session that run still."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                state, _, _, of = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[:4]
                if int(of) == number and state != "Z":
                    found.append(int(entry))
    return found


def kept(folder):
    """Return how many results are kept."""
    place = folder / "trial" / "runs" / "audit-cache" / "looked.sqlite"
    if not place.exists():
        return 0
    base = sqlite3.connect(place)
    try:
        return base.execute("SELECT COUNT(*) FROM looked").fetchone()[0]
    except sqlite3.OperationalError:  # killed before the table was made
        return 0
    finally:
        base.close()


def whole(folder, workers):
    """Audit to the end; return what it says, apart from the run, and the run."""
    start_at = time.monotonic()
    process = start(folder, workers)
    data = process.communicate()[0]
    if process.returncode not in ENDED:
        raise SystemExit(f"an audit in peace ended with {process.returncode}")
    document = json.loads(data)
    run = document.pop("run")
    return document, run, time.monotonic() - start_at


def disturb(process, way, wrong):
    if way == "SIGKILL to all":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        os.kill(process.pid, signal.SIGKILL if way == "SIGKILL to the parent" else signal.SIGINT)
    process.communicate()
    if way == "SIGINT" and process.returncode not in (INTERRUPTED, *ENDED):
        wrong.append(f"after SIGINT the audit ended with {process.returncode}")
    until = time.monotonic() + ORPHAN_SECONDS
    while (left := session(process.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    if left:
        wrong.append(f"{len(left)} processes outlived their parent")
        os.killpg(process.pid, signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in", dest="place", type=Path, help="folder with a project made before, as p<files>")
    given = parser.parse_args()
    choose, wrong, done = random.Random(given.seed), [], Counter()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        made = (given.place or base) / f"p{given.files}"
        if not made.exists():
            make(made, given.files)
        shutil.copytree(made, base / "calm")
        shutil.copytree(made, base / "disturbed")
        calm, run, seconds = whole(base / "calm", given.workers)
        total, before, ended = run["anew"] + run["kept"], 0, 0
        for _ in range(given.kills):
            process = start(base / "disturbed", given.workers)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(choose.uniform(0.1, 1.0) * seconds / 2)
            if process.poll() is not None:
                process.communicate()
                ended += 1
                continue
            way = choose.choices(list(WAYS), list(WAYS.values()))[0]
            disturb(process, way, wrong)
            now = kept(base / "disturbed")
            if now < before:
                wrong.append(f"of {before} results {before - now} were lost after {way}")
            before = now
            done[way] += 1
        last, run, _ = whole(base / "disturbed", given.workers)
        if last != calm:
            wrong.append("the audit that was disturbed says something else in the end")
        if run["anew"] + run["kept"] != total:
            wrong.append("the audit that was disturbed looked at another number of files")
        print(
            f"{given.files:,} files; an audit in peace takes {seconds:.0f} s and keeps {kept(base / 'calm'):,} results"
        )
        print(", ".join(f"{way}: {count}" for way, count in sorted(done.items())) + f"; ended before: {ended}")
        print(f"{before:,} results were kept when it was let run: {run['anew']:,} files anew, {run['kept']:,} as known")
        print("\n".join(wrong) or "nothing was lost, and it says the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
