"""How many changed copies of images the audit finds, how many others it takes for copies, and in what time.

Images are made-up phantoms, the test images that pydicom brings, and made-up volumes. Each is windowed, given another
gray curve, resized, encoded as JPEG, cropped by 5 %, flipped, and changed in all of these ways at once (told, no
target); volumes also along the slices. Copies go through everything that the audit does: hashes, small thumbnails,
large ones. Shares are told with exact 95 % intervals (Clopper and Pearson). Exit 1 when a change is found in fewer than
99 %, or more than one of 1,000 pairs of different images is taken for copies. ``--many`` times the search alone.
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import time
from typing import Any

import near_pictures as pictures
import numpy as np
from scipy.special import betaincinv

from curator.audit import images, phash
from curator.audit.copies import SHARE
from curator.audit.correlate import ALIKE, surely
from curator.audit.search import near

LEAST, MOST = 0.99, 0.001


def told(hits: int, trials: int) -> dict[str, Any]:
    low = float(betaincinv(hits, trials - hits + 1, 0.025)) if hits else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 0.975)) if hits < trials else 1.0
    return {"share": round(hits / trials, 7), "hits": hits, "of": trials, "low": round(low, 7), "high": round(high, 7)}


def found_pairs(planes: list[Any], groups: list[int]) -> tuple[set[tuple[int, int]], float]:
    """Return the pairs that the audit takes for copies, and the seconds of the search and what follows."""
    start = time.process_time()
    small = np.stack([phash.thumbnail(one) for one in planes])
    likely = near(small, groups)
    assert not likely.unsearched
    fine = {at: phash.thumbnail(planes[at], phash.FINE) for at in {at for pair in likely.pairs for at in pair[:2]}}
    found = {(one, other) for one, other, _ in likely.pairs if surely(fine[one], fine[other]) >= ALIKE}
    return found, time.process_time() - start


def measure(base: list[Any], rng: Any) -> dict[str, Any]:
    """Return the share found by change, and the share of pairs of different images taken for copies."""
    planes, source, kinds = [], [], []
    for name, change in {"": lambda one, _: one, **pictures.CHANGES}.items():
        planes += [np.ascontiguousarray(change(one, rng), dtype=float) for one in base]
        source += range(len(base))
        kinds += [name] * len(base)
    found, seconds = found_pairs(planes, list(range(len(planes))))
    share = {
        name: told(sum((source[at], at) in found for at in range(len(planes)) if kinds[at] == name), len(base))
        for name in pictures.CHANGES
    }
    originals = [(a, b) for a, b in found if not kinds[a] and not kinds[b]]
    return {
        "images": len(base),
        "found": share,
        "different images taken for copies": told(len(originals), len(base) * (len(base) - 1) // 2),
        "cpu seconds": round(seconds, 2),
    }


def repeated(base: list[Any], times: int, rng: Any) -> dict[str, Any]:
    """As :func:`measure`, with each image changed anew several times; no two of the images show the same."""
    runs = [measure(base, rng) for _ in range(times)]
    share = {
        name: told(sum(one["found"][name]["hits"] for one in runs), len(base) * times) for name in pictures.CHANGES
    }
    return {
        "images": len(base),
        "times": times,
        "found": share,
        "different images taken for copies": runs[0]["different images taken for copies"],
        "cpu seconds": round(sum(one["cpu seconds"] for one in runs), 2),
    }


def different(count: int, rng: Any) -> dict[str, Any]:
    """Return how many pairs of different phantoms are taken for copies, each held against each."""
    found, seconds = found_pairs([pictures.phantom(rng, 96) for _ in range(count)], list(range(count)))
    wrong = told(len(found), count * (count - 1) // 2)
    return {"images": count, "different images taken for copies": wrong, "cpu seconds": round(seconds, 2)}


def volumes(count: int, rng: Any) -> dict[str, Any]:
    """Return the share of changed volumes found: any plane, and half of the planes, as the probe chooses them."""
    base = [pictures.body(rng) for _ in range(count)]
    made = [(number, "", one) for number, one in enumerate(base)]
    for name, change in pictures.VOLUMES.items():
        made += [(number, name, change(one, rng)) for number, one in enumerate(base)]
    small, fine, owners = [], [], []
    for owner, (_, _, volume) in enumerate(made):
        for side, kept in ((phash.SIDE, small), (phash.FINE, fine)):
            texts = images._summed(iter(volume), side)["thumbs"]
            kept += [np.frombuffer(base64.b64decode(text), np.uint8).reshape(side, side) for text in texts]
        owners += [owner] * (len(small) - len(owners))
    start = time.process_time()
    likely = near(np.stack(small), owners)
    hit: dict[tuple[int, int], set[int]] = {}
    for one, other, _ in likely.pairs:
        if surely(fine[one], fine[other]) >= ALIKE:
            hit.setdefault((owners[one], owners[other]), set()).add(other)
    seconds = time.process_time() - start
    share: dict[str, Any] = {}
    for name in pictures.VOLUMES:
        copies = [(made[at][0], at) for at in range(len(made)) if made[at][1] == name]
        half = [pair for pair in copies if len(hit.get(pair, ())) >= SHARE * owners.count(pair[1])]
        share[name] = {**told(sum(pair in hit for pair in copies), count), "as a volume": len(half)}
    wrong = sum(1 for a, b in hit if a < count and b < count)
    return {
        "volumes": count,
        "found": share,
        "different volumes taken for copies": told(wrong, count * (count - 1) // 2),
        "cpu seconds": round(seconds, 2),
    }


def speed(count: int, population: str, rng: Any) -> dict[str, Any]:
    """Return the time and memory that it takes to search so many synthetic images, a hundredth of them twice."""
    small, groups = pictures.POPULATIONS[population](count, rng)
    planted = count // 100
    # A copy: another gray curve, flipped; ranks do not change by the first. It belongs to somebody else.
    small[count - planted :] = small[:planted, :, ::-1]
    groups[count - planted :] = np.arange(planted) + groups.max() + 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = near(small, groups)
    seconds = time.process_time() - start
    pairs = {pair[:2] for pair in found.pairs}
    return {
        "synthetic images": count,
        "population": population,
        "planted copies": planted,
        "of them found": sum((at, count - planted + at) in pairs for at in range(planted)),
        "likely pairs": len(pairs),
        "not searched to the end": found.unsearched,
        "cpu seconds": round(seconds, 1),
        "memory more, MB": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024),
        "memory of the process, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phantoms", type=int, default=300, help="phantoms that are changed; 0 for none")
    parser.add_argument("--times", type=int, default=10, help="how often each of pydicom's images is changed")
    parser.add_argument("--volumes", type=int, default=40, help="volumes that are changed; 0 for none")
    parser.add_argument("--different", type=int, default=0, help="so many more phantoms, only held against each other")
    parser.add_argument("--many", type=int, default=0, help="also time the search among so many synthetic images")
    parser.add_argument("--population", choices=sorted(pictures.POPULATIONS), default="fields", help="what these show")
    wish = parser.parse_args()
    rng = np.random.default_rng(11)
    report: dict[str, Any] = {}
    if wish.phantoms:
        report["phantoms"] = measure([pictures.phantom(rng, 160) for _ in range(wish.phantoms)], rng)
        report["pydicom"] = repeated(pictures.brought(), wish.times, rng)
    if wish.volumes:
        report["volumes"] = volumes(wish.volumes, rng)
    missed = any(
        one["share"] < LEAST for part in report.values() for name, one in part["found"].items() if name != pictures.ALL
    )
    wrong = "phantoms" in report and report["phantoms"]["different images taken for copies"]["share"] > MOST
    if wish.different:
        report["different"] = different(wish.different, rng)
    if wish.many:
        report["many"] = speed(wish.many, wish.population, rng)
    print(json.dumps(report, indent=2))
    return int(missed or wrong)


if __name__ == "__main__":
    raise SystemExit(main())
