"""Five faults of readers, each looked for by one test of its own, with the chance of a false alarm shared among them.

rubber-stamping
    A reader keeps proposals that most others changed: exact binomial test against half of them, over all reads and over
    the last third, Holm over readers.
guideline-drift
    Everyone's classes change from some week on, once readers, groups and proposals are taken into account.
drifting-reader
    One reader's classes change against those of the others who read the same units.
swapped-readers
    From some week on two readers' ways (classes against others, time taken) are each other's.
copying-pair
    Of three readers of a unit two agree, and the third is alone too often for the two to have read by themselves:
    Rasch's conditional model of who is alone (G. Rasch, 1960; E. B. Andersen, 1970), by class, held against itself.

A test that lacks what it needs says so; that is never a pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from curator.labels.agreement.model import Bools, Floats, Ints
from curator.labels.quality import blocks
from curator.labels.quality.reads import MISSING, Reads, week_name
from curator.labels.quality.tails import binomial_below

RUBBER, GUIDE, DRIFT, SWAP, COPY = (
    "rubber-stamping",
    "guideline-drift",
    "drifting-reader",
    "swapped-readers",
    "copying-pair",
)
FAULTS = (RUBBER, GUIDE, DRIFT, SWAP, COPY)
#: What each test gets of the chance of a false alarm; the hardest to see gets most. Some of it is kept back, since
#: weeks are not quite exchangeable and the model of who is alone is not quite right.
SHARES = {RUBBER: 0.1, GUIDE: 0.15, DRIFT: 0.15, SWAP: 0.3, COPY: 0.12}
#: Random orders of weeks, and random readers to be alone.
DRAWS = 999
#: A reader who keeps at most this share of the proposals that others changed is no rubber stamp.
MOST_KEPT = 0.5
MIN_WEEKS = 6
#: Cases of others' classes and proposals are told apart while so many reads fall on each, on average.
READS_A_CASE = 40
#: Median of chi-square with one degree of freedom (B. Devlin and K. Roeder, Biometrics 55, 1999: genomic control).
MEDIAN_SQUARE = 0.4549
MIN_SPLITS = 30
MIN_COPYING = 5


@dataclass(frozen=True)
class Outcome:
    """What a test says.

    Parameters
    ----------
    fault
        Of :data:`FAULTS`.
    p
        P-value; None when it could not be looked for.
    found
        True, False, or None when it could not be looked for.
    readers
        Whom it is about.
    since
        First week after the change, where there is one.
    effect
        In the words of `what`: a share, a difference, a ratio.
    what
        What `effect` is, or why nothing could be looked for.
    """

    fault: str
    p: float | None
    found: bool | None
    readers: tuple[str, ...] = ()
    since: str | None = None
    effect: float | None = None
    what: str = ""

    def document(self) -> dict[str, object]:
        """Return it as the report has it."""
        return {
            "fault": self.fault,
            "p": self.p,
            "found": self.found,
            "readers": list(self.readers),
            "since": self.since,
            "effect": self.effect,
            "what": self.what,
        }


def look_for_faults(reads: Reads, *, alarm: float = 0.05, seed: int = 1, draws: int = DRAWS) -> list[Outcome]:
    """Look for all faults.

    Parameters
    ----------
    reads
        Reads of units that several people read.
    alarm
        Chance of any false alarm, shared among the five tests by :data:`SHARES` (Bonferroni).
    seed
        Where the random numbers begin; each test has its own row of them.
    draws
        Random orders a test.
    """
    tests: dict[str, Callable[[Reads, np.random.Generator, int], Outcome]] = {
        RUBBER: _rubber,
        GUIDE: _guideline,
        DRIFT: _drifting,
        SWAP: _swapped,
        COPY: _copying,
    }
    made = []
    for name, test in tests.items():
        digest = hashlib.sha256(name.encode()).digest()
        one = test(reads, np.random.default_rng([seed, *digest[:8]]), draws)
        found = None if one.p is None else one.p <= alarm * SHARES[name]
        named = one.readers if found else ()
        made.append(Outcome(name, one.p, found, named, one.since if found else None, one.effect, one.what))
    return made


def _lacking(fault: str, why: str) -> Outcome:
    return Outcome(fault, None, None, what=why)


# -- others' reads of the same unit -----------------------------------------------------------------------------------


def _one_hot(reads: Reads) -> Floats:
    made = np.zeros((len(reads), len(reads.value.names)))
    made[np.arange(len(reads)), reads.value.codes] = 1
    return made


def _against_others(reads: Reads) -> tuple[Floats, Bools]:
    """Return each read's class and how far it differs, less what is usual; and which reads have others.

    Usual is what all readers gave where the others of the unit, and the proposal, were the same. Where there are too
    many such cases for that, the others' shares stand for it.
    """
    own = _one_hot(reads)
    units = int(reads.unit.max()) + 1
    sums = np.stack([np.bincount(reads.unit, one, units) for one in own.T], axis=1)
    count = np.bincount(reads.unit, minlength=units)[reads.unit] - 1
    others = (sums[reads.unit] - own) / np.maximum(count, 1)[:, None]
    differs = 1 - (others * own).sum(1)
    keys = sums[reads.unit] - own
    if reads.proposal is not None:
        keys = np.column_stack([keys, reads.proposal])
    case = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    size = np.bincount(case)
    if len(size) * READS_A_CASE > len(reads):
        return np.column_stack([own - others, differs]), count > 0
    signal = np.column_stack([own, differs])
    usual = np.stack([np.bincount(case, one) for one in signal.T], axis=1) / size[:, None]
    return signal - usual[case], count > 0


def _weeks(reads: Reads) -> tuple[Ints, Ints] | None:
    if reads.week is None:
        return None
    names, block = np.unique(reads.week, return_inverse=True)
    return (names, block.astype(np.int64)) if len(names) >= MIN_WEEKS else None


# -- the tests --------------------------------------------------------------------------------------------------------


def _rubber(reads: Reads, _rng: np.random.Generator, _draws: int) -> Outcome:
    if reads.changed is None or not (reads.changed != MISSING).any():
        return _lacking(RUBBER, "it is not known whether proposals were changed")
    shown = reads.changed != MISSING
    units = int(reads.unit.max()) + 1
    moved = np.bincount(reads.unit[shown], reads.changed[shown], units)[reads.unit] - np.where(shown, reads.changed, 0)
    others = np.bincount(reads.unit[shown], minlength=units)[reads.unit] - shown
    judged = shown & (others > 0) & (2 * moved > others)
    if not judged.any():
        return _lacking(RUBBER, "no proposal was changed by most of the others")
    tests: list[tuple[float, int, float]] = []
    for who in range(len(reads.reader.names)):
        mine = np.flatnonzero(judged & (reads.reader.codes == who))
        if reads.day is not None:
            mine = mine[np.argsort(reads.day[mine], kind="stable")]
        for part in (mine, mine[2 * len(mine) // 3 :]):
            kept = int((reads.changed[part] == 0).sum())
            if len(part):
                p = 1 - binomial_below(kept - 1, len(part), MOST_KEPT)
                tests.append((p, who, kept / len(part)))
    p, who, share = min(tests)
    return Outcome(
        RUBBER,
        min(1.0, p * len(tests)),
        None,
        (reads.reader.names[who],),
        None,
        share,
        "share of the proposals that most others changed which this reader kept",
    )


def _guideline(reads: Reads, rng: np.random.Generator, draws: int) -> Outcome:
    weeks = _weeks(reads)
    if weeks is None:
        return _lacking(GUIDE, f"times over at least {MIN_WEEKS} weeks are needed")
    names, block = weeks
    signal: Floats = _one_hot(reads)
    factors = [reads.reader.codes, *(one.codes for name, one in reads.groups.items() if name != "guideline")]
    if reads.proposal is not None:
        factors.append(reads.proposal + 1)
    for _ in range(4):
        for codes in factors:
            level = np.stack([np.bincount(codes, one) for one in signal.T], axis=1)
            signal = np.asarray(signal - level[codes] / np.maximum(np.bincount(codes), 1)[codes][:, None], np.float64)
    # A unit counts once, in the week of its first read, with the mean of its reads.
    units = int(reads.unit.max()) + 1
    count = np.maximum(np.bincount(reads.unit, minlength=units), 1)
    mean: Floats = np.stack([np.bincount(reads.unit, one, units) for one in signal.T], axis=1) / count[:, None]
    first: Ints = np.full(units, len(names), np.int64)
    np.minimum.at(first, reads.unit, block)
    here = first < len(names)
    made = blocks.in_blocks(np.zeros(int(here.sum()), np.int64), 1, first[here], len(names), mean[here])
    order = blocks.orders(len(names), draws, rng)
    seen = np.abs(blocks.differences(made.sums, made.counts, made.variance))[0]
    drawn = np.abs(blocks.differences(made.sums[0][order], made.counts[0][order], made.variance)).max((1, 2))
    split, column = np.unravel_index(int(seen.argmax()), seen.shape)
    before, after, _ = blocks.sides(made.sums, made.counts)
    effect = float((after - before)[0, split, column])
    what = f"change of the share of {reads.value.names[column]}"
    return Outcome(GUIDE, blocks.tail(float(seen.max()), drawn), None, (), week_name(names[split + 1]), effect, what)


def _drifting(reads: Reads, rng: np.random.Generator, draws: int) -> Outcome:
    weeks = _weeks(reads)
    signal, paired = _against_others(reads)
    if weeks is None or not paired.any():
        return _lacking(DRIFT, f"units read by two or more over at least {MIN_WEEKS} weeks are needed")
    names, block = weeks
    many = len(reads.reader.names)
    made = blocks.in_blocks(reads.reader.codes[paired], many, block[paired], len(names), signal[paired])
    seen = np.abs(blocks.differences(made.sums, made.counts, made.variance))
    top = np.zeros(draws)
    for who in range(many):
        order = blocks.orders(len(names), draws, rng)
        own = np.abs(blocks.differences(made.sums[who][order], made.counts[who][order], made.variance[who]))
        top = np.maximum(top, own.max((1, 2)))
    worst, split, column = np.unravel_index(int(seen.argmax()), seen.shape)
    before, after, _ = blocks.sides(made.sums, made.counts)
    effect = float((after - before)[worst, split, column])
    labels = [*(f"share of {name} against others" for name in reads.value.names), "share that differs from others"]
    return Outcome(
        DRIFT,
        blocks.tail(float(seen.max()), top),
        None,
        (reads.reader.names[int(worst)],),
        week_name(names[split + 1]),
        effect,
        f"change of the {labels[column]}",
    )


def _swapped(reads: Reads, rng: np.random.Generator, draws: int) -> Outcome:
    weeks = _weeks(reads)
    signal, paired = _against_others(reads)
    many = len(reads.reader.names)
    if weeks is None or many < 2 or not paired.any():
        return _lacking(SWAP, f"two readers of the same units over at least {MIN_WEEKS} weeks are needed")
    if reads.seconds is not None and np.isfinite(reads.seconds).all():
        signal = np.column_stack([signal, np.log(reads.seconds)])
    if reads.changed is not None:
        signal = np.column_stack([signal, reads.changed == 1])
    names, block = weeks
    signal = _whitened(signal[paired], reads.reader.codes[paired])
    made = blocks.in_blocks(reads.reader.codes[paired], many, block[paired], len(names), signal)
    sums, variance = made.sums, made.variance
    one, two = np.triu_indices(many, 1)
    seen = _exchange(sums, made.counts, variance, one, two)
    # One order of the weeks for all readers, so that what moved everybody stays what moved everybody.
    order = blocks.orders(len(names), draws, rng)
    drawn = np.empty(draws)
    for at in range(draws):
        drawn[at] = _exchange(sums[:, order[at]], made.counts[:, order[at]], variance, one, two).max()
    pair, split = np.unravel_index(int(seen.argmax()), seen.shape)
    who = (reads.reader.names[one[pair]], reads.reader.names[two[pair]])
    return Outcome(
        SWAP,
        blocks.tail(float(seen.max()), drawn),
        None,
        who,
        week_name(names[split + 1]),
        float(seen.max()),
        "logarithm of the ratio of likelihoods",
    )


def _whitened(signal: Floats, reader: Ints) -> Floats:
    """Return signals that do not hang together within readers, each of variance 1."""
    size = np.maximum(np.bincount(reader), 1)
    mean = np.stack([np.bincount(reader, one) for one in signal.T], axis=1) / size[:, None]
    inside = signal - mean[reader]
    values, vectors = np.linalg.eigh(inside.T @ inside / len(signal))
    kept = values > 1e-9
    return np.asarray(signal @ (vectors[:, kept] / np.sqrt(values[kept])), np.float64)


def _exchange(sums: Floats, counts: Floats, variance: Floats, one: Ints, two: Ints) -> Floats:
    """Return how much better two readers fit as exchanged at each split than as they are, shape (pairs, blocks - 1).

    Of normal means with known variance this is the logarithm of the ratio of likelihoods: the ways in which they differ
    before, times those in which they differ the other way round afterwards, by their precision.
    """
    before, after, fits = blocks.sides(sums, counts)
    n = np.cumsum(counts, -1)
    with np.errstate(divide="ignore"):
        share = 1 / n[:, :-1] + 1 / (n[:, -1:] - n[:, :-1])
    spread = variance[:, None, :] * share[..., None]
    apart, later = before[two] - before[one], after[two] - after[one]
    with np.errstate(divide="ignore", invalid="ignore"):
        better = -(apart * later / np.maximum(spread[one] + spread[two], 1e-12)).sum(-1)
    return np.asarray(np.where(fits[one] & fits[two], np.nan_to_num(better), 0.0))


# -- copying ----------------------------------------------------------------------------------------------------------


def _copying(reads: Reads, rng: np.random.Generator, draws: int) -> Outcome:
    if len(np.unique(reads.reader.codes)) < MIN_COPYING:
        # Of so few nobody can tell a pair that copies from a third who is odd.
        return _lacking(COPY, f"{MIN_COPYING} readers are needed")
    trios, alone, given = _splits(reads, rng)
    if len(trios) < MIN_SPLITS:
        return _lacking(COPY, f"{MIN_SPLITS} units on which two of three readers agree against the third are needed")
    many = len(reads.reader.names)
    weight = _rasch(trios, alone, given, many, int(given.max()) + 1)
    w = weight[trios, given[:, None]]
    chance = w / w.sum(1, keepdims=True)
    seen, pairs = _pair_scores(trios, alone, chance, many)
    drawn = np.empty(draws)
    cumulated = np.cumsum(chance, 1)
    for at in range(draws):
        other = (rng.random(len(trios))[:, None] > cumulated[:, :2]).sum(1)
        drawn[at] = _pair_scores(trios, other, chance, many)[0].max()
    best = int(seen.argmax())
    a, b = divmod(int(pairs[best]), many)
    mine = (trios == a).any(1) & (trios == b).any(1)
    third = ~((trios[np.arange(len(trios)), alone] == a) | (trios[np.arange(len(trios)), alone] == b))
    effect = float(third[mine].mean()) if mine.any() else 0.0
    return Outcome(
        COPY,
        blocks.tail(float(seen.max()), drawn),
        None,
        (reads.reader.names[a], reads.reader.names[b]),
        None,
        effect,
        "share of split units of both in which the third reader is alone",
    )


def _splits(reads: Reads, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return the units on which two of three agree: readers, shape (units, 3), who is alone, and in which case.

    A case is the class that the one who is alone gave, and who of them kept the proposal: the one, the two, or nobody.
    Readers who trust proposals agree on them without having seen each other. Of units with more reads three drawn by
    chance count, so that no pair of reads is counted twice and none is never looked at.
    """
    order = np.lexsort((reads.reader.codes, reads.unit))
    if int(np.bincount(reads.unit).max(initial=0)) > 3:
        drawn = np.lexsort((rng.random(len(reads.unit)), reads.unit))
        begins = np.flatnonzero(np.diff(reads.unit[drawn], prepend=-1))
        rank = np.arange(len(drawn)) - np.repeat(begins, np.diff(begins, append=len(drawn)))
        kept = np.zeros(len(drawn), np.bool_)
        kept[drawn[rank < 3]] = True
        order = order[kept[order]]
    unit, reader, value = reads.unit[order], reads.reader.codes[order], reads.value.codes[order]
    fresh = np.flatnonzero(np.diff(unit, prepend=-1))
    size = np.diff(fresh, append=len(unit))
    start = fresh[size >= 3]
    trios = np.stack([reader[start], reader[start + 1], reader[start + 2]], axis=1)
    classes = np.stack([value[start], value[start + 1], value[start + 2]], axis=1)
    same = np.stack(
        [classes[:, 1] == classes[:, 2], classes[:, 0] == classes[:, 2], classes[:, 0] == classes[:, 1]], axis=1
    )
    apart = (same.sum(1) == 1) & (trios[:, 0] != trios[:, 1]) & (trios[:, 1] != trios[:, 2])
    alone = same[apart].argmax(1)
    rows = np.arange(int(apart.sum()))
    given, two = classes[apart][rows, alone], classes[apart][rows, (alone + 1) % 3]
    if reads.proposal is None:
        return trios[apart], alone, given
    shown = reads.proposal[order][start][apart]
    return trios[apart], alone, 3 * given + np.where(shown == given, 1, np.where(shown == two, 2, 0))


def _rasch(trios: Ints, alone: Ints, given: Ints, many: int, classes: int) -> Floats:
    """Fit how easily each reader is alone with each class (D. R. Hunter's MM steps, Annals of Statistics 32, 2004)."""
    weight = np.ones((many, classes))
    wins = np.full((many, classes), 0.5)
    np.add.at(wins, (trios[np.arange(len(trios)), alone], given), 1)
    for _ in range(60):
        w = weight[trios, given[:, None]]
        total = np.full((many, classes), 0.5)
        np.add.at(total, (trios, given[:, None]), (1 / w.sum(1))[:, None])
        weight = wins / total
        weight = weight / np.exp(np.log(weight).mean(0))
    return weight


def _pair_scores(trios: Ints, alone: Ints, chance: Floats, many: int) -> tuple[Floats, Ints]:
    """Return for each pair how often its third reader was alone, less what is expected, in standard deviations."""
    size = many * many
    hits, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for third in range(3):
        a, b = trios[:, (third + 1) % 3], trios[:, (third + 2) % 3]
        place = np.minimum(a, b) * many + np.maximum(a, b)
        p = chance[:, third]
        hits += np.bincount(place, alone == third, size)
        mean += np.bincount(place, p, size)
        spread += np.bincount(place, p * (1 - p), size)
    there = np.flatnonzero(spread > 0)
    score = (hits[there] - mean[there]) / np.sqrt(spread[there] + 0.25)
    # What the model does not know moves all pairs; one pair that copies hardly moves their median.
    wide = max(1.0, float(np.median(score * score)) / MEDIAN_SQUARE)
    return score / np.sqrt(wide), there
