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
3. Give your confidence from 0 to 1.
"""
FINDINGS = ("lesion", "no lesion")


@dataclass(frozen=True)
class Reader:
    """A made-up person of the demo: id, printed name, role, specialty, years of experience."""

    id: str
    name: str
    role: str
    specialty: str
    years: int


REVIEWER = Reader("rev-okon", "Ottilie Okon (made up)", "reviewer", "radiology", 21)
READERS = (
    Reader("read-aber", "Alma Aberlund (made up)", "reader", "radiology", 7),
    Reader("read-birk", "Bo Birkwell (made up)", "reader", "radiology", 4),
    Reader("read-cosi", "Cosima Cosel (made up)", "reader", "nuclear-medicine", 12),
)


def opinions(samples: list[str], seed: int) -> dict[str, list[str]]:
    """Return each reader's finding for each sample: mostly one truth, now and then another opinion."""
    draw = random.Random(seed)  # noqa: S311 - made-up opinions, repeatable on purpose
    truth = [draw.choice(FINDINGS) for _ in samples]
    return {
        reader.id: [FINDINGS[1 - FINDINGS.index(one)] if draw.random() < 0.15 else one for one in truth]
        for reader in READERS
    }


def disagreements(made: dict[str, list[str]]) -> int:
    """Return the number of samples on which not all readers agree."""
    return sum(len(set(row)) > 1 for row in zip(*made.values(), strict=True))


def write_labels(folder: Path, samples: list[str], made: dict[str, list[str]], seed: int) -> dict[str, Path]:
    """Write each reader's labels, two as JSON Lines and one as CSV.

    Parameters
    ----------
    folder
        Where to.
    samples
        Paths under ``clean/``.
    made
        Findings by reader.
    seed
        For confidences.

    Returns
    -------
    dict
        Reader to file.
    """
    draw = random.Random(seed + 1)  # noqa: S311
    files = {}
    for place, reader in enumerate(READERS):
        rows = [
            {
                "labelId": f"{reader.id}-{number:03d}",
                "sample": sample,
                "kind": "finding",
                "value": finding,
                "author": reader.id,
                "labeledAt": f"2024-05-{6 + place:02d}T{9 + number // 60:02d}:{number % 60:02d}:00+02:00",
                "confidence": f"0.{draw.randrange(50, 100)}",
                "confidenceScale": "probability-0-1",
            }
            for number, (sample, finding) in enumerate(zip(samples, made[reader.id], strict=True))
        ]
        last = place == len(READERS) - 1
        path = folder / f"{reader.id}.{'csv' if last else 'jsonl'}"
        if last:
            text = io.StringIO(newline="")
            table = csv.DictWriter(text, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
            path.write_text(text.getvalue(), encoding="utf-8")
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        files[reader.id] = path
    return files
