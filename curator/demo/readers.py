"""Three made-up readers who label de-identified images and sometimes disagree. Their opinions mean nothing."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path

GUIDELINE = """Guideline "lesions", version 1.0 (made up for the demo)

1. Look at the whole image.
2. Say "lesion" if you would report one, else "no lesion".
3. Draw a box around the lesion.
4. Give your confidence from 0 to 1.
"""
FINDINGS = ("lesion", "no lesion")
#: On each such image one reader is of another opinion.
DIFFERS_EACH = 8


@dataclass(frozen=True)
class Reader:
    """A made-up person of the demo: id, printed name, role, specialty, years of experience."""

    id: str
    name: str
    role: str
    specialty: str
    years: int


REVIEWER = Reader("rev-okon", "Ottilie Okon (made up)", "reviewer", "radiology", 21)
ADJUDICATOR = Reader("adj-dorn", "Dagny Dornfeld (made up)", "adjudicator", "radiology", 17)
READERS = (
    Reader("read-aber", "Alma Aberlund (made up)", "reader", "radiology", 7),
    Reader("read-birk", "Bo Birkwell (made up)", "reader", "radiology", 4),
    Reader("read-cosi", "Cosima Cosel (made up)", "reader", "nuclear-medicine", 12),
)


@dataclass(frozen=True)
class Image:
    """A clean image that is read: its path below the project, its width and height in pixels."""

    path: str
    width: int
    height: int


def opinions(count: int, seed: int) -> dict[str, list[str]]:
    """Return each reader's finding for each of ``count`` images: one truth, and on every eighth one other opinion.

    The share is fixed, so that agreement stays above the audit's threshold whichever patients the images are of.
    """
    draw = random.Random(seed)  # noqa: S311 - made-up opinions, repeatable on purpose
    truth = [draw.choice(FINDINGS) for _ in range(count)]
    made = {reader.id: list(truth) for reader in READERS}
    for number in range(0, count, DIFFERS_EACH):
        reader = READERS[(number // DIFFERS_EACH) % len(READERS)].id
        made[reader][number] = FINDINGS[1 - FINDINGS.index(truth[number])]
    return made


def disagreements(made: dict[str, list[str]]) -> int:
    """Return the number of images on which not all readers agree."""
    return sum(len(set(row)) > 1 for row in zip(*made.values(), strict=True))


def write_labels(
    folder: Path, images: list[Image], made: dict[str, list[str]], seed: int
) -> dict[str, tuple[Path, list[str]]]:
    """Write each reader's labels, two as JSON Lines and one as CSV: a class for every image, a box for a lesion.

    Parameters
    ----------
    folder
        Where to.
    images
        What is read.
    made
        Findings by reader.
    seed
        For confidences and boxes.

    Returns
    -------
    dict
        Reader to file and ids of labels.
    """
    draw = random.Random(seed + 1)  # noqa: S311
    files = {}
    for place, reader in enumerate(READERS):
        rows = []
        for number, (image, finding) in enumerate(zip(images, made[reader.id], strict=True)):
            common = {
                "sample": image.path,
                "author": reader.id,
                "labeledAt": f"2026-05-{6 + place:02d}T{9 + number // 60:02d}:{number % 60:02d}:00+02:00",
                "confidence": f"0.{draw.randrange(50, 100)}",
                "confidenceScale": "probability-0-1",
                "stage": "read",
                "origin": "human",
            }
            name = f"{reader.id}-{number:03d}"
            rows.append({"labelId": name, "kind": "class", "value": {"class": finding}, **common})
            if finding == FINDINGS[0]:
                box = {"class": finding, "box": _box(image, number, draw)}
                rows.append({"labelId": f"{name}-box", "kind": "box", "value": box, **common})
        ids = [str(row["labelId"]) for row in rows]
        last = place == len(READERS) - 1
        path = folder / f"{reader.id}.{'csv' if last else 'jsonl'}"
        if last:
            text = io.StringIO(newline="")
            table = csv.DictWriter(text, [name if name != "value" else "valueJson" for name in rows[0]])
            table.writeheader()
            for row in rows:
                value = json.dumps(row.pop("value"))
                table.writerow({**row, "valueJson": value})
            path.write_text(text.getvalue(), encoding="utf-8")
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        files[reader.id] = (path, ids)
    return files


def _box(image: Image, number: int, draw: random.Random) -> list[int]:
    """Return x, y, width and height of a box that lies about where the other readers drew theirs."""
    shifts = [draw.uniform(-0.04, 0.04) for _ in range(4)]
    place = (0.25 + 0.05 * (number % 5), 0.3 + 0.05 * (number % 3), 0.3, 0.25)
    sides = (image.width, image.height, image.width, image.height)
    return [max(1, round((at + shift) * side)) for at, shift, side in zip(place, shifts, sides, strict=True)]
