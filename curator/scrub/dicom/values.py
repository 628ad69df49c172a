"""What becomes of a value that a rule lets stay: whether it fits, what it is mapped to, and whether it tells somebody.

Each value is decided when it is met: first by the rule's own act, then against the person's known identifiers and by
its form. It must never write a value into its notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from curator.identifiers.uids import is_sound_uid
from curator.scrub.dicom.charsets import encode_text
from curator.scrub.dicom.codestrings import codes_alone
from curator.scrub.dicom.dated import DatedValues
from curator.scrub.dicom.decide import BINARY_VRS, BULK_VRS, NUMBER_VRS, Act, Action, known_tag
from curator.scrub.dicom.descriptors import Descriptors, descriptors_of
from curator.scrub.dicom.descriptors_numbers import firm_spans, has_street, without_hosts
from curator.scrub.dicom.descriptors_odd import is_named
from curator.scrub.dicom.descriptors_terms import is_maker
from curator.scrub.dicom.dummies import dummy_value
from curator.scrub.dicom.encode import unit_of
from curator.scrub.dicom.forms import tells
from curator.scrub.dicom.garbled import without_garble
from curator.scrub.dicom.icc import is_clean_profile
from curator.scrub.dicom.matcher import is_registered_uid, matcher_of
from curator.scrub.dicom.model import Subject
from curator.scrub.dicom.rules import supplement
from curator.scrub.dicom.shapes import GONE, are_numbers, fits_number, fitted, is_day, is_sample, is_text, is_words
from curator.scrub.dicom.text import Encodings, fitting_text, spelled, standard_terms
from curator.scrub.dicom.tree import Node
from curator.scrub.policy.model import Ages, Dates, Policy

#: Names of fonts: the only texts of codes in which a name may stand.
_FONTS = frozenset({0x00700227, 0x00700229})
_NO_TEXT = BINARY_VRS | BULK_VRS
#: Texts that may have no lines (PS3.5 Table 6.2-1), and what ends one in them all the same.
_NO_LINES = frozenset({"LO", "SH", "UC"})
_LINES = re.compile(rb"[\t\r\n\f]+")
#: Most pairs of words that are compared where the lines of a text and the text in one line were cleaned differently.
_MOST_COMPARED = 250_000
_LONG_WORD = re.compile(r"[^\W\d_]{8,}(?:[ ^,.'-]+[^\W\d_]+)*")
_CODING_SCHEME_UID, _CODING_SCHEME_KEEPER = 0x0008010C, 0x00080116
#: Figures of a number that tells nobody: an index.
_INDEX = 2
#: Categories of known identifiers that name a place: a maker has one too.
_PLACES = frozenset({"institution", "institution_address", "address"})
#: Categories of known identifiers that an option retains.
_RETAINED = {
    "retain_device_identity": frozenset({"device"}),
    "retain_institution_identity": frozenset({"institution", "institution_address"}),
}


def _searched(known: tuple[tuple[str, str], ...], policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return the known identifiers without those whose category the policy retains; a birth date is always searched."""
    retained = {one for option, categories in _RETAINED.items() if policy.applies(option) for one in categories}
    if policy.dates is Dates.KEEP:
        retained.add("date")
    return tuple(pair for pair in known if pair[0] not in retained) if retained else known


def _in_one_line(lines: str, line: str) -> str:
    """Return what is left of a text both where its lines are cleaned each for itself and where they are one.

    A name may go over the end of a line, and a line may be one by itself. Of a text whose two forms differ over so many
    words that comparing them would take long, nothing is left: a UC may have any length.
    """
    one, other = lines.split(), line.split()
    least = min(len(one), len(other))
    start = next((at for at in range(least) if one[at] != other[at]), least)
    end = next((at for at in range(least - start) if one[-1 - at] != other[-1 - at]), least - start)
    head, tail = one[:start], one[len(one) - end :]
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if len(one) * len(other) > _MOST_COMPARED:
        return ""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return " ".join([*head, *(word for block in blocks for word in one[block.a : block.a + block.size]), *tail])


def _beside_terms(hits: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return the same search of several code strings, the terms of the standard among them left out.

    Letters and figures are terms too; many in a row are asked for together.
    """

    def found(text: str) -> bool:
        parts = [part.strip() for part in text.split("\\")]
        rest = "\\".join("" if part in standard_terms() else part for part in parts)
        return hits(rest) or any(map(hits, spelled(parts)))

    return found


def _is_of_maker(place: str) -> bool:
    """Say whether a place is called by what makers are called by too; the number of a site is nobody else's."""
    return is_maker(place) and not any(map(str.isdigit, place))


class Searched:
    """What is searched for in the objects of one person, made ready once for those that follow each other."""

    def __init__(self, known: tuple[tuple[str, str], ...], policy: Policy) -> None:
        self.policy = policy
        self.known = known
        self.matcher = matcher_of(known)
        #: What is searched in texts about machines and coding schemes, where a maker's name is nobody's place.
        self.of_machines = tuple(pair for pair in known if pair[0] not in _PLACES or not _is_of_maker(pair[1]))
        self.own_hits = matcher_of(self.of_machines).hits if len(self.of_machines) < len(known) else self.matcher.hits
        self._cleaners: dict[bool, Descriptors] = {}
        #: Finds what is an identifier whoever's it is.
        self.anybody = descriptors_of((), policy)

    def cleaner(self, technical: bool) -> Descriptors:
        """Return the cleaner of texts; an organization that a text about a machine names is its maker."""
        found = self._cleaners.get(technical)
        if found is None:
            known = self.of_machines if technical else self.known
            found = self._cleaners[technical] = descriptors_of(known, self.policy)
        return found


#: The last answer: telling by their identity that known identifiers are the same is much quicker than by their values.
_latest: tuple[tuple[tuple[str, str], ...], Policy, Searched] | None = None


def searched_of(known: tuple[tuple[str, str], ...], policy: Policy) -> Searched:
    """Return what is searched for in the objects of a person under a policy, from all that is known of them."""
    global _latest
    if _latest is None or _latest[0] is not known or _latest[1] is not policy:
        _latest = known, policy, _searched_of(known, policy)
    return _latest[2]


@lru_cache(maxsize=64)
def _searched_of(known: tuple[tuple[str, str], ...], policy: Policy) -> Searched:
    return Searched(_searched(known, policy), policy)


class Values(DatedValues):
    """Handles the values of one data set.

    Parameters
    ----------
    subject
        The person.
    policy
        The policy in force.
    uid
        Maps UIDs.
    """

    def __init__(self, subject: Subject, policy: Policy, uid: Callable[[str], str]) -> None:
        super().__init__(subject, policy)
        self.uid = uid
        self._take(searched_of(subject.known, policy))
        self._ages = policy.ages is not Ages.KEEP
        self._days = policy.dates is not Dates.KEEP
        self._worded = supplement().words
        self._cleans = policy.applies("clean_descriptors")

    def _search(self, known: tuple[tuple[str, str], ...]) -> None:
        """Search for these identifiers from now on."""
        self._take(Searched(known, self.policy))

    def _take(self, searched: Searched) -> None:
        self.searched = searched
        self.known = searched.known
        self.matcher = searched.matcher

    def keep(self, node: Node, action: Action, made: list[Node], path: str, encodings: Encodings) -> None:
        """Keep a value if it fits and tells nobody."""
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        if vr in NUMBER_VRS:
            if not fits_number(value, vr):
                self._replace(node, action, action.fallback, made, path, "unfit")
                return
            made.append(node)
            if self.matcher.hits_number(value):
                self._take_out(node, made, path, action.fallback, "known")
            elif self._days and len(value) >= 8 and is_day(value):
                self._take_out(node, made, path, action.fallback, "pattern")
            return
        if vr in _NO_TEXT:
            self._keep_bytes(node, action, value, made, path)
            return
        fit = fitted(node.tag, vr, value, encodings)
        if fit.parted:
            node = Node(node.tag, vr, fit.value or b"")
            self.note(path, node.tag, "unfit")
        if fit.value is None or (fit.text and vr != "CS" and self._is_no_code(node.tag, fit.text, vr)):
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        text = fit.text
        if text and vr == "CS" and (self._cleans or action.rule == "private") and action.rule != "retained":
            # What a policy asks to keep may be the jargon of one site.
            text = codes_alone(text, self.searched.anybody, strangers=action.rule == "policy")
            if not text:
                self._replace(node, action, action.fallback, made, path, "cleaned")
                return
            if text != fit.text:
                self.note(path, node.tag, "cleaned")
                node = Node(node.tag, vr, text.encode("ascii"))
        made.append(node)
        if text:
            self._settle(node, made, path, action.fallback, text)

    def _is_no_code(self, tag: int, text: str, vr: str) -> bool:
        """Say whether a word that nothing knows stands where codes belong: a name is no code."""
        if tag not in self._worded or not self._cleans:
            return False
        if (tag not in _FONTS and is_named(text)) or any(firm_spans(text, self.policy)) or has_street(text):
            return True
        return bool(_LONG_WORD.fullmatch(text)) and self.searched.cleaner(technical=False).clean(text, vr=vr) != text

    def _keep_bytes(self, node: Node, action: Action, value: bytes, made: list[Node], path: str) -> None:
        """Keep numbers or bytes that are no text and hold none that tells somebody."""
        vr = action.vr
        if (
            len(value) % unit_of(vr)
            or is_words(value, vr)
            or (vr == "AT" and not all(self._points(value[at : at + 4]) for at in range(0, len(value), 4)))
            or (node.tag in supplement().single and not is_sample(value))
            or (vr in BULK_VRS and is_text(value) and not are_numbers(value, vr, self._order))
        ):
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        made.append(node)
        if len(value) <= 3:
            return
        if vr in BINARY_VRS and value.isascii():
            text = value.strip(b"\0").decode("ascii")
            if text.isprintable():  # words where numbers belong
                self._settle(node, made, path, Act.REMOVE, text)
        self._settle_bytes(node, made, path)

    def clean_text(self, node: Node, action: Action, made: list[Node], path: str, encodings: Encodings) -> None:
        """Keep a text without the identifiers in it."""
        vr, value = action.vr, node.value
        assert isinstance(value, bytes)
        lined = vr in _NO_LINES and _LINES.search(value) is not None
        fitting = fitting_text(_LINES.sub(b" ", value) if lined else value, vr, encodings)
        if fitting is None:
            self._replace(node, action, action.fallback, made, path, "unfit")
            return
        if node.tag == _CODING_SCHEME_KEEPER and fitting in supplement().keepers:
            made.append(node)
            return
        technical = node.tag in supplement().technical
        strangers = action.act is Act.SCREEN
        cleaner = self.searched.cleaner(technical)
        index = action.fallback is Act.DUMMY and len(fitting) <= _INDEX and fitting.isdecimal() and not lined
        if index:
            text = fitting  # a dummy would make one of several stacks
        else:
            readable = without_garble(fitting, encodings)
            if technical and node.tag not in supplement().versions:
                readable = without_hosts(readable)
            if lined:
                parted = fitting_text(_LINES.sub(b"\n", value), "UT", encodings) or ""
                readable = _in_one_line(
                    cleaner.clean(without_garble(parted, encodings), vr="UT", strangers=strangers, technical=technical),
                    cleaner.clean(readable, vr=vr, strangers=strangers, technical=technical),
                )
            text = cleaner.clean(readable, vr=vr, strangers=strangers, technical=technical)
        if text != fitting or lined:
            written = encode_text(text, encodings, vr, value) if text.strip("\\ ") else None
            if not written:
                self._replace(node, action, action.fallback, made, path, "cleaned")
                return
            self.note(path, node.tag, "cleaned")
            node = Node(node.tag, vr, written)
        made.append(node)
        if not text:
            return
        # What was cleaned has been asked for this already.
        if self._is_short(vr, action.fallback, text) or (index and cleaner.holds(text, technical=technical)):
            self._take_out(node, made, path, action.fallback, "known", text, self.matcher.hits)

    @property
    def _order(self) -> Literal["little", "big"]:
        return "little" if self.little else "big"

    def _points(self, pointer: bytes) -> bool:
        """Say whether an AT value names a public attribute; private ones are gone, and other numbers may be letters."""
        group, element = (int.from_bytes(pointer[at : at + 2], self._order) for at in (0, 2))
        tag = group << 16 | element
        return not tag or (not group & 1 and known_tag(tag))

    def map_uid(self, node: Node, action: Action, made: list[Node], path: str, __: Encodings) -> None:
        """Write the new UID for each of an element's UIDs that may not stay."""
        value = node.value
        assert isinstance(value, bytes)
        self.personal += 1
        text = value.decode("latin-1")
        old = [part.strip("\0 ") for part in text.split("\\")] if "\\" in text else [text.strip("\0 ")]
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
        if is_registered_uid(uid):
            return True
        rules = supplement()
        known = rules.coding_schemes if tag == _CODING_SCHEME_UID else rules.private_classes
        return uid in known and (tag == _CODING_SCHEME_UID or tag in rules.of_classes)

    def icc(self, node: Node, action: Action, made: list[Node], path: str, _: Encodings) -> None:
        """Keep a color profile if it is a clean one."""
        if is_clean_profile(bytes(node.value)):
            made.append(node)
            self._settle_bytes(node, made, path)
        else:
            self._replace(node, action, action.fallback, made, path)

    def _is_short(self, vr: str, fallback: Act, text: str) -> bool:
        return vr != "CS" and fallback is not Act.DUMMY and self.matcher.is_short_identifier(text)

    def _settle(self, node: Node, made: list[Node], path: str, fallback: Act, text: str) -> None:
        """Take a text that stayed out again if it is a known identifier, or one by its form."""
        hits: Callable[[str], bool] = self.searched.own_hits if node.tag in self._worded else self.matcher.hits
        if node.vr == "CS" and "\\" in text and hits(text):  # a term of the standard is one among other values too
            hits = _beside_terms(hits)
        if hits(text) or self._is_short(node.vr or "", fallback, text):
            self._take_out(node, made, path, fallback, "known", text, hits)
            if node.vr == "CS" and "\\" in text and node.value:
                text = bytes(node.value).decode("ascii")  # what went must not come back
        if self._tells(text):
            self._take_out(node, made, path, fallback, "pattern", text, self._tells)

    def _settle_bytes(self, node: Node, made: list[Node], path: str) -> None:
        value = bytes(node.value)
        if self.matcher.hits_bytes(value) or self.matcher.hits_binary(value, node.vr or "", little=self.little):
            self._take_out(node, made, path, Act.REMOVE, "known")

    def _tells(self, text: str) -> bool:
        """Say whether a text holds an identifier by its form: an address, a number, a full date, an age over 89."""
        return tells(text, ages=self._ages, dates=self._days)

    def _take_out(
        self,
        node: Node,
        made: list[Node],
        path: str,
        fallback: Act,
        said: str,
        text: str = "",
        hits: Callable[[str], bool] | None = None,
    ) -> None:
        if not any(each is node for each in made) or node.value == dummy_value(node.vr or ""):
            return
        self.note(path, node.tag, said)
        if node.vr == "CS" and "\\" in text and hits is not None:
            parts = [GONE if hits(part) else part for part in text.split("\\")]
            rest = "\\".join(parts)
            if rest != text and not hits(rest) and set(parts) != {GONE}:
                node.value = rest.encode("ascii")
                return
        if fallback is Act.REMOVE:
            made.remove(node)
        elif fallback is Act.EMPTY:
            node.value = b""
        else:
            node.value = dummy_value(node.vr or "")


#: What carries out an act on the value of a :class:`Values`.
HANDLERS: dict[Act, Callable[[Values, Node, Action, list[Node], str, Encodings], None]] = {
    Act.KEEP: Values.keep,
    Act.UID: Values.map_uid,
    Act.DATE: Values.date,
    Act.SHIFT: Values.date,
    Act.ICC: Values.icc,
    Act.CLEAN: Values.clean_text,
    Act.SCREEN: Values.clean_text,
}
