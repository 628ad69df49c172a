"""``data/values``: no attribute has a value that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curator.audit.album import Image
from curator.audit.answers import Few
from curator.audit.cases import CONFLICT, Case, seen, where, years
from curator.audit.model import LEDGER, Answer, Finding, Severity, Subject
from curator.audit.told import told
from curator.core.clock import SystemClock

#: What a person, or an image, can have: kilograms, meters, kilovolts, tesla.
_RANGES = {"weight": (0.2, 650.0), "size": (0.2, 2.75), "kvp": (5.0, 500.0), "field_strength": (0.001, 25.0)}
_FIRST_YEAR = 1895
_MOST_AGE = 125


class Values:
    """Ages, weights, sizes, days that have not come, windows, bit depths, values of another form than they should."""

    id = "data/values"
    title = "No attribute has a value that cannot be"
    severity = Severity.MINOR
    clause = "PS3.5 section 6.2; FDA AI-enabled device software functions (draft 2025), section VIII: data quality"
    needs: tuple[str, ...] = ()

    def run(self, subject: Subject) -> Answer:
        """Look at every header.

        ``latest_year`` is the last year that a day can lie in: by default that of the newest record, or today's.
        """
        found = seen(subject)
        latest = subject.threshold(self.id, "latest_year", 0) or _now(subject)
        findings = Few()
        count = 0
        for image in found.images():
            count += 1
            findings.extend(Finding(image.file.path, what) for what in _image(image, latest))
        for case in found.cases.values():
            findings.extend(Finding(where(case), what) for what in _case(case))
        return told(
            found,
            findings,
            count,
            passed="no header of {looked} has a value that cannot be",
            failed="{total} values cannot be",
            figures={"latest_year": latest},
        )


def _now(subject: Subject) -> int:
    newest = subject.state().newest_time if subject.has(LEDGER) else ""
    return int(newest[:4]) if newest else SystemClock().now().year


_SEXES = frozenset({None, "M", "F", "O"})


def _image(image: Image, latest: int) -> Iterator[str]:
    facts = image.facts
    yield from (f"a value that is none of its form: {name}" for name in facts["odd"])
    if facts.get("sex") not in _SEXES:
        yield "a sex that is no defined term (PS3.3 C.2.3)"
    age = years(facts.get("age"))
    if age is not None and age > _MOST_AGE:
        yield "an age above 125 years"
    for name, (least, most) in _RANGES.items():
        # 0 is written where nothing is known.
        if any(one != 0 and not least <= one <= most for one in facts.get(name) or ()):
            yield f"{name.replace('_', ' ')} out of range"
    every = [*facts["years"], *([facts["birth_year"]] if "birth_year" in facts else [])]
    if any(one > latest for one in every):
        yield "a date in the future"
    if any(one < _FIRST_YEAR for one in facts["years"]):
        yield "a date before there were X-rays"
    if "birth_year" in facts and "year" in facts and facts["birth_year"] > facts["year"]:
        yield "a birth after the study"
    yield from _pixels(facts)


def _pixels(facts: Any) -> Iterator[str]:
    if any(one < 1 for one in facts.get("width") or ()):
        yield "a window narrower than 1 (PS3.3 C.11.2.1.2)"
    if len(facts.get("width") or ()) != len(facts.get("center") or ()):
        yield "as many window centers as widths are not there"
    if any(one == 0 for one in facts.get("slope") or ()):
        yield "a rescale slope of 0"
    allocated, stored, high = (facts.get(name) for name in ("allocated", "stored", "high"))
    if allocated is not None and stored is not None and not 0 < stored <= allocated:
        yield "more bits stored than allocated"
    elif stored is not None and high is not None and high != stored - 1:
        yield "a high bit that is not the last of those stored"
    if facts["format"] == "dicom" and facts["pixels"] and not (facts.get("rows") and facts.get("columns")):
        yield "pixels without rows and columns"


def _case(case: Case) -> Iterator[str]:
    if case.one("sex") == CONFLICT:
        yield "two sexes in the headers of one patient"
    ages = [age for one in case.images if (age := years(one.facts.get("age"))) is not None]
    taken = [one.facts["year"] for one in case.images if "year" in one.facts]
    if ages and taken and max(ages) - min(ages) > max(taken) - min(taken) + 2:
        yield "ages that differ by more than the studies do"


check = Values()
