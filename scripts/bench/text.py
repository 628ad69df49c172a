"""Scores text detection on made-up notes, ours beside peers: recall, precision, queries, speed. All data synthetic.

textset/scoring.py says when an identifier counts as found, docs/reference/text-bench.md what the figures do not show.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers import peers_python
from textset.layouts import LAYOUTS, laid_out
from textset.make import Note, notes
from textset.scoring import Figure, Score, figures, score

HERE = Path(__file__).resolve().parent
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "curator-bench" / "text-peers"
_HEAD = (
    "{notes:,} synthetic notes ({split}, seed {seed}), {identifiers:,} identifiers, {words:,} words, {kilobytes:,} KB"
)
Cost = dict[str, float]
Spans = dict[str, list[tuple[int, int]] | None]


def run(name: str, python: Path | str, data: str) -> tuple[Spans, Cost] | str:
    """Run one detector in its own process; return its spans and cost, or why there are none."""
    # -P: the modules beside the script shall not stand in for those that a detector imports.
    command = [str(python), "-P", str(HERE / "textset" / "peers.py"), name]
    done = subprocess.run(command, input=data, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        return f"failed: {(done.stderr.splitlines() or ['no word'])[-1]}"
    *rows, cost = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["id"]: None if row["spans"] is None else [tuple(span) for span in row["spans"]] for row in rows}, cost


def line(figure: Figure) -> str:
    """Write one figure with its interval and its target."""
    if figure.value is None:
        text = "not measured"
    elif figure.interval:
        text = f"{figure.value:.3f} [{figure.interval[0]:.3f}, {figure.interval[1]:.3f}] {figure.hits}/{figure.total}"
    else:
        text = f"{figure.value:,.2f}"
    judged = f"{figure.target:<8} {'met' if figure.met else 'MISSED'}" if figure.target else ""
    return f"{figure.name:<34}{text:<38}{judged}".rstrip()


def report(name: str, got: Score, shown: list[Figure], args: argparse.Namespace) -> None:
    """Print a detector's figures."""
    print(f"\n== {name}")
    for figure in shown:
        print(line(figure))
    print(f"{'partly found':<34}{got.partly} of {len(got.misses)} missed")
    if name != "curator":
        return
    for what, shares in (("kind", got.kinds if args.kinds else {}), ("style", got.styles if args.styles else {})):
        for key, share in sorted(shares.items(), key=lambda item: item[1].hits / item[1].total):
            print(
                line(Figure(f"    {what} {key}", share.hits / share.total, share.interval(), share.hits, share.total))
            )
    # The held-back notes are not shown: nobody shall tune on them.
    if args.show and args.split == "dev":
        for kind, shown_text in got.misses[: args.show]:
            print("MISS", kind, repr(shown_text))
        for shown_text, count in got.falses.most_common(args.show):
            print("FALSE", count, repr(shown_text))


def table(tools: dict[str, list[Figure]]) -> str:
    """Write all tools beside each other as Markdown; ours with its interval."""
    head = f"| figure | target | {' | '.join(tools)} |\n|{' --- |' * (len(tools) + 2)}\n"
    rows = ""
    for column in zip(*tools.values(), strict=True):
        cells = [_cell(figure, interval=at == 0) for at, figure in enumerate(column)]
        rows += f"| {column[0].name} | {column[0].target} | {' | '.join(cells)} |\n"
    return head + rows


def _cell(figure: Figure, *, interval: bool) -> str:
    if figure.value is None:
        return "-"
    if figure.interval is None:
        return f"{figure.value:,.1f}"
    text = f"{figure.value:.3f}".removeprefix("0")
    if not interval:
        return text
    low, high = (f"{side:.3f}".removeprefix("0") for side in figure.interval)
    return f"{text} [{low}, {high}]"


def parsed() -> argparse.Namespace:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--split",
        choices=("dev", "test", "apart"),
        default="test",
        help="test is held back: never tune on it; apart: what other authors wrote, never trained on",
    )
    parser.add_argument("--notes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--layout",
        choices=list(LAYOUTS),
        default="plain",
        help="as they are; in lines of 72; these set in, or ended by CR LF; with blanks that do not break; in one case",
    )
    parser.add_argument("--rounds", type=int, default=1, help="runs of each, alternating; the fastest counts")
    parser.add_argument(
        "--with-peers", action="store_true", help="set up an environment for the peers, and run them too"
    )
    parser.add_argument("--peers-venv", type=Path, default=_CACHE, help="where; outside of the repository")
    parser.add_argument("--only", default="", help="with peers: these alone, by name, between commas")
    parser.add_argument("--json", action="store_true", help="one document instead of lines")
    parser.add_argument("--table", action="store_true", help="all tools beside each other, as Markdown")
    parser.add_argument("--kinds", action="store_true", help="also ours by kind of slot")
    parser.add_argument("--styles", action="store_true", help="also ours by style of note")
    parser.add_argument("--show", type=int, default=0, help="show so many misses and false positives (dev only)")
    return parser.parse_args()


def about(made: list[Note], args: argparse.Namespace) -> dict[str, Any]:
    """Say what the notes are."""
    return {
        "synthetic": True,
        "split": args.split,
        "seed": args.seed,
        "notes": len(made),
        "identifiers": sum(len(note.gold) for note in made),
        "words": sum(len(note.text.split()) for note in made),
        "kilobytes": round(sum(len(note.text.encode()) for note in made) / 1000),
    }


def main() -> None:
    args = parsed()
    made = list(laid_out(notes(args.split, args.notes, args.seed), args.layout))
    data = "".join(json.dumps({"id": note.id, "text": note.text}) + "\n" for note in made)
    pythons: dict[str, Path | str] = {"curator": sys.executable}
    away: dict[str, str] = {}
    if args.with_peers:
        listed = tomllib.loads((HERE / "textset" / "peers.toml").read_text(encoding="utf-8"))
        if args.only:
            listed = {name: peer for name, peer in listed.items() if name in args.only.split(",")}
        peers, away = peers_python(args.peers_venv, listed)
        pythons |= {name: peers for name in listed if name not in away}
    best: dict[str, tuple[Spans, Cost]] = {}
    for _ in range(args.rounds):
        for name, python in pythons.items():
            got = run(name, python, data)
            if isinstance(got, str):
                away[name] = got
            elif name not in best or got[1]["seconds"] < best[name][1]["seconds"]:
                best[name] = got
    document: dict[str, Any] = {**about(made, args), "tools": {}, "not_run": away}
    if not args.json:
        print(_HEAD.format(**document))
    beside: dict[str, list[Figure]] = {}
    for name, (spans, cost) in best.items():
        scored = score(made, spans)
        shown = figures(scored, cost)
        document["tools"][name] = {"figures": [asdict(figure) for figure in shown], "partly": scored.partly}
        beside[name] = shown
        if not args.json and not args.table:
            report(name, scored, shown, args)
    if args.json:
        print(json.dumps(document, indent=2))
    else:
        if args.table:
            print(table(beside))
        for name, reason in away.items():
            print(f"\n== {name}: not run ({reason})")
    # A detector of ours that fails has no figures: that is no success.
    sys.exit(0 if "curator" in best else 1)


if __name__ == "__main__":
    main()
