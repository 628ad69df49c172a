"""Make a line of a label file of one item of an export: its sample, its author, its words, its place in the sample.

What the export does not say is not made up: it comes from the wishes, or the label is refused with a hint how the tool
would say it. A label that no person made is refused unless it was asked for, and then says so.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from curator.core.errors import ItemError, UsageError
from curator.core.hashing import keyed
from curator.labels.checks import Guard, check
from curator.labels.corner import Corner
from curator.labels.fitting import IDENTITY, Facts, check_fit, check_ties, moved, read_facts
from curator.labels.grids import between, stated
from curator.labels.item import Item, Lack
from curator.labels.model import DEFAULT_STAGE, TOOL_NAMES
from curator.labels.naming import Found, Naming
from curator.labels.ontology import Exclusions, Ontology
from curator.labels.regrid import regridded, stacked
from curator.labels.returned import Records, leaf_of
from curator.labels.samples import SampleLike
from curator.labels.timeline import framed, timed
from curator.labels.told import ZONED, reviews_of, word
from curator.labels.values import MAX_DIGITS, check_value, settled
from curator.labels.within import SUFFIXES, in_file, strings

#: Sixteen letters, none of them a vowel: an id of these makes no word and has no digits that look like a number.
LETTERS = "bcdfghjklmnpqrst"
ID_LETTERS = 24
PREFIX = "import-"
NO_PERSON = {"model": "a model's", "interpolated": "filled in between two others"}
STATED = ("preLabel", "blinded", "independent", "informationShown", "truthBasis", "guideline")
_TOOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}@[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
#: Samples whose facts are remembered: an export goes through its samples one by one.
_REMEMBERED = 4096


@dataclass(frozen=True)
class Wishes:
    """What the user says where the export does not, and what may come in.

    Parameters
    ----------
    guideline
        ``id@version``.
    authors
        The person in the export, as it names them, to the id of an enrolled person; ``""`` for labels of nobody.
    labeled_at, zone
        RFC 3339 with a zone for labels without a time; ``Z`` or ``+hh:mm`` for times without a zone.
    confidence
        Digits and scale for labels without one; None when nothing was said, ``("", "")`` to state none.
    origin
        ``human`` when labels of which the export does not say whose work they are were made by people; else empty.
    also
        Of :data:`NO_PERSON`: origins that come in as what they are.
    ontology
        Brings the names of classes to the project's, or None to take them as they are.
    round
        A word that keeps labels of another reading round apart.
    frame_rate
        Frames a second of recordings that labels stand at times of; None to take what the sample states.
    in_pixels
        Shapes may all lie in the first hundred pixels of large images.
    """

    guideline: str
    authors: Mapping[str, str] = field(default_factory=dict, repr=False)
    labeled_at: str | None = None
    zone: str | None = None
    confidence: tuple[str, str] | None = None
    origin: str = ""
    also: frozenset[str] = frozenset()
    ontology: Ontology | None = field(default=None, repr=False)
    round: str = ""
    frame_rate: Decimal | None = None
    in_pixels: bool = False


class Converter:
    """Makes lines of items.

    Parameters
    ----------
    root
        The project's root, for the clean files.
    naming
        The samples.
    roster
        Ids of all enrolled people.
    wishes
        As the user said.
    key
        32 secret bytes of the vault, for ids.
    now
        The present moment; no label was made later.
    guard
        Refuses texts that may hold an identifier.
    coder
        From a UID as exports have it to the project's.
    unchanged
        Says whether a text has the bytes that exports speak of: places in it are those of its original.
    carried
        Returns the maps of a file that was changed, none where none is kept: of the text that it is, or of those that
        it holds. None when exports speak of clean texts.
    records
        The signed labels, for those that were exported and come back.
    """

    def __init__(
        self,
        root: Path,
        naming: Naming,
        roster: frozenset[str],
        wishes: Wishes,
        *,
        key: bytes,
        now: datetime,
        guard: Guard,
        coder: Callable[[str], str],
        unchanged: Callable[[SampleLike], bool],
        carried: Callable[[SampleLike], Sequence[Carrier]] | None = None,
        records: Records | None = None,
    ) -> None:
        self._root = root
        self._naming = naming
        self._roster = roster
        self._wishes = wishes
        self._folded = {name.strip().casefold(): person for name, person in wishes.authors.items()}
        self._key = key
        self._now = now
        self.guard = guard
        self._coder = coder
        self._unchanged = unchanged
        self._carried = carried
        self._records = records
        #: Labels that came back from an export, by whether they were changed since.
        self.returned = {True: 0, False: 0}
        #: Shapes of the export at hand, set anew by whoever goes through exports.
        self.corner = Corner()
        self._facts: dict[str, Facts] = {}
        # Of the clean file that was looked into last: labels of one file come together.
        self._texts: dict[str, str] = {}
        self._strings: dict[str, dict[str, list[int]]] = {}
        self._exclusions = None if wishes.ontology is None else Exclusions(wishes.ontology)

    def see(self, item: Item) -> None:
        """Take a label in beforehand, so that labels which contradict each other are all refused."""
        if self._exclusions is not None:
            with contextlib.suppress(ItemError, KeyError, TypeError, AttributeError):
                self._exclusions.see(self._mapped(self._framed(item)), self._naming.find(item.sample).sample.uid)

    def in_pixels(self) -> None:
        """Refuse an export whose shapes all lie where percent would (IMP-079), unless they were said to be pixels."""
        if self.corner.suspicious and not self._wishes.in_pixels:
            raise UsageError("IMP-079", count=self.corner.shapes)

    def mapped(self, item: Item) -> Item:
        """Return a label on frames, with the ontology's names.

        Raises
        ------
        ItemError
            IMP-052, IMP-053, IMP-061; IMP-066, IMP-075 and IMP-076 for a label at times of a recording.
        """
        item = self._framed(item)
        if self._exclusions is None:
            return item
        made = self._mapped(item)
        self._exclusions.check(made, self._naming.find(item.sample).sample.uid)
        return made

    def _framed(self, item: Item) -> Item:
        if not timed(item):
            return item
        return framed(item, self._of(self._naming.find(item.sample)), self._wishes.frame_rate)

    def _mapped(self, item: Item) -> Item:
        if self._wishes.ontology is None:
            return item
        # The ontology looks into a value, so its form is checked before; the names of classes may be any text.
        check_value(item.kind, settled(item.value))
        return self._wishes.ontology.mapped(item)

    def line(
        self, item: Item, form: str, lacks: tuple[Lack, ...], renamed: Mapping[str, str | None] | None = None
    ) -> dict[str, Any]:
        """Return the fields of one label, as ``curator sign`` takes them.

        Parameters
        ----------
        item
            From a reader.
        form, lacks
            The reader's name, and what files of its format never say.
        renamed
            For a relation: ids of labels of the export to the new ones, None for those that were refused.

        Returns
        -------
        dict
            With the fields of schemas/label-input.schema.json; numbers with a fraction as
            :class:`~curator.labels.reading.Digits`.

        Raises
        ------
        ItemError
            IMP-014, IMP-020 to IMP-027 and IMP-055 to IMP-069; EXP-011 to EXP-013, EXP-018.
        UsageError
            LBL- codes, of what no label may hold.
        """
        switches = {lack.what: f"{lack.switch.rstrip('. ')}. " for lack in lacks if lack.switch}
        if item.origin in NO_PERSON and item.origin not in self._wishes.also:
            raise ItemError("IMP-063", what=NO_PERSON[item.origin])
        found = self._naming.find(item.sample)
        author = self._author(item.author, switches.get("author", ""))
        leaf = None if self._records is None else leaf_of(item)
        fields: dict[str, Any] = {
            # A form's own numbers are given anew at each export, so a label that comes back is named by its record.
            "labelId": self._id(form, found, author, item.label_id if leaf is None else f"back {item.label_id} {leaf}"),
            "sample": found.sample.path,
            "kind": item.kind,
            "value": self._value(item, form, found, author, renamed),
            "author": author,
            "labeledAt": self._time(item.labeled_at, switches.get("labeled-at", "")),
            "stage": word(item.stage) or DEFAULT_STAGE,
            "guideline": self._wishes.guideline,
            **{name: item.stated[name] for name in STATED if name in item.stated},
        }
        part = _part(item.part, found)
        if part is not None:
            fields["location"] = part
        if item.reviews:
            fields["toolReviews"] = reviews_of(
                item.reviews, lambda name: self._author(name, ""), self.guard, self._now, self._wishes.zone
            )
        origin = self._wishes.origin if item.origin == "unknown" else item.origin
        if origin:
            fields["origin"] = origin
        if "preLabel" not in fields and item.kept.get("origin") == "prediction-changed":
            fields["preLabel"] = {"shown": True, "changed": True}
        changed = None
        if self._records is not None and leaf is not None:
            changed = self._records.settle(fields, found.sample.uid, leaf)
        fields.update(self._confidence(item, switches.get("confidence", "")))
        if item.tool is not None:
            tool = "@".join(item.tool)
            # A name that may hold an identifier stays in the vault; the label itself is not the worse for it.
            if _TOOL.fullmatch(tool) and all(one in TOOL_NAMES or self.guard(one) for one in item.tool):
                fields["tool"] = tool
        check(1, fields, now=self._now, guard=self.guard)
        if changed is not None:
            self.returned[changed] += 1
        return fields

    def _author(self, given: str | None, switch: str) -> str:
        named = (given or "").strip()
        person = self._wishes.authors.get(named) or self._folded.get(named.casefold())
        if person is None and named in self._roster:
            person = named
        if person is None and not named:
            raise ItemError("IMP-059", switch=switch)
        if person is None or person not in self._roster:
            raise ItemError("IMP-058")
        return person

    def _id(self, form: str, found: Found, author: str, name: str) -> str:
        parts = (form, found.sample.uid, author, self._wishes.round, name)
        digest = keyed(self._key, "label-id", *(part.encode("utf-8", "surrogatepass") for part in parts)).hex()
        return PREFIX + "".join(LETTERS[int(digit, 16)] for digit in digest[:ID_LETTERS])

    def _value(
        self, item: Item, form: str, found: Found, author: str, renamed: Mapping[str, str | None] | None
    ) -> dict[str, Any]:
        value = dict(item.value)
        if item.kind == "relation":
            for end in ("from", "to"):
                other = (renamed or {}).get(value.get(end, ""))
                if other is None:
                    raise ItemError("IMP-026", what="label that came in")
                value[end] = other
        if item.kind == "track":
            if not isinstance(value.get("track"), str | int):
                raise ItemError("IMP-061", what="track")
            value["track"] = self._id(form, found, author, f"track {value['track']}")
        value = settled(value)
        check_value(item.kind, value)
        if "whole" in value:
            raise ItemError("IMP-061", what="whole")
        facts = self._of(found)
        placed = item.kind == "volume-mask" and "geometry" in item.kept
        sized = found.matrix == IDENTITY and not placed  # the size of a volume that lies in space is compared there
        if sized and item.sample.size not in {None, (facts.columns, facts.rows)}:
            raise ItemError("IMP-064" if facts.rows else "IMP-066")
        check_ties(item.kept, facts, self._coder)
        if item.kind == "span":
            value = self._in_text(item, value, found, facts)
        if placed and facts.rows:
            value = settled(_placed(item, value, found, facts))
        there = moved(item.kind, value, found.matrix, facts)
        value = value if there is value else settled(there)
        check_fit(item.kind, value, _part(item.part, found), facts)
        self.corner.see(item.kind, value, facts)
        return value  # type: ignore[no-any-return]

    def _in_text(self, item: Item, value: dict[str, Any], found: Found, facts: Facts) -> dict[str, Any]:
        """Return a span in the sample's text, carried along when that was changed by the scrub.

        Raises
        ------
        ItemError
            IMP-014 when the text that was annotated is not the sample's, nor in it, nor its original; IMP-056 when the
            file holds it several times; IMP-073 when nothing says where its places went; IMP-074 when nothing is left
            of what the span covered; IMP-077 when nothing says what its offsets count.
        """
        if facts.paired and not item.sample.units_told:
            raise ItemError("IMP-077")
        stated = item.sample.sha256
        same = stated in facts.digests if stated is not None else self._unchanged(found.sample)
        if same:
            return value
        if self._carried is None:
            return self._in_string(value, found.sample.path, self._begins(found.sample.path, stated))
        maps = self._carried(found.sample)
        if not maps:
            raise ItemError("IMP-073")
        fits = [one for one in maps if (one.at is None if stated is None else stated in one.digests)]
        if not fits:
            raise ItemError("IMP-073" if stated is None else "IMP-014")
        if len(fits) > 1:
            raise ItemError("IMP-056", count=len(fits))
        return self._in_string(_carried(value, fits[0]), found.sample.path, fits[0].at)

    def _begins(self, path: str, stated: str | None) -> int:
        """Return where the string with a digest begins in a clean file (IMP-014 for none, IMP-056 for several)."""
        if path not in self._strings:
            self._strings = {path: strings(self._text(path)) if path.endswith(SUFFIXES) else {}}
        places = self._strings[path].get(stated or "", [])
        if not places:
            raise ItemError("IMP-014")
        if len(places) > 1:
            raise ItemError("IMP-056", count=len(places))
        return places[0]

    def _in_string(self, value: dict[str, Any], path: str, at: int | None) -> dict[str, Any]:
        """Return a span in a string of a clean file as one in the file."""
        if at is None:
            return value
        pieces = in_file(self._text(path), at, value.get("pieces") or [[value["start"], value["end"]]])
        return _put(value, pieces)

    def _text(self, path: str) -> str:
        if path not in self._texts:
            try:
                self._texts = {path: (self._root / path).read_bytes().decode("utf-8")}
            except (OSError, UnicodeDecodeError):
                raise ItemError("IMP-066") from None
        return self._texts[path]

    def _of(self, found: Found) -> Facts:
        path = found.sample.path
        if path not in self._facts:
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            self._facts[path] = read_facts(self._root / path, getattr(found.sample, "kind", "dicom"))
        return self._facts[path]

    def _time(self, given: str | None, switch: str) -> str:
        wishes = self._wishes
        if given and ZONED.fullmatch(given.strip()):
            return given.strip()
        if given and wishes.zone is not None:
            return given.strip() + wishes.zone
        if not given and wishes.labeled_at is not None:
            return wishes.labeled_at
        raise ItemError("IMP-060", switch=switch)

    def _confidence(self, item: Item, switch: str) -> dict[str, Any]:
        wish = self._wishes.confidence
        if item.confidence is None:
            if wish is None:
                raise ItemError("IMP-062", switch=switch)
            return {"confidence": wish[0], "confidenceScale": wish[1]} if wish[0] else {}
        made: dict[str, Any] = {"confidence": _digits(item.confidence)}
        scale = item.confidence_scale or (wish[1] if wish is not None else "")
        return {**made, "confidenceScale": scale} if scale else made


class Carrier(Protocol):
    """Says where places of an original text went."""

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 (hex) of the original in UTF-8, with and without the line breaks at its end."""
        ...

    @property
    def at(self) -> int | None:
        """Where in the clean file the string of JSON begins that the text became; None when it is the file."""
        ...

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a range went (ValueError for one that does not lie in the original)."""
        ...


def _carried(value: dict[str, Any], moved: Carrier) -> dict[str, Any]:
    pieces = value.get("pieces") or [[value["start"], value["end"]]]
    try:
        there = [list(moved.span(start, end)) for start, end in pieces]
    except ValueError:
        raise ItemError("IMP-021") from None
    if any(start >= end for start, end in there):
        raise ItemError("IMP-074")
    return _put(value, there)


def _put(value: dict[str, Any], pieces: list[list[int]]) -> dict[str, Any]:
    if "pieces" in value:
        return {**value, "pieces": pieces}
    return {**value, "start": pieces[0][0], "end": pieces[0][1]}


def _placed(item: Item, value: dict[str, Any], found: Found, facts: Facts) -> dict[str, Any]:
    """Return a mask on its sample's voxels, by where both lie in the patient.

    A table that names the sample stands for a place that one of the two does not state: the voxels are then the same.

    Raises
    ------
    ItemError
        IMP-070 to IMP-072.
    """
    geometry = item.kept["geometry"]
    if isinstance(geometry, dict) and "planes" in geometry:
        # Frames that each state a place: what says where the sample's slices lie is the sample alone.
        if facts.grid is None:
            raise ItemError("IMP-072", what="sample")
        return stacked(value, geometry["planes"], facts.grid)
    grid = stated(geometry, value["size"])
    if grid is not None and facts.grid is not None:
        return regridded(item.kind, value, between(grid, facts.grid))
    if not found.told:
        raise ItemError("IMP-072", what="sample" if grid is not None else "mask")
    return value


def _digits(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        raise ItemError("IMP-061", what="confidence")
    return format(value, "f")


def _part(part: dict[str, Any] | None, found: Found) -> dict[str, Any] | None:
    """Return the part of the sample that a label means (IMP-065 when a derived image's frame and its own differ)."""
    if part is not None and part.keys() not in ({"frames"}, {"slice"}):
        raise ItemError("IMP-061", what="part")
    if found.frame is None:
        return part
    if part is not None and part != {"frames": [1]}:
        raise ItemError("IMP-065")
    return {"frames": [found.frame]}
