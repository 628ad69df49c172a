"""Pixels looked at once for all checks: whether they are whole, blank or noise, and a thumbnail to compare images by.

Needs numpy (the extra ``stats``). What no decoder at hand can decode is said to be so, never taken for sound. Of the
pixels only the digest, counts and thumbnails of 32 by 32 ranks leave this file.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

from curator.audit import rasters
from curator.core.errors import CheckError, ItemError
from curator.core.spill import Heap, Table

if TYPE_CHECKING:
    from curator.audit.model import File

#: Rows and columns of the thumbnails that all images get, and of those of likely copies (curator/audit/phash.py).
SIDE, FINE = 32, 96
#: Planes of a volume or a multi-frame object that get a thumbnail, evenly spread.
PLANES = 24
#: Bytes of a file that is decoded, and values of a plane.
LARGEST, MOST_VALUES = 1 << 31, 1 << 28
#: Below this correlation of neighbors in both directions, a plane of at least 32 by 32 is noise.
NOISE = 0.1
#: Bytes of thumbnails that are laid aside together, and such blocks that are at hand at a time.
_TOGETHER, _BLOCKS = 128 << 10, 32
_PACKAGES = ("numpy", "PIL", "jpeg_ls", "gdcm", "pylibjpeg", "openjpeg", "libjpeg", "rle")


@cache
def decoders() -> tuple[str, ...]:
    """Return the packages at hand that decode pixels."""
    return tuple(name for name in _PACKAGES if importlib.util.find_spec(name) is not None)


@dataclass
class PixelProbe:
    """Looks at the planes of DICOM objects, NIfTI volumes and image files."""

    name: str = "data-pixels"
    version: int = 2

    def wants(self, file: File) -> bool:
        """DICOM, NIfTI and image files."""
        return file.kind in {"dicom", "nifti"} | rasters.DECODED | rasters.UNDECODED

    def parameters(self) -> Mapping[str, Any]:
        """What can be decoded depends on the packages at hand."""
        return {"decoders": list(decoders()), "planes": PLANES}

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Look at all planes of a file.

        Returns
        -------
        dict
            ``state``: ``none`` without pixels, ``seen``, ``undecoded`` where no decoder is at hand or the decoder
            failed, ``short`` where the header promises more than there is, ``large`` for what is not loaded; of what
            was seen ``planes``, ``constant``, ``noise``, ``broken`` (not a number), ``digest`` of the decoded values,
            ``thumbs`` (base64, rows of ranks, of at most :data:`PLANES` planes).

        Raises
        ------
        ItemError
            DCM codes when a DICOM object cannot be read, DCM-020 for a broken gzip stream.
        """
        if file.size > LARGEST:
            return {"state": "large"}
        return _looked(file, stream, SIDE)


@dataclass
class FineProbe:
    """Makes the larger thumbnails of files that are likely copies of others; their planes are those of the small ones.

    Parameters
    ----------
    wanted
        SHA-256 of the files.
    """

    wanted: frozenset[str]
    name: str = "data-pixels-fine"
    version: int = 2

    def wants(self, file: File) -> bool:
        """Those that were asked for."""
        return file.sha256 in self.wanted

    def parameters(self) -> Mapping[str, Any]:
        """As the probe of all pixels: which files are asked for changes nothing in what is seen of one."""
        return PixelProbe().parameters()

    def look(self, file: File, stream: BinaryIO) -> dict[str, Any]:
        """Return ``thumbs`` (base64 of 96 by 96 ranks each). Raises as :meth:`PixelProbe.look`."""
        return {"thumbs": _looked(file, stream, FINE).get("thumbs", [])}


def _looked(file: File, stream: BinaryIO, side: int) -> dict[str, Any]:
    if file.kind == "dicom":
        return _dicom(stream.read(), side)
    if file.kind == "nifti":
        return _summed(_nifti(stream), side)
    if file.kind in rasters.UNDECODED:
        return {"state": "undecoded"}
    try:
        return _summed(rasters.planes(stream, MOST_VALUES), side)
    except rasters.NotDecodedError:
        return {"state": "undecoded"}
    except EOFError:
        return {"state": "short"}


def _dicom(data: bytes, side: int) -> dict[str, Any]:
    from curator.formats.dicom.read import guarded, read_dataset

    dataset, structure = read_dataset(data)
    with guarded():
        if not structure.has_pixels or not dataset.get("Rows") or not dataset.get("Columns"):
            return {"state": "none"}
        rows, columns, samples = int(dataset.Rows), int(dataset.Columns), int(dataset.get("SamplesPerPixel", 1))
        frames = int(dataset.get("NumberOfFrames", 1) or 1)
        if rows * columns * samples > MOST_VALUES:
            return {"state": "large"}
        if not structure.encapsulated:
            held = next((len(dataset[tag].value) for tag in _tags() if tag in dataset), 0)
            bits = rows * columns * samples * frames * int(dataset.get("BitsAllocated", 8))
            if str(dataset.get("PhotometricInterpretation", "")) == "YBR_FULL_422":
                bits = bits * 2 // 3
            if held < (bits + 7) // 8:
                return {"state": "short"}
    try:
        return _summed(_frames(dataset), side)
    except (MemoryError, ItemError):
        raise
    except Exception:  # noqa: BLE001 - decoders raise many kinds; what is not decoded is not seen
        return {"state": "undecoded"}


def _tags() -> tuple[str, ...]:
    return ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def _frames(dataset: Any) -> Iterator[Any]:
    import pydicom.pixels

    pixels: Any = pydicom.pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # texts of warnings quote values
        gray = dataset.get("PhotometricInterpretation", "") == "MONOCHROME1"
        for frame in pixels.iter_pixels(dataset):
            yield -frame.astype("float32") if gray else frame


def _nifti(stream: BinaryIO) -> Iterator[Any]:
    import numpy as np

    from curator.formats.volume.nifti import HEAD, read_header

    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    inner: Any = gzip.GzipFile(fileobj=stream) if packed else stream
    try:
        volume = read_header(inner.read(HEAD))
        if volume.beside is not None:
            raise ItemError("DCM-020")
        inner.seek(volume.start)
        kind = np.dtype(volume.kind).newbyteorder(">" if volume.big else "<")
        length = volume.slice_values * kind.itemsize
        for _ in range(volume.size[2] * volume.times):
            data = inner.read(length)
            if len(data) != length:
                raise ItemError("DCM-020")
            yield np.frombuffer(data, dtype=kind).reshape(volume.size[1], volume.size[0])
        while inner.read(1 << 20):
            pass  # the checksum stands behind the last byte
    except (OSError, EOFError, zlib.error):
        raise ItemError("DCM-020") from None


def _summed(planes: Iterator[Any], side: int) -> dict[str, Any]:
    """Go through the planes once; every plane is judged, and of many each second thumbnail is dropped as they come."""
    import numpy as np

    from curator.audit.phash import thumbnail

    digest = hashlib.sha256()
    count = constant = noise = broken = 0
    thumbs: list[tuple[int, Any]] = []
    step = 1
    for frame in planes:
        plane = np.ascontiguousarray(frame)
        digest.update(repr(plane.shape).encode() + plane.astype(plane.dtype.newbyteorder("<")).tobytes())
        real = plane.astype(np.float32)
        if real.ndim == 3:
            real = real.mean(axis=2)
        if not np.isfinite(real).all():
            broken += 1
            real = np.nan_to_num(real, nan=0.0, posinf=0.0, neginf=0.0)
        if float(real.max()) == float(real.min()):
            constant += 1
        else:
            noise += _is_noise(real)
            if count % step == 0:
                thumbs.append((count, thumbnail(real, side)))
        count += 1
        if len(thumbs) > 2 * PLANES:
            step *= 2
            thumbs = [one for one in thumbs if one[0] % step == 0]
    if not count:
        return {"state": "none"}
    chosen = [thumbs[round(at)] for at in np.linspace(0, len(thumbs) - 1, min(PLANES, len(thumbs)))] if thumbs else []
    return {
        "state": "seen",
        "planes": count,
        "constant": constant,
        "noise": noise,
        "broken": broken,
        "digest": digest.hexdigest(),
        "thumbs": [base64.b64encode(one.tobytes()).decode() for _, one in chosen],
    }


def _is_noise(plane: Any) -> bool:
    import numpy as np

    if min(plane.shape) < 32:
        return False
    middle = plane - plane.mean()
    power = float(np.mean(middle * middle))
    across = float(np.mean(middle[:, 1:] * middle[:, :-1]))
    down = float(np.mean(middle[1:] * middle[:-1]))
    return max(abs(across), abs(down)) < NOISE * power


class Thumbs:
    """Thumbnails of 32 by 32 one behind the other, 1 KiB each, laid aside; read like an array of shape (n, 32, 32).

    Parameters
    ----------
    data
        Thumbnails that are there from the beginning.
    """

    def __init__(self, data: bytes = b"") -> None:
        self._heap = Heap()
        self._last = bytearray()
        self._held: dict[int, bytes] = {}
        for start in range(0, len(data), _TOGETHER):
            self.append(data[start : start + _TOGETHER])

    def __len__(self) -> int:
        return (len(self._heap) * _TOGETHER + len(self._last)) // SIDE**2

    def append(self, data: bytes) -> None:
        """Put whole thumbnails behind the last one."""
        self._last += data
        while len(self._last) >= _TOGETHER:
            self._heap.put(bytes(self._last[:_TOGETHER]))
            del self._last[:_TOGETHER]

    def __getitem__(self, which: int | slice) -> Any:
        """Return one thumbnail, uint8 of shape (32, 32), or several that follow each other, (m, 32, 32)."""
        import numpy as np

        if isinstance(which, slice):
            start, stop, _ = which.indices(len(self))
        else:
            start, stop = int(which), int(which) + 1
        found = bytearray()
        while start < stop:
            block, within = divmod(start * SIDE**2, _TOGETHER)
            data = self._block(block)[within : within + (stop - start) * SIDE**2]
            found += data
            start += len(data) // SIDE**2
        made = np.frombuffer(found, np.uint8).reshape(-1, SIDE, SIDE)
        return made if isinstance(which, slice) else made[0]

    def _block(self, number: int) -> bytes | bytearray:
        if number == len(self._heap):
            return self._last
        if number not in self._held:
            if len(self._held) >= _BLOCKS:
                self._held.clear()
            self._held[number] = self._heap.get(number)
        return self._held[number]

    def parts(self) -> Iterator[bytes | bytearray]:
        """Yield all bytes, some at a time."""
        for number in range(len(self._heap)):
            yield self._heap.get(number)
        yield self._last

    def only(self, rows: Iterable[int]) -> Thumbs:
        """Return some of the thumbnails, in an order."""
        made = Thumbs()
        for row in rows:
            made.append(self[row].tobytes())
        return made


@dataclass
class Looks:
    """What the pixel probe saw of all images.

    Parameters
    ----------
    of
        Path to what was seen of a file. In place of the thumbnails it has ``first``, the number of the first one, and
        ``thumbs``, how many there are; ``sha256`` is the file's. ``state`` is a code's text where a file could not be
        looked at.
    thumbs
        All thumbnails.
    """

    of: Table[dict[str, Any]] = field(default_factory=Table)
    thumbs: Thumbs = field(default_factory=Thumbs)


def pixels_seen(subject: Any, make: Callable[[], PixelProbe] = PixelProbe) -> Looks:
    """Return what the probe saw of each image.

    Raises
    ------
    UsageError
        AGR-020 when numpy is not installed.
    """
    from curator.audit.cases import once
    from curator.labels.agreement.needs import require_numpy

    require_numpy()

    def all_of() -> Looks:
        made = Looks()
        for one in subject.looked(make()):
            found = dict(one.found or {"state": one.code})
            thumbs = [base64.b64decode(text) for text in found.pop("thumbs", ())]
            if any(len(each) != SIDE**2 for each in thumbs):
                raise CheckError("AUD-007", what="thumbnail of every image")
            told = {"first": len(made.thumbs), "thumbs": len(thumbs), "sha256": one.file.sha256}
            made.thumbs.append(b"".join(thumbs))
            made.of.append(one.file.path, found | told)
        return made

    return once(subject, "pixels", all_of)


def unseen(found: Looks) -> dict[str, int]:
    """Count the files whose pixels could not be looked at, by why: ``undecoded``, ``large``, or a code."""
    counts: dict[str, int] = {}
    for _, one in found.of:
        if one["state"] not in {"seen", "none", "short"}:
            counts[one["state"]] = counts.get(one["state"], 0) + 1
    return dict(sorted(counts.items()))
