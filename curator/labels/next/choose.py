"""Choose samples: by a score or by coverage, with a share drawn at random, the same way for the same seed.

Chance is HMAC-SHA-256 of the sample's digest under a key made of the seed: anyone who has the samples' digests and the
seed can draw again. The same order breaks ties.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curator.core.errors import CheckError, UsageError
from curator.core.hashing import keyed
from curator.labels.next.coverage import METHODS as COVERAGE
from curator.labels.next.coverage import cover
from curator.labels.next.read import Table, check_probabilities
from curator.labels.next.scores import SCORES
from curator.labels.signed import Barred
from curator.project.journal import Sample
from curator.project.series import Series, with_series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DOMAIN = "label-next"
NOTHING_BARRED = Barred()
#: Decimal places of a score; what differs less is a tie.
PLACES = 9


@dataclass(frozen=True)
class Wishes:
    """How to choose.

    Parameters
    ----------
    method
        Of :data:`SCORES` or :data:`COVERAGE`.
    count
        How many samples.
    share
        Of them at random, above 0 and at most 1; one at least.
    seed
        A whole number.
    again
        Also samples that have a label.
    skip_unknown
        Leave out samples that the project does not have, and count them.
    """

    method: str
    count: int
    share: float = 0.1
    seed: int = 1
    again: bool = False
    skip_unknown: bool = False

    def check(self) -> None:
        """Refuse wishes that cannot be (NXT-011)."""
        if not 1 <= self.count <= 1_000_000:
            raise UsageError("NXT-011", option="--count", why="it is not from 1 to a million")
        if not 0 < self.share <= 1:
            raise UsageError("NXT-011", option="--random", why="a share is above 0 and at most 1")
        if not 0 <= self.seed < 1 << 63:
            raise UsageError("NXT-011", option="--seed", why="it is no whole number from 0 on")


def randoms(count: int, share: float) -> int:
    """Return how many of some samples are drawn at random: the share rounded up, one at least."""
    return min(count, max(1, math.ceil(round(count * share, 9))))


def matched(
    table: Table, samples: Iterable[Sample], *, skip_unknown: bool
) -> tuple[list[tuple[int, Sample | Series]], int]:
    """Find the project's samples that a file names by clean path, new UID or ``sha256:`` and digest.

    An image series is a sample too, besides its images; the samples are sorted by path.

    Returns
    -------
    list of tuple, int
        Row and sample, in the order of the rows; and how many rows name no sample of the project.

    Raises
    ------
    CheckError
        NXT-003 for unknown samples unless they may be skipped, NXT-006 when two rows mean one sample.
    """
    known: dict[str, Sample | Series | None] = {}
    for sample in with_series(samples):
        for name in (sample.path, sample.uid, f"sha256:{sample.sha256}"):
            known[name] = None if name in known else sample
    rows: list[tuple[int, Sample | Series]] = []
    unknown = 0
    for at, name in enumerate(table.samples):
        found = known.get(name)
        if found is None:
            unknown += 1
        else:
            rows.append((at, found))
    if unknown and not skip_unknown:
        raise CheckError("NXT-003", count=unknown)
    twice = len(rows) - len({sample.path for _, sample in rows})
    if twice:
        raise CheckError("NXT-006", count=twice)
    return rows, unknown


def choose(
    table: Table,
    samples: Iterable[Sample],
    labeled: Mapping[str, str],
    wishes: Wishes,
    advance: Callable[[int], None] = lambda _: None,
    barred: Barred = NOTHING_BARRED,
) -> dict[str, Any]:
    """Choose what to label next.

    Parameters
    ----------
    table
        Predictions or embeddings.
    samples
        Every sample of the project.
    labeled
        Clean path of each sample that has a label, to its file's digest.
    wishes
        How.
    advance
        Called with the number of samples chosen.
    barred
        Samples that may be handed out no more; they are left out and counted.

    Returns
    -------
    dict
        The document of schemas/label-worklist.schema.json.

    Raises
    ------
    UsageError
        NXT-007, NXT-011.
    CheckError
        NXT-003, NXT-004, NXT-006, NXT-009.
    """
    import numpy as np

    wishes.check()
    values = table.values
    if wishes.method in SCORES:
        values = check_probabilities(values)
    elif values.shape[0] != 1:
        raise UsageError("NXT-007", method=wishes.method, what="embeddings by one model")
    rows, unknown = matched(table, samples, skip_unknown=wishes.skip_unknown)
    total = len(rows)
    rows = [(at, sample) for at, sample in rows if barred.why_not(sample) is None]
    done = [at for at, sample in rows if labeled.get(sample.path) == sample.sha256]
    held = set() if wishes.again else set(done)
    left = [(at, sample) for at, sample in rows if at not in held]
    if not left:
        raise CheckError("NXT-009")
    key = hashlib.sha256(f"{DOMAIN} {wishes.seed}".encode()).digest()
    drawn = {at: keyed(key, DOMAIN, bytes.fromhex(sample.sha256), sample.path.encode()) for at, sample in left}
    left.sort(key=lambda one: drawn[one[0]])
    count = min(wishes.count, len(left))
    # An order that the seed fixes: the first ones are the random share, and ties go by it.
    by_chance = randoms(count, wishes.share)
    chance, rest = left[:by_chance], left[by_chance:]
    places = [at for at, _ in rest]
    wanted = count - by_chance
    if wishes.method in SCORES:
        scores = np.round(SCORES[wishes.method](values), PLACES)
        # Ties go by the order of the draw, in which the rows stand already.
        order = np.argsort(-scores[places], kind="stable")[:wanted]
        chosen = [(rest[at][1], _score(scores[rest[at][0]])) for at in order]
        told = [(sample, _score(scores[at])) for at, sample in chance]
        advance(count)
    else:
        chosen, told = _covered(values[0], sorted(held), chance, rest, wishes, key, wanted, advance)
    counts = {
        "rows": len(table.samples),
        "unknown": unknown,
        "barred": total - len(rows),
        "labeled": len(held),
        "candidates": len(left),
    }
    return _document(wishes, table, _mixed(_entries(chosen, wishes.method), _entries(told, "random")), counts)


def _mixed(chosen: list[dict[str, Any]], chance: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return both in one list, the random ones evenly among the others: whoever stops early has done some of both."""
    total = len(chosen) + len(chance)
    places = {(2 * number + 1) * total // (2 * len(chance)): one for number, one in enumerate(chance)}
    others = iter(chosen)
    return [places[at] if at in places else next(others) for at in range(total)]


def _covered(
    points: NDArray[np.float64],
    done: list[int],
    chance: list[tuple[int, Sample | Series]],
    rest: list[tuple[int, Sample | Series]],
    wishes: Wishes,
    key: bytes,
    wanted: int,
    advance: Callable[[int], None],
) -> tuple[list[tuple[Sample | Series, float | None]], list[tuple[Sample | Series, float | None]]]:
    """Return samples that cover what neither labels nor the random ones do, with their distances.

    Samples that are to be labeled again cover nothing: all of them would be at no distance from themselves.
    """
    import numpy as np

    scale = float(np.abs(points).max()) or 1.0
    points = points / scale
    known = points[[*done, *(at for at, _ in chance)]]
    draws = None
    if wishes.method == "k-means-pp":

        def draws(number: int) -> float:
            part = keyed(key, f"{DOMAIN}-draw", number.to_bytes(8, "big"))
            return int.from_bytes(part[:7], "big") / 2**56

    found = cover(points[[at for at, _ in rest]], known, wanted, range(len(rest)), draws, advance)
    chosen = [(rest[at][1], _score(distance * scale)) for at, distance in found]
    advance(len(chance))
    return chosen, [(sample, None) for _, sample in chance]


def _score(value: Any) -> float | None:
    made = float(value)
    return round(made, PLACES) + 0.0 if math.isfinite(made) else None


def _entries(found: list[tuple[Sample | Series, float | None]], reason: str) -> list[dict[str, Any]]:
    return [
        {"sample": one.path, "uid": one.uid, "sha256": one.sha256, "reason": reason, "score": score}
        for one, score in found
    ]


def _document(wishes: Wishes, table: Table, entries: list[dict[str, Any]], counts: dict[str, int]) -> dict[str, Any]:
    chance = sum(one["reason"] == "random" for one in entries)
    return {
        "method": wishes.method,
        "seed": wishes.seed,
        "share": wishes.share,
        "models": int(table.values.shape[0]),
        "columns": int(table.values.shape[2]),
        **counts,
        "chosen": len(entries),
        "random": chance,
        "worklist": [{"rank": number, **one} for number, one in enumerate(entries, 1)],
    }


METHODS = (*SCORES, *COVERAGE)
