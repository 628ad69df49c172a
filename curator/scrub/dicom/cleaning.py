"""Applying the decisions to a tree: what stays, what becomes what, and a count of what was done.

Two steps: first each element by rule, then the values that stayed against the person's known identifiers, and the dates
that would tell an age over 89. It must never write a value into its notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from curator.core.errors import ItemError
from curator.identifiers.uids import is_sound_uid
from curator.scrub.dicom.charsets import encode_text
from curator.scrub.dicom.csa import rewrite_csa
from curator.scrub.dicom.dates import OLDEST, Timing, age_years, convert, year_of
from curator.scrub.dicom.decide import (
    BINARY_VRS,
    BIRTH_DATE,
    BULK_VRS,
    NUMBER_VRS,
    Act,
    Action,
    Context,
    decide,
    keyword_of,
    known_tag,
)
from curator.scrub.dicom.descriptors import Descriptors, descriptors_of
from curator.scrub.dicom.dummies import dummy_node, dummy_value
from curator.scrub.dicom.encode import swapped, unit_of
from curator.scrub.dicom.fixed import fixed_value
from curator.scrub.dicom.forms import has_date, has_form, has_old_age
from curator.scrub.dicom.groups import values_of
from curator.scrub.dicom.icc import is_clean_profile
from curator.scrub.dicom.matcher import Matcher, is_registered_uid, matcher_of
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.private import (
    PrivateAction,
    Steps,
    blocks,
    fits,
    private_actions,
    prune_creators,
    step_of,
    table_of,
)
from curator.scrub.dicom.rules import plain, supplement
from curator.scrub.dicom.structured import CONTENT, Plan, plan_of
from curator.scrub.dicom.text import (
    DEFAULT,
    Encodings,
    character_set,
    fitting_text,
    is_number,
    is_standard_term,
)
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Ages, Dates, Policy

_CHARACTER_SET = 0x00080005
_CODING_SCHEME_UID = 0x0008010C
#: Years from here on stand for "never", not for a day on which somebody was alive.
_NEVER = 2100
_NO_ACTS: Mapping[int, Act] = {}
#: Bytes of one sample of the widest waveform.
_ONE_SAMPLE = 8
#: Words where whole numbers belong: three numbers or more whose every byte is a letter, a digit or a separator.
_WHOLE_VRS = frozenset({"AT", "SL", "SS", "SV", "UL", "US", "UV"})
_WORDS = re.compile(rb"[A-Za-z0-9 ^.=_-]{6,}\0?")
#: What is done without reading the element, be it a value or a sequence.
_UNREAD = frozenset({Act.REMOVE, Act.EMPTY, Act.DUMMY, Act.FIXED})


#: What stands for one of several code strings.
_GONE = b"REMOVED"
_LEAST_TEXT = 8
#: Share of printable bytes from which on bytes are a text, in hundredths; real lookup tables stay below 88.
_PRINTABLE = 90
_NOT_PRINTABLE = bytes(mark for mark in range(256) if not (0x20 <= mark < 0x7F or mark >= 0xA0))
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def _is_text(value: bytes) -> bool:
    """Say whether bytes where samples or tables belong are a text, of 8 or 16 bits a character, padding left off."""
    text = value[:_LONGEST_TEXT].strip(b"\0 ")
    if len(text) < _LEAST_TEXT:
        return False
    if text[1::2].count(0) == len(text) // 2 or text[::2].count(0) == (len(text) + 1) // 2:
        text = text.replace(b"\0", b"")
    letters = len(text.translate(None, _NOT_PRINTABLE))
    words = sum(mark in _LETTERS for mark in text)
    return 100 * letters >= _PRINTABLE * len(text) and 2 * words >= len(text) and len(set(text)) > 3


#: Bytes of a value that are looked at to tell a text from numbers.
_LONGEST_TEXT = 4096
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-@^")


def _is_day(value: bytes) -> bool:
    """Say whether one of the numbers of a DS or IS value is a day, written as eight figures."""
    return any(_DAY.fullmatch(part.strip(" \0")) for part in value.decode("latin-1").split("\\"))


def _is_sample(value: bytes) -> bool:
    """Say whether bytes are one sample of a waveform, and no word."""
    return len(value) <= _ONE_SAMPLE and not re.fullmatch(rb"[ -~]{3,}\0?", value)


#: What the table of private attributes lets stay, by what is done with it.
_PRIVATE = {"keep": Act.KEEP, "uid": Act.UID, "date": Act.DATE, "text": Act.CLEAN}
#: Categories of known identifiers that an option retains.
_RETAINED = {"retain_device_identity": "device", "retain_institution_identity": "institution"}


def _searched(known: tuple[tuple[str, str], ...], policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return the known identifiers without those whose category the policy retains."""
    retained = {category for option, category in _RETAINED.items() if policy.applies(option)}
    return tuple(pair for pair in known if pair[0] not in retained) if retained else known


class Decisions:
    """The decision function with its answers remembered. One for each policy and kind of object."""

    def __init__(self, policy: Policy, document: bool) -> None:
        self.policy = policy
        self._contexts = (Context(False, document), Context(True, document))
        self._known: tuple[dict[tuple[int, str | None], Action], ...] = ({}, {})

    def of(self, tag: int, vr: str | None, nested: bool) -> Action:
        """Return the decision about an attribute."""
        known = self._known[nested]
        found = known.get((tag, vr))
        if found is None:
            found = decide(tag, vr, self._contexts[nested], self.policy)
            if known_tag(tag):  # a hostile file cannot fill the memory with tags that it makes up
                known[tag, vr] = found
        return found


@dataclass(frozen=True)
class _Kept:
    """A value that stayed, where it stands, and the text that is compared."""

    home: list[Node]
    node: Node
    path: str
    fallback: Act
    text: str
    cleaned: bool = False


@dataclass(frozen=True)
class _Dated:
    """A date that stayed, with the year that the source said."""

    home: list[Node]
    node: Node
    path: str
    fallback: Act
    year: int


class Cleaner:
    """Cleans one data set.

    Parameters
    ----------
    decisions
        The rules.
    subject
        The person.
    policy
        The policy in force.
    uid
        Maps UIDs.
    """

    def __init__(self, decisions: Decisions, subject: Subject, policy: Policy, uid: Callable[[str], str]) -> None:
        self.decisions = decisions
        self.subject = subject
        self.known = _searched(subject.known, policy)
        self.private = table_of(policy)
        self.policy = policy
        self.uid = uid
        self.timing = Timing(policy, subject.shift_days, subject.first_time)
        self.moving = replace(self.timing, policy=replace(policy, dates=Dates.SHIFT)) if policy.shifted else self.timing
        self.little = True
        self._log: dict[tuple[str, int, str], int] = {}
        self._texts: list[_Kept] = []
        self._numbers: list[_Kept] = []
        self._bulk: list[_Kept] = []
        self._dates: list[_Dated] = []
        self._old = subject.over_89
        self._plan = Plan(policy)
        self._do = {
            Act.KEEP: self._keep,
            Act.UID: self._map_uid,
            Act.DATE: self._date,
            Act.SHIFT: self._date,
            Act.ICC: self._icc,
            Act.CLEAN: self._clean,
            Act.SCREEN: self._clean,
        }

    def note(self, path: str, tag: int, action: str) -> None:
        """Count an action on an attribute below a path."""
        key = (path, tag, action)
        self._log[key] = self._log.get(key, 0) + 1

    def actions(self) -> tuple[tuple[str, str, int], ...]:
        """Return (attribute path, action, count), sorted. Private and unknown tags are not told apart."""
        counts: dict[tuple[str, str], int] = {}
        for (path, tag, action), count in self._log.items():
            key = (path + name_of(tag), action)
            counts[key] = counts.get(key, 0) + count
        return tuple((path, action, count) for (path, action), count in sorted(counts.items()))

    def clean(self, nodes: list[Node], *, little: bool) -> list[Node]:
        """Return the clean data set of a file's top level."""
        self.little = little
        recipe = self.policy.recipe
        if recipe is not None and recipe.searched:
            self.known += tuple(values_of(nodes, recipe.searched))
        made = self._data_set(nodes, "", DEFAULT, nested=False)
        self._add(made)
        self._hide_age()
        self._sweep(matcher_of(self.known))
        if self.private is not None:
            prune_creators(made)
        return made

    def _data_set(
        self,
        nodes: list[Node],
        path: str,
        encodings: Encodings,
        *,
        nested: bool,
        above: Steps = (),
        acts: Mapping[int, Act] = _NO_ACTS,
    ) -> list[Node]:
        made: list[Node] = []
        private: dict[int, PrivateAction] = {}
        creators: dict[tuple[int, int], str] = {}
        if self.private is not None and (above or any((node.tag >> 16) & 1 for node in nodes)):
            private, creators = private_actions(nodes, self.private, above), blocks(nodes)
        for node in nodes:
            if node.tag == _CHARACTER_SET:
                encodings = self._character_set(node, made, path)
        for node in {node.tag: node for node in nodes}.values():
            if node.tag == _CHARACTER_SET:
                continue
            if node.tag in private:
                self._private(node, private[node.tag], made, path, encodings, (*above, step_of(node.tag, creators)))
                continue
            action = self.decisions.of(node.tag, node.vr, nested)
            if node.tag in acts:
                action = overruled(action, acts[node.tag])
            act = action.act
            if (node.items is None) is (action.vr == "SQ") and act not in _UNREAD:
                if node.items is None and not node.value:
                    node = Node(node.tag, "SQ", items=[])
                else:
                    self.note(path, node.tag, "unfit")
                    continue
            if node.fragments and act is not Act.PIXELS:
                self.note(path, node.tag, "removed")
            elif act in {Act.WALK, Act.CONTENT}:
                inside = (*above, step_of(node.tag, creators)) if self.private is not None else ()
                items = self._items(node, path, encodings, nested=nested, above=inside)
                if items or node.tag != CONTENT:  # a content sequence without items is none (PS3.3 Table C.17.3-1)
                    made.append(Node(node.tag, "SQ", items=items))
            elif act in self._do:
                self._do[act](Node(node.tag, action.vr, self._value(node, action.vr)), action, made, path, encodings)
            else:
                self._replace(node, action, act, made, path)
        return made

    def _private(
        self, node: Node, wanted: PrivateAction, made: list[Node], path: str, encodings: Encodings, inside: Steps
    ) -> None:
        """Carry out what the table of private attributes says of an element."""
        tag, vr = node.tag, wanted.vr
        if wanted.kind == "remove":
            self.note(path, tag, "removed")
        elif wanted.kind == "creator":
            made.append(Node(tag, "LO", node.value))
        elif node.fragments or (node.items is None) is (vr == "SQ"):
            self.note(path, tag, "unfit")
        elif node.items is not None:
            made.append(Node(tag, "SQ", items=self._items(node, path, encodings, nested=True, above=inside)))
        else:
            assert wanted.row is not None
            value = self._value(node, vr)
            new = rewrite_csa(value) if wanted.kind == "csa" else value
            if new is None or wanted.kind == "person" or not fits(wanted.row, vr, value):
                self.note(path, tag, "unfit")
                return
            fresh, action = Node(tag, vr, new), Action(_PRIVATE.get(wanted.kind, Act.KEEP), vr, Act.REMOVE, "private")
            if wanted.kind == "csa":
                made.append(fresh)
                self._bulk.append(_Kept(made, fresh, path, Act.REMOVE, ""))
            else:
                self._do[action.act](fresh, action, made, path, encodings)

    def _items(self, node: Node, path: str, encodings: Encodings, *, nested: bool, above: Steps) -> list[list[Node]]:
        """Clean the items of a sequence; content items as their concepts say."""
        assert node.items is not None
        if node.tag == CONTENT and not nested:
            self._plan = plan_of(node.items, self.policy, self._value, little=self.little)
        made = []
        for item in node.items:
            ruling = self._plan.of(item, node.tag)
            if ruling.gone:
                self.note(path, node.tag, "removed")
                continue
            if self._plan.pointers:
                item = [
                    Node(each.tag, "UL", new) if (new := self._plan.pointers.get(id(each))) else each for each in item
                ]
            below = f"{path}{name_of(node.tag)}/"
            made.append(self._data_set(item, below, encodings, nested=True, above=above, acts=ruling.acts))
        return made

    def _add(self, made: list[Node]) -> None:
        """Add the attributes that the policy's recipe adds to the top of each object."""
        there = {node.tag for node in made}
        for tag in sorted(self.policy.added.keys() - there):
            action = self.decisions.of(tag, None, False)
            self._replace(Node(tag, action.vr), action, action.act, made, "", "added")

    def _value(self, node: Node, vr: str) -> bytes:
        """Return an element's bytes in the file's byte order (UN is always little endian, PS3.5 section 6.2.2)."""
        value = bytes(node.value)
        size = unit_of(vr)
        return swapped(value, vr) if node.vr == "UN" and not self.little and not len(value) % size else value

    def _character_set(self, node: Node, made: list[Node], path: str) -> Encodings:
        found = character_set(bytes(node.value)) if node.items is None else None
        if found is None:
            self.note(path, node.tag, "unfit")
            return DEFAULT
        made[:] = [Node(node.tag, "CS", found[0])]
        return found[1] if found[0] not in {b"", b"ISO_IR 6"} else DEFAULT

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
            made.append(Node(tag, vr, self.subject.patient.encode("ascii")))
            self.note(path, tag, "replaced")
        else:  # Act.PIXELS
            made.append(Node(tag, vr, node.value, fragments=node.fragments))

    def _keep(self, node: Node, action: Action, made: list[Node], path: str, encodings: Encodings) -> None:
        """Keep a value if it fits, and remember it for the comparison with the known identifiers."""
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        if vr in BINARY_VRS or vr in BULK_VRS:
            if (
                len(value) % unit_of(vr)
                or (vr in _WHOLE_VRS and _WORDS.fullmatch(value))
                or (vr == "AT" and not all(self._points(value[at : at + 4]) for at in range(0, len(value), 4)))
                or (node.tag in supplement().single and not _is_sample(value))
                or (vr in BULK_VRS and _is_text(value))
            ):
                self._replace(node, action, action.fallback, made, path, "unfit")
                return
            made.append(node)
            if len(value) > 3:
                self._bulk.append(_Kept(made, node, path, Act.REMOVE, ""))
            if vr in BINARY_VRS and len(value) > 3 and value.isascii():
                text = value.strip(b"\0").decode("ascii")
                if text.isprintable():  # words where numbers belong
                    self._texts.append(_Kept(made, node, path, Act.REMOVE, text))
            return
        if vr in NUMBER_VRS:
            if not is_number(value, vr):
                self._replace(node, action, action.fallback, made, path, "unfit")
                return
            made.append(node)
            self._numbers.append(_Kept(made, node, path, action.fallback, ""))
            return
        fitting = fitting_text(value, vr, encodings)
        if fitting is None and vr == "CS" and b"\\" in value:
            # Of several values only those that do not fit go, so that the others keep their places.
            parts = value.rstrip(b"\0 ").split(b"\\")
            value = b"\\".join(part if fitting_text(part, vr, encodings) is not None else _GONE for part in parts)
            node, fitting = Node(node.tag, vr, value), fitting_text(value, vr, encodings)
            self.note(path, node.tag, "unfit")
        closed = supplement().closed.get(node.tag)
        if fitting is None or (closed is not None and fitting and plain(fitting) not in closed):
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        made.append(node)
        if fitting and not (vr == "CS" and is_standard_term(fitting)):
            self._texts.append(_Kept(made, node, path, action.fallback, fitting))

    def _clean(self, node: Node, action: Action, made: list[Node], path: str, encodings: Encodings) -> None:
        """Keep a text without the identifiers in it."""
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        fitting = fitting_text(value, vr, encodings)
        if fitting is None:
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        technical = node.tag in supplement().technical
        strangers = action.act is Act.SCREEN
        text = self._descriptors(technical).clean(fitting, vr=vr, strangers=strangers, technical=technical)
        if text != fitting:
            written = encode_text(text, encodings, vr, value) if text.strip("\\ ") else None
            if not written:
                self._replace(node, action, action.fallback, made, path, "cleaned")
                return
            self.note(path, node.tag, "cleaned")
            node = Node(node.tag, vr, written)
        made.append(node)
        if text:
            self._texts.append(_Kept(made, node, path, action.fallback, text, cleaned=True))

    def _points(self, pointer: bytes) -> bool:
        """Say whether an AT value names a public attribute; private ones are gone, and other numbers may be letters."""
        order: Literal["little", "big"] = "little" if self.little else "big"
        group, element = (int.from_bytes(pointer[at : at + 2], order) for at in (0, 2))
        tag = group << 16 | element
        return not tag or (not group & 1 and known_tag(tag))

    def _map_uid(self, node: Node, action: Action, made: list[Node], path: str, __: Encodings) -> None:
        value = node.value
        assert isinstance(value, bytes)
        old = [part.strip("\0 ") for part in value.decode("latin-1").split("\\")]
        retained = action.rule == "retained"
        new = [
            part if not part or self._stays(node.tag, part) or (retained and is_sound_uid(part)) else self.uid(part)
            for part in old
        ]
        if new == old:
            made.append(node)
            return
        made.append(Node(node.tag, "UI", "\\".join(new).encode("ascii")))
        self.note(path, node.tag, "replaced")

    def _stays(self, tag: int, uid: str) -> bool:
        return is_registered_uid(uid) or (tag == _CODING_SCHEME_UID and uid in supplement().coding_schemes)

    def _date(self, node: Node, action: Action, made: list[Node], path: str, _: Encodings) -> None:
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        old = [part.strip(" ") for part in value.decode("latin-1").rstrip("\0 ").split("\\")]
        timing = self.moving if action.act is Act.SHIFT else self.timing
        new = [convert(vr, part, timing) if part else "" for part in old]
        if None in new:
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        if vr == "AS":
            self._old = self._old or any((age_years(part) or 0) > OLDEST for part in old)
        changed = new != old
        done = Node(node.tag, vr, "\\".join(part or "" for part in new).encode("ascii") if changed else value)
        made.append(done)
        if changed:
            self.note(path, node.tag, "dated")
        if vr in {"DA", "DT"}:
            for part in old:
                year = year_of(vr, part) if part else None
                if year is not None:
                    self._dates.append(_Dated(made, done, path, action.fallback, year))

    def _icc(self, node: Node, action: Action, made: list[Node], path: str, _: Encodings) -> None:
        if is_clean_profile(bytes(node.value)):
            made.append(node)
            self._bulk.append(_Kept(made, node, path, Act.REMOVE, ""))
        else:
            self._replace(node, action, action.fallback, made, path)

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

    def _sweep(self, matcher: Matcher) -> None:
        """Take out what equals a known identifier, or is one by its form."""
        texts = [kept.text for kept in self._texts]
        if matcher.hits("\n".join(texts)) or matcher.whole:
            for kept in self._texts:
                short = (
                    kept.node.vr != "CS" and kept.fallback is not Act.DUMMY and matcher.is_short_identifier(kept.text)
                )
                if short or self._hits(matcher, kept):
                    self._take_out(kept, "known", matcher.hits)
        if self._tells("\n".join(texts)):
            for kept in self._texts:
                if not kept.cleaned and self._tells(kept.text):
                    self._take_out(kept, "pattern", self._tells)
        for kept in self._bulk:
            value = bytes(kept.node.value)
            if matcher.hits_bytes(value) or matcher.hits_binary(value, kept.node.vr or "", little=self.little):
                self._take_out(kept, "known")
        for kept in self._numbers:
            assert isinstance(kept.node.value, bytes)
            if matcher.hits_number(kept.node.value):
                self._take_out(kept, "known")
            elif self.policy.dates is not Dates.KEEP and _is_day(kept.node.value):
                self._take_out(kept, "pattern")

    def _hits(self, matcher: Matcher, kept: _Kept) -> bool:
        """Say whether a text holds a known identifier; in a cleaned one a term of imaging is none."""
        if not kept.cleaned:
            return matcher.hits(kept.text)
        technical = kept.node.tag in supplement().technical
        return self._descriptors(technical).holds(kept.text, technical=technical)

    def _descriptors(self, technical: bool) -> Descriptors:
        """Return the cleaner of texts; an organization that a text about a machine names is its maker."""
        known = tuple(pair for pair in self.known if pair[0] != "institution") if technical else self.known
        return descriptors_of(known, self.policy)

    def _tells(self, text: str) -> bool:
        """Say whether a text holds an identifier by its form: an address, a number, a full date, an age over 89."""
        return (
            has_form(text)
            or (self.policy.ages is not Ages.KEEP and has_old_age(text))
            or (self.policy.dates is not Dates.KEEP and has_date(text))
        )

    def _take_out(self, kept: _Kept, said: str, tells: Callable[[str], bool] | None = None) -> None:
        if not any(node is kept.node for node in kept.home) or kept.node.value == dummy_value(kept.node.vr or ""):
            return
        self.note(kept.path, kept.node.tag, said)
        if kept.node.vr == "CS" and "\\" in kept.text and tells is not None:
            parts = [_GONE.decode("ascii") if tells(part) else part for part in kept.text.split("\\")]
            text = "\\".join(parts)
            if text != kept.text and not tells(text) and set(parts) != {_GONE.decode("ascii")}:
                kept.node.value = text.encode("ascii")
                return
        if kept.fallback is Act.REMOVE:
            kept.home.remove(kept.node)
        elif kept.fallback is Act.EMPTY:
            kept.node.value = b""
        else:
            kept.node.value = dummy_value(kept.node.vr or "")


def overruled(action: Action, act: Act) -> Action:
    """Return the decision about a content item's value where its concept says another than the attribute's rule."""
    if action.rule in {"policy", "recipe"} or action.act in {Act.REMOVE, Act.WALK}:
        return action
    if act is Act.KEEP:  # what an option retains
        return replace(action, act=Act.UID if action.vr == "UI" else Act.KEEP, rule="retained")
    return replace(action, act=act)


def name_of(tag: int) -> str:
    """Return how an attribute is named in a journal: its keyword; its tag when it has none; never a private tag."""
    if (tag >> 16) & 1:
        return "private"
    return keyword_of(tag) or ("group-length" if not tag & 0xFFFF else "unknown")


def walk(nodes: list[Node], path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every element at every depth with the path of the sequence that it stands in."""
    for node in nodes:
        yield path, node
        for item in node.items or ():
            yield from walk(item, f"{path}{name_of(node.tag)}/")
