# ruff: noqa: PT017 - a refusal is one of two good ends
"""HL7 v2: any message made of known segments keeps its form and no token; any bytes are refused or come out clean."""

from __future__ import annotations

import io
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.scrub import hl7
from curator.scrub.hl7.parse import Delimiters
from curator.scrub.hl7.tables import segments
from curator.scrub.medium import Person
from curator.scrub.policy import load_policy
from curator.scrub.treatment import Treatment

TOKENS = ["brzezinska", "77310246", "halinawanda"]
SPELLED = ["Brzezinska", "BRZEZINSKA, Halina", "77310246", "7731-0246", "halina  WANDA", "Dr. Brzezinska saw 77310246"]
KNOWN = (("name", "Halina Wanda Brzezinska"), ("id", "77310246"), ("birth_date", "19530607"))
RULES = Treatment(load_policy("safe-harbor"), b"k" * 32, b"u" * 32, "20260101")
HEAD = "MSH|^~\\&|A|B|C|D|20210304||ORU^R01|1|P|2.5.1"
KINDS = [
    "NM",
    "ST",
    "TX",
    "FT",
    "CE",
    "CWE",
    "SN",
    "DT",
    "TS",
    "TM",
    "ED",
    "RP",
    "XPN",
    "CX",
    "Brzezinska",
    "HD",
    "PL",
    "MO",
]


class One:
    """A file of one person."""

    own = Person("PSEUDO", 17, False, b"p" * 32, KNOWN)

    def find(self, ids: Iterable[tuple[str, str, str]]) -> Person:
        return self.own


def rewritten(data: bytes) -> bytes:
    out = io.BytesIO()
    hl7.harvest(io.BytesIO(data), len(data), RULES)
    hl7.rewrite(io.BytesIO(data), out, One(), RULES)
    return out.getvalue()


def folded(text: str) -> str:
    return "".join(one for one in text.lower() if one.isalnum())


words = st.sampled_from(
    [*SPELLED, "19530607", "1", "", '""', "Brze\\H\\zinska", "Brze\\.br\\zinska", "\\X427A\\", "x\\F\\y"]
)
pieces = st.lists(words | st.text(alphabet="^~&\\ aB1.", max_size=6), max_size=5).map(" ".join)
names = st.sampled_from(sorted(set(segments()) - {"MSH", "BHS", "FHS", "BTS", "FTS"})) | st.just("ZKO")


@st.composite
def lines(draw: st.DrawFn) -> str:
    name = draw(names)
    fields = [draw(pieces) for _ in range(draw(st.integers(0, 8)))]
    at = draw(st.integers(0, 30))
    if name == "OBX":
        return "|".join([name, "1", draw(st.sampled_from(KINDS)), draw(pieces), "", draw(pieces), *fields])
    return "|".join([name, *[""] * at, *fields])


@settings(max_examples=300)
@given(st.lists(lines(), max_size=5))
def test_a_message_of_known_segments_keeps_its_form_and_no_token(body: list[str]) -> None:
    data = "\r".join([HEAD, *body]).encode()
    output = rewritten(data).decode()
    made = output.split("\r")
    assert made[-1] == ""
    assert [line[:3] for line in made[:-1]] == ["MSH", *(line[:3] for line in body if not line.startswith("Z"))]
    # A text keeps its marks between pieces, so a token may be left in parts only where it came in parts.
    plain = folded(output.replace("\\H\\", "").replace("\\.br\\", ""))
    assert all(token not in plain for token in TOKENS)
    assert rewritten(output.encode()).decode().count("\r") == output.count("\r")


@settings(max_examples=300)
@given(
    st.binary(max_size=120),
    st.sampled_from([b"", HEAD.encode() + b"\r", b"MSH", b"MSH|^~\\&|", b"BHS|^~\\&|\r", b"\x0bMSH|^~\\&"]),
)
def test_any_bytes_are_refused_or_come_out_as_messages(data: bytes, head: bytes) -> None:
    try:
        output = rewritten(head + data)
    except ItemError as error:
        assert error.code.startswith("HLS-")
        return
    assert output[:3] in {b"MSH", b"BHS", b"FHS"}
    assert output.endswith(b"\r")


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]) | st.sampled_from("äß中^~\\&|"), max_size=60))
def test_what_is_escaped_is_read_as_it_was(text: str) -> None:
    marks = Delimiters()
    escaped = marks.escaped(text)
    assert not set("|^~&") & set(escaped)
    assert marks.plain(escaped) == text
