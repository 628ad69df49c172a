"""Predictions and embeddings: CSV, Parquet or NPZ, read whole or refused.

A table has the column ``sample``, for a committee the column ``model``, and one column a class or dimension. An NPZ has
the arrays ``samples`` (texts) and ``values`` (rows by classes, or models by rows by classes), and perhaps ``labels``,
which is not read; nothing in it may be a pickled object. No error repeats a value.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE, MODEL = "sample", "model"
#: How far probabilities may be off their sum of 1, which rounding to few digits does.
SUM_SLACK = 1e-3
#: The largest file, and the largest array that is made of it, in bytes.
MAX_BYTES = 8 << 30
_ENDINGS = (".csv", ".parquet", ".npz")


@dataclass(frozen=True)
class Table:
    """What a file says.

    Parameters
    ----------
    samples
        Names of samples, each once.
    values
        Models by samples by columns; one model when the file names none.
    """

    samples: tuple[str, ...]
    values: NDArray[np.float64]


def require_numpy() -> Any:
    """Return numpy (NXT-010 when it is not installed)."""
    try:
        return import_module("numpy")
    except ImportError:
        raise UsageError("NXT-010") from None


def read_table(path: Path) -> Table:
    """Read a file of predictions or embeddings.

    Parameters
    ----------
    path
        Told by its ending: ``.csv`` (UTF-8 with a header), ``.parquet``, ``.npz``.

    Raises
    ------
    UsageError
        NXT-001, NXT-010.
    CheckError
        NXT-002, NXT-005, NXT-006, NXT-008.
    """
    require_numpy()
    ending = path.suffix.lower()
    try:
        fine = ending in _ENDINGS and path.is_file() and path.stat().st_size <= MAX_BYTES
    except OSError:
        fine = False
    if not fine:
        raise UsageError("NXT-001")
    if ending == ".npz":
        return _npz(path)
    names, models, columns = _columns(path, ending)
    return _shaped(names, models, columns)


def _columns(path: Path, ending: str) -> tuple[list[str], list[str] | None, list[Any]]:
    """Return samples, models and the columns of numbers of a table."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if ending == ".csv":
            from pyarrow import csv

            kept = csv.ConvertOptions(
                column_types={SAMPLE: pa.string(), MODEL: pa.string()}, null_values=[""], strings_can_be_null=True
            )
            table = csv.read_csv(path, convert_options=kept)
        else:
            from pyarrow import parquet

            table = parquet.ParquetFile(path).read()
    except OSError:
        raise UsageError("NXT-001") from None
    except pa.ArrowException:
        raise CheckError("NXT-002", what="it is no table of equal rows") from None
    names = table.column_names
    if len(set(names)) != len(names) or names.count(SAMPLE) != 1:
        raise CheckError("NXT-002", what="it has no column named sample, or two of one name")
    numbers = [name for name in names if name not in (SAMPLE, MODEL)]
    if not numbers:
        raise CheckError("NXT-002", what="it has no column of numbers")
    made = []
    bad = np.zeros(table.num_rows, bool)
    for name in numbers:
        column = table.column(name)
        kind = column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
            raise CheckError("NXT-002", what="a column beside sample and model holds something else than numbers")
        found = pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy()
        bad |= ~np.isfinite(found)
        made.append(found)
    texts = [_texts(table.column(name)) for name in (SAMPLE, MODEL) if name in names]
    if bad.any():
        raise CheckError("NXT-005", count=int(bad.sum()))
    return texts[0], texts[1] if len(texts) > 1 else None, made


def _texts(column: Any) -> list[str]:
    import pyarrow as pa

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)) or column.null_count:
        raise CheckError("NXT-002", what="a row has no sample or no model, or a column of names holds no texts")
    found: list[str] = column.to_pylist()
    return found


def _shaped(names: Sequence[str], models: Sequence[str] | None, columns: Sequence[Any]) -> Table:
    import numpy as np

    if not names:
        raise CheckError("NXT-002", what="it has no rows")
    values = np.column_stack(columns)
    every = sorted(set(names))
    rows = {name: at for at, name in enumerate(every)}
    which = ["" for _ in names] if models is None else list(models)
    layers = {name: at for at, name in enumerate(sorted(set(which)))}
    made = np.full((len(layers), len(every), values.shape[1]), np.nan)
    seen = np.zeros((len(layers), len(every)), int)
    for at, (name, model) in enumerate(zip(names, which, strict=True)):
        place = layers[model], rows[name]
        seen[place] += 1
        made[place] = values[at]
    if (seen > 1).any():
        raise CheckError("NXT-006", count=int((seen > 1).any(0).sum()))
    if (seen == 0).any():
        raise CheckError("NXT-008", count=int((seen == 0).any(0).sum()))
    return Table(tuple(every), made)


def _npz(path: Path) -> Table:
    import numpy as np

    try:
        # Sizes are looked at before anything is inflated.
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_BYTES:
                raise CheckError("NXT-002", what="its arrays are larger than 8 GiB")
        with np.load(path, allow_pickle=False) as found:
            names, values = found["samples"], found["values"]
    except CheckError:
        raise
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, MemoryError):
        raise CheckError(
            "NXT-002", what="it has no arrays samples and values that are plain texts and numbers"
        ) from None
    except Exception:  # noqa: BLE001 - whatever a hostile archive does to its reader, nothing was read
        raise CheckError("NXT-002", what="it is broken") from None
    if names.dtype.kind != "U" or names.ndim != 1 or values.dtype.kind not in "fiu" or values.ndim not in (2, 3):
        raise CheckError("NXT-002", what="samples are no texts, or values no rows of numbers")
    cube = np.asarray(values[None] if values.ndim == 2 else values, dtype=np.float64)
    if not names.size or cube.shape[1] != names.size or not cube.shape[0] or not cube.shape[2]:
        raise CheckError("NXT-002", what="there are not as many rows of values as samples")
    wrong = int((~np.isfinite(cube)).any(axis=(0, 2)).sum())
    if wrong:
        raise CheckError("NXT-005", count=wrong)
    listed = names.tolist()
    if len(set(listed)) != len(listed):
        raise CheckError("NXT-006", count=len(listed) - len(set(listed)))
    order = np.argsort(names, kind="stable")
    return Table(tuple(listed[at] for at in order), cube[:, order])


def check_probabilities(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities that add up to 1 exactly.

    Parameters
    ----------
    values
        Models by samples by classes.

    Raises
    ------
    CheckError
        NXT-004 when some are outside of 0 to 1 or do not add up to 1 within :data:`SUM_SLACK`.
    """
    import numpy as np

    sums = values.sum(2)
    bad = (values < 0).any(2) | (values > 1).any(2) | (np.abs(sums - 1) > SUM_SLACK)
    if values.shape[2] < 2:
        bad |= True
    if bad.any():
        raise CheckError("NXT-004", count=int(bad.sum()))
    return np.asarray(values / sums[:, :, None])
