"""One value, one encoding; what two parsers might read differently is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.canonical import MAX_DEPTH, MAX_INTEGER, canonical_bytes, strict_loads
from curator.core.errors import UsageError

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(
    lambda s: __import__("unicodedata").normalize("NFC", s)
)
key = st.text(st.characters(max_codepoint=127), max_size=10)
scalar = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | text
value = st.recursive(scalar, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(key, inner, max_size=4))

#: Value and bytes, by hand from RFC 8785: white space (3.2.1), literals and strings (3.2.2), sorting (3.2.3).
GOLDEN = [
    ({}, b"{}"),
    ([], b"[]"),
    ([None, True, False], b"[null,true,false]"),
    ({"b": 1, "a": 2, "": 3, "B": 4, "a1": 5, "a ": 6}, b'{"":3,"B":4,"a":2,"a ":6,"a1":5,"b":1}'),
    ({"one": {"two": [1, {"c": 2, "b": 3}]}}, b'{"one":{"two":[1,{"b":3,"c":2}]}}'),
    ('\u20ac$\x0f\nA\'B"\\\\"/', b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
    ("\x00\x01\x08\t\n\x0b\x0c\r\x1f\x7f", b'"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\x7f"'),
    ("\u2028\u2029\U0001f600", b'"\xe2\x80\xa8\xe2\x80\xa9\xf0\x9f\x98\x80"'),
    (MAX_INTEGER, b"9007199254740991"),
    (-MAX_INTEGER, b"-9007199254740991"),
    (0, b"0"),
    ((1, "a"), b'[1,"a"]'),
]


@pytest.mark.parametrize(("given_", "data"), GOLDEN, ids=range(len(GOLDEN)))
def test_the_bytes_are_those_of_the_standard(given_, data):
    assert canonical_bytes(given_) == data


@given(value)
def test_parsing_gives_the_value_back_and_encoding_it_again_the_same_bytes(made):
    data = canonical_bytes(made)
    assert strict_loads(data) == made
    assert canonical_bytes(strict_loads(data)) == data
    assert b"\n" not in data


@given(st.dictionaries(key, scalar, min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_keys_were_put_in_is_of_no_account(made, choose):
    items = list(made.items())
    choose.shuffle(items)
    assert canonical_bytes(dict(items)) == canonical_bytes(made)


@given(value, value)
def test_different_values_have_different_bytes(one, two):
    same = json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)
    assert (canonical_bytes(one) == canonical_bytes(two)) == same


@pytest.mark.parametrize(
    "bad",
    [
        1.0,
        float("nan"),
        {"a": [0.5]},
        b"bytes",
        {1: "a"},
        {"\u00e9": 1},
        {None: 1},
        "e\u0301",
        "\ud800",
        {"a": "\udfff"},
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        {1, 2},
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_outside_the_restricted_kind_is_refused(bad):
    with pytest.raises(UsageError) as caught:
        canonical_bytes(bad)
    assert caught.value.code == "SYS-008"


def nested(depth):
    made = 1
    for _ in range(depth):
        made = [made]
    return made


def test_nesting_is_bounded():
    assert canonical_bytes(nested(MAX_DEPTH)) == b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH
    with pytest.raises(UsageError):
        canonical_bytes(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'[{"x":{"a":1,"b":2,"a":3}}]', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "NaN or Infinity"),
        (b"\xff", "UTF-8"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "deep"),
        (b"", "valid JSON"),
        (b"{} {}", "valid JSON"),
        (b"\xef\xbb\xbf{}", "valid JSON"),
        (b"[1,]", "valid JSON"),
        (b"'a'", "valid JSON"),
        (b"1" * 5000, "valid JSON"),
        (b"\x00", "valid JSON"),
    ],
    ids=range(15),
)
def test_ambiguous_or_broken_text_is_refused_with_the_reason(data, reason):
    with pytest.raises(UsageError) as caught:
        strict_loads(data)
    assert caught.value.code == "SYS-008"
    assert reason in caught.value.facts["reason"]


@given(st.binary(max_size=60) | text.map(str.encode))
def test_hostile_bytes_are_parsed_or_refused_and_never_quoted(data):
    refused = None
    try:
        made = strict_loads(data)
    except UsageError as error:
        refused = error
    if refused is None:
        assert json.dumps(made) == json.dumps(json.loads(data.decode()))
    else:
        assert refused.code == "SYS-008"
        assert refused.__suppress_context__ or refused.__context__ is None


def test_a_refused_document_leaves_no_value_in_the_error():
    for bad in (b'{"name": DOE^JANE}', b'{"DOE^JANE":1,"DOE^JANE":2}', b'"DOE^JANE \xff"'):
        with pytest.raises(UsageError) as caught:
            strict_loads(bad)
        assert "DOE" not in str(caught.value) + caught.value.hint + repr(caught.value.facts)
