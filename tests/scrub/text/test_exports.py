# ruff: noqa: E501 - a made-up record stays on one line
"""Labeled texts keep their ranges: what a range covered is covered by what took its place. All values are made up."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_support import FILLER, SPELLINGS, People, leaks, rewrite, treatment

from curator.core.errors import ItemError
from curator.scrub.policy.model import Texts
from curator.scrub.text.jsonvalue import load
from curator.scrub.text.records import Cleaner
from curator.scrub.text.view import changes
from curator.scrub.text.woven import Tally

TEXT = "Seen by team. Kwabenaba Tettehquaye takes warfarin 5 mg daily, MRN 00482913."
WARFARIN = TEXT.index("warfarin")
NAME = TEXT.index("Kwabenaba")
NUMBER = TEXT.index("00482913")


def clean(record):
    return json.loads(rewrite(json.dumps(record, ensure_ascii=False))[0])


def test_doccano_triples_are_carried_along():
    made = clean(
        {
            "id": 7,
            "text": TEXT,
            "label": [[NAME, NAME + 21, "PER"], [WARFARIN, WARFARIN + 8, "Drug"]],
            "Comments": ["Kwabenaba"],
        }
    )
    covered = [made["text"][start:end] for start, end, _ in made["label"]]
    assert covered == ["[NAME]", "warfarin"]
    assert "Comments" not in made
    assert made.get("id") != 7


def test_doccano_entities_and_relations_are_carried_along():
    record = {
        "text": TEXT,
        "entities": [
            {"id": 0, "start_offset": NAME, "end_offset": NAME + 9, "label": "PER"},
            {"id": 1, "start_offset": WARFARIN, "end_offset": WARFARIN + 8, "label": "Drug"},
        ],
        "relations": [{"id": 0, "from_id": 0, "to_id": 1, "type": "takes"}],
    }
    made = clean(record)
    assert [made["text"][one["start_offset"] : one["end_offset"]] for one in made["entities"]] == ["[NAME]", "warfarin"]
    assert made["relations"] == record["relations"]


def test_prodigy_tokens_that_fall_together_become_one_and_spans_follow():
    words, tokens, at = TEXT.split(" "), [], 0
    for number, word in enumerate(words):
        tokens.append({"text": word, "start": at, "end": at + len(word), "id": number, "ws": True})
        at += len(word) + 1
    span = {
        "start": WARFARIN,
        "end": WARFARIN + 8,
        "token_start": 6,
        "token_end": 6,
        "label": "Drug",
        "text": "warfarin",
    }
    whole = {
        "start": NAME,
        "end": NAME + 21,
        "token_start": 3,
        "token_end": 4,
        "label": "PER",
        "text": "Kwabenaba Tettehquaye",
    }
    made = clean(
        {
            "text": TEXT, "tokens": tokens, "spans": [whole, span], "answer": "accept", "_input_hash": 123, "_task_hash": 4,
            "_annotator_id": "k.tettehquaye@example.org", "_session_id": "db-kwabenaba", "_timestamp": 1700000000,
            "_view_id": "ner_manual", "meta": {"source": "Kwabenaba.txt"},
        }
    )  # fmt: skip
    assert leaks(json.dumps(made)) == set()
    assert [one["id"] for one in made["tokens"]] == list(range(len(made["tokens"])))
    assert all(made["text"][one["start"] : one["end"]] == one["text"] for one in made["tokens"])
    for one, words in zip(made["spans"], ("[NAME]", "warfarin"), strict=True):
        assert made["text"][one["start"] : one["end"]] == one["text"] == words
        assert made["tokens"][one["token_start"]]["text"] == made["tokens"][one["token_end"]]["text"] == words
    assert "_input_hash" not in made
    assert "_task_hash" not in made
    assert made["answer"] == "accept"
    assert made["_view_id"] == "ner_manual"
    assert len(made["_annotator_id"]) == 16


def test_spacy_pairs_are_carried_along():
    made = clean(
        [
            [
                TEXT,
                {
                    "entities": [[NAME, NAME + 21, "PER"], [WARFARIN, WARFARIN + 8, "Drug"]],
                    "links": {"x": "Kwabenaba"},
                    "cats": {"A": 1.0},
                },
            ]
        ]
    )
    text, notes = made[0]
    assert [text[start:end] for start, end, _ in notes["entities"]] == ["[NAME]", "warfarin"]
    assert notes["cats"] == {"A": 1.0}
    assert "links" not in notes


def task(**others):
    return {
        "id": 5,
        "data": {"text": TEXT, "title": "Kwabenaba", "zzz": "Tettehquaye"},
        "annotations": [
            {
                "id": 9, "completed_by": {"id": 3, "email": "k.tettehquaye@example.org", "first_name": "Kwabenaba"},
                "created_at": "2022-10-31T21:19:19.131290Z", "lead_time": 7.662, "was_cancelled": False, "unique_id": "0048-2913",
                "result": [
                    {"id": "r1", "type": "labels", "from_name": "label", "to_name": "text", "origin": "manual",
                     "value": {"start": NAME, "end": NAME + 21, "text": "Kwabenaba Tettehquaye", "labels": ["PER"]}},
                    {"id": "r2", "type": "labels", "from_name": "label", "to_name": "text",
                     "value": {"start": WARFARIN, "end": WARFARIN + 8, "text": "warfarin", "labels": ["Drug"]}},
                    {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", "labels": ["takes"]},
                    {"id": "c", "type": "textarea", "from_name": "t", "to_name": "text", "value": {"text": ["for Kwabenaba Tettehquaye"]}},
                ],
            }
        ],
        "predictions": [{"model_version": "m", "result": [{"id": "p", "type": "labels", "to_name": "text", "value": {"start": NUMBER, "end": NUMBER + 8, "labels": ["ID"]}}]}],
        **others,
    }  # fmt: skip


def test_label_studio_results_are_carried_along():
    made = clean([task()])[0]
    assert leaks(json.dumps(made)) == set()
    text = made["data"]["text"]
    results = made["annotations"][0]["result"]
    for one, words in zip(results[:2], ("[NAME]", "warfarin"), strict=True):
        assert text[one["value"]["start"] : one["value"]["end"]] == one["value"]["text"] == words
    assert results[2]["from_id"] == results[0]["id"]
    assert results[2]["to_id"] == results[1]["id"]
    value = made["predictions"][0]["result"][0]["value"]
    assert text[value["start"] : value["end"]] == "[RECORD NUMBER]"
    assert made["annotations"][0]["lead_time"] == 7.662
    assert "zzz" not in made["data"]


def test_a_name_as_the_key_of_a_task_s_text_does_not_pass():
    made = task()
    made["data"] = {"Kwabenaba": TEXT}
    for one in made["annotations"][0]["result"][:2]:
        one["to_name"] = "Kwabenaba"
    text = json.dumps(clean([made]))
    assert leaks(text) == set()
    assert "takes warfarin" in text


def test_label_studio_ranges_that_no_text_can_be_told_for_are_held_back():
    two = task()
    two["data"]["note"] = TEXT + " More."
    for one in two["annotations"][0]["result"][:2] + two["predictions"][0]["result"]:
        one["to_name"] = "elsewhere"
    paragraph = task()
    paragraph["annotations"][0]["result"][0]["value"] = {
        "start": "0",
        "end": "0",
        "startOffset": 1,
        "endOffset": 5,
        "text": "x",
    }
    for bad in (two, paragraph):
        with pytest.raises(ItemError) as caught:
            clean([bad])
        assert caught.value.code == "JSN-008"


@pytest.mark.parametrize(
    "labels",
    [[[0, 999, "X"]], [[9, 2, "X"]], [[0, 2, "X"], ["a", "b", "X"]], [{"start": 0, "end": 500, "label": "X"}], [[0, 3, "X"], "Kwabenaba"]],
)  # fmt: skip
def test_a_range_that_does_not_lie_in_its_text_holds_the_file_back(labels):
    with pytest.raises(ItemError) as caught:
        clean({"text": TEXT, "entities": labels})
    assert caught.value.code == "JSN-007"


def test_labels_that_hold_a_name_or_a_number_are_cleaned():
    made = clean(
        {
            "text": TEXT,
            "label": [[0, 4, "Kwabenaba Tettehquaye"], [0, 4, "00482913"], [0, 4, 6175550142], [0, 4, "B-Drug"]],
        }
    )
    assert leaks(json.dumps(made)) == set()
    assert made["label"][3][2] == "B-Drug"


def test_nothing_planted_in_labeled_texts_stays():
    lines = []
    for one in SPELLINGS:
        text = f"{FILLER} {one} left."
        at = text.index(one)
        lines.append(
            {
                "text": text,
                "spans": [{"start": at, "end": at + len(one), "label": one, "text": one, "note": one}],
                "meta": {"x": one},
                "answer": one,
            }
        )
        lines.append({"data": text, "label": [[at, at + len(one), "P"]], "extra": one, "user": one})
        lines.append(
            {
                "content": text,
                "annotations": [{"start": at, "end": at + len(one), "tag": "P", "value": one, "annotated_by": one}],
            }
        )
    assert len(lines) >= 50
    text, _ = rewrite("\n".join(json.dumps(line) for line in lines))
    assert leaks(text) == set()
    assert text.count(FILLER) == len(lines)
    for line in map(json.loads, text.splitlines()):
        words = line.get("text") or line.get("data") or line["content"]
        for one in line.get("spans") or line.get("label") or line["annotations"]:
            start, end = (one["start"], one["end"]) if isinstance(one, dict) else one[:2]
            assert (words[:start], words[end:]) == (f"{FILLER} ", " left.")


WORDS = st.sampled_from(
    [
        "warfarin",
        "daily",
        "é",
        "𝒳𝓎",
        "Kwabenaba",
        "Tettehquaye",
        "00482913",
        "ok.",
        "\n",
        "Te\u200bttehquaye",
        "🙂",
        "[x]",
    ]
)


@settings(max_examples=500)
@given(st.lists(WORDS, min_size=1, max_size=10).map(" ".join), st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=4, max_size=8), st.sampled_from(list(Texts)))  # fmt: skip
def test_each_carried_range_covers_exactly_what_replaced_what_it_covered(text, wanted, mode):
    ranges = sorted(tuple(sorted((a % (len(text) + 1), b % (len(text) + 1)))) for a, b in wanted)
    ranges = [(start, end) for start, end in ranges if start < end]
    plain = treatment()
    rules = replace(plain, policy=replace(plain.policy, texts=mode))
    people = People()
    record = load(json.dumps({"text": text, "label": [[start, end, "X"] for start, end in ranges]}))
    made = Cleaner(people, rules, Tally()).record(record, 1)
    found = changes(text, people.own, rules)
    for (start, end), (new_start, new_end, _) in zip(ranges, made["label"], strict=True):
        expected, at = "", start
        for one in found:
            if one.end <= start or one.start >= end:
                continue
            expected += text[at : max(at, one.start)] + one.new
            at = max(at, one.end)
        expected += text[at:end] if at < end else ""
        assert made["text"][int(new_start) : int(new_end)] == expected
