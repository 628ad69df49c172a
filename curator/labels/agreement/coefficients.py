"""Coefficients of agreement between any number of readers, as functions of sums over units.

Sources: Fleiss, Psychological Bulletin 76 (1971) 378; Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011;
Gwet, Handbook of Inter-Rater Reliability, 4th edition 2014, chapters 2 to 5 (AC1, AC2, missing ratings); Brennan and
Prediger, Educational and Psychological Measurement 41 (1981) 687. A coefficient that is 0 / 0 is NaN, never 0 or 1.
"""

from __future__ import annotations

import numpy as np

from curator.labels.agreement.model import Bools, Floats
from curator.labels.agreement.scales import differences
from curator.labels.agreement.sums import Scheme, Sums, midranks


def percent_agreement(s: Sums) -> Floats:
    """Return the mean share of pairs of readers that agree on a unit; shape (samples,)."""
    return divided(s.agreed, s.pairable)


def weighted_agreement(s: Sums) -> Floats:
    """Return the mean share of pairs of readers that agree, disagreements counted by their weight."""
    return divided(s.weighted, s.pairable)


def fleiss_kappa(s: Sums) -> Floats:
    """Return Fleiss' kappa: chance is the square of the mean share of each class."""
    return corrected(percent_agreement(s), (_shares(s) ** 2).sum(axis=1))


def weighted_fleiss_kappa(s: Sums, scheme: Scheme) -> Floats:
    """Return Fleiss' kappa with weights (Gwet 2014, chapter 3)."""
    shares = _shares(s)
    return corrected(weighted_agreement(s), ((shares @ scheme.weights) * shares).sum(axis=1))


def ac1(s: Sums) -> Floats:
    """Return Gwet's AC1; NaN on a scale of fewer than two classes."""
    shares = _shares(s)
    classes = shares.shape[1]
    if classes < 2:
        return np.full(len(shares), np.nan)
    return corrected(percent_agreement(s), (shares * (1 - shares)).sum(axis=1) / (classes - 1))


def ac2(s: Sums, scheme: Scheme) -> Floats:
    """Return Gwet's AC2, AC1 with weights."""
    shares = _shares(s)
    classes = shares.shape[1]
    if classes < 2:
        return np.full(len(shares), np.nan)
    chance = scheme.weights.sum() / (classes * (classes - 1)) * (shares * (1 - shares)).sum(axis=1)
    return corrected(weighted_agreement(s), chance)


def brennan_prediger(s: Sums) -> Floats:
    """Return the coefficient whose chance is one in the number of classes."""
    classes = s.shares.shape[1]
    return corrected(percent_agreement(s), np.full(len(s.units), 1 / classes if classes else np.nan))


def alpha(s: Sums, scheme: Scheme) -> Floats:
    """Return Krippendorff's alpha on the scale of the scheme, over units with at least two ratings."""
    total = s.given.sum(axis=1)
    if scheme.scale == "ordinal":
        ranks = midranks(s.given)
        expected = 2 * (total * (s.given * ranks**2).sum(axis=1) - (s.given * ranks).sum(axis=1) ** 2)
    else:
        expected = ((s.given @ differences(scheme.scale, scheme.numbers)) * s.given).sum(axis=1)
    return alpha_of(s.apart, expected, total, several=(s.given > 0).sum(axis=1) > 1)


def alpha_of(apart: Floats, expected: Floats, total: Floats, *, several: Bools) -> Floats:
    """Return alpha from summed observed and expected differences and the number of pairable ratings.

    Parameters
    ----------
    several
        Shape (samples,); where more than one value was given. Elsewhere nothing could differ, and there is no alpha.
    """
    return 1 - divided(apart * (total - 1), np.where(several, expected, 0))


def prevalence(s: Sums) -> Floats:
    """Return the share of all pairable ratings that each class has; shape (samples, classes)."""
    return divided(s.given, s.given.sum(axis=1, keepdims=True))


def class_agreement(s: Sums) -> Floats:
    """Return the agreement on each class against all others; shape (samples, classes)."""
    return 1 - 2 * divided(s.present - s.same, s.pairable[:, None])


def class_specific(s: Sums) -> Floats:
    """Return the specific agreement of each class: given that one reader gave it, how often did another.

    Source: Cicchetti and Feinstein, Journal of Clinical Epidemiology 43 (1990) 551; Fleiss, Biometrics 31 (1975) 651.
    """
    return divided(s.same, s.present)


def class_kappa(s: Sums) -> Floats:
    """Return Fleiss' kappa of each class against all others (Fleiss 1971, equation 23 in other form)."""
    shares = _shares(s)
    return corrected(class_agreement(s), shares**2 + (1 - shares) ** 2)


def class_ac1(s: Sums) -> Floats:
    """Return AC1 of each class against all others."""
    shares = _shares(s)
    return corrected(class_agreement(s), 2 * shares * (1 - shares))


def class_alpha(s: Sums) -> Floats:
    """Return nominal alpha of each class against all others."""
    total = s.given.sum(axis=1, keepdims=True)
    return 1 - divided((s.given - s.met) * (total - 1), s.given * (total - s.given))


def divided(top: Floats, bottom: Floats) -> Floats:
    """Divide, NaN where the divisor is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0), dtype=np.float64)


def corrected(observed: Floats, chance: Floats) -> Floats:
    """Take chance out of an agreement: (observed - chance) / (1 - chance), NaN where chance alone agrees always."""
    left = 1 - chance
    return divided(observed - chance, np.where(left <= 1e-12, 0, left))


def _shares(s: Sums) -> Floats:
    return divided(s.shares, s.units[:, None])
