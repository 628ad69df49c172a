"""Agreement on one kind of labels as charts and tables of a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from curator.core.errors import codes
from curator.labels.measures import NAMES
from curator.labels.report.material import Confusion, Kind
from curator.report.model import Bars, Block, Cell, Facts, Fold, Matrix, Section, Table, Text

#: Measures that a chart of one kind shows; what is no share stands in the tables alone.
SHOWN = (
    "percent_agreement",
    "gwet_ac1",
    "gwet_ac2",
    "fleiss_kappa",
    "krippendorff_alpha",
    "ICC(1,1)",
    "ICC(2,1)",
    "ICC(3,1)",
    "found_by_both",
    "dice",
    "surface_dice",
    "f1",
    "mean_iou",
    "oks",
    "exact_f1",
    "overlap_f1",
    "characters_f1",
    "buffer_overlap",
    "hota",
    "idf1",
    "jaccard",
    "masi_alpha",
)
_BY_CLASS = (
    "percent_agreement",
    "gwet_ac1",
    "fleiss_kappa",
    "dice",
    "surface_dice",
    "f1",
    "mean_iou",
    "oks",
    "exact_f1",
    "hota",
)
_PAIRED = (
    "percent_agreement",
    "gwet_ac1",
    "cohen_kappa",
    "dice",
    "hd95",
    "f1",
    "mean_iou",
    "oks",
    "exact_f1",
    "distance",
    "hota",
    "idf1",
)
#: Charts and rows that stand open; more are counted, and stand in the JSON.
_CONFUSIONS, _ROWS = 12, 200


#: The first measure to tell of ratings on a scale; of all else the first of SHOWN.
_FIRST = {
    "nominal": ("gwet_ac1",),
    "ordinal": ("gwet_ac2", "gwet_ac1"),
    "interval": ("ICC(2,1)", "krippendorff_alpha"),
    "ratio": ("ICC(2,1)", "krippendorff_alpha"),
}
_QUESTIONS = 3


def headline(kind: Kind) -> tuple[str, str]:
    """Return the name of a kind's first measure, and its value with the interval; of several questions each one's."""
    document = kind.agreement or {}
    first = _first(document.get("scale"), document.get("overall", {}).get("measures", {}))
    if first is not None:
        return first
    told = [
        f"{level['level']}: {found[0]} {found[1]}"
        for group in document.get("groups", ())
        for level in group["levels"]
        if "scale" in level and (found := _first(level["scale"], level.get("measures", {}))) is not None
    ]
    if not told:
        return "none", kind.code or "not computed"
    more = f"; and {len(told) - _QUESTIONS} more" if len(told) > _QUESTIONS else ""
    return "each question by itself", "; ".join(told[:_QUESTIONS]) + more


def _first(scale: str | None, measures: dict[str, Any]) -> tuple[str, str] | None:
    wanted = (*_FIRST.get(scale or "", ()), "gwet_ac1", "krippendorff_alpha", *SHOWN)
    name = next((name for name in wanted if name in measures and name != "found_by_both"), None)
    return None if name is None else (NAMES.get(name, name), _span(measures[name]))


def _span(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return "no value"
    text = f"{one['value']:.3f}"
    return text if one["low"] is None else f"{text} ({one['low']:.3f} to {one['high']:.3f})"


def agreed(kind: Kind) -> Section:
    """Return the section on one kind, or why there is none."""
    document = kind.agreement
    if document is None:
        return Section(
            kind.kind, (Text(f"{kind.code}: {codes()[kind.code]['sentence'].format_map(_Any())}", "unsure"),)
        )
    return Section(kind.kind, tuple(_agreement(kind, document)))


class _Any(dict[str, str]):
    """Stands for the facts of an error that is told by its code alone."""

    def __missing__(self, key: str) -> str:
        return "some"


def _agreement(kind: Kind, document: dict[str, Any]) -> Iterator[Block]:
    overall = document["overall"]
    if "code" in overall:
        yield Text(f"Between readers nothing could be compared: {overall['code']}.", "unsure")
    else:
        yield from _bars(f"Agreement on {kind.kind}, all readers", overall["measures"], SHOWN)
        yield from _all(f"Every measure of {kind.kind}", overall["measures"])
        yield from _classes(kind.kind, overall["classes"])
    yield from _pairs(kind.kind, document["pairs"])
    yield from _limits(document.get("limits_of_agreement", ()))
    yield from _confusions(kind.confusions)
    yield from _groups(kind.kind, document["groups"])
    yield from _own(document["repeatability"])
    for code, count in document.get("not_compared", {}).items():
        yield Text(f"{count:,} comparisons could not be made: {code}.", "unsure")
    if document.get("without_spacing"):
        yield Text(
            f"{document['without_spacing']:,} comparisons have no distances: the image states no spacing.", "note"
        )
    if "definitions" in document:
        rows = tuple((NAMES.get(name, name), text) for name, text in document["definitions"].items())
        yield Fold(f"What the measures of {kind.kind} mean", (Facts(rows),))


def _bars(caption: str, measures: dict[str, Any], names: tuple[str, ...]) -> Iterator[Block]:
    held = [name for name in names if name in measures]
    if held:
        yield Bars(
            caption,
            tuple(NAMES.get(name, name) for name in held),
            (("value", tuple(measures[name]["value"] for name in held)),),
            (tuple(_ends(measures[name]) for name in held),),
            high=1.0,
        )


def _ends(one: dict[str, Any]) -> tuple[float, float] | None:
    return None if one["low"] is None else (one["low"], one["high"])


def _all(caption: str, measures: dict[str, Any]) -> Iterator[Block]:
    rows = tuple((Cell(NAMES.get(name, name)), Cell(_span(one))) for name, one in measures.items())
    yield Fold("All measures and their intervals", (Table(caption, ("Measure", "Value and interval"), rows, (1,)),))


def _classes(kind: str, classes: list[dict[str, Any]]) -> Iterator[Block]:
    if not classes:
        return
    held = [{**one, **one.get("measures", {})} for one in classes]
    names = [name for name in _BY_CLASS if name in held[0]]
    yield Bars(
        f"Agreement on {kind} by class",
        tuple(one["class"] for one in held),
        tuple((NAMES[name], tuple(one[name]["value"] for one in held)) for name in names),
        tuple(tuple(_ends(one[name]) for one in held) for name in names),
        high=1.0,
    )
    if "prevalence" in held[0]:
        share = tuple(one["prevalence"]["value"] for one in held)
        yield Bars(
            f"Prevalence of the classes of {kind}", tuple(one["class"] for one in held), (("share", share),), high=1.0
        )


def _pairs(kind: str, pairs: list[dict[str, Any]] | None) -> Iterator[Block]:
    if pairs is None:
        yield Text("There are too many pairs of readers to list.", "note")
    if not pairs:
        return
    names = [name for name in _PAIRED if name in pairs[0]["measures"]]
    rows = tuple(
        (
            Cell(" and ".join(pair["readers"])),
            Cell(f"{pair['units']:,}"),
            *(Cell(_span(pair["measures"][name])) for name in names),
        )
        for pair in pairs[:_ROWS]
    )
    head = ("Readers", "Units", *(NAMES[name] for name in names))
    more = f"{len(pairs) - _ROWS:,} more pairs stand in the JSON." if len(pairs) > _ROWS else ""
    yield Table(f"Pairs of readers on {kind}", head, rows, tuple(range(1, len(head))), more)


def _limits(found: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """Show limits of agreement (Bland and Altman) of each pair of readers and each thing measured."""
    if not found:
        return
    rows = tuple(
        (
            Cell(f"{one['what']}, {one['unit']}"),
            Cell(" less ".join(one["readers"])),
            Cell(f"{one['units']:,}"),
            *(Cell(_span(one[name])) for name in ("bias", "lower", "upper")),
        )
        for one in found[:_ROWS]
    )
    head = ("Measured", "Difference", "Units", "Mean", "Lower limit", "Upper limit")
    yield Table("Limits of agreement: mean difference and 1.96 deviations around it", head, rows, (2, 3, 4, 5))


def _confusions(found: Sequence[Confusion]) -> Iterator[Block]:
    for one in found[:_CONFUSIONS]:
        about = f"{one.asked}: what" if one.asked else "What"
        caption = f"{about} {one.readers[0]} and {one.readers[1]} said of the same units"
        counts = tuple(tuple(map(float, row)) for row in one.counts)
        yield Matrix(caption, one.classes, one.classes, counts, one.readers[0], one.readers[1])
    if len(found) > _CONFUSIONS:
        yield Text(f"{len(found) - _CONFUSIONS:,} more pairs stand in the JSON.", "note")


def _groups(kind: str, groups: list[dict[str, Any]]) -> Iterator[Block]:
    for group in groups:
        levels = group["levels"]
        names = [name for name in _PAIRED if any(name in level.get("measures", {}) for level in levels)]
        if len(levels) < 2 or not names:
            continue
        rows = []
        for level in levels[:_ROWS]:
            cells = [Cell(level["level"]), Cell(f"{level['units']:,}")]
            if "code" in level:
                cells += [Cell(level["code"], "unsure"), *(Cell("") for _ in names[1:])]
            else:
                held = level["measures"]
                cells += [Cell(_span(held[name]) if name in held else "") for name in names]
            rows.append(tuple(cells))
        head = (group["by"].capitalize(), "Units", *(NAMES[name] for name in names))
        yield Table(f"Agreement on {kind} by {group['by']}", head, tuple(rows), tuple(range(1, len(head))))
        for level in levels[:_ROWS]:
            yield from _question(f"{kind}, {level['level']}", level)


def _question(name: str, level: dict[str, Any]) -> Iterator[Block]:
    """Show what a level has where each is a question with a scale of its own."""
    if "pairs" not in level or "measures" not in level:
        return
    yield from _bars(f"Agreement on {name}, all readers", level["measures"], SHOWN)
    yield from _all(f"Every measure of {name}", level["measures"])
    yield from _pairs(name, level["pairs"])
    yield from _groups(name, level["groups"])
    yield from _own(level["repeatability"])


def _own(own: list[dict[str, Any]]) -> Iterator[Block]:
    if not own:
        return
    names = [name for name in _PAIRED if name in own[0]["measures"]]
    rows = tuple(
        (Cell(one["reader"]), Cell(f"{one['units']:,}"), *(Cell(_span(one["measures"][name])) for name in names))
        for one in own
    )
    head = ("Reader", "Units read again", *(NAMES[name] for name in names))
    yield Table("Readers against themselves", head, rows, tuple(range(1, len(head))))
