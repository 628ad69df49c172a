# ruff: noqa: E501, PT017 - lists of names stay on one line; a refusal is one of two good ends
"""FHIR: any resource made of known elements stays whole and keeps no token; any bytes are refused or come out clean."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.scrub import fhir
from curator.scrub.fhir.parse import dump, read_json
from curator.scrub.fhir.tables import PRIMITIVES, elements, extensions, resource_types
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

#: What is known of everybody here, as letters and digits.
TOKENS = ["brzezinska", "77310246", "halinawanda"]
SPELLED = [
    "Brzezinska",
    "BRZEZIŃSKA, Halina",
    "77310246",
    "7731-0246",
    "halina  WANDA",
    "Dr. Brzezinska saw 77310246 today",
]
KNOWN = (("name", "Halina Wanda Brzezinska"), ("id", "77310246"), ("birth_date", "19530607"))
RULES = Treatment(load_policy("safe-harbor"), b"k" * 32, b"u" * 32, "20260101")


class One:
    """A file of one person."""

    own = Person("PSEUDO", 17, False, b"p" * 32, KNOWN)

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        return self.own


texts = st.sampled_from(SPELLED) | st.text(max_size=12).map(lambda noise: f"{noise} {SPELLED[0]} {noise}")
names = st.sampled_from(["Brzezinska", "x77310246", "fine"])
_PRIMITIVE: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "decimal": st.sampled_from([1, 2.50, 77310246]),
    "date": st.sampled_from(["1953-06-07", "2021-02-03"]),
    "dateTime": st.sampled_from(["1953-06-07T01:02:03Z", "2021"]),
    "base64Binary": texts.map(lambda said: base64.b64encode(said.encode("utf-8", "ignore")).decode()),
    "xhtml": texts.map(lambda said: f"<div><p title='{SPELLED[0]}'>{said}</p></div>"),
    "uri": texts.map(lambda said: f"http://{said}.example") | texts,
}
_PRIMITIVE |= dict.fromkeys(("integer", "positiveInt", "unsignedInt"), st.sampled_from([1, 77310246]))


def primitive(kind: str) -> st.SearchStrategy[Any]:
    return _PRIMITIVE.get(kind, texts) | texts


@st.composite
def values(draw: st.DrawFn, kind: str, depth: int) -> Any:
    if kind in PRIMITIVES:
        return draw(primitive(kind))
    if kind == "Resource":
        return draw(resources(depth - 1))
    path = kind.lstrip("@")
    row = elements().get(path, {})
    made: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(row)), max_size=4, unique=True)) if row else []:
        chosen = draw(st.sampled_from(row[name]))
        if depth > 0 or chosen in PRIMITIVES:
            one = draw(values(chosen, depth - 1))
            made[name] = [one] if draw(st.booleans()) else one
            if chosen in PRIMITIVES and draw(st.booleans()):
                made[f"_{name}"] = draw(beside())
    return draw(spoiled(made))


@st.composite
def beside(draw: st.DrawFn) -> dict[str, Any]:
    url = draw(st.sampled_from(sorted(extensions())) | texts)
    kind = draw(st.sampled_from(["valueString", "valueCode", "valueDateTime", "valueUri"]))
    return {"id": draw(names), "extension": [{"url": url, kind: draw(texts)}]}


@st.composite
def spoiled(draw: st.DrawFn, made: dict[str, Any]) -> dict[str, Any]:
    if draw(st.integers(0, 3)) == 0:
        made[draw(texts)] = draw(texts)
    if draw(st.integers(0, 3)) == 0:
        made |= draw(beside())
    return made


@st.composite
def resources(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(resource_types())))
    made = draw(values(kind, depth))
    said = {"id": draw(names), "language": draw(names), "meta": draw(values("Meta", 1))}
    return said | made | {"text": draw(values("Narrative", 1)), "resourceType": kind}


def rewritten(data: bytes) -> bytes:
    out = io.BytesIO()
    fhir.harvest(io.BytesIO(data), len(data), RULES)
    fhir.rewrite(io.BytesIO(data), out, One(), RULES)
    return out.getvalue()


def folded(text: str) -> str:
    return "".join(one for one in text.lower().replace("ń", "n").replace("ś", "s") if one.isalnum())


@settings(max_examples=300)
@given(resources())
def test_a_resource_of_known_elements_stays_whole_and_keeps_no_token(resource: dict[str, Any]) -> None:
    try:
        output = rewritten(json.dumps(resource).encode())
    except ItemError as error:
        assert error.code in {"FHR-008", "FHR-011", "FHR-004"}
        return
    made = json.loads(output)
    assert made["resourceType"] == resource["resourceType"]
    plain = folded(output.decode())
    assert all(token not in plain for token in TOKENS)
    assert read_json(output.strip()) is not None


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda one: one.encode("utf-8", "ignore")))
def test_any_bytes_are_refused_or_come_out_as_json(data: bytes) -> None:
    try:
        output = rewritten(data)
    except ItemError as error:
        assert error.code.startswith("FHR-")
        return
    for line in output.splitlines():
        json.loads(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | texts | st.sampled_from(["reference", "#a", "Patient/x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "subject", "reference", "contained", "extension", "identifier", "value", "entry", "resource",
                         "resourceType", "name", "text", "div", "code", "coding", "type", "fullUrl", "_id", "meta", "request",
                         "url", "response", "telecom", "data", "contentType", "encounter", "parameter", "part"]),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(sorted(resource_types())), st.dictionaries(st.sampled_from(
    ["subject", "patient", "contained", "entry", "identifier", "name", "address", "meta", "text", "code", "extension", "parameter",
     "valueQuantity", "content", "item", "contact", "telecom", "participant", "target", "id"]), json_values, max_size=5))  # fmt: skip
def test_members_of_any_shape_are_refused_or_lose_their_tokens(kind: str, members: dict[str, Any]) -> None:
    try:
        output = rewritten(json.dumps({"resourceType": kind, **members}).encode())
    except ItemError as error:
        assert error.code.startswith("FHR-")
        return
    plain = folded(output.decode())
    assert all(token not in plain for token in TOKENS)


@given(json_values.map(lambda one: {"a": one}))
def test_what_is_read_is_written_again(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(dump(read_json(text.encode()))) == value
