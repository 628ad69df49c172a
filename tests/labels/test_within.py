"""Texts within files of JSON: found by their words, and places in them by those of the file. All texts are made up."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import ItemError
from curator.labels.within import digests, in_file, strings


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.booleans(), st.data())
def test_a_range_of_a_string_is_the_range_of_the_file_that_stands_for_it(
    text: str, plain: bool, data: st.DataObject
) -> None:
    before = json.dumps({"other": 'x "y" \\'}, ensure_ascii=plain)[:-1] + ', "text": '
    literal = json.dumps(text, ensure_ascii=plain)
    file = f"{before}{literal}}}\n"
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))
    ((start, end),) = in_file(file, len(before) + 1, [[low, high]])
    assert json.loads(f'"{file[start:end]}"') == text[low:high]


def test_strings_are_found_by_the_words_that_they_stand_for() -> None:
    told = 'dry "cough"\n\tnée \\ and 🙂\n'
    file = json.dumps({"a key": [told, "oneword", 7, {"x": told}], "b": "two words"})
    found = strings(file)
    assert (
        found[digest(told)]
        == found[digest(told.rstrip("\n"))]
        == [at for at in range(len(file)) if file.startswith(json.dumps(told)[1:], at)]
    )
    assert found[digest("two words")] == [file.index("two words")]
    assert digest("oneword") not in found
    assert digests("x\r\n") == {digest("x\r\n"), digest("x")}


def test_half_a_character_is_nobodys_text() -> None:
    assert strings('["a \\ud83d b", "fine words"]') == {digest("fine words"): [16]}


@pytest.mark.parametrize(
    ("file", "at", "ranges", "code"),
    [
        ('{"a": "dry cough"}', 7, [[0, 10]], "IMP-021"),
        ('{"a": "dry cough"}', 7, [[-1, 2]], "IMP-021"),
        ('{"a": "dry cough"}', 6, [[0, 2]], "IMP-066"),
        ('{"a": "dry cough"}', 99, [[0, 2]], "IMP-066"),
        ('{"a": "dry cough', 7, [[0, 2]], "IMP-066"),
    ],
)
def test_a_range_that_lies_in_no_string_is_refused(file: str, at: int, ranges: list[list[int]], code: str) -> None:
    with pytest.raises(ItemError) as caught:
        in_file(file, at, ranges)
    assert caught.value.code == code
