"""The map that stays of a cleaned note: every place of the original, and nothing of its words."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_support import FILLER, SPELLINGS, People, treatment

from curator.scrub.policy.model import Texts
from curator.scrub.text import notes, records, stream
from curator.scrub.text.moves import MOST, Moved, Moves, digests_of
from curator.scrub.text.view import Change

TEXT = "Seen by team. Kwabenaba Tettehquaye takes warfarin 5 mg daily, MRN 00482913.\nNo fever.\n"
NAME = TEXT.index("Kwabenaba")


def cleaned(
    text: str, *, form: str = "text", size: int = stream.SIZE, lap: int = stream.LAP, texts=None
) -> tuple[str, Moved]:
    out, how = io.BytesIO(), treatment()
    if texts is not None:
        how = replace(how, policy=replace(how.policy, texts=texts))
    made = notes.rewrite(io.BytesIO(text.encode()), out, People().own, how, form, size=size, lap=lap)
    (moved,) = made.moved
    return out.getvalue().decode(), moved


def at(text: str, word: str) -> tuple[int, int]:
    start = text.index(word)
    return start, start + len(word)


def test_words_that_stay_are_found_where_they_went_and_others_are_covered_whole() -> None:
    clean, moved = cleaned(TEXT)
    for word in ("warfarin 5 mg", "No fever", "Seen"):
        start, end = moved.span(*at(TEXT, word))
        assert clean[start:end] == word
    for inside in ((NAME, NAME + 21), (NAME + 3, NAME + 5), (NAME, NAME + 9)):
        start, end = moved.span(*inside)
        assert clean[start:end] == "[NAME]"
    start, end = moved.span(NAME + 3, TEXT.index("warfarin") + 8)
    assert clean[start:end] == "[NAME] takes warfarin"
    assert moved.length == len(TEXT)


def test_the_map_holds_places_and_digests_and_no_words() -> None:
    clean, moved = cleaned(TEXT)
    assert "[NAME]" in clean
    document = json.dumps(moved.document())
    for spelling in SPELLINGS:
        assert spelling.casefold() not in document.casefold()
    assert Moved.of(json.loads(document)) == moved
    assert "Kwabenaba" not in repr(moved)
    assert len(moved.digests) == 2
    assert cleaned(TEXT.rstrip("\n"))[1].digests == moved.digests[1:]


def test_what_is_removed_leaves_an_empty_range() -> None:
    clean, moved = cleaned(TEXT, texts=Texts.REMOVE)
    start, end = moved.span(NAME, NAME + 21)
    assert start == end
    start, end = moved.span(NAME, TEXT.index(" warfarin"))
    assert clean[start:end].strip() == "takes"


@pytest.mark.parametrize("place", [(-1, 3), (3, 3), (5, 2), (0, len(TEXT) + 1)])
def test_a_range_outside_of_the_text_is_none(place: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="range"):
        cleaned(TEXT)[1].span(*place)


def test_markdown_loses_its_links_and_keeps_its_places() -> None:
    text = "See [the plan](https://records.example/tettehquaye) for **warfarin** doses.\n"
    clean, moved = cleaned(text, form="markdown")
    start, end = moved.span(*at(text, "warfarin"))
    assert clean[start:end] == "warfarin"
    start, end = moved.span(*at(text, "doses"))
    assert clean[start:end] == "doses"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["\n", "\r\n\r\n", " "]))
def test_windows_of_any_size_give_the_map_of_the_whole(before: int, after: int, between: str) -> None:
    text = FILLER * before + between + TEXT + between + FILLER * after + TEXT
    clean, moved = cleaned(text)
    small = cleaned(text, size=160, lap=64)
    assert small[0] == clean
    assert small[1] == moved
    for word in ("warfarin 5 mg", "No fever"):
        start = text.rindex(word)
        there = moved.span(start, start + len(word))
        assert clean[slice(*there)] == word


def test_a_change_that_goes_on_behind_a_window_is_counted_once() -> None:
    def search(window: str) -> list[Change]:
        start = window.find("x")
        if start < 0:
            return []
        end = next((n for n in range(start, len(window)) if window[n] != "x"), len(window))
        return [Change(start, end, "[GONE]", "other", "test")]

    text = "ab " * 20 + "x" * 700 + " cd" * 20
    moves = Moves()
    out = ""
    for part, found in stream.cleaned(moves.heard(iter([text[:100], text[100:]])), search, size=200, lap=50):
        out += part
        moves.add(found)
    moved = moves.made()
    assert moved is not None
    assert out.replace("[GONE]", "").strip("ab cd") == ""
    assert sum(end - start for start, end, _, _ in moved.edits) == 700
    start, end = moved.span(len(text) - 2, len(text))
    assert out[start:end] == "cd"


def test_a_text_of_very_many_changes_has_no_map() -> None:
    moves = Moves()
    list(moves.heard(iter(["a" * (MOST + 1)])))
    moves.add([Change(n, n + 1, "b", "other", "test") for n in range(MOST + 1)])
    assert moves.made() is None


def told(form: str, data: str) -> tuple[str, tuple[Moved, ...]]:
    out = io.BytesIO()
    made = records.rewrite(io.BytesIO(data.encode()), out, People(), treatment(), form)
    return out.getvalue().decode(), made.moved


SPOKEN = {
    "segments": [
        {"start": 0, "end": 1, "text": "This is Kwabenaba"},
        {"start": 1, "end": 2, "text": "Tettehquaye. Dry cough."},
    ]
}
PRODIGY = {"text": TEXT, "spans": [{"start": NAME, "end": NAME + 9, "label": "X"}]}
STUDIO = {"id": 1, "data": {"text": TEXT}, "annotations": []}


@pytest.mark.parametrize(
    ("form", "data", "many"),
    [
        (
            "jsonl",
            f"{json.dumps({'mrn': '00482913', 'text': TEXT})}\n{json.dumps({'text': TEXT + TEXT}, ensure_ascii=False)}",
            2,
        ),
        ("json", json.dumps([{"text": TEXT}, {"encounters": [{"note": f'"{TEXT}"'}]}], indent=2), 2),
        ("json", json.dumps(SPOKEN), 2),
        ("json", json.dumps(PRODIGY), 1),
        ("json", json.dumps([STUDIO]), 1),
        ("json", json.dumps([TEXT, {"entities": []}]), 1),
    ],
)
def test_each_free_text_of_a_record_has_its_own_map(form: str, data: str, many: int) -> None:
    clean, moved = told(form, data)
    assert "Kwabenaba" not in clean
    assert len(moved) == many
    lines = data.splitlines() if form == "jsonl" else [data]
    values = set(texts_of([json.loads(line) for line in lines]))
    old = {digest: value for value in values for digest in digests_of(value)}
    for one in moved:
        value = old[one.digests[0]]
        assert one.at is not None
        assert clean[one.at - 1] == '"'
        new = json.JSONDecoder().raw_decode(clean, one.at - 1)[0]
        assert one.length == len(value)
        for word in ("warfarin 5 mg", "No fever", "Dry cough", "This is"):
            if word in value:
                assert new[slice(*one.span(*at(value, word)))] == word
        if "Kwabenaba" in value:
            assert new[slice(*one.span(*at(value, "Kwabenaba")))] == "[NAME]"
        assert Moved.of(json.loads(json.dumps(one.document()))) == one


def texts_of(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_of(inner)


def test_a_text_that_is_not_searched_as_it_stands_has_no_map() -> None:
    clean, moved = told("jsonl", json.dumps({"text": "dry <b>cough</b> &amp; fever"}))
    assert "cough" in clean
    assert moved == ()


def test_a_file_of_very_many_texts_has_no_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curator.scrub.text.moves.MOST_TEXTS", 2)
    line = json.dumps({"text": "dry cough"}) + "\n"
    assert len(told("jsonl", line * 2)[1]) == 2
    assert told("jsonl", line * 3)[1] == ()
