"""How far readers agree: chance-corrected coefficients, repeatability, overlap of masks, boxes and spans, consensus.

Everything here is plain numpy over counted patterns, so that intervals by resampling cost little. The package needs
the extra ``stats``; importing it without numpy raises UsageError AGR-020.
"""

from curator.labels.agreement.needs import require_numpy

require_numpy()
