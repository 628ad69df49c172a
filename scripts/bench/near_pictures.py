"""Made-up images and volumes for near_duplicates.py, the test images that pydicom brings, and changes of each."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from curator.audit import phash

ALL = "all of these"


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
    ALL: everything,
}


def body(rng: Any, side: int = 80, slices: int = 60) -> Any:
    """A volume (slices, side, side): a body with organs, texture and noise."""
    z, y, x = np.mgrid[-1 : 1 : slices * 1j, -1 : 1 : side * 1j, -1 : 1 : side * 1j]
    a, b, c = rng.uniform(0.7, 0.95, 3)
    made = np.where((x / a) ** 2 + (y / b) ** 2 + (z / (c + 0.4)) ** 2 < 1, 0.35, 0.0)
    for _ in range(rng.integers(20, 30)):
        at, radius = rng.uniform(-0.7, 0.7, 3), rng.uniform(0.1, 0.4, 3)
        inside = sum(((one - o) / r) ** 2 for one, o, r in zip((x, y, z), at, radius, strict=True)) < 1
        made[inside & (made > 0)] += rng.uniform(-0.25, 0.35)
    waves = np.sqrt(sum(one**2 for one in np.meshgrid(*map(np.fft.fftfreq, made.shape), indexing="ij")))
    texture = np.real(np.fft.ifftn(np.fft.fftn(rng.normal(size=made.shape)) / (waves + 0.02) ** 1.8))
    return (made + 0.03 * texture / texture.std() * (made > 0) + 0.01 * rng.normal(size=made.shape)).astype(np.float32)


def _each(change: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return a change that is made to every slice in one way."""

    def changed(made: Any, rng: Any) -> Any:
        seed = int(rng.integers(1 << 30))
        return np.stack([np.ascontiguousarray(change(one, np.random.default_rng(seed))) for one in made])

    return changed


def _windowed(made: Any, rng: Any) -> Any:
    return window(made, rng)


def _along(made: Any, rng: Any) -> Any:
    """Other slices between the same ends, by linear interpolation."""
    at = np.linspace(0, len(made) - 1, round(len(made) * rng.uniform(0.5, 1.7)))
    low = np.minimum(at.astype(int), len(made) - 2)
    part = (at - low)[:, None, None].astype(np.float32)
    return made[low] * (1 - part) + made[low + 1] * part


def _shortened(made: Any, rng: Any) -> Any:
    gone = max(1, round(0.05 * len(made)))
    start = int(rng.integers(0, gone + 1))
    return _each(cropped)(made[start : len(made) - gone + start], rng)


def _turned(made: Any, rng: Any) -> Any:
    axes = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)][rng.integers(7)]
    return np.flip(made, axes)


def _everything(made: Any, rng: Any) -> Any:
    for change in (_windowed, _each(resized), _along, _shortened, _turned, _each(encoded)):
        made = np.ascontiguousarray(change(made, rng))
    return made


VOLUMES: dict[str, Callable[[Any, Any], Any]] = {
    "windowed": _windowed,
    "resized": _each(resized),
    "resampled along the slices": _along,
    "encoded": _each(encoded),
    "cropped 5 % on all axes": _shortened,
    "flipped on any axes": _turned,
    ALL: _everything,
}


def _waves() -> tuple[Any, Any]:
    """Return cosine waves (32, 32), and how their power falls as that of pictures does."""
    at = np.arange(phash.SIDE)
    waves = np.cos(np.pi * np.outer(at, 2 * at + 1) / (2 * phash.SIDE)).astype(np.float32)
    return waves, (1 + np.hypot(at[:, None], at[None, :])) ** -1.5


def fields(count: int, rng: Any, base: int = 100) -> tuple[Any, Any]:
    """Phantoms, each under a random field of its own; everybody has one image."""
    waves, fall = _waves()
    bodies = [phash.thumbnail(phantom(rng, 96)).astype(np.float32) / 255 for _ in range(min(base, count))]
    small = np.empty((count, phash.SIDE, phash.SIDE), np.uint8)
    for number in range(count):
        field = waves.T @ (rng.normal(size=fall.shape) * fall).astype(np.float32) @ waves
        small[number] = phash.thumbnail(bodies[number % len(bodies)] + 0.8 * field / field.std())
    return small, np.arange(count)


def slices(count: int, rng: Any, each: int = 250, keys: int = 25) -> tuple[Any, Any]:
    """Series of 250 slices a patient that pass smoothly from one to the next; at one level all patients are alike."""
    waves, fall = _waves()

    def stack() -> Any:
        drawn = waves.T @ (rng.normal(size=(keys, *fall.shape)) * fall).astype(np.float32) @ waves
        return drawn / drawn.std(axis=(1, 2), keepdims=True)

    common = stack()
    small = np.empty((count, phash.SIDE, phash.SIDE), np.uint8)
    for start in range(0, count, each):
        own = 0.7 * common + stack()
        for number in range(start, min(start + each, count)):
            at = (number - start) / each * (keys - 1)
            low = int(at)
            small[number] = phash.thumbnail(own[low] * (1 - at + low) + own[low + 1] * (at - low))
    return small, np.arange(count) // each


def same(count: int, rng: Any, share: float = 0.02) -> tuple[Any, Any]:
    """As :func:`fields`, but one of fifty images is one and the same placeholder, with a little noise."""
    small, groups = fields(count, rng)
    one = phantom(rng, 96)
    for number in rng.choice(np.arange(count // 100, count - count // 100), round(count * share), replace=False):
        small[number] = phash.thumbnail(one + 0.02 * rng.normal(size=one.shape))
    return small, groups


POPULATIONS: dict[str, Callable[[int, Any], tuple[Any, Any]]] = {"fields": fields, "same": same, "slices": slices}
