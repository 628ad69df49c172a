"""What a C-CDA document tells of its patient and of everybody else in it. For the vault and the search only.

The patient's and their relatives' identifiers go into the harvest. What names others (physicians, organizations,
orders) is searched in this document's own texts, but is no knowledge about the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from curator.core.errors import ItemError
from curator.identifiers.known import KnownIdentifiers
from curator.scrub.cda import tables
from curator.scrub.cda.xml import Node
from curator.scrub.medium import RecordPerson
from curator.scrub.typed_dates import read_typed

_SCHEME = re.compile(r"^(?:tel|fax|mailto|https?|sms|modem|file|ftp|nfs|telnet|x-text-\w+):(?://)?", re.IGNORECASE)
_PLACES = ("streetAddressLine", "city", "county", "additionalLocator", "careOf", "precinct", "censusTract", "postBox")
_CARE = frozenset({"ASSIGNED", "PROV", "PAYOR", "CON", "DSDLOC", "MANU"})
_RELATIVE = frozenset({"guardian", "relatedEntity", "relatedSubject"})
_AGED = frozenset({"a", "a_j", "a_t", "a_g", "year", "years", "yr", "yrs"})
Known = tuple[str, str]


@dataclass
class Survey:
    """What was found.

    Attributes
    ----------
    ids
        (root, extension) of the patient, the most telling first.
    known
        (category, value) of the patient and their relatives.
    others
        The same of everybody else and of the document's own numbers.
    birth_dates, last_date, over_89
        As :class:`curator.scrub.medium.RecordPerson` has them.
    where
        (place, category).
    """

    ids: list[tuple[str, str]] = field(default_factory=list, repr=False)
    known: dict[Known, None] = field(default_factory=dict, repr=False)
    others: dict[Known, None] = field(default_factory=dict, repr=False)
    birth_dates: list[str] = field(default_factory=list, repr=False)
    last_date: str | None = field(default=None, repr=False)
    over_89: bool = False
    where: set[tuple[str, str]] = field(default_factory=set)

    @property
    def mrns(self) -> tuple[tuple[str, str, str], ...]:
        """The ids as the door wants them. A number of a nation counts only where there is no hospital's."""
        own = [one for one in self.ids if not tables.is_personal(one[0])] or self.ids
        return tuple(("mrn", root, value) if value else ("mrn", "", root) for root, value in own)

    @property
    def person(self) -> RecordPerson:
        """The patient."""
        return RecordPerson(
            self.mrns, tuple(self.known), tuple(dict.fromkeys(self.birth_dates)), self.last_date, self.over_89
        )

    @property
    def searched(self) -> tuple[Known, ...]:
        """Everything that is searched in this document's texts."""
        return tuple({**self.known, **self.others})


def survey(root: Node, project_date: str) -> Survey:
    """Read what a document tells of people.

    Raises
    ------
    ItemError
        CDA-005 when it is about more than one patient, or says of none.
    """
    targets = root.elements("recordTarget")
    if len(targets) != 1 or len(targets[0].elements("patientRole")) != 1:
        raise ItemError("CDA-005")
    found = Survey()
    role = targets[0].elements("patientRole")[0]
    patient = role.first("patient")
    ids = [*role.elements("id"), *(patient.elements("id") if patient is not None else [])]
    ids += [one for other in role.elements("sdtc:identifiedBy") for one in _below(other) if one.name == "sdtc:id"]
    for one in ids:
        pair = (one.get("root").strip(), one.get("extension").strip())
        if any(pair) and pair not in found.ids:
            found.ids.append(pair)
    found.ids.sort(key=lambda pair: tables.is_personal(pair[0]))
    if patient is not None:
        for birth in patient.elements("birthTime"):
            date = _day(birth)
            if date is not None:
                found.birth_dates.append(date)
                found.known["birth_date", date] = None
    if found.ids:
        found.where.add(("patientRole/id", "id"))
    if found.birth_dates:
        found.where.add(("patient/birthTime", "birth_date"))
    _walk(root, found, project_date)
    return found


def _below(node: Node) -> Iterator[Node]:
    waiting = list(reversed(node.elements()))
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.elements()))


def _walk(root: Node, found: Survey, project_date: str) -> None:
    """Visit every element with the word of whose it is: the patient's, a relative's, another's."""
    waiting: list[tuple[Node, str, str, bool]] = [(root, "", "", False)]
    while waiting:
        node, parent, whose, family = waiting.pop()
        if node.name == "patientRole":
            whose = "own"
        elif node.name in {"providerOrganization", "representedOrganization", "assignedAuthor", "assignedEntity"}:
            whose = "other"
        elif _is_relative(node):
            whose = "own"
        family = family or (node.name == "organizer" and node.first("subject") is not None)
        _visit(node, parent, found, whose)
        _judge(node, parent, found, project_date, family=family)
        waiting.extend((child, node.name, whose, family) for child in reversed(node.elements()))


def _is_relative(node: Node) -> bool:
    """Say whether an element is about a relative, a contact or the holder of a policy."""
    if node.name == "associatedEntity":
        return node.get("classCode") not in _CARE
    return node.name in _RELATIVE or (node.name == "participant" and node.get("typeCode") in {"COV", "HLD"})


def _visit(node: Node, parent: str, found: Survey, whose: str) -> None:
    place = f"{parent}/{node.name}"
    into = found.known if whose == "own" else found.others
    if node.name in {"id", "setId", "sdtc:id"}:
        value = node.get("extension").strip()
        if value and (parent == "patientRole" or (len(value) > 4 and (whose == "own" or not _worded(value)))):
            into["id", value] = None
        if parent != "patientRole" and (value or node.get("root")):
            found.where.add((place, "other"))
    elif node.name == "telecom":
        value = _SCHEME.sub("", node.get("value").strip())
        if value:
            kind = "email" if "@" in value else "phone" if sum(mark.isdigit() for mark in value) > 6 else "other"
            into[kind, value] = None
            found.where.add((place, kind))
    elif node.name == "addr":
        for part in node.elements():
            text = part.words()
            listed = part.name in _PLACES or (part.name == "postalCode" and whose == "own")
            if text and listed and (whose == "own" or part.name == _PLACES[0] or not _ordinary(text)):
                into["address", text] = None
        if node.words():
            found.where.add((place, "address"))
    elif node.name == "name" and node.words():
        _named(node, parent, found, whose)


def _named(node: Node, parent: str, found: Survey, whose: str) -> None:
    parts = [one.words() for one in node.elements() if one.name in {"given", "family"}]
    text = " ".join(part for part in parts if part) or node.words()
    if "rganization" in parent or parent in {"place", "guardianOrganization"}:
        if not _ordinary(text):
            found.others["institution", text] = None
        found.where.add((f"{parent}/name", "institution"))
    elif whose == "own":
        found.known["name", text] = None
        found.where.add((f"{parent}/name", "name"))
    elif parent in {"assignedPerson", "associatedPerson", "informationRecipient", "maintainingPerson", "subject"}:
        # Of others the name as a whole counts, and only those of its parts that are no words of everyday.
        words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
        found.others["other", "".join(words)] = None
        found.others["other", "".join(reversed(words))] = None
        for word in words:
            if len(word) > 1 and not _ordinary(word):
                found.others["name", word] = None
        found.where.add((f"{parent}/name", "name"))


def _ordinary(text: str) -> bool:
    """Say whether a text is one word of everyday or of medicine."""
    from curator.detect.text.lists.lexicon import fold, lexicon

    words = lexicon()
    return fold(text) in words.words or fold(text) in words.medical or len(text) < 3


def _worded(value: str) -> bool:
    """Say whether a number is none, but words of everyday or of medicine that name nobody: a text means the words."""
    from curator.detect.text.lists.lexicon import fold, is_given, lexicon

    parts = [fold(part) for part in re.findall(r"[^\W_]+", value)]
    named = any(is_given(part) or part in lexicon().frequent for part in parts)
    return not named and all(part.isalpha() and _ordinary(part) for part in parts)


def _day(node: Node) -> str | None:
    read = read_typed(node.get("value"))
    return read.compact if read is not None else None


def _judge(node: Node, parent: str, found: Survey, project_date: str, *, family: bool) -> None:
    """Note dates, and an age over 89 that is the patient's."""
    if node.name in {"birthTime", "sdtc:birthTime"}:
        return
    value = node.get("value").strip()
    if node.name == "value" and not family and (node.type in {"PQ", "INT", "REAL", "IVL_PQ", ""}):
        number = re.fullmatch(r"(\d{2,3})(?:\.\d+)?", value)
        if number and node.get("unit") in _AGED and 89 < int(number[1]) < 130:
            found.over_89 = True
    elif node.name in {"effectiveTime", "time", "low", "high", "center", "sdtc:deceasedTime"} and not node.get("unit"):
        day = _day(node)
        if day is not None and day <= project_date:
            found.where.add((f"{parent}/{node.name}", "date"))
            found.last_date = max(day, found.last_date or day)


def merged(known: Iterable[Known], more: Iterable[Known]) -> tuple[Known, ...]:
    """Join what is known, in order, without repetition."""
    return KnownIdentifiers(tuple({**dict.fromkeys(known), **dict.fromkeys(more)})).values
