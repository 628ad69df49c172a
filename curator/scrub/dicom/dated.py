"""What is written in the place of values whatever else they tell: dates by the policy, dummies, nothing.

Dates wait for the end: times of a study count from one zero, and an age shows in all dates together. It must never
write a value into its notes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from curator.core.errors import ItemError
from curator.scrub.dicom.clock import Clocked, set_clock
from curator.scrub.dicom.dates import OLDEST, Timing, age_years, convert, year_of
from curator.scrub.dicom.decide import BIRTH_DATE, Act, Action
from curator.scrub.dicom.dummies import dummy_node, dummy_value
from curator.scrub.dicom.fixed import fixed_value
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.moments import CLOCK_VRS, TIMEZONE, Stamp, parts_of
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.text import Encodings
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Ages, Dates, Policy

#: Years from here on stand for "never", not for a day on which somebody was alive.
_NEVER = 2100
_DATED = frozenset({"DA", "DT"})


#: How a time is noted that goes.
_SAID = {Act.REMOVE: "removed", Act.EMPTY: "emptied", Act.DUMMY: "dummied"}


class _Dated(NamedTuple):
    """A date that stayed, with the year that the source said."""

    node: Node
    path: str
    fallback: Act
    year: int


class DatedValues:
    """Replaces the values of one data set.

    Parameters
    ----------
    subject
        The person.
    policy
        The policy in force.
    """

    def __init__(self, subject: Subject, policy: Policy) -> None:
        self.subject = subject
        self.policy = policy
        self.timing = Timing(policy, subject.shift_days, subject.first_time)
        self.moving = replace(self.timing, policy=replace(policy, dates=Dates.SHIFT)) if policy.shifted else self.timing
        self.little = True
        self._log: dict[tuple[str, int, str], int] = {}
        #: How many values became what depends on more than themselves, the rules and the known identifiers.
        self.personal = 0
        self._dates: list[_Dated] = []
        #: What awaits the study's clock; None where a policy, or a study without a time, has none.
        by_clock = policy.dates is Dates.YEAR and subject.first_time is not None
        self._clocked: list[Clocked] | None = [] if by_clock else None
        self._old = subject.over_89

    def note(self, path: str, tag: int, action: str) -> None:
        """Count an action on an attribute below a path."""
        key = (path, tag, action)
        self._log[key] = self._log.get(key, 0) + 1

    def date(self, node: Node, action: Action, made: list[Node], path: str, _: Encodings) -> None:
        """Write dates, times and ages as the policy wants them."""
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        self.personal += 1
        old = parts_of(value.decode("latin-1"))
        timing = self.moving if action.act is Act.SHIFT else self.timing
        new = [convert(vr, part, timing) if part else "" for part in old]
        if None in new:
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        if vr == "AS":
            self._old = self._old or any((age_years(part) or 0) > OLDEST for part in old)
        changed = new != list(old)
        done = Node(node.tag, vr, "\\".join(part or "" for part in new).encode("ascii") if changed else value)
        made.append(done)
        if changed:
            self.note(path, node.tag, "dated")
        if self._clocked is not None and vr in CLOCK_VRS and value and action.act is Act.DATE:
            stamp = Stamp(id(made), not path, node.tag, vr, old)
            self._clocked.append(Clocked(stamp, done, made, path, action.fallback))
        if vr in _DATED:
            for part in old:
                year = year_of(vr, part) if part else None
                if year is not None:
                    self._dates.append(_Dated(done, path, action.fallback, year))

    def _replace(
        self, node: Node, action: Action, act: Act, made: list[Node], path: str, said: str | None = None
    ) -> None:
        """Remove, empty or replace an element without looking at its value."""
        tag, vr = node.tag, action.vr
        if act is Act.REMOVE:
            self.note(path, tag, said or "removed")
        elif act is Act.EMPTY:
            made.append(Node(tag, vr, items=[] if vr == "SQ" else None))
            if node.items or node.value or said:
                self.note(path, tag, said or "emptied")
        elif act is Act.DUMMY:
            made.append(dummy_node(tag, vr, code=tag in supplement().dummy_code))
            self.note(path, tag, said or "dummied")
        elif act is Act.FIXED:
            value = fixed_value(action.text, vr, little=self.little)
            if value is None:
                raise ItemError("DCM-045")
            made.append(Node(tag, vr, value))
            self.note(path, tag, said or "replaced")
        elif act is Act.PERSON:
            self.personal += 1
            made.append(Node(tag, vr, self.subject.patient.encode("ascii")))
            self.note(path, tag, "replaced")
        else:  # Act.PIXELS
            made.append(Node(tag, vr, node.value, fragments=node.fragments))

    def _set_clock(self, nodes: list[Node]) -> None:
        """Write what awaits the study's clock; ``nodes`` are those of the source's own level."""
        first = self.timing.first_time
        if not self._clocked or first is None:
            return
        zone = next((node for node in nodes if node.tag == TIMEZONE and node.items is None), None)
        for gone in set_clock(self._clocked, bytes(zone.value).decode("latin-1") if zone is not None else "", first):
            if gone.fallback is Act.REMOVE:
                gone.made.remove(gone.node)
            else:
                gone.node.value = b"" if gone.fallback is Act.EMPTY else dummy_value("TM")
            self.note(gone.path, gone.node.tag, _SAID[gone.fallback])

    def _hide_age(self) -> None:
        """Empty birth dates of persons over 89, and every date so old that it tells such an age."""
        if self.policy.ages is Ages.KEEP:
            return
        today = int(self.subject.project_date[:4])
        years = (dated.year for dated in self._dates if dated.node.tag != BIRTH_DATE)
        latest = max([today, *(year for year in years if year < _NEVER)])
        for dated in self._dates:
            tells = latest - dated.year > OLDEST
            if tells or (self._old and dated.node.tag == BIRTH_DATE):
                empty = dated.node.tag == BIRTH_DATE or dated.fallback is not Act.DUMMY
                dated.node.value = b"" if empty else dummy_value(dated.node.vr or "")
                self.note(dated.path, dated.node.tag, "emptied" if empty else "dummied")
