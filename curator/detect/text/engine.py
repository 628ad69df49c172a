"""The detector that comes with the program: rules, labels, lexicons, context and a small table of odds; no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from curator.detect.text.dates.dates import ages, numeric_dates, worded_dates
from curator.detect.text.dates.daylists import with_days
from curator.detect.text.dates.weekdays import with_weekdays
from curator.detect.text.fields.cues import labeled
from curator.detect.text.fields.markup import markup
from curator.detect.text.fields.segments import segments
from curator.detect.text.met import Met
from curator.detect.text.names.asked import asked
from curator.detect.text.names.graded import graded
from curator.detect.text.names.joined import joined, with_names
from curator.detect.text.names.names import names
from curator.detect.text.names.told import told
from curator.detect.text.names.typists import typists
from curator.detect.text.names.warehoused import warehoused
from curator.detect.text.numbers.edges import whole
from curator.detect.text.numbers.homes import homes
from curator.detect.text.numbers.logins import logins
from curator.detect.text.numbers.loose import loose
from curator.detect.text.numbers.nations import cases, nations
from curator.detect.text.numbers.numbers import addresses, numbers
from curator.detect.text.numbers.quoted import quoted
from curator.detect.text.numbers.staffed import staffed
from curator.detect.text.odds.odds import odds
from curator.detect.text.places.places import places
from curator.detect.text.places.wards import wards
from curator.detect.text.words.glued import joins, parted
from curator.detect.text.words.namesakes import without_namesakes
from curator.detect.text.words.never import without
from curator.detect.text.words.recased import is_everyday, is_told, loud, quiet, recased
from curator.detect.text.words.shown import readings
from curator.detect.text.words.spared import spared
from curator.detect.text.words.spots import Spots, spots
from curator.detect.text.words.tokens import unbroken
from curator.detect.text.words.wrapped import unwrapped
from curator.identifiers.findings import Finding


@dataclass(frozen=True)
class TextDetector:
    """Finds the identifiers of all 18 categories in a note.

    Parameters
    ----------
    facilities
        Also find hospitals, schools and employers by name. They are identifiers of relatives and employers and
        geographic units at once; a policy may keep them.
    weighed
        Also find what no rule knows, by the trained table of odds: for prose and lists, not for headers of images.
    met
        What rules found in texts that were met before: taken from there, and kept there.
    """

    facilities: bool = True
    weighed: bool = True
    met: Met = field(default_factory=Met, compare=False, repr=False)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield findings; they may overlap."""
        read, steps = readings(text)
        reading = unwrapped(read)
        found = self._read(reading.text)
        for step in (reading, *reversed(steps)):
            found = step.returned(found)
        yield from found

    def _read(self, text: str) -> Iterator[Finding]:
        """Yield findings of a text as it is read."""
        found = self.met.find(text)
        if found is not None and not self.weighed:
            yield from found
            return
        words = spots(text)
        if found is None:
            ruled = without_namesakes(text, without(text, self._ruled(text, words)))
            found = with_weekdays(text, with_days(text, spared(text, with_names(text, words, ruled))))
            if joins(text):
                found = [*found, *parted(text, found, self._apart)]
            self.met.keep(text, found)
        if not self.weighed:
            yield from found
            return
        found = self.in_one_case(text, found)
        yield from found
        # A weekday apart from its date tells nothing of the figures beside it.
        plain = [one for one in found if one.rule != "date.weekday"]
        yield from spared(text, odds(text, plain, words, facilities=self.facilities))

    def in_one_case(self, text: str, found: list[Finding]) -> list[Finding]:
        """Return what rules find in a text once it is written anew, with what they found before if it can be believed.

        Parameters
        ----------
        text
            A text. Where it is not in letters of one case, what was found is returned as it is.
        found
            What rules found in it as it is written.
        """
        small = quiet(text)
        if not small and not loud(text):
            return found
        believed = found if small else [one for one in found if not is_everyday(text, one.rule, one.start, one.end)]
        return [*believed, *self._anew(text, small=small)]

    def _anew(self, text: str, *, small: bool) -> Iterator[Finding]:
        """Yield what rules find in a text of one case that is written anew, as far as they can be believed there."""
        read = recased(text, small=small)
        for one in self._apart(read):
            if is_told(read, one.rule, one.start, one.end, small=small):
                yield one

    def _apart(self, text: str) -> Iterator[Finding]:
        """Yield what rules find in a part of a text that is read again."""
        yield from spared(text, without_namesakes(text, without(text, self._ruled(text, spots(text)))))

    def _ruled(self, text: str, found: Spots) -> Iterator[Finding]:
        """Yield what rules find."""
        if found.numbers:
            yield from numeric_dates(text, found.numbers)
            yield from whole(text, numbers(text, found.numbers, found.flags))
            yield from whole(text, labeled(text, found.labels))
            yield from nations(text, found.numbers)
            yield from cases(text, found)
            yield from quoted(text, found)
            yield from loose(text, found)
            if self.facilities:
                yield from wards(text)
        yield from ages(text, found)
        yield from worded_dates(text, found)
        yield from addresses(text, found.flags)
        yield from logins(text, found)
        yield from homes(text)
        yield from staffed(text, found)
        yield from unbroken(text, places(text, found, facilities=self.facilities))
        yield from unbroken(text, names(text, found))
        yield from asked(text, found.flags)
        yield from unbroken(text, told(text, found))
        yield from joined(text)
        yield from graded(text)
        yield from typists(text, found)
        yield from warehoused(text, found)
        if "|" in text:
            yield from segments(text)
        for finding in markup(text):
            if self.facilities or finding.kind != "facility":
                yield finding
