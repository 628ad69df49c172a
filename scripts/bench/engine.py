"""Print what the engine itself costs: empty items, and empty items with a worker killed at random."""

import argparse
import os
import random
import resource
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from curator.core.types import Shard
from curator.engine.local import LocalEngine


@dataclass(frozen=True)
class Empty:
    """Does nothing with each item, optionally after a pause."""

    pause: float = 0.0

    def open(self):
        """Nothing to open."""

    def item(self, item):
        if self.pause:
            time.sleep(self.pause)
        return {"item": item}

    def failed(self, item, code):
        return {"item": item, "code": code}

    def store(self, _shard, rows):
        return [row["item"] if "code" not in row else row for row in rows]


def cpu():
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def run(items, size, workers, pause=0.0):
    shards = (Shard(at // size, tuple(range(at, min(at + size, items)))) for at in range(0, items, size))
    seen = []
    before = cpu()
    stats = LocalEngine(workers).run(
        Empty(pause), shards, commit=lambda _, receipt: seen.extend(receipt), advance=lambda _: None
    )
    if sorted(seen, key=str) != sorted(range(items), key=str):
        sys.exit("an item was lost, repeated or blamed")
    return stats, cpu() - before


def workers_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
                words = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            if int(stat.rsplit(")", 1)[1].split()[1]) == pid and b"spawn_main" in words:
                found.append(int(entry))
    return found


def killing(over, done, every):
    choose = random.Random(1)
    while not over.wait(choose.uniform(0.2, 1.8) * every):
        if victims := workers_of(os.getpid()):
            os.kill(choose.choice(victims), signal.SIGKILL)
            done.append(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000, help="empty items (default: %(default)s)")
    parser.add_argument("--killed-items", type=int, default=10_000, help="items of the run with kills")
    wish = parser.parse_args()
    print(f"{'workers':>8}{'shard':>7}{'µs/item CPU':>13}{'µs/item elapsed':>17}{'start s':>9}")
    for workers in (1, 2):
        start, start_cpu = run(workers, 1, workers)
        for size in (16, 64, 512):
            stats, used = run(wish.items, size, workers)
            print(
                f"{workers:8}{size:7}{1e6 * (used - start_cpu) / wish.items:13.2f}"
                f"{1e6 * (stats.seconds - start.seconds) / wish.items:17.2f}{start.seconds:9.2f}"
            )
    if not Path("/proc").is_dir():
        print("no /proc here: the run with kills is left out")
        return
    over, kills = threading.Event(), []
    thread = threading.Thread(target=killing, args=(over, kills, 0.4))
    thread.start()
    try:
        stats, _ = run(wish.killed_items, 32, 2, pause=0.001)
    finally:
        over.set()
        thread.join()
    print(
        f"{wish.killed_items:,} items, {len(kills)} kills: none lost, none blamed · {stats.died} workers died · "
        f"{stats.isolated} shards done item by item · {stats.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
