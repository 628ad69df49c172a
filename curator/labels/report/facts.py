"""The report on signed labels as one JSON document, by schemas/label-report.schema.json."""

from __future__ import annotations

from typing import Any

from curator.core.schema import validate
from curator.labels.report.gallery import told
from curator.labels.report.page import Parts
from curator.labels.report.weeks import Weekly

FORMAT = 1


def facts(parts: Parts) -> dict[str, Any]:
    """Return the document; all that the page says, and the pairs and differences that it leaves out."""
    for kind in parts.kinds:
        if kind.agreement is not None:
            validate("agreement-report", kind.agreement)
    made = {
        "format": FORMAT,
        "dataset": parts.dataset,
        "newestSignature": parts.found.log.state.newest_time,
        "source": parts.found.document(),
        "kinds": [
            {
                "kind": kind.kind,
                "readings": len(kind.used),
                "agreement": kind.agreement,
                "code": kind.code or None,
                "confusions": [
                    {
                        "readers": list(one.readers),
                        "classes": list(one.classes),
                        "counts": [list(row) for row in one.counts],
                    }
                    for one in kind.confusions
                ],
                "differences": len(kind.differences),
            }
            for kind in parts.kinds
        ],
        "throughput": _weekly(parts.weekly),
        "drift": [{"kind": kind, **_weekly(one)} for kind, one in parts.drifts],
        "guidelines": [
            {
                "guideline": one.name,
                "readings": one.readings,
                "readers": one.readers,
                "first": one.first or None,
                "last": one.last or None,
                "followed": one.followed,
            }
            for one in parts.versions
        ],
        "readers": [
            {
                "reader": card.reader,
                "readings": card.readings,
                "samples": card.samples,
                "first": card.first,
                "last": card.last,
                "attested": card.attested,
                "reviewed": card.reviewed,
                "accepted": card.accepted,
                "rejected": card.rejected,
                "corrected": card.corrected,
                "withdrawn": card.withdrawn,
                "outdated": card.outdated,
                "agreement": [
                    {"kind": kind, "score": score, "comparisons": count}
                    for kind, (score, count) in sorted(card.agreement.items())
                ],
            }
            for card in parts.cards
        ],
        "greatestDifferences": [
            {
                "kind": one.kind,
                "class": one.label or None,
                "sample": one.sample,
                "score": one.score,
                "readers": [
                    {"reader": reader, "said": told(said), "records": [o.leaf for o in said]}
                    for reader, said in zip(one.readers, one.said, strict=True)
                ],
            }
            for one in parts.worst
        ],
        "pictures": len(parts.pictures),
        "withoutPicture": [{"why": why, "count": count} for why, count in sorted(parts.missing.items())],
    }
    validate("label-report", made)
    return made


def _weekly(one: Weekly) -> dict[str, Any]:
    return {
        "weeks": list(one.weeks),
        "readers": [{"reader": name, "values": list(values)} for name, values in one.series],
    }
