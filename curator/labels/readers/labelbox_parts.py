"""Labelbox's shapes and answers, as they stand in all of its exports and in its import files.

Format: ``labelbox/data/serialization`` of Labelbox's SDK. The ends of text entities are included there, so one is
added here. A radio or checklist answer is the class ``question: answer``; a free text answer likewise.
"""

from __future__ import annotations

from curator.core.errors import ItemError
from curator.labels.geometry import Size
from curator.labels.readers import vendor_shapes as shapes
from curator.labels.readers.vendor_fields import Fields, needed, number, sub, whole


def class_name(one: Fields) -> str:
    """Take the name of an object's or a question's class (IMP-023); import files may give its schema's id alone."""
    named = one.text("title") or one.text("name") or one.text("value")
    return needed(named or one.text("schemaId"), "its class")


def shape(one: Fields, name: str, extent: Size) -> shapes.Shape:
    """Take the one shape that an object has.

    Raises
    ------
    ItemError
        IMP-020, IMP-021, IMP-025 for a shape that cannot be one, IMP-022 for a place or a kind that is not read.
    """
    if one.see("messageId") is not None or one.see("message_id") is not None:
        raise ItemError("IMP-022", what="a place in a message of a conversation")
    if one.see("page") is not None or one.see("unit") == "POINTS":
        raise ItemError("IMP-022", what="a place on a page of a document")
    rectangle = one.take("bbox") or one.take("bounding_box")
    if rectangle is not None:
        found = Fields(rectangle)
        return shapes.box(name, [number(found.see(key)) for key in ("left", "top", "width", "height")], extent)
    if (ring := one.take("polygon")) is not None:
        return shapes.polygon(name, [shapes.points(ring)], extent)
    if (path := one.take("line")) is not None:
        return shapes.line(name, shapes.points(path), extent)
    if (at := one.take("point")) is not None:
        return shapes.point(name, shapes.xy(at), extent)
    location = sub(one.see("data")).see("location") or one.see("location")
    if location is not None:
        found = Fields(location)
        start, end = whole(found.see("start")), whole(found.see("end"))
        if end < start:
            raise ItemError("IMP-020")
        one.take("location")
        return "span", {"type": name, "start": start, "end": end + 1}
    if one.see("mask") is not None or one.see("composite_mask") is not None or one.see("instanceURI") is not None:
        raise ItemError("IMP-022", what="a mask that stands behind an address")
    raise ItemError("IMP-022", what="a kind that this program does not know")


def _answers(one: Fields) -> list[str]:
    found = one.take("answer")
    if found is None:
        found = one.take("radio_answer") or one.take("answers") or one.take("checklist_answers")
    if found is None:
        found = sub(one.take("text_answer")).text("content")
    if isinstance(found, str) and found.strip():
        return [found]
    made = []
    for answer in found if isinstance(found, list) else [found]:
        fields = Fields(answer)
        named = fields.text("title") or fields.text("name") or fields.text("value")
        made.append(needed(named or fields.text("schemaId"), "its answer"))
        if inner := fields.rest("featureId", "feature_id", "schemaId", "feature_schema_id", "value", "title"):
            one.keep("answer", [*(one.see("answer") or []), inner])
    if not made:
        raise ItemError("IMP-023", what="its answer")
    return made


def classes(one: Fields) -> shapes.Shape:
    """Take the answer to a question: one class, or any number of them for a checklist (IMP-023 without an answer)."""
    question = class_name(one)
    many = (
        one.see("checklist_answers") is not None
        or one.see("answers") is not None
        or isinstance(one.see("answer"), list)
    )
    named = [f"{question}: {answer}" for answer in _answers(one)]
    return ("classes", {"classes": sorted(set(named))}) if many else ("class", {"class": named[0]})
