"""The user's ontology: which classes labels may have, and how a file's names are brought to them.

A name is looked up as it is, then without regard to case, then among the synonyms (as it is, then without regard to
case). The first of these steps that finds anything decides; when it finds more than one class, the label is refused.
Nothing is guessed: no spelling is mended, no nearest name is taken. No name of a label goes into an error.
"""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import ItemError, UsageError
from curator.core.schema import violation
from curator.labels.item import Item

FORMAT = 1
LARGEST = 1 << 25
#: Kinds whose value has no class of the ontology.
_PLAIN = {"transcript"}
#: The part of a value that names its class.
_NAMES = {"span": "type", "relation": "type", "measurement": "what", "sentiment": "sentiment"}


@dataclass(frozen=True)
class Class:
    """A class: its name, its codes as (system, code), and the kinds of label that may have it (empty: all)."""

    name: str
    codes: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ontology:
    """An ontology, ready to look names up in.

    Parameters
    ----------
    name, version
        As the file says.
    sha256
        Digest (hex) of the canonical JSON of the file's content: two files that say the same have the same one.
    classes
        By name.
    groups
        Class to the numbers of the exclusive groups that it is in.
    scales
        Scale to its grades in order.
    steps
        The four lookups, in order: key to the names of classes.
    """

    name: str
    version: str
    sha256: str
    classes: dict[str, Class]
    groups: dict[str, tuple[int, ...]]
    scales: dict[str, tuple[int, ...]]
    steps: tuple[dict[str, tuple[str, ...]], ...] = field(repr=False)

    def class_of(self, name: str) -> Class:
        """Return the class that a file's name means.

        Raises
        ------
        ItemError
            IMP-052 when there is none, or more than one.
        """
        for step, key in zip(self.steps, (name, _folded(name)) * 2, strict=True):
            found = step.get(key, ())
            if len(found) > 1:
                raise ItemError("IMP-052", why="has more than one class of the label's name")
            if found:
                return self.classes[found[0]]
        raise ItemError("IMP-052", why="has no class of the label's name")

    def mapped(self, item: Item) -> Item:
        """Return a label with the ontology's names; those of the file are kept under ``namesInFile`` where they differ.

        Raises
        ------
        ItemError
            IMP-052 for a class that is not there or is ambiguous, a kind that the class does not allow, a code, a scale
            or a grade that the ontology does not have.
        """
        if item.kind in _PLAIN:
            return item
        changed: list[list[str]] = []
        value = self._value(item.kind, item.value, changed)
        kept = item.kept | ({"namesInFile": changed} if changed else {})
        return replace(item, value=value, kept=kept)

    def _value(self, kind: str, value: dict[str, Any], changed: list[list[str]]) -> dict[str, Any]:
        if kind == "grade":
            grade = value.get("grade")
            whole = int(grade) if isinstance(grade, Decimal) and grade.is_finite() and abs(grade) < 10**9 else grade
            if whole != grade or whole not in self.scales.get(str(value.get("scale")), ()):
                raise ItemError("IMP-052", why="does not have the label's scale, or not its grade")
            return value
        if kind == "code":
            wanted = (value.get("system"), value.get("code"))
            for one in self.classes.values():
                if wanted in one.codes and (not one.kinds or kind in one.kinds):
                    return value
            raise ItemError("IMP-052", why="has no class of the label's code")
        if kind == "track":
            frames = [
                frame | {"value": self._value(frame["kind"], frame["value"], changed)} for frame in value["frames"]
            ]
            return value | {"frames": frames}
        if kind == "classes":
            return value | {"classes": sorted({self._name(kind, one, changed) for one in value["classes"]})}
        key = _NAMES.get(kind, "class")
        return value | {key: self._name(kind, value.get(key), changed)}

    def _name(self, kind: str, name: Any, changed: list[list[str]]) -> str:
        if not isinstance(name, str):
            raise ItemError("IMP-023", what="class")
        found = self.class_of(name)
        if found.kinds and kind not in found.kinds:
            raise ItemError("IMP-052", why="does not allow this kind of label for the class")
        if found.name != name and [name, found.name] not in changed:
            changed.append([name, found.name])
        return found.name


def load_ontology(path: Path) -> Ontology:
    """Load an ontology from a TOML file, or from a JSON file (by its ending ``.json``).

    Raises
    ------
    UsageError
        IMP-054 when it cannot be read, breaks schemas/ontology.schema.json, names a class twice, or has a group or a
        scale that does not fit; SYS-007 for a newer format.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError("IMP-054", reason="it is larger than 32 MiB")
        data = path.read_bytes()
    except OSError:
        raise UsageError("IMP-054", reason="it cannot be read") from None
    return parse_ontology(data, json=path.suffix.lower() == ".json")


def parse_ontology(data: bytes, *, json: bool = False) -> Ontology:
    """Read an ontology from the bytes of a TOML or a JSON file. Errors as :func:`load_ontology`."""
    raw: Any
    try:
        raw = strict_loads(data) if json else tomllib.loads(data.decode("utf-8"))
    except (UsageError, ValueError, RecursionError):
        raise UsageError("IMP-054", reason="it is not JSON" if json else "it is not TOML") from None
    newer = raw.get("format") if isinstance(raw, dict) else None
    if isinstance(newer, int) and newer > FORMAT:
        raise UsageError("SYS-007", found=newer, known=FORMAT)
    place = violation("ontology", raw)
    if place is not None:
        raise UsageError("IMP-054", reason=f"it breaks its schema at {place}")
    raw = _composed(raw)
    classes: dict[str, Class] = {}
    for one in raw["classes"]:
        if one["name"] in classes:
            raise UsageError("IMP-054", reason="a class stands twice")
        codes = tuple((code["system"], code["code"]) for code in one.get("codes", ()))
        classes[one["name"]] = Class(one["name"], codes, frozenset(one.get("kinds", ())))
    synonyms = [(word, one["name"]) for one in raw["classes"] for word in one.get("synonyms", ())]
    names = [(name, name) for name in classes]
    return Ontology(
        raw["name"],
        raw["version"],
        hashlib.sha256(canonical_bytes(raw)).hexdigest(),
        classes,
        _groups(raw, classes),
        _scales(raw),
        (_index(names), _index(_all_folded(names)), _index(synonyms), _index(_all_folded(synonyms))),
    )


def _composed(value: Any) -> Any:
    """Return a document with all texts in Unicode NFC, as names of labels are compared."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(one) for one in value]
    if isinstance(value, dict):
        return {key: _composed(one) for key, one in value.items()}
    return value


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _all_folded(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((_folded(key), name) for key, name in pairs)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for key, name in pairs:
        if name not in made.get(key, ()):
            made[key] = (*made.get(key, ()), name)
    return made


def _groups(raw: dict[str, Any], classes: dict[str, Class]) -> dict[str, tuple[int, ...]]:
    made: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(raw.get("exclusive", ())):
        for name in group["classes"]:
            if name not in classes:
                raise UsageError("IMP-054", reason="an exclusive group names a class that is not there")
            made[name] = (*made.get(name, ()), number)
    return made


def _scales(raw: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    made: dict[str, tuple[int, ...]] = {}
    for scale in raw.get("scales", ()):
        grades = tuple(one["grade"] for one in scale["grades"])
        if scale["name"] in made or list(grades) != sorted(set(grades)):
            raise UsageError("IMP-054", reason="a scale stands twice, or its grades do not rise")
        made[scale["name"]] = grades
    return made


class Exclusions:
    """Finds labels of one sample and one author whose classes exclude each other; two passes over the labels.

    First :meth:`see` every label, then :meth:`check` each: all that take part in a contradiction are refused, not only
    the later ones. Memory: one digest for each sample, author, place and group that a label falls into.

    Parameters
    ----------
    ontology
        Labels must have been mapped to it.
    """

    def __init__(self, ontology: Ontology) -> None:
        self._groups = ontology.groups
        self._said: dict[bytes, str] = {}
        self._torn: set[bytes] = set()

    def see(self, item: Item, sample: str = "") -> None:
        """Take a label in; ``sample`` is what its sample was found to be, if that is known."""
        for key, name in self._keys(item, sample):
            if self._said.setdefault(key, name) != name:
                self._torn.add(key)

    def check(self, item: Item, sample: str = "") -> None:
        """Refuse a label that contradicts another, or itself (IMP-053)."""
        if any(key in self._torn for key, _ in self._keys(item, sample)):
            raise ItemError("IMP-053")

    def _keys(self, item: Item, sample: str) -> Iterator[tuple[bytes, str]]:
        where: Any = ""
        if item.kind == "classes":
            names = list(item.value["classes"])
        else:
            key = _NAMES.get(item.kind, "class")
            name = item.value.get(key)
            names = [name] if isinstance(name, str) else []
            if item.kind not in {"class", "sentiment"}:  # two lesions of one image may differ
                where = repr(sorted((k, v) for k, v in item.value.items() if k != key))
        for name in names:
            for group in self._groups.get(name, ()):
                # A model's and a person's word, and a reading and its adjudication, may differ.
                who = (item.author, item.origin, item.stage, item.part)
                at = repr((sample or (item.sample.by, item.sample.name), who, where, group))
                yield hashlib.sha256(at.encode("utf-8", "surrogatepass")).digest()[:16], name
