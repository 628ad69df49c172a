"""How many changed copies of images the audit finds, how many others it takes for copies, and in what time.

Images are made-up phantoms and the test images that pydicom brings. Each is windowed, given another gray curve,
resized, encoded as JPEG, cropped by 5 %, flipped, and changed in all of these ways at once (told, no target). Copies
go through everything that the audit does: candidates by bands of hashes, small thumbnails, large ones. Exit 1 when a
change is found in fewer than 99 %, or more than one of 1,000 pairs of different images is taken for copies.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from curator.audit import phash

LEAST, MOST = 0.99, 0.001


def phantom(rng: Any, side: int) -> Any:
    """A body with organs, texture and noise."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    made = np.zeros((side, side))
    a, b = rng.uniform(0.65, 0.9, 2)
    made[(x / a) ** 2 + (y / b) ** 2 < 1] = 0.35
    for _ in range(rng.integers(8, 16)):
        cx, cy, rx, ry, turn = *rng.uniform(-0.6, 0.6, 2), *rng.uniform(0.05, 0.35, 2), rng.uniform(0, 3.14)
        u, v = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn), (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
        made[((u / rx) ** 2 + (v / ry) ** 2 < 1) & (made > 0)] += rng.uniform(-0.25, 0.35)
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    texture = np.real(np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) / (waves + 0.02) ** 1.3))
    return made + 0.03 * texture / texture.std() * (made > 0) + 0.01 * rng.normal(size=(side, side))


def brought() -> list[Any]:
    """The test images that pydicom's package itself holds, one plane each, without constant ones and twins."""
    import pydicom
    import pydicom.data

    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in sorted(Path(pydicom.data.__file__).parent.glob("test_files/*.dcm")):
            try:
                plane = np.asarray(next(iter(pydicom.pixels.iter_pixels(path))), dtype=np.float32)
            except Exception:
                continue
            plane = plane.mean(axis=2) if plane.ndim == 3 else plane
            if min(plane.shape) >= 48 and plane.max() > plane.min():
                found.setdefault(path.stem.partition("_")[0], plane)  # the others of that name show the same
    return list(found.values())


def window(made: Any, rng: Any) -> Any:
    low, high = np.percentile(made, [1, 99.5])
    span = high - low
    middle, width = low + span * rng.uniform(0.4, 0.6), span * rng.uniform(0.7, 1.8)
    return np.clip((made - middle) / width + 0.5, 0, 1)


def curve(made: Any, rng: Any) -> Any:
    return ((made - made.min()) / (made.max() - made.min())) ** rng.uniform(0.5, 2)


def resized(made: Any, rng: Any) -> Any:
    share = rng.uniform(0.5, 2)
    size = (int(made.shape[1] * share), int(made.shape[0] * share))
    return np.asarray(Image.fromarray(made.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))


def encoded(made: Any, rng: Any) -> Any:
    out = io.BytesIO()
    whole = (made - made.min()) / (made.max() - made.min()) * 255
    Image.fromarray(whole.astype(np.uint8)).save(out, "JPEG", quality=int(rng.integers(60, 95)))
    return np.asarray(Image.open(out)).astype(float)


def cropped(made: Any, rng: Any) -> Any:
    rows, columns = (round(0.05 * size) for size in made.shape)
    a, b = rng.integers(0, rows + 1), rng.integers(0, columns + 1)
    return made[a : made.shape[0] - rows + a, b : made.shape[1] - columns + b]


def flipped(made: Any, rng: Any) -> Any:
    return [made[:, ::-1], made[::-1], made[::-1, ::-1]][rng.integers(3)]


def everything(made: Any, rng: Any) -> Any:
    for change in (window, resized, cropped, flipped, encoded):
        made = np.ascontiguousarray(change(made, rng))
    return made


CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    "windowed": window,
    "another gray curve": curve,
    "resized": resized,
    "encoded": encoded,
    "cropped 5 %": cropped,
    "flipped": flipped,
    "all of these": everything,
}


def measure(base: list[Any], rng: Any) -> dict[str, Any]:
    """Return the share found by change, and the share of pairs of different images taken for copies."""
    images = [np.ascontiguousarray(one, dtype=float) for one in base]
    source = list(range(len(base)))
    kinds = ["" for _ in base]
    for name, change in CHANGES.items():
        images += [np.ascontiguousarray(change(one, rng), dtype=float) for one in base]
        source += range(len(base))
        kinds += [name] * len(base)
    start = time.process_time()
    small = np.stack([phash.thumbnail(one) for one in images])
    likely = phash.near(small, list(range(len(images))))
    fine = {at: phash.thumbnail(images[at], phash.FINE) for at in {at for pair in likely for at in pair[:2]}}
    found = {pair[:2] for pair in likely if phash.surely(fine[pair[0]], fine[pair[1]]) >= phash.ALIKE}
    seconds = time.process_time() - start
    share = {
        name: sum((source[at], at) in found for at in range(len(images)) if kinds[at] == name) / len(base)
        for name in CHANGES
    }
    originals = [(a, b) for a, b in found if not kinds[a] and not kinds[b]]
    pairs = len(base) * (len(base) - 1) // 2
    return {
        "images": len(base),
        "found": share,
        "pairs of different images": pairs,
        "taken for copies": len(originals),
        "false positive rate": len(originals) / pairs,
        "cpu seconds": round(seconds, 2),
    }


def synthetic(count: int, rng: Any, base: int = 100) -> Any:
    """Return thumbnails of so many synthetic images: phantoms, each under a random field of its own."""
    at = np.arange(phash.SIDE)
    waves = np.cos(np.pi * np.outer(at, 2 * at + 1) / (2 * phash.SIDE)).astype(np.float32)
    fall = (1 + np.hypot(at[:, None], at[None, :])) ** -1.5  # as the power of pictures falls
    bodies = [phash.thumbnail(phantom(rng, 96)).astype(np.float32) / 255 for _ in range(min(base, count))]
    small = np.empty((count, phash.SIDE, phash.SIDE), np.uint8)
    for number in range(count):
        field = waves.T @ (rng.normal(size=fall.shape) * fall).astype(np.float32) @ waves
        small[number] = phash.thumbnail(bodies[number % len(bodies)] + 0.8 * field / field.std())
    return small


def speed(count: int, rng: Any) -> dict[str, Any]:
    """Return the time and memory that it takes to search so many synthetic images, a hundredth of them twice."""
    small = synthetic(count, rng)
    planted = count // 100
    # A copy: another gray curve, flipped; ranks do not change by the first.
    small[count - planted :] = small[:planted, :, ::-1]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    pairs = {(one, other) for one, other, _ in phash.near(small, list(range(count)))}
    seconds = time.process_time() - start
    return {
        "synthetic images": count,
        "planted copies": planted,
        "of them found": sum((at, count - planted + at) in pairs for at in range(planted)),
        "likely pairs": len(pairs),
        "cpu seconds": round(seconds, 1),
        "memory more, MB": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phantoms", type=int, default=300)
    parser.add_argument("--many", type=int, default=0, help="also time so many synthetic images")
    wish = parser.parse_args()
    rng = np.random.default_rng(11)
    report: dict[str, Any] = {
        "phantoms": measure([phantom(rng, 160) for _ in range(wish.phantoms)], rng),
        "pydicom": measure(brought(), rng),
    }
    missed = any(
        share < LEAST for part in report.values() for name, share in part["found"].items() if name != "all of these"
    )
    wrong = report["phantoms"]["false positive rate"] > MOST
    if wish.many:
        report["many"] = speed(wish.many, rng)
    print(json.dumps(report, indent=2))
    return int(missed or wrong)


if __name__ == "__main__":
    raise SystemExit(main())
