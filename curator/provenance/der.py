"""A strict reader of DER (ITU-T X.690, clause 10), and the few encoders that a time-stamp request needs.

Takes definite lengths in their shortest form and tags of one byte, nothing else, so that two readers cannot see two
things in the same bytes. Knows no meanings: :mod:`curator.provenance.tsp` does.
"""

from __future__ import annotations

from dataclasses import dataclass

BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID, TIME = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x18
SEQUENCE, SET = 0x30, 0x31
#: Most bytes of a whole number: serial numbers and nonces are far shorter.
_MOST_INTEGER = 64
_MOST_OID = 64


@dataclass(frozen=True)
class Node:
    """One value: its tag, its content, and all its bytes with tag and length."""

    tag: int
    body: bytes
    whole: bytes


def _one(data: bytes, at: int) -> tuple[Node, int]:
    if len(data) - at < 2 or data[at] & 0x1F == 0x1F:
        raise ValueError("no DER value")
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        digits = data[start : start + count]
        length = int.from_bytes(digits, "big")
        if not 0 < count <= 4 or len(digits) != count or length < 0x80 or digits[0] == 0:
            raise ValueError("a length that DER does not allow")
        start += count
    end = start + length
    if end > len(data):
        raise ValueError("a value is cut off")
    return Node(data[at], data[start:end], data[at:end]), end


def read(data: bytes, tag: int) -> Node:
    """Read the one value that some bytes are.

    Parameters
    ----------
    data
        The bytes, to the last one.
    tag
        The tag that it must have.

    Raises
    ------
    ValueError
        For other bytes.
    """
    node, end = _one(data, 0)
    if end != len(data) or node.tag != tag:
        raise ValueError("not the one value that was expected")
    return node


def children(node: Node) -> list[Node]:
    """Return the values inside a constructed value (ValueError when it is primitive or holds other bytes)."""
    if not node.tag & 0x20:
        raise ValueError("a primitive value")
    found, at = [], 0
    while at < len(node.body):
        inner, at = _one(node.body, at)
        found.append(inner)
    return found


class Reader:
    """Takes the fields of a sequence in order.

    Parameters
    ----------
    node
        The sequence, or another constructed value.
    """

    def __init__(self, node: Node) -> None:
        self._left = children(node)

    def take(self, tag: int) -> Node:
        """Return the next field (ValueError when it is missing or of another tag)."""
        if not self._left or self._left[0].tag != tag:
            raise ValueError("a field is missing")
        return self._left.pop(0)

    def maybe(self, tag: int) -> Node | None:
        """Return the next field if it has this tag."""
        return self._left.pop(0) if self._left and self._left[0].tag == tag else None

    def end(self) -> None:
        """Refuse fields that nobody took (ValueError)."""
        if self._left:
            raise ValueError("an unknown field")


def integer(node: Node) -> int:
    """Return a whole number (ValueError for another value, or a spelling that DER does not allow)."""
    body = node.body
    if node.tag != INTEGER or not 0 < len(body) <= _MOST_INTEGER:
        raise ValueError("not a whole number")
    value = int.from_bytes(body, "big", signed=True)
    if encode_integer(value) != node.whole:
        raise ValueError("a whole number that is not in its shortest form")
    return value


def oid(node: Node) -> str:
    """Return an object identifier in dotted form (ValueError for another value)."""
    if node.tag != OID or not 0 < len(node.body) <= _MOST_OID or node.body[-1] & 0x80:
        raise ValueError("not an object identifier")
    parts, value, fresh = [], 0, True
    for byte in node.body:
        if fresh and byte == 0x80:
            raise ValueError("an object identifier with a leading zero")
        value, fresh = value << 7 | byte & 0x7F, not byte & 0x80
        if fresh:
            parts.append(value)
            value = 0
    top = min(parts[0] // 40, 2)
    return ".".join(map(str, [top, parts[0] - 40 * top, *parts[1:]]))


def boolean(node: Node) -> bool:
    """Return a truth value (ValueError for another value)."""
    if node.tag != BOOLEAN or node.body not in {b"\x00", b"\xff"}:
        raise ValueError("not a truth value")
    return node.body == b"\xff"


def encode(tag: int, *bodies: bytes) -> bytes:
    """Write one value."""
    body = b"".join(bodies)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + body


def encode_integer(value: int) -> bytes:
    """Write a whole number."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return encode(INTEGER, value.to_bytes(size, "big", signed=True))


def encode_oid(text: str) -> bytes:
    """Write an object identifier (ValueError for a text that is none)."""
    parts = [int(part) for part in text.split(".")]
    if ".".join(map(str, parts)) != text or len(parts) < 2 or parts[0] > 2 or (parts[0] < 2 and parts[1] > 39):
        raise ValueError("not an object identifier")
    body = b""
    for value in (40 * parts[0] + parts[1], *parts[2:]):
        digits = [value & 0x7F]
        while value := value >> 7:
            digits.append(0x80 | value & 0x7F)
        body += bytes(reversed(digits))
    made = encode(OID, body)
    if len(body) > _MOST_OID or any(part < 0 for part in parts):
        raise ValueError("not an object identifier")
    return made
