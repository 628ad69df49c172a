"""C-CDA documents that are hostile: they are held back under a code, or come out without what they told of people."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.scrub import cda
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

KEY = bytes(range(32))
TREATMENT = Treatment(replace(load_policy("safe-harbor")), KEY, KEY[::-1], "20261101")
NAME = "Zygmuntowska"
SMALL = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><recordTarget><patientRole>'
    f'<id root="1.2.3" extension="MR-77110"/><patient><name><family>{NAME}</family></name></patient></patientRole>'
    "</recordTarget><component><structuredBody><component><section>{}</section></component></structuredBody></component>"
    "</ClinicalDocument>"
)
ELEMENTS = sorted(
    {
        "id",
        "code",
        "title",
        "text",
        "entry",
        "observation",
        "value",
        "effectiveTime",
        "low",
        "high",
        "content",
        "table",
        "tr",
    }
    | {
        "td",
        "th",
        "paragraph",
        "list",
        "item",
        "caption",
        "participant",
        "participantRole",
        "playingEntity",
        "name",
        "given",
    }
    | {
        "author",
        "assignedAuthor",
        "assignedPerson",
        "addr",
        "state",
        "telecom",
        "originalText",
        "translation",
        "reference",
    }
    | {
        "organizer",
        "component",
        "subject",
        "relatedSubject",
        "act",
        "entryRelationship",
        "templateId",
        "footnote",
        "unknown",
    }
)
ATTRIBUTES = [
    "root",
    "extension",
    "code",
    "codeSystem",
    "displayName",
    "value",
    "unit",
    "use",
    "classCode",
    "typeCode",
    "ID",
]
ATTRIBUTES += [
    "xsi:type",
    "nullFlavor",
    "mediaType",
    "styleCode",
    "href",
    "title",
    "colspan",
    "qualifier",
    "other",
    "width",
]
VALUES = st.sampled_from(
    [
        NAME,
        NAME.upper(),
        "MR-77110",
        "PQ",
        "CD",
        "ST",
        "II",
        "TS",
        "PN",
        "IVL_PQ",
        "20210304",
        "5",
        "a",
        "PSN",
        "L",
        "OBS",
    ]
    + ["2.16.840.1.113883.6.1", "718-7", f"#{NAME}", f"mg{{{NAME}}}", "50", "XX"]
)
TEXT = st.sampled_from([NAME, f"Ms. {NAME}", "MR-77110", "Zygmun", "towska", "no nodule", " ", "91 year old", "DOB:"])
NODES = st.recursive(
    TEXT.map(escape),
    lambda inner: st.builds(
        lambda name, attributes, children: (
            f"<{name}"
            + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
            + f">{''.join(children)}</{name}>"
        ),
        st.sampled_from(ELEMENTS),
        st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=4),
        st.lists(inner, max_size=4),
    ),
    max_leaves=24,
)


class People:
    own = Person("P-0001", -41, False, KEY)

    def find(self, _ids: object) -> Person:
        return self.own


def scrubbed(data: bytes) -> str | None:
    """The clean text, None for what is held back."""
    out = io.BytesIO()
    try:
        cda.harvest(io.BytesIO(data), len(data), TREATMENT)
        cda.rewrite(io.BytesIO(data), out, People(), TREATMENT)
    except ItemError:
        return None
    return out.getvalue().decode("utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NODES, max_size=6))
def test_whatever_the_body_is_made_of_the_patient_is_not_in_the_output(nodes: list[str]) -> None:
    text = scrubbed(SMALL.format("".join(nodes)).encode())
    assert text is not None
    plain = re.sub(r"<[^>]*>", "", text).lower()
    assert NAME.lower() not in text.lower()
    assert "77110" not in text
    assert "zygmuntowska" not in re.sub(r"\s", "", plain)
    assert scrubbed(text.encode()) is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_documents_end_in_a_code_or_clean(data: st.DataObject) -> None:
    source = bytearray(SMALL.format(f"<text>Seen: {NAME}</text>").encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    scrubbed(bytes(source))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_document_end_in_a_code(data: bytes) -> None:
    assert scrubbed(data) is None
