"""Kill an append, tear its writes, or fill its disk at every call of the operating system, some hundred points.

After each: the ledger verifies, every acknowledged record is there, no commit is there in part, and the next append
goes on. Then `kill -9` at random instants of a process that appends in a loop, against the same promises.
tests/provenance/test_interrupts.py takes some dozen of the points.
"""

import argparse
import os
import random
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "provenance"))

from interrupting import interrupted
from ledger_world import World
from tampering import copy_of

from curator.provenance.ledger import Ledger
from curator.provenance.verify import verify_ledger

RECORD = struct.Struct(">I32s")


def loop(folder, pipe):
    """Append in a loop and tell each acknowledged record, until killed."""
    made = copy_world(folder)
    appender = made.appender()
    number = 5000
    while True:
        labels = [made.label(number + one) for one in range(20)]
        number += 20
        for record in appender.append(labels, World.key("ada")):
            os.write(pipe, RECORD.pack(record.index, record.leaf))
        appender.seal(World.key("ada"))


def copy_world(folder):
    """Stand in a world whose ledger is in a folder, without copying."""
    made = World.__new__(World)
    from ledger_world import MOMENT, SEED

    from curator.core.clock import FixedClock
    from curator.provenance.keys import SeedSigner

    made.folder, made.clock, made.operator, made.ledger = folder, FixedClock(MOMENT), SeedSigner(SEED), Ledger(folder)
    return made


def random_kill(start, folder, choose):
    """Kill one loop at a random instant; return what is wrong and how many records were acknowledged."""
    world = copy_of(start, folder)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        loop(folder, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read(RECORD.size)  # the first acknowledged record
        time.sleep(choose.random() * 0.4)
        os.kill(child, signal.SIGKILL)
        told += stream.read()
    os.waitpid(child, 0)
    rows = [RECORD.unpack_from(told, at) for at in range(0, len(told) - RECORD.size + 1, RECORD.size)]
    report = verify_ledger(folder, operator_key=world.operator.public)
    if report.error is not None:
        return f"false alarm {report.error.code}", len(rows)
    leaves = {entry.index: entry.leaf for entry in Ledger(folder).entries()}
    lost = [index for index, leaf in rows if leaves.get(index) != leaf]
    return ("an acknowledged record is lost" if lost else None), len(rows)


def main():
    """Take every point, then the random kills, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="kill -9 at random instants (default 300)")
    parser.add_argument("--seed", type=int, default=0, help="of the random instants (default 0)")
    given = parser.parse_args()
    points, wrong, records = Counter(), [], 0
    with tempfile.TemporaryDirectory() as temp:
        start = World(Path(temp) / "ledger").filled()
        for way in ("kill", "torn", "full"):
            _, calls, _ = interrupted(copy_of(start, Path(temp) / "copy"), 0, way)
            for at in range(1, calls + 1):
                found, _, acknowledged = interrupted(copy_of(start, Path(temp) / "copy"), at, way)
                points[way] += 1
                records += acknowledged
                if found is not None:
                    wrong.append(f"{way} at call {at}: {found}")
        choose = random.Random(given.seed)
        for number in range(given.kills):
            found, acknowledged = random_kill(start, Path(temp) / "copy", choose)
            points["kill -9 at random"] += 1
            records += acknowledged
            if found is not None:
                wrong.append(f"random kill {number}: {found}")
    for way, count in points.items():
        print(f"{count:>6,}  {way}")
    print(f"{sum(points.values()):>6,}  points, {records:,} records acknowledged, {len(wrong)} wrong")
    for line in wrong[:50]:
        print(f"WRONG  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
