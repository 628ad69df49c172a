"""The list of limitations that the data themselves show, with the numbers behind each, and what people add to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from curator.release import layout
from curator.release.cases import BANDS, OLDEST, OTHER_WORDS, UNKNOWN, Case, words
from curator.release.documents.common import answers, document, table
from curator.release.facts import Facts
from curator.release.shares import agreeing, half_width, percent, share_text
from curator.report.model import Cell, Document, Section, Text

SLUG, TITLE = "limitations", "Limitations"
#: A stratum with fewer patients than this is thin: its share's interval is wider than 17 points to either side.
THIN = 30


def limitations(facts: Facts) -> list[tuple[str, str, str]]:
    """Return (what, how much, source) of every limitation that can be computed from a package."""
    source, labels = facts.source(layout.SAMPLES), facts.source(layout.LABELS)
    cases, made = facts.cases, list[tuple[str, str, str]]()
    made += _thin("sex", cases, lambda case: case.sex, ("female", "male"), source)
    bands = (*(f"{low}-{high}" for low, high in BANDS), OLDEST)
    made += _thin("age band", cases, lambda case: case.band, bands, source)
    for name, absent in (
        ("sex", lambda case: case.sex == UNKNOWN),
        ("age", lambda case: case.age is None),
        ("race or ethnicity", lambda case: case.origin in {UNKNOWN, OTHER_WORDS}),
        ("height", lambda case: case.height is None),
        ("weight", lambda case: case.weight is None),
    ):
        count = sum(absent(case) for case in cases)
        if count:
            made.append(
                (f"Missing: {name}", f"{count} of {len(cases)} patients, {share_text(count, len(cases))}", source)
            )
    sites = {one["site"] for one in facts.acquired}
    if len(sites) < 3:
        made.append(
            ("Few sites", f"{len(sites)} on record; three or more diverse ones are expected of test data", source)
        )
    made += _vendors(facts, labels)
    agreed, read, _ = agreeing([name for name, _ in one.values()] for one in facts.readings.values())
    if read:
        made.append(
            ("Readers differ", f"on {read - agreed} of {read} samples, {share_text(read - agreed, read)}", labels)
        )
    elif facts.labels:
        made.append(("One reader", "no sample was read by two readers, so their variability is not known", labels))
    unlabeled = len(facts.sample_paths) - len(facts.labeled)
    if unlabeled:
        made.append(
            ("Samples without truth", f"{unlabeled} of {len(facts.sample_paths)} have no label that stands", labels)
        )
    held = facts.flow.outcome("quarantined")
    if held:
        made.append(
            ("Files held back", f"{held} of {facts.flow.received} items received are not part of the data", source)
        )
    if facts.splits_path is None:
        made.append(("No splits", "patients are not assigned to training and test data", source))
    if facts.audit is None:
        made.append(("No audit", "no signed audit report is part of this package", facts.source(layout.MANIFEST)))
    return made


def _thin(
    name: str, cases: list[Case], of: Callable[[Case], str], strata: tuple[str, ...], source: str
) -> list[tuple[str, str, str]]:
    counted = Counter(map(of, cases))
    return [
        (
            f"Thin stratum: {name} {one}",
            f"{counted[one]} patients; a share of one half is known to {percent(half_width(counted[one]))} either side",
            source,
        )
        for one in strata
        if counted[one] < THIN
    ]


def _vendors(facts: Facts, source: str) -> list[tuple[str, str, str]]:
    """Say of each class of labels whether it comes from the machines of one maker alone."""
    if not facts.labels:
        return []
    makers: dict[str, set[str]] = {}
    told: dict[str, str] = {}
    for one in facts.series:
        maker = one.values.get("manufacturer", "")
        if maker not in told:
            told[maker] = words(maker, facts.guard)
        makers.setdefault(f"clean/{one.patient}/{one.study}/{one.series}", set()).add(told[maker])
    classes: dict[str, set[str]] = {}
    for label in facts.labels:
        folder = label.sample.rpartition("/")[0]
        if label.stands and label.named and folder in makers:
            classes.setdefault(f"{label.kind}: {label.named}", set()).update(makers[folder])
    return [
        (f"One maker: {name}", "all images with this label are of one manufacturer", source)
        for name, own in sorted(classes.items())
        if len(own) == 1 and len({maker for each in classes.values() for maker in each}) > 1
    ]


def make(facts: Facts) -> Document:
    """Return the document."""
    rows = [[what, Cell(how, source=source)] for what, how, source in limitations(facts)]
    listed = table("Limitations that the data show", ("Limitation", "How much"), rows or [["None found", "-"]])
    note = Text("This list is computed. It cannot know what nobody recorded, such as who was never examined.", "note")
    return document(facts, TITLE, (Section("Found in the data", (listed, note)), *answers(facts, SLUG)))
