"""The Clean Descriptors step: takes identifiers out of short imaging texts and leaves the rest (PS3.15 E.3.6).

Every value is cut by the person's known identifiers, by form, by the text detector and by the names in it; terms of
imaging stay. The result is looked at again: what still tells somebody is cut further, in the end as a whole. It must
never say what was taken out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from curator.detect.text import detectors, find_all
from curator.detect.text.lists.lexicon import lexicon
from curator.detect.text.protocol import Detector
from curator.identifiers.categories import Category
from curator.identifiers.escapes import escaped
from curator.identifiers.findings import Finding
from curator.identifiers.known import KnownIdentifiers, KnownMatcher
from curator.scrub.dicom.descriptors_asked import Asked, Inquiry, Memory
from curator.scrub.dicom.descriptors_clear import clear_names
from curator.scrub.dicom.descriptors_days import counts, known_day_spans
from curator.scrub.dicom.descriptors_known import initials, known_parts, masked
from curator.scrub.dicom.descriptors_names import mark_names, spread
from curator.scrub.dicom.descriptors_numbers import (
    firm_spans,
    has_street,
    number_spans,
    plain_street_spans,
    road_spans,
    suspicious,
)
from curator.scrub.dicom.descriptors_odd import ends_in_initials, mark_odd, reads_as_name
from curator.scrub.dicom.descriptors_scripts import is_eastern, mark_scripts
from curator.scrub.dicom.descriptors_seen import as_read
from curator.scrub.dicom.descriptors_short import loose_parts
from curator.scrub.dicom.descriptors_strangers import mark_strangers
from curator.scrub.dicom.descriptors_terms import LETTER, NUMBER, TERM, WORD, cues
from curator.scrub.dicom.descriptors_tidy import HOLE, tidy
from curator.scrub.dicom.descriptors_words import Words, plain
from curator.scrub.dicom.forms import has_date, tells
from curator.scrub.dicom.matcher import Matcher, matcher_of
from curator.scrub.policy.model import Ages, Dates, Policy

_MANY = re.compile(r"\d{4}|@|//")
#: Two small numbers that may be of anything.
_FEW = re.compile(r"\d{1,2}/\d{1,2}")
#: Words for a street that mean nothing else.
_ROADS = frozenset(
    {
        "box",
        "street",
        "road",
        "avenue",
        "boulevard",
        "highway",
        "parkway",
        "terrace",
        "crescent",
        "rue",
        "chemin",
        "impasse",
    }
)
_ONE_VALUE = frozenset({"ST", "LT", "UT"})
_MOST_CACHED = 4096
#: Texts whose cleaning without a person is remembered, with what it asked of the person.
_MOST_SHARED, _MOST_LONG_SHARED = 1024, 16
_ROUNDS = 3
#: A run of figures that is no version but the number of something.
_LONG = re.compile(r"\d{7}")
#: A date with a year of two figures; a day within a version, "r7--11/04/27", is that of its making.
_SLASHED = re.compile(r"(?<![^\s(,;:])\d{1,2}/\d{1,2}/\d{2}")
#: Versions of programs, which look like addresses of a network; more than five numbers are a UID.
_VERSIONS = re.compile(
    r"(?<![\w.])(?!\d{3}\.\d{3}\.\d{4}(?!\d)|192\.168\.|[012](?=[\d.]{19})(?:\.\d+){5}|2\.25\.\d{10}"
    r"|(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?:19|20)\d\d(?![\d.]))\d+(?:\.\d+){2,4}(?!\.?\d)(?![\w.]*@)"
)
#: A path on a disk or a share; in a text of several values the backslashes cut it into pieces that tell nothing alone.
_PATH_OF_VALUES = re.compile(r"(?:^|[^\w])[A-Za-z]:\\\w|(?:^|[ =:])\\\\[\w.$-]+\\[\w.$-]")
#: A code of the International Classification of Diseases, and what leads from it to its title.
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[\dAB]\.\d{1,3}[A-Z]{0,2}")
_TITLED = re.compile(r" ?[-:\u2013\u2014]? ?[A-Za-z][a-z]+")
#: Longest text that is remembered for a person, and longest that is for whoever it says nothing about.
_SHORT, _LONG_TEXT = 256, 1 << 14


class Descriptors:
    """Cleans the texts of one person.

    Parameters
    ----------
    known
        (category, value) pairs of the person.
    policy
        What of dates, ages and facilities stays.
    everybody
        The identifiers of all others of the project, if texts are to be searched for them too.
    """

    def __init__(
        self, known: tuple[tuple[str, str], ...], policy: Policy, *, everybody: KnownMatcher | None = None
    ) -> None:
        self.policy = policy
        self.matcher: Matcher = matcher_of(known)
        words = lexicon().words
        own = KnownMatcher(KnownIdentifiers(known), is_word=words.__contains__)
        self._detectors: list[Detector] = detectors(facilities=policy.facilities, weighed=False)
        self._searched = [own] if everybody is None else [own, everybody]
        self._known: list[Detector] = [*self._searched]
        self._cached: dict[tuple[str, bool, bool, bool], str] = {}

    def clean(self, text: str, *, vr: str, strangers: bool = False, technical: bool = False) -> str:
        """Return a text without identifiers.

        Parameters
        ----------
        text
            As decoded; values parted by a backslash where the VR has several.
        vr
            The value representation.
        strangers
            Whether words that nothing knows stay.
        technical
            Whether it is about a machine: its numbers are versions and codes, the organizations in it are makers.

        Returns
        -------
        str
            The same object when nothing was found; empty when nothing useful is left.
        """
        if not text or text.isspace():
            return text
        whole = vr in _ONE_VALUE
        key = (text, whole, strangers, technical)
        found = self._cached.get(key)
        if found is None:
            for read in as_read(text):
                found = self._made(read, whole=whole, strangers=strangers, technical=technical)
                if found != read:
                    break
            else:
                found = text
            if len(text) <= _SHORT and len(self._cached) < _MOST_CACHED:
                self._cached[key] = found
        return text if found == text else found

    def _made(self, text: str, *, whole: bool, strangers: bool, technical: bool) -> str:
        """Return what a text becomes."""
        made = self._of_anybody(text, whole=whole, strangers=strangers, technical=technical)
        return self._text(text, whole=whole, strangers=strangers, technical=technical) if made is None else made

    def _of_anybody(self, text: str, *, whole: bool, strangers: bool, technical: bool) -> str | None:
        """Return what a text becomes for whom it says nothing about; None when it may say something of the person.

        The cleaning asks the person's identifiers a number of questions. Where each of them is answered as it is for
        somebody without identifiers, all that is done is the same.
        """
        if self.matcher.more or len(text) > _LONG_TEXT:
            return None
        made, asked = _nobody(self.policy).outcome(text, whole=whole, strangers=strangers, technical=technical)
        return None if asked.may_be_of(self.matcher, self._searched) else made

    def holds(self, text: str, *, technical: bool = False) -> bool:
        """Say whether a text still holds an identifier of the person, or one by its form.

        A term of imaging that is a part of the person's name is none where it stands as a term.
        """
        return any(self._holds(one, technical=technical) for one in as_read(text))

    def _holds(self, text: str, *, technical: bool) -> bool:
        hit = self.matcher.hits(text) and self.matcher.hits(masked(Words(text), self.matcher))
        return hit or self._tells(text, technical)

    def _tells(self, text: str, technical: bool) -> bool:
        if technical:
            text = _VERSIONS.sub(" ", text)
        return tells(text, ages=self.policy.ages is not Ages.KEEP, dates=self.policy.dates is not Dates.KEEP)

    def _text(self, text: str, *, whole: bool, strangers: bool, technical: bool) -> str:
        if self.matcher.more or _PATH_OF_VALUES.search(text) or any(map(self.matcher.hits, escaped(text))):
            return ""
        if whole or "\\" not in text:
            made = self._value(text, strangers, technical)
        else:
            made = "\\".join(self._value(part, strangers, technical) for part in text.split("\\"))
            if not made.strip("\\ "):
                return ""
        return "" if self.holds(made, technical=technical) else made

    def _value(self, text: str, strangers: bool, technical: bool) -> str:
        if self.matcher.is_short_identifier(text) or (technical and has_street(text)):
            return ""
        for _ in range(_ROUNDS):
            made = self._cut(text, strangers, technical)
            if made == text or not made:
                return made
            if made is not text:
                text = made
        return made if made == self._cut(made, strangers, technical) else ""

    def _cut(self, text: str, strangers: bool, technical: bool) -> str:
        """Return a value with what is found now taken out."""
        words = Words(text).of_machines() if technical else Words(text)
        hit = self.matcher.hits(text)
        lettered: list[tuple[int, int]] = []
        if not technical:
            lettered = [*initials(text, self.matcher), *self._known_days(text), *plain_street_spans(text)]
        loose = loose_parts(words, self.matcher) + ([] if technical else clear_names(words))
        if (
            not hit
            and not loose
            and not lettered
            and plain(words)
            and not suspicious(text)
            and not reads_as_name(text)
            and not ends_in_initials(text)
            and not self._tells(text, technical)
        ):
            return text
        holes = lettered + self._numbers(text, technical)
        for start, end in () if technical else road_spans(text):
            named = [at for at in words.within(start, end) if words.kinds[at] != NUMBER and len(words.folded[at]) > 1]
            if named and (
                words.kinds[named[0]] != TERM or words.folded[named[-1]] in _ROADS or words.folded[named[0]] in _ROADS
            ):
                holes.append((start, end))
        for start, end in holes:
            words.mark(start, end)
        for at in loose:
            words.gone[at] = True
        if not known_parts(words, self.matcher):
            return ""
        for finding in () if technical else find_all(text, self._detectors):
            self._found(finding, words, holes)
        if "_" in text and not technical and any(map(str.isdigit, text)):
            for finding in find_all(text.replace("_", " "), self._detectors):
                if finding.category not in {Category.NAME, Category.GEOGRAPHY}:
                    self._found(finding, words, holes)
        for known in self._known:
            for finding in known.find(text):
                for at in words.within(finding.start, finding.end):
                    words.gone[at] = words.gone[at] or words.kinds[at] != TERM
        mark_names(words, facilities=self.policy.facilities and not technical)
        mark_scripts(words, holes)
        mark_odd(words)
        spread(words)
        if not strangers:
            mark_strangers(words, technical=technical)
        if not holes and not any(words.gone):
            return text
        holes += words.gaps()
        return tidy(_punched(text, holes))

    def _known_days(self, text: str) -> list[tuple[int, int]]:
        return known_day_spans(text, self.matcher, dated=self.policy.dates is not Dates.KEEP)

    def _numbers(self, text: str, technical: bool) -> list[tuple[int, int]]:
        """Return where numbers, dates and addresses stand; in a text about a machine only long numbers and dates."""
        if not technical:
            return list(number_spans(text, self.policy))
        # Versions are blanked in place, so that the ranges stay those of the text.
        firm = list(firm_spans(text, self.policy))
        masked_text = _VERSIONS.sub(lambda found: " " * len(found[0]), text)
        return firm + [
            (start, end)
            for start, end in number_spans(masked_text, self.policy)
            if _LONG.search(masked_text, start, end)
            or has_date(masked_text[start:end])
            or _SLASHED.search(masked_text, start, end)
        ]

    def _found(self, finding: Finding, words: Words, holes: list[tuple[int, int]]) -> None:
        """Take over what a detector found, but for what imaging calls so."""
        places = words.within(finding.start, finding.end)
        text = words.text[finding.start : finding.end]
        category = finding.category
        if category is Category.DATE and finding.kind != "age" and self.policy.dates is Dates.KEEP:
            return
        if category is Category.DATE and finding.kind == "age" and self.policy.ages is Ages.KEEP:
            return
        if category in {Category.NAME, Category.GEOGRAPHY}:
            _trim(words, places, {TERM, NUMBER} if _is_house(finding, words, places) else {TERM, NUMBER, WORD})
            for at in places:
                if is_eastern(words.text[slice(*words.spans[at])]):
                    words.figures.add(at)
                elif words.kinds[at] not in {TERM, NUMBER} and words.folded[at] not in cues()["small"]:
                    words.gone[at] = True
            return
        if category is Category.DATE and not any(map(str.isdigit, text)):
            return  # a day of the week, a season
        if (
            category is Category.DATE
            and finding.kind != "age"
            and _FEW.fullmatch(text)
            and counts(words.text, finding.start, finding.end)
        ):
            return  # an image, a dose, a node of several
        if finding.rule.startswith("cue.") and _DIAGNOSIS.fullmatch(text) and _TITLED.match(words.text, finding.end):
            return  # the code of a diagnosis before its title: Z13.820-Encounter for screening
        if finding.rule == "form.login" and all(words.kinds[at] in {TERM, NUMBER} for at in places):
            return  # a term with its number: mono2
        if finding.rule == "form.mbi":
            holes.append((finding.start, finding.end))
            words.mark(finding.start, finding.end)
            return
        if places and places[0] and words.joined(places[0] - 1) and words.kinds[places[0] - 1] == TERM:
            return  # the figures of a code: b1000
        if not any(words.kinds[at] != TERM for at in places):
            return
        while places and words.kinds[places[0]] in {TERM, WORD}:
            places.pop(0)
        if not places or (
            not _MANY.search(text) and any(words.kinds[at] == TERM and len(words.folded[at]) > 1 for at in places)
        ):
            return  # behind a label of notes: what stands there is of imaging
        start = max(finding.start, words.spans[places[0]][0])
        holes.append((start, finding.end))
        words.mark(start, finding.end)
        return


class _Nobody(Descriptors):
    """Cleans texts of whoever is not told of in them, and remembers how."""

    def __init__(self, policy: Policy) -> None:
        super().__init__((), policy)
        self._short, self._long = Memory(_MOST_SHARED), Memory(_MOST_LONG_SHARED)

    def outcome(self, text: str, *, whole: bool, strangers: bool, technical: bool) -> tuple[str, Asked]:
        """Return a text without identifiers by form, list or context, and what was asked of the person."""

        def make() -> tuple[str, Asked]:
            inquiry = Inquiry()
            self.matcher, self._known = inquiry, [inquiry]
            made = self._text(text, whole=whole, strangers=strangers, technical=technical)
            return made, inquiry.asked()

        memory = self._short if len(text) <= _SHORT else self._long
        return memory.get((text, whole, strangers, technical), make)


@lru_cache(maxsize=8)
def _nobody(policy: Policy) -> _Nobody:
    return _Nobody(policy)


#: Rules of places by a list, or by a word that only a business stands behind: everyday words are their names too.
_NAMED_PLACES = frozenset({"place.named", "place.store", "place.county", "place.famous"})


def _is_house(finding: Finding, words: Words, places: list[int]) -> bool:
    """Say whether everyday words are the name of a place: one of a list, or with a word for a facility at an end.

    Behind such a word at the beginning the name follows: what stands before it is taken off.
    """
    if not places or finding.rule in _NAMED_PLACES:
        return bool(places)
    if not finding.rule.startswith("place.facility"):
        return False
    if words.folded[places[-1]] in cues()["facility"] | cues()["facility_part"]:
        return True
    first = next((index for index, at in enumerate(places) if words.folded[at] in cues()["facility_first"]), None)
    if first is None:
        return False
    del places[:first]  # what stands before the word for a facility is none of its name
    return True


def _trim(words: Words, places: list[int], stay: set[str]) -> None:
    """Drop kinds of words that stay, and letters of sides, from both ends of what a detector took for a name."""

    def away(at: int, beside: int | None) -> bool:
        if words.kinds[at] in stay:
            return True
        if words.kinds[at] != LETTER:
            return False
        return beside is None or words.kinds[beside] in stay or (words.folded[at] in {"l", "r"} and places[-1] == at)

    while places and away(places[0], places[1] if len(places) > 1 else None):
        places.pop(0)
    while places and away(places[-1], places[-2] if len(places) > 1 else None):
        places.pop()


def _punched(text: str, holes: list[tuple[int, int]]) -> str:
    """Put one mark for each range that goes."""
    out: list[str] = []
    at = 0
    for start, end in sorted(holes):
        if end <= at:
            continue
        out += (text[at : max(start, at)], HOLE)
        at = end
    return "".join([*out, text[at:]])


@lru_cache(maxsize=64)
def descriptors_of(known: tuple[tuple[str, str], ...], policy: Policy) -> Descriptors:
    """Return the cleaner of a person's texts, made once for the files that follow each other."""
    return Descriptors(known, policy)
