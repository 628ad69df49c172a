"""All coefficients of one set of ratings, with intervals, as a part of the report.

Every kappa stands beside AC1 and the prevalence of its classes, since kappa alone misleads when classes are rare.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from curator.core.errors import CheckError
from curator.labels.agreement import coefficients as c
from curator.labels.agreement import icc
from curator.labels.agreement.light import sampled_means
from curator.labels.agreement.measured import alpha_measured
from curator.labels.agreement.model import MAX_CLASSES, Floats, Ratings, distinct
from curator.labels.agreement.pairs import Pair, cells_of, cohen_kappa, indices, margins, pairs
from curator.labels.agreement.patterns import Patterns, as_floats, patterns
from curator.labels.agreement.resample import Estimate, Sampling, draws, estimate, generator, grouped
from curator.labels.agreement.sums import Scheme, Sums, sums

Document = dict[str, Any]
#: More pairs of readers than this are not listed; the mean of Cohen's kappa over them is.
MAX_PAIRS = 1000
_LONG = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Plan:
    """How a report is computed.

    Parameters
    ----------
    scheme
        How classes are compared; None for measurements with more values than can be classes.
    scale
        nominal, ordinal, interval or ratio.
    sampling
        How intervals are made.
    """

    scheme: Scheme | None
    scale: str
    sampling: Sampling = field(default_factory=Sampling)


def block(ratings: Ratings, plan: Plan, *names: str) -> Document:
    """Compute the part of the report for one set of ratings.

    Parameters
    ----------
    ratings
        At most one rating by each reader of each unit; classes are those of the whole table, given or not.
    names
        What part it is, for the random numbers.

    Raises
    ------
    CheckError
        AGR-012 when there is one reader, AGR-013 when no unit was rated twice.
    """
    sizes = np.bincount(ratings.unit)
    sizes = sizes[sizes > 0]
    readers = len(distinct(ratings.reader.codes))
    if readers < 2:
        raise CheckError("AGR-012")
    if not (sizes >= 2).any():
        raise CheckError("AGR-013")
    out: Document = {
        "ratings": len(ratings),
        "units": len(sizes),
        "pairable_units": int((sizes >= 2).sum()),
        "readers": readers,
    }
    if plan.scheme is None:
        point, samples = alpha_measured(ratings, plan.scale, plan.sampling, *names, "alpha")
        measures = {"krippendorff_alpha": estimate(point, samples, plan.sampling.level)}
        out["classes"] = []
    else:
        measures, out["classes"] = _classes(ratings, plan, plan.scheme, names)
    if plan.scale in {"interval", "ratio"}:
        full, out["icc_units"] = _icc(ratings, plan, names)
        measures.update(full)
    seen = ratings.value.codes[np.bincount(ratings.unit)[ratings.unit] >= 2]
    out["all_equal"] = bool(seen.min() == seen.max())
    out["measures"] = {name: one.document() for name, one in measures.items()}
    return out


def pair_blocks(ratings: Ratings, plan: Plan) -> list[Document] | None:
    """Compute kappa, AC1 and the like of every pair of readers; None when there are too many or no classes."""
    found = pairs(ratings) if plan.scheme is not None else None
    if found is None or plan.scheme is None or len(found) > MAX_PAIRS:
        return None
    return [_pair(one, ratings, plan, plan.scheme) for one in found]


def _classes(
    ratings: Ratings, plan: Plan, scheme: Scheme, names: tuple[str, ...]
) -> tuple[dict[str, Estimate], list[Document]]:
    together = ratings.cluster is not None
    counted = patterns(ratings.unit, ratings.value.codes, len(ratings.value.names), kinds=together)
    point = sums(counted, as_floats(counted), scheme)
    drawn = _drawn(ratings, counted, plan.sampling, scheme, names)
    measures = _between(point, drawn, plan, scheme)
    measures.update(_light(ratings, plan, scheme, names))
    return measures, _by_class(point, drawn, ratings.value.names, plan.sampling)


def _drawn(
    ratings: Ratings, counted: Patterns, sampling: Sampling, scheme: Scheme, names: tuple[str, ...]
) -> Sums | None:
    if not sampling.samples:
        return None
    together = None
    if counted.kind is not None:
        together = grouped(ratings, distinct(ratings.unit), counted.kind)
    drawn = draws(counted.frequency, sampling, generator(sampling, *names), together)
    made = [sums(counted, some, scheme) for some in drawn]
    return Sums.joined(made) if made else None


def _between(point: Sums, drawn: Sums | None, plan: Plan, scheme: Scheme) -> dict[str, Estimate]:
    made: dict[str, Callable[[Sums], Floats]] = {
        "percent_agreement": c.percent_agreement,
        "gwet_ac1": c.ac1,
        "fleiss_kappa": c.fleiss_kappa,
        "krippendorff_alpha": lambda s: c.alpha(s, scheme),
        "brennan_prediger": c.brennan_prediger,
    }
    if _weighted(scheme):
        made["weighted_agreement"] = c.weighted_agreement
        made["gwet_ac2"] = lambda s: c.ac2(s, scheme)
        made["weighted_fleiss_kappa"] = lambda s: c.weighted_fleiss_kappa(s, scheme)
    level = plan.sampling.level
    return {name: estimate(of(point), None if drawn is None else of(drawn), level) for name, of in made.items()}


def _weighted(scheme: Scheme) -> bool:
    return not np.array_equal(scheme.weights, np.eye(len(scheme.weights)))


def _light(ratings: Ratings, plan: Plan, scheme: Scheme, names: tuple[str, ...]) -> dict[str, Estimate]:
    """Compute Cohen's kappa of the one pair, or of several pairs their mean (Light), with intervals."""
    found = pairs(ratings)
    if not found:
        return {}
    kinds = {"cohen_kappa": np.eye(len(scheme.weights))}
    if _weighted(scheme):
        kinds["weighted_cohen_kappa"] = scheme.weights
    if len(found) == 1:
        return {name: _kappa(ratings, found[0], made, plan.sampling, *names, name) for name, made in kinds.items()}
    drawn = sampled_means(ratings, found, kinds, plan.sampling, *names)
    out = {}
    for name, agreement in kinds.items():
        mean = np.mean([cohen_kappa(one, _once(one), agreement) for one in found], axis=0)
        out[name] = estimate(mean, None if drawn is None else drawn[name], plan.sampling.level)
    return out


def _once(pair: Pair) -> Floats:
    return pair.frequency.astype(np.float64)[None, :]


def _pair_draws(ratings: Ratings, pair: Pair, sampling: Sampling, *names: str) -> list[Floats]:
    together = grouped(ratings, *cells_of(ratings, pair)) if ratings.cluster is not None else None
    return list(draws(pair.frequency, sampling, generator(sampling, *names), together))


def _kappa(ratings: Ratings, pair: Pair, agreement: Floats, sampling: Sampling, *names: str) -> Estimate:
    drawn = _pair_draws(ratings, pair, sampling, *names)
    samples = [cohen_kappa(pair, some, agreement) for some in drawn]
    joined = np.concatenate(samples) if samples else None
    return estimate(cohen_kappa(pair, _once(pair), agreement), joined, sampling.level)


def _by_class(point: Sums, drawn: Sums | None, names: tuple[str, ...], sampling: Sampling) -> list[Document]:
    made: dict[str, Callable[[Sums], Floats]] = {
        "prevalence": c.prevalence,
        "percent_agreement": c.class_agreement,
        "specific_agreement": c.class_specific,
        "fleiss_kappa": c.class_kappa,
        "krippendorff_alpha": c.class_alpha,
        "gwet_ac1": c.class_ac1,
    }
    both = {name: (of(point), None if drawn is None else of(drawn)) for name, of in made.items()}
    return [
        {"class": name, "ratings": round(float(point.given[0, at]))}
        | {
            measure: estimate(value[:, at], None if samples is None else samples[:, at], sampling.level).document()
            for measure, (value, samples) in both.items()
        }
        for at, name in enumerate(names)
    ]


def _icc(ratings: Ratings, plan: Plan, names: tuple[str, ...]) -> tuple[dict[str, Estimate], int]:
    table, units = icc.full_table(ratings)
    if len(table) < 2:
        return {form: Estimate(None) for form in icc.FORMS}, len(table)
    point = icc.six_forms(icc.mean_squares(table))
    together = grouped(ratings, units, np.arange(len(units)))
    samples = icc.sampled_forms(table, plan.sampling, *names, "icc", together=together)
    level = plan.sampling.level
    return {form: estimate(point[form], None if samples is None else samples[form], level) for form in icc.FORMS}, len(
        table
    )


def _pair(pair: Pair, ratings: Ratings, plan: Plan, scheme: Scheme) -> Document:
    names = ("pair", ratings.reader.names[pair.first], ratings.reader.names[pair.second])
    classes = len(ratings.value.names)
    counted = pair.patterns(classes)
    point = sums(counted, as_floats(counted), scheme)
    drawn = _pair_draws(ratings, pair, plan.sampling, *names)
    together = Sums.joined([sums(counted, some, scheme) for some in drawn]) if drawn else None
    measures = _between(point, together, plan, scheme)
    kinds = {"cohen_kappa": np.eye(classes)} | ({"weighted_cohen_kappa": scheme.weights} if _weighted(scheme) else {})
    for name, agreement in kinds.items():
        samples = np.concatenate([cohen_kappa(pair, some, agreement) for some in drawn]) if drawn else None
        measures[name] = estimate(cohen_kappa(pair, _once(pair), agreement), samples, plan.sampling.level)
    one, two = margins(pair, _once(pair), classes)
    bias = indices(pair) if classes == 2 else None
    return {
        "readers": list(names[1:]),
        "units": pair.units,
        "prevalence": [
            {"class": name, "first": float(one[0, at] / pair.units), "second": float(two[0, at] / pair.units)}
            for at, name in enumerate(ratings.value.names)
        ],
        "bias_index": None if bias is None else bias[0],
        "prevalence_index": None if bias is None else bias[1],
        "measures": {name: one.document() for name, one in measures.items()},
    }


def fits_classes(ratings: Ratings) -> bool:
    """Say whether the values can be classes: few, and none as long as the number of a record."""
    return len(ratings.value.names) <= MAX_CLASSES and not any(map(_LONG.search, ratings.value.names))
