"""Plant every spelling of a made-up person's identifiers into every kind of place of real files, under every policy.

Prints "0 of N kinds of place leak" and names the N, or the places that leak, with the exit code 1. Twice over: once the
file's header says who the person is, once nobody knows. tests/attack/test_places.py runs a sample of it.
"""

import argparse
import os
import sys
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "attack"))

from places import PLACES
from planting import BASES, SPELLINGS, TELLING, found_in, planted, policies, scrubbed, tells

from curator.core.errors import ItemError
from curator.scrub.policy import load_policy


def attack(job):
    """Plant into all places of one file; return how many outputs there were, what leaked, what was held back."""
    name, known, every, extra = job
    warnings.simplefilter("ignore")
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - what pydicom has to say of the files
    rules = extra_policies(extra) if extra else policies()
    values = [(kind, value) for kind, spelled in SPELLINGS.items() for value in spelled]
    outputs, leaks, held = 0, defaultdict(set), set()
    for at, (place_name, place) in enumerate(PLACES.items()):
        for step, (kind, value) in enumerate(values):
            if (at + step) % every:
                continue
            source = planted(place, name, value, header=known)
            for policy_name, rule in rules.items():
                if not tells(kind, rule.policy):
                    continue
                telling = kind in TELLING
                if not (place.compares(value) if known else place.hides(value, rule.options, telling=telling)):
                    continue
                result = scrubbed(source.data, rule.policy)
                if isinstance(result, ItemError):
                    held.add((place_name, result.code))
                    continue
                outputs += 1
                if found_in(result.data, value, kind, source.pixels):
                    leaks[place_name].add((kind, name, policy_name, known))
    return outputs, dict(leaks), held


def extra_policies(paths):
    from planting import Rules, rules

    texts = {path: Path(path).read_text(encoding="utf-8") if path.endswith(".toml") else None for path in paths}
    return {path: rules(text) if text else Rules(load_policy(path), frozenset()) for path, text in texts.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=29, help="one spelling in so many, in turn (default: %(default)s)")
    parser.add_argument("--policy", action="append", default=[], help="these alone: a name or a .toml file; repeatable")
    parser.add_argument("--base", action="append", choices=BASES, help="these files alone; repeatable")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes (default: one a core)")
    wish = parser.parse_args()
    bases = wish.base or BASES
    jobs = [(name, known, wish.every, tuple(wish.policy)) for name in bases for known in (True, False)]
    outputs, leaks, held = 0, defaultdict(set), defaultdict(set)
    with ProcessPoolExecutor(wish.workers) as pool:
        for count, leaked, kept in pool.map(attack, jobs):
            outputs += count
            for place, how in leaked.items():
                leaks[place] |= how
            for place, code in kept:
                held[place].add(code)
    spellings = sum(map(len, SPELLINGS.values()))
    print(f"{len(leaks)} of {len(PLACES)} kinds of place leak")
    print(f"{outputs:,} outputs searched: {len(bases)} real files, {spellings} spellings of {len(SPELLINGS)} kinds")
    print("policies: " + ", ".join(wish.policy or policies()))
    for place in PLACES:
        codes = f" (files held back: {', '.join(sorted(held[place]))})" if place in held else ""
        print(f"  {'LEAKS' if place in leaks else 'clean'}  {place}{codes}")
        for kind, name, policy, known in sorted(leaks.get(place, ())):
            print(f"         {kind} in {name} under {policy}, {'known' if known else 'unknown'}")
    if not outputs:
        sys.exit("nothing came out: nothing was searched")
    sys.exit(1 if leaks else 0)


if __name__ == "__main__":
    main()
