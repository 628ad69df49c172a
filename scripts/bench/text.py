# ruff: noqa: E501 - lists and forms of a bench stay on their line
"""Scores text detection on made-up notes, ours beside peers: recall, precision, clean notes, speed. All data synthetic.

An identifier counts as found when all its letters and digits are covered. Character precision is over letters and
digits. A false positive is a span that touches no identifier. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from textset.make import Note, notes

HERE = Path(__file__).resolve().parent
STRUCTURED = ("DATE", "PHONE", "FAX", "EMAIL", "SSN", "RECORD_NUMBER", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "URL", "IP", "BIOMETRIC", "PHOTOGRAPH", "OTHER")  # fmt: skip


def wilson(hits: int, total: int) -> str:
    """Return a share with its 95 % interval (Wilson, 1927)."""
    if not total:
        return "-"
    z, p = 1.96, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{p:.3f} [{middle - half:.3f}, {middle + half:.3f}] {hits}/{total}"


def score(made: list[Note], spans: dict[str, list[list[int]]]) -> dict[str, Any]:
    """Compare spans with what was planted."""
    by: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    right = said = false = words = clean = queries = query_hits = query_all = plain = over = 0
    misses: list[tuple[str, str, str]] = []
    falses: list[tuple[str, str]] = []
    for note in made:
        text, found = note.text, spans[note.id]
        covered = {at for start, end in found for at in range(start, end)}
        truth = {at for start, end, *_ in note.gold for at in range(start, end)}
        marks = [at for at in covered if text[at].isalnum()]
        said += len(marks)
        right += sum(at in truth for at in marks)
        words += len(text.split())
        wrong = [span for span in found if not any(at in truth for at in range(*span))]
        false += len(wrong)
        falses += [(text[max(0, a - 30) : a], text[a:b] + "|" + text[b : b + 15]) for a, b in wrong]
        whole = True
        for start, end, category, kind in note.gold:
            hit = all(at in covered for at in range(start, end) if text[at].isalnum())
            by[category][0] += hit
            by[category][1] += 1
            kinds[kind][0] += hit
            kinds[kind][1] += 1
            whole &= hit
            if not hit:
                misses.append((kind, text[max(0, start - 40) : start], text[start:end] + "|" + text[end : end + 15]))
            if note.style == "query":
                query_hits += hit
                query_all += 1
        clean += whole
        if note.style == "query" and not note.gold:
            queries += 1
            over += bool(found)
        plain += 1
    return {
        "by": by, "kinds": kinds, "right": right, "said": said, "false": false, "words": words, "clean": (clean, plain),
        "query": (query_hits, query_all), "over": (over, queries), "misses": misses, "falses": falses,
    }  # fmt: skip


def report(name: str, got: dict[str, Any], cost: dict[str, float]) -> None:
    total = [sum(pair[at] for pair in got["by"].values()) for at in (0, 1)]
    form = [sum(got["by"][c][at] for c in STRUCTURED) for at in (0, 1)]
    print(f"\n== {name}")
    print(f"identifier recall    {wilson(*total)}")
    print(f"  structured         {wilson(*form)}")
    for category in sorted(got["by"]):
        print(f"  {category:<18} {wilson(*got['by'][category])}")
    print(f"character precision  {wilson(got['right'], got['said'])}")
    print(f"notes wholly clean   {wilson(*got['clean'])}")
    print(f"false positives      {1000 * got['false'] / got['words']:.2f} per 1,000 words")
    print(f"queries: recall      {wilson(*got['query'])}")
    print(f"queries: over-redact {wilson(*got['over'])}")
    print(f"speed                {cost['kilobytes'] / cost['seconds']:,.0f} KB per CPU second; ready in {cost['ready']:.2f} CPU s; peak {cost['peak_mib']:.0f} MiB")  # fmt: skip


def run(name: str, python: str, data: str) -> tuple[dict[str, list[list[int]]], dict[str, float]] | None:
    """Run one detector in its own process."""
    done = subprocess.run([python, str(HERE / "textset" / "peers.py"), name], input=data, capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        return None
    *rows, cost = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["id"]: row["spans"] for row in rows}, cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), default="test", help="test is held back: never tune on it")
    parser.add_argument("--notes", type=int, default=1100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="runs of each, alternating; the fastest counts")
    parser.add_argument("--peers", default="", help="a Python that has scrubadub and presidio-analyzer")
    parser.add_argument("--show", type=int, default=0, help="show so many misses and false positives (dev only)")
    parser.add_argument("--kinds", action="store_true", help="recall by kind of slot")
    args = parser.parse_args()
    made = list(notes(args.split, args.notes, args.seed))
    data = "".join(json.dumps({"id": note.id, "text": note.text}) + "\n" for note in made)
    print(f"{len(made):,} synthetic notes ({args.split}, seed {args.seed}), {sum(len(n.gold) for n in made):,} identifiers, {len(data.encode()) / 1000:,.0f} KB")  # fmt: skip
    results: dict[str, Any] = {}
    for _ in range(args.rounds):
        for name, python in (("curator", sys.executable), ("scrubadub", args.peers), ("presidio", args.peers)):
            got = run(name, python, data) if python else None
            if got and (name not in results or got[1]["seconds"] < results[name][1]["seconds"]):
                results[name] = got
            elif not got:
                results.setdefault(name, None)
    for name, got in results.items():
        if got is None:
            print(f"\n== {name}: not run")
            continue
        scored = score(made, got[0])
        report(name, scored, got[1])
        if name == "curator" and args.kinds:
            for kind, pair in sorted(scored["kinds"].items(), key=lambda item: item[1][0] / item[1][1]):
                print(f"    {kind:<10} {wilson(*pair)}")
        if name == "curator" and args.show and args.split == "dev":
            for kind, before, after in scored["misses"][: args.show]:
                print("MISS", kind, repr(before), repr(after))
            for (before, after), count in Counter(scored["falses"]).most_common(args.show):
                print("FALSE", count, repr(before), repr(after))


if __name__ == "__main__":
    main()
