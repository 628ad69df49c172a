"""Reading CDA's XML into a small tree, and writing one. No DTD, no entities, nothing from outside of the file.

Comments and processing instructions are never read. Names of the namespaces that are known become ``section``,
``sdtc:raceCode``, ``xsi:type``; every other name becomes ``?``, so that it cannot be written by mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from curator.core.errors import ItemError
from curator.scrub.document.weave import Leaf

HL7 = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {HL7: "", SDTC: "sdtc:", XSI: "xsi:"}
#: Limits: bytes of a file, elements, how deep they stand, attributes of one, characters of one attribute.
MOST_BYTES = 64 << 20
MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 100
MOST_ATTRIBUTES = 40
MOST_VALUE = 65_536
_CHUNK = 1 << 16
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "latin1", "us-ascii", "ascii"})
#: Prefixes that are usual for CDA's own namespace; any other one is not written again.
_USUAL = frozenset({"cda", "hl7", "n1", "ns0", "ns1", "ns2", "v3"})
_IN_TEXT = {"\r": "&#13;"}
_IN_VALUE = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


@dataclass(eq=False)
class Node:
    """An element.

    Parameters
    ----------
    name
        ``section``, ``sdtc:raceCode`` or ``?``.
    attributes
        Name, in the same spelling, to value.
    children
        Elements and pieces of text, in order.
    type
        What ``xsi:type`` names in CDA's namespace; ``?`` for any other; empty for none.
    mixed
        Whether white space in it is part of the text.
    """

    name: str
    attributes: dict[str, str | Leaf] = field(default_factory=dict, repr=False)
    children: list[Node | Leaf] = field(default_factory=list, repr=False)
    type: str = ""
    mixed: bool = False

    def get(self, name: str) -> str:
        """Return an attribute's value; empty when there is none."""
        value = self.attributes.get(name, "")
        return value.text if isinstance(value, Leaf) else value

    def elements(self, name: str | None = None) -> list[Node]:
        """Return the children that are elements, all or those of a name."""
        return [one for one in self.children if isinstance(one, Node) and name in {None, one.name}]

    def first(self, *path: str) -> Node | None:
        """Return the first element down a path."""
        node: Node | None = self
        for name in path:
            node = next(iter(node.elements(name)), None) if node is not None else None
        return node

    def words(self) -> str:
        """Return all text within, white space folded."""
        out: list[str] = []
        waiting: list[Node | Leaf] = [self]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Leaf):
                out.append(one.text)
            else:
                waiting.extend(reversed(one.children))
        return " ".join("".join(out).split())


class _Builder:
    """The parser's target: builds nodes, counts, and resolves what prefixes mean."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.prefix = ""
        self._stack: list[Node] = []
        self._scope: dict[str, list[str]] = {}
        self._count = 0
        self._text: list[str] = []

    def start_ns(self, prefix: str | None, uri: str | None) -> None:
        self._scope.setdefault(prefix or "", []).append(uri or "")

    def end_ns(self, prefix: str | None) -> None:
        self._scope[prefix or ""].pop()

    def _flush(self) -> None:
        if self._text and self._stack:
            self._stack[-1].children.append(Leaf("".join(self._text)))
        self._text.clear()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._stack) >= MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise ItemError("CDA-003")
        if any(len(value) > MOST_VALUE for value in attributes.values()):
            raise ItemError("CDA-003")
        node = Node(_known(tag, attribute=False))
        for name, value in attributes.items():
            node.attributes[_known(name, attribute=True)] = value
        if "xsi:type" in node.attributes:
            node.type = self._resolve(node.get("xsi:type"))
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.root = node
            self.prefix = self._prefix_of(HL7)
        self._stack.append(node)

    def end(self, _tag: str) -> None:
        self._flush()
        self._stack.pop()

    def data(self, text: str) -> None:
        self._text.append(text)

    def close(self) -> None:
        """End: the parser asks for it."""

    def _prefix_of(self, uri: str) -> str:
        if self._uri("") == uri:
            return ""
        return next((one for one in sorted(self._scope) if self._uri(one) == uri and one in _USUAL), "")

    def _uri(self, prefix: str) -> str:
        found = self._scope.get(prefix)
        return found[-1] if found else ""

    def _resolve(self, name: str) -> str:
        prefix, _, local = name.strip().rpartition(":")
        known = self._uri(prefix) == HL7 or (not prefix and not self._uri(""))
        return local if known else "?"


def _known(name: str, *, attribute: bool) -> str:
    """Return a name in Clark notation as the tables write it."""
    uri, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
    if attribute:
        if not uri:
            return local
        return _PREFIXES[uri] + local if uri in {SDTC, XSI} else "?"
    return _PREFIXES[uri] + local if uri in {HL7, SDTC} else "?"


@dataclass(frozen=True)
class Document:
    """A document that was read: its root, and the prefix that its own namespace has."""

    root: Node
    prefix: str


def parse(stream: BinaryIO) -> Document:
    """Read a CDA document.

    Raises
    ------
    ItemError
        CDA-001 when it is no well-formed XML or of an encoding that is not taken, CDA-002 for a DTD or an entity of
        its own, CDA-003 beyond a limit, CDA-004 when it is no ClinicalDocument.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    builder = _Builder()
    parser: Any = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.parser.XmlDeclHandler = _declared
    size = 0
    try:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise ItemError("CDA-003")
            parser.feed(chunk)
        parser.close()
    except ItemError:
        raise
    except DefusedXmlException:
        raise ItemError("CDA-002") from None
    except Exception:  # noqa: BLE001 - whatever the parser raises may quote the document
        raise ItemError("CDA-001") from None
    if builder.root is None or builder.root.name != "ClinicalDocument":
        raise ItemError("CDA-004")
    return Document(builder.root, builder.prefix)


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise ItemError("CDA-001")


def write(document: Document) -> bytes:
    """Write a document as UTF-8: namespaces on the root, one element a line where white space means nothing."""
    own = f"{document.prefix}:" if document.prefix else ""
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(document.root, own, out, 0, root=True)
    out.append("\n")
    return "".join(out).encode("utf-8")


def _write(node: Node, own: str, out: list[str], depth: int, *, root: bool = False) -> None:
    name = node.name if ":" in node.name else own + node.name
    out.append(f"<{name}")
    if root:
        out.append(f' xmlns{":" if own else ""}{own[:-1]}="{HL7}" xmlns:sdtc="{SDTC}" xmlns:xsi="{XSI}"')
    if node.type:
        out.append(f' xsi:type="{own}{node.type}"')
    for key, value in sorted(node.attributes.items()):
        text = _clean(value.text if isinstance(value, Leaf) else value)
        out.append(f' {key}="{escape(text, _IN_VALUE)}"')
    children = [one for one in node.children if isinstance(one, Node) or one.text]
    if not children:
        out.append("/>")
        return
    out.append(">")
    spread = not node.mixed and all(isinstance(one, Node) for one in children)
    for child in children:
        if isinstance(child, Leaf):
            out.append(escape(_clean(child.text), _IN_TEXT))
            continue
        if spread:
            out.append("\n" + "  " * (depth + 1))
        _write(child, own, out, depth + 1)
    if spread:
        out.append("\n" + "  " * depth)
    out.append(f"</{name}>")


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
