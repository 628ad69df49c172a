"""What names a consensus: its method in full, the digest of it, and the ids of the labels that it comes to."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from curator.core.canonical import canonical_bytes
from curator.labels.checks import plain
from curator.labels.values import settled

if TYPE_CHECKING:
    from curator.labels.consensus.deciding import Decision, Found, Options

_LETTERS = "bcdfghjklmnpqrst"


def settings_of(options: Options) -> str:
    """Return the SHA-256 (hex) of the settings, as labels and report name them."""
    text = json.dumps(method_document(options), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def consensus_id(decision: Decision, number: int, found: Found, settings: str) -> str:
    """Return the id of a label: a digest of question, members, settings and value in letters that make no word.

    The same opinions come to the same id, so that a second run signs nothing twice; other opinions come to another.
    """
    said = {
        "sample": decision.unit.sample.uid,
        "part": decision.unit.part,
        "question": decision.unit.question.text,
        "number": number,
        "method": decision.method,
        "settings": settings,
        "members": sorted(one.signed.leaf for one in found.members),
        "value": plain(settled(found.value)),
    }
    digest = hashlib.sha256(canonical_bytes(said)).hexdigest()[:24]
    return "consensus-" + "".join(_LETTERS[int(mark, 16)] for mark in digest)


def method_document(options: Options) -> dict[str, Any]:
    """Return how it was decided, with every number that matters."""
    return {
        "classes": options.method,
        "masks": options.mask_method,
        "boxes": "box-fusion",
        "shapes": "shape-fusion",
        "tracks": "track-fusion",
        "spans": "span-vote",
        "relations": "relation-vote",
        "measurements": "median",
        "weights": dict(sorted(options.weights.items())),
        "leastReaders": options.least_readers,
        "leastShare": options.least_share,
        "leastProbability": options.least_probability,
        "iou": options.iou,
        "leastDice": options.least_dice,
        "within": options.within,
        "spread": options.spread,
    }
