"""How fast the closed-loop search reads, in MB of decoded bytes a CPU second, with `grep -F -f` beside it.

Makes text, numbers and noise, and spellings of made-up people; takes turns; every number is CPU time of one process.
Texts are searched once as files about one person and once as files about all of them.

    scripts/bench/closed_loop [--mb 256] [--spellings 100000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from curator.audit.closed.forms import Known, sheet_of
from curator.audit.closed.plain import plain_bytes
from curator.audit.closed.search import Search
from curator.audit.closed.views import BLOCK, views

SEED = 7
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def people(spellings: int, draw: random.Random) -> list[Known]:
    """Make people until they have so many spellings."""
    found: list[Known] = []
    while True:
        for _ in range(200):
            first, last = ("".join(draw.choices(LETTERS, k=draw.randint(4, 10))).title() for _ in range(2))
            values = (
                ("name", f"{last}^{first}"),
                ("id", f"{draw.randrange(10**8, 10**9)}"),
                ("accession", f"ACC{draw.randrange(10**7):07d}"),
                ("phone", f"+1 {draw.randrange(200, 999)} 555 {draw.randrange(10**4):04d}"),
                ("birth_date", f"{draw.randint(1930, 2010)}{draw.randint(1, 12):02d}{draw.randint(2, 28):02d}"),
                ("address", f"{draw.randint(1, 999)} {last} Road, {first}ville"),
                ("uid", f"1.2.840.99999.{draw.randrange(10**18)}"),
            )
            found.append(Known(len(found) + 1, values))
        if len(found) * 15 >= spellings and len(sheet_of(found).forms) >= spellings:
            return found


def material(size: int, draw: random.Random) -> dict[str, bytes]:
    """Make a third of prose, a third of a table of numbers, a third of noise."""
    words = ["".join(draw.choices(LETTERS, k=draw.randint(2, 9))) for _ in range(20_000)]
    prose, table = bytearray(), bytearray()
    while len(prose) < min(size // 3, 8 << 20):
        prose += (" ".join(draw.choices(words, k=12)).capitalize() + ". ").encode()
    while len(table) < min(size // 3, 8 << 20):
        table += (",".join(f"{draw.random() * 10 ** draw.randint(0, 5):.3f}" for _ in range(10)) + "\n").encode()
    third = size // 3
    return {
        "prose": bytes(prose) * (third // len(prose)),
        "table": bytes(table) * (third // len(table)),
        "noise": draw.randbytes(8 << 20) * max(1, third >> 23),
    }


def cpu() -> float:
    """Return CPU seconds of this process and its children."""
    return sum(
        one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--mb", type=int, default=192)
    ask.add_argument("--spellings", type=int, default=100_000)
    ask.add_argument("--rounds", type=int, default=3)
    wish = ask.parse_args()
    draw = random.Random(SEED)
    begun = cpu()
    known = people(wish.spellings, draw)
    sheet = sheet_of(known)
    search = Search(sheet)
    print(f"{len(sheet.forms):,} spellings of {len(known):,} people, made ready in {cpu() - begun:.1f} s")
    heaps = material(wish.mb << 20, draw)
    grep = shutil.which("grep")
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "list")
        listed.write_bytes(b"\n".join(sorted(sheet.forms)) + b"\n")
        for (name, data), about in itertools.product(heaps.items(), (1, len(known))):
            if name == "noise" and about > 1:
                continue  # bytes are searched for what is known of anybody
            path = Path(folder, name)
            path.write_bytes(data)
            persons = range(1, about + 1)
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(wish.rounds):
                begun = cpu()
                hits = 0
                with path.open("rb") as stream:
                    if name == "noise":
                        while block := stream.read(BLOCK):
                            hits += sum(
                                sum(search.count(one, persons, prose=False).values())
                                for one in plain_bytes(block, wide=False)
                            )
                    else:
                        for view in views(stream, len(data)):
                            hits += sum(search.count(view.plain, persons, prose=view.prose).values())
                ours.append(len(data) / 1e6 / (cpu() - begun))
                if grep and about == 1:
                    begun = cpu()
                    subprocess.run(
                        [grep, "-a", "-c", "-i", "-F", "-f", listed, path],
                        stdout=subprocess.DEVNULL,
                        env={"LC_ALL": "C"},
                        check=False,
                    )
                    theirs.append(len(data) / 1e6 / (cpu() - begun))
            beside = f" · grep -F -i -f {max(theirs):6.0f} MB/s" if theirs else ""
            rate = f"{max(ours):6.0f} MB/s ({min(ours):.0f} to {max(ours):.0f}), {hits} hits"
            print(f"{name:6} about {about:5} {len(data) / 1e6:6.0f} MB · closed loop {rate}{beside}")


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s in all")
