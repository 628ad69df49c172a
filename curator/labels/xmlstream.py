"""Elements out of an XML file of any length, one at a time; entities and document types are refused.

The file's text never enters an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from curator.core.errors import UsageError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DEPTH = 32


def elements(path: Path, root: str, wanted: Callable[[tuple[str, ...]], bool], form: str) -> Iterator[Element]:
    """Yield wanted elements, whole, in the file's order, and forget each when the next is asked for.

    Parameters
    ----------
    path
        The file.
    root
        Name that the outermost element must have.
    wanted
        Asked with the names of the elements from below the root down to one; not asked within a wanted one.
    form
        Name of the format, for IMP-001.

    Raises
    ------
    UsageError
        IMP-001 for another root, IMP-002 when the file cannot be read, IMP-003 when it is no XML to its end, defines
        entities or is nested too deep.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    trail: list[Element] = []
    inside = 0
    try:
        for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if not trail and element.tag != root:
                    raise UsageError("IMP-001", format=form)
                if len(trail) >= DEPTH:
                    raise UsageError("IMP-003", reason="it is nested too deep")
                trail.append(element)
                if not inside and len(trail) > 1 and wanted(tuple(str(one.tag) for one in trail[1:])):
                    inside = len(trail)
                continue
            if len(trail) == inside:
                inside = 0
                yield element
            trail.pop()
            if trail and not inside:
                trail[-1].remove(element)
    except OSError:
        raise UsageError("IMP-002") from None
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UsageError("IMP-003", reason="it is not XML without entities, or ends too early") from None


def fields_of(element: Element) -> dict[str, object]:
    """Return all that an element says below it: names to texts, or to the same again, in lists when repeated."""
    made: dict[str, object] = {}
    for child in element:
        inner: object = fields_of(child) if len(child) or child.attrib else (child.text or "").strip()
        if isinstance(inner, dict):
            inner |= {f"@{key}": value for key, value in child.attrib.items()}
            if (child.text or "").strip():
                inner["#"] = (child.text or "").strip()
        key = str(child.tag)
        if key not in made:
            made[key] = inner
        else:
            before = made[key]
            made[key] = [*before, inner] if isinstance(before, list) else [before, inner]
    return made
