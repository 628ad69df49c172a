"""The walk over a C-CDA document: a new tree is built from what the tables know, nothing is left in from the old one.

What no table lists is dropped with all that it holds and counted as unknown. Texts are gathered while walking, searched
as one text at the end, and written where they stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from curator.core.errors import ItemError
from curator.scrub.answers import decided, is_plain, numbered
from curator.scrub.cda import tables
from curator.scrub.cda.narrative import LABEL, read
from curator.scrub.cda.values import Values, keep_words
from curator.scrub.cda.xml import Node
from curator.scrub.document.weave import Leaf, Weave
from curator.scrub.questions import NOTHING, Age, asks, asks_birth, best, is_language
from curator.scrub.ranges import is_measured, is_reference_range
from curator.scrub.things import SECTIONS, Cell, term_of

_STRUCTURE = ("classCode", "moodCode", "typeCode", "determinerCode", "contextControlCode", "nullFlavor")
_FLAGS = (
    *("contextConductionInd", "negationInd", "inversionInd", "independentInd", "institutionSpecified", "inclusive"),
    *("isNotOrdered", "unsorted"),
)
_TIMES = frozenset({"TS", "IVL_TS", "PIVL_TS", "EIVL_TS", "SXPR_TS", "SXCM_TS"})
_TYPES = {
    "II": "II", "CD": "CD", "CE": "CD", "CV": "CD", "CO": "CD", "CS": "CD", "ED": "ED", "ST": "ED", "BL": "BL",
    "INT": "INT", "REAL": "REAL", "PQ": "PQ", "PQR": "PQR", "IVL_PQ": "IVL_PQ", "IVL_INT": "IVL_INT",
    "IVL_REAL": "IVL_REAL", "RTO": "RTO", "RTO_PQ_PQ": "RTO", "RTO_QTY_QTY": "RTO", "TEL": "TEL", "URL": "TEL",
    "AD": "AD", "PN": "PN", "EN": "PN", "ON": "ON", "SLIST_PQ": "SLIST", "GLIST_TS": "GLIST",
    **dict.fromkeys(_TIMES, "IVL_TS"),
}  # fmt: skip
_MIXED = frozenset({"Narrative", "Inline", "Block", "Caption"})
_NARRATIVE = _MIXED | {"Nothing", "Media", "List", "Table", "Columns", "Rows", "Row"}
_WORDS = ("align", "valign", "scope", "frame", "rules", "listType", "revised", "styleCode")
_MEASURES = ("border", "cellpadding", "cellspacing", "colspan", "rowspan", "span", "width", "height")
_MEASURE = re.compile(r"[0-9]{1,4}(?:\.[0-9])?(?:%|px|em|pt)?")
_MEDIA = frozenset({"text/plain", "text/html", "text/x-hl7-text+xml", "text/xml"})
#: Codes of a religion and of a marital state: what they show is no name, though a name may look like it.
_TERMS = frozenset({"religiousAffiliationCode", "maritalStatusCode"})
#: Elements of an observation's value that hold its number.
_ANSWERS = frozenset({"value", "low", "high", "center", "width", "numerator", "denominator"})
#: Classes of entities that are no person and no place, so that their name is a substance's.
_MATERIAL = frozenset({"MMAT", "MAT"})
#: What stands in an element and is treated with it, not walked.
_HANDLED: dict[str, tuple[str, ...]] = {
    "PN": ("given", "family", "prefix", "suffix", "delimiter"),
    "AD": tuple(tables.elements()["AD"]),
}


@dataclass(frozen=True)
class _Around:
    """What an element stands in.

    The age that its value is, the label of its text, whether its section has things, whether its observation has a
    reference range, and whether it is one.
    """

    age: Age | None = None
    label: str = ""
    clinical: bool = False
    measured: bool = False
    ranged: bool = False


@dataclass
class Walk:
    """One walk over one document. :meth:`document` is the way in."""

    values: Values
    weave: Weave = field(default_factory=Weave)
    _ids: dict[str, str] = field(default_factory=dict, repr=False)
    _links: list[tuple[Node, str]] = field(default_factory=list, repr=False)
    _written: set[str] = field(default_factory=set, repr=False)
    _shared: dict[tuple[str, Cell, str], Leaf] = field(default_factory=dict, repr=False)
    _leaves: list[Leaf] = field(default_factory=list, repr=False)

    def document(self, root: Node) -> Node:
        """Return the clean tree of a ClinicalDocument.

        Raises
        ------
        ItemError
            CDA-006 when the body is no text; what the detectors raise.
        """
        self._name_ids(root)
        made = self._element(root, "ClinicalDocument", "ClinicalDocument", _Around())
        if made is None:
            raise ItemError("CDA-004")
        self.weave.clean(self.values.treatment, self.values.person)
        for leaf in {id(leaf): leaf for leaf in self._leaves}.values():
            self.values.note(leaf.place, "replaced", leaf.edits)
        for node, attribute in self._links:
            if node.get(attribute).lstrip("#") not in self._written:
                del node.attributes[attribute]
        return made

    def _name_ids(self, root: Node) -> None:
        """Give each ID of the source a new one, in the order of the document."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if "ID" in node.attributes:
                self._ids.setdefault(node.get("ID"), f"id{len(self._ids) + 1}")
            waiting.extend(reversed(node.elements()))

    def _children(
        self, node: Node, out: Node, owner: str, place: str, around: _Around, skip: tuple[str, ...] = ()
    ) -> None:
        known = tables.elements().get(owner, {})
        for child in node.elements():
            if child.name in skip:
                continue
            of = known.get(child.name)
            if of is None:
                self.values.note(f"{place}/*", "unknown")
                continue
            if of == "EN:entity":
                of = "EN:thing" if node.get("classCode") in _MATERIAL else "PN"
            made = self._element(child, of, f"{place.rpartition('/')[2]}/{child.name}", around)
            if made is not None:
                out.children.append(made)

    def _attributes(self, node: Node, out: Node, place: str) -> None:
        """Write what every element may have; each type writes its own besides."""
        keep_words(node, out, *_STRUCTURE, "operator")
        for name in _FLAGS:
            if node.get(name) in {"true", "false"}:
                out.attributes[name] = node.get(name)
        if node.get("ID"):
            out.attributes["ID"] = self._ids[node.get("ID")]
            self._written.add(self._ids[node.get("ID")])
        if "?" in node.attributes:
            self.values.note(f"{place}/@*", "unknown")

    def _element(self, node: Node, of: str, place: str, around: _Around) -> Node | None:
        base, _, variant = of.partition(":")
        out = Node(node.name)
        if node.type:
            base = self._typed(base, node.type)
            if not base:
                self.values.note(place, "unknown")
                return None
            out.type = node.type
        elif base == "ANY":
            base = "PQ" if variant == "quantity" else ("" if "nullFlavor" not in node.attributes else "Nothing")
            if not base:
                self.values.note(place, "unknown")
                return None
        self._attributes(node, out, place)
        if base in _NARRATIVE:
            self._narrative(node, out, base, around)
            return out
        if base in tables.elements() and base[0].isupper() and not base.isupper() and base not in _TYPES:
            return self._class(node, out, base, place, around)
        return self._value(node, out, base, variant, place, around)

    @staticmethod
    def _typed(base: str, given: str) -> str:
        """Return the type that ``xsi:type`` makes of a declared one; empty when it is unknown or does not fit."""
        made = _TYPES.get(given, "")
        family = {"TS": "IVL_TS", "CS": "CD", "ST": "ED", "EN": "PN", "SC": "ED"}.get(base, base)
        if base == "ANY" or made == family:
            return made
        numbers = {"PQ", "IVL_PQ", "INT", "IVL_INT", "REAL", "IVL_REAL", "RTO"}
        return made if made in numbers and family in numbers else ""

    def _class(self, node: Node, out: Node, base: str, place: str, around: _Around) -> Node:
        if base == "Section":
            code = node.first("code")
            around = replace(around, clinical=code is not None and code.get("code").strip() in SECTIONS)
        elif base in {"Observation", "ObservationRange", "Criterion"}:
            code = node.first("code")
            measured = around.clinical or node.first("referenceRange") is not None
            if code is not None:
                label, site = best((code.get("displayName"), code.words())), code.get("code")
                label = site if not asks(label).tells and asks(site).tells else label
                age = asks(label).age if label else None
                if (code.get("codeSystem").strip(), code.get("code").strip()) in tables.ages():
                    age = age or Age(own=True)
                age = age or (around.age if base != "Observation" else None)
                around = _Around(age, label if len(label) <= LABEL else "")
            around = replace(around, measured=measured, ranged=base == "ObservationRange" and around.age is None)
        if any(isinstance(one, Leaf) and one.text.strip() for one in node.children):
            self.values.note(f"{place}/*", "unknown")
        self._children(node, out, base, place, around)
        return out

    def _value(self, node: Node, out: Node, base: str, variant: str, place: str, around: _Around) -> Node | None:
        """Write an element of a data type."""
        values = self.values
        if base == "II":
            if variant == "template":
                return out if values.template(node, out, place) else None
            values.identifier(node, out, place, patient=variant == "patient")
        elif base in {"CD", "PQR"}:
            if variant == "characteristic" and not values.treatment.policy.patient_characteristics:
                values.note(place, "removed")
                return None
            shown = values.code(node, out, place)
            if shown:
                cell = term_of(shown, Cell.CODED) if node.name in _TERMS else Cell.ANY
                out.attributes["displayName"] = self._text(shown, f"{place}/@displayName", cell=cell)
            if "value" in node.attributes:
                values.quantity(node, out, place)
            self._children(node, out, base, place, around)
        elif base == "CS":
            values.simple(node, out, place, variant)
        elif base in {"TS", "IVL_TS"}:
            values.time(node, out, place, birth=variant == "birth" or asks_birth(around.label))
            keep_words(node, out, "alignment")
            self._children(node, out, "IVL_TS", place, around)
        elif base in {"PQ", "REAL", "IVL_PQ", "IVL_REAL"}:
            if not self._asked_for(node, out, place, around):
                values.quantity(node, out, place, age=around.age)
            self._children(node, out, base, place, around)
        elif base in {"INT", "IVL_INT"}:
            if not self._asked_for(node, out, place, around):
                values.integer(node, out, place, age=around.age, digits=3 if variant == "version" else 6)
            self._children(node, out, base, place, around)
        elif base == "BL":
            if node.get("value") in {"true", "false"}:
                out.attributes["value"] = node.get("value")
        elif base == "DIGITS":
            self._digits(node, out, place)
        elif base in {"PN", "AD"}:
            keep_words(node, out, "use")
            (values.name if base == "PN" else values.address)(node, out, place)
            self._children(node, out, base, place, around, _HANDLED[base])
        elif base == "ON":
            self._organization(node, out, place)
        elif base == "TEL":
            self._address(node, out, variant, place, around)
        elif base in {"ST", "ED", "SC", "EN"}:
            return self._data(node, out, base, variant, place, around)
        elif base != "Nothing":
            self._children(node, out, base, place, around)
        return out

    def _asked_for(self, node: Node, out: Node, place: str, around: _Around) -> bool:
        """Write a number that its observation asks for and that somebody is known by; False for a measure."""
        asked = asks(around.label) if around.label and node.name in _ANSWERS else NOTHING
        value = node.get("value").strip()
        if asked.age is not None or not (asked.spec or asked.number) or not value:
            return False
        made = numbered(value, asked, self.values.treatment, self.values.person)
        if made == value:
            return False
        if made:
            out.attributes["value"] = made
            self.values.note(place, "dated")
        else:
            self.values.mask(out, place)
        return True

    def _text(self, text: str, place: str, label: str = "", cell: Cell = Cell.ANY) -> Leaf:
        """Return the piece that stands for a text; equal texts of one kind under equal labels are searched once."""
        leaf = self._shared.get((label, cell, text))
        if leaf is None:
            leaf = self._shared[label, cell, text] = Leaf(text, place, cell=cell)
            self.weave.mark(f"\n\n\n{label}: " if label else "\n\n\n")
            self.weave.add(leaf)
            self._leaves.append(leaf)
        return leaf

    def _digits(self, node: Node, out: Node, place: str) -> None:
        numbers = node.words().split(" ")
        if all(re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{1,3})?", one) for one in numbers):
            out.children.append(Leaf(" ".join(numbers)))
        else:
            self.values.mask(out, place)

    def _organization(self, node: Node, out: Node, place: str) -> None:
        text = node.words()
        if text and not self.values.treatment.policy.facilities:
            out.children.append(self._text(text, place))
        elif text:
            self.values.mask(out, place)

    def _address(self, node: Node, out: Node, variant: str, place: str, around: _Around) -> None:
        """Write a TEL: a link within the document, or a number or address, which goes."""
        value = node.get("value")
        if variant == "link":
            self._link(value, node, out, place)
            return
        keep_words(node, out, "use")
        if value.strip():
            self.values.mask(out, place)
        self._children(node, out, "TEL", place, around)

    def _link(self, value: str, _node: Node, out: Node, place: str) -> None:
        new = self._ids.get(value.strip().removeprefix("#"))
        if new is not None:
            out.attributes["value"] = f"#{new}"
            self._links.append((out, "value"))
        elif value.strip():
            self.values.note(place, "removed")

    def _data(self, node: Node, out: Node, base: str, variant: str, place: str, around: _Around) -> Node:
        """Write what holds text: as text, cleaned; any other medium goes."""
        media = node.get("mediaType").strip().lower()
        plain = node.get("representation") != "B64" and media in _MEDIA | {""} and "compression" not in node.attributes
        text = "".join(one.text for one in node.children if isinstance(one, Leaf))
        if variant == "body" and (not plain or not text.strip()):
            raise ItemError("CDA-006")
        if media in _MEDIA:
            out.attributes["mediaType"] = media
        if variant == "number":
            new = self.values.treatment.code("lot", text)
            out.children += [Leaf(new)] if new else []
            self.values.note(place, "replaced", int(bool(new)))
        elif variant == "media" or not plain:
            self.values.mask(out, place)
        elif variant == "body":
            leaf = Leaf(text, place)
            self.weave.mark("\n\n\n")
            self.weave.add(leaf, folds=False)
            self._leaves.append(leaf)
            out.children.append(leaf)
        elif text.strip():
            label, words = around.label if node.name == "value" else "", " ".join(text.split())
            stays = around.ranged and is_reference_range(words)
            if stays or (node.name == "value" and is_measured(words, beside=around.measured, asked=around.label)):
                out.children.append(Leaf(words))
            else:
                self._answer(words, out, place, label)
        out.mixed = True
        if base in {"ED", "SC"} or node.type:
            self._children(node, out, "ED", place, around)
        elif any(node.elements()):
            self.values.note(f"{place}/*", "unknown")
        return out

    def _answer(self, text: str, out: Node, place: str, label: str) -> None:
        """Write a text; what its observation asks for and somebody is known by goes as a whole."""
        asked = asks(label) if label else NOTHING
        whole = asked.settles or asked.number
        made = decided(text, asked, self.values.treatment, self.values.person) if whole else None
        # Behind a label, a yes in another language, a language and a count look like somebody, and a range like none.
        plain = is_plain(text) and not (text[0].isdigit() and "-" in text)
        label = "" if plain or (asked.soft and is_language(text)) else label
        if made is None:
            out.children.append(self._text(text, place, label))
        elif made:
            self.values.note(place, "replaced", int(made != text))
            out.children.append(Leaf(made))
        else:
            self.values.mask(out, place)

    def _narrative(self, node: Node, out: Node, base: str, around: _Around) -> None:
        """Write a narrative block, and bring its text to the search."""
        self._build(node, out, base)
        self.weave.mark("\n\n")
        read(self.weave, out, clinical=around.clinical)

    def _build(self, node: Node, out: Node, base: str) -> None:
        place = "section/text"
        out.mixed = base in _MIXED
        keep_words(node, out, *_WORDS)
        for name in _MEASURES:
            if _MEASURE.fullmatch(node.get(name)):
                out.attributes[name] = node.get(name)
        for name in ("IDREF", "referencedObject"):
            new = self._ids.get(node.get(name))
            if new is not None:
                out.attributes[name] = new
                self._links.append((out, name))
        if any(name in node.attributes for name in ("href", "src", "title", "summary", "name", "abbr", "axis")):
            self.values.note(f"{place}/@*", "removed")
        known = tables.elements().get(base, {})
        for child in node.children:
            if isinstance(child, Leaf):
                if base in _MIXED:
                    leaf = Leaf(child.text, place)
                    out.children.append(leaf)
                    self._leaves.append(leaf)
                elif child.text.strip():
                    self.values.note(f"{place}/*", "unknown")
                continue
            of = known.get(child.name)
            if of is None or child.type:
                self.values.note(f"{place}/*", "unknown")
                continue
            made = Node(child.name)
            self._attributes(child, made, place)
            self._build(child, made, of)
            out.children.append(made)
