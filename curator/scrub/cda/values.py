"""What becomes of the values of CDA's data types: ids, codes, quantities, times. No value is ever counted or named.

A value that may not stay is replaced by the null flavor MSK (masked), so that the document says that there was one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from curator.identifiers.known import folded
from curator.scrub.answers import ninety
from curator.scrub.cda import tables
from curator.scrub.cda.xml import Node
from curator.scrub.document.weave import Leaf
from curator.scrub.medium import OLDEST, Person
from curator.scrub.policy.model import Ages
from curator.scrub.postal import is_abroad, is_foreign, may_be_state, zip3
from curator.scrub.questions import Age
from curator.scrub.treatment import Treatment

_NUMBER = re.compile(r"[+-]?[0-9]{1,8}(?:\.[0-9]{1,9})?(?:[eE][+-]?[0-9]{1,2})?|[+-]?\.[0-9]{1,9}")
_SHORT = re.compile(r"[+-]?[0-9]{1,7}(?:\.[0-9]{1,9})?|[+-]?\.[0-9]{1,9}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,6}")
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}|20[0-9]{2}(?:-[0-9]{2})?")
_TEMPLATE = re.compile(r"POCD_HD000040|20(?:1[4-9]|2[0-9])-(?:[01][0-9]-01|06-09)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_YEARS = {"a": 1.0, "a_j": 1.0, "a_t": 1.0, "a_g": 1.0, "year": 1.0, "years": 1.0, "yr": 1.0, "yrs": 1.0}
_PARTS_OF_YEARS = _YEARS | {"mo": 12.0, "mo_j": 12.0, "month": 12.0, "months": 12.0, "wk": 52.18, "week": 52.18}
_PARTS_OF_YEARS |= {"weeks": 52.18, "d": 365.25, "day": 365.25, "days": 365.25, "h": 8766.0}
MASKED = "MSK"


@dataclass
class Values:
    """The treatment of typed values in one document.

    Parameters
    ----------
    person
        Whom the document is about, with all that is known of them.
    treatment
        The policy.
    own_ids
        (root, extension) and ("", extension) of the patient's ids.
    counts
        (place, action) to how often.
    """

    person: Person
    treatment: Treatment
    own_ids: frozenset[tuple[str, str]] = field(repr=False)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _known: frozenset[str] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        """Fold what is known, so that no code is kept that is one of the person's own numbers."""
        plain = (folded(value)[0] for _, value in self.person.known)
        self._known = frozenset(value for value in plain if len(value) >= 4)

    def note(self, place: str, action: str, count: int = 1) -> None:
        """Count an action."""
        if count:
            self.counts[place, action] += count

    def keeps(self, value: str) -> bool:
        """Say whether a plain value is none of the person's own identifiers."""
        return folded(value)[0] not in self._known

    def mask(self, out: Node, place: str, action: str = "removed") -> None:
        """Say in an element that its value is masked."""
        out.attributes["nullFlavor"] = MASKED
        self.note(place, action)

    def identifier(self, node: Node, out: Node, place: str, *, patient: bool) -> None:
        """Write an II: the patient's becomes the pseudonym, any other a code, roots only where registered."""
        root, extension = node.get("root").strip(), node.get("extension").strip()
        if node.get("displayable") in {"true", "false"}:
            out.attributes["displayable"] = node.get("displayable")
        if not root and not extension:
            if "nullFlavor" not in out.attributes:
                self.mask(out, place)
            return
        if root:
            registered = tables.is_registered(root)
            plain = root.lower() if _UUID.fullmatch(root) else root
            out.attributes["root"] = root if registered else self.treatment.uid(plain)
            if registered and not extension:
                return
        own = (root, extension) in self.own_ids or (len(extension) > 4 and ("", extension) in self.own_ids)
        if extension:
            new = self.person.pseudonym if patient or own else self.treatment.code(root, extension)
            out.attributes["extension"] = new
        self.note(place, "pseudonymized" if patient or own else "replaced")

    def template(self, node: Node, out: Node, place: str) -> bool:
        """Write a templateId or typeId; False when it is of no registered arc and must go."""
        root, extension = node.get("root").strip(), node.get("extension").strip()
        if not tables.is_artifact(root):
            self.note(place, "unknown")
            return False
        out.attributes["root"] = root
        if _TEMPLATE.fullmatch(extension):
            out.attributes["extension"] = extension
        elif extension:
            self.note(place, "removed")
        return True

    def code(self, node: Node, out: Node, place: str) -> str | None:
        """Write a coded value; return its display name when that is to be written after cleaning."""
        code, oid = node.get("code").strip(), node.get("codeSystem").strip()
        system = tables.system_of(oid)
        for name in ("valueSet", "sdtc:valueSet"):
            if name in node.attributes and tables.is_artifact(node.get(name).strip()):
                out.attributes[name] = node.get(name).strip()
        if system is not None:
            if code and not (system.takes(code) and self.keeps(code)):
                self.mask(out, place)
                return None
            out.attributes["codeSystem"] = oid
            out.attributes["codeSystemName"] = system.name
            if _VERSION.fullmatch(node.get("codeSystemVersion")):
                out.attributes["codeSystemVersion"] = node.get("codeSystemVersion")
            if code:
                out.attributes["code"] = code
            return node.get("displayName") or None
        if node.get("displayName"):
            self.note(place, "removed")
        if code:
            out.attributes["code"] = self.treatment.code(oid, code)
            if oid:
                out.attributes["codeSystem"] = self.treatment.uid(oid)
            self.note(place, "replaced")
        return None

    def simple(self, node: Node, out: Node, place: str, kind: str) -> None:
        """Write a CS: a code of the standard's own lists."""
        code = node.get("code").strip()
        if not code:
            return
        if kind == "languageCode":
            good = _LANGUAGE.fullmatch(code) is not None
        else:
            good = code in tables.vocabulary().get(kind, frozenset())
        if good:
            out.attributes["code"] = code
        else:
            self.mask(out, place)

    def time(self, node: Node, out: Node, place: str, *, birth: bool) -> None:
        """Write a time stamp by the policy."""
        value = node.get("value").strip()
        if not value:
            return
        new = self.treatment.date(value, self.person, birth=birth)
        if new:
            out.attributes["value"] = new
            self.note(place, "dated", int(new != value))
        else:
            self.mask(out, place)

    def quantity(self, node: Node, out: Node, place: str, *, age: Age | None = None) -> None:
        """Write a PQ or REAL: a number with a known unit; ages over 89 become 90."""
        value, given = node.get("value").strip(), node.get("unit").strip()
        known = tables.unit(given) if given else None
        if given and known is None:
            self.note(place, "unknown")
        elif known is not None:
            out.attributes["unit"] = known
        if not value:
            return
        form = _NUMBER if known not in {None, "1"} else _SHORT
        if not form.fullmatch(value) or not self.keeps(value):
            out.attributes.pop("unit", None)
            self.mask(out, place)
            return
        out.attributes["value"] = value
        per_year = (_PARTS_OF_YEARS if age else _YEARS).get(known or "")
        if age is not None and known in {None, "1"}:
            per_year = age.per_year or None
        old = per_year is not None and float(value) / per_year >= OLDEST + 1
        if old and self.treatment.policy.ages is Ages.CAP:
            out.attributes["value"] = "90"
            if per_year != 1.0:
                out.attributes["unit"] = "a"
            self.note(place, "capped")

    def integer(self, node: Node, out: Node, place: str, *, age: Age | None = None, digits: int = 6) -> None:
        """Write an INT of few digits."""
        value = node.get("value").strip()
        if not value:
            return
        if not _INTEGER.fullmatch(value) or len(value) > digits or not self.keeps(value):
            self.mask(out, place)
            return
        out.attributes["value"] = value
        most = ninety(age) if age is not None and self.treatment.policy.ages is Ages.CAP else None
        if most is not None and int(value) >= most:
            out.attributes["value"] = str(most)
            self.note(place, "capped")

    def name(self, node: Node, out: Node, place: str) -> None:
        """Write a person's name: its parts as the policy has names written; titles and endings go."""
        parts = [one for one in node.elements() if one.name in {"given", "family"} and one.words()]
        loose = " ".join("".join(one.text for one in node.children if isinstance(one, Leaf)).split())
        if any(one.words() for one in node.elements()) or loose:
            self.note(place, "replaced")
        texts = [one.words() for one in parts]
        whole = self.treatment.name(" ".join(texts), self.person).split()
        spread = len(whole) == sum(len(text.split()) for text in texts)
        for part, text in zip(parts, texts, strict=True):
            size = len(text.split())
            new = " ".join(whole[:size]) if spread else self.treatment.name(text, self.person)
            whole = whole[size:] if spread else whole
            if new:
                made = Node(part.name, children=[Leaf(new)])
                keep_words(part, made, "qualifier")
                out.children.append(made)
        if loose and not parts:
            new = self.treatment.name(loose, self.person)
            out.children += [Leaf(new)] if new else []
        if not out.children and "nullFlavor" not in out.attributes:
            out.attributes["nullFlavor"] = MASKED

    def address(self, node: Node, out: Node, place: str) -> None:
        """Write an address: state, country, and of a US ZIP code what may stay."""
        countries = [one.words() for one in node.elements("country")]
        abroad = next((one for one in countries if is_abroad(one)), "")
        land = abroad or next(filter(None, countries), "")
        state = next((told for one in node.elements("state") if is_foreign(told := one.words(), land)), "")
        for one in node.elements():
            text = one.words()
            if one.name == "state":
                new = text if tables.state(text) and may_be_state(abroad) else ""
            elif one.name == "country":
                new = text if tables.country(text) else ""
            elif one.name == "postalCode":
                new = zip3(text, land, self.treatment, state)
            else:
                new = ""
            if new:
                out.children.append(Node(one.name, children=[Leaf(new)]))
        if node.words():
            self.note(place, "generalized")
        if not out.children and "nullFlavor" not in out.attributes:
            out.attributes["nullFlavor"] = MASKED


def keep_words(node: Node, out: Node, *names: str) -> None:
    """Copy attributes whose every word stands in the vocabulary."""
    for name in names:
        words = node.get(name).split()
        if words and all(word in tables.vocabulary()[name] for word in words):
            out.attributes[name] = " ".join(words)
